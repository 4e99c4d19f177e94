"""The months of an alliance, and the floor's minutes on the calendar."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from renkei.alliance import Alliance
from renkei.units import add_months

MINUTES_PER_DAY = 1440.0
CLOSED = "suspended by a risk"
"""A gate that no milestone opens: no identifier has blanks."""


@dataclass(frozen=True)
class Month:
    """One calendar month of an alliance."""

    index: int
    """0 is the alliance's first month."""
    first: dt.date
    last: dt.date
    epoch: dt.date
    """The alliance's first day: minute 0 of the floor."""

    @property
    def days(self) -> int:
        """Length in days."""
        return (self.last - self.first).days + 1

    @property
    def start(self) -> float:
        """Minute at which the month begins."""
        return minute_of(self.first, self.epoch)

    @property
    def end(self) -> float:
        """Minute at which the month ends and the next begins."""
        return self.start + self.days * MINUTES_PER_DAY

    @property
    def minutes(self) -> float:
        """Length in minutes."""
        return self.days * MINUTES_PER_DAY

    def has(self, day: dt.date) -> bool:
        """Whether the day lies in this month."""
        return self.first <= day <= self.last

    def within(self, day: dt.date) -> dt.date:
        """Return the day, or the month's first one if it lies before."""
        return max(day, self.first)


def months_of(alliance: Alliance) -> tuple[Month, ...]:
    """Return all months of an alliance in order."""
    epoch = alliance.first_day
    firsts = [add_months(epoch, index) for index in range(alliance.months + 1)]
    day = dt.timedelta(days=1)
    return tuple(Month(i, firsts[i], firsts[i + 1] - day, epoch) for i in range(alliance.months))


def minute_of(day: dt.date, epoch: dt.date) -> float:
    """Return the minute at which a day begins."""
    return (day - epoch).days * MINUTES_PER_DAY


def day_of(minute: float, epoch: dt.date) -> dt.date:
    """Return the day to which a moment belongs; an event at midnight belongs to the day that ends."""
    whole = minute / MINUTES_PER_DAY
    days = int(whole) - (1 if whole == int(whole) and whole > 0 else 0)
    return epoch + dt.timedelta(days=days)


def opened(gate: Sequence[str], reached: Mapping[str, dt.date]) -> dt.date | None:
    """Return the day from which all milestones of a gate are reached, None while one is missing.

    The empty gate has always been open (`date.min`).
    """
    days = [reached.get(name) for name in gate]
    if any(day is None for day in days):
        return None
    return max((day for day in days if day is not None), default=dt.date.min)
