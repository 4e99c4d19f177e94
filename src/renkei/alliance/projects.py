"""Projects beside the fab: a second fab, a packaging line, that compete with it for cash and engineers."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, model_validator

from renkei.alliance.base import Gate, Item, Name, Names, guess
from renkei.units import Date, Effort, Fraction, Lag, MoneyPerYear, MoneyQ, Months, quantity


class Project(Item):
    """Another factory of the manufacturer, as far as it takes cash and engineers from this one.

    It is built, equipped, paid and developed. It runs no floor: no wafer, no learning and no revenue come from it, and
    its tools are counted and not told apart.
    """

    title: str = ""
    phases: Annotated[Names, Field(min_length=1)]
    """Site phases that belong to it: the fab's own tools find no place there."""
    start: Date
    """Tools are ordered, and technology is developed, from this day on, not before."""
    after: Gate = ()
    """Milestones that must be reached first."""
    tools: Annotated[int, Field(ge=0)] = 0
    tool_price: MoneyQ = quantity("MoneyQ", 0)
    """Mean price of a tool; paid by the shares of `equipment.payment`."""
    tool_partner: Name | None = None
    """Who is paid for the tools; None: makers without declaration."""
    order_after: Lag = quantity("Lag", 0)
    """From the start (and gate) to the first order of tools."""
    order_over: Months = quantity("Months", 12)
    """Tools are ordered evenly over this time."""
    lead_time: Months = guess("Months", 12)
    install: Months = guess("Months", 4)
    """From the dock to acceptance."""
    research: MoneyPerYear = quantity("MoneyPerYear", 0)
    """Technology development, paid as research."""
    research_partner: Name | None = None
    """None: the manufacturer's own."""
    research_over: Months = quantity("Months", 36)
    engineers: Effort = quantity("Effort", 0)
    """Engineer-months that it takes in a month while its technology is developed and its tools are installed."""
    engineers_share: Fraction = quantity("Fraction", 0.25)
    """At most this share of the month's engineers."""

    @model_validator(mode="after")
    def _priced(self) -> Project:
        if self.tools and self.tool_price.exact == 0:
            raise ValueError(f"tools = {self.tools} without a tool_price; give the mean price of one")
        return self
