"""Result folders from the command line's side: refused before the work if they cannot be written after it."""

from __future__ import annotations

import tempfile
from pathlib import Path

from renkei.outcome.folder import refuse_existing, unwritable


def refuse_unwritable(out: Path) -> None:
    """Raise InputError, before the work, if `out` exists or cannot be made."""
    refuse_existing(out)
    home = out.absolute().parent
    while not home.exists() and home != home.parent:
        home = home.parent
    try:
        Path(tempfile.mkdtemp(prefix=f".{out.name}-"[:100], dir=home)).rmdir()
    except OSError as error:
        raise unwritable(out, error) from None
