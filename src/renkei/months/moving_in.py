"""Moving in: from a paid order to the maker's delivery, a place in a bay, the dock, and the maker's start-up."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace

from renkei.alliance import Alliance
from renkei.months.buying import key_of
from renkei.months.calendar import CLOSED, Month
from renkei.months.construction import Site, late_for, phases_of_projects, usable
from renkei.months.fleet import NEVER, Fleet, Tool
from renkei.months.orders import Purchase
from renkei.months.supply import licence_of, reserved, shipping_days, slip_of, way, window_day
from renkei.units import add_months


@dataclass
class Yard:
    """What tools wait for one after the other, while a month's move-ins are worked out."""

    places: dict[str, int]
    """Free tool places by bay (`phase/bay`)."""
    docks: dict[str, dt.datetime]
    """By phase: when its dock can take the next tool."""
    installers: dict[str, tuple[dt.date, ...]]
    """By supplier: when each installation crew is free."""
    entry: Mapping[str, dt.date]
    """By supplier: when its crews may enter the country."""


def arrive(fleet: Fleet, alliance: Alliance, site: Site, month: Month, unpaid: frozenset[str], seed: int = 0) -> Fleet:
    """Return the fleet after the month's orders, deliveries, move-ins and installations."""
    tools, makers = [], dict(fleet.makers_free)
    for tool in fleet.tools:
        tool, makers = _bought(tool, fleet.of(tool), alliance, month, unpaid, makers, seed)
        tools.append(tool)
    installers = {**_installers(alliance), **fleet.installers_free}
    yard = Yard(_free_places(tools, alliance), dict(fleet.dock_free), installers, _entry(tools, fleet, alliance))
    tools = _docked(tools, fleet, alliance, site, month, yard)
    return replace(fleet, tools=tuple(tools), dock_free=yard.docks, makers_free=makers, installers_free=yard.installers)


def _bought(
    tool: Tool, purchase: Purchase, alliance: Alliance, month: Month, unpaid: frozenset[str],
    makers: dict[str, dt.date], seed: int,
) -> tuple[Tool, dict[str, dt.date]]:  # fmt: skip
    """Place the order once it is paid, then note the day on which the delivery is paid."""
    if tool.ordered is None and tool.wanted is not None:
        if tool.billed != "order" or key_of(tool, "order") in unpaid:
            days = (month.last - month.within(tool.wanted)).days + 1
            closed = "tools" if CLOSED in purchase.order.after else "money"
            return tool.late(tool.held or closed, days), makers
        return _ordered(tool, purchase, alliance, month, makers, seed)
    if tool.billed == "delivery" and tool.paid is None and tool.delivery is not None:
        if key_of(tool, "delivery") in unpaid:
            return tool.late("money", (month.last - month.within(tool.delivery)).days + 1), makers
        return replace(tool, paid=month.within(tool.delivery)), makers
    return tool, makers


def _ordered(
    tool: Tool, purchase: Purchase, alliance: Alliance, month: Month, makers: dict[str, dt.date], seed: int
) -> tuple[Tool, dict[str, dt.date]]:
    """The day at the dock: past the maker's queue, slips and licence, or the tool's place in the agreed window, as much
    later as the order was; a window waits for nothing but the licence."""
    day = month.within(tool.wanted or month.first)
    agreed = window_day(purchase, tool.position)
    if agreed is None:
        there = way(purchase, alliance, day, makers, slip_of(purchase, alliance, tool.id, seed))
        tool = replace(tool, ordered=day, delivery=there.delivery).late("tools", there.lost)
        return tool, reserved(purchase, alliance, there.ready, makers)
    promised = max(agreed + (day - (tool.wanted or day)), day)
    licence, delivery = licence_of(alliance, purchase, day), promised
    if licence is not None:
        at_sea = dt.timedelta(days=shipping_days(alliance, purchase))
        delivery = max(promised, add_months(day, float(licence.time)) + at_sea)
    return replace(tool, ordered=day, delivery=delivery).late("tools", (delivery - promised).days), makers


def _docked(tools: list[Tool], fleet: Fleet, alliance: Alliance, site: Site, month: Month, yard: Yard) -> list[Tool]:
    """Move in what is delivered and paid, first come first served: a place in a ready bay, then a slot of the dock."""
    waiting = [
        i for i, t in enumerate(tools) if t.docked is None and t.delivery is not None and t.delivery <= month.last
    ]
    for index in sorted(waiting, key=lambda i: (max(tools[i].delivery or NEVER, tools[i].paid or NEVER), i)):
        tool, purchase = tools[index], fleet.of(tools[index])
        if tool.paid is None or tool.delivery is None:
            continue
        tools[index] = _moved_in(tool, purchase, alliance, site, month, yard)
    return tools


def _moved_in(tool: Tool, purchase: Purchase, alliance: Alliance, site: Site, month: Month, yard: Yard) -> Tool:
    """One tool to the best bay: the one that can take it first; days lost go to what it waited for."""
    there = max(tool.delivery or NEVER, tool.paid or NEVER)
    best = _bay(purchase, alliance, site, yard.places)
    since = month.within(there)
    if best is None or best[0] > month.last:
        cause = "site" if best is None else best[2]
        return tool.late(cause, (month.last - since).days + 1)
    ready, bay, cause, phase = best[0], best[1], best[2], best[1].split("/")[0]
    free_at = max(ready, there)
    slot = max(dt.datetime.combine(free_at, dt.time()), yard.docks.get(phase, dt.datetime.min))
    tool = tool.late(cause, (min(ready, month.last) - since).days if ready > since else 0)
    if slot.date() > month.last:
        return tool.late("site", (month.last - max(month.first, free_at)).days + 1)
    rate = float(alliance.site.phases[phase].dock_tools_per_week)
    yard.docks[phase] = slot + dt.timedelta(days=7 / rate)
    yard.places[bay] -= 1
    tool = tool.late("site", (slot.date() - max(month.first, free_at)).days)
    return _installing(replace(tool, docked=slot.date(), bay=bay), purchase, yard)


def _installing(tool: Tool, purchase: Purchase, yard: Yard) -> Tool:
    """Assembly, hook-up and SL1 follow the move-in as soon as a crew of the maker is free and may enter."""
    day, docked = dt.timedelta(days=1), tool.docked or NEVER
    terms, crews = purchase.installation, sorted(yard.installers.get(purchase.supplier, ()))
    begun = max([docked, yard.entry.get(purchase.supplier, docked), *crews[:1]])
    installed = begun + day * (round(float(terms.install)) + round(float(terms.hook_up)))
    started_up = installed + day * round(float(terms.sl1))
    if crews:
        yard.installers[purchase.supplier] = (*crews[1:], started_up)
    tool = tool.late("tools", (begun - docked).days)
    return replace(tool, installed=installed, started_up=started_up)


def _installers(alliance: Alliance) -> dict[str, tuple[dt.date, ...]]:
    return {
        supplier.id: (dt.date.min,) * max(round(float(supplier.install_crews)), 1)
        for supplier in alliance.equipment.suppliers.values()
        if supplier.install_crews is not None
    }


def _entry(tools: list[Tool], fleet: Fleet, alliance: Alliance) -> dict[str, dt.date]:
    """Visas are asked for with a maker's first order."""
    first: dict[str, dt.date] = {}
    for tool in tools:
        if tool.ordered is not None:
            supplier = fleet.of(tool).supplier
            first[supplier] = min(first.get(supplier, NEVER), tool.ordered)
    makers = alliance.equipment.suppliers
    return {name: add_months(day, float(makers[name].visa)) for name, day in first.items() if name in makers}


def _free_places(tools: list[Tool], alliance: Alliance) -> dict[str, int]:
    free = {
        f"{phase.id}/{bay.id}": bay.tool_places
        for phase in alliance.site.phases.values()
        for bay in phase.bays.values()
    }
    for tool in tools:
        if tool.bay:
            free[tool.bay] -= 1
    return free


def _bay(
    purchase: Purchase, alliance: Alliance, site: Site, free: Mapping[str, int]
) -> tuple[dt.date, str, str] | None:
    """Return the day, the bay (`phase/bay`) and the root cause of its lateness for the first bay with a place."""
    found: list[tuple[dt.date, str, str]] = []
    others = phases_of_projects(alliance)
    for building in site:
        if building.phase in others:
            continue
        phase = alliance.site.phases[building.phase]
        for bay in phase.bays.values():
            name = f"{phase.id}/{bay.id}"
            fits = not bay.areas or purchase.area in bay.areas or purchase.group in bay.areas
            if fits and free[name] > 0:
                found.append((usable(building, phase, bay) or NEVER, name, late_for(building)))
    return min(found, key=lambda item: item[0], default=None)
