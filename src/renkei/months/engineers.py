"""Engineers: the month's engineer-months of each role, shared among everything that needs them."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations

from renkei.alliance.workforce import ENGINEER_USES, EngineerUse


@dataclass(frozen=True)
class Pool:
    """Engineer-months of one role, and what it may be used for."""

    months: float
    does: Collection[EngineerUse] = ENGINEER_USES


@dataclass(frozen=True)
class Grants:
    """What engineers are given to in a month, in engineer-months; the sum never exceeds what is available."""

    available: float
    needed: Mapping[EngineerUse, float]
    granted: Mapping[EngineerUse, float]
    spare: Mapping[EngineerUse, float] = field(default_factory=dict)
    """By use: what could be given to it above its grant, all other grants kept."""
    worth: Mapping[EngineerUse, float] = field(default_factory=dict)
    """By use: work that an engineer-month does there, 1 for people trained for it."""

    def cover(self, use: EngineerUse) -> float:
        """Return the share of a need that is met; 1 when nothing is needed."""
        needed = self.needed.get(use, 0.0)
        return self.granted[use] / needed if needed > 0 else 1.0

    def work(self, use: EngineerUse) -> float:
        """Return the work of trained engineer-months that a use gets at most: its grant and what nobody else needs."""
        return (self.granted[use] + self.spare.get(use, 0.0)) * self.worth.get(use, 1.0)

    @property
    def left(self) -> float:
        """Engineer-months that nothing needs."""
        return self.available - sum(self.granted.values())


def share(
    pools: Sequence[Pool],
    work: Mapping[EngineerUse, float],
    priority: Sequence[EngineerUse],
    worth: Mapping[EngineerUse, float] | None = None,
) -> Grants:
    """Return the month's grants: each use in order of `priority` takes as much of its need as can be had.

    Work W at a use where an engineer-month is worth w needs W/w months. With roles that do different things, grants g
    can be had if no set S of uses asks for more than the roles that do any of S have, Σ g(S) ≤ months(roles of S)
    (Hall's condition); the greedy along the priority is then the best in that order (polymatroids: Edmonds 1970;
    Federgruen and Groenevelt, Oper. Res. 34, 1986).
    """
    worth = worth or {}
    needed = {use: amount / (worth.get(use, 1.0) or 1.0) for use, amount in work.items()}
    granted: dict[EngineerUse, float] = dict.fromkeys(ENGINEER_USES, 0.0)
    for use in priority:
        granted[use] = min(max(needed.get(use, 0.0), 0.0), _room(use, granted, pools))
    spare = {use: _room(use, granted, pools) for use in ENGINEER_USES}
    available = sum(max(pool.months, 0.0) for pool in pools)
    return Grants(available, needed, granted, spare, dict(worth))


def _room(use: EngineerUse, granted: Mapping[EngineerUse, float], pools: Sequence[Pool]) -> float:
    """Return how much more a use could get: the least room of all sets of uses that it belongs to."""
    others = [name for name in ENGINEER_USES if name != use]
    rooms = []
    for size in range(len(ENGINEER_USES)):
        for some in combinations(others, size):
            together = {use, *some}
            months = sum(max(pool.months, 0.0) for pool in pools if together & set(pool.does))
            rooms.append(months - sum(granted[name] for name in together))
    return max(min(rooms), 0.0)
