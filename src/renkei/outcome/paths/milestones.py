"""The critical path of every milestone that a future reached, and what each tranche waits for."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable, Sequence

from renkei.alliance.asof import happened
from renkei.alliance.milestones import METRICS, Condition, Metric, Milestone
from renkei.months.month import FloorLot
from renkei.months.monthrow import MonthRow
from renkei.months.scene import Scene
from renkei.months.world import World
from renkei.outcome.paths import equipment, learning, market
from renkei.outcome.paths.link import Chain, Link, Trail, held_back


def critical_paths(
    world: World, scene: Scene, lots: Sequence[FloorLot], rows: Sequence[MonthRow]
) -> dict[str, list[Link]]:  # fmt: skip
    """Return the links by milestone, in order of time, for those that were reached.

    Traced backwards from the day: the condition that held last (of `any`, first), the tool, lot, kit or buyer that made
    it hold, and so on to a declared day. A link's end is the next one's beginning, but for waits that others fill.
    """
    known: dict[str, Chain] = {}

    def of(name: str) -> Chain:
        if name not in known:
            known[name] = []  # a milestone is no part of its own path
            known[name] = _path(trail, scene.alliance.milestones[name])
        return known[name]

    trail = Trail(world, scene, lots, rows, of)
    return {name: of(name) for name in scene.alliance.milestones if name in world.reached}


def _path(trail: Trail, milestone: Milestone) -> Chain:
    day, as_of = trail.reached[milestone.id], trail.alliance.actuals.as_of
    actual, path = happened(milestone.actual), f"milestones.{milestone.id}"
    if as_of is not None and actual is not None and actual <= as_of:
        return [Link("on record", path, day, day, "record")]
    condition, since = _deciding(trail, milestone, day)
    chain = list(_chain(trail, condition, since))
    last = chain[-1].until if chain else trail.alliance.first_day
    if condition.for_ is None:
        since = day  # a month-end metric holds since the month's first day, and is seen on its last
    if last < since:
        chain.append(Link(_rest(trail, condition, last, since), path, last, since, "wait"))
    if (since := max(since, last)) < day:
        chain.append(Link("holds for its time, to the month's end", path, since, day))
    return chain


def _deciding(trail: Trail, milestone: Milestone, day: dt.date) -> tuple[Condition, dt.date]:
    """Return the condition that made the day, and since when it held."""
    found: list[tuple[dt.date, int, Condition]] = []
    for number, condition in enumerate(milestone.when.conditions):
        since = (
            trail.reached.get(condition.of)
            if condition.metric is Metric.MILESTONE
            else trail.world.standing.since.get((milestone.id, number))
        )
        if since is not None:
            found.append((min(since, day), number, condition))
    if not found:
        return milestone.when.conditions[0], day
    pick = max if milestone.when.all else min
    since, _, condition = pick(found, key=lambda item: (item[0], -item[1]))
    return condition, since


def _chain(trail: Trail, condition: Condition, day: dt.date) -> Chain:
    """Return the chain behind a condition that held from a day on."""
    of, count = condition.of, max(math.ceil(condition.level), 1)
    ways: dict[Metric, Callable[[], Chain]] = {
        Metric.MILESTONE: lambda: trail.milestone(of),
        Metric.PHASE_BAYS_READY: lambda: equipment.building(trail, of, day),
        Metric.TOOLS_DELIVERED: lambda: equipment.nth_tool(trail, of, count, "docked"),
        Metric.TOOLS_INSTALLED: lambda: equipment.nth_tool(trail, of, count, "installed"),
        Metric.TOOLS_QUALIFIED: lambda: equipment.nth_tool(trail, of, count, "qualified"),
        Metric.ROUTE_QUALIFIED: lambda: equipment.route(trail, of),
        Metric.STEPS_DONE: lambda: equipment.nth_tool(trail, of, 1, "qualified"),
        Metric.LOTS_STARTED: lambda: learning.lot_started(trail, of, day),
        Metric.LOTS_FINISHED: lambda: learning.lot_finished(trail, of, day),
        Metric.PDK_RELEASED: lambda: learning.kit(trail, of),
        Metric.PROCESS_FROZEN: lambda: _frozen(trail),
        Metric.CUSTOMER_LOTS_STARTED: lambda: market.first_with_lots(trail, day),
        Metric.CUSTOMERS_AT_STAGE: lambda: market.at_stage(
            trail, list(trail.alliance.market.funnel).index(of), count
        ),
    }  # fmt: skip
    if condition.metric in ways:
        return ways[condition.metric]()
    if condition.metric in (Metric.LOTS_ANALYSED, Metric.FUNCTIONAL_LOTS, Metric.GOOD_TEST_CHIPS):
        products = learning.analysed_products(trail, condition.metric, of)
        return learning.lot_analysed(trail, products, day, "learning by experiment")
    if condition.metric in LEARNT:
        return learning.learning(trail, day, "learning by experiment")
    if condition.metric in SOLD:
        first = trail.world.chronicle.of(Metric.REVENUE_WAFERS.value, "")
        return market.revenue(trail, min(first[0], day) if first else day)
    return []


LEARNT = (
    Metric.GENERATIONS, Metric.D0, Metric.SYSTEMATIC_YIELD, Metric.LINE_YIELD, Metric.DIE_YIELD, Metric.CYCLE_TIME,
)  # fmt: skip
SOLD = (Metric.REVENUE_WAFERS, Metric.REVENUE, Metric.WAFERS_OUT, Metric.GOOD_DIES, Metric.OPERATING_CASH_FLOW)


def _rest(trail: Trail, condition: Condition, since: dt.date, until: dt.date) -> str:
    """Return what fills the time between the chain and the condition: the ramp, named by what held it back."""
    if not METRICS[condition.metric].exact and (since.year, since.month) == (until.year, until.month):
        return "is told at the month's end"
    words = {Metric.WAFERS_OUT: "ramp of orders and tools", Metric.STEPS_DONE: "the first lots come to it"}
    cause = held_back(trail, since, until)
    word = words.get(condition.metric, condition.metric.value.replace("_", " "))
    return f"{word}, held back by {cause}" if cause else word


def _frozen(trail: Trail) -> Chain:
    freezing = [
        kit for kit in trail.world.kits
        if kit.begun is not None and trail.alliance.technology.pdks[kit.pdk].freezes
    ]  # fmt: skip
    first = min(freezing, key=lambda kit: kit.begun or dt.date.max, default=None)
    return learning.kit(trail, first.pdk, frozen=True) if first is not None else []
