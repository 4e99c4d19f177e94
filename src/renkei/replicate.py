"""A fab alone: replications with their own seeds, warm-up, intervals. No alliance."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from renkei.build.accounts import finished_rows
from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.errors import InputError, Problem
from renkei.fab.dispatch import parse_dispatch
from renkei.fab.fab import Fab
from renkei.fab.raw_time import rpt
from renkei.floor import drive
from renkei.floor.jit import clean, is_compiled
from renkei.floor.state import State
from renkei.outcome.measures import Measures, measures
from renkei.outcome.spread import half_width_of, mean_of

DAY = 1440.0
Progress = Callable[[int, float], None]
"""Called with (replication, days simulated)."""


@dataclass(frozen=True)
class FloorRun:
    """Replications of a fab. `measures` are means, `replications` the same per run; see docs/statistics.md."""

    fab: Fab
    days: float
    warmup: float
    seed: int
    replications: tuple[Measures, ...]
    lots: pd.DataFrame
    """Lots finished in the windows: replication, order (lot type), product, number, released_day, finished_day,
    due_day, wafers_in, wafers_out."""
    daily: pd.DataFrame
    """Replication, day, wip_lots, wip_wafers, moves, released_lots, completed_lots (the last three of that day)."""

    @property
    def measures(self) -> Measures:
        """Means over the replications."""
        return dict(mean_of(self.replications))

    def to_json(self) -> dict[str, Any]:
        """Return what `renkei floor --json` prints."""
        means = self.measures
        if len(self.replications) > 1:
            scalars = ("completed_lots", "throughput_lots_per_day", "mean_wip_lots", "mean_cycle_time_days")
            wanted = (*scalars, "products", "lot_types", "tool_groups")
            means["ci95"] = half_width_of([{key: run[key] for key in wanted} for run in self.replications])
        means |= {"days": self.days, "warmup_days": self.warmup, "seed": self.seed}
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


def needs_compiling() -> bool:
    """Return True if the first run on this machine has to compile the floor, which takes a while."""
    return not is_compiled()


def clean_kernels(everything: bool = False) -> int:
    """Delete the compiled kernels of other versions (or all); return the number of folders deleted."""
    return clean(everything)


def _lots(floor: FloorPlan, state: State, replication: int) -> pd.DataFrame:
    rows = finished_rows(state)
    orders = floor.plan.orders[rows["order"]]
    types, products = list(floor.index.lot_types), list(floor.index.products)
    return pd.DataFrame(
        {
            "replication": replication,
            "order": [types[row] for row in orders["lot_type"]],
            "product": [products[row] for row in orders["product"]],
            "number": rows["number"],
            "released_day": pd.Series(rows["released"] / DAY).where(rows["known"] == 1),
            "finished_day": rows["finished"] / DAY,
            "due_day": rows["due"] / DAY,
            "wafers_in": rows["wafers_in"],
            "wafers_out": rows["wafers_out"],
        }
    )


def _daily(state: State, replication: int) -> pd.DataFrame:
    rows = state.days[: int(state.clock["days"][0])]
    table = pd.DataFrame(
        {"day": rows["time"] / DAY, "wip_lots": rows["wip"], "wip_wafers": rows["wip_wafers"], "moves": rows["moves"],
         "released_lots": rows["released"], "completed_lots": rows["completed"]}
    )  # fmt: skip
    for column in ("moves", "released_lots", "completed_lots"):
        table[column] = table[column].diff().fillna(table[column]).astype("int64")
    table.insert(0, "replication", replication)
    return table


def _one(
    floor: FloorPlan,
    raw: dict[str, float],
    days: float,
    warmup: float,
    seed: int,
    replication: int,
    report: Progress | None,
) -> Any:
    state = drive.advance(floor.plan, floor.fresh(seed), -1.0)
    engine = 0.0
    marks = sorted({warmup, days} | {days * part / 40 for part in range(1, 40)})
    for mark in marks:
        start = time.perf_counter()
        state = drive.advance(floor.plan, state, mark * DAY)
        engine += time.perf_counter() - start
        if mark == warmup:
            drive.begin_window(floor.plan, state)
        if report is not None:
            report(replication, mark)
    result = measures(floor, state, raw)
    result |= {"engine_seconds": engine, "days": days, "warmup_days": warmup, "seed": seed}
    return result, _lots(floor, state, replication), _daily(state, replication)


def _rule(dispatch: str | None) -> tuple[str, ...] | None:
    if dispatch is None:
        return None
    rule = parse_dispatch(dispatch)
    if not rule:
        raise ValueError('is empty; must be a ranked list such as "priority, setup, fifo"')
    return rule


def _check(days: float, warmup: float, replications: int, threads: int, dispatch: str | None) -> None:
    found = []
    if not 0 < days < math.inf:
        found.append(("days", f"= {days}; must be a number more than 0"))
    if not 0 <= warmup < days:
        found.append(("warmup", f"= {warmup}; must be at least 0 and less than days = {days}"))
    if replications < 1:
        found.append(("replications", f"= {replications}; must be at least 1"))
    if threads < 1:
        found.append(("threads", f"= {threads}; must be at least 1"))
    try:
        _rule(dispatch)
    except ValueError as error:
        found.append(("dispatch", str(error)))
    if found:
        raise InputError("arguments", [Problem("renkei floor", None, field, message) for field, message in found])


def run_floor(
    fab: Fab,
    days: float = 365,
    warmup: float = 0,
    seed: int = 0,
    replications: int = 1,
    dispatch: str | None = None,
    threads: int = 1,
    progress: Progress | None = None,
) -> FloorRun:
    """Run a fab for `days`, the first `warmup` days left out of the statistics; replication r runs with seed + r.

    `dispatch` is a ranked list such as `"priority, setup, fifo"` that overrides the fab's and its groups' rules.
    Replications run on `threads` threads; the result does not depend on their number. Raises InputError.
    """
    _check(days, warmup, replications, threads, dispatch)
    rule = _rule(dispatch)
    if rule is not None:
        groups = {name: group.model_copy(update={"dispatch": ()}) for name, group in fab.tool_groups.items()}
        fab = replace(fab, dispatch=rule, tool_groups=groups)
    floor, raw = floor_plan(fab), rpt(fab)
    jobs = [(floor, raw, days, warmup, seed + run, run, progress) for run in range(replications)]
    if threads > 1 and replications > 1:
        drive.advance(floor.plan, floor.fresh(seed), -1.0)  # compiles, where needed, before threads ask for it together
        with ThreadPoolExecutor(threads) as pool:
            results = list(pool.map(lambda job: _one(*job), jobs))
    else:
        results = [_one(*job) for job in jobs]
    lots = pd.concat([result[1] for result in results], ignore_index=True)
    daily = pd.concat([result[2] for result in results], ignore_index=True)
    return FloorRun(fab, days, warmup, seed, tuple(result[0] for result in results), lots, daily)
