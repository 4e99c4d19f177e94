"""Planning: from what is believed to lot starts: development first, then customers' lots, then products."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from renkei.alliance import Alliance
from renkei.alliance.planning import Phase
from renkei.alliance.technology import DevelopmentLots
from renkei.months.analysis import effort
from renkei.months.calendar import Month, minute_of, opened
from renkei.months.factory import Factory
from renkei.months.lottypes import HOT, LotKind
from renkei.units import DAYS_PER_MONTH

Floats = NDArray[np.float64]
Reached = Mapping[str, dt.date]
FIRST_X = 2.0
"""X-factor believed before any lot has left the fab: guess, the low end of what leading fabs show (model.md)."""


@dataclass(frozen=True)
class Beliefs:
    """What is believed when a month is planned."""

    tool_minutes: Floats
    """By group: minutes of qualified tools in the month."""
    route_open: Mapping[str, dt.date]
    """By product: first day with a qualified tool in every group of its route; left out: not this month."""
    cycle_days: Mapping[str, float]
    """By product, as last measured."""
    worth: float
    """Wafers of the reference yield that a product wafer started becomes."""
    engineer_months: float
    """For analysis, a month."""
    need: Mapping[str, float]
    """By product: wafers of the reference yield to ship within one cycle time, and in the months that a plan adds."""
    wip_wafers: Mapping[str, int]
    """Product wafers in the fab, by product."""
    asks: Mapping[tuple[str, str], int]
    """Customer lots to start, by stage and product."""
    late: bool
    """An order is overdue."""
    cash: int
    """Yen for materials."""
    moves: float = math.inf
    """Loadings that operators can handle in the month; infinite without declared operators."""
    test_wafers: Mapping[str, float] = field(default_factory=dict)
    """By tool group: wafers of tools in qualification, to run as monitors in the month."""


@dataclass(frozen=True)
class Starts:
    """Releases of one lot type: `lots` from minute `first`, `interval` minutes apart."""

    lot_type: str
    first: float
    interval: float
    lots: int


@dataclass(frozen=True)
class Plan:
    """A month's lot starts, and how far each limit reaches."""

    starts: tuple[Starts, ...] = ()
    carry: Mapping[str, float] = field(default_factory=dict)
    """Parts of lots left over for the next month, by lot type."""
    development_wanted: float = 0.0
    """Lots a month that learning asks for."""
    development_planned: float = 0.0
    product_wanted: float = 0.0
    """Wafers a month to start for the orders."""
    product_planned: float = 0.0
    test_wafers: float = 0.0
    """Of tools in qualification, planned as monitor lots."""
    phase: str = ""


@dataclass
class Room:
    """What is left of the month for further lots: minutes by group and, last, operators' moves; yen for materials."""

    minutes: Floats
    yen: float

    def share(self, work: Floats, cost: float) -> float:
        """Return how much of some work and its cost still fits, between 0 and 1."""
        busy = work > 0
        hours = float(np.min(self.minutes[busy] / work[busy], initial=1.0))
        money = self.yen / cost if cost > 0 else 1.0
        return max(0.0, min(1.0, hours, money))

    def take(self, work: Floats, cost: float, share: float) -> None:
        """Use a share of some work and its cost."""
        self.minutes = self.minutes - work * share
        self.yen -= cost * share


def phase_of(alliance: Alliance, reached: Reached) -> Phase:
    """Return the phase of the ramp in force: the last one whose milestones are reached."""
    phases = list(alliance.planning.phases.values())
    return [phase for phase in phases if opened(phase.after, reached) is not None][-1]


def plan(
    alliance: Alliance,
    factory: Factory,
    kinds: Mapping[str, LotKind],
    month: Month,
    reached: Reached,
    beliefs: Beliefs,
    carry: Mapping[str, float],
) -> Plan:
    """Return the month's starts, spread evenly from the day on which their route is open."""
    phase = phase_of(alliance, reached)
    monitors = _monitors(factory, beliefs, float(phase.monitors))
    hours = beliefs.tool_minutes * factory.available * _ceilings(alliance, factory)
    room = Room(np.append(hours, beliefs.moves), float(beliefs.cash))
    tests, lots = qualification_lots(factory, month, beliefs, room), dict[str, float]()
    wanted = development(alliance, factory, month, reached, beliefs)
    part = 1.0 if alliance.planning.policy == "technology_first" else float(phase.development)
    limited = Room(np.minimum(np.append(hours * part, beliefs.moves), room.minutes), room.yen)
    planned = _fit_development(alliance, factory, month, beliefs, wanted, monitors, limited, room)
    for name, number in planned.items():
        lots |= _split(alliance.technology.development[name], kinds, number)
    _customers(alliance, factory, month, kinds, beliefs, monitors, room, lots)
    need = _product_need(alliance, beliefs) if phase.product_starts else {}
    made = _products(alliance, factory, month, beliefs, need, monitors, room, hours)
    _hot_products(alliance, kinds, beliefs, made, lots)
    _monitor_lots(kinds, monitors, lots)
    lots |= {name: lots.get(name, 0.0) + number for name, number in tests.items()}
    starts, rest = _spread(kinds, month, beliefs, lots, carry)
    return Plan(
        starts, rest, sum(wanted.values()), sum(planned.values()), sum(need.values()),
        sum(made.values()), sum(tests.values()) * factory.fab.wafers_per_lot, phase.id,
    )  # fmt: skip


def development(
    alliance: Alliance, factory: Factory, month: Month, reached: Reached, beliefs: Beliefs
) -> dict[str, float]:
    """Return the lots a month that learning asks for, by kind: learning_target · m50 per generation, within ceilings.

    Kinds of the same sort share a generation's lots.
    """
    active = [
        lots for lots in alliance.technology.development.values()
        if (gate := opened(lots.after, reached)) is not None
        and max(gate, lots.start or dt.date.min) <= month.last
        and not (lots.until and opened(lots.until, reached) is not None)
        and lots.product in beliefs.route_open
    ]  # fmt: skip
    learning = alliance.technology.learning
    target = float(alliance.planning.learning_target) * float(learning.half_lots)
    found = {}
    for lots in active:
        alike = sum(other.kind == lots.kind for other in active)
        months = generation_days(alliance, factory, lots, beliefs) / DAYS_PER_MONTH
        number = float(lots.lots) if lots.lots is not None else target / months / alike
        found[lots.id] = min(number, float(lots.ceiling))
    return found


def generation_days(alliance: Alliance, factory: Factory, lots: DevelopmentLots, beliefs: Beliefs) -> float:
    """Return the believed length of a generation: cycle time of these lots and analysis."""
    analysis = float(alliance.technology.learning.analysis_time)
    believed = beliefs.cycle_days.get(lots.product)
    if believed is None and lots.kind == "short_loop":
        believed = float(alliance.technology.learning.short_loop_time)
    if believed is None:
        believed = FIRST_X * factory.raw_minutes(lots.product, lots.wafers) / 1440
    return believed + analysis


def material_cost(alliance: Alliance, factory: Factory, kind: LotKind, on: dt.date) -> float:
    """Return the yen for the materials of one lot: by wafer, shorter routes in proportion to their steps."""
    terms = alliance.planning.materials
    price = {"development": terms.development, "monitor": terms.monitor}.get(kind.purpose, terms.product)
    part = 1.0 if kind.purpose == "monitor" else factory.part(kind.product)
    return alliance.yen(price, on) * kind.wafers * part


def _ceilings(alliance: Alliance, factory: Factory) -> Floats:
    own, general = alliance.planning.load_ceilings, alliance.planning.load_ceiling
    groups = factory.fab.tool_groups
    return np.array([float(own.get(name, own.get(groups[name].area, general))) for name in factory.groups])


@dataclass(frozen=True)
class Monitors:
    """Non-product wafers that go with each other wafer."""

    lots: Mapping[str, float]
    """Lots by product, for one other wafer."""
    work: Floats
    """Tool minutes and moves for one other wafer."""


def _monitors(factory: Factory, beliefs: Beliefs, share: float) -> Monitors:
    """Monitors make up `share` of all wafer starts; only those whose route is open run."""
    ratio, size = share / (1 - share) if share < 1 else 0.0, factory.fab.wafers_per_lot
    lots = {name: part * ratio / size for name, part in factory.monitors().items() if name in beliefs.route_open}
    work = np.zeros(len(factory.groups) + 1)
    for name, number in lots.items():
        work = work + number * _alone(factory, name, size)
    return Monitors(lots, work)


def qualification_lots(factory: Factory, month: Month, beliefs: Beliefs, room: Room) -> dict[str, float]:
    """Test wafers of tools in qualification as lots of monitors whose route is open since before the month.

    They follow the monitors that visit the tool's group, all monitors where none does, and take their hours before all
    other lots, because a tool that is not qualified makes nothing.
    """
    size, numbers = factory.fab.wafers_per_lot, dict[str, float]()
    known = {name: part for name, part in factory.monitors().items() if name in beliefs.route_open}
    known = {name: part for name, part in known.items() if beliefs.route_open[name] < month.first}
    for group, wafers in beliefs.test_wafers.items():
        fitting = {name: part for name, part in known.items() if group in factory.route_groups(name)} or known
        total = sum(fitting.values())
        for name, part in fitting.items():
            share = part / total if total > 0 else 1 / len(fitting)
            numbers[name] = numbers.get(name, 0.0) + wafers / size * share
    work = sum((number * _alone(factory, name, size) for name, number in numbers.items()), np.zeros_like(room.minutes))
    fits = room.share(work, 0.0)
    room.take(work, 0.0, fits)
    return {f"monitor.{name}": number * fits for name, number in numbers.items() if number}


def _lot_work(factory: Factory, product: str, wafers: int, monitors: Monitors) -> Floats:
    return _alone(factory, product, wafers) + wafers * monitors.work


def _alone(factory: Factory, product: str, wafers: int) -> Floats:
    """Tool minutes by group and moves of one lot, without the monitors that go with it."""
    return np.append(factory.work(product, wafers), factory.moves(product))


def _fit_development(
    alliance: Alliance,
    factory: Factory,
    month: Month,
    beliefs: Beliefs,
    wanted: Mapping[str, float],
    monitors: Monitors,
    limited: Room,
    room: Room,
) -> dict[str, float]:
    """Cut the wanted lots to what analysis clears, to their share of hours, and to cash, all by one factor."""
    terms = alliance.technology.development
    work, cost, analysis = np.zeros(len(factory.groups) + 1), 0.0, 0.0
    for name, number in wanted.items():
        lots = terms[name]
        kind = LotKind("", "development", name, lots.product, lots.priority, lots.wafers)
        work = work + number * _lot_work(factory, lots.product, lots.wafers, monitors)
        cost += number * material_cost(alliance, factory, kind, month.first)
        analysis += number * effort(alliance, lots.kind)
    share = limited.share(work, cost)
    if analysis > 0:
        share = min(share, beliefs.engineer_months / analysis)
    room.take(work, cost, share)
    return {name: number * share for name, number in wanted.items()}


def _split(lots: DevelopmentLots, kinds: Mapping[str, LotKind], number: float) -> dict[str, float]:
    name = f"development.{lots.id}"
    hot = float(lots.hot_share) if f"{name}.hot" in kinds else 0.0
    return {name: number * (1 - hot), f"{name}.hot": number * hot} if hot else {name: number}


def _customers(
    alliance: Alliance, factory: Factory, month: Month, kinds: Mapping[str, LotKind], beliefs: Beliefs,
    monitors: Monitors, room: Room, lots: dict[str, float],
) -> None:  # fmt: skip
    """Whole customer lots, as many as fit."""
    for (stage, product), number in beliefs.asks.items():
        if product not in beliefs.route_open:
            continue
        kind = kinds[f"customer.{stage}.{product}"]
        work = _lot_work(factory, product, kind.wafers, monitors)
        cost = material_cost(alliance, factory, kind, month.first)
        possible = math.floor(number * room.share(number * work, number * cost) + 1e-9)
        room.take(possible * work, possible * cost, 1.0)
        lots[kind.name] = float(possible)


def level_months(alliance: Alliance) -> int:
    """Return the months further ahead than the cycle time that the policy looks: starts are spread over them."""
    return round(float(alliance.planning.level_over)) if alliance.planning.policy == "level" else 0


def _product_need(alliance: Alliance, beliefs: Beliefs) -> dict[str, float]:
    """Wafers to start: what must be shipped within a cycle time, over the believed yield, less what is in the fab.

    Chase against level production (Hopp and Spearman, Factory Physics, ch. 13): the level policy sees the need of more
    months and starts its equal part of them.
    """
    need, months = {}, level_months(alliance) + 1
    for product, wafers in beliefs.need.items():
        start = (wafers / max(beliefs.worth, 1e-3) - beliefs.wip_wafers.get(product, 0)) / months
        if start > 0 and product in beliefs.route_open:
            need[product] = start
    return need


def _products(
    alliance: Alliance, factory: Factory, month: Month, beliefs: Beliefs, need: Mapping[str, float], monitors: Monitors,
    room: Room, hours: Floats,
) -> dict[str, float]:  # fmt: skip
    """Cut the needed wafers to hours, cash and the WIP cap; the products share what there is."""
    size, made = factory.fab.wafers_per_lot, dict(need)
    for product, wafers in need.items():
        rate = wafers_a_month(factory, product, hours, monitors)
        months = factory.raw_minutes(product, size) / month.minutes
        cap = float(alliance.planning.wip_cap) * months * rate - beliefs.wip_wafers.get(product, 0)
        made[product] = max(min(wafers, cap), 0.0)
    work, cost = np.zeros(len(factory.groups) + 1), 0.0
    for product, wafers in made.items():
        kind = LotKind("", "product", product, product, 10, size)
        work = work + wafers / size * _lot_work(factory, product, size, monitors)
        cost += wafers / size * material_cost(alliance, factory, kind, month.first)
    share = room.share(work, cost)
    room.take(work, cost, share)
    return {product: wafers * share for product, wafers in made.items()}


def wafers_a_month(factory: Factory, product: str, minutes: Floats, monitors: Monitors | None = None) -> float:
    """Return the product wafers that tool minutes suffice for, nothing else running."""
    size = factory.fab.wafers_per_lot
    work = factory.work(product, size) / size + (monitors.work[:-1] if monitors else 0.0)
    busy = work > 0
    return float(np.min(minutes[busy] / work[busy], initial=np.inf)) if busy.any() else 0.0


def _hot_products(
    alliance: Alliance,
    kinds: Mapping[str, LotKind],
    beliefs: Beliefs,
    made: Mapping[str, float],
    lots: dict[str, float],
) -> None:
    """While orders are late, product lots fill the hot share that others leave; starts stand for WIP."""
    hot = sum(number for name, number in lots.items() if kinds[name].priority >= HOT)
    total = sum(lots.values())
    for product, wafers in made.items():
        number = wafers / kinds[f"product.{product}"].wafers
        share = float(alliance.planning.hot_share)
        urgent = min(max(share * (total + number) - hot, 0.0), number) if beliefs.late else 0.0
        lots[f"product.{product}"] = number - urgent
        lots[f"product.{product}.hot"] = urgent


def _monitor_lots(kinds: Mapping[str, LotKind], monitors: Monitors, lots: dict[str, float]) -> None:
    wafers = sum(number * kinds[name].wafers for name, number in lots.items())
    for product, each in monitors.lots.items():
        lots[f"monitor.{product}"] = each * wafers


def _spread(
    kinds: Mapping[str, LotKind], month: Month, beliefs: Beliefs, lots: Mapping[str, float], carry: Mapping[str, float]
) -> tuple[tuple[Starts, ...], dict[str, float]]:
    """Whole lots, evenly over what is left of the month once their route is open; parts are carried on."""
    starts, rest = [], dict(carry)
    for name, number in lots.items():
        opens = max(minute_of(beliefs.route_open[kinds[name].product], month.epoch), month.start)
        length = month.end - opens
        whole = kinds[name].purpose == "customer"
        exact = number if whole else number * length / month.minutes + carry.get(name, 0.0)
        count = math.floor(exact + 1e-9)
        rest[name] = 0.0 if whole else exact - count
        if count and length > 0:
            starts.append(Starts(name, opens + length / count / 2, length / count, count))
    return tuple(starts), rest
