"""Claw-backs: money that is given back because a milestone was not reached by its day."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.funding import Tranche
from renkei.months.calendar import Month
from renkei.months.ledger import Posting
from renkei.months.obligations import Due
from renkei.units import add_months

Reached = Mapping[str, dt.date]
DAYS_PER_YEAR = Decimal("365.25")


@dataclass(frozen=True)
class Reclaim:
    """What a payer has asked back."""

    tranche: str
    date: dt.date
    """Due."""
    yen: int
    interest: int
    missing: tuple[str, ...]


def missed(tranche: Tranche, month: Month, reached: Reached) -> tuple[str, ...]:
    """Return the milestones of a tranche's claw-back that were not reached by its day; none while the day is ahead."""
    terms = tranche.claw_back
    if terms is None or terms.by >= month.first:
        return ()
    return tuple(name for name in terms.milestones if name not in reached or reached[name] > terms.by)


def ended(tranche: Tranche, month: Month, reached: Reached) -> bool:
    """Whether a tranche pays nothing more because its milestones were missed."""
    return tranche.claw_back is not None and tranche.claw_back.ends and bool(missed(tranche, month, reached))


def reclaimed(
    alliance: Alliance, done: Sequence[Reclaim], postings: Sequence[Posting], month: Month, reached: Reached
) -> tuple[tuple[Reclaim, ...], list[Due]]:
    """Return the reclaims with those that fall due in the month, and what is owed: a share of what was received.

    yen = share · received; interest = Σ share · receipt · rate · days / 365.25. The first reverses the grant or the
    equity in the books, the interest is a cost.
    """
    found, dues, known = list(done), list[Due](), {item.tranche for item in done}
    for tranche in alliance.funding.tranches.values():
        terms, missing = tranche.claw_back, missed(tranche, month, reached)
        if terms is None or not missing or tranche.id in known:
            continue
        day = month.within(add_months(terms.by, float(terms.delay)))
        if day > month.last:
            continue
        purpose = f"funding.tranches.{tranche.id}"
        receipts = [p for p in postings if p.purpose == purpose and p.debit.startswith("cash.")]
        yen = round(terms.share.exact * sum(p.yen for p in receipts))
        days = sum(p.yen * (day - p.date).days for p in receipts)
        interest = round(terms.share.exact * terms.interest.exact * days / DAYS_PER_YEAR)
        found.append(Reclaim(tranche.id, day, yen, interest, missing))
        key, payer = f"claw-back.{tranche.id}", tranche.payer
        dues.append(Due(key, "claw_back", day, Decimal(yen), "JPY", payer, purpose, debit=tranche.kind))
        dues.append(Due(f"{key}.interest", "claw_back", day, Decimal(interest), "JPY", payer, purpose))
    return tuple(found), dues
