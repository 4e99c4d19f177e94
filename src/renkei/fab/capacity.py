"""Static load: how much of its time each tool group needs for the declared orders, before any queueing."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import pandas as pd

from renkei.fab.fab import Fab
from renkei.fab.outages import Outage
from renkei.fab.raw_time import passage, raw_time, rpt
from renkei.fab.releases import DAY, release_streams
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup
from renkei.fab.visits import expected_visits, surviving

__all__ = ["Capacity", "capacity", "expected_visits", "load", "raw_time", "rpt", "visits_per_day"]

COLUMNS = (
    "tool_group", "area", "tools", "lots_per_day", "wafers_per_day", "process_percent", "load_unload_percent",
    "breakdown_percent", "pm_calendar_percent", "pm_count_percent", "total_percent",
)  # fmt: skip


@dataclass
class Work:
    """What a tool group does in a day, in lots, wafers and tool minutes."""

    lots: float = 0.0
    wafers: float = 0.0
    process: float = 0.0
    handling: float = 0.0


@dataclass(frozen=True)
class Capacity:
    """The bottleneck, and the starts at which it would be fully loaded."""

    bottleneck: str
    """Tool group with the highest static load."""
    load_percent: float
    starts_per_week: float
    """Declared starts of products, in wafers."""
    capacity_per_week: float
    """Starts a week at 100 % of the bottleneck's load: starts / load, everything else in proportion."""


def load(fab: Fab) -> pd.DataFrame:
    """Return one row a tool group, delays left out, in the order of the fab, in percent of calendar time.

    Columns: `tool_group`, `area`, `tools`, `lots_per_day` and `wafers_per_day` (visits), `process_percent` (full
    batches; on cascading tools the spacing of lots), `load_unload_percent` (none where cascading overlaps it),
    `breakdown_percent`, `pm_calendar_percent`, `pm_count_percent` (by wafers or busy minutes), `total_percent`, their
    sum. Setups are not included. A group that has work but no tools has infinite load.
    """
    work = work_per_day(fab)
    rows = [_row(fab, group, work[name]) for name, group in fab.tool_groups.items() if group.kind == "tool"]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def capacity(fab: Fab) -> Capacity | None:
    """Return the static bottleneck and capacity of a fab, None if its orders give no work to any tool."""
    table = load(fab)
    table = table[(table["lots_per_day"] > 0) & np.isfinite(table["total_percent"])]
    if table.empty:
        return None
    worst = table.loc[table["total_percent"].idxmax()]
    starts = 7 * sum(
        rate * wafers
        for (product, wafers), rate in release_streams(fab).items()
        if fab.products[product].kind == "product"
    )
    percent = float(worst["total_percent"])
    return Capacity(str(worst["tool_group"]), percent, starts, starts / percent * 100)


def visits_per_day(fab: Fab) -> dict[str, float]:
    """Return the lots a day that each tool group processes, delays included."""
    return {name: work.lots for name, work in work_per_day(fab).items()}


def work_per_day(fab: Fab) -> dict[str, Work]:
    """Return the work of each tool group, delays included, that the orders bring in a day."""
    work: dict[str, Work] = {name: Work() for name in fab.tool_groups}
    for (route, wafers), rate in _streams(fab).items():
        steps = fab.routes[route]
        reaching = surviving(steps)
        alive = 1 - (1 - reaching) ** wafers
        lots, content = rate * expected_visits(steps) * alive, wafers * reaching / alive
        for step, visits, inside in zip(steps, lots.tolist(), content.tolist(), strict=True):
            _add(work[step.tool_group], step, fab.tool_groups[step.tool_group], visits, inside)
    return work


def _streams(fab: Fab) -> dict[tuple[str, int], float]:
    """Return the lots a day of each route and lot size."""
    streams: dict[tuple[str, int], float] = defaultdict(float)
    for (product, wafers), rate in release_streams(fab).items():
        streams[fab.products[product].route, wafers] += rate
    return streams


def _add(work: Work, step: Step, group: ToolGroup, lots: float, wafers: float) -> None:
    jobs = lots / max(step.batch_max // wafers, 1) if step.batch_max else lots
    work.lots += lots
    work.wafers += lots * wafers
    work.process += jobs * spacing(step, group, wafers)
    work.handling += 0.0 if group.cascade else jobs * (group.load + group.unload)


def spacing(step: Step, group: ToolGroup, wafers: float) -> float:
    """Return the minutes a job keeps a tool from the next one; where tools cascade, those of the slower slot."""
    whole = passage(step, group, wafers)
    if not group.cascade or step.interval is None:
        return whole
    handled = min(step.process_wafers or wafers, wafers)
    first = step.interval * (handled if step.interval_per == "wafer" else 1)
    return max(first, whole - first)


def _row(fab: Fab, group: ToolGroup, work: Work) -> tuple[object, ...]:
    percent = 100 / (group.tools * DAY) if group.tools else np.inf
    process = work.process * percent if work.process else 0.0
    handling = work.handling * percent if work.handling else 0.0
    down = {"breakdown": 0.0, "calendar": 0.0, "count": 0.0}
    for outage in fab.outages:
        if outage.tool_group == group.tool_group or (outage.area and outage.area == group.area):
            kind = "breakdown" if outage.kind == "breakdown" else "calendar" if outage.clock == "calendar" else "count"
            down[kind] += _outage_percent(outage, process, work.wafers / group.tools if group.tools else 0.0)
    shares = (process, handling, *down.values())
    return (group.tool_group, group.area, group.tools, work.lots, work.wafers, *shares, sum(shares))


def _outage_percent(outage: Outage, process_percent: float, wafers_per_tool: float) -> float:
    """Return the share of calendar time: PM counts from start to start, breakdowns from the end of repair."""
    if outage.clock == "wafers":
        return 100 * wafers_per_tool / outage.interval * outage.duration / DAY
    if outage.clock == "busy":
        return process_percent * outage.duration / outage.interval
    pause = outage.duration if outage.kind == "breakdown" else 0.0
    return 100 * outage.duration / (outage.interval + pause)
