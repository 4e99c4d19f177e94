"""What has to be paid, and who is paid first when cash is short."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from renkei.alliance.base import End
from renkei.alliance.funding import Cost
from renkei.units import Quantity

CAPITAL: frozenset[Cost] = frozenset({"tools", "building"})
"""Costs that become assets."""


@dataclass(frozen=True)
class Due:
    """An amount that falls due; `key` names what waits for it."""

    key: str
    cost: Cost
    date: dt.date
    amount: Decimal
    currency: str
    partner: str
    purpose: str
    end: End = "front_end"
    debit: str = ""
    """Account other than the cost's own: `loan` for a repayment."""
    asset: str = ""
    """What is built or bought, in the register of assets; empty: in use at once."""
    prices_of: int | None = None
    """Year in whose prices the amount is; None: as it will be paid."""

    @property
    def account(self) -> str:
        """Account that is debited: what lasts is an asset, everything else a cost."""
        return self.debit or (f"asset.{self.cost}" if self.cost in CAPITAL else f"cost.{self.cost}")


@dataclass(frozen=True)
class Obligation:
    """A due amount in yen at the rate of its day, not yet paid."""

    due: Due
    yen: int


@dataclass(frozen=True)
class Paid:
    """An obligation that was paid, and from which pots of cash."""

    obligation: Obligation
    date: dt.date
    parts: Mapping[str, int]

    @property
    def late(self) -> int:
        """Days after the due date."""
        return (self.date - self.obligation.due.date).days


def due(
    key: str,
    cost: Cost,
    date: dt.date,
    money: Quantity,
    partner: str,
    purpose: str,
    times: float = 1,
    end: End = "front_end",
    asset: str = "",
) -> Due:
    """Return `times` an agreed amount as a due; rounding to yen happens when it is booked."""
    amount = money.exact if times == 1 else money.exact * Decimal(repr(float(times)))
    return Due(key, cost, date, amount, money.currency, partner, purpose, end, asset=asset, prices_of=money.prices_of)


def settle(
    open_: Sequence[Obligation], pots: Mapping[str, int], priorities: Sequence[Cost], reserve: int, first: dt.date
) -> tuple[list[Paid], list[Obligation]]:
    """Return what is paid and what stays open.

    Order: `priorities`, then due date. A pot bound to one end pays only that end, and before the free one (`any`).
    `reserve` yen of what could pay wages stay for payroll. Once an obligation cannot be paid whole, nothing of the same
    end is paid after it, and the free pot stays closed to lower ranks: it is saved for what comes first. Paid on the
    due date, `first` (the month's first day) at the earliest.
    """
    rank = {cost: position for position, cost in enumerate(priorities)}
    left = {pot: pots.get(pot, 0) for pot in ("front_end", "back_end", "any")}
    blocked: set[str] = set()
    paid: list[Paid] = []
    still: list[Obligation] = []
    for item in sorted(open_, key=lambda o: (rank[o.due.cost], o.due.date)):
        end = item.due.end
        parts = None if end in blocked else _drawn(item, left, reserve, not blocked)
        if parts is None:
            blocked.add(end)
            still.append(item)
            continue
        for pot, yen in parts.items():
            left[pot] -= yen
        paid.append(Paid(item, max(item.due.date, first), parts))
    return paid, still


def _drawn(item: Obligation, left: Mapping[str, int], reserve: int, free: bool) -> dict[str, int] | None:
    """Return how much each pot pays, or None when they cannot."""
    own, shared = left[item.due.end], left["any"] if free else 0
    kept = 0 if item.due.cost == "payroll" else reserve
    if item.due.end == "front_end":
        if own + shared - item.yen < kept:
            return None
    elif own + shared < item.yen or (item.yen > own and left["front_end"] + left["any"] - (item.yen - own) < kept):
        return None
    first = min(own, item.yen)
    return {pot: yen for pot, yen in ((item.due.end, first), ("any", item.yen - first)) if yen}
