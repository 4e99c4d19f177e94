"""`renkei report`: write the report of a result folder anew."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renkei.cli.errors import exits


def report(folder: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that `renkei run` wrote.")]) -> None:
    """Write report.html of a result folder anew, from its tables.

    Example: `renkei report results/japan-us-2nm-default-seed0-1`
    """
    from renkei.report.result import load_result
    from renkei.report.saving import rewrite_report

    with exits():
        path = rewrite_report(load_result(folder), folder)
    typer.echo(str(path))
