"""Guaranteed loans: drawn, interest every month, repaid in equal parts after a time of grace."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from renkei.alliance.funding import Loan
from renkei.months.calendar import Month
from renkei.months.obligations import Due
from renkei.units import months_between


@dataclass(frozen=True)
class Draw:
    """One drawn amount of a loan; yen."""

    tranche: str
    lender: str
    month: Month
    principal: int
    owed: int
    terms: Loan
    claim: bool = False
    """What a guarantor has paid for the manufacturer: owed to it, and nothing of it falls due."""


def service(draws: Sequence[Draw], month: Month) -> tuple[tuple[Draw, ...], list[Due]]:
    """Return the loans after this month's repayment and what falls due: interest on what was owed, and the repayment.

    Monthly interest is a twelfth of the yearly rate; the last part takes the rounding.
    """
    after: list[Draw] = []
    dues: list[Due] = []
    for draw in draws:
        if draw.owed <= 0 or draw.claim or draw.month.index == month.index:
            after.append(draw)
            continue
        purpose, key = f"funding.tranches.{draw.tranche}", f"loan.{draw.tranche}.{draw.month.index}.{month.index}"
        interest = round(Decimal(draw.owed) * draw.terms.interest.exact / 12)
        repaid = _repayment(draw, month)
        if interest > 0:
            dues.append(
                Due(f"{key}.interest", "debt_service", month.last, Decimal(interest), "JPY", draw.lender, purpose)
            )
        if repaid:
            dues.append(
                Due(
                    f"{key}.part",
                    "debt_service",
                    month.last,
                    Decimal(repaid),
                    "JPY",
                    draw.lender,
                    purpose,
                    debit="loan",
                )
            )
        after.append(replace(draw, owed=draw.owed - repaid))
    return tuple(after), dues


def _repayment(draw: Draw, month: Month) -> int:
    parts = max(1, math.ceil(float(draw.terms.repayment)))
    number = months_between(draw.month.first, month.first) - math.floor(float(draw.terms.grace))
    if number < 1:
        return 0
    return draw.owed if number >= parts else min(draw.owed, draw.principal // parts)


def ahead_of(draws: Sequence[Draw], month: Month, months: int) -> list[int]:
    """Return interest and repayment in yen of the loans drawn so far, for each of the next `months` months."""
    out = [0] * months
    for draw in draws:
        if draw.claim:
            continue
        owed, rate = draw.owed, float(draw.terms.interest) / 12
        parts, grace = max(1, math.ceil(float(draw.terms.repayment))), math.floor(float(draw.terms.grace))
        begun = months_between(draw.month.first, month.first)
        for ahead in range(months):
            if owed <= 0:
                break
            number = begun + ahead + 1 - grace
            part = 0 if number < 1 else owed if number >= parts else min(owed, draw.principal // parts)
            out[ahead] += round(owed * rate) + part
            owed -= part
    return out
