"""The result folder of a future: manifest, alliance as resolved, tables, report."""

from __future__ import annotations

import contextlib
import dataclasses
import hashlib
import os
import platform
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd

import renkei
from renkei.alliance import Alliance
from renkei.fab.builtin import builtin_fabs, load_fab
from renkei.outcome.folder import RESULTS, unwritable, write_folder
from renkei.report.asked import Asked, RunAsked
from renkei.report.page import page
from renkei.report.resolved import resolved_yaml
from renkei.report.result import ALLIANCE, REPORT, Result


def free_folder(alliance: Alliance, seed: int, kind: str = "", under: Path = RESULTS) -> Path:
    """Return `results/<alliance>-<scenario>-<kind>-seed<seed>-<n>` with the first n that is free."""
    scenario = "-".join(alliance.scenario) or "default"
    stem = "-".join(filter(None, (alliance.name, scenario, kind, f"seed{seed}")))
    number = 1
    while (under / f"{stem}-{number}").exists():
        number += 1
    return under / f"{stem}-{number}"


def manifest(alliance: Alliance, asked: RunAsked, timings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is needed to repeat a run and to know that it is the same one.

    `timings` (engine_seconds, lot_steps, …) are added as they are.
    """
    return {
        "kind": "future",
        **origin(alliance, asked),
        "fidelity": asked.fidelity,
        "command": asked.command,
        **timings,
    }


def origin(alliance: Alliance, asked: Asked) -> dict[str, Any]:
    """Return where a result comes from: version, what was asked, inputs and their hash, machine."""
    return {
        "renkei": renkei.__version__,
        "alliance": alliance.name,
        "asked": asked.alliance,
        "scenarios": list(asked.scenarios),
        "scenario_titles": [alliance.scenarios[name].title or name for name in asked.scenarios],
        "seed": asked.seed,
        "as_of": asked.as_of,
        "known_by": asked.known_by,
        "fab": alliance.fab,
        "inputs_hash": inputs_hash(alliance),
        "python": platform.python_version(),
        "machine": platform.machine(),
        "packages": {"numpy": np.__version__, "numba": numba.__version__, "pandas": pd.__version__},
    }


def inputs_hash(alliance: Alliance) -> str:
    """Return the SHA-256 of the alliance as resolved and of every table of its fab."""
    digest = hashlib.sha256(resolved_yaml(alliance).encode())
    fab = load_fab(alliance.fab)
    for field in dataclasses.fields(fab):
        digest.update(f"\n{field.name}={getattr(fab, field.name)!r}".encode())
    return digest.hexdigest()


def save(result: Result, out: Path) -> None:
    """Write the new folder `out`; raises InputError if it exists or cannot be made."""
    texts = {ALLIANCE: resolved_yaml(beside(result.alliance, out)), REPORT: page(result)}
    write_folder(out, result.manifest, result.tables, texts)


def rewrite_report(result: Result, folder: Path) -> Path:
    """Write the report of a saved result anew, whole or not at all; returns its path.

    Raises InputError if the folder cannot be written to.
    """
    return write_page(page(result), folder)


def write_page(text: str, folder: Path) -> Path:
    """Write a report into a result folder in place of the one that is there; returns its path.

    Raises InputError if the folder cannot be written to.
    """
    path = folder / REPORT
    part = folder / f".{REPORT}.part"
    try:
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise unwritable(folder, error) from None
    finally:
        with contextlib.suppress(OSError):
            part.unlink()
    return path


def beside(alliance: Alliance, out: Path) -> Alliance:
    """Return the alliance with the path of a user's fab as seen from the result folder: it can be run from there."""
    if alliance.fab in builtin_fabs() or not Path(alliance.fab).exists():
        return alliance
    return alliance.model_copy(update={"fab": os.path.relpath(alliance.fab, out)})
