"""Tranches: which money of the partners arrives in a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.actuals import Receipt
from renkei.alliance.assistance import Matching
from renkei.alliance.funding import Tranche
from renkei.months import receipts
from renkei.months.calendar import Month, opened
from renkei.months.clawbacks import ended
from renkei.months.reviews import Decision, decide, released, review_of
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
    costs: Mapping[tuple[int, str], int] = field(default_factory=dict)
    """All paid cost in yen, by month index and end."""
    decisions: tuple[Decision, ...] = ()
    """Of the reviews so far, in order."""
    called: frozenset[str] = frozenset()
    """Loans whose guarantee was called: nothing more is drawn."""

    def paid(self, index: int, end: str, yen: int) -> Purse:
        """Return the purse with a cost of a month that can be claimed."""
        key = index, end
        claims, costs = ({**known, key: known.get(key, 0) + yen} for known in (self.claims, self.costs))
        return replace(self, claims=claims, costs=costs)


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
    is reimbursed once, by the tranches in the order of declaration, each up to its share. Matching: share · what others
    have paid so far, in the same month if they are declared before. Reviews held in the month decide first. Until the
    as-of date, what is on record of a tranche replaces all of this (`renkei.months.receipts`).
    """
    arrived: list[Arrival] = []
    purse = replace(purse, decisions=decide(alliance, purse.decisions, month, reached))
    for tranche in alliance.funding.tranches.values():
        facts = receipts.recorded(alliance, tranche)
        purse = _on_record(alliance, purse, tranche, facts, month, arrived)
        comes = tranche.id in purse.comes or bool(facts)
        if not comes or ended(tranche, month, reached) or receipts.settled(alliance, facts, month):
            continue
        if tranche.id in purse.called:
            continue
        if tranche.reimbursed:
            purse, found = _reimbursement(alliance, purse, tranche, month, reached)
        else:
            found = _payment(alliance, purse, tranche, month, reached)
        if found is not None and found.yen > 0:
            arrived.append(found)
            purse = _noted(purse, found)
    return purse, arrived


def entitled(
    alliance: Alliance, purse: Purse, tranche: Tranche, on: Month, reached: Reached
) -> tuple[Decimal, dt.date] | None:
    """Return how much of a tranche (not a reimbursed one) is due by a month's end, and since when; None: nothing."""
    held = opened(tranche.after, reached)
    if held is None:
        return None
    if tranche.fiscal_year is not None:
        opens = add_months(held, float(tranche.delay)) if held > dt.date.min else held
        return _budgeted(alliance, purse, tranche, on, opens) if opens <= on.last else None
    due = add_months(max(held, tranche.date or dt.date.min), float(tranche.delay))
    if due > on.last:
        return None
    allowed = released(alliance, purse.decisions, tranche, on.last if tranche.matching else due, on.last)
    if allowed is None or allowed[1] > on.last:
        return None
    amount = alliance.priced(tranche.amount, max(due, alliance.first_day))
    if tranche.matching is not None:
        amount = _matched(alliance, purse, tranche, tranche.matching, on, amount)
    return amount * allowed[0], on.within(max(due, allowed[1]))


def _budgeted(
    alliance: Alliance, purse: Purse, tranche: Tranche, on: Month, opens: dt.date
) -> tuple[Decimal, dt.date] | None:
    """Return the equal monthly parts due by a month's end: as released by reviews, each at its year's prices."""
    first, last = _span(alliance, tranche)
    total = months_between(first, last) + 1
    gone = min(max(months_between(first, on.first) + 1, 0), total)
    if total <= 0 or not gone:
        return None
    money, parts = tranche.amount, Decimal(gone)
    if money.prices_of is not None or review_of(alliance, tranche) is not None:
        parts = Decimal(0)
        for ahead in range(gone):
            day = add_months(first, ahead)
            allowed = released(alliance, purse.decisions, tranche, day, on.last)
            if allowed is not None and allowed[1] <= on.last:
                parts += allowed[0] * alliance.price_level(money.currency, money.prices_of, day)
                opens = max(opens, allowed[1])
    return money.exact * parts / total, on.within(opens)


def _matched(alliance: Alliance, purse: Purse, tranche: Tranche, terms: Matching, on: Month, most: Decimal) -> Decimal:
    """Return what is due to match the others' payments so far, at the month's rate."""
    if terms.until is not None and on.first > terms.until:
        return Decimal(0)
    others = [t for t in alliance.funding.tranches.values() if t.payer != tranche.payer and t.matching is None]
    names = terms.tranches or tuple(t.id for t in others)
    paid = sum(purse.yen.get(name, 0) for name in names)
    return min(terms.share.exact * paid / alliance.rate(tranche.amount.currency, on.first), most)


def expected(alliance: Alliance, purse: Purse, month: Month, ahead: Month, reached: Reached) -> int:
    """Return the yen believed to come after `month` until the end of `ahead`.

    Counts only what is agreed (done or approved), known, and not waiting for a milestone.
    """
    total = 0
    for tranche in alliance.funding.tranches.values():
        known = tranche.known_from is None or tranche.known_from <= month.last
        if tranche.status == "planned" or not known or opened(tranche.after, reached) is None:
            continue
        if tranche.id in purse.called:
            continue
        on_record = receipts.recorded(alliance, tranche)
        if ended(tranche, month, reached) or receipts.settled(alliance, on_record, ahead):
            continue
        if tranche.reimbursed:
            total += min(_ceiling_left(alliance, purse, tranche, ahead) or 0, _claimable(purse, tranche))
            continue
        found = entitled(alliance, purse, tranche, ahead, reached)
        if found is not None:
            missing = max(found[0] - purse.received.get(tranche.id, Decimal(0)), Decimal(0))
            total += to_yen(missing, alliance.rate(tranche.amount.currency, month.first))
    return total


def _payment(alliance: Alliance, purse: Purse, tranche: Tranche, month: Month, reached: Reached) -> Arrival | None:
    found = entitled(alliance, purse, tranche, month, reached)
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
        most = round(tranche.reimbursed_share.exact * purse.costs.get((source, end), 0))
        part = min(claims.get((source, end), 0), most, left - claimed)
        if part > 0:
            claims[source, end] -= part
            claimed += part
    year = _year(alliance, tranche, month)
    by_year = {**purse.by_year, (tranche.id, year): purse.by_year.get((tranche.id, year), 0) + claimed}
    rate = alliance.rate(tranche.amount.currency, month.first)
    return replace(purse, claims=claims, by_year=by_year), Arrival(tranche, month.first, claimed / rate, claimed)


def _ceiling_left(alliance: Alliance, purse: Purse, tranche: Tranche, month: Month) -> int | None:
    """Return the yen left of the fiscal year's ceiling as reviews released it; None outside the tranche's years."""
    year = _year(alliance, tranche, month)
    first = tranche.fiscal_year or 0
    last = tranche.until_fiscal_year or first
    if not first <= year <= last:
        return None
    allowed = released(alliance, purse.decisions, tranche, month.first, month.last)
    if allowed is None or allowed[1] > month.last:
        return None
    part = allowed[0] * alliance.priced(tranche.amount, month.first) / (last - first + 1)
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


def _on_record(
    alliance: Alliance, purse: Purse, tranche: Tranche, facts: list[Receipt], month: Month, arrived: list[Arrival]
) -> Purse:
    """Return the purse with what is on record of a tranche for the month, added to what arrived."""
    for fact, amount in receipts.in_month(facts, tranche, month):
        day = month.within(fact.date)
        came = Arrival(tranche, day, amount, to_yen(amount, alliance.rate(tranche.amount.currency, day)))
        arrived.append(came)
        purse = _noted(_claimed(purse, tranche, _year(alliance, tranche, month), came.yen), came)
    return purse


def _claimed(purse: Purse, tranche: Tranche, year: int, yen: int) -> Purse:
    """Return the purse with a recorded reimbursement set off against the fiscal year's ceiling."""
    if not tranche.reimbursed:
        return purse
    key = tranche.id, year
    return replace(purse, by_year={**purse.by_year, key: purse.by_year.get(key, 0) + yen})


def _noted(purse: Purse, arrival: Arrival) -> Purse:
    name = arrival.tranche.id
    received = purse.received.get(name, Decimal(0)) + arrival.amount
    return replace(
        purse,
        received={**purse.received, name: received},
        yen={**purse.yen, name: purse.yen.get(name, 0) + arrival.yen},
    )
