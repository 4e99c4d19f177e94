"""`renkei floor`: run a fab alone."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renkei.cli.errors import exits

if TYPE_CHECKING:
    from renkei.fab.fab import Fab
    from renkei.replicate import FloorRun


def floor(
    fab: Annotated[str, typer.Argument(metavar="FAB", help="Folder of a fab, or a built-in one like `minifab`.")],
    days: Annotated[float, typer.Option(help="Simulated days, warm-up included.")] = 365.0,
    warmup: Annotated[float, typer.Option(help="First days left out of the statistics.")] = 0.0,
    seed: Annotated[int, typer.Option(help="Replication r runs with seed + r.")] = 0,
    replications: Annotated[int, typer.Option(help="Runs with different luck.")] = 1,
    dispatch: Annotated[str | None, typer.Option(help='Ranked list such as "priority, setup, fifo".')] = None,
    size: Annotated[str | None, typer.Option(help="One of the fab's sizes; default: its first.")] = None,
    threads: Annotated[int, typer.Option(help="Replications at a time.")] = 1,
    out: Annotated[Path | None, typer.Option(help="New folder for tables in Parquet and a manifest.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Run a fab alone and print throughput, WIP, cycle times and the busiest tool groups.

    Example: `renkei floor minifab --days 730 --warmup 90 --replications 5`
    """
    from renkei.cli.folders import refuse_existing
    from renkei.cli.progress import floor_progress
    from renkei.fab.builtin import load_fab
    from renkei.replicate import run_floor

    with exits():
        if out is not None:
            refuse_existing(out)
        loaded = load_fab(fab, size)
        with floor_progress(days, replications) as progress:
            result = run_floor(loaded, days, warmup, seed, replications, dispatch, threads, progress)
        if out is not None:
            _save(result, out)
    if as_json:
        typer.echo(json.dumps(result.to_json(), indent=1, allow_nan=False))
    else:
        _print(result)


def _save(result: FloorRun, out: Path) -> None:
    from renkei.outcome.folder import write_folder

    tables = {"lots": result.lots, "daily": result.daily}
    write_folder(out, {"kind": "floor", "fab": result.fab.name, "size": result.fab.size, **result.to_json()}, tables)


def _days(value: float | None) -> str:
    return "-" if value is None else f"{value:.2f}"


def _print(result: FloorRun) -> None:
    from rich.console import Console
    from rich.table import Table

    data: dict[str, Any] = result.to_json()
    intervals = data.get("ci95", {})
    console = Console()
    fab: Fab = result.fab
    console.print(f"[bold]{fab.title or fab.name}[/bold]  {result.days:g} days, {result.warmup:g} of warm-up, "
                  f"{len(result.replications)} replication(s) from seed {result.seed}")  # fmt: skip
    for key, text in (
        ("completed_lots", "completed lots"),
        ("throughput_lots_per_day", "lots a day"),
        ("mean_wip_lots", "mean WIP, lots"),
        ("mean_cycle_time_days", "mean cycle time, days"),
    ):
        half = intervals.get(key)
        console.print(f"  {text:24} {_days(data[key]):>10}" + ("" if half is None else f"  ± {half:.2f}"))
    table = Table("lot type", "lots", "cycle time d", "p50", "p95", "X-factor", "on time")
    for name, row in data["lot_types"].items():
        on_time = row["on_time_fraction"]
        cells = [_days(row[key]) for key in ("mean_cycle_time_days", "p50", "p95", "x_factor")]
        table.add_row(
            name, f"{row['completed_lots']:.0f}", *cells, "-" if on_time is None else f"{100 * on_time:.1f} %"
        )
    console.print(table)
    busiest = sorted(data["tool_groups"].items(), key=lambda item: item[1]["mean_queue_lots"] or 0, reverse=True)[:10]
    table = Table(
        "tool group", "tools", "productive %", "setup %", "PM %", "down %", "util. of uptime %", "queue lots", "queue h"
    )
    for name, row in busiest:
        shares = [
            row["productive"],
            row["setup"],
            row["scheduled_down"],
            row["unscheduled_down"],
            row["utilisation_of_uptime"],
        ]
        cells = ["-" if share is None else f"{100 * share:.1f}" for share in shares]
        table.add_row(
            name, f"{row['tools']:.0f}", *cells, _days(row["mean_queue_lots"]), _days(row["mean_queue_time_hours"])
        )
    console.print(table)
    speed = data["lot_steps"] / data["engine_seconds"] / 1e6 if data["engine_seconds"] else 0.0
    console.print(
        f"  {data['lot_steps']:,.0f} lot-steps in {data['engine_seconds']:.2f} s of engine time, {speed:.2f} M a second"
    )
