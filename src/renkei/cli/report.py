"""`renkei report`: write the report of a run's or study's folder anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renkei.cli.errors import exits


def report(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `renkei run` or `renkei study` wrote.")],
) -> None:
    """Write report.html of a result folder anew, from its tables.

    Example: `renkei report results/japan-us-2nm-default-seed0-1`
    """
    from renkei.report.result import kind_of, load_result
    from renkei.report.saving import rewrite_report
    from renkei.report.study_folder import rewrite_study_report

    with exits():
        study = kind_of(folder) == "study"
        path = rewrite_study_report(folder) if study else rewrite_report(load_result(folder), folder)
    typer.echo(str(path))
