"""What the money bought and when cash ended, in sentences."""

from __future__ import annotations

import pandas as pd

from renkei.report.result import Result
from renkei.report.words import billions, count, month

LAID_OFF = 0.8
"""Headcount as a share of the month before: less of it, while bills are open, means that wages could not be paid."""


def cash_sentences(result: Result) -> list[str]:
    """Return when cash ended, if it did, and what was paid for in all."""
    months = result.tables["months"]
    return [*_end(months), _bought(months)]


def _end(months: pd.DataFrame) -> list[str]:
    short = months["unpaid_jpy"] > 0
    if not short.any():
        return ["Cash never ended: every bill was paid in the month in which it fell due."]
    first, number = int(short.argmax()), int(short.sum())
    lasting = bool(short.iloc[first:].all())
    begin = month(months["month"].iloc[first])
    if lasting and number > 1:
        told = [f"Cash ended in {begin}: from then on bills stayed unpaid, to the end."]
    else:
        told = [
            f"Cash was short at the end of {count(number)} months, first in {begin}: bills stayed unpaid for a while."
        ]
    gone = short & (months["headcount"] < LAID_OFF * months["headcount"].shift())
    if gone.any():
        told.append(
            f"In {month(months['month'].iloc[int(gone.argmax())])} wages could no longer be paid, and people had to go."
        )
    return told


def _bought(months: pd.DataFrame) -> str:
    costs = {
        name: int(months[name].sum()) for name in months.columns if name.startswith("spent_") and name != "spent_jpy"
    }
    ranked = sorted(((yen, name) for name, yen in costs.items() if yen), reverse=True)
    parts = [
        f"{name.removeprefix('spent_').removesuffix('_jpy').replace('_', ' ')} {billions(yen)}" for yen, name in ranked
    ]
    return (
        f"Paid in all, bn JPY: {billions(sum(costs.values()))}, for {', '.join(parts)}."
        if parts
        else "Nothing was paid."
    )
