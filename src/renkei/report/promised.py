"""The money that the partners promised, as a schedule, beside what came."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from renkei.alliance import Alliance
from renkei.alliance.funding import Tranche
from renkei.months.calendar import Month, months_of, opened
from renkei.units import add_months, fiscal_year_span, months_between

AGREED = ("done", "approved")
"""Status of tranches that are more than a plan."""
Yen = NDArray[np.float64]


def funding_schedule(alliance: Alliance) -> pd.DataFrame:
    """Return a row a month: month, promised_jpy, and agreed_jpy of it (approved or paid), in yen so far.

    The alliance's own plan, with nominal amounts at its rates and price indices and without the opening balance: dated
    tranches in full on their day; budgets in equal monthly parts of their fiscal years, reimbursed ones up to their
    ceilings; what waits for milestones from the day on which those are promised. A match counts what it would add to
    the others' promises. Left out is what has neither a day nor a promised milestone.
    """
    months = months_of(alliance)
    tranches = alliance.funding.tranches
    first = {name: _promise(alliance, t, months) for name, t in tranches.items() if t.matching is None}
    matched = {name: _match(alliance, t, first, months) for name, t in tranches.items() if t.matching is not None}
    parts = first | matched
    nothing = np.zeros(len(months))
    agreed = [yen for name, yen in parts.items() if tranches[name].status in AGREED]
    return pd.DataFrame(
        {
            "month": pd.to_datetime([month.first for month in months]),
            "promised_jpy": sum(parts.values(), nothing),
            "agreed_jpy": sum(agreed, nothing),
        }
    )


def _promise(alliance: Alliance, tranche: Tranche, months: tuple[Month, ...]) -> Yen:
    """Return the yen of a tranche by each month's end."""
    opens = _opens(alliance, tranche)
    if opens is None:
        return np.zeros(len(months))
    if tranche.fiscal_year is not None:
        return _budget(alliance, tranche, opens, months)
    due = add_months(max(opens, tranche.date or dt.date.min), float(tranche.delay))
    yen = float(alliance.yen(tranche.amount, max(due, alliance.first_day)))
    return np.array([yen if due <= month.last else 0.0 for month in months])


def _opens(alliance: Alliance, tranche: Tranche) -> dt.date | None:
    """Return the day from which a tranche is promised to be open; None: nobody said when."""
    said = {m.id: m.promised.until or m.promised.date for m in alliance.milestones.values() if m.promised is not None}
    held = opened(tranche.after, said)
    dated = tranche.date is not None or tranche.fiscal_year is not None
    return alliance.first_day if held is None and dated else held and max(held, alliance.first_day)


def _budget(alliance: Alliance, tranche: Tranche, opens: dt.date, months: tuple[Month, ...]) -> Yen:
    country, year = alliance.partners[tranche.payer].country, tranche.fiscal_year or 0
    start = max(fiscal_year_span(year, country)[0], alliance.first_day)
    end = max(fiscal_year_span(tranche.until_fiscal_year or year, country)[1], alliance.first_day)
    total = months_between(start, end) + 1
    parts = np.array([_part(alliance, tranche, month) / total for month in months])
    due = np.array([start <= month.last and month.first <= end for month in months])
    opens = add_months(opens, float(tranche.delay)) if tranche.after else opens
    held = np.array([opens > month.last for month in months])
    yen: Yen = np.where(held, 0.0, np.cumsum(parts * due))
    return yen


def _part(alliance: Alliance, tranche: Tranche, month: Month) -> float:
    return float(alliance.priced(tranche.amount, month.first) * alliance.rate(tranche.amount.currency, month.first))


def _match(alliance: Alliance, tranche: Tranche, others: dict[str, Yen], months: tuple[Month, ...]) -> Yen:
    """Return what a match adds to the others' promises, up to its amount."""
    terms, opens = tranche.matching, _opens(alliance, tranche) or alliance.first_day
    nothing = np.zeros(len(months))
    if terms is None:
        return nothing
    of_others = tuple(n for n in others if alliance.funding.tranches[n].payer != tranche.payer)
    paid = sum((others[name] for name in terms.tranches or of_others if name in others), nothing)
    most = np.array([_part(alliance, tranche, month) for month in months])
    closed = np.array([month.last < max(opens, tranche.date or opens) for month in months])
    over = np.array([terms.until is not None and month.first > terms.until for month in months])
    due = np.minimum(float(terms.share) * paid, most)
    yen: Yen = np.maximum.accumulate(np.where(closed | over, 0.0, due))
    return yen
