"""Exit codes: 2 for bad input, 1 for a run that failed; messages go to standard error, never a traceback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import typer

from renkei.errors import InputError, RunError

BAD_INPUT = 2
RUN_FAILED = 1


@contextmanager
def exits() -> Iterator[None]:
    """Turn Renkei's errors into messages and exit codes; use it around, or as decorator of, the body of a command."""
    try:
        yield
    except InputError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(BAD_INPUT) from None
    except RunError as error:
        typer.echo(f"renkei: {error}", err=True)
        raise typer.Exit(RUN_FAILED) from None
