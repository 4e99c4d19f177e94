"""Chains of buyers: stage by stage, or through the kit or milestone that a stage waited for."""

from __future__ import annotations

import datetime as dt

from renkei.months.funnel import Buyer
from renkei.months.kits import released
from renkei.outcome.paths.learning import kit
from renkei.outcome.paths.link import Chain, Link, Trail


def buyer(trail: Trail, who: Buyer, stage: int) -> Chain:
    """Return the chain by which a buyer entered a stage (by index; the number of stages: volume)."""
    stages = list(trail.alliance.market.funnel.values())
    ways: Chain = []
    for at in range(stage - 1, -1, -1):
        entered, left, terms = who.reached[at], who.reached[at + 1], stages[at]
        need, chain = _need(trail, at)
        if need is not None and entered < need <= left:
            return [*chain, *_stage(who, terms.id, need, left), *ways]
        ways = [*_stage(who, terms.id, entered, left), *ways]
    first = who.reached[0]
    path = f"market.customers.{who.id}" if who.id in trail.alliance.market.customers else _channel(who)
    return [Link(f"{who.id}: first met", path, first, first, "start"), *ways]


def revenue(trail: Trail, day: dt.date) -> Chain:
    """Return the chain of the first buyer in volume before a day, and of what it was delivered."""
    volume = len(trail.alliance.market.funnel)
    there = [b for b in trail.world.funnel.buyers if len(b.reached) > volume and b.reached[volume] <= day]
    if not there:
        return []
    first = min(there, key=lambda b: (b.reached[volume], b.id))
    since = first.reached[volume]
    made = Link(f"{first.id}: its wafers are made, packaged, tested", "market.delivery", since, day)
    return [*buyer(trail, first, volume), made]


def at_stage(trail: Trail, stage: int, count: int) -> Chain:
    """Return the chain of the buyer that made the count of those who reached a stage."""
    there = sorted(
        (b for b in trail.world.funnel.buyers if len(b.reached) > stage), key=lambda b: (b.reached[stage], b.id)
    )
    return buyer(trail, there[count - 1], stage) if 0 < count <= len(there) else []


def first_with_lots(trail: Trail, day: dt.date) -> Chain:
    """Return the chain of the first buyer in a stage that runs lots, or in volume, before a day."""
    stages = list(trail.alliance.market.funnel.values())
    found: list[tuple[dt.date, str, int, Buyer]] = []
    for who in trail.world.funnel.buyers:
        for at, entered in enumerate(who.reached):
            if entered <= day and (at == len(stages) or stages[at].floor_lots):
                found.append((entered, who.id, at, who))
    if not found:
        return []
    entered, _, at, who = min(found, key=lambda item: item[:3])
    need, chain = _need(trail, at) if at < len(stages) else (None, [])
    if need is not None and entered < need <= day:
        return [*chain, Link(f"{who.id}: its lot starts", "planning", need, day, "wait")]
    return [*buyer(trail, who, at), Link(f"{who.id}: its lot starts", "planning", entered, day, "wait")]


def _need(trail: Trail, at: int) -> tuple[dt.date | None, Chain]:
    """Return when the last thing that a stage needs was there, and its chain."""
    terms = list(trail.alliance.market.funnel.values())[at]
    days = {name: trail.reached[name] for name in terms.needs if name in trail.reached}
    last = max(days, key=lambda name: days[name], default="")
    out = released(trail.world.kits).get(terms.needs_pdk or "")
    if out is not None and (not last or out >= days[last]):
        return out, kit(trail, terms.needs_pdk or "")
    return (days[last], trail.milestone(last)) if last else (None, [])


def _stage(who: Buyer, stage: str, since: dt.date, until: dt.date) -> Chain:
    return [Link(f"{who.id}: {stage}", f"market.funnel.{stage}", since, until)] if until > since else []


def _channel(who: Buyer) -> str:
    return f"market.channels.{who.channel}" if who.channel else "market"
