"""Reviews: what a payer decides on continued assistance, from the milestones that are reached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.assistance import Outcome, Review
from renkei.alliance.funding import Tranche
from renkei.months.calendar import Month
from renkei.units import add_months, fiscal_year_span

Reached = Mapping[str, dt.date]


@dataclass(frozen=True)
class Decision:
    """What a review decided on a day."""

    review: str
    date: dt.date
    release: Decimal
    """Share of the ceilings."""
    paid_from: dt.date
    """What fell due before follows on this day."""
    expected: tuple[str, ...]
    """Milestones that had to be reached."""
    missing: tuple[str, ...]


def held(review: Review, until: dt.date) -> list[dt.date]:
    """Return the days on which a review is held, up to a day."""
    if review.every is None:
        return [review.date] if review.date <= until else []
    last, days, number = min(review.until or until, until), list[dt.date](), 0
    while (day := add_months(review.date, number * float(review.every))) <= last:
        days.append(day)
        number += 1
    return days


def decide(alliance: Alliance, decisions: Sequence[Decision], month: Month, reached: Reached) -> tuple[Decision, ...]:
    """Return the decisions with those of reviews held in the month, by the milestones reached before it."""
    new = [
        _decision(alliance, review, day, reached)
        for review in alliance.funding.reviews.values()
        for day in held(review, month.last)
        if month.has(day)
    ]
    return (*decisions, *new)


def released(
    alliance: Alliance, decisions: Sequence[Decision], tranche: Tranche, due: dt.date, now: dt.date
) -> tuple[Decimal, dt.date] | None:
    """Return which share of what falls due on a day may be paid, and from when on; None: not decided yet.

    `now` is the last day known. Without a review, and before it governs, everything.
    """
    review = review_of(alliance, tranche)
    if review is None or due < _governs(alliance, tranche, review.date):
        return Decimal(1), dt.date.min
    until = due if tranche.fiscal_year is not None else now
    mine = [d for d in decisions if d.review == review.id and _governs(alliance, tranche, d.date) <= until]
    return (mine[-1].release, mine[-1].paid_from) if mine else None


def review_of(alliance: Alliance, tranche: Tranche) -> Review | None:
    """Return the review that decides on a tranche, None if there is none."""
    return next((r for r in alliance.funding.reviews.values() if tranche.id in r.tranches), None)


def _governs(alliance: Alliance, tranche: Tranche, day: dt.date) -> dt.date:
    """Return the first day of the money on which a review of a day decides."""
    if tranche.fiscal_year is None:
        return day
    country = alliance.partners[tranche.payer].country
    starts = (fiscal_year_span(year, country)[0] for year in range(day.year - 1, day.year + 3))
    return next(start for start in starts if start > day)


def _decision(alliance: Alliance, review: Review, day: dt.date, reached: Reached) -> Decision:
    expected = tuple(name for name in review.expects if _is_expected(alliance, review, name, day))
    missing = tuple(name for name in expected if name not in reached)
    score = Decimal(len(expected) - len(missing)) / len(expected) if expected else Decimal(1)
    for outcome in review.outcomes:
        if _holds(outcome, score, reached):
            paid_from = add_months(day, float(outcome.delay))
            return Decision(review.id, day, outcome.release.exact, paid_from, expected, missing)
    return Decision(review.id, day, Decimal(0), day, expected, missing)


def _is_expected(alliance: Alliance, review: Review, name: str, day: dt.date) -> bool:
    promised = alliance.milestones[name].promised
    return promised is None or add_months(promised.until or promised.date, float(review.grace)) <= day


def _holds(outcome: Outcome, score: Decimal, reached: Reached) -> bool:
    enough = outcome.at_least is None or score >= outcome.at_least.exact
    return enough and all(name in reached for name in outcome.reached)
