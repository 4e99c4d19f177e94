"""Market: segments, channels, the customers' way from talk to volume, prices and deliveries."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field, model_validator

from renkei.alliance.base import NOTHING, FabName, Gate, Item, Name, Named, Names, Terms, guess
from renkei.alliance.learning import Die
from renkei.fab.row import Wafers
from renkei.units import (
    Count,
    Date,
    Days,
    Factor,
    Fraction,
    Lag,
    MoneyPerMonth,
    MoneyPerWafer,
    MoneyQ,
    Months,
    Number,
    PerMonth,
    PerYear,
    WafersPerMonth,
    quantity,
)


class Size(Terms):
    """What a segment could take from a day on."""

    by: Date
    demand: WafersPerMonth


class Segment(Item):
    """A part of the market: like chips, like buyers."""

    name: str = ""
    demand: WafersPerMonth
    """What all its buyers together could take from this fab at the alliance's start: a ceiling."""
    growth: PerYear = quantity("PerYear", 0)
    """From the latest size on."""
    sizes: tuple[Size, ...] = ()
    """Later demand in order of date: straight lines from the alliance's start through each, then `growth`."""
    die: Die
    product: FabName
    """Product of the fab that its wafers are."""
    customer_volume: WafersPerMonth = guess("WafersPerMonth", {"triangular": [500, 1000, 3000]})
    """Of one customer in volume."""
    ramp: Months = guess("Months", 12)
    """From first volume to full volume, in a straight line."""
    life: Months = guess("Months", 48)
    """Of one design in volume."""
    price_factor: Factor = quantity("Factor", 1)

    @model_validator(mode="after")
    def _sizes_rise(self) -> Segment:
        days = [size.by for size in self.sizes]
        if days != sorted(set(days)):
            raise ValueError("sizes must rise in date, each date once")
        return self


class Channel(Item):
    """A way to customers: a sales office, a partner's relations, a joint promotion."""

    owner: Name
    start: Date
    until: Date | None = None
    after: Gate = ()
    contacts: PerMonth
    """New serious talks a month."""
    cost: MoneyPerMonth
    """Paid as promotion; unpaid months bring no contacts."""
    paid_by: Mapping[Name, Fraction] = NOTHING
    """Shares of the cost that other partners bear; the rest is the manufacturer's."""
    conversion: Factor = quantity("Factor", 1)
    """On the odds of each stage: an introduction by a trusted partner is worth more."""
    segments: Mapping[Name, Number] = NOTHING
    """Segment → weight of its contacts; empty: by demand."""


class Stage(Item):
    """One stage of the funnel; the order of the mapping is the order of the stages."""

    name: str = ""
    needs: Gate = ()
    """Milestones without which the stage does not begin: the customer waits."""
    needs_pdk: Name | None = None
    """Process design kit (technology.pdks) without which it does not begin."""
    duration: Months | None = None
    """None: `floor_lots` take their simulated time."""
    floor_lots: Annotated[int, Field(ge=0, le=10_000)] = 0
    """Customer lots that run through the fab in this stage (shuttle, first silicon), after any `duration`."""
    wafers: Wafers = 13
    """Per such lot."""
    priority: int = 20
    """Of these lots on the floor (10 regular, 20 hot)."""
    probability: Fraction
    """Chance to go on to the next stage, decided at the end."""
    fee: MoneyQ = quantity("MoneyQ", 0)
    """Paid by the customer at the end (masks, shuttle seats)."""
    cost: MoneyQ = quantity("MoneyQ", 0)
    """Paid by the manufacturer at the beginning, as promotion (mask set, support)."""


class Customer(Item):
    """A named buyer and where it stood on a day."""

    partner: Name | None = None
    name: str = ""
    segment: Name
    channel: Name | None = None
    stage: Name
    """Stage of the funnel it entered on `since`; a memorandum is at most a contact."""
    since: Date
    known_from: Date | None = None
    volume: WafersPerMonth | None = None
    """Full volume; None: the segment's."""
    die: Die | None = None
    probability_factor: Factor = quantity("Factor", 1)
    """On the odds of each stage."""


class Agreement(Item):
    """A long-term agreement: a customer takes or pays, for a lower price; begins when it enters volume."""

    customer: Name
    """Of market.customers."""
    start: Date | None = None
    """Not before."""
    term: Months
    volume: WafersPerMonth
    """Promised wafers a month."""
    take: Fraction = quantity("Fraction", 1)
    """Share of it that is paid whether it is wanted or not."""
    grace: Lag = guess("Lag", 12)
    """Months from its beginning before the customer must take or pay."""
    discount: Fraction = quantity("Fraction", 0)
    """On the price of all its wafers."""
    cure: Lag = guess("Lag", 3)
    """Delay of its orders, beyond what every customer bears, before it may leave all the same."""
    prepayment: Name | None = None
    """Tranche of funding that the customer pays ahead, set off against its invoices."""


class Rival(Item):
    """A competitor's offer of a like node."""

    name: str = ""
    start: Date
    """First day on which buyers can have it."""
    ramp: Months = guess("Months", 12)
    """Until it serves all buyers that it can, in a straight line."""
    segments: Mapping[Name, Fraction] = NOTHING
    """Segment → share of its buyers that it can serve; empty: all of all."""
    price: MoneyPerWafer
    """Of its wafer on `start`."""
    change: PerYear = guess("PerYear", "-5 %/year")
    performance: Factor = quantity("Factor", 1)
    """Weight of its offer beside this fab's at the same price: speed, power, density, trust."""
    price_cut: Fraction = quantity("Fraction", 0)
    """By how much its presence lowers this fab's prices."""
    compared_at: Annotated[Names, Field(min_length=1)]
    """Stages of the funnel at whose end buyers compare it."""


class Price(Terms):
    """What a wafer brings."""

    incumbent: MoneyPerWafer
    """The leader's price of a wafer of this node on `on`."""
    on: Date
    newcomer: Factor = guess("Factor", {"triangular": [0.7, 0.8, 0.9]})
    """A newcomer's share of it."""
    change: PerYear = guess("PerYear", "-5 %/year")
    basis: Literal["wafer", "good_die"] = "good_die"
    """`good_die`: a wafer's price is that of `reference_yield`, paid in proportion to its good dies."""
    reference_yield: Fraction = guess("Fraction", 0.6)


class Delivery(Terms):
    """From good dies to money."""

    packaging_and_test: Days = guess("Days", {"uniform": [56, 70]})
    packaging_cost: MoneyPerWafer = guess("MoneyPerWafer", "1500 USD/wafer")
    """Paid as packaging when it begins."""
    payment_terms: Lag = guess("Lag", 1)
    """From delivery to cash."""
    late_after: Lag = guess("Lag", 1)
    """Delay of an order before the customer minds."""
    loss_per_month_late: PerMonth = guess("PerMonth", "3 %/month")
    """Hazard of losing the customer, for each month of delay: it grows in proportion."""


class Promotion(Terms):
    """Joint promotion; contacts of all channels are multiplied by (spend / reference)^elasticity."""

    spend: MoneyPerMonth = quantity("MoneyPerMonth", 0)
    reference: MoneyPerMonth | None = None
    """None: no effect beyond the channels' own."""
    elasticity: Fraction = guess("Fraction", 0.2)
    paid_by: Mapping[Name, Fraction] = NOTHING
    start: Date | None = None


class Market(Terms):
    """Who buys, how they are won, what they pay."""

    segments: Annotated[Named[Segment], Field(min_length=1)]
    channels: Named[Channel] = NOTHING
    funnel: Annotated[Named[Stage], Field(min_length=1)]
    customers: Named[Customer] = NOTHING
    agreements: Named[Agreement] = NOTHING
    rivals: Named[Rival] = NOTHING
    price_elasticity: Number = guess("Number", 2)
    """Exponent of the price ratio in the choice between this fab's offer and rivals'."""
    price: Price
    delivery: Delivery = Delivery()
    promotion: Promotion = Promotion()
    order_ahead: Lag = guess("Lag", 4)
    """Customers in volume order this long before they want delivery."""
    waits: Months = guess("Months", 24)
    """Longest time a customer waits for a stage's needs before it leaves."""
    talks_at_start: Count = quantity("Count", 0)
    """Unnamed customers in the first stage on the first day."""
