"""Tranches: which money of the partners arrives in a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.funding import Tranche
from renkei.months.calendar import Month, opened
from renkei.units import add_months, fiscal_year_span, months_between, to_yen, uniform

Reached = Mapping[str, dt.date]


@dataclass(frozen=True)
class Arrival:
    """One payment of a partner."""

    tranche: Tranche
    date: dt.date
    amount: Decimal
    """In the tranche's currency."""
    yen: int

    @property
    def pot(self) -> str:
        """Cash it goes to; a reimbursement refunds cost already borne, so it is free."""
        return "any" if self.tranche.reimbursed else self.tranche.eligible


@dataclass(frozen=True)
class Purse:
    """What has come of each tranche, and which costs may still be claimed."""

    comes: frozenset[str]
    """Tranches that come at all in this future."""
    received: Mapping[str, Decimal] = field(default_factory=dict)
    """In the tranche's currency."""
    yen: Mapping[str, int] = field(default_factory=dict)
    by_year: Mapping[tuple[str, int], int] = field(default_factory=dict)
    """Reimbursed yen by tranche and fiscal year."""
    claims: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """Paid cost in yen that nobody has reimbursed, by month index and end."""


def fresh_purse(alliance: Alliance, seed: int) -> Purse:
    """Return the purse of a future; a tranche of probability below 1 comes or not by its own draw."""
    tranches = alliance.funding.tranches.values()
    return Purse(
        frozenset(t.id for t in tranches if uniform(seed, f"funding.tranches.{t.id}.comes") < float(t.probability))
    )


def arrivals(alliance: Alliance, purse: Purse, month: Month, reached: Reached) -> tuple[Purse, list[Arrival]]:
    """Return what arrives in a month, given the milestones reached before it (model.md, Funding).

    Dated: in full on its day. Fiscal years: equal monthly parts; what a closed gate held back follows when it opens.
    Reimbursed: the eligible cost `reimbursed_after` earlier, within what is left of the fiscal year's ceiling; a cost
    is reimbursed once, by the tranche declared first.
    """
    arrived: list[Arrival] = []
    for tranche in alliance.funding.tranches.values():
        if tranche.id not in purse.comes:
            continue
        if tranche.reimbursed:
            purse, found = _reimbursement(alliance, purse, tranche, month, reached)
        else:
            found = _payment(alliance, purse, tranche, month, reached)
        if found is not None and found.yen > 0:
            arrived.append(found)
            purse = _noted(purse, found)
    return purse, arrived


def entitled(alliance: Alliance, tranche: Tranche, on: Month, reached: Reached) -> tuple[Decimal, dt.date] | None:
    """Return how much of a tranche (not a reimbursed one) is due by a month's end, and since when; None: nothing."""
    held = opened(tranche.after, reached)
    if held is None:
        return None
    if tranche.fiscal_year is None:
        day = add_months(max(held, tranche.date or dt.date.min), float(tranche.delay))
        return (alliance.priced(tranche.amount, day), on.within(day)) if day <= on.last else None
    opens = add_months(held, float(tranche.delay)) if held > dt.date.min else held
    if opens > on.last:
        return None
    first, last = _span(alliance, tranche)
    total = months_between(first, last) + 1
    gone = min(max(months_between(first, on.first) + 1, 0), total)
    months = [add_months(first, ahead) for ahead in range(gone)]
    if total <= 0 or not gone:
        return None
    level = sum(alliance.price_level(tranche.amount.currency, tranche.amount.prices_of, day) for day in months)
    return tranche.amount.exact * level / total, on.within(opens)


def expected(alliance: Alliance, purse: Purse, month: Month, ahead: Month, reached: Reached) -> int:
    """Return the yen believed to come after `month` until the end of `ahead`.

    Counts only what is agreed (done or approved), known, and not waiting for a milestone.
    """
    total = 0
    for tranche in alliance.funding.tranches.values():
        known = tranche.known_from is None or tranche.known_from <= month.last
        if tranche.status == "planned" or not known or opened(tranche.after, reached) is None:
            continue
        if tranche.reimbursed:
            total += min(_ceiling_left(alliance, purse, tranche, ahead) or 0, _claimable(purse, tranche))
            continue
        found = entitled(alliance, tranche, ahead, reached)
        if found is not None:
            missing = max(found[0] - purse.received.get(tranche.id, Decimal(0)), Decimal(0))
            total += to_yen(missing, alliance.rate(tranche.amount.currency, month.first))
    return total


def _payment(alliance: Alliance, purse: Purse, tranche: Tranche, month: Month, reached: Reached) -> Arrival | None:
    found = entitled(alliance, tranche, month, reached)
    if found is None:
        return None
    amount = found[0] - purse.received.get(tranche.id, Decimal(0))
    return Arrival(tranche, found[1], amount, to_yen(amount, alliance.rate(tranche.amount.currency, found[1])))


def _reimbursement(
    alliance: Alliance, purse: Purse, tranche: Tranche, month: Month, reached: Reached
) -> tuple[Purse, Arrival | None]:
    held = opened(tranche.after, reached)
    left = _ceiling_left(alliance, purse, tranche, month)
    if held is None or left is None or (held > dt.date.min and add_months(held, float(tranche.delay)) > month.last):
        return purse, None
    source = month.index - round(float(tranche.reimbursed_after))
    claims, claimed = dict(purse.claims), 0
    for end in _ends(tranche):
        part = min(claims.get((source, end), 0), left - claimed)
        if part > 0:
            claims[source, end] -= part
            claimed += part
    year = _year(alliance, tranche, month)
    by_year = {**purse.by_year, (tranche.id, year): purse.by_year.get((tranche.id, year), 0) + claimed}
    rate = alliance.rate(tranche.amount.currency, month.first)
    return replace(purse, claims=claims, by_year=by_year), Arrival(tranche, month.first, claimed / rate, claimed)


def _ceiling_left(alliance: Alliance, purse: Purse, tranche: Tranche, month: Month) -> int | None:
    """Return the yen left of the fiscal year's ceiling, None outside the tranche's years."""
    year = _year(alliance, tranche, month)
    first = tranche.fiscal_year or 0
    last = tranche.until_fiscal_year or first
    if not first <= year <= last:
        return None
    part = alliance.priced(tranche.amount, month.first) / (last - first + 1)
    ceiling = to_yen(part, alliance.rate(tranche.amount.currency, month.first))
    return max(ceiling - purse.by_year.get((tranche.id, year), 0), 0)


def _claimable(purse: Purse, tranche: Tranche) -> int:
    recent = max((index for index, _ in purse.claims), default=0) - round(float(tranche.reimbursed_after))
    return sum(yen for (index, end), yen in purse.claims.items() if index >= recent and end in _ends(tranche))


def _ends(tranche: Tranche) -> tuple[str, ...]:
    return ("front_end", "back_end") if tranche.eligible == "any" else (tranche.eligible,)


def _country(alliance: Alliance, tranche: Tranche) -> str:
    return alliance.partners[tranche.payer].country


def _year(alliance: Alliance, tranche: Tranche, month: Month) -> int:
    """Return the payer's fiscal year to which a month belongs."""
    country = _country(alliance, tranche)
    candidates = range(month.first.year - 1, month.first.year + 2)
    return next(y for y in candidates if month.first <= fiscal_year_span(y, country)[1])


def _span(alliance: Alliance, tranche: Tranche) -> tuple[dt.date, dt.date]:
    country, year = _country(alliance, tranche), tranche.fiscal_year or 0
    first = fiscal_year_span(year, country)[0]
    last = fiscal_year_span(tranche.until_fiscal_year or year, country)[1]
    return max(first, alliance.first_day), max(last, alliance.first_day)


def _noted(purse: Purse, arrival: Arrival) -> Purse:
    name = arrival.tranche.id
    received = purse.received.get(name, Decimal(0)) + arrival.amount
    return replace(
        purse,
        received={**purse.received, name: received},
        yen={**purse.yen, name: purse.yen.get(name, 0) + arrival.yen},
    )
