"""Metrics: what the conditions of milestones look at, from the state of a future at a month's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from renkei.alliance.milestones import Metric
from renkei.months import construction, crew, kits
from renkei.months.calendar import Month, day_of
from renkei.months.milestones import Measure, Points, counted
from renkei.months.monthrow import MonthRow
from renkei.months.scene import Scene
from renkei.months.world import World

COUNTED = {
    Metric.LOTS_STARTED, Metric.LOTS_FINISHED, Metric.LOTS_ANALYSED, Metric.FUNCTIONAL_LOTS, Metric.GOOD_TEST_CHIPS,
    Metric.CUSTOMER_LOTS_STARTED, Metric.REVENUE_WAFERS,
}  # fmt: skip
"""Metrics that the chronicle counts."""
TOOL_DAYS = {
    Metric.TOOLS_DELIVERED: "docked",
    Metric.TOOLS_INSTALLED: "installed",
    Metric.TOOLS_QUALIFIED: "qualified",
}


def measure(world: World, scene: Scene, month: Month, row: MonthRow) -> Measure:
    """Return what each metric showed in the month; exact metrics as points on their days, others at its end."""

    def read(metric: Metric, of: str) -> Points:
        if metric in COUNTED:
            return counted(world.chronicle.of(metric.value, of), month)
        if metric in TOOL_DAYS:
            return counted(_tool_days(world, scene, TOOL_DAYS[metric], of), month)
        if metric in DATED:
            return DATED[metric](world, scene, month, of)
        value = AT_END[metric](world, scene, row, of)
        return [] if value is None else [(month.last, float(value))]

    return read


def _tool_days(world: World, scene: Scene, stage: str, of: str) -> list[dt.date]:
    days = []
    for tool in world.fleet.tools:
        day, purchase = getattr(tool, stage), world.fleet.of(tool)
        if day is not None and (not of or of in (purchase.group, purchase.area)):
            days.append(day)
    return sorted(days)


def _bays(world: World, scene: Scene, month: Month, of: str) -> Points:
    """Share of a phase's tool places whose bay is ready."""
    phase = scene.alliance.site.phases[of]
    building = next(b for b in world.site if b.phase == of)
    total = sum(bay.tool_places for bay in phase.bays.values())
    days = sorted(
        (day, bay.tool_places)
        for bay in phase.bays.values()
        if (day := construction.bay_ready(building, bay)) is not None
    )
    points, done = [(month.first, float(sum(n for day, n in days if day < month.first)) / total)], 0
    for day, places in days:
        done += places
        if month.has(day):
            points.append((day, done / total))
    return points


def _route(world: World, scene: Scene, month: Month, of: str) -> Points:
    """Share of a route's tool groups that have a qualified tool."""
    groups = scene.factory.groups_of_route(of)
    days = [min(found) for group in groups if (found := _tool_days(world, scene, "qualified", group))]
    return [(day, count / len(groups)) for day, count in counted(sorted(days), month)] if groups else []


def _steps(world: World, scene: Scene, month: Month, of: str) -> Points:
    """Distinct steps done on a group or area: the floor tells the first time of each step."""
    groups, routes = scene.factory.fab.tool_groups, scene.factory.fab.routes
    days = []
    for (route, number), minute in world.heard.first_done.items():
        group = groups[routes[route][number - 1].tool_group]
        if of in (group.tool_group, group.area):
            days.append(day_of(minute, month.epoch))
    return counted(sorted(days), month)


DATED: dict[Metric, Callable[[World, Scene, Month, str], Points]] = {
    Metric.PHASE_BAYS_READY: _bays,
    Metric.ROUTE_QUALIFIED: _route,
    Metric.STEPS_DONE: _steps,
}


def _measured(name: str) -> Callable[[World, Scene, MonthRow, str], float | None]:
    def read(world: World, scene: Scene, row: MonthRow, of: str) -> float | None:
        return None if world.yields.latest is None else float(getattr(world.yields.latest, name))

    return read


def _by_product(total: str, by: str) -> Callable[[World, Scene, MonthRow, str], float | None]:
    def read(world: World, scene: Scene, row: MonthRow, of: str) -> float | None:
        value = getattr(row, by).get(of) if of else getattr(row, total)
        return None if value is None else float(value)

    return read


def _customers(world: World, scene: Scene, row: MonthRow, of: str) -> float:
    return float(len(world.funnel.entries(list(scene.alliance.market.funnel).index(of))))


def _trained(world: World, scene: Scene, row: MonthRow, of: str) -> float:
    cohorts = scene.alliance.workforce.cohorts
    return sum(
        r.people
        for r in world.crew.returned
        if (r.cohort == of or not of) and crew.abroad(scene.alliance, cohorts[r.cohort])
    )


def _funding(world: World, scene: Scene, row: MonthRow, of: str) -> float:
    received = world.money.purse.yen
    return float(received.get(of, 0)) if of else float(sum(received.values()))


AT_END: dict[Metric, Callable[[World, Scene, MonthRow, str], float | None]] = {
    Metric.GENERATIONS: lambda world, scene, row, of: world.knowledge.generations,
    Metric.PROCESS_FROZEN: lambda world, scene, row, of: kits.frozen(world.kits, scene.alliance),
    Metric.PDK_RELEASED: lambda world, scene, row, of: of in kits.released(world.kits),
    Metric.D0: _measured("density"),
    Metric.SYSTEMATIC_YIELD: _measured("systematic"),
    Metric.LINE_YIELD: _measured("line"),
    Metric.DIE_YIELD: _by_product("die_yield", "die_yield_by_product"),
    Metric.CYCLE_TIME: _by_product("cycle_time_days", "cycle_time_by_product"),
    Metric.WAFERS_OUT: lambda world, scene, row, of: row.wafers_out_by_product.get(of, 0) if of else row.wafers_out,
    Metric.GOOD_DIES: _by_product("good_dies_cumulative", "good_dies_by_product"),
    Metric.REVENUE: lambda world, scene, row, of: row.revenue_jpy,
    Metric.CUSTOMERS_AT_STAGE: _customers,
    Metric.HEADCOUNT: lambda world, scene, row, of: world.crew.headcount(of),
    Metric.TRAINED_ABROAD: _trained,
    Metric.CASH: lambda world, scene, row, of: world.money.ledger.cash,
    Metric.OPERATING_CASH_FLOW: lambda world, scene, row, of: row.operating_cash_flow_jpy,
    Metric.FUNDING_RECEIVED: _funding,
}
