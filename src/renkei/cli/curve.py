"""`renkei fab curve`: X-factor, WIP and throughput of a fab over its load."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renkei.cli.aligned import aligned, number, percent
from renkei.cli.errors import exits

if TYPE_CHECKING:
    from renkei.curve import OperatingCurve, Point
    from renkei.errors import Problem
    from renkei.fab.fab import Fab

WIDTH = 32
"""Of the plot, in signs."""


def curve(
    fab: Annotated[str, typer.Argument(metavar="FAB", help="Folder of a fab, or a built-in one like `minifab`.")],
    loads: Annotated[
        str, typer.Option(metavar="PERCENTAGES", help="Of static capacity, up to 100, with commas.")
    ] = "50,60,70,80,85,90,92,95,98",
    days: Annotated[float, typer.Option(help="Simulated days at each load, warm-up included.")] = 730.0,
    warmup: Annotated[
        str, typer.Option(metavar="DAYS|auto", help="First days left out of the statistics; `auto`: found by MSER-5.")
    ] = "180",
    seed: Annotated[int, typer.Option(help="Replication r runs with seed + r, at all loads.")] = 0,
    replications: Annotated[int, typer.Option(help="Runs with different luck at each load.")] = 1,
    size: Annotated[str | None, typer.Option("--size", help="One of the fab's sizes; default: its first.")] = None,
    threads: Annotated[int | None, typer.Option(help="Runs at a time; default: up to the number of cores.")] = None,
    out: Annotated[Path | None, typer.Option(help="New folder for tables in CSV and Parquet and a chart.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Print the operating curve: cycle time in multiples of the raw process time at several loads of the fab.

    Example: `renkei fab curve minifab --loads 60,80,90,95 --replications 5 --out curve`
    """
    from renkei.cli.floor import passes, warmup_days
    from renkei.cli.folders import refuse_unwritable
    from renkei.cli.progress import floor_progress
    from renkei.curve import operating_curve
    from renkei.fab.builtin import load_fab

    with exits():
        if out is not None:
            refuse_unwritable(out)
        loaded, skipped = load_fab(fab, size), warmup_days(warmup)
        percentages = _percentages(loads, partial(_check, loaded, days, skipped, replications, threads))
        runs = passes(skipped) * replications * len(percentages)
        with floor_progress(days, runs) as progress:
            found = operating_curve(loaded, percentages, days, skipped, seed, replications, threads, progress)
        if out is not None:
            _save(found, out)
    if as_json:
        typer.echo(json.dumps(found.to_json(), indent=1, allow_nan=False))
    else:
        _print(found)


def _percentages(text: str, check: Callable[[list[float]], list[Problem]]) -> list[float]:
    """Return the loads; raises InputError with each that is no number and what `check` finds in the others."""
    from renkei.errors import InputError, Problem

    found, problems = [], []
    for word in filter(None, (part.strip() for part in text.split(","))):
        try:
            found.append(float(word))
        except ValueError:
            message = f'has "{word}"; must be percentages with commas such as 50,70,90'
            problems.append(Problem("renkei fab curve", None, "loads", message))
    if problems:
        raise InputError("arguments", [*problems, *(check(found) if found else ())])
    return found


def _check(
    fab: Fab, days: float, warmup: Any, replications: int, threads: int | None, loads: list[float]
) -> list[Problem]:
    from renkei.curve import check_curve
    from renkei.errors import InputError

    try:
        check_curve(fab, loads, days, warmup, replications, threads)
    except InputError as error:
        return list(error.problems)
    return []


def _save(found: OperatingCurve, out: Path) -> None:
    from renkei.outcome.folder import write_folder
    from renkei.report.curve_page import curve_page

    tables = {"curve": found.table, "lot_types": found.lot_types}
    texts = {f"{name}.csv": table.to_csv(index=False) for name, table in tables.items()}
    write_folder(out, {"kind": "operating curve", **found.to_json()}, tables, texts | {"curve.html": curve_page(found)})


def _print(found: OperatingCurve) -> None:
    from renkei.cli.floor_run import title, warmup_lines

    limit = found.capacity
    typer.echo(f"{title(found.fab)}  {found.days:g} days at each load, {found.warmup:g} of warm-up, "
               f"{found.replications} replication(s) from seed {found.seed}")  # fmt: skip
    typer.echo(f"100 % are {limit.capacity_per_week:,.0f} wafer starts a week, by {limit.bottleneck}; "
               f"declared: {limit.load_percent:.1f} %\n")  # fmt: skip
    for line in aligned([_head(found), *(_line(point, found) for point in found.points)], left=0):
        typer.echo(line)
    typer.echo(f"\n  X-factors of {', '.join(found.regular)}; plot: P5 ─ median ● ─ P95; lot types in --json and --out")
    if max(point.load_percent for point in found.points) >= 100:
        typer.echo("  at 100 % nothing is steady: the figures grow with the length of the run")
    for point in found.points:
        for line in warmup_lines(point.mser5, found.warmup, f" at {point.load_percent:g} %"):
            typer.echo(line)


def _head(found: OperatingCurve) -> tuple[str, ...]:
    left, right = "X = 1", number(_widest(found), 1)
    plot = left + right.rjust(WIDTH - len(left))
    return ("load %", "P5", "P50", "P95", "mean", plot, "lots/day", "WIP", "busiest group", "taken %")


def _line(point: Point, found: OperatingCurve) -> tuple[str, ...]:
    x = [number(point.measured[key]) for key in ("x_p5", "x_p50", "x_p95", "x_mean")]
    flow = number(point.measured["throughput_lots_per_day"], 1), number(point.measured["mean_wip_lots"], 0)
    busiest = point.bottleneck["tool_group"], percent(point.bottleneck["occupied_of_uptime"])
    return (f"{point.load_percent:g}", *x, _plot(point, _widest(found)), *flow, *busiest)


def _widest(found: OperatingCurve) -> float:
    return max(2.0, *(point.measured["x_p95"] or 0.0 for point in found.points))


def _plot(point: Point, widest: float) -> str:
    """Return P5 to P95 as a line with the median on it, from X = 1 to the widest."""
    values = [point.measured[key] for key in ("x_p5", "x_p95", "x_p50")]
    signs = [" "] * WIDTH
    if all(value is not None for value in values):
        first, last, middle = (_place(value or 0.0, widest) for value in values)
        signs[first : last + 1] = "─" * (last + 1 - first)
        signs[middle] = "●"
    return "".join(signs)


def _place(value: float, widest: float) -> int:
    return min(max(round((value - 1) / (widest - 1) * (WIDTH - 1)), 0), WIDTH - 1)
