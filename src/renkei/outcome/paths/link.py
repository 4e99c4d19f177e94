"""One link of a critical path, and what links are traced in."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from renkei.alliance import Alliance
from renkei.months.month import FloorLot
from renkei.months.monthrow import MonthRow
from renkei.months.scene import Scene
from renkei.months.world import World

Kind = Literal["start", "gate", "duration", "wait", "record"]


@dataclass(frozen=True)
class Link:
    """A span of time that the next link could not begin without."""

    what: str
    path: str
    """Clause of the alliance that it belongs to."""
    since: dt.date
    until: dt.date
    kind: Kind = "duration"

    @property
    def days(self) -> int:
        """Length; 0 for starts and gates."""
        return (self.until - self.since).days


Chain = list[Link]
"""In order of time."""


@dataclass(frozen=True)
class Trail:
    """A finished future, to be traced backwards."""

    world: World
    scene: Scene
    lots: Sequence[FloorLot]
    """Finished, monitors left out."""
    rows: Sequence[MonthRow]
    milestone: Callable[[str], Chain]
    """Chain of another milestone that was reached."""

    @property
    def alliance(self) -> Alliance:
        """Terms, drawn."""
        return self.scene.alliance

    @property
    def reached(self) -> Mapping[str, dt.date]:
        """Milestones reached."""
        return self.world.reached

    def begun(self, after: Sequence[str], declared: dt.date | None, day: dt.date, path: str, cause: str = "") -> Chain:
        """Return why something began on a day: a gate that opened, or its declared day; then what it waited for.

        `cause`: of the wait, where it is known.
        """
        gates = {name: self.reached[name] for name in after if name in self.reached}
        last = max(gates, key=lambda name: gates[name], default="")
        first = self.alliance.first_day
        if last and gates[last] >= (declared or first):
            chain = [
                *self.milestone(last),
                Link(f"opens with {self._name(last)}", path, gates[last], gates[last], "gate"),
            ]
            since = gates[last]
        else:
            since = max(declared or first, first)
            chain = [Link("begins on its declared day", path, since, since, "start")]
        if since < day:
            chain.append(Link(f"waits{f' for {cause}' if cause else ''}", path, since, day, "wait"))
        return chain

    def _name(self, milestone: str) -> str:
        return self.alliance.milestones[milestone].name


def held_back(trail: Trail, since: dt.date, until: dt.date) -> str:
    """Return what bound most of the months of a span, empty if none ended in it."""
    counts: dict[str, int] = {}
    for row in trail.rows:
        if since <= row.month <= until and row.binding:
            counts[row.binding] = counts.get(row.binding, 0) + 1
    return max(counts, key=lambda cause: counts[cause], default="")
