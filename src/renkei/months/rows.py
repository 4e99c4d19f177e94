"""The first numbers of a month's row: people, tools, starts, buyers."""

from __future__ import annotations

from renkei.months import construction, deliveries, risks
from renkei.months.calendar import Month
from renkei.months.cohorts import abroad
from renkei.months.fleet import ordered_by_country
from renkei.months.lottypes import wafers_of
from renkei.months.month import Heard
from renkei.months.monthrow import MonthRow
from renkei.months.opening import Draft
from renkei.months.orders import domestic_country
from renkei.months.scene import Scene
from renkei.months.world import World


def basic_row(world: World, scene: Scene, month: Month, draft: Draft, heard: Heard) -> MonthRow:
    """Return the month's row as far as it is known before wafers are yielded and goods sold."""
    row = MonthRow(month.first, phase=draft.plan.phase, risks=", ".join(risks.present(world.risks, month)))
    _people(row, world, scene, draft)
    _tools(row, world, scene, month)
    _floor(row, scene, heard)
    buyers = world.funnel.buyers
    row.buyers_talking = sum(buyer.state == "open" for buyer in buyers)
    row.buyers_in_volume = len(world.funnel.in_volume())
    row.buyers_lost = sum(buyer.state == "lost" for buyer in buyers)
    row.demand_wspm = sum(deliveries.wanted(world.funnel, scene.alliance, month.last).values())
    row.backlog_wafers = world.book.backlog
    row.development_wanted, row.development_planned = draft.plan.development_wanted, draft.plan.development_planned
    row.product_wanted, row.product_planned = draft.plan.product_wanted, draft.plan.product_planned
    return row


def _people(row: MonthRow, world: World, scene: Scene, draft: Draft) -> None:
    workforce = scene.alliance.workforce
    foreign = {c.id for c in workforce.cohorts.values() if abroad(scene.alliance, c)}
    row.headcount = world.crew.headcount()
    row.headcount_by_role = {role: world.crew.headcount(role) for role in workforce.roles}
    row.hires_by_role = dict(world.crew.hires)
    row.cohorts_waiting = len(world.crew.waiting)
    row.abroad = sum(v.people for v in world.crew.vintages if v.cohort in foreign)
    row.trained_abroad = sum(r.people for r in world.crew.returned if r.cohort in foreign)
    row.engineer_months = draft.grants.available
    row.engineers_needed, row.engineers_granted = dict(draft.grants.needed), dict(draft.grants.granted)


def _tools(row: MonthRow, world: World, scene: Scene, month: Month) -> None:
    for tool in world.fleet.tools:
        row.tools_ordered += tool.ordered is not None
        row.tools_delivered += tool.docked is not None and tool.docked <= month.last
        row.tools_installed += tool.installed is not None and tool.installed <= month.last
        row.tools += tool.runs(month.last)
    row.tool_orders_by_country = ordered_by_country(world.fleet, scene.alliance)
    total = sum(row.tool_orders_by_country.values())
    row.domestic_share = row.tool_orders_by_country.get(domestic_country(scene.alliance), 0) / total if total else None
    row.places_ready = construction.places_ready(world.site, scene.alliance, month.last)


def _floor(row: MonthRow, scene: Scene, heard: Heard) -> None:
    kinds, released = scene.kinds, heard.released_lots
    row.wafer_starts = wafers_of(kinds, released, "product") + wafers_of(kinds, released, "customer")
    row.development_wafer_starts = wafers_of(kinds, released, "development")
    row.monitor_wafer_starts = wafers_of(kinds, released, "monitor")
    row.lots_started = sum(n for name, n in released.items() if kinds[name].purpose != "monitor")
    row.lots_finished = len(heard.lots)
    row.wip_lots, row.wip_wafers, row.lot_steps = heard.mean_wip_lots, heard.wip_wafers, heard.lot_steps
