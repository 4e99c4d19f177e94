"""`renkei floor`: run a fab alone, or two under the same luck."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renkei.cli.errors import exits

if TYPE_CHECKING:
    import pandas as pd

    from renkei.fab.fab import Fab
    from renkei.replicate import FloorRun


def floor(
    fab: Annotated[str, typer.Argument(metavar="FAB", help="Folder of a fab, or a built-in one like `minifab`.")],
    days: Annotated[float, typer.Option(help="Simulated days, warm-up included.")] = 365.0,
    warmup: Annotated[
        str, typer.Option(metavar="DAYS|auto", help="First days left out of the statistics; `auto`: found by MSER-5.")
    ] = "0",
    seed: Annotated[int, typer.Option(help="Replication r runs with seed + r.")] = 0,
    replications: Annotated[
        int | None, typer.Option(help="Runs with different luck; default: 1, or 10 of each fab in a comparison.")
    ] = None,
    dispatch: Annotated[str | None, typer.Option(help='Ranked list such as "priority, setup, fifo".')] = None,
    versus: Annotated[
        str | None, typer.Option(metavar="FAB", help="Compare with this fab (name, name@size or folder), same luck.")
    ] = None,
    versus_dispatch: Annotated[
        str | None, typer.Option(metavar="RULE", help="Compare with this rule; in the same fab, without --versus.")
    ] = None,
    size: Annotated[str | None, typer.Option(help="One of the fab's sizes; default: its first.")] = None,
    threads: Annotated[
        int | None, typer.Option(help="Replications at a time; default: all, up to the number of cores.")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="New folder for tables in Parquet and a manifest.")] = None,
    trace: Annotated[
        bool, typer.Option("--trace", help="Write each step of each lot too, into `trace/` of --out (one fab only).")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Run a fab alone and print throughput, WIP, cycle times and the busiest tool groups; or compare two fabs, or two
    dispatch rules, under the same luck.

    Example: `renkei floor minifab --days 730 --warmup 90 --replications 5`

    Example: `renkei floor minifab --versus-dispatch "fifo" --replications 20`
    """
    from renkei.cli.folders import refuse_unwritable
    from renkei.errors import InputError, Problem
    from renkei.fab.builtin import load_fab

    with exits():
        if out is not None:
            refuse_unwritable(out)
        loaded = load_fab(fab, size)
        asked = Asked(days, warmup_days(warmup), seed, replications, dispatch, threads)
        alone = versus is None and versus_dispatch is None
        if trace and (out is None or not alone):
            message = "needs --out, the folder to write to" if out is None else "is for one fab; leave --versus out"
            raise InputError("arguments", [Problem("renkei floor", None, "trace", message)])
        if alone:
            _one(loaded, asked, out, as_json, trace)
        else:
            _two(loaded, versus, versus_dispatch, asked, out, as_json)


@dataclass(frozen=True)
class Asked:
    """How long and how often to run."""

    days: float
    warmup: Any
    seed: int
    replications: int | None
    dispatch: str | None
    threads: int | None

    def count(self, default: int) -> int:
        """Return the number of replications."""
        return default if self.replications is None else self.replications


def _one(fab: Fab, asked: Asked, out: Path | None, as_json: bool, trace: bool) -> None:
    from renkei.cli.floor_run import print_run
    from renkei.cli.progress import floor_progress
    from renkei.outcome.folder import workplace, write_folder
    from renkei.replicate import run_floor

    count = asked.count(1)
    with workplace(out if trace else None) as place:
        with floor_progress(asked.days, passes(asked.warmup) * count) as progress:
            run = run_floor(
                fab, asked.days, asked.warmup, asked.seed, count, asked.dispatch, asked.threads, progress, place
            )
        data = run.to_json()
        if out is not None:
            manifest = {"kind": "floor", "fab": run.fab.name, "size": run.fab.size, **data}
            write_folder(out, manifest, tables_of(run), folders={} if place is None else {"trace": place})
    if as_json:
        _print_json(data)
    else:
        print_run(run)


def _two(
    fab: Fab, versus: str | None, versus_dispatch: str | None, asked: Asked, out: Path | None, as_json: bool
) -> None:
    from renkei.cli import versus as comparing
    from renkei.cli.progress import floor_progress
    from renkei.comparison import compare_floors

    a, b = comparing.both(fab, versus, asked, versus_dispatch)
    count = asked.count(comparing.PAIRS)
    with floor_progress(asked.days, 2 * passes(asked.warmup) * count) as progress:
        found = compare_floors(a, b, asked.days, asked.warmup, asked.seed, count, asked.threads, progress)
    data = found.to_json()
    if out is not None:
        _save(out, {"kind": "floor comparison", **data}, comparing.tables_of(found))
    if as_json:
        _print_json(data)
    else:
        comparing.print_comparison(found)


def _print_json(data: dict[str, Any]) -> None:
    typer.echo(json.dumps(data, indent=1, allow_nan=False))


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
