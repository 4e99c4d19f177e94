"""What a wafer brings, and what rivals' offers take: price, price pressure, choice between offers."""

from __future__ import annotations

import datetime as dt

from renkei.alliance import Alliance
from renkei.alliance.market import Rival, Stage
from renkei.units import DAYS_PER_MONTH, to_yen


def wafer_price(alliance: Alliance, segment: str, day: dt.date) -> float:
    """Return the yen for a wafer of the reference yield on a day.

    The leader's price on `on`, a newcomer's share of it, the yearly change, the segment's factor, and 1 − price_cut of
    each rival as far as its offer is there.
    """
    terms = alliance.market.price
    years = (day - terms.on).days / 365.25
    leader = to_yen(terms.incumbent.exact, alliance.rate(terms.incumbent.currency, day))
    factor = float(terms.newcomer) * float(alliance.market.segments[segment].price_factor)
    for rival in alliance.market.rivals.values():
        factor *= 1 - float(rival.price_cut) * reach(rival, segment, day)
    return float(leader * factor * (1 + float(terms.change)) ** years)


def reach(rival: Rival, segment: str, day: dt.date) -> float:
    """Return the share of a segment's buyers that a rival can serve on a day: a straight ramp from its start."""
    if rival.segments and segment not in rival.segments:
        return 0.0
    months = (day - rival.start).days / DAYS_PER_MONTH
    full = float(rival.segments[segment]) if rival.segments else 1.0
    return full * min(max(months / float(rival.ramp), 0.0), 1.0)


def pull(alliance: Alliance, segment: str, stage: Stage, day: dt.date) -> float:
    """Return the weight of all rivals' offers at a stage, that of the own offer being 1.

    Each counts reach · performance · (own price / its price)^elasticity: an attraction model (Bell, Keeney and Little
    1975), the multinomial logit in logarithms of price (McFadden 1974).
    """
    total, elasticity = 0.0, float(alliance.market.price_elasticity)
    for rival in alliance.market.rivals.values():
        there = reach(rival, segment, day) if stage.id in rival.compared_at else 0.0
        if there > 0:
            years = (day - rival.start).days / 365.25
            its = to_yen(rival.price.exact, alliance.rate(rival.price.currency, day))
            ratio = wafer_price(alliance, segment, day) / (float(its) * (1 + float(rival.change)) ** years)
            total += there * float(rival.performance) * ratio**elasticity
    return total


def chance(stage: Stage, odds: float, rivals: float = 0.0) -> float:
    """Return the chance that a buyer goes on: its odds alone are the declared ones times `odds`.

    Leaving weighs (1 − p) / (p · odds), rivals weigh `rivals`, the own offer 1.
    """
    p = float(stage.probability)
    if p <= 0:
        return 0.0
    return 1 / ((1 - p) / (p * odds) + 1 + rivals)
