"""The funnel: each buyer's way from the first talk to volume, stage by stage."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from renkei.alliance import Alliance
from renkei.alliance.learning import Die
from renkei.alliance.market import Stage
from renkei.months.calendar import Month, opened
from renkei.months.obligations import Due, due
from renkei.months.pricing import chance, pull
from renkei.units import Quantity, add_months, uniform

Reached = Mapping[str, dt.date]


@dataclass(frozen=True)
class Buyer:
    """A possible customer."""

    id: str
    segment: str
    odds: float
    """Factor on the odds of each stage."""
    stage: int
    """Index of its stage; the number of stages: in volume."""
    entered: dt.date
    volume: float
    """Full volume, wafers a month."""
    die: Die
    partner: str = ""
    channel: str = ""
    begun: dt.date | None = None
    """Its stage's needs were met."""
    due: dt.date | None = None
    """End of its stage's duration."""
    asked: bool = False
    """Its stage's lots are asked for."""
    lots_done: int = 0
    last_lot: dt.date | None = None
    state: Literal["open", "volume", "lost"] = "open"
    reached: tuple[dt.date, ...] = ()
    """Day on which it entered each stage, in order; of the first ones before its first stage: that day."""


@dataclass(frozen=True)
class Ask:
    """One customer lot to run through the fab."""

    buyer: str
    stage: str
    product: str
    since: dt.date
    started: bool = False


@dataclass(frozen=True)
class Fee:
    """What a buyer pays at the end of a stage."""

    buyer: Buyer
    date: dt.date
    money: Quantity
    purpose: str


@dataclass(frozen=True)
class Funnel:
    """All buyers and the lots they wait for."""

    buyers: tuple[Buyer, ...] = ()
    asks: tuple[Ask, ...] = ()
    fees: tuple[Fee, ...] = ()
    """Earned in the latest step."""
    costs: tuple[Due, ...] = ()
    """What stages begun in the latest step cost, to be paid next month."""

    def unstarted(self) -> dict[tuple[str, str], int]:
        """Return the lots still to start by stage and product."""
        counts: dict[tuple[str, str], int] = {}
        for ask in self.asks:
            if not ask.started:
                counts[ask.stage, ask.product] = counts.get((ask.stage, ask.product), 0) + 1
        return counts

    def gone(self) -> frozenset[str]:
        """Return the partners that were buyers and are lost."""
        there = {buyer.partner for buyer in self.buyers if buyer.state != "lost"}
        return frozenset(buyer.partner for buyer in self.buyers if buyer.partner) - there

    def in_volume(self) -> list[Buyer]:
        """Return the buyers in volume."""
        return [buyer for buyer in self.buyers if buyer.state == "volume"]

    def entries(self, stage: int) -> list[dt.date]:
        """Return the days on which buyers entered a stage."""
        return sorted(buyer.reached[stage] for buyer in self.buyers if len(buyer.reached) > stage)


def buyer_of(
    alliance: Alliance, name: str, segment: str, odds: float, day: dt.date, channel: str = "", stage: int = 0
) -> Buyer:
    """Return an unnamed buyer of a segment that enters a stage on a day."""
    terms = alliance.market.segments[segment]
    return Buyer(
        name,
        segment,
        odds,
        stage,
        day,
        float(terms.customer_volume),
        terms.die,
        channel=channel,
        reached=(day,) * (stage + 1),
    )


def fresh_funnel(alliance: Alliance) -> Funnel:
    """Return the unnamed talks of the first day; segments take turns."""
    segments = list(alliance.market.segments)
    talks = round(float(alliance.market.talks_at_start))
    day = alliance.first_day
    return Funnel(
        tuple(buyer_of(alliance, f"talk-{n + 1}", segments[n % len(segments)], 1.0, day) for n in range(talks))
    )


def named(funnel: Funnel, alliance: Alliance, month: Month) -> list[Buyer]:
    """Return the named customers that become known in the month."""
    found, there = [], {buyer.id for buyer in funnel.buyers}
    stages = list(alliance.market.funnel)
    for customer in alliance.market.customers.values():
        if customer.id in there or max(customer.since, customer.known_from or customer.since) > month.last:
            continue
        channel = alliance.market.channels.get(customer.channel or "")
        odds = float(customer.probability_factor) * (float(channel.conversion) if channel else 1.0)
        day = max(customer.since, alliance.first_day)
        buyer = buyer_of(
            alliance, customer.id, customer.segment, odds, day, customer.channel or "", stages.index(customer.stage)
        )
        volume = buyer.volume if customer.volume is None else float(customer.volume)
        found.append(replace(buyer, partner=customer.partner or "", volume=volume, die=customer.die or buyer.die))
    return found


def step(
    funnel: Funnel, alliance: Alliance, month: Month, reached: Reached, kits: Reached, new: Sequence[Buyer], seed: int
) -> Funnel:
    """Return the funnel at the month's end: every buyer goes as far as time, milestones, kits and lots allow."""
    asks, fees, costs = list(funnel.asks), list[Fee](), list[Due]()
    buyers = []
    for buyer in (*funnel.buyers, *new):
        while buyer.state == "open":
            before = buyer
            buyer = _moved(buyer, alliance, month, reached, kits, seed, asks, fees, costs)
            if buyer == before:
                break
        buyers.append(buyer)
    alive = {buyer.id for buyer in buyers if buyer.state == "open"}
    kept = tuple(ask for ask in asks if ask.started or ask.buyer in alive)
    return Funnel(tuple(buyers), kept, tuple(fees), tuple(costs))


def lots_started(funnel: Funnel, started: Mapping[tuple[str, str], int]) -> Funnel:
    """Return the funnel after the floor released lots, by stage and product: the longest waiting ask first."""
    left, asks = dict(started), []
    for ask in funnel.asks:
        key = ask.stage, ask.product
        if not ask.started and left.get(key, 0) > 0:
            left[key] -= 1
            ask = replace(ask, started=True)
        asks.append(ask)
    return replace(funnel, asks=tuple(asks))


def lots_finished(funnel: Funnel, lots: Sequence[tuple[str, str, dt.date, int]]) -> Funnel:
    """Return the funnel after lots (stage, product, day, wafers) left the fab; scrapped ones are run anew."""
    asks, done = list(funnel.asks), dict[str, list[dt.date]]()
    for stage, product, day, wafers in lots:
        index = next((i for i, a in enumerate(asks) if a.started and (a.stage, a.product) == (stage, product)), None)
        if index is None:
            continue
        ask = asks.pop(index)
        if wafers == 0:
            asks.append(replace(ask, started=False, since=day))
        else:
            done.setdefault(ask.buyer, []).append(day)
    buyers = tuple(
        replace(b, lots_done=b.lots_done + len(done[b.id]), last_lot=max(done[b.id])) if b.id in done else b
        for b in funnel.buyers
    )
    return replace(funnel, buyers=buyers, asks=tuple(asks))


def _moved(
    buyer: Buyer, alliance: Alliance, month: Month, reached: Reached, kits: Reached, seed: int,
    asks: list[Ask], fees: list[Fee], costs: list[Due],
) -> Buyer:  # fmt: skip
    """One move of a buyer: its stage begins, its lots are asked for, or its stage ends; unchanged if none is due."""
    stage = list(alliance.market.funnel.values())[buyer.stage]
    if buyer.begun is None:
        return _begun(buyer, stage, alliance, month, reached, kits, costs)
    if buyer.due is None or buyer.due > month.last:
        return buyer
    if stage.floor_lots and not buyer.asked:
        product = alliance.market.segments[buyer.segment].product
        asks += [Ask(buyer.id, stage.id, product, buyer.due)] * stage.floor_lots
        return replace(buyer, asked=True)
    if buyer.lots_done < stage.floor_lots:
        return buyer
    end = max(buyer.due, buyer.last_lot or buyer.due) if stage.floor_lots else buyer.due
    return _decided(buyer, stage, alliance, month.within(end), seed, fees)


def _begun(
    buyer: Buyer, stage: Stage, alliance: Alliance, month: Month, reached: Reached, kits: Reached, costs: list[Due]
) -> Buyer:
    gate = opened(stage.needs, reached)
    kit = dt.date.min if stage.needs_pdk is None else kits.get(stage.needs_pdk)
    if gate is None or kit is None or max(gate, kit, buyer.entered) > month.last:
        gone = add_months(buyer.entered, float(alliance.market.waits)) <= month.last
        return replace(buyer, state="lost") if gone else buyer
    day = max(gate, kit, buyer.entered)
    length = float(stage.duration) if stage.duration is not None else 0.0
    purpose = f"market.funnel.{stage.id}"
    costs.append(
        due(f"{purpose}.{buyer.id}", "promotion", month.last, stage.cost, alliance.workforce.employer, purpose)
    )
    return replace(buyer, begun=day, due=add_months(day, length))


def _decided(buyer: Buyer, stage: Stage, alliance: Alliance, day: dt.date, seed: int, fees: list[Fee]) -> Buyer:
    rivals = pull(alliance, buyer.segment, stage, day)
    if uniform(seed, f"market.buyers.{buyer.id}.{stage.id}") >= chance(stage, buyer.odds, rivals):
        return replace(buyer, state="lost")
    fees.append(Fee(buyer, day, stage.fee, f"market.funnel.{stage.id}"))
    after = buyer.stage + 1
    return replace(
        buyer, stage=after, entered=day, begun=None, due=None, asked=False, lots_done=0, last_lot=None,
        state="volume" if after == len(alliance.market.funnel) else "open", reached=(*buyer.reached, day),
    )  # fmt: skip
