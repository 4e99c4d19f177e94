"""What held the alliance back: months with the same binding constraint, merged into spans with a sentence each."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from statistics import median

from renkei.report.words import CONSTRAINTS, number, span
from renkei.units import months_between

REASONS = {
    "money": "money would not have covered more",
    "site": "tools had no ready place to stand",
    "tools": "installed and qualified tools were too few",
    "people": "technicians and engineers were too few",
    "technology": "the process was not ready for more, or yielded too little",
    "demand": "customers had not ordered more",
}
"""What it means that a limit is the smallest."""


@dataclass(frozen=True)
class Bound:
    """The binding constraint of a month and what each constraint alone would have allowed."""

    month: dt.date
    constraint: str
    """The root cause."""
    limit: str
    """The smallest limit; another one than the constraint when a slip made it small."""
    limits: Mapping[str, float]
    """By constraint, in `unit`; left out: no limit."""
    unit: str
    """good wafers/month, or development lots/month before product starts."""


@dataclass(frozen=True)
class Span:
    """Months in a row with the same binding constraint."""

    bounds: tuple[Bound, ...]

    @property
    def constraint(self) -> str:
        """The root cause."""
        return self.bounds[0].constraint

    @property
    def months(self) -> int:
        """Length."""
        return months_between(self.bounds[0].month, self.bounds[-1].month) + 1

    @property
    def when(self) -> str:
        """`2023-01 – 2024-11`."""
        return span(self.bounds[0].month, self.bounds[-1].month)

    @property
    def limit(self) -> str:
        """The limit that was smallest in most of its months."""
        return _most([bound.limit for bound in self.bounds])

    @property
    def unit(self) -> str:
        """What the limits count in most of its months."""
        return _most([bound.unit for bound in self.bounds])

    @property
    def allowed(self) -> str:
        """What the smallest limit allowed in the median month, with its unit."""
        value = self._typical(self.limit)
        return "any number" if value is None else f"{number(value, 2)} {self.unit}"

    def reason(self) -> str:
        """Return why it bound, in words."""
        text = REASONS.get(self.limit, self.limit)
        return text if self.limit == self.constraint else f"{text}, and the root of that is {self.constraint}"

    def sentence(self) -> str:
        """Return root cause, reason, what was allowed in the median month, and what would have bound next."""
        text = f"{self.constraint.capitalize()}: {self.reason()}. Allowed: {self.allowed}"
        own, limits = (
            self._typical(self.limit),
            {name: self._typical(name) for name in CONSTRAINTS if name != self.limit},
        )
        others = {name: value for name, value in limits.items() if value is not None}
        tight = [name for name, value in others.items() if own is not None and value <= own * 1.05]
        if tight:
            return f"{text}; as tight: {', '.join(tight)}."
        if not others:
            return f"{text}."
        after = min(others, key=lambda name: others[name])
        return f"{text}; next would have been {after}, at {number(others[after], 2)}."

    def _typical(self, name: str) -> float | None:
        values = [bound.limits[name] for bound in self.bounds if name in bound.limits and bound.unit == self.unit]
        return median(values) if values else None


def spans(bounds: Sequence[Bound]) -> tuple[Span, ...]:
    """Return the spans in order."""
    return tuple(Span(tuple(group)) for _, group in groupby(bounds, key=lambda bound: bound.constraint))


def _most(words: Sequence[str]) -> str:
    """Return the most frequent word, the first of equals."""
    return max(dict.fromkeys(words), key=words.count)
