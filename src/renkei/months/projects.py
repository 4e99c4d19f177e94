"""Projects beside the fab: what a second fab spends, which engineers it takes, and how far its tools are."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, replace

from renkei.alliance import Alliance
from renkei.alliance.projects import Project
from renkei.months.calendar import Month, opened
from renkei.months.construction import Site, usable
from renkei.months.obligations import Due, due
from renkei.units import DAYS_PER_MONTH, add_months, months_between

MAKERS = "makers without declaration"


@dataclass(frozen=True)
class Batch:
    """Tools of a project ordered in the same month."""

    project: str
    number: int
    tools: int
    wanted: dt.date
    billed: str = "order"
    """Latest instalment billed: order, delivery, acceptance."""
    delivery: dt.date | None = None
    """Agreed when the order is paid."""
    docked: dt.date | None = None
    installed: dt.date | None = None

    @property
    def asset(self) -> str:
        """Name in the register of assets."""
        return f"projects.{self.project}.{self.number}"


@dataclass(frozen=True)
class Projects:
    """All projects' tools, and for how many months each has paid for its technology."""

    batches: tuple[Batch, ...] = ()
    researched: Mapping[str, int] | None = None

    def of(self, project: str) -> list[Batch]:
        """Return the batches of a project in order."""
        return [batch for batch in self.batches if batch.project == project]

    def installed(self, on: dt.date, project: str = "") -> int:
        """Return the tools installed on a day, of one project or all."""
        return sum(
            b.tools
            for b in self.batches
            if (not project or b.project == project) and b.installed is not None and b.installed <= on
        )


def begun(project: Project, month: Month, reached: Mapping[str, dt.date]) -> dt.date | None:
    """Return the day on which a project begins, None while that is after the month."""
    gate = opened(project.after, reached)
    day = None if gate is None else max(gate, project.start)
    return None if day is None or day > month.last else day


def bill(
    projects: Projects, alliance: Alliance, month: Month, reached: Mapping[str, dt.date], unpaid: frozenset[str],
    may_commit: bool,
) -> tuple[Projects, list[Due]]:  # fmt: skip
    """Return the projects with what is billed in the month: new orders, instalments, research.

    Orders are placed only while commitments may be made; research in arrears (`unpaid`) rests.
    """
    batches, dues, researched = list(projects.batches), list[Due](), dict(projects.researched or {})
    for project in alliance.projects.values():
        day = begun(project, month, reached)
        if day is None:
            continue
        number = _to_order(projects, project, day, month) if may_commit else 0
        if number:
            batch = Batch(project.id, len(projects.of(project.id)) + 1, number, month.within(day))
            batches.append(batch)
            dues.append(_instalment(alliance, project, batch, "order", batch.wanted))
        done, key = researched.get(project.id, 0), f"projects.{project.id}.research"
        if done < math.ceil(float(project.research_over)) and key not in unpaid:
            partner = project.research_partner or alliance.workforce.employer
            dues.append(due(key, "research", month.first, project.research, partner, key, 1 / 12))
            researched[project.id] = done + 1
    for place, batch in enumerate(batches):
        stage, day = _next(batch)
        if stage and day is not None and day <= month.last:
            batches[place] = replace(batch, billed=stage)
            dues.append(_instalment(alliance, alliance.projects[batch.project], batch, stage, month.within(day)))
    return Projects(tuple(batches), researched), dues


def step(projects: Projects, alliance: Alliance, site: Site, month: Month, unpaid: frozenset[str]) -> Projects:
    """Return the projects at the month's end: a paid order has a delivery date, a paid tool moves in where is room.

    Room: tool places of the project's ready bays, and its docks' tools a week.
    """
    after: list[Batch] = []
    free = {name: _room(projects, alliance.projects[name], alliance, site, month) for name in alliance.projects}
    for batch in projects.batches:
        project = alliance.projects[batch.project]
        if batch.delivery is None and _key(batch, "order") not in unpaid:
            batch = replace(batch, delivery=add_months(month.within(batch.wanted), float(project.lead_time)))
        paid = batch.billed != "order" and _key(batch, "delivery") not in unpaid
        there = batch.delivery is not None and batch.delivery <= month.last and paid
        if there and batch.docked is None and batch.delivery is not None and free[project.id] >= batch.tools:
            free[project.id] -= batch.tools
            docked = month.within(batch.delivery)
            batch = replace(batch, docked=docked, installed=add_months(docked, float(project.install)))
        after.append(batch)
    return replace(projects, batches=tuple(after))


def engineers(
    projects: Projects, alliance: Alliance, month: Month, reached: Mapping[str, dt.date], available: float
) -> float:
    """Return the engineer-months that projects take before anything else of what is available."""
    taken = 0.0
    for project in alliance.projects.values():
        busy = begun(project, month, reached) is not None and not _finished(projects, project, month)
        if busy:
            taken += min(float(project.engineers), float(project.engineers_share) * available)
    return min(taken, available)


def committed(projects: Projects, alliance: Alliance, month: Month, months: int) -> list[int]:
    """Return the yen of ordered tools that falls due in each of the next months, if nothing slips."""
    out = [0] * months
    for batch in projects.batches:
        project = alliance.projects[batch.project]
        delivery = batch.delivery or add_months(batch.wanted, float(project.lead_time))
        days = {"delivery": delivery, "acceptance": batch.installed or add_months(delivery, float(project.install))}
        for stage in {"order": ("delivery", "acceptance"), "delivery": ("acceptance",)}.get(batch.billed, ()):
            ahead = max(months_between(month.first, days[stage]) - 1, 0)
            if ahead < months:
                share = float(getattr(alliance.equipment.payment, stage))
                out[ahead] += round(share * batch.tools * alliance.yen(project.tool_price, month.last))
    return out


def _to_order(projects: Projects, project: Project, day: dt.date, month: Month) -> int:
    """Return the tools to order by the month's end, evenly over the time of ordering; what was held back follows."""
    first = add_months(day, float(project.order_after))
    over = float(project.order_over) * DAYS_PER_MONTH
    due_by_now = math.floor(project.tools * min(max(((month.last - first).days + 1) / over, 0.0), 1.0) + 1e-9)
    return due_by_now - sum(batch.tools for batch in projects.of(project.id))


def _next(batch: Batch) -> tuple[str, dt.date | None]:
    if batch.billed == "order":
        return "delivery", batch.delivery
    return ("acceptance", batch.installed) if batch.billed == "delivery" else ("", None)


def _instalment(alliance: Alliance, project: Project, batch: Batch, stage: str, day: dt.date) -> Due:
    share = float(getattr(alliance.equipment.payment, stage))
    partner, purpose = project.tool_partner or MAKERS, f"projects.{project.id}.tools"
    key = _key(batch, stage)
    return due(key, "tools", day, project.tool_price, partner, purpose, share * batch.tools, asset=batch.asset)


def _room(projects: Projects, project: Project, alliance: Alliance, site: Site, month: Month) -> int:
    """Return the tools that can move in during the month: free places of ready bays, and what the docks take."""
    places, dock = 0, 0.0
    for building in site:
        if building.phase not in project.phases:
            continue
        phase = alliance.site.phases[building.phase]
        days = [(usable(building, phase, bay), bay.tool_places) for bay in phase.bays.values()]
        ready = sum(number for day, number in days if day is not None and day <= month.last)
        places += ready
        dock += float(phase.dock_tools_per_week) * month.days / 7 if ready else 0.0
    inside = sum(batch.tools for batch in projects.of(project.id) if batch.docked is not None)
    return min(places - inside, math.floor(dock))


def _finished(projects: Projects, project: Project, month: Month) -> bool:
    """Whether the technology is paid for to the end and all tools are installed."""
    developed = (projects.researched or {}).get(project.id, 0) >= math.ceil(float(project.research_over))
    return developed and projects.installed(month.first, project.id) >= project.tools


def _key(batch: Batch, stage: str) -> str:
    return f"{batch.asset}.{stage}"
