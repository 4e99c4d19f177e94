"""The manufacturer's people as they stand at a month's end: who was hired when, who is away, who came back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from renkei.alliance.workforce import Topic

LONG_AGO = -1200
"""Month of hire of those who are experienced on the first day."""


@dataclass(frozen=True)
class Vintage:
    """People of a role who were hired in the same month."""

    role: str
    hired: int
    people: int
    skill: float = 0.0
    """Skill they have at least, from training."""
    cohort: str = ""
    """Cohort they are away with; empty: present."""
    topics: frozenset[Topic] = frozenset()
    """What they have passed in at a host."""
    gained: float = 0.0
    """Months of practice more than those served, thanks to mentors."""

    @property
    def mentor(self) -> bool:
        """Whether they are back from training and passed."""
        return bool(self.topics) and not self.cohort


@dataclass(frozen=True)
class Stay:
    """A cohort at its host."""

    cohort: str
    left: dt.date
    days: int
    """Days still to stay after the latest month."""
    unbilled: int = 0
    """Days of the month of departure, billed with the next."""
    planned: dt.date | None = None
    """When it should have left; None: when it did."""


@dataclass(frozen=True)
class Returned:
    """People back from a host."""

    cohort: str
    date: dt.date
    people: int
    passed: int
    transfers: str = ""
    """Demonstrated process whose knowledge they carry."""


@dataclass(frozen=True)
class Crew:
    """All people of the manufacturer."""

    vintages: tuple[Vintage, ...]
    stays: tuple[Stay, ...] = ()
    returned: tuple[Returned, ...] = ()
    gone: frozenset[str] = frozenset()
    """Cohorts that have left once."""
    waiting: frozenset[str] = frozenset()
    """Cohorts that found no place at their host in the latest month."""
    hire_rest: Mapping[str, float] = field(default_factory=dict)
    hires: Mapping[str, int] = field(default_factory=dict)
    """Hired in the latest month, by role."""
    pools: Mapping[str, float] = field(default_factory=dict)
    """People left in each labour market."""
    short_of_money: bool = False
    """Hiring stopped, or people had to go, for want of money in the latest month."""

    def headcount(self, role: str = "") -> int:
        """Return the people employed, of one role or all, wherever they are."""
        return sum(v.people for v in self.vintages if not role or v.role == role)

    def present(self, role: str) -> int:
        """Return the people of a role who are not away."""
        return sum(v.people for v in self.vintages if v.role == role and not v.cohort)

    @property
    def away(self) -> int:
        """People at hosts."""
        return sum(v.people for v in self.vintages if v.cohort)

    def back(self, cohort: str = "") -> int:
        """Return the people that came back from training so far, of one cohort or all."""
        return sum(r.people for r in self.returned if not cohort or r.cohort == cohort)
