"""Long-term agreements: a customer's promise to take or pay, for a discount and patience (Masten and Crocker 1985)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from renkei.alliance import Alliance
from renkei.alliance.market import Agreement
from renkei.months.calendar import Month
from renkei.months.funnel import Buyer
from renkei.months.money import Receivable
from renkei.units import add_months


def begun(terms: Agreement, buyer: Buyer) -> dt.date | None:
    """Return the day from which an agreement holds: the customer's entry into volume, or its start if later."""
    if buyer.id != terms.customer or buyer.state != "volume":
        return None
    return max(buyer.entered, terms.start or buyer.entered)


def of(alliance: Alliance, buyer: Buyer, day: dt.date) -> Agreement | None:
    """Return the agreement with a buyer that is in force on a day."""
    for terms in alliance.market.agreements.values():
        since = begun(terms, buyer)
        if since is not None and since <= day < add_months(since, float(terms.term)):
            return terms
    return None


def discount(alliance: Alliance, buyer: Buyer, day: dt.date) -> float:
    """Return the factor on a buyer's price: 1 − discount under an agreement."""
    terms = of(alliance, buyer, day)
    return 1.0 if terms is None else 1 - float(terms.discount)


def patience(alliance: Alliance, buyer: Buyer, day: dt.date) -> float:
    """Return the months of delay that a buyer must bear before it may leave."""
    terms = of(alliance, buyer, day)
    return 0.0 if terms is None else float(terms.cure)


def take_or_pay(
    alliance: Alliance,
    buyers: list[Buyer],
    wants: Mapping[str, float],
    late: frozenset[str],
    prices: Mapping[str, float],
    month: Month,
) -> list[Receivable]:
    """Return what customers pay for wafers that they promised and do not want in the month.

    (take · volume − wanted) · price, from `grace` months after the beginning on; nothing while the fab is itself late
    with the customer's orders (`late`). `prices`: yen for a wafer by buyer, discount included.
    """
    found = []
    for buyer in buyers:
        terms = of(alliance, buyer, month.last)
        since = None if terms is None else begun(terms, buyer)
        if terms is None or since is None or buyer.id in late:
            continue
        if add_months(since, float(terms.grace)) > month.last:
            continue
        short = float(terms.take) * float(terms.volume) - wants.get(buyer.id, 0.0)
        yen = round(short * prices[buyer.id])
        if yen > 0:
            found.append(Receivable(buyer.id, buyer.partner, month.last, yen, f"market.agreements.{terms.id}"))
    return found
