"""Metrics: what the conditions of milestones look at, from the state of a future at a month's end."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass

from renkei.alliance.milestones import Metric
from renkei.months import construction, kits
from renkei.months.calendar import Month, day_of
from renkei.months.cohorts import abroad
from renkei.months.milestones import Measure, Points, counted
from renkei.months.monthrow import MonthRow
from renkei.months.scene import Scene
from renkei.months.world import World

COUNTED = {
    Metric.LOTS_STARTED,
    Metric.LOTS_FINISHED,
    Metric.LOTS_ANALYSED,
    Metric.FUNCTIONAL_LOTS,
    Metric.GOOD_TEST_CHIPS,
    Metric.PROOF_LOTS,
    Metric.CUSTOMER_LOTS_STARTED,
    Metric.REVENUE_WAFERS,
}
"""Metrics that the chronicle counts."""
TOOL_DAYS = {
    Metric.TOOLS_DELIVERED: "docked",
    Metric.TOOLS_INSTALLED: "installed",
    Metric.TOOLS_QUALIFIED: "qualified",
}
"""Dates of a tool that are counted."""


@dataclass(frozen=True)
class Look:
    """Where a metric is read: the future, the month, and what of the metric is asked."""

    world: World
    scene: Scene
    month: Month
    row: MonthRow
    of: str


def measure(world: World, scene: Scene, month: Month, row: MonthRow) -> Measure:
    """Return what each metric showed in the month; exact metrics as points on their days, others at its end."""

    def read(metric: Metric, of: str) -> Points:
        look = Look(world, scene, month, row, of)
        if metric in COUNTED:
            return counted(world.chronicle.of(metric.value, of), month)
        if metric in TOOL_DAYS:
            return counted(_tool_days(look, TOOL_DAYS[metric]), month)
        if metric in DATED:
            return DATED[metric](look)
        value = AT_END[metric](look)
        return [] if value is None else [(month.last, float(value))]

    return read


def _tool_days(look: Look, stage: str) -> list[dt.date]:
    days, fleet = [], look.world.fleet
    for tool in fleet.tools:
        day = getattr(tool, stage)
        if day is not None and (not look.of or look.of in (fleet.of(tool).group, fleet.of(tool).area)):
            days.append(day)
    return sorted(days)


def _bays(look: Look) -> Points:
    """Share of a phase's tool places whose bay is ready."""
    phase = look.scene.alliance.site.phases[look.of]
    building = next(b for b in look.world.site if b.phase == look.of)
    total = sum(bay.tool_places for bay in phase.bays.values())
    days = [(construction.bay_ready(building, bay), bay.tool_places) for bay in phase.bays.values()]
    ready = sorted((day, places) for day, places in days if day is not None)
    before = sum(places for day, places in ready if day < look.month.first)
    points, done = [(look.month.first, before / total)], 0
    for day, places in ready:
        done += places
        if look.month.has(day):
            points.append((day, done / total))
    return points


def _route(look: Look) -> Points:
    """Share of a route's tool groups that have a qualified tool."""
    groups = look.scene.factory.groups_of_route(look.of)
    first = look.world.fleet.first_qualified(look.month.last)
    days = [first[group] for group in groups if group in first]
    return [(day, count / len(groups)) for day, count in counted(sorted(days), look.month)] if groups else []


def _steps(look: Look) -> Points:
    """Distinct steps done on a group or area: the floor tells the first time of each step."""
    groups, routes = look.scene.factory.fab.tool_groups, look.scene.factory.fab.routes
    days = []
    for (route, number), minute in look.world.heard.first_done.items():
        group = groups[routes[route][number - 1].tool_group]
        if look.of in (group.tool_group, group.area):
            days.append(day_of(minute, look.month.epoch))
    return counted(sorted(days), look.month)


DATED: dict[Metric, Callable[[Look], Points]] = {
    Metric.PHASE_BAYS_READY: _bays,
    Metric.ROUTE_QUALIFIED: _route,
    Metric.STEPS_DONE: _steps,
}
"""Other metrics with exact days."""


def _measured(name: str) -> Callable[[Look], float | None]:
    def read(look: Look) -> float | None:
        latest = look.world.yields.latest
        return None if latest is None else float(getattr(latest, name))

    return read


def _in_row(total: str, by: str) -> Callable[[Look], float | None]:
    """Read a field of the month's row, or the part of one product."""

    def read(look: Look) -> float | None:
        value = getattr(look.row, by).get(look.of) if look.of else getattr(look.row, total)
        return None if value is None else float(value)

    return read


def _customers(look: Look) -> float:
    return float(len(look.world.funnel.entries(list(look.scene.alliance.market.funnel).index(look.of))))


def _trained(look: Look) -> float:
    alliance, total = look.scene.alliance, 0
    for returned in look.world.crew.returned:
        if look.of in ("", returned.cohort) and abroad(alliance, alliance.workforce.cohorts[returned.cohort]):
            total += returned.people
    return float(total)


def _funding(look: Look) -> float:
    received = look.world.money.purse.yen
    return float(received.get(look.of, 0)) if look.of else float(sum(received.values()))


AT_END: dict[Metric, Callable[[Look], float | None]] = {
    Metric.GENERATIONS: lambda look: look.world.knowledge.generations,
    Metric.PROCESS_FROZEN: lambda look: kits.frozen(look.world.kits, look.scene.alliance),
    Metric.PDK_RELEASED: lambda look: look.of in kits.released(look.world.kits),
    Metric.D0: _measured("density"),
    Metric.SYSTEMATIC_YIELD: _measured("systematic"),
    Metric.LINE_YIELD: _measured("line"),
    Metric.DIE_YIELD: _in_row("die_yield", "die_yield_by_product"),
    Metric.CYCLE_TIME: _in_row("cycle_time_days", "cycle_time_by_product"),
    Metric.WAFERS_OUT: lambda look: look.row.wafers_out_by_product.get(look.of, 0) if look.of else look.row.wafers_out,
    Metric.GOOD_DIES: _in_row("good_dies_cumulative", "good_dies_by_product"),
    Metric.REVENUE: lambda look: look.row.revenue_jpy,
    Metric.CUSTOMERS_AT_STAGE: _customers,
    Metric.DOMESTIC_SHARE: lambda look: look.row.domestic_share,
    Metric.HEADCOUNT: lambda look: look.world.crew.headcount(look.of),
    Metric.TRAINED_ABROAD: _trained,
    Metric.CASH: lambda look: look.world.money.ledger.cash,
    Metric.OPERATING_CASH_FLOW: lambda look: look.row.operating_cash_flow_jpy,
    Metric.FUNDING_RECEIVED: _funding,
}
"""Metrics of the month's end; None: nothing measured yet."""
