"""The record: until the as-of date, what happened replaces what would be simulated, part by part and month by month.

Facts of a day count from their month on. What has no record is simulated: payments for recorded tools, learning
between two measurements, hiring between two counts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from renkei.alliance import Alliance
from renkei.alliance.asof import happened
from renkei.alliance.milestones import Milestone
from renkei.months.calendar import Month
from renkei.months.construction import Building, Site
from renkei.months.learning import Knowledge
from renkei.months.people import Crew, Vintage
from renkei.months.yields import density

MOST_EXPERIENCE = 20.0
"""E beyond which D0 is its floor to nine digits."""


def site(now: Site, alliance: Alliance, month: Month) -> Site:
    """Return the site with phases ready on the days on record, and on no other day before the as-of date."""
    if alliance.actuals.as_of is None:
        return now
    facts = {fact.phase: fact.ready for fact in alliance.actuals.site.values()}
    return tuple(_phase(b, facts[b.phase], alliance, month) if b.phase in facts else b for b in now)


def _phase(building: Building, ready: dt.date | None, alliance: Alliance, month: Month) -> Building:
    if ready is not None:
        return replace(building, ready=ready if ready <= month.last else None, waited={})
    as_of = alliance.actuals.as_of
    if building.ready is None or as_of is None or building.ready > as_of:
        return building
    return replace(building, ready=as_of + dt.timedelta(days=1))  # begun, and known not to be ready yet


def headcount(crew: Crew, alliance: Alliance, month: Month) -> Crew:
    """Return the crew with as many people as were counted in the month, the last count of each role holding.

    Missing people join as hires of the month; too many leave from the newest present ones, those away stay.
    """
    if alliance.actuals.as_of is None:
        return crew
    counts = [fact for fact in alliance.actuals.headcount.values() if month.has(fact.date)]
    for fact in sorted(counts, key=lambda fact: fact.date):
        if fact.role is not None:
            crew = _counted(crew, fact.role, round(float(fact.people)), month)
            continue
        for role, people in _shared(crew, alliance, round(float(fact.people))).items():
            crew = _counted(crew, role, people, month)
    return crew


def _shared(crew: Crew, alliance: Alliance, people: int) -> dict[str, int]:
    """Share a total out in the proportions of the roles, by largest remainders."""
    now = {role: crew.headcount(role) for role in alliance.workforce.roles}
    total = sum(now.values())
    if not total:
        return dict.fromkeys(now, 0) | {next(iter(now)): people}
    exact = {role: people * number / total for role, number in now.items()}
    found = {role: int(share) for role, share in exact.items()}
    most = sorted(exact, key=lambda role: found[role] - exact[role])
    for role in most[: people - sum(found.values())]:
        found[role] += 1
    return found


def _counted(crew: Crew, role: str, people: int, month: Month) -> Crew:
    missing = people - crew.headcount(role)
    if missing >= 0:
        joined = (Vintage(role, month.index, missing),) if missing else ()
        return replace(crew, vintages=crew.vintages + joined)
    vintages, surplus = [], -missing
    for vintage in sorted(crew.vintages, key=lambda v: -v.hired):
        leaving = min(surplus, vintage.people) if vintage.role == role and not vintage.cohort else 0
        surplus -= leaving
        vintages.append(replace(vintage, people=vintage.people - leaving))
    return replace(crew, vintages=tuple(v for v in sorted(vintages, key=lambda v: v.hired) if v.people))


def knowledge(now: Knowledge, alliance: Alliance, month: Month) -> Knowledge:
    """Return the knowledge that makes D0 what was measured in the month (the last measurement holds).

    E solves D0(E) = measured; both pools change in proportion. A value that this future's terms cannot reach leaves the
    nearest they can.
    """
    if alliance.actuals.as_of is None:
        return now
    facts = [fact for fact in alliance.actuals.defects.values() if month.has(fact.date)]
    if not facts:
        return now
    wanted = experience_for(alliance, float(max(facts, key=lambda fact: fact.date).d0))
    return _scaled(now, wanted, month.end)


def experience_for(alliance: Alliance, d0: float) -> float:
    """Return the experience E at which the process has a defect density, by bisection."""

    def defects(experience: float) -> float:
        return float(density(alliance.technology, np.array([experience]))[0])

    low, high = 0.0, MOST_EXPERIENCE
    for _ in range(60):
        middle = (low + high) / 2
        low, high = (middle, high) if defects(middle) > d0 else (low, middle)
    return (low + high) / 2


def _scaled(now: Knowledge, wanted: float, minute: float) -> Knowledge:
    total = now.experience
    shares = {name: pool.experience / total if total else 1 / len(now.pools) for name, pool in now.pools.items()}
    pools = {name: replace(pool, experience=wanted * shares[name]) for name, pool in now.pools.items()}
    entry = (minute, pools["modules"].experience, pools["integration"].experience)
    return replace(now, pools=pools, history=(*now.history, entry))


def milestones(alliance: Alliance, month: Month, reached: Mapping[str, dt.date]) -> dict[str, dt.date]:
    """Return the milestones that the record says are reached by the month's end, beyond those in `reached`."""
    found = {}
    for milestone in alliance.milestones.values():
        day = on_record(alliance, milestone)
        if day is not None and day <= month.last and milestone.id not in reached:
            found[milestone.id] = day
    return found


def on_record(alliance: Alliance, milestone: Milestone) -> dt.date | None:
    """Return the day on which a milestone was reached as the record knows it at the as-of date."""
    as_of, day = alliance.actuals.as_of, happened(milestone.actual)
    return day if as_of is not None and day is not None and day <= as_of else None


def simulated(alliance: Alliance, milestone: Milestone, day: dt.date, month: Month) -> dt.date | None:
    """Return the day on which a milestone counts as reached when the simulation says `day`; None: not (yet).

    What the record dates is reached on that date only; what came later was not there at the as-of date.
    """
    as_of, actual = alliance.actuals.as_of, happened(milestone.actual)
    if as_of is None or actual is None:
        return day
    if actual <= as_of:
        return None
    day = max(day, as_of + dt.timedelta(days=1))
    return day if day <= month.last else None
