"""The result folder of a future: manifest, alliance as resolved, tables, report."""

from __future__ import annotations

import dataclasses
import hashlib
import os
import platform
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numba
import numpy as np
import pandas as pd

import renkei
from renkei.alliance import Alliance
from renkei.fab.builtin import builtin_fabs, load_fab
from renkei.outcome.folder import write_folder
from renkei.report.page import page
from renkei.report.resolved import resolved_yaml
from renkei.report.result import ALLIANCE, REPORT, Result

RESULTS = Path("results")


@dataclass(frozen=True)
class Asked:
    """What a run was asked for."""

    alliance: str
    """Name or path, as typed."""
    scenarios: tuple[str, ...]
    seed: int
    fidelity: str
    as_of: str = ""
    """A day, `last` or `start`, as typed."""
    known_by: str = ""
    """A day, as typed."""

    @property
    def command(self) -> str:
        """The command that repeats the run."""
        words = ["renkei", "run", self.alliance, "--seed", str(self.seed), "--fidelity", self.fidelity]
        return shlex.join(
            [*words, *options(scenario=",".join(self.scenarios), as_of=self.as_of, known_by=self.known_by)]
        )


def options(**given: str) -> list[str]:
    """Return the words of the options that are given: `--as-of 2024-12-31` for as_of="2024-12-31"."""
    return [word for name, value in given.items() if value for word in (f"--{name.replace('_', '-')}", value)]


def free_folder(alliance: Alliance, seed: int, under: Path = RESULTS) -> Path:
    """Return `results/<alliance>-<scenario>-seed<seed>-<n>` with the first n that is free."""
    stem = f"{alliance.name}-{'-'.join(alliance.scenario) or 'default'}-seed{seed}"
    number = 1
    while (under / f"{stem}-{number}").exists():
        number += 1
    return under / f"{stem}-{number}"


def manifest(alliance: Alliance, asked: Asked, timings: Mapping[str, Any]) -> dict[str, Any]:
    """Return what is needed to repeat a run and to know that it is the same one.

    `timings` (engine_seconds, lot_steps, …) are added as they are.
    """
    return {
        "kind": "future",
        **origin(alliance, asked.alliance, asked.scenarios),
        "seed": asked.seed,
        "fidelity": asked.fidelity,
        "as_of": asked.as_of,
        "known_by": asked.known_by,
        "command": asked.command,
        **timings,
    }


def origin(alliance: Alliance, asked: str, scenarios: Sequence[str]) -> dict[str, Any]:
    """Return where a result comes from: version, inputs and their hash, machine; `asked`: name or path, as typed."""
    return {
        "renkei": renkei.__version__,
        "alliance": alliance.name,
        "asked": asked,
        "scenarios": list(scenarios),
        "scenario_titles": [alliance.scenarios[name].title or name for name in scenarios],
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
    """Write the report of a saved result anew, whole or not at all; returns its path."""
    path = folder / REPORT
    part = folder / f".{REPORT}.part"
    try:
        part.write_text(page(result), encoding="utf-8")
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return path


def beside(alliance: Alliance, out: Path) -> Alliance:
    """Return the alliance with the path of a user's fab as seen from the result folder: it can be run from there."""
    if alliance.fab in builtin_fabs() or not Path(alliance.fab).exists():
        return alliance
    return alliance.model_copy(update={"fab": os.path.relpath(alliance.fab, out)})
