"""The operating curve of a fab: cycle time in multiples of the raw process time, against load."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
import pandas as pd

from renkei.errors import InputError
from renkei.fab.capacity import Capacity, load
from renkei.fab.fab import Fab
from renkei.fab.pace import at_load, limit, load_problems, steady_problems
from renkei.fab.raw_time import raw_time
from renkei.fab.releases import release_rates
from renkei.outcome.spread import half_width_of, mean_of
from renkei.outcome.warmup import Mser5
from renkei.replicate import FloorRun, Progress, Warmup, check_arguments, run_floors

LOADS = (50.0, 60.0, 70.0, 80.0, 85.0, 90.0, 92.0, 95.0, 98.0)
QUANTILES = {"x_p5": 0.05, "x_p50": 0.5, "x_p95": 0.95}
X = (*QUANTILES, "x_mean")
MEASURED = ("throughput_lots_per_day", "mean_wip_lots", "mean_cycle_time_days")


@dataclass(frozen=True)
class Point:
    """The fab at one load; means over the replications, with 95 % half-widths where there are two or more."""

    load_percent: float
    """Wafer starts in percent of static capacity."""
    starts_per_week: float
    """Declared starts of products, in wafers."""
    static_load_percent: float
    """Load of the busiest group at these starts, its calendar downtime unscaled."""
    measured: dict[str, float | None]
    """`MEASURED` of the whole fab, and `X` of its regular lots."""
    lot_types: dict[str, dict[str, float | None]]
    """By lot type: `completed_lots`, `mean_cycle_time_days` and `X`."""
    bottleneck: dict[str, Any]
    """Head of the ranking of bottlenecks."""
    half_widths: dict[str, float | None] | None
    """Of `measured`; None with a single replication."""
    mser5: Mser5 | None

    def to_json(self) -> dict[str, Any]:
        """Return it under the names of docs/statistics.md."""
        found = {
            "load_percent": self.load_percent,
            "starts_per_week": self.starts_per_week,
            "static_load_percent": self.static_load_percent,
            **self.measured,
            "busiest_group": self.bottleneck["tool_group"],
            "busiest_occupied_of_uptime": self.bottleneck["occupied_of_uptime"],
            "lot_types": self.lot_types,
            "mser5": None if self.mser5 is None else self.mser5.to_json(),
        }
        return found if self.half_widths is None else found | {"ci95": self.half_widths}


@dataclass(frozen=True)
class OperatingCurve:
    """X-factors, WIP and throughput of a fab over its load."""

    fab: Fab
    capacity: Capacity
    """The static bottleneck and capacity that loads are percentages of."""
    regular: tuple[str, ...]
    """Lot types that the X-factors of a point are of."""
    days: float
    warmup: float
    seed: int
    replications: int
    points: tuple[Point, ...]

    @property
    def table(self) -> pd.DataFrame:
        """One row a load: the keys of a point in the JSON but `lot_types`, half-widths as `<measure>_ci95`."""
        rows = []
        for point in self.points:
            row = point.to_json()
            for key in ("lot_types", "ci95", "mser5"):
                row.pop(key, None)
            rows.append(row | {f"{key}_ci95": half for key, half in (point.half_widths or {}).items()})
        return _numbers(pd.DataFrame(rows), ["busiest_group"])

    @property
    def lot_types(self) -> pd.DataFrame:
        """One row a load and lot type: load_percent, lot_type, completed_lots, mean_cycle_time_days, x_p5 … x_mean."""
        rows = [
            {"load_percent": point.load_percent, "lot_type": name, **row}
            for point in self.points
            for name, row in point.lot_types.items()
        ]
        return _numbers(pd.DataFrame(rows), ["lot_type"])

    def to_json(self) -> dict[str, Any]:
        """Return what `renkei fab curve --json` prints."""
        return {
            "fab": self.fab.name,
            "size": self.fab.size,
            "bottleneck": self.capacity.bottleneck,
            "declared_load_percent": self.capacity.load_percent,
            "capacity_per_week": self.capacity.capacity_per_week,
            "regular": list(self.regular),
            "days": self.days,
            "warmup_days": self.warmup,
            "seed": self.seed,
            "replications": self.replications,
            "points": [point.to_json() for point in self.points],
        }

    def __repr__(self) -> str:
        ends = [f"{p.load_percent:g} %: X {p.measured['x_p50'] or float('nan'):.2f}" for p in self.points]
        return f"<OperatingCurve {self.fab.name}: {ends[0]} … {ends[-1]}>"


def _numbers(table: pd.DataFrame, texts: list[str]) -> pd.DataFrame:
    return table.astype({column: "float64" for column in table.columns if column not in texts})


def operating_curve(
    fab: Fab,
    loads: Sequence[float] = LOADS,
    days: float = 730,
    warmup: Warmup = 180,
    seed: int = 0,
    replications: int = 1,
    threads: int | None = None,
    progress: Progress | None = None,
) -> OperatingCurve:
    """Run a fab at several loads under the same luck, releases paced by one common factor (`fab.pace.at_load`).

    `loads` are percentages, more than 0 and up to 100, of the static capacity that `renkei fab capacity` prints; at 100
    nothing is steady, and the figures grow with the length of the run.
    All loads share `days`, `warmup` (with `"auto"` the longest that any needs) and the seeds `seed` + r. Raises
    InputError.
    """
    check_curve(fab, loads, days, warmup, replications, threads)
    loads = sorted(loads)
    fabs = [at_load(fab, percent) for percent in loads]
    runs = run_floors(fabs, days, warmup, seed, replications, threads, progress)
    regular = regular_types(fab)
    points = tuple(_point(percent, run, regular) for percent, run in zip(loads, runs, strict=True))
    return OperatingCurve(fab, limit(fab), regular, days, runs[0].warmup, seed, replications, points)


def check_curve(
    fab: Fab, loads: Sequence[float], days: float, warmup: Warmup, replications: int, threads: int | None
) -> None:
    """Raise InputError with everything that is wrong with the arguments of `operating_curve`, or with the orders."""
    problems = load_problems(fab, loads)
    try:
        check_arguments(fab, days, warmup, replications, threads, asked="renkei fab curve")
    except InputError as error:
        problems += error.problems
    if problems:
        raise InputError("arguments", problems)
    problems = steady_problems(fab, loads, days, days / 2 if warmup == "auto" else warmup)
    if problems:
        raise InputError(fab.name, problems)


def regular_types(fab: Fab) -> tuple[str, ...]:
    """Return the lot types of products at the priority that most lots of products are released with; of all kinds of
    lots where no product is ordered."""
    rates: dict[int, float] = {}
    rated = list(zip(fab.orders, release_rates(fab), strict=True))
    own = [(order, rate) for order, rate in rated if fab.products[order.product].kind == "product"] or rated
    for order, rate in own:
        rates[order.priority] = rates.get(order.priority, 0.0) + rate
    usual = max(rates, key=lambda priority: (rates[priority], -priority), default=None)
    return tuple(dict.fromkeys(order.order for order, _ in own if order.priority == usual))


def _point(percent: float, run: FloorRun, regular: tuple[str, ...]) -> Point:
    lots = _x_factors(run)
    each = [
        {name: one[name] for name in MEASURED} | _spread(lots[lots["order"].isin(regular) & (lots["replication"] == n)])
        for n, one in enumerate(run.replications)
    ]
    return Point(
        load_percent=percent,
        starts_per_week=limit(run.fab).starts_per_week,
        static_load_percent=float(load(run.fab)["total_percent"].max()),
        measured=mean_of(each),
        lot_types=dict(_by_type(run, lots)),
        bottleneck=run.measures["bottlenecks"][0],
        half_widths=half_width_of(each) if len(each) > 1 else None,
        mser5=run.mser5,
    )


def _by_type(run: FloorRun, lots: pd.DataFrame) -> Iterator[tuple[str, dict[str, float | None]]]:
    for name, row in run.measures["lot_types"].items():
        own = lots[lots["order"] == name]
        each = [_spread(own[own["replication"] == n]) for n in range(len(run.replications))]
        yield name, {key: row[key] for key in ("completed_lots", "mean_cycle_time_days")} | mean_of(each)


def _x_factors(run: FloorRun) -> pd.DataFrame:
    """Return the completed lots of known release with `x`: cycle time ÷ raw process time of the lot's own size."""

    @cache
    def raw_days(product: str, wafers: int) -> float:
        return raw_time(run.fab, run.fab.products[product].route, wafers) / 1440

    lots = run.lots[(run.lots["wafers_out"] > 0) & run.lots["released_day"].notna()]
    raw = [raw_days(*pair) for pair in zip(lots["product"], lots["wafers_in"].tolist(), strict=True)]
    return lots.assign(x=(lots["finished_day"] - lots["released_day"]) / np.array(raw, float))


def _spread(lots: pd.DataFrame) -> dict[str, float | None]:
    """Return quantiles and mean of `x`, None without lots."""
    if lots.empty:
        return dict.fromkeys(X)
    found: dict[str, float | None] = {name: float(lots["x"].quantile(share)) for name, share in QUANTILES.items()}
    return found | {"x_mean": float(lots["x"].mean())}
