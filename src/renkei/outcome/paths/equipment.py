"""Chains of buildings and tools."""

from __future__ import annotations

import datetime as dt

from renkei.months.construction import usable
from renkei.months.fleet import Tool
from renkei.outcome.paths.link import Chain, Link, Trail

STAGES = {"docked": 0, "installed": 1, "qualified": 2}


def building(trail: Trail, name: str, until: dt.date) -> Chain:
    """Return the chain of a phase of the site up to a day on which some of its bays became ready."""
    (work,) = [b for b in trail.world.site if b.phase == name]
    phase, path = trail.alliance.site.phases[name], f"site.phases.{name}"
    started, ready = work.started or until, work.ready or until
    lost = ", ".join(f"{days} days lost to {cause}" for cause, days in work.waited.items() if days)
    chain = trail.begun(phase.after, phase.start, started, path)
    chain.append(Link(f"is built{f', {lost}' if lost else ''}", path, started, ready))
    if ready < until:
        chain.append(Link("bay and utilities follow", path, ready, until))
    return chain


def nth_tool(trail: Trail, of: str, count: int, stage: str) -> Chain:
    """Return the chain of the tool whose day made the count of a group, area, or all."""
    fleet = trail.world.fleet
    tools = [t for t in fleet.tools if not of or of in (fleet.of(t).group, fleet.of(t).area)]
    done = sorted((t for t in tools if getattr(t, stage) is not None), key=lambda t: (getattr(t, stage), t.id))
    return tool(trail, done[count - 1], stage) if 0 < count <= len(done) else []


def route(trail: Trail, name: str) -> Chain:
    """Return the chain of the last tool group of a route to get its first qualified tool."""
    groups = trail.scene.factory.groups_of_route(name)
    firsts: dict[str, Tool] = {}
    for item in trail.world.fleet.tools:
        group = trail.world.fleet.of(item).group
        day = item.qualified
        if day is not None and group in groups and (group not in firsts or day < (firsts[group].qualified or day)):
            firsts[group] = item
    last = max(firsts.values(), key=lambda item: (item.qualified or dt.date.min, item.id), default=None)
    return tool(trail, last, "qualified") if last is not None and len(firsts) == len(groups) else []


def tool(trail: Trail, item: Tool, stage: str) -> Chain:
    """Return the chain of a tool to a stage: through its order, or through the bay it waited for."""
    purchase = trail.world.fleet.of(item)
    path = f"equipment.orders.{purchase.order.id}"
    assert item.docked is not None
    chain = _to_the_dock(trail, item, path)
    steps = [
        ("is installed", item.docked, item.installed), ("SL1", item.installed, item.started_up),
        ("SL2 and recipe qualification", item.started_up, item.qualified),
    ]  # fmt: skip
    wanted = {0: 0, 1: 1, 2: 3}[STAGES[stage]]
    lost = item.waited.get("people", 0)
    for what, since, until in steps[:wanted]:
        if since is not None and until is not None and until > since:
            more = f", {lost} days lost to people" if what.startswith("SL2") and lost else ""
            chain.append(Link(f"{item.id}: {what}{more}", path, since, until))
    return chain


def _to_the_dock(trail: Trail, item: Tool, path: str) -> Chain:
    docked, delivery = item.docked or trail.alliance.first_day, item.delivery or item.docked or trail.alliance.first_day
    there, phase_name = max(delivery, item.paid or delivery), item.bay.split("/")[0]
    bay_day = _usable(trail, item.bay)
    if bay_day is not None and there < bay_day <= docked:
        chain = building(trail, phase_name, bay_day)
        return (
            [*chain, Link(f"{item.id}: waits for the dock", path, bay_day, docked, "wait")]
            if bay_day < docked
            else chain
        )
    order = trail.world.fleet.of(item).order
    ordered = item.ordered or delivery
    causes = {cause: days for cause, days in item.waited.items() if cause not in ("site", "people")}
    cause = max(causes, key=lambda name: causes[name], default="")
    chain = trail.begun(order.after, order.date, ordered, path, cause)
    if delivery > ordered:
        chain.append(Link(f"{item.id}: is made and shipped", path, ordered, delivery))
    if there > delivery:
        chain.append(Link(f"{item.id}: waits for its payment", path, delivery, there, "wait"))
    if docked > there:
        chain.append(Link(f"{item.id}: waits for place and dock", f"site.phases.{phase_name}", there, docked, "wait"))
    return chain


def _usable(trail: Trail, bay: str) -> dt.date | None:
    name, _, part = bay.partition("/")
    phase = trail.alliance.site.phases.get(name)
    if phase is None or part not in phase.bays:
        return None
    (work,) = [b for b in trail.world.site if b.phase == name]
    return usable(work, phase, phase.bays[part])
