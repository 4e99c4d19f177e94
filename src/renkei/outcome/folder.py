"""Result folders: a manifest and tables in Parquet, written whole or not at all, never overwritten."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pandas as pd

import renkei
from renkei.errors import InputError, Problem

RESULTS = Path("results")
"""Where results go unless another folder is named."""


@contextmanager
def workplace(out: Path | None) -> Iterator[Path | None]:
    """Give an empty folder beside the result folder `out`, for files that are written while a run goes on; None for
    None. It is deleted at the end, unless `write_folder` has moved it."""
    if out is None:
        yield None
        return
    place = _beside(Path(out))
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _beside(out: Path) -> Path:
    """Return a new folder next to `out`; InputError if it cannot be made."""
    try:
        out.parent.mkdir(parents=True, exist_ok=True)
        return Path(tempfile.mkdtemp(prefix=f".{out.name}-", dir=out.parent))
    except OSError as error:
        raise unwritable(out, error) from None


def refuse_existing(out: Path) -> None:
    """Raise InputError if `out` exists."""
    if out.exists() or out.is_symlink():
        message = "exists already; nothing is overwritten, name a new folder"
        raise InputError(str(out), [Problem(str(out), None, "", message)])


def unwritable(out: Path, error: OSError) -> InputError:
    """Return what to say of a folder that the system does not let us write."""
    return InputError(str(out), [Problem(str(out), None, "", f"cannot be written: {error.strerror or error}")])


def write_folder(
    out: Path,
    manifest: Mapping[str, Any],
    tables: Mapping[str, pd.DataFrame],
    texts: Mapping[str, str] | None = None,
    folders: Mapping[str, Path] | None = None,
) -> None:
    """Write `manifest.json`, one Parquet file a table and the given text files into the new folder `out`; `folders` are
    moved into it under their names.

    Raises InputError if `out` exists or cannot be written. The files appear all at once: they are written to a sibling
    folder first.
    """
    out = Path(out)
    refuse_existing(out)
    work = _beside(out)
    try:
        facts = {"renkei": renkei.__version__, **manifest}
        (work / "manifest.json").write_text(json.dumps(facts, indent=1, allow_nan=False, default=str), encoding="utf-8")
        for name, table in tables.items():
            table.to_parquet(work / f"{name}.parquet", index=False)
        for name, text in (texts or {}).items():
            (work / name).write_text(text, encoding="utf-8")
        for name, folder in (folders or {}).items():
            shutil.move(folder, work / name)
            (work / name).chmod(0o755)
        work.chmod(0o755)
        work.rename(out)
    except OSError as error:
        shutil.rmtree(work, ignore_errors=True)
        raise unwritable(out, error) from None
    except BaseException:
        shutil.rmtree(work, ignore_errors=True)
        raise
