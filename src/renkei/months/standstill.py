"""The floor's time against the calendar: while the whole line stands, the floor's clock stands with it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True)
class Clock:
    """Translates minutes since the first day between calendar and floor."""

    halts: tuple[tuple[float, float], ...] = ()
    """(first, last calendar minute) of each standstill so far, in order, none overlapping."""

    def halted(self, more: Sequence[tuple[float, float]]) -> Clock:
        """Return the clock after further standstills, which come later than those before."""
        return replace(self, halts=(*self.halts, *more)) if more else self

    def stood(self, since: float, until: float) -> float:
        """Return the minutes between two calendar minutes in which the line stood."""
        return sum(max(min(last, until) - max(first, since), 0.0) for first, last in self.halts)

    def floor(self, minute: float) -> float:
        """Return the floor's minute at a calendar minute."""
        return minute - self.stood(0.0, minute) if self.halts else minute

    def calendar(self, minute: float) -> float:
        """Return the calendar minute of a floor's minute; where the line stood, the end of the standstill."""
        for first, last in self.halts:
            if minute >= first:
                minute += last - first
        return minute
