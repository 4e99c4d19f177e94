"""What partners give in kind: shares of promotion that they bear themselves, tools that they buy for the fab."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.months import channels
from renkei.months.calendar import Month
from renkei.months.fleet import Fleet
from renkei.months.ledger import Posting
from renkei.units import Quantity, to_yen


def given(alliance: Alliance, fleet: Fleet, month: Month, reached: Mapping[str, dt.date]) -> list[Posting]:
    """Return the month's gifts at their cost, as memoranda that balance and touch neither cash nor result.

    A channel's or promotion's share is given while it runs, a tool when it is brought in.
    """
    market, found = alliance.market, list[Posting]()
    for channel in market.channels.values():
        if channels.active(channel, month, reached):
            found += _shares(alliance, month, f"market.channels.{channel.id}", channel.cost, channel.paid_by)
    if channels.promoting(alliance, month):
        promotion = market.promotion
        found += _shares(alliance, month, "market.promotion", promotion.spend, promotion.paid_by)
    for tool in fleet.tools:
        purchase = fleet.of(tool)
        if not purchase.own and tool.docked is not None and month.has(tool.docked):
            yen = to_yen(fleet.price(tool), alliance.rate(purchase.currency, tool.docked))
            purpose, buyer = f"equipment.orders.{purchase.order.id}", purchase.order.buyer or ""
            found += _memo(tool.docked, "tools", yen, fleet.price(tool), purchase.currency, buyer, purpose)
    return found


def _shares(
    alliance: Alliance, month: Month, purpose: str, cost: Quantity, paid_by: Mapping[str, Quantity]
) -> list[Posting]:
    found = []
    for partner, share in paid_by.items():
        amount = alliance.priced(cost, month.first) * share.exact
        yen = to_yen(amount, alliance.rate(cost.currency, month.first))
        found += _memo(month.last, "promotion", yen, amount, cost.currency, partner, purpose)
    return found


def _memo(
    date: dt.date, what: str, yen: int, amount: Decimal, currency: str, partner: str, purpose: str
) -> list[Posting]:
    return [Posting(date, f"memo.{what}", "memo.in_kind", yen, amount, currency, partner, purpose)] if yen > 0 else []
