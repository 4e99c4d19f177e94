"""One month between the alliance and its floor: what the floor is told, what is heard of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from renkei.months.planning import Starts


@dataclass(frozen=True)
class Wear:
    """How a group's breakdowns differ from what the fab says: factors on intervals and on repair times."""

    interval: float = 1.0
    duration: float = 1.0


@dataclass(frozen=True)
class Told:
    """What the floor is told for a month; minutes since the alliance's first day."""

    joins: tuple[tuple[float, str, int], ...]
    """(minute, tool group, tools) that join the fleet, in order of time."""
    crews: Mapping[str, float | None]
    """People on duty by crew, for the whole month; None: without limit."""
    starts: tuple[Starts, ...]
    """Starts by lot type; a lot type left out starts nothing."""
    halts: tuple[tuple[float, float], ...] = ()
    """(first, last minute) of the times in which the whole line stands."""
    wear: Mapping[str, Wear] = field(default_factory=dict)
    """By tool group, for the whole month; groups left out break down as the fab says."""
    leaves: tuple[tuple[float, str, int], ...] = ()
    """(minute, tool group, tools) that a risk puts out of use, in order of time."""
    returns: tuple[tuple[float, str, int], ...] = ()
    """Likewise: such tools that run again."""


@dataclass(frozen=True)
class FloorLot:
    """A lot that left the floor in the month; monitors are left out."""

    lot_type: str
    product: str
    number: int
    released: float
    finished: float
    wafers_in: int
    wafers_out: int
    """0: the whole lot was scrapped."""


@dataclass(frozen=True)
class Heard:
    """What is heard of the floor at the month's end."""

    lots: tuple[FloorLot, ...] = ()
    """In order of finish."""
    released_lots: Mapping[str, int] = field(default_factory=dict)
    """By lot type."""
    wip_lots: Mapping[str, int] = field(default_factory=dict)
    """By product."""
    wip_wafers: int = 0
    mean_wip_lots: float = 0.0
    lot_steps: int = 0
    tool_time: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    """By tool group: tool-minutes in each E10 state."""
    first_done: Mapping[tuple[str, int], float] = field(default_factory=dict)
    """First minute at which a step (route, number) was done."""
    crew_busy: Mapping[str, float] = field(default_factory=dict)
    """Person-minutes by crew."""
    crew_waited: Mapping[str, float] = field(default_factory=dict)
