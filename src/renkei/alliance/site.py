"""The site: construction phases, bays with tool places, utilities, docks."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from renkei.alliance.base import End, FabNames, Gate, Item, Name, Named, Terms, guess
from renkei.units import (
    Date,
    KilowattHoursPerWafer,
    Kilowatts,
    Lag,
    MoneyPerWafer,
    MoneyPerYear,
    MoneyQ,
    Months,
    PricePerKilowattHour,
    ToolsPerWeek,
    quantity,
)


class Bay(Item):
    """A part of the clean room that is handed over at one time."""

    tool_places: Annotated[int, Field(ge=1)]
    """Tools that fit in; a full site caps the fleet."""
    ready_after: Lag = quantity("Lag", 0)
    """From the phase's move-in to this bay's readiness."""
    areas: FabNames = ()
    """Areas of the fab whose tools go here; empty: any."""


class Phase(Item):
    """One building phase, from breaking ground to tool move-in."""

    start: Date
    """Ground is broken, not before."""
    after: Gate = ()
    """Milestones that must be reached before ground is broken."""
    build: Months
    """Breaking ground to move-in."""
    cost: MoneyQ
    """Building and facilities."""
    payment: Literal["even", "s_curve"] = "even"
    """How the cost spreads over the building time: equal months, or little at both ends (a cosine bell)."""
    use: End = "front_end"
    bays: Annotated[Named[Bay], Field(min_length=1)]
    utilities_ready: Lag = quantity("Lag", 0)
    """From move-in to power, water and gases at the tools."""
    dock_tools_per_week: ToolsPerWeek
    """Tools that can be brought in a week."""
    base_load: Kilowatts = quantity("Kilowatts", 0)
    """Mean power of clean room and facilities from readiness on, without tools."""
    upkeep: MoneyPerYear = quantity("MoneyPerYear", 0)
    """Care of building and facilities from readiness on."""


class Utilities(Terms):
    """Prices and use of energy and water; paid as utilities."""

    electricity: PricePerKilowattHour = guess("PricePerKilowattHour", "20 JPY/kWh")
    energy_per_wafer: KilowattHoursPerWafer = guess("KilowattHoursPerWafer", 1500)
    """Tool energy of one wafer through a whole product route; shorter routes in proportion to their steps."""
    tool_standby: Kilowatts = guess("Kilowatts", 20)
    """Mean power of an installed tool, whether it works or not."""
    other_per_wafer: MoneyPerWafer = guess("MoneyPerWafer", 0)
    """Water, gases and waste for one wafer through a whole product route."""


class Site(Terms):
    """Where the fab stands. No tool moves in before its bay is ready."""

    owner: Name | None = None
    """Partner that builds it."""
    place: str = ""
    phases: Annotated[Named[Phase], Field(min_length=1)]
    utilities: Utilities = Utilities()
