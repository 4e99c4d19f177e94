"""Result folders from the command line's side: never overwritten."""

from __future__ import annotations

from pathlib import Path

from renkei.errors import InputError, Problem


def refuse_existing(out: Path) -> None:
    """Raise InputError, before the work, if `out` exists."""
    if out.exists() or out.is_symlink():
        raise InputError(
            str(out), [Problem(str(out), None, "", "exists already; nothing is overwritten, name a new folder")]
        )
