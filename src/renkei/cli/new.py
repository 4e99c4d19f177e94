"""`renkei new`: an alliance of one's own to start from."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from renkei.cli.errors import exits


def new(directory: Annotated[Path, typer.Argument(metavar="DIR", help="Folder that does not exist yet.")]) -> None:
    """Write a small commented alliance that runs in seconds, and its JSON Schema for editors, into a new folder.

    Example: `renkei new my-alliance`
    """
    from renkei.alliance.starting import scaffold
    from renkei.cli.folders import refuse_unwritable

    with exits():
        refuse_unwritable(directory)
        path = scaffold(directory)
    typer.echo(f"written: {path}\nnext: renkei check {directory} && renkei run {directory}")
