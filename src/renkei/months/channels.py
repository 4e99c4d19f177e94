"""Channels: promotion and sales offices bring serious talks with buyers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping

from renkei.alliance import Alliance
from renkei.alliance.market import Channel
from renkei.months.calendar import Month, opened
from renkei.months.funnel import Buyer, buyer_of
from renkei.months.obligations import Due, due
from renkei.months.yields import poisson_number
from renkei.units import uniform

Reached = Mapping[str, dt.date]


def bill(alliance: Alliance, month: Month, reached: Reached, unpaid: frozenset[str]) -> list[Due]:
    """Return what the manufacturer pays for channels and promotion in the month: what partners do not bear.

    What is in arrears (`unpaid` of the months before) rests and is not billed again.
    """
    dues, promotion = [], alliance.market.promotion
    for channel in alliance.market.channels.values():
        key = f"market.channels.{channel.id}"
        if active(channel, month, reached) and key not in unpaid:
            own = 1 - sum(float(part) for part in channel.paid_by.values())
            dues.append(due(key, "promotion", month.first, channel.cost, channel.owner, key, own))
    key = "market.promotion"
    if promoting(alliance, month) and key not in unpaid:
        own = 1 - sum(float(part) for part in promotion.paid_by.values())
        dues.append(due(key, "promotion", month.first, promotion.spend, alliance.workforce.employer, key, own))
    return dues


def contacts(alliance: Alliance, month: Month, reached: Reached, unpaid: frozenset[str], seed: int) -> list[Buyer]:
    """Return the buyers with whom talks begin in the month: a Poisson number of each paid channel.

    All rates are multiplied by (spend / reference)^elasticity of the joint promotion.
    """
    found: list[Buyer] = []
    factor = promotion_effect(alliance, month, unpaid)
    for channel in alliance.market.channels.values():
        if not active(channel, month, reached) or f"market.channels.{channel.id}" in unpaid:
            continue
        path = f"market.channels.{channel.id}"
        number = poisson_number(float(channel.contacts) * factor, uniform(seed, path, month.index))
        for n in range(number):
            segment = _segment(alliance, channel, uniform(seed, f"{path}.segment.{n}", month.index))
            name = f"{channel.id}-{month.first:%Y%m}-{n + 1}"
            found.append(buyer_of(alliance, name, segment, float(channel.conversion), month.first, channel=channel.id))
    return found


def active(channel: Channel, month: Month, reached: Reached) -> bool:
    """Whether a channel works in the month."""
    gate = opened(channel.after, reached)
    begun = gate is not None and max(gate, channel.start) <= month.last
    return begun and (channel.until is None or channel.until >= month.first)


def promoting(alliance: Alliance, month: Month) -> bool:
    """Whether the joint promotion runs."""
    start = alliance.market.promotion.start or alliance.first_day
    return start <= month.last and float(alliance.market.promotion.spend) > 0


def promotion_effect(alliance: Alliance, month: Month, unpaid: frozenset[str]) -> float:
    """Return the factor on all contacts; 1 without a reference or before the start, 0 for an unpaid month."""
    terms = alliance.market.promotion
    if terms.reference is None or (terms.start or alliance.first_day) > month.last:
        return 1.0
    if "market.promotion" in unpaid:
        return 0.0
    spend, reference = (alliance.yen(money, month.first) for money in (terms.spend, terms.reference))
    return float((spend / reference) ** float(terms.elasticity)) if reference else 1.0


def _segment(alliance: Alliance, channel: Channel, u: float) -> str:
    """Draw a segment by the channel's weights, else by demand."""
    segments = alliance.market.segments
    weights = {name: float(weight) for name, weight in channel.segments.items()}
    weights = weights or {name: float(segment.demand) for name, segment in segments.items()}
    left = u * sum(weights.values())
    for name, weight in weights.items():
        left -= weight
        if left < 0:
            return name
    return next(reversed(weights))
