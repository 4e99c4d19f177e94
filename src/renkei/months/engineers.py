"""Engineers: one budget of engineer-months a month, shared among everything that needs them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renkei.alliance.workforce import ENGINEER_USES, EngineerUse


@dataclass(frozen=True)
class Grants:
    """What engineers are given to in a month, in engineer-months; the sum never exceeds what is available."""

    available: float
    needed: Mapping[EngineerUse, float]
    granted: Mapping[EngineerUse, float]

    def cover(self, use: EngineerUse) -> float:
        """Return the share of a need that is met; 1 when nothing is needed."""
        needed = self.needed.get(use, 0.0)
        return self.granted[use] / needed if needed > 0 else 1.0

    @property
    def left(self) -> float:
        """Engineer-months that nothing needs."""
        return self.available - sum(self.granted.values())


def share(available: float, needed: Mapping[EngineerUse, float], priority: Sequence[EngineerUse]) -> Grants:
    """Return the month's grants: each use in order of `priority` takes what it needs of what is left."""
    granted: dict[EngineerUse, float] = dict.fromkeys(ENGINEER_USES, 0.0)
    left = max(available, 0.0)
    for use in priority:
        granted[use] = min(left, max(needed.get(use, 0.0), 0.0))
        left -= granted[use]
    return Grants(max(available, 0.0), dict(needed), granted)
