"""A fab alone: replications with their own seeds, warm-up, intervals. No alliance."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any, Literal

import pandas as pd

from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.build.stretch import advance
from renkei.errors import InputError, Problem
from renkei.fab.fab import Fab
from renkei.fab.raw_time import rpt
from renkei.fab.releases import release_rates
from renkei.floor import drive
from renkei.floor.jit import clean, is_compiled
from renkei.floor.records import BY_BOOKING, UNTRACED
from renkei.outcome import floor_tables as tables
from renkei.outcome.bottlenecks import bottlenecks
from renkei.outcome.measures import LOT_MEASURES, Measures, measures
from renkei.outcome.spread import half_width_of, mean_of
from renkei.outcome.trace import TraceFile
from renkei.outcome.warmup import LEAST_DAYS, Mser5, warmup_advice

DAY = 1440.0
MOST_DAYS, MOST_REPLICATIONS = 1_000_000, 100_000
"""More than anybody waits for; a slip of the hand ends at once."""
MOST_LOTS = 100_000_000
"""Released in a run; those that finish stay in memory, some fifty bytes each."""
Progress = Callable[[int, float], None]
"""Called with (run, days simulated); runs are counted through all replications of all fabs."""
Warmup = float | Literal["auto"]
SCALARS = (
    "completed_lots", "throughput_lots_per_day", "moves_per_day", "mean_wip_lots", *LOT_MEASURES,
)  # fmt: skip
"""Measures of the whole fab that have intervals."""
SECTIONS = ("products", "lot_types", "tool_groups")
"""Measures by name that have intervals."""


@dataclass(frozen=True)
class FloorRun:
    """Replications of a fab. `measures` are means, `replications` the same per run; see docs/statistics.md."""

    fab: Fab
    days: float
    warmup: float
    """Days left out; what was found if `auto` was asked for."""
    seed: int
    replications: tuple[Measures, ...]
    lots: pd.DataFrame
    """Lots finished in the windows: replication, order (lot type), product, number, released_day, finished_day,
    due_day, wafers_in, wafers_out."""
    daily: pd.DataFrame
    """Days of the whole runs: replication, day, wip_lots and wip_wafers at its end, mean_wip_lots, and moves,
    released_lots, completed_lots and mean_cycle_time_days (of the lots completed) of that day."""
    tool_groups: pd.DataFrame
    """Tool groups in the windows: replication, tool_group, then the measures of a tool group."""
    queue_times: pd.DataFrame
    """Queue-time windows of the routes: replication, product, route, from_step, from_tool_group, to_step, limit_hours,
    checked, violated, violated_share."""
    mser5: Mser5 | None
    """The warm-up that MSER-5 would choose; None for runs of fewer than fifty days."""

    @property
    def measures(self) -> Measures:
        """Means over the replications."""
        means = dict(mean_of([{k: v for k, v in run.items() if k != "bottlenecks"} for run in self.replications]))
        return means | {"bottlenecks": bottlenecks(means["tool_groups"])}

    def to_json(self) -> dict[str, Any]:
        """Return what `renkei floor --json` prints."""
        means = self.measures
        if len(self.replications) > 1:
            wanted = (*SCALARS, *SECTIONS)
            means["ci95"] = half_width_of([{key: run[key] for key in wanted} for run in self.replications])
        means |= {"days": self.days, "warmup_days": self.warmup, "seed": self.seed}
        means["mser5"] = None if self.mser5 is None else self.mser5.to_json()
        means["replications"] = list(self.replications)
        return means

    def __repr__(self) -> str:
        means = self.measures
        cycle = means["mean_cycle_time_days"]
        days = "-" if cycle is None else f"{cycle:.2f}"
        return (
            f"<FloorRun {self.fab.name}: {self.days:g} days, {len(self.replications)} replications, "
            f"{means['throughput_lots_per_day']:.2f} lots a day, cycle time {days} days>"
        )


@dataclass(frozen=True)
class _Job:
    """One replication of one fab."""

    floor: FloorPlan
    raw: dict[str, float]
    days: float
    warmup: float
    seed: int
    replication: int
    report: Callable[[float], None] | None
    trace: Path | None = None
    """Parquet file to write each lot-step of the window to."""


@dataclass(frozen=True)
class _Done:
    """What a replication leaves."""

    measures: Measures
    lots: pd.DataFrame
    daily: pd.DataFrame
    tool_groups: pd.DataFrame
    queue_times: pd.DataFrame


def needs_compiling() -> bool:
    """Return True if the first run on this machine has to compile the floor, which takes a while."""
    return not is_compiled()


def clean_kernels(everything: bool = False) -> int:
    """Delete the compiled kernels of other versions (or all); return the number of folders deleted."""
    return clean(everything)


def cores() -> int:
    """Return the number of processor cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _run(job: _Job) -> _Done:
    plan = job.floor.plan
    tracing = UNTRACED if job.trace is None else BY_BOOKING
    trace = None if job.trace is None else TraceFile(job.trace, job.floor, job.replication, job.warmup * DAY)
    state = drive.advance(plan, job.floor.fresh(job.seed, trace=tracing), -1.0)
    before = tables.before_window(state)
    engine = 0.0
    marks = sorted({job.warmup, job.days} | {job.days * part / 40 for part in range(1, 40)})
    for mark in marks:
        start = time.perf_counter()
        state = advance(job.floor, state, mark * DAY)
        engine += time.perf_counter() - start
        if trace is not None:
            trace.take(state)
        if mark == job.warmup:
            before = tables.before_window(state)
            drive.begin_window(plan, state)
        if job.report is not None:
            job.report(mark)
    if trace is not None:
        trace.close()
    found = measures(job.floor, state, job.raw, before.moves)
    found |= {"engine_seconds": engine, "days": job.days, "warmup_days": job.warmup, "seed": job.seed}
    return _Done(
        found,
        tables.lots_table(job.floor, state, job.replication),
        tables.daily_table(state, [before], job.replication),
        tables.tool_groups_table(found, job.replication),
        tables.queue_times_table(job.floor, state, job.replication),
    )


def _run_all(jobs: Sequence[_Job], threads: int | None) -> list[_Done]:
    threads = min(len(jobs), cores()) if threads is None else threads
    if threads == 1 or len(jobs) == 1:
        return [_run(job) for job in jobs]
    first = jobs[0].floor
    drive.advance(first.plan, first.fresh(0), -1.0)  # compiles, where needed, before threads ask for it together
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(_run, jobs))


def _joined(fab: Fab, jobs: Sequence[_Job], done: Sequence[_Done]) -> FloorRun:
    """Return the replications of one fab as a run."""
    daily = pd.concat([one.daily for one in done], ignore_index=True)
    return FloorRun(
        fab=fab,
        days=jobs[0].days,
        warmup=jobs[0].warmup,
        seed=jobs[0].seed,
        replications=tuple(one.measures for one in done),
        lots=pd.concat([one.lots for one in done], ignore_index=True),
        daily=daily,
        tool_groups=pd.concat([one.tool_groups for one in done], ignore_index=True),
        queue_times=pd.concat([one.queue_times for one in done], ignore_index=True),
        mser5=warmup_advice(daily),
    )


def check_arguments(
    fab: Fab,
    days: float,
    warmup: Warmup,
    replications: int,
    threads: int | None,
    dispatch: str | None = None,
    asked: str = "renkei floor",
) -> None:
    """Raise InputError with everything that is wrong with the arguments of `run_floor`; `asked`: who asks."""
    found = []
    lots = sum(release_rates(fab)) * days
    if not 0 < days <= MOST_DAYS:
        found.append(("days", f"= {days}; must be a number more than 0 and at most {MOST_DAYS:,}"))
    elif lots > MOST_LOTS:
        message = (
            f"= {days}; the orders release {lots:.3g} lots in them, must be at most {MOST_LOTS:,}: take fewer days"
        )
        found.append(("days", message))
    if warmup == "auto":
        if days < LEAST_DAYS:
            found.append(("days", f"= {days}; must be at least {LEAST_DAYS} for the warm-up to be found by itself"))
    elif not isinstance(warmup, (int, float)) or not 0 <= warmup < days:
        found.append(("warmup", f'= {warmup}; must be at least 0 and less than days = {days}, or "auto"'))
    if not 1 <= replications <= MOST_REPLICATIONS:
        found.append(("replications", f"= {replications}; must be 1 to {MOST_REPLICATIONS:,}"))
    if threads is not None and threads < 1:
        found.append(("threads", f"= {threads}; must be at least 1"))
    if dispatch is not None:
        try:
            fab.with_dispatch(dispatch)
        except ValueError as error:
            found.append(("dispatch", str(error)))
    if found:
        raise InputError("arguments", [Problem(asked, None, field, message) for field, message in found])


def run_floors(
    fabs: Sequence[Fab],
    days: float = 365,
    warmup: Warmup = 0,
    seed: int = 0,
    replications: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
    trace: Path | None = None,
) -> list[FloorRun]:
    """Run several fabs under the same luck, replication r of each with seed + r; see `run_floor`.

    With `warmup` `"auto"` all get the longest of the warm-ups that MSER-5 finds for each, so that their windows agree.
    `trace` is a folder for traces, `FAB-REPLICATION.parquet`, where FAB counts from 0.
    """
    for fab in fabs:
        check_arguments(fab, days, warmup, replications, threads)
    plans = [(floor_plan(fab), rpt(fab)) for fab in fabs]

    def runs(skip: float, told: int) -> list[FloorRun]:
        jobs = [
            _Job(floor, raw, days, skip, seed + number, number, None, trace and trace / f"{place}-{number}.parquet")
            for place, (floor, raw) in enumerate(plans)
            for number in range(replications)
        ]
        if progress is not None:
            jobs = [replace(job, report=partial(progress, told + place)) for place, job in enumerate(jobs)]
        done = _run_all(jobs, threads)
        parts = [slice(place * replications, (place + 1) * replications) for place in range(len(fabs))]
        return [_joined(fab, jobs[part], done[part]) for fab, part in zip(fabs, parts, strict=True)]

    if warmup != "auto":
        return runs(float(warmup), 0)
    pilots = runs(0.0, 0)
    cut = max(min(pilot.mser5.days, days / 2) for pilot in pilots if pilot.mser5 is not None)
    return pilots if cut == 0 else runs(cut, len(fabs) * replications)


def run_floor(
    fab: Fab,
    days: float = 365,
    warmup: Warmup = 0,
    seed: int = 0,
    replications: int = 1,
    dispatch: str | None = None,
    threads: int | None = None,
    progress: Progress | None = None,
    trace: Path | None = None,
) -> FloorRun:
    """Run a fab for `days`, the first `warmup` days left out of the statistics; replication r runs with seed + r.

    `warmup` `"auto"`: all replications run twice; from the first pass MSER-5 tells how much to leave out of the second,
    half of the run at most. `dispatch` is a ranked list such as `"priority, setup, fifo"` that overrides the fab's and
    its groups' rules. Replications run on `threads` threads, by default one for each up to the number of cores; the
    result does not depend on their number. `trace` is a folder that gets one Parquet file a replication, with a row for
    each step that a lot did in the window (columns: `renkei.outcome.trace.SCHEMA`). Raises InputError.
    """
    check_arguments(fab, days, warmup, replications, threads, dispatch)
    fab = fab if dispatch is None else fab.with_dispatch(dispatch)
    (run,) = run_floors([fab], days, warmup, seed, replications, threads, progress, trace)
    return run
