"""Tools that came, as recorded: they dock, are installed and join the floor on the days on record."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from renkei.alliance import Alliance
from renkei.alliance.actuals import Moved
from renkei.months.calendar import Month
from renkei.months.fleet import Fleet, Tool
from renkei.months.orders import Purchase
from renkei.months.qualifying import work_left

DAY = dt.timedelta(days=1)
STAGES = ("delivered", "installed", "qualified")


@dataclass(frozen=True)
class Days:
    """A tool's days on record."""

    delivered: dt.date | None = None
    installed: dt.date | None = None
    qualified: dt.date | None = None


def recorded(fleet: Fleet, alliance: Alliance) -> dict[str, Days]:
    """Return the days on record by tool.

    Each fact takes, in the order of the fleet, tools of its order (and groups) that have no day of its stage yet.
    """
    found: dict[str, Days] = {}
    facts = alliance.actuals.tools.values() if alliance.actuals.as_of is not None else ()
    for fact in sorted(facts, key=lambda fact: (fact.date, STAGES.index(fact.stage))):
        fits = [tool for tool in fleet.tools if _fits(fleet.of(tool), fact)]
        free = [tool for tool in fits if getattr(found.get(tool.id, Days()), fact.stage) is None]
        for place, tool in enumerate(free[: fact.tools]):
            found[tool.id] = replace(found.get(tool.id, Days()), **{fact.stage: _day(fact, place)})
    return found


def conditioned(fleet: Fleet, alliance: Alliance, month: Month) -> Fleet:
    """Return the fleet before its step of a month: tools on record stand where the record says, or wait for it."""
    days = recorded(fleet, alliance)
    if not days:
        return fleet
    free = _free_places(fleet, alliance)
    tools = tuple(
        _placed(tool, fleet.of(tool), days[tool.id], alliance, month, free) if tool.id in days else tool
        for tool in fleet.tools
    )
    return replace(fleet, tools=tools)


def _fits(purchase: Purchase, fact: Moved) -> bool:
    if purchase.order.id != fact.order:
        return False
    return not fact.tool_groups or bool({purchase.group, purchase.area} & set(fact.tool_groups))


def _day(fact: Moved, place: int) -> dt.date:
    since = fact.since or fact.date
    return since + dt.timedelta(days=int((fact.date - since).days * (place + 1) / fact.tools))


def _placed(
    tool: Tool, purchase: Purchase, days: Days, alliance: Alliance, month: Month, free: dict[str, int]
) -> Tool:  # fmt: skip
    terms = purchase.installation
    known = [day for day in (days.delivered, days.installed, days.qualified) if day is not None]
    install = DAY * (round(float(terms.install)) + round(float(terms.hook_up)))
    setup = DAY * round(float(terms.sl1))
    docked = days.delivered or min(known[0] - install, min(known))
    if docked > month.last:
        return tool if tool.delivery is None else replace(tool, delivery=docked)
    installed = days.installed or docked + install
    started = days.qualified or installed + setup
    if tool.docked is None:
        tool = replace(
            tool, wanted=tool.wanted or docked, ordered=tool.ordered or docked, delivery=docked, docked=docked,
            paid=docked, bay=tool.bay or _bay(purchase, alliance, free), waited={},
        )  # fmt: skip
    if tool.qualified is not None:
        return tool
    tool = replace(tool, installed=installed, started_up=started)
    if days.qualified is not None and days.qualified <= month.last:
        return replace(
            tool,
            work_done=tool.work_done + work_left(tool, purchase),
            qualified=max(days.qualified, month.first),
            waited={},
        )
    return tool


def _free_places(fleet: Fleet, alliance: Alliance) -> dict[str, int]:
    phases = alliance.site.phases.values()
    free = {f"{phase.id}/{bay.id}": bay.tool_places for phase in phases for bay in phase.bays.values()}
    for tool in fleet.tools:
        if tool.bay in free:
            free[tool.bay] -= 1
    return free


def _bay(purchase: Purchase, alliance: Alliance, free: dict[str, int]) -> str:
    """Return the first fitting bay with a place, empty if the record has more tools than the site has places."""
    for phase in alliance.site.phases.values():
        for bay in phase.bays.values():
            name = f"{phase.id}/{bay.id}"
            if free[name] > 0 and (not bay.areas or {purchase.area, purchase.group} & set(bay.areas)):
                free[name] -= 1
                return name
    return ""
