"""The things of the twin's floor: events, release lines, lots, timers, tools, crews."""

from __future__ import annotations

import math
from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import IntEnum
from typing import Any

from renkei.fab.fab import Fab
from renkei.fab.outages import Outage
from renkei.fab.products import Order
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup

Kind = IntEnum(
    "Kind", "REPAIR_END PM_END SETUP_END SHIFT SLOT_FREE LOT_END ARRIVAL HOLD_END RELEASE FAILURE PM_DUE WAKE"
)


@dataclass(eq=False)
class Event:
    """Something that will happen, unless it is called off."""

    time: float
    act: Callable[[], None]
    off: bool = False


@dataclass(eq=False)
class Line:
    """A release line: an order, or the initial lots of one lot type."""

    row: int
    product: str
    key: Any
    engineering: bool
    order: Order | None = None
    reserve: bool = False
    number: int = 0
    wip: int = 0
    owed: float = 0
    left: float = 0


@dataclass(eq=False)
class Lot:
    line: Line
    carrier: int
    number: int
    key: Any
    steps: tuple[Step, ...]
    priority: int
    wafers: int
    released: float
    due: float
    at: int = 0
    """Index of the step it is at or on the way to."""
    visit: int = 0
    tool: Tool | None = None
    """Where its last step was done; None before the first one and after a delay."""
    arrived: float = 0.0
    started: float = 0.0
    turn: int = 0
    """Number of its arrival in a queue."""
    windows: dict[int, float] = field(default_factory=dict)
    bound: dict[int, Tool] = field(default_factory=dict)

    @property
    def step(self) -> Step:
        return self.steps[self.at]


@dataclass(eq=False)
class Timer:
    row: int
    tool: Tool
    outage: Outage
    left: float = math.inf
    due: Event | None = None
    waits: bool = False
    started: float = 0.0
    slips: int = 0
    """Times a calendar PM was put off by a fiftieth of its interval because nobody was free (five at most)."""


@dataclass(eq=False)
class Tool:
    row: int
    number: int
    group: ToolGroup
    timers: list[Timer] = field(default_factory=list)
    mode: str = "standby"
    since: float = 0.0
    time: Counter[str] = field(default_factory=Counter)
    idle: int | None = None
    """Number of the moment it fell idle."""
    setup: str = ""
    run: int = 0
    job: str = "productive"
    setup_until: float = 0.0
    setter: Event | None = None
    """The end of the work of whoever sets it up."""
    slot: Event | None = None
    inside: dict[Lot, Event | None] = field(default_factory=dict)
    second_until: float = 0.0
    busy_from: float = 0.0
    stopped: tuple[float, float | None, dict[Lot, float]] | None = None
    failures: deque[Timer] = field(default_factory=deque)
    wanted: deque[Timer] = field(default_factory=deque)


@dataclass(eq=False)
class Reservation:
    """A tool group keeps a tool for a super hot lot that is still at the step before."""

    lot: Lot
    step: Step
    tool: Tool | None = None


@dataclass(eq=False)
class Crew:
    people: float
    working: int = 0
    waiting: tuple[deque[Any], ...] = field(default_factory=lambda: (deque(), deque(), deque()))


def pieces(step: Step, wafers: int) -> int:
    return min(wafers, step.process_wafers or wafers) if step.per == "wafer" else 1


def lost_wafers(wafers: int, share: float, luck: float) -> int:
    """Wafers lost: the smallest number whose binomial distribution function exceeds `luck`."""
    total = 0.0
    for lost in range(wafers):
        total += math.comb(wafers, lost) * share**lost * (1 - share) ** (wafers - lost)
        if luck < total:
            return lost
    return wafers


def qualified_numbers(fab: Fab) -> dict[tuple[str, str], set[int]]:
    """The numbers of the tools that may run a recipe; shares are left to the tests of the room `build`."""
    found: dict[tuple[str, str], set[int]] = {}
    for row in fab.qualifications:
        parts = [[int(end) for end in part.split("-")] for part in row.tools.split()]
        found[row.tool_group, row.recipe] = {n for part in parts for n in range(part[0], part[-1] + 1)}
    return found
