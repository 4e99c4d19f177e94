"""Actuals: what has happened, dated and with sources. What happened to milestones stands with them (`actual`)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Annotated, Literal

from pydantic import Field, model_validator

from renkei.alliance.base import NOTHING, FabNames, Item, Name, Named, Terms
from renkei.units import Date, Density, MoneyQ, People


class Fact(Item):
    """Something that happened."""

    known_from: Date | None = None
    """Publication date, if later than the day itself: `--known-by` hides it before."""

    @property
    def day(self) -> dt.date:
        """The day it happened; each kind of fact says which of its dates that is."""
        raise NotImplementedError


class Receipt(Fact):
    """Money of a tranche that came."""

    tranche: Name
    date: Date
    amount: MoneyQ | None = None
    """In the tranche's currency; left out: the whole tranche."""
    final: bool = False
    """Nothing more comes of this tranche; else what is missing of its amount still does, by its own terms."""

    @property
    def day(self) -> dt.date:
        """The day it happened."""
        return self.date


class Built(Fact):
    """A construction phase that was begun, and perhaps made ready."""

    phase: Name
    started: Date
    """Ground was broken."""
    ready: Date | None = None
    """Tools can move in."""

    @property
    def day(self) -> dt.date:
        """The day it happened."""
        return self.started

    @model_validator(mode="after")
    def _in_order(self) -> Built:
        if self.ready is not None and self.ready < self.started:
            raise ValueError(f"ready = {self.ready} is before started = {self.started}")
        return self


class Sent(Fact):
    """A cohort that left, and perhaps came back."""

    cohort: Name
    date: Date
    """The day it left."""
    people: People
    returned: Date | None = None
    passed: People | None = None
    """Of those who came back, those who came back able; left out: by the cohort's pass rate."""

    @property
    def day(self) -> dt.date:
        """The day it happened."""
        return self.date

    @model_validator(mode="after")
    def _in_order(self) -> Sent:
        if self.returned is not None and self.returned <= self.date:
            raise ValueError(f"returned = {self.returned} is not after date = {self.date}")
        if self.passed is not None and self.passed.exact > self.people.exact:
            raise ValueError(f"passed = {self.passed} is more than the {self.people} who went")
        return self


class Moved(Fact):
    """Tools of an order that came to a stage, evenly over a span or all on a day."""

    order: Name
    tool_groups: FabNames = ()
    """Tool groups or areas of the order; empty: any."""
    tools: Annotated[int, Field(ge=1)]
    stage: Literal["delivered", "installed", "qualified"]
    """Brought in at the dock, hooked up, or on the floor."""
    since: Date | None = None
    """First day of the span; left out: all on `date`."""
    date: Date
    """The day, or the last one of the span."""

    @property
    def day(self) -> dt.date:
        """The day it was complete."""
        return self.date

    @model_validator(mode="after")
    def _in_order(self) -> Moved:
        if self.since is not None and self.since > self.date:
            raise ValueError(f"since = {self.since} is after date = {self.date}")
        return self


class Headcount(Fact):
    """People employed on a day."""

    role: Name | None = None
    """Left out: all roles together, in the proportions they have."""
    date: Date
    people: People

    @property
    def day(self) -> dt.date:
        """The day it was counted."""
        return self.date


class Measurement(Fact):
    """A defect density that was measured."""

    date: Date
    d0: Density
    """Random defects, as in technology.defects."""

    @property
    def day(self) -> dt.date:
        """The day it was measured."""
        return self.date


class Won(Fact):
    """A named customer that came to a stage of the funnel: a contract, a tape-out, an order."""

    customer: Name
    stage: Name
    date: Date

    @property
    def day(self) -> dt.date:
        """The day it happened."""
        return self.date


class Actuals(Terms):
    """What has happened. A run with `--as-of DATE` starts from it; without, it only is compared with.

    Until the as-of date a recorded fact replaces what would be simulated; what has no record is simulated.
    """

    as_of: Date | None = None
    """Runs start from what is known at the end of this day unless they are told otherwise; left out: from the
    alliance's start, as if nothing had happened."""
    receipts: Named[Receipt] = NOTHING
    site: Named[Built] = NOTHING
    cohorts: Named[Sent] = NOTHING
    tools: Named[Moved] = NOTHING
    headcount: Named[Headcount] = NOTHING
    defects: Named[Measurement] = NOTHING
    customers: Named[Won] = NOTHING

    def facts(self) -> Iterator[Receipt | Built | Sent | Moved | Headcount | Measurement | Won]:
        """Yield every fact, in the order of declaration."""
        for part in (
            self.receipts, self.site, self.cohorts, self.tools, self.headcount, self.defects, self.customers,
        ):  # fmt: skip
            yield from part.values()

    @property
    def last(self) -> dt.date | None:
        """The latest day on which something is recorded, None without a record."""
        ends = [day for fact in self.facts() for day in (fact.day, getattr(fact, "ready", None) or fact.day)]
        ends += [fact.returned for fact in self.cohorts.values() if fact.returned is not None]
        return max(ends, default=None)
