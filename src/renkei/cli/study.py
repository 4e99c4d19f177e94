"""`renkei study`: many futures of an alliance."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from renkei.cli.asof import AS_OF, KNOWN_BY
from renkei.cli.errors import exits
from renkei.cli.run import DEFAULT

if TYPE_CHECKING:
    from renkei.alliance import Alliance
    from renkei.report.asked import StudyAsked
    from renkei.study import Study
    from renkei.study.running import StudyProgress


def study(
    alliance: Annotated[
        str, typer.Argument(metavar="ALLIANCE", help="Built-in name, file, or folder with an alliance.yaml.")
    ] = DEFAULT,
    futures: Annotated[int, typer.Option(help="Futures to simulate.")] = 100,
    seed: Annotated[int, typer.Option(help="Luck of the study; each future has a seed of its own made from it.")] = 0,
    scenario: Annotated[
        str, typer.Option(help="Named scenarios of the alliance, with commas, applied in this order.")
    ] = "",
    workers: Annotated[
        int | None, typer.Option(help="Futures at a time, a process each; default: one a core. Changes no result.")
    ] = None,
    as_of: Annotated[str, typer.Option(help=AS_OF)] = "",
    known_by: Annotated[str, typer.Option(help=KNOWN_BY)] = "",
    out: Annotated[
        Path | None, typer.Option(help="New folder for report and tables; default: a new one under results/.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Simulate many futures of an alliance: when milestones are reached and how surely, and what holds it back.

    Ctrl-C ends the study with the futures before the first unfinished one, and keeps those.

    Example: `renkei study japan-us-2nm --futures 200 --workers 8`
    """
    from renkei.cli.folders import refuse_unwritable
    from renkei.cli.study_tables import print_study
    from renkei.outcome.folder import RESULTS
    from renkei.report.asked import StudyAsked
    from renkei.report.saving import free_folder
    from renkei.report.study_folder import save_study
    from renkei.study.summary import summary

    scenarios = tuple(name.strip() for name in scenario.split(",") if name.strip())
    with exits():
        refuse_unwritable(out if out is not None else RESULTS / "new")
        asked = StudyAsked(alliance, scenarios, seed, futures, as_of=as_of, known_by=known_by)
        done = _simulated(asked, workers)
        folder = out if out is not None else free_folder(done.alliance, seed, "study")
        save_study(done, asked, folder)
    if as_json:
        typer.echo(json.dumps(summary(done), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        print_study(done)
    if len(done) < futures:
        typer.echo(f"interrupted: {len(done)} of {futures} futures are kept", err=True)
    typer.echo(f"written: {folder / 'report.html'}, with the tables in Parquet beside it", err=as_json)


def _simulated(asked: StudyAsked, workers: int | None) -> Study:
    import renkei
    from renkei.cli.asof import read_as_of, read_known

    as_of = read_as_of(asked.as_of, "renkei study")
    declared = read_known(asked.alliance, asked.scenarios, asked.known_by, "renkei study")
    with _progress(declared, asked.futures) as progress:
        return renkei.study(declared, asked.futures, asked.seed, workers, progress, as_of=as_of)


@contextmanager
def _progress(alliance: Alliance, futures: int) -> Iterator[Callable[[StudyProgress], None] | None]:
    """Show finished futures and the time left on standard error; nothing without a terminal."""
    from renkei.cli.progress import progress_bar

    with progress_bar(f"{alliance.name}: 0 of {futures} futures", 1.0) as show:
        if show is None:
            yield None
            return

        def report(done: StudyProgress) -> None:
            show(done.share, f"{alliance.name}: {done.done} of {done.futures} futures")

        yield report
