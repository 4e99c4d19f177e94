"""Tax on the manufacturer's income: assessed at the end of each tax year, due some months later."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.accounts import Tax
from renkei.months.calendar import Month
from renkei.months.levy import Levy
from renkei.months.money import Money
from renkei.months.obligations import Due
from renkei.months.statement import statement
from renkei.units import add_months


def assessed(money: Money, alliance: Alliance, month: Month) -> Levy:
    """Return what is known of the tax after a month, from the books at its end and at the end of the month before.

    Income of a month = operating result − interest + parts of grants, each grant in equal parts from its month on. At
    the year's end tax = rate · (income − losses set off), the oldest losses first, of those no older than
    `carry_forward`, and `offset` of the income at most. A claw-back of a grant takes its parts back in the same way.
    """
    terms = alliance.accounts.tax
    if terms is None:
        return money.levy
    now, before, levy = statement(money.ledger), money.closed, money.levy
    new = now.grants - before.grants
    grants = (*levy.grants, (month.index, new)) if new else levy.grants
    over = max(round(float(terms.grants_over)), 1)
    income = levy.income + sum(_part(yen, month.index - since, over) for since, yen in grants)
    income += now.operating_result - before.operating_result - (now.financing_cost - before.financing_cost)
    levy = replace(levy, income=income, grants=tuple(g for g in grants if month.index - g[0] + 1 < over))
    return _closed(levy, terms, month) if month.first.month == terms.year_ends else levy


def dues(levy: Levy, alliance: Alliance, month: Month) -> list[Due]:
    """Return the tax that falls due in a month."""
    terms = alliance.accounts.tax
    to = alliance.workforce.employer if terms is None or terms.to is None else terms.to
    return [
        Due(f"tax.{day}", "tax", day, Decimal(yen), "JPY", to, "accounts.tax")
        for day, yen in levy.assessed
        if month.has(day) and yen > 0
    ]


def set_off(
    income: int, losses: Iterable[tuple[dt.date, int]], most: int, since: dt.date
) -> tuple[int, list[tuple[dt.date, int]]]:
    """Return the income left after losses of years that ended on `since` or later, and the losses left.

    `most`: yen that can be set off in all; the oldest losses go first, those from before `since` lapse.
    """
    left, still = max(min(most, income), 0), []
    for day, loss in losses:
        if day < since:
            continue
        used = min(loss, left)
        left, income = left - used, income - used
        if loss > used:
            still.append((day, loss - used))
    return income, still


def _closed(levy: Levy, terms: Tax, month: Month) -> Levy:
    """Close a tax year: a loss is carried forward, an income taxed after what can be set off against it."""
    since = add_months(month.last, -float(terms.carry_forward))
    if levy.income < 0:
        losses = [item for item in levy.losses if item[0] >= since]
        return replace(levy, income=0, losses=(*losses, (month.last, -levy.income)))
    most = int(terms.offset.exact * levy.income)
    taxable, left = set_off(levy.income, levy.losses, most, since)
    tax = round(terms.rate.exact * taxable)
    day = max(add_months(month.last, float(terms.due_after)), month.last + dt.timedelta(days=1))
    due = day, tax
    return replace(levy, income=0, losses=tuple(left), assessed=(*levy.assessed, due) if tax else levy.assessed)


def _part(yen: int, age: int, over: int) -> int:
    """Return what of a grant counts in its month number `age`, so that all parts sum to it."""
    return yen * (age + 1) // over - yen * age // over if 0 <= age < over else 0
