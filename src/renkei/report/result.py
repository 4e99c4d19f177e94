"""A future or study as reports see it, fresh or saved: the manifest, the alliance as resolved, the tables."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from renkei.alliance import Alliance
from renkei.errors import InputError, Problem
from renkei.report.resolved import read_resolved
from renkei.study import Study

ALLIANCE, MANIFEST, REPORT = "alliance.yaml", "manifest.json", "report.html"
TABLES = (
    "months", "milestones", "years", "binding", "slips", "drawn", "buyers", "risks", "ledger", "partners", "project",
)  # fmt: skip
"""Tables of a future that a report needs; each is a Parquet file of a result folder."""


STUDY_TABLES = ("futures", "milestones", "months", "years", "drawn")
"""Tables that a study's report needs; the others follow from them."""
WRITERS = {"future": "renkei run", "study": "renkei study"}
"""Kind of a result folder → command that writes it."""


@dataclass(frozen=True)
class Result:
    """One future with what it came from."""

    manifest: Mapping[str, Any]
    """Of the result folder: renkei (version), seed, fidelity, scenarios, inputs_hash, engine_seconds, lot_steps …"""
    alliance: Alliance
    tables: Mapping[str, pd.DataFrame]
    """By name: at least those of `TABLES`."""

    @property
    def scenario(self) -> str:
        """Names of the scenarios applied, `default` for none."""
        return "-".join(self.alliance.scenario) or "default"


def load_result(folder: Path) -> Result:
    """Return what `renkei run` saved in a folder; raises InputError with everything that is missing or broken."""
    return Result(*_read(folder, "future", TABLES))


def load_study(folder: Path) -> tuple[dict[str, Any], Study]:
    """Return manifest and study that `renkei study` saved in a folder; raises InputError as `load_result` does."""
    manifest, alliance, tables = _read(folder, "study", STUDY_TABLES)
    seed, asked = manifest.get("seed", 0), manifest.get("futures_asked", len(tables["futures"]))
    engine, seconds = (float(manifest.get(name, 0.0)) for name in ("engine_seconds", "seconds"))
    return manifest, Study(alliance, seed, asked, engine, seconds, **tables)


def kind_of(folder: Path) -> str:
    """Return what the manifest of a result folder says that it holds: `future`, `study`, …; empty without one."""
    try:
        found = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return ""
    return str(found.get("kind", "")) if isinstance(found, dict) else ""


def _read(folder: Path, kind: str, names: Sequence[str]) -> tuple[dict[str, Any], Alliance, dict[str, pd.DataFrame]]:
    if not folder.is_dir():
        message = "is not a folder; name one that renkei run or renkei study wrote"
        raise InputError(str(folder), [Problem(str(folder), None, "", message)])
    problems = [
        Problem(str(folder / name), None, "", f"is missing; name a folder that {WRITERS[kind]} wrote")
        for name in (MANIFEST, ALLIANCE, *(f"{table}.parquet" for table in names))
        if not (folder / name).is_file()
    ]
    if problems:
        raise InputError(str(folder), problems)
    manifest = _manifest(folder / MANIFEST, kind)
    text = _text(folder / ALLIANCE)
    alliance = read_resolved(text, str(folder / ALLIANCE), tuple(manifest.get("scenarios", ())))
    return manifest, alliance, {name: _table(folder / f"{name}.parquet") for name in names}


def _manifest(path: Path, kind: str) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise InputError(str(path), [Problem(str(path), error.lineno, "", f"is no JSON: {error.msg}")]) from None
    if not isinstance(found, dict) or found.get("kind") != kind:
        message = f'is not "{kind}"; {WRITERS[kind]} did not write it'
        raise InputError(str(path), [Problem(str(path), None, "kind", message)])
    return found


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(str(path), [Problem(str(path), None, "", f"cannot be read: {error}")]) from None


def _table(path: Path) -> pd.DataFrame:
    try:
        return pd.read_parquet(path)
    except (OSError, pa.ArrowException) as error:
        raise InputError(str(path), [Problem(str(path), None, "", f"is no Parquet table: {error}")]) from None
