"""An alliance as it stood on a day: what was known by then, what had happened by then."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from renkei.alliance.actuals import Actuals, Built, Fact, Sent, Won
from renkei.alliance.alliance import Alliance
from renkei.alliance.base import Dated
from renkei.errors import InputError, Problem
from renkei.units import DAYS_PER_MONTH, add_months, quantity

AsOf = dt.date | Literal["last", "start"] | None
"""A day; the last one of the record; the alliance's start, without any record; None: what the file says."""
_Model = TypeVar("_Model", bound=BaseModel)


def known_by(alliance: Alliance, day: dt.date) -> Alliance:
    """Return the alliance as it was public at the end of a day, for hindcasts.

    Left out: every entry of a mapping and every date (`promised`, `actual`) whose `known_from` is later; facts,
    actuals of milestones, and sentences of the agreement (`said`) that are dated later, whatever their `known_from`.
    A term without `known_from` counts as known from the beginning.
    """
    return _pruned(alliance, day)


def started_from(alliance: Alliance, as_of: AsOf) -> Alliance:
    """Return the alliance whose runs start from the record: facts after the day are left out, and terms that the
    record settles (phases, cohorts, customers) say what happened. Raises InputError for `last` without a record.

    Money, tools, headcount, D0 and milestones are held to the record by `renkei.months.record` as the months go by.
    """
    day = resolved(alliance, as_of)
    if day is None:
        return alliance.model_copy(update={"actuals": Actuals()})
    kept = until(alliance.actuals, day)
    phases, cohorts, customers = dict(alliance.site.phases), dict(alliance.workforce.cohorts), alliance.market.customers
    for built in kept.site.values():
        phases[built.phase] = phases[built.phase].model_copy(update=_building(built))
    for sent in kept.cohorts.values():
        cohorts[sent.cohort] = cohorts[sent.cohort].model_copy(update=_stay(sent))
    won = dict(customers)
    for fact in sorted(kept.customers.values(), key=lambda fact: fact.date):
        won[fact.customer] = won[fact.customer].model_copy(update=_stage(fact))
    return alliance.model_copy(
        update={
            "actuals": kept,
            "site": alliance.site.model_copy(update={"phases": phases}),
            "workforce": alliance.workforce.model_copy(update={"cohorts": cohorts}),
            "market": alliance.market.model_copy(update={"customers": won}),
        }
    )


def resolved(alliance: Alliance, as_of: AsOf) -> dt.date | None:
    """Return the day that runs start from, None for the alliance's start.

    Raises InputError for `last` without a record, and for a day on which the alliance is not under way.
    """
    if as_of == "start":
        return None
    day = alliance.actuals.as_of if as_of is None else _last_recorded(alliance) if as_of == "last" else as_of
    first, end = alliance.first_day, add_months(alliance.first_day, alliance.months) - dt.timedelta(days=1)
    if day is None or first <= day <= end:
        return day
    said = f"before the alliance's start, {first}" if day < first else f"after the alliance's end, {end}"
    shown = f'"last", {day},' if as_of == "last" else str(day)
    message = f'= {shown} is {said}; write a day from {first} to {end}, or "start" to run without the record'
    raise InputError(alliance.name, [Problem(alliance.name, None, "as of", message)])


def _last_recorded(alliance: Alliance) -> dt.date:
    milestones = [happened(m.actual) for m in alliance.milestones.values()]
    days = [day for day in (alliance.actuals.last, *milestones) if day is not None]
    if not days:
        message = '= "last": this alliance records nothing that happened (actuals, or actual of a milestone)'
        raise InputError(alliance.name, [Problem(alliance.name, None, "as of", message)])
    return max(days)


def happened(actual: Dated | None) -> dt.date | None:
    """Return the day by which something had happened for sure: the last one of its span."""
    return None if actual is None else actual.until or actual.date


def until(actuals: Actuals, day: dt.date) -> Actuals:
    """Return the facts of a day and before; a return or readiness after it is not known yet."""
    parts: dict[str, Any] = {"as_of": day}
    for name in type(actuals).model_fields:
        part = getattr(actuals, name)
        if isinstance(part, Mapping):
            parts[name] = {key: _known(fact, day) for key, fact in part.items() if fact.day <= day}
    return actuals.model_copy(update=parts)


def _known(fact: Fact, day: dt.date) -> Fact:
    if isinstance(fact, Sent) and fact.returned is not None and fact.returned > day:
        return fact.model_copy(update={"returned": None, "passed": None})
    if isinstance(fact, Built) and fact.ready is not None and fact.ready > day:
        return fact.model_copy(update={"ready": None})
    return fact


def _building(built: Built) -> dict[str, Any]:
    terms: dict[str, Any] = {"start": built.started, "after": ()}
    if built.ready is not None:
        terms["build"] = quantity("Months", max((built.ready - built.started).days, 1) / DAYS_PER_MONTH)
    return terms


def _stay(sent: Sent) -> dict[str, Any]:
    terms: dict[str, Any] = {
        "start": sent.date, "after": (), "seats": sent.people, "place": None,
        "delay": quantity("Lag", 0), "visa": quantity("Lag", 0), "language": quantity("Lag", 0),
    }  # fmt: skip
    if sent.returned is not None:
        terms["stay"] = quantity("Months", (sent.returned - sent.date).days / DAYS_PER_MONTH)
        if sent.passed is not None and float(sent.people):
            terms["pass_rate"] = quantity("Fraction", float(sent.passed) / float(sent.people))
    return terms


def _stage(won: Won) -> dict[str, Any]:
    return {"stage": won.stage, "since": won.date, "known_from": None}


def _pruned(terms: _Model, day: dt.date) -> _Model:
    changes = {}
    for name in type(terms).model_fields:
        value = getattr(terms, name)
        new = _visible(name, value, day)
        if new is not value:
            changes[name] = new
    return terms.model_copy(update=changes) if changes else terms


def _visible(name: str, value: Any, day: dt.date) -> Any:
    if isinstance(value, Mapping):
        kept = {key: _visible("", part, day) for key, part in value.items() if not _later(part, day)}
        same = len(kept) == len(value) and all(kept[key] is part for key, part in value.items())
        return value if same else kept
    if isinstance(value, Dated):
        hidden = (value.known_from or value.date) if name == "actual" else value.known_from
        return None if hidden is not None and hidden > day else value
    return _pruned(value, day) if isinstance(value, BaseModel) else value


def _later(part: Any, day: dt.date) -> bool:
    dates = [getattr(part, "known_from", None), getattr(part, "said", None)]
    if isinstance(part, Fact):
        dates.append(part.day)
    return any(isinstance(date, dt.date) and date > day for date in dates)
