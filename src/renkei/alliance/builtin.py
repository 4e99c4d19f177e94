"""Alliances by name or path: those shipped with Renkei, and files or folders of the user."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

from renkei.errors import InputError, Problem, did_you_mean

FILE = "alliance.yaml"


def builtin_alliances() -> tuple[str, ...]:
    """Return the names of the alliances shipped with Renkei."""
    return tuple(sorted(folder.name for folder in _shelf().iterdir() if (folder / FILE).is_file()))


def alliance_file(name_or_path: str | Path) -> Path:
    """Return the file of a built-in name, of a folder with an `alliance.yaml`, or of a path; raise InputError."""
    text = str(name_or_path)
    names = builtin_alliances()
    if text in names:
        return _shelf() / text / FILE
    path = Path(text)
    try:
        if path.is_file():
            return path
        if (path / FILE).is_file():
            return path / FILE
        what = f"is a folder without {FILE}" if path.is_dir() else "is neither a file nor a built-in alliance"
    except (OSError, ValueError):
        what = "is neither a file nor a built-in alliance"
    hint = did_you_mean(text, names)
    rest = hint if "known" in hint else f"{hint} (built in: {', '.join(names)})"
    raise InputError(text, [Problem(text, None, "", f"{what}{rest}")])


def _shelf() -> Path:
    return Path(str(files("renkei") / "data" / "alliances"))
