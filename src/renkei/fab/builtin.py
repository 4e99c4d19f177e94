"""Fabs by name or path: those shipped with Renkei, and folders of the user."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from renkei.errors import InputError, Problem, did_you_mean
from renkei.fab.fab import Fab
from renkei.fab.reading import read_fab


def builtin_fabs() -> tuple[str, ...]:
    """Return the names of the fabs shipped with Renkei."""
    return tuple(sorted(folder.name for folder in _shelf().iterdir() if (folder / "fab.yaml").is_file()))


def load_fab(name_or_path: str | Path, size: str | None = None) -> Fab:
    """Return a fab by its built-in name (`minifab`), as `name@size`, or by the path of its folder.

    `size` is one of the sizes the fab declares; None takes the first. Raises InputError.
    """
    text = str(name_or_path)
    folder = _folder(text)
    if folder is None and "@" in text and size is None:
        text, _, size = text.rpartition("@")
        folder = _folder(text)
    if folder is None:
        names = builtin_fabs()
        hint = did_you_mean(text, names)
        rest = hint if "known" in hint else f"{hint or '.'} Built in: {', '.join(names)}"
        message = f"is neither a folder nor a built-in fab{rest}"
        raise InputError(str(name_or_path), [Problem(str(name_or_path), None, "", message)])
    return read_fab(folder, size)


def _folder(text: str) -> Path | None:
    if text in builtin_fabs():
        return _shelf() / text
    try:
        return Path(text) if text and Path(text).exists() else None
    except (OSError, ValueError):
        return None


def _shelf() -> Path:
    return Path(str(files("renkei") / "data" / "fabs"))
