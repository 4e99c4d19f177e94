"""Supply of tools beyond the order: shipping, export licences, second sources, spare parts, maturity, origin."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from renkei.alliance.base import FabNames, Item, Name, Terms, guess
from renkei.units import Count, Date, Days, Factor, Fraction, Lag, MoneyPerToolYear, Months, quantity


class Shipping(Item):
    """The way of tools from one country; the identifier is the makers' country."""

    time: Days
    """From the maker's gate to the fab's dock; added to lead times, part of agreed delivery windows."""
    cost: Fraction = quantity("Fraction", 0)
    """Freight, insurance and duties as a share of the price, paid with the delivery."""


class Licence(Item):
    """An export licence that some tools need; applied for with the order, nothing leaves before it is given."""

    countries: Annotated[tuple[str, ...], Field(min_length=1)]
    """Makers' countries."""
    tools: FabNames = ()
    """Tool groups or areas; empty: all tools of these countries."""
    time: Months
    """From the application to the answer."""
    refused: Fraction = quantity("Fraction", 0)
    """Chance of a refusal, one draw for each maker and tool group; a refused order is void and its money returned."""
    start: Date | None = None
    """Orders from this day on need it; None: from ever."""
    until: Date | None = None

    @model_validator(mode="after")
    def _in_order(self) -> Licence:
        if self.start is not None and self.until is not None and self.until < self.start:
            raise ValueError(f"until = {self.until} is before start = {self.start}")
        return self


class SecondSource(Item):
    """Another maker of some tools, taken when the first one's licence is refused or its delivery is too far off."""

    tools: Annotated[FabNames, Field(min_length=1)]
    """Tool groups or areas."""
    supplier: Name
    patience: Lag = guess("Lag", 6)
    """Months that the first maker's queue and licence may add to its lead time before the order goes to the second."""
    price_factor: Factor = quantity("Factor", 1)
    """On the price, beside the second maker's own."""
    effort: Factor = guess("Factor", 1.5)
    """Days and engineers of SL2 and recipe qualification as a multiple of the first maker's."""


class Spares(Terms):
    """Spare parts kept at the fab on consignment; a breakdown that needs one while none is there waits for it."""

    stock: Count
    """Sets of parts kept for each tool group."""
    needed: Fraction = guess("Fraction", 0.3)
    """Share of breakdowns that need a part."""
    replenish: Days = guess("Days", 30)
    """From the use of a part until the next one is in stock."""
    emergency: Days = guess("Days", 5)
    """Wait for a part that is not in stock."""
    fee: MoneyPerToolYear = quantity("MoneyPerToolYear", 0)
    """For the consignment stock; paid as maintenance."""


class Maturity(Terms):
    """Early failures: intervals between breakdowns grow with the tools' time on the floor to those of the fab."""

    growth: Fraction = guess("Fraction", 0.3)
    """Growth rate α of Duane and Crow: the interval grows with age to the power α; 0: none."""
    mature_after: Months = guess("Months", 24)
    """Age at which a tool breaks down as rarely as the fab's outages say."""


class Domestic(Terms):
    """A share of what tools cost that makers of one country are to get; checked and reported, it forces nothing."""

    minimum: Fraction
    country: str = ""
    """Empty: the employer's."""
