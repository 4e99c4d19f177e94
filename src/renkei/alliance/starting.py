"""A first alliance of one's own: a commented file that runs, and the schema for editors beside it."""

from __future__ import annotations

import json
import re
import shutil
import tempfile
from importlib.resources import files
from pathlib import Path

from renkei.alliance.builtin import FILE
from renkei.alliance.json_schema import alliance_schema
from renkei.errors import InputError, Problem

SCHEMA = "alliance.schema.json"
"""The first line of the file names it."""


def scaffold(folder: Path) -> Path:
    """Write the new folder, whole or not at all, and return the path of its alliance file.

    The alliance is named after the folder. Raises InputError if the folder cannot be made.
    """
    text = (files("renkei") / "data" / "new" / FILE).read_text(encoding="utf-8")
    try:
        folder.parent.mkdir(parents=True, exist_ok=True)
        work = Path(tempfile.mkdtemp(prefix=f".{folder.name}-", dir=folder.parent))
    except OSError as error:
        raise _unwritable(folder, error) from None
    try:
        (work / FILE).write_text(text.replace("@NAME@", slug(folder.resolve().name)), encoding="utf-8")
        (work / SCHEMA).write_text(json.dumps(alliance_schema(), ensure_ascii=False, indent=1), encoding="utf-8")
        work.chmod(0o755)
        work.rename(folder)
    except OSError as error:
        shutil.rmtree(work, ignore_errors=True)
        raise _unwritable(folder, error) from None
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
    return folder / FILE


def _unwritable(folder: Path, error: OSError) -> InputError:
    message = f"cannot be written: {error.strerror or error}"
    return InputError(str(folder), [Problem(str(folder), None, "", message)])


def slug(name: str) -> str:
    """Return a folder's name as the name of an alliance: small letters, digits, hyphens."""
    return re.sub(r"[^a-z0-9]+", "-", name.casefold()).strip("-")[:60] or "my-alliance"
