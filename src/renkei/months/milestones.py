"""Milestones: conditions on metrics, evaluated month by month, reached on an exact day where the metric has one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from renkei.alliance import Alliance
from renkei.alliance.milestones import METRICS, Condition, Metric, Milestone
from renkei.months import record
from renkei.months.calendar import Month
from renkei.units import add_months

Points = Sequence[tuple[dt.date, float]]
"""Values of a metric in a month, each from its day on."""
Measure = Callable[[Metric, str], Points]
"""What a metric (and its `of`) showed in the month; the first point may lie on the month's first day."""


@dataclass(frozen=True)
class Standing:
    """How far the milestones are."""

    reached: Mapping[str, dt.date] = field(default_factory=dict)
    since: Mapping[tuple[str, int], dt.date] = field(default_factory=dict)
    """By milestone and number of its condition: since when it holds without a break."""


def step(standing: Standing, alliance: Alliance, month: Month, measure: Measure) -> Standing:
    """Return the standing at the month's end; a milestone once reached stays reached."""
    since = dict(standing.since)
    met: dict[tuple[str, int], dt.date | None] = {}
    open_ = [m for m in alliance.milestones.values() if m.id not in standing.reached]
    for milestone in open_:
        for number, condition in enumerate(milestone.when.conditions):
            if condition.metric is not Metric.MILESTONE:
                key = milestone.id, number
                met[key] = _held(condition, month, measure(condition.metric, condition.of), key, since)
    reached = dict(standing.reached) | record.milestones(alliance, month, standing.reached)
    for _ in range(len(open_) + 1):
        new = {m.id: day for m in open_ if m.id not in reached and (day := _counts(m, met, reached, alliance, month))}
        if not new:
            break
        reached |= new
    return replace(standing, reached=reached, since=since)


def _held(
    condition: Condition, month: Month, points: Points, key: tuple[str, int], since: dict[tuple[str, int], dt.date]
) -> dt.date | None:
    """Return the day on which the condition was met and still is, after holding for its time; None otherwise."""
    exact = METRICS[condition.metric].exact
    for day, value in points:
        if not condition.holds(value):
            since.pop(key, None)
        elif key not in since:
            since[key] = day if exact else month.first
    if not points and not exact:
        since.pop(key, None)
    if key not in since:
        return None
    if condition.for_ is None:
        return since[key] if exact else month.last
    full = add_months(since[key], float(condition.for_))
    if exact:
        return full if full <= month.last else None
    return month.last if full <= month.last + dt.timedelta(days=1) else None


def _counts(
    milestone: Milestone, met: Mapping[tuple[str, int], dt.date | None], reached: Mapping[str, dt.date],
    alliance: Alliance, month: Month,
) -> dt.date | None:  # fmt: skip
    """Return the day on which a milestone counts as reached: simulated, within what is on record."""
    day = _day(milestone, met, reached)
    return None if day is None else record.simulated(alliance, milestone, day, month)


def _day(
    milestone: Milestone, met: Mapping[tuple[str, int], dt.date | None], reached: Mapping[str, dt.date]
) -> dt.date | None:
    """Return the day of a milestone whose conditions hold together: the last of all, or the first of any."""
    days: list[dt.date | None] = []
    for number, condition in enumerate(milestone.when.conditions):
        if condition.metric is Metric.MILESTONE:
            day = reached.get(condition.of)
            days.append(day if condition.holds(0.0 if day is None else 1.0) else None)
        else:
            days.append(met.get((milestone.id, number)))
    known = [day for day in days if day is not None]
    if milestone.when.all:
        return max(known) if len(known) == len(days) else None
    return min(known, default=None)


def counted(days: Sequence[dt.date], month: Month) -> Points:
    """Return a count that rises by one on each of these days (in order), as points of the month."""
    before = sum(day < month.first for day in days)
    points = [(month.first, float(before))]
    points += [(day, float(n + 1)) for n, day in enumerate(days) if month.has(day)]
    return points
