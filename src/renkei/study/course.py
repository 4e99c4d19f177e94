"""One future as a study keeps it: dates of milestones, months, years, drawn values; not the ledger, lots and tools."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import pandas as pd

from renkei.alliance import Alliance
from renkei.alliance.asof import AsOf
from renkei.alliance.uncertainty import quantities
from renkei.simulate import Progress, StartFloor, simulate

MONTHLY = (
    "cash_jpy", "received_jpy", "spent_jpy", "unpaid_jpy", "debt_jpy", "revenue_jpy", "headcount", "trained_abroad",
    "tools_installed", "tools", "wafer_starts", "development_wafer_starts", "wafers_out", "lots_analysed",
    "cycle_time_days", "x_factor", "d0_per_cm2", "d0_process_per_cm2", "systematic_yield", "line_yield", "die_yield",
    "good_dies_cumulative", "buyers_in_volume", "demand_wspm", "delivered_wafers",
)  # fmt: skip
"""Measures of a month that a study keeps; they mean what `renkei.months.monthrow.MonthRow` says."""


@dataclass(frozen=True)
class Course:
    """One future of a study; every table has the number of the future in its first column."""

    number: int
    seed: int
    lot_steps: int
    engine_seconds: float
    milestones: pd.DataFrame
    """future, id, reached."""
    months: pd.DataFrame
    """future, month, MONTHLY, phase, binding."""
    years: pd.DataFrame
    """future and the columns of `Future.years`."""
    drawn: pd.DataFrame
    """future, path, value: the uncertain quantities, in their units."""


@dataclass(frozen=True)
class Task:
    """What all futures of a study have in common."""

    alliance: Alliance
    start_floor: StartFloor | None = None
    """Stands in for the event-level floor."""
    as_of: AsOf = None
    """Day from whose record all futures start."""


def course(task: Task, number: int, seed: int, progress: Callable[[Progress], None] | None = None) -> Course:
    """Simulate future `number` of a study, whose own seed is `seed`."""
    future = simulate(task.alliance, seed, progress=progress, start_floor=task.start_floor, as_of=task.as_of)
    uncertain = {path for path, value in quantities(task.alliance) if value.uncertain}
    drawn = future.drawn[future.drawn["path"].isin(uncertain)]
    return Course(
        number,
        seed,
        future.lot_steps,
        future.engine_seconds,
        _numbered(future.milestones[["id", "reached"]], number),
        _numbered(future.months[["month", *MONTHLY, "phase", "binding"]], number),
        _numbered(future.years, number),
        _numbered(drawn[["path", "value"]], number),
    )


def _numbered(table: pd.DataFrame, number: int) -> pd.DataFrame:
    table = table.reset_index(drop=True)
    table.insert(0, "future", number)
    return table
