"""Risks: whether and when they occur, how hard they strike, what precautions and damage cost."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from renkei.alliance import Alliance
from renkei.alliance.risks import Effects, Mitigation, Risk
from renkei.alliance.uncertainty import drawn_for, moved_with, score
from renkei.months.calendar import MINUTES_PER_DAY, Month, day_of, minute_of, opened
from renkei.months.obligations import Due, due
from renkei.months.yields import poisson_number
from renkei.units import add_months, quantity, uniform

Reached = Mapping[str, dt.date]
DAYS_PER_YEAR = 365.25
MOST_A_MONTH = 1000
"""Occurrences of one risk in a month that have addresses of their own."""


@dataclass(frozen=True)
class Occurrence:
    """One time that a risk has come true."""

    risk: str
    number: int
    """Address of what is drawn for it."""
    minute: float
    day: dt.date
    until: dt.date | None
    """First day on which factors, suspensions and withdrawals hold no more; None: they stay."""
    likelihood: float
    """Factor that precautions put on its chance."""
    severity: float
    """Factor that precautions put on its effects."""
    effects: Effects
    """As drawn for it, after precautions."""

    def lasts(self, day: dt.date) -> bool:
        """Whether it holds on a day."""
        return self.day <= day and (self.until is None or day < self.until)

    @property
    def halt(self) -> tuple[float, float]:
        """First and last minute of the line's standstill; equal if it does not stand."""
        return self.minute, self.minute + float(self.effects.standstill) * MINUTES_PER_DAY


def occurrences(
    before: tuple[Occurrence, ...],
    alliance: Alliance,
    month: Month,
    reached: Reached,
    unpaid: frozenset[str],
    seed: int,
) -> tuple[Occurrence, ...]:
    """Return what occurs in a month, in order of time; `before`: what has occurred already.

    A risk with a probability has one day, uniform over its window, and comes true then if its score u > 1 − p. One with
    a rate comes a Poisson number of times a month. u moves with the risk's common factor (`moved_with`), once a
    future for a probability and each month for a rate. An occurrence while an earlier one of the same risk lasts is
    none.
    """
    found: list[Occurrence] = []
    for risk in alliance.risks.values():
        gate = opened(risk.after, reached)
        likelihood, severity = _softening(risk, alliance, month, unpaid)
        for number, minute in _moments(risk, alliance, month, likelihood, seed):
            day = day_of(minute, month.epoch)
            lasting = any(item.risk == risk.id and item.lasts(day) for item in (*before, *found))
            if gate is not None and gate <= day and not lasting:
                found.append(_occurrence(risk, number, minute, day, likelihood, severity, seed))
    return tuple(sorted(found, key=lambda item: item.minute))


def bill(alliance: Alliance, month: Month, new: tuple[Occurrence, ...], unpaid: frozenset[str]) -> list[Due]:
    """Return what precautions cost in the month, and the damage of what occurs in it.

    A precaution in arrears (`unpaid` of the months before) is not billed again.
    """
    employer, dues = alliance.workforce.employer, []
    for item in new:
        purpose = f"risks.{item.risk}"
        dues.append(
            due(f"{purpose}.damage.{item.number}", "maintenance", item.day, item.effects.damage, employer, purpose)
        )
    for risk in alliance.risks.values():
        for terms in risk.mitigations.values():
            key = _key(risk, terms)
            if not _kept_up(terms, alliance, month) or key in unpaid:
                continue
            dues.append(due(key, terms.paid_as, month.first, terms.cost_per_year, employer, key, 1 / 12))
            if month.has(max(terms.start or alliance.first_day, alliance.first_day)):
                dues.append(due(key, terms.paid_as, month.first, terms.cost, employer, key))
    return dues


def present(occurred: tuple[Occurrence, ...], month: Month) -> tuple[str, ...]:
    """Return the risks that occurred in a month or hold in it, in order of time, each once."""
    return tuple(dict.fromkeys(o.risk for o in occurred if month.has(o.day) or o.lasts(middle(month))))


def middle(month: Month) -> dt.date:
    """Return the day in the middle of a month: what lasts on it holds for the month."""
    return month.first + dt.timedelta(days=month.days // 2)


def _key(risk: Risk, terms: Mitigation) -> str:
    return f"risks.{risk.id}.mitigations.{terms.id}"


def _kept_up(terms: Mitigation, alliance: Alliance, month: Month) -> bool:
    """Whether a precaution is taken and due to be paid in a month."""
    begun = (terms.start or alliance.first_day) <= month.last
    return terms.taken and begun and (terms.until is None or terms.until >= month.first)


def _softening(risk: Risk, alliance: Alliance, month: Month, unpaid: frozenset[str]) -> tuple[float, float]:
    """Return the factors on likelihood and severity of the precautions that are taken and paid."""
    terms = [
        item for item in risk.mitigations.values() if _kept_up(item, alliance, month) and _key(risk, item) not in unpaid
    ]
    return math.prod(float(item.likelihood) for item in terms), math.prod(float(item.severity) for item in terms)


def _window(risk: Risk, alliance: Alliance) -> tuple[dt.date, dt.date]:
    """Return the first day of a risk's window and the day after its last."""
    last = add_months(alliance.first_day, alliance.months) - dt.timedelta(days=1)
    last = min(risk.until or last, last)
    return max(risk.start or alliance.first_day, alliance.first_day), last + dt.timedelta(days=1)


def _moments(risk: Risk, alliance: Alliance, month: Month, likelihood: float, seed: int) -> Iterator[tuple[int, float]]:
    """Yield number and minute of what would occur in a month."""
    first, after = _window(risk, alliance)
    path = f"risks.{risk.id}"
    if risk.probability is not None:
        length = (after - first).days * MINUTES_PER_DAY
        minute = minute_of(first, month.epoch) + length * uniform(seed, f"{path}.day")
        luck = moved_with(seed, path, 0, risk.correlated_with, risk.correlation)
        if length > 0 and month.start <= minute < month.end and luck > 1 - float(risk.probability) * likelihood:
            yield 0, minute
        return
    since, until = max(first, month.first), min(after, month.last + dt.timedelta(days=1))
    days = (until - since).days
    if days <= 0 or risk.rate is None:
        return
    mean = float(risk.rate) * days / DAYS_PER_YEAR * likelihood
    luck = moved_with(seed, path, month.index, risk.correlated_with, risk.correlation)
    moments = []
    for n in range(min(poisson_number(mean, luck), MOST_A_MONTH)):
        place = uniform(seed, f"{path}.day.{n}", month.index)
        moments.append((month.index * MOST_A_MONTH + n, minute_of(since, month.epoch) + place * days * MINUTES_PER_DAY))
    yield from sorted(moments, key=lambda moment: moment[1])


def _occurrence(
    risk: Risk, number: int, minute: float, day: dt.date, likelihood: float, severity: float, seed: int
) -> Occurrence:
    until = None
    if risk.duration is not None:
        path = f"risks.{risk.id}.duration"
        months = risk.duration.at(score(seed, path, risk.duration, number))
        until = add_months(day, float(months) * severity)
    effects = drawn_for(risk.effects, seed, f"risks.{risk.id}.effects", number)
    return Occurrence(risk.id, number, minute, day, until, likelihood, severity, softened(effects, severity))


def softened(effects: Effects, severity: float) -> Effects:
    """Return effects after precautions: amounts times `severity`, each factor to its power."""
    if severity == 1:
        return effects
    return effects.model_copy(
        update={
            "factors": {
                path: replace(quantity("Factor", float(value) ** severity), source=value.source)
                for path, value in effects.factors.items()
            },
            "delays": {path: value.times(severity) for path, value in effects.delays.items()},
            "standstill": effects.standstill.times(severity),
            "tools_out": {
                name: out.model_copy(update={"time": out.time.times(severity)})
                for name, out in effects.tools_out.items()
            },
            "wafers_lost": effects.wafers_lost.times(severity),
            "damage": effects.damage.times(severity),
        }
    )
