"""A future as reports see it, fresh or saved: the manifest, the alliance as resolved, the tables."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa

from renkei.alliance import Alliance
from renkei.errors import InputError, Problem
from renkei.report.resolved import read_resolved

ALLIANCE, MANIFEST, REPORT = "alliance.yaml", "manifest.json", "report.html"
TABLES = ("months", "milestones", "years", "binding", "slips", "drawn", "buyers")
"""Tables of a future that a report needs; each is a Parquet file of a result folder."""


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
    if not folder.is_dir():
        raise InputError(
            str(folder), [Problem(str(folder), None, "", "is not a folder; name one that renkei run wrote")]
        )
    problems = [
        Problem(str(folder / name), None, "", "is missing; name a folder that renkei run wrote")
        for name in (MANIFEST, ALLIANCE, *(f"{table}.parquet" for table in TABLES))
        if not (folder / name).is_file()
    ]
    if problems:
        raise InputError(str(folder), problems)
    manifest = _manifest(folder / MANIFEST)
    text = _text(folder / ALLIANCE)
    alliance = read_resolved(text, str(folder / ALLIANCE), tuple(manifest.get("scenarios", ())))
    return Result(manifest, alliance, {name: _table(folder / f"{name}.parquet") for name in TABLES})


def _manifest(path: Path) -> dict[str, Any]:
    try:
        found = json.loads(_text(path))
    except json.JSONDecodeError as error:
        raise InputError(str(path), [Problem(str(path), error.lineno, "", f"is no JSON: {error.msg}")]) from None
    if not isinstance(found, dict) or found.get("kind") != "future":
        raise InputError(str(path), [Problem(str(path), None, "kind", 'is not "future"; renkei run did not write it')])
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
