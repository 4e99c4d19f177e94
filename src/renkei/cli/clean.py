"""`renkei clean`: delete compiled kernels of older versions."""

from __future__ import annotations

from typing import Annotated

import typer


def clean(everything: Annotated[bool, typer.Option("--all", help="Also those of this version.")] = False) -> None:
    """Delete compiled kernels that this version does not use.

    Example: `renkei clean`
    """
    from renkei.replicate import clean_kernels

    typer.echo(f"{clean_kernels(everything)} folder(s) of compiled kernels deleted")
