"""Cohorts: people who go to a partner's place to learn, wait for a seat there, and come back."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import replace

from renkei.alliance import Alliance
from renkei.alliance.workforce import Cohort, Host
from renkei.months.calendar import Month, opened
from renkei.months.people import Crew, Returned, Stay, Vintage
from renkei.units import add_months


def abroad(alliance: Alliance, cohort: Cohort) -> bool:
    """Whether a cohort's host is in another country than the employer."""
    return alliance.partners[cohort.host].country != alliance.partners[alliance.workforce.employer].country


def places(host: Host) -> int:
    """Return the trainees that a host takes at the same time: its seats, and what its trainers can look after."""
    seats = round(float(host.seats))
    if host.trainers is None:
        return seats
    return min(seats, int(float(host.trainers) * float(host.trainees_per_trainer) + 1e-9))


def home(crew: Crew, alliance: Alliance, month: Month, unpaid: frozenset[str]) -> Crew:
    """A paid month counts for the stay; whose stay ends comes back, the share that passed with more skill."""
    stays, vintages, returned = [], list(crew.vintages), list(crew.returned)
    for stay in crew.stays:
        cohort = alliance.workforce.cohorts[stay.cohort]
        if f"workforce.cohorts.{cohort.id}" in unpaid:
            stays.append(stay)
            continue
        if stay.days > month.days:
            stays.append(replace(stay, days=stay.days - month.days, unbilled=0))
            continue
        away = [v for v in vintages if v.cohort == cohort.id]
        people = sum(v.people for v in away)
        passed = round(people * float(cohort.pass_rate))
        vintages = [v for v in vintages if v.cohort != cohort.id] + _trained(away, passed, cohort)
        back = month.first + dt.timedelta(days=max(stay.days - 1, 0))
        returned.append(Returned(cohort.id, back, people, passed, cohort.transfers or ""))
    return replace(crew, vintages=tuple(vintages), stays=tuple(stays), returned=tuple(returned))


def departures(crew: Crew, alliance: Alliance, month: Month, reached: Mapping[str, dt.date]) -> Crew:
    """Send the cohorts whose day has come, first due first; who finds no place at the host waits, and so do all behind.

    A cohort larger than its host goes as far as the place holds it, once it is empty.
    """
    waiting: set[str] = set()
    full: set[str] = set()
    for day, cohort in _due(crew, alliance, month, reached):
        if cohort.place is None:
            crew = _sent(crew, cohort, month.within(day), month, round(float(cohort.seats)))
            continue
        host = alliance.workforce.hosts[cohort.place]
        free = places(host) - sum(v.people for v in crew.vintages if v.cohort and _at(alliance, v.cohort) == host.id)
        going = min(round(float(cohort.seats)), crew.present(cohort.role), places(host))
        if host.id in full or going > free or places(host) < 1:
            waiting.add(cohort.id)
            full.add(host.id)
            continue
        last = [r.date for r in crew.returned if r.date >= month.first and _at(alliance, r.cohort) == host.id]
        start = max([month.within(day), *last])
        crew = _sent(crew, cohort, start, month, going, day if cohort.id in crew.waiting else None)
    return replace(crew, waiting=frozenset(waiting))


def _due(
    crew: Crew, alliance: Alliance, month: Month, reached: Mapping[str, dt.date]
) -> Sequence[tuple[dt.date, Cohort]]:
    """Cohorts that have not left and whose day has come: start, then the longer of visa and language, then travel."""
    found = []
    for cohort in alliance.workforce.cohorts.values():
        gate = opened(cohort.after, reached)
        if cohort.id in crew.gone or gate is None:
            continue
        lag = float(cohort.delay) + max(float(cohort.visa), float(cohort.language))
        day = add_months(max(gate, cohort.start), lag)
        if day <= month.last:
            found.append((day, cohort))
    return sorted(found, key=lambda item: item[0])


def _at(alliance: Alliance, cohort: str) -> str | None:
    return alliance.workforce.cohorts[cohort].place


def _trained(away: list[Vintage], passed: int, cohort: Cohort) -> list[Vintage]:
    back = []
    for vintage in away:
        able = min(passed, vintage.people)
        passed -= able
        skill = max(vintage.skill, float(cohort.skill_after))
        topics = vintage.topics | frozenset(cohort.topics)
        back.append(replace(vintage, people=able, skill=skill, cohort="", topics=topics))
        back.append(replace(vintage, people=vintage.people - able, cohort=""))
    return [v for v in back if v.people]


def _sent(crew: Crew, cohort: Cohort, day: dt.date, month: Month, seats: int, planned: dt.date | None = None) -> Crew:
    """The newest of the role go, as many as there are seats; they count as present no more."""
    left, vintages = seats, []
    for vintage in sorted(crew.vintages, key=lambda v: -v.hired):
        going = min(left, vintage.people) if vintage.role == cohort.role and not vintage.cohort else 0
        left -= going
        vintages.append(replace(vintage, people=vintage.people - going))
        vintages.append(replace(vintage, people=going, cohort=cohort.id))
    if left == seats:
        return crew
    total, begun = (add_months(day, float(cohort.stay)) - day).days, (month.last - day).days + 1
    begun = min(begun, total - 1)
    stay = Stay(cohort.id, day, total - begun, begun, planned)
    return replace(
        crew, vintages=tuple(v for v in vintages if v.people), stays=crew.stays + (stay,), gone=crew.gone | {cohort.id}
    )
