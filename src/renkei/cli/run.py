"""`renkei run`: simulate an alliance, print its course, keep it in a folder."""

from __future__ import annotations

import json
import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renkei.cli.asof import AS_OF, KNOWN_BY
from renkei.cli.errors import exits

if TYPE_CHECKING:
    from renkei.outcome.future import Future
    from renkei.report.asked import RunAsked
    from renkei.report.result import Result

DEFAULT = "japan-us-2nm"
FIDELITIES = ("events",)


def run(
    alliance: Annotated[
        str, typer.Argument(metavar="ALLIANCE", help="Built-in name, file, or folder with an alliance.yaml.")
    ] = DEFAULT,
    seed: Annotated[int, typer.Option(help="Luck of this future.")] = 0,
    scenario: Annotated[
        str, typer.Option(help="Named scenarios of the alliance, with commas, applied in this order.")
    ] = "",
    fidelity: Annotated[str, typer.Option(help="`events`: every lot, every tool.")] = "events",
    as_of: Annotated[str, typer.Option(help=AS_OF)] = "",
    known_by: Annotated[str, typer.Option(help=KNOWN_BY)] = "",
    out: Annotated[
        Path | None, typer.Option(help="New folder for the results; default: a new one under results/.")
    ] = None,
    path: Annotated[
        bool, typer.Option("--path", help="Print the critical path of each milestone too: what made its date.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Simulate an alliance: one possible course, month by month, with every lot on the floor.

    Example: `renkei run japan-us-2nm --seed 7 --scenario agreement`
    """
    from renkei.cli.course import print_course
    from renkei.cli.paths import print_paths
    from renkei.report.asked import RunAsked
    from renkei.report.saving import free_folder, save

    scenarios = tuple(name.strip() for name in scenario.split(",") if name.strip())
    with exits():
        _refuse(fidelity, out)
        asked = RunAsked(alliance, scenarios, seed, fidelity, as_of=as_of, known_by=known_by)
        future, result = _simulated(asked)
        folder = out if out is not None else free_folder(result.alliance, seed)
        save(result, folder)
    if as_json:
        typer.echo(json.dumps(future.to_json(), indent=1, allow_nan=False))
    else:
        print_course(result)
        if path:
            print_paths(result.alliance, result.tables)
    typer.echo(f"written: {folder / 'report.html'}, with the tables in Parquet beside it", err=as_json)


def _refuse(fidelity: str, out: Path | None) -> None:
    """Raise InputError for what cannot be run, before the work."""
    from renkei.cli.folders import refuse_unwritable
    from renkei.errors import InputError, Problem, did_you_mean
    from renkei.outcome.folder import RESULTS

    if fidelity not in FIDELITIES:
        message = f'= "{fidelity}" is not offered{did_you_mean(fidelity, FIDELITIES)}'
        raise InputError("arguments", [Problem("renkei run", None, "--fidelity", message)])
    refuse_unwritable(out if out is not None else RESULTS / "new")


def _simulated(asked: RunAsked) -> tuple[Future, Result]:
    from renkei.cli.asof import read_as_of, read_known
    from renkei.cli.course import course_progress
    from renkei.report.result import Result
    from renkei.report.saving import manifest
    from renkei.simulate import simulate

    as_of = read_as_of(asked.as_of, "renkei run")
    declared = read_known(asked.alliance, asked.scenarios, asked.known_by, "renkei run")
    begin = time.perf_counter()
    with course_progress(declared) as progress:
        future = simulate(declared, seed=asked.seed, fidelity="events", progress=progress, as_of=as_of)
    seconds = round(time.perf_counter() - begin, 3)
    timings = {"engine_seconds": future.engine_seconds, "run_seconds": seconds, "lot_steps": future.lot_steps}
    return future, Result(manifest(declared, asked, timings), declared, future.tables)
