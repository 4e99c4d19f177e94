"""The binding constraint of a month: what each of six things alone would allow, and which is least."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass

from renkei.months.calendar import Month
from renkei.months.construction import Site
from renkei.months.fleet import Fleet, Tool
from renkei.months.qualifying import work_left

CONSTRAINTS = ("money", "site", "tools", "people", "technology", "demand")
"""In the order in which ties are decided."""


@dataclass(frozen=True)
class Binding:
    """What binds in a month."""

    constraint: str
    """The root cause: a limit caused by a slip counts for what caused the slip."""
    limit: str
    """The smallest limit itself."""
    limits: Mapping[str, float]
    """All six, in `unit`; infinite where nothing limits."""
    unit: str
    """good wafers/month, or development lots/month before product starts."""


def bind(limits: Mapping[str, float], roots: Mapping[str, str], unit: str) -> Binding:
    """Return the smallest limit, ties in the order of CONSTRAINTS; `roots` names the root cause behind a limit."""
    roots = {name: roots.get(name) or name for name in CONSTRAINTS}
    least = min(limits.values())
    tied = [name for name in CONSTRAINTS if math.isclose(limits[name], least, rel_tol=1e-9, abs_tol=1e-9)]
    winner = min(tied, key=lambda name: CONSTRAINTS.index(roots[name]))
    return Binding(roots[winner], winner, {name: limits[name] for name in CONSTRAINTS}, unit)


def root_of_tools(fleet: Fleet, month: Month, groups: frozenset[str]) -> str:
    """Return why tools of these groups are missing: the root cause of those that would be there but for their slips.

    Looks at tools that should have been ordered by now; `tools` when none of them was held up for long enough.
    """
    causes: dict[str, int] = {}
    for tool in fleet.tools:
        missing = tool.qualified is None and tool.wanted is not None and fleet.of(tool).group in groups
        if missing and sum(tool.waited.values()) >= days_ahead(tool, fleet, month.last):
            causes[tool.root] = causes.get(tool.root, 0) + 1
    causes.pop("", None)
    return max(causes, key=lambda cause: causes[cause]) if causes else "tools"


def days_ahead(tool: Tool, fleet: Fleet, today: dt.date) -> float:
    """Return the days from today to the floor if nothing else slips."""
    purchase = fleet.of(tool)
    terms = purchase.installation
    left = work_left(tool, purchase)
    if tool.started_up is not None:
        return left + max((tool.started_up - today).days, 0)
    left += float(terms.install) + float(terms.hook_up) + float(terms.sl1)
    if tool.delivery is not None:
        return left + max((tool.delivery - today).days, 0)
    return left + purchase.lead_time * 365.25 / 12


def root_of_site(site: Site) -> str:
    """Return why places are missing: money, if work that is started would be done but for unpaid months."""
    for building in site:
        standing = building.started is not None and building.ready is None
        if standing and building.waited.get("money", 0) >= max(building.length - building.built, 1):
            return "money"
    return "site"
