"""Hiring: towards the targets, as far as recruiting and the labour market allow."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace

from renkei.alliance import Alliance
from renkei.alliance.workforce import LabourMarket, Rival, Role
from renkei.months.calendar import Month
from renkei.months.people import Crew, Vintage


def target(role: Role, alliance: Alliance, on: dt.date) -> float:
    """Return the people wanted on a day: straight lines between the declared targets, the last one kept."""
    since, people = alliance.first_day, float(role.headcount)
    for goal in role.targets:
        if on <= goal.by:
            span = max((goal.by - since).days, 1)
            return people + (float(goal.people) - people) * min(max((on - since).days, 0) / span, 1)
        since, people = goal.by, float(goal.people)
    return people


def hiring(crew: Crew, alliance: Alliance, month: Month, may_hire: bool) -> Crew:
    """Return the crew with the month's hires; parts of a person are carried on."""
    hires, rest, new = {}, dict(crew.hire_rest), []
    missing = {
        role.id: round(target(role, alliance, month.last)) - crew.headcount(role.id)
        for role in alliance.workforce.roles.values()
    }
    yields = _yields(crew, alliance, month, missing)
    for role in alliance.workforce.roles.values():
        most = float(role.max_hires)
        possible = min(most, yields.get(role.id, most)) + rest.get(role.id, 0.0)
        number = min(max(missing[role.id], 0), math.floor(possible)) if may_hire else 0
        rest[role.id] = possible - math.floor(possible)
        hires[role.id] = number
        if number:
            new.append(Vintage(role.id, month.index, number))
    stopped = crew.short_of_money or (any(number > 0 for number in missing.values()) and not may_hire)
    crew = replace(crew, vintages=crew.vintages + tuple(new), hires=hires, hire_rest=rest, short_of_money=stopped)
    return replace(crew, pools=_pools(crew, alliance))


def matches(market: LabourMarket, pool: float, openings: float, rivals: float) -> float:
    """Return the people a month that openings here are matched with, rivals' openings competing for the same seekers.

    Urn-ball matching, U·(1 − e^(−(V + C)/U)), of which V/(V + C) come here (Butters, Rev. Econ. Stud. 44, 1977; survey
    of matching functions: Petrongolo and Pissarides, J. Econ. Lit. 39, 2001). U: seekers, V: openings here, C: rivals'.
    """
    seekers = pool * float(market.seeking)
    if seekers <= 0 or openings <= 0:
        return 0.0
    wanted = openings + rivals
    return seekers * -math.expm1(-wanted / seekers) * openings / wanted


def _yields(crew: Crew, alliance: Alliance, month: Month, missing: Mapping[str, int]) -> dict[str, float]:
    """Return what the labour markets yield this month, by role; roles without a market are left out."""
    found: dict[str, float] = {}
    for market in alliance.workforce.markets.values():
        openings = {
            name: min(max(missing[name], 0), float(alliance.workforce.roles[name].max_hires)) for name in market.roles
        }
        rivals = sum(float(rival.openings) for rival in market.rivals.values() if _there(rival, month))
        total = sum(openings.values())
        won = matches(market, crew.pools.get(market.id, 0.0), total, rivals)
        found |= {name: won * part / total if total else 0.0 for name, part in openings.items()}
    return found


def _there(rival: Rival, month: Month) -> bool:
    return (rival.start is None or rival.start <= month.last) and (rival.until is None or rival.until >= month.first)


def _pools(crew: Crew, alliance: Alliance) -> dict[str, float]:
    """Who is hired here has left the pool; rivals' hires stay in it, for they can be won over later."""
    return {
        name: max(crew.pools.get(name, 0.0) - sum(crew.hires.get(role, 0) for role in market.roles), 0.0)
        + float(market.inflow)
        for name, market in alliance.workforce.markets.items()
    }
