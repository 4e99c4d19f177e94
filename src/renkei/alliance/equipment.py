"""Equipment: suppliers, orders, payment, installation, service."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field, model_validator

from renkei.alliance.base import (
    NOTHING,
    End,
    FabName,
    FabNames,
    Gate,
    Item,
    Name,
    Named,
    Names,
    Terms,
    exactly_one,
    guess,
)
from renkei.alliance.exchange import PricedCurrency
from renkei.alliance.supply import Domestic, Licence, Maturity, SecondSource, Shipping, Spares
from renkei.units import (
    Count,
    Date,
    Days,
    Effort,
    Factor,
    Fraction,
    Lag,
    MoneyPerToolYear,
    MoneyQ,
    Months,
    PerYear,
    quantity,
)


class Payment(Terms):
    """When a tool is paid: shares of its price, 1 in all."""

    order: Fraction = guess("Fraction", 0.3)
    delivery: Fraction = guess("Fraction", 0.6)
    """Due before the tool is moved in: an unpaid tool stays outside."""
    acceptance: Fraction = guess("Fraction", 0.1)
    """Due when recipe qualification is passed."""

    @model_validator(mode="after")
    def _whole(self) -> Payment:
        total = float(self.order) + float(self.delivery) + float(self.acceptance)
        if abs(total - 1) > 1e-9:
            raise ValueError(f"= {total:g} in all; order, delivery and acceptance must sum to 1")
        return self


class Supplier(Item):
    """A maker of tools."""

    partner: Name
    """Its country is the tools' country."""
    supplies: FabNames = ()
    """Tool groups or areas of the fab. A tool group named beats its area; both beat `fab_suppliers`."""
    fab_suppliers: FabNames = ()
    """Spellings of this maker in the `supplier` column of the fab's tool groups."""
    lead_time: Months
    """Order to delivery at the dock; with declared `shipping`, to the maker's gate."""
    slip_chance: Fraction = quantity("Fraction", 0)
    """Chance that a tool comes later than the lead time, drawn for each."""
    slip: Months = guess("Months", 3)
    """Mean of such slips, exponentially distributed."""
    yearly_tools: Count | None = None
    """Tools a year that the maker allots to this buyer: they leave one after the other at this pace, orders queue;
    None: as many as ordered. Agreed delivery windows are allotted already."""
    install_crews: Count | None = None
    """Tools that the maker installs and starts up at the same time; None: as many as come."""
    visa: Lag = quantity("Lag", 0)
    """From the first order until the installation crews may enter and work."""
    price_factor: Factor = quantity("Factor", 1)
    """On the fab's prices."""
    price_change: PerYear = quantity("PerYear", 0)
    """Of the price, from the alliance's first day."""
    price_learning: Fraction = quantity("Fraction", 0)
    """Price decline with each doubling of the tools of a group ordered (Wright 1936)."""
    currency: PricedCurrency | None = None
    """The tools are billed in it, at the rates of the alliance's first day; None: in the price's own currency."""
    payment: Payment | None = None
    """Instead of the equipment's."""


class Installation(Terms):
    """From the dock to the floor, per tool."""

    install: Days = guess("Days", {"triangular": [20, 30, 60]})
    """Move-in, assembly and, unless `hook_up` is given, hook-up."""
    hook_up: Days = quantity("Days", 0)
    """Connection to power, water, gases and exhaust by the site's trades, after the assembly."""
    sl1: Days = guess("Days", {"triangular": [7, 14, 28]})
    """The maker's start-up to specification."""
    sl2: Days = guess("Days", {"triangular": [14, 21, 42]})
    """The fab's process start-up."""
    recipes: Days = guess("Days", {"triangular": [14, 30, 60]})
    """Recipe qualification on test wafers, with engineers present."""
    engineers: Effort = guess("Effort", 1.0)
    """Per tool, over SL2 and recipe qualification; fewer engineers make it longer."""
    engineers_repeat: Effort = guess("Effort", 0.3)
    """For the second and later tools of a group: copying is quicker."""
    test_wafers: Count = guess("Count", 50)
    """Per tool; paid as materials."""
    wafers_on_floor: bool = False
    """Test wafers run as lots of the fab's monitor products over SL2 and recipe qualification and take tool time from
    other lots; as long as no monitor's route is qualified, and without this, they are only paid."""


class Order(Item):
    """Tools ordered together: the named ones, or all that lead to a size of the fab."""

    tools: Mapping[FabName, Annotated[int, Field(ge=1)]] = NOTHING
    """Tool group → number."""
    to_size: str = ""
    """A size of the fab: orders what is missing to it after all orders listed before this one."""
    only: FabNames = ()
    """With `to_size`: only these tool groups or areas."""
    but: FabNames = ()
    """With `to_size`: not these tool groups or areas."""
    share: Fraction = quantity("Fraction", 1)
    """With `to_size`: this share of what is missing, in each group rounded up."""
    date: Date | None = None
    """Ordered on this day, not before; needed unless `after` is given."""
    after: Gate = ()
    """Milestones that must be reached first."""
    lead_time: Months | None = None
    """Instead of the suppliers'."""
    deliver_from: Date | None = None
    """Start of an agreed or actual delivery window: tools come evenly over it, not by lead time."""
    deliver_until: Date | None = None
    price_factor: Factor = quantity("Factor", 1)
    buyer: Name | None = None
    """Partner that pays when it is not the manufacturer: the tools are lent or given."""
    use: End = "front_end"

    @model_validator(mode="after")
    def _consistent(self) -> Order:
        exactly_one(tools=self.tools, to_size=self.to_size)
        if self.date is None and not self.after:
            raise ValueError("needs a date or a milestone in `after`")
        if self.tools and (self.only or self.but):
            raise ValueError("`only` and `but` belong to to_size")
        first, last = self.deliver_from, self.deliver_until
        if last is not None and (first is None or last < first):
            raise ValueError(f"deliver_until = {last} needs a deliver_from that is not later")
        if self.date is not None and first is not None and first < self.date:
            raise ValueError(f"deliver_from = {first} is before the order of {self.date}")
        return self


class Service(Item):
    """The makers' field engineers on site, who do a share of repair and maintenance instead of own technicians."""

    suppliers: Names = ()
    """Whose tools; empty: all."""
    share: Fraction = guess("Fraction", 0.5)
    """Share of the work on outages that vendor engineers do."""
    start: Date | None = None
    """None: from the first tool."""
    visa: Lag = quantity("Lag", 0)
    """From the start until the makers' people may enter and work."""
    language: Fraction = quantity("Fraction", 1)
    """What their hour is worth where they work in a foreign language, as a share."""
    until: Date | None = None
    until_reached: Gate = ()
    """Ends when these milestones are reached, or at `until`, whichever is first."""
    cost: MoneyPerToolYear
    """Paid as maintenance."""


class Equipment(Terms):
    """The tools of the fab and how they come."""

    suppliers: Named[Supplier] = NOTHING
    orders: Named[Order] = NOTHING
    services: Named[Service] = NOTHING
    second_sources: Named[SecondSource] = NOTHING
    shipping: Named[Shipping] = NOTHING
    licences: Named[Licence] = NOTHING
    domestic: Domestic | None = None
    lead_time: Months = guess("Months", {"triangular": [6, 9, 15]})
    """Of tools without a declared supplier."""
    payment: Payment = Payment()
    prices: Mapping[FabName, MoneyQ] = NOTHING
    """Price of one tool by tool group, instead of the fab's."""
    default_price: MoneyQ | None = None
    """For tool groups without any price; without it such a tool group is an error."""
    installation: Installation = Installation()
    installations: Mapping[FabName, Installation] = NOTHING
    """By tool group or area, instead of the general one."""
    maintenance: PerYear = guess("PerYear", "3 %/year")
    """Contract and spare parts as a share of the price, after the warranty."""
    warranty: Lag = guess("Lag", 12)
    """Months after acceptance without maintenance cost."""
    spares: Spares | None = None
    maturity: Maturity | None = None
