"""`renkei floor`: run a fab alone, or two under the same luck."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renkei.cli.errors import exits

if TYPE_CHECKING:
    import pandas as pd

    from renkei.replicate import FloorRun


def floor(
    fab: Annotated[str, typer.Argument(metavar="FAB", help="Folder of a fab, or a built-in one like `minifab`.")],
    days: Annotated[float, typer.Option(help="Simulated days, warm-up included.")] = 365.0,
    warmup: Annotated[
        str, typer.Option(metavar="DAYS|auto", help="First days left out of the statistics; `auto`: found by MSER-5.")
    ] = "0",
    seed: Annotated[int, typer.Option(help="Replication r runs with seed + r.")] = 0,
    replications: Annotated[int, typer.Option(help="Runs with different luck.")] = 1,
    dispatch: Annotated[str | None, typer.Option(help='Ranked list such as "priority, setup, fifo".')] = None,
    size: Annotated[str | None, typer.Option(help="One of the fab's sizes; default: its first.")] = None,
    threads: Annotated[
        int | None, typer.Option(help="Replications at a time; default: all, up to the number of cores.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="New folder for tables in Parquet and a manifest.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Run a fab alone and print throughput, WIP, cycle times and the busiest tool groups.

    Example: `renkei floor minifab --days 730 --warmup 90 --replications 5`
    """
    from renkei.cli.floor_run import print_run
    from renkei.cli.folders import refuse_existing
    from renkei.cli.progress import floor_progress
    from renkei.fab.builtin import load_fab
    from renkei.replicate import run_floor

    with exits():
        if out is not None:
            refuse_existing(out)
        loaded, skipped = load_fab(fab, size), warmup_days(warmup)
        with floor_progress(days, passes(skipped) * replications) as progress:
            run = run_floor(loaded, days, skipped, seed, replications, dispatch, threads, progress)
        data = run.to_json()
        if out is not None:
            _save(out, {"kind": "floor", "fab": run.fab.name, "size": run.fab.size, **data}, tables_of(run))
    if as_json:
        typer.echo(json.dumps(data, indent=1, allow_nan=False))
    else:
        print_run(run)


def warmup_days(text: str) -> Any:
    """Return the number that a warm-up is given as; other texts as they are, `auto` among them."""
    try:
        return float(text)
    except ValueError:
        return text


def passes(warmup: Any) -> int:
    """Return how often each replication may have to run."""
    return 2 if warmup == "auto" else 1


def tables_of(run: FloorRun) -> dict[str, pd.DataFrame]:
    """Return the tables of a run by the names of their files."""
    return {"lots": run.lots, "daily": run.daily, "tool_groups": run.tool_groups, "queue_times": run.queue_times}


def _save(out: Path, manifest: dict[str, Any], tables: dict[str, pd.DataFrame]) -> None:
    from renkei.outcome.folder import write_folder

    write_folder(out, manifest, tables)
