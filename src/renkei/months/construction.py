"""Construction: phases are built as long as they are paid; bays, tool places, docks and utilities become ready."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from renkei.alliance import Alliance
from renkei.alliance.site import Bay, Phase
from renkei.months.calendar import Month, opened
from renkei.months.obligations import Due, due
from renkei.units import add_months

HOURS_PER_MONTH = 365.25 * 24 / 12


@dataclass(frozen=True)
class Building:
    """One phase under construction."""

    phase: str
    started: dt.date | None = None
    length: int = 0
    """Days from breaking ground to move-in when nothing slips."""
    built: int = 0
    """Days of work done and paid."""
    billed: int = 0
    """Days of work ordered; work that is billed but unpaid stands still."""
    ready: dt.date | None = None
    """Move-in."""
    waited: Mapping[str, int] = field(default_factory=dict)
    """Days lost, by root cause."""


Site = tuple[Building, ...]


def fresh_site(alliance: Alliance) -> Site:
    """Return all phases before their start."""
    return tuple(Building(name) for name in alliance.site.phases)


def bill(site: Site, alliance: Alliance, month: Month, reached: Mapping[str, dt.date]) -> tuple[Site, list[Due]]:
    """Return the site with what is ordered for the month, and its cost; ground is broken on the day the gate allows."""
    after: list[Building] = []
    dues: list[Due] = []
    for building in site:
        phase = alliance.site.phases[building.phase]
        building = _broken(building, phase, month, reached)
        if building.started is not None and building.built == building.billed < building.length:
            day = month.within(building.started)
            days = min((month.last - day).days + 1, building.length - building.billed)
            share = spent_share(phase, building.billed + days, building.length)
            share -= spent_share(phase, building.billed, building.length)
            building = replace(building, billed=building.billed + days)
            owner = alliance.site.owner or alliance.workforce.employer
            key = _key(building)
            dues.append(due(key, "building", day, phase.cost, owner, key, share, phase.use, asset=key))
        after.append(building)
    return tuple(after), dues


def step(site: Site, month: Month, unpaid: frozenset[str], closed: frozenset[str] = frozenset()) -> Site:
    """Return the site after a month: what was ordered is built if it is paid and not `closed`, else work stands still.

    `closed`: clauses that a risk has suspended; days lost to it count for the site.
    """
    return tuple(_worked(building, month, unpaid, closed) for building in site)


def utilities(site: Site, alliance: Alliance, month: Month, tools: int, wafers: float) -> list[Due]:
    """Return the month's utilities: base load and upkeep of ready phases, standby of tools, use by wafers.

    `wafers`: starts of the month before, as whole product routes.
    """
    terms, employer = alliance.site.utilities, alliance.workforce.employer
    ready = [alliance.site.phases[b.phase] for b in site if b.ready is not None and b.ready <= month.last]
    power = sum(float(phase.base_load) for phase in ready) + tools * float(terms.tool_standby)
    energy = power * HOURS_PER_MONTH + wafers * float(terms.energy_per_wafer)
    dues = [due("utilities.power", "utilities", month.last, terms.electricity, employer, "site.utilities", energy)]
    dues.append(
        due("utilities.other", "utilities", month.last, terms.other_per_wafer, employer, "site.utilities", wafers)
    )
    for phase in ready:
        purpose = f"site.phases.{phase.id}.upkeep"
        dues.append(due(purpose, "utilities", month.last, phase.upkeep, employer, purpose, 1 / 12))
    return dues


def bay_ready(building: Building, bay: Bay) -> dt.date | None:
    """Return the day on which tools may move into a bay, None while the phase's move-in is not reached."""
    return None if building.ready is None else add_months(building.ready, float(bay.ready_after))


def powered(building: Building, phase: Phase) -> dt.date | None:
    """Return the day on which power, water and gases are at the tools, None while unknown."""
    return None if building.ready is None else add_months(building.ready, float(phase.utilities_ready))


def places_ready(site: Site, alliance: Alliance, on: dt.date) -> int:
    """Return the fab's tool places that may be filled on a day: bay ready, utilities there."""
    others = phases_of_projects(alliance)
    return sum(
        bay.tool_places
        for building in site
        if building.phase not in others
        for bay in alliance.site.phases[building.phase].bays.values()
        if (day := usable(building, alliance.site.phases[building.phase], bay)) is not None and day <= on
    )


def phases_of_projects(alliance: Alliance) -> frozenset[str]:
    """Return the phases of other factories, in which the fab's own tools find no place."""
    return frozenset(name for project in alliance.projects.values() for name in project.phases)


def usable(building: Building, phase: Phase, bay: Bay) -> dt.date | None:
    """Return the day from which a tool may be installed in a bay."""
    days = bay_ready(building, bay), powered(building, phase)
    return None if days[0] is None or days[1] is None else max(days[0], days[1])


def late_for(building: Building) -> str:
    """Return the root cause of most days that a phase has lost, `site` when it has lost none."""
    return max(building.waited, key=lambda cause: building.waited[cause]) if building.waited else "site"


def _broken(building: Building, phase: Phase, month: Month, reached: Mapping[str, dt.date]) -> Building:
    gate = opened(phase.after, reached)
    if building.started is not None or gate is None or max(gate, phase.start) > month.last:
        return building
    day = month.within(max(gate, phase.start))
    return replace(building, started=day, length=(add_months(day, float(phase.build)) - day).days)


def _worked(building: Building, month: Month, unpaid: frozenset[str], closed: frozenset[str]) -> Building:
    todo = building.billed - building.built
    if building.started is None or todo == 0:
        return building
    if _key(building) in unpaid | closed:
        cause = "money" if _key(building) in unpaid else "site"
        waited = {**building.waited, cause: building.waited.get(cause, 0) + month.days}
        return replace(building, waited=waited)
    built = building.built + todo
    day = month.within(building.started) + dt.timedelta(days=todo)
    return replace(building, built=built, ready=day if built >= building.length else None)


def _key(building: Building) -> str:
    return f"site.phases.{building.phase}"


def spent_share(phase: Phase, days: int, length: int) -> float:
    """Return the share of the cost that falls due for the first `days` days of work."""
    done = days / length if length else 1.0
    return done if phase.payment == "even" else done - math.sin(2 * math.pi * done) / (2 * math.pi)
