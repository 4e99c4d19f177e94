"""The result folder of a study: manifest, alliance as resolved, tables."""

from __future__ import annotations

import shlex
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from renkei.alliance import Alliance
from renkei.outcome.folder import write_folder
from renkei.report.resolved import resolved_yaml
from renkei.report.result import ALLIANCE
from renkei.report.saving import RESULTS, beside, options, origin
from renkei.study import Study


@dataclass(frozen=True)
class StudyAsked:
    """What a study was asked for; the number of workers changes nothing and is left out."""

    alliance: str
    """Name or path, as typed."""
    scenarios: tuple[str, ...]
    futures: int
    seed: int
    as_of: str = ""
    """A day, `last` or `start`, as typed."""
    known_by: str = ""
    """A day, as typed."""

    @property
    def command(self) -> str:
        """The command that repeats the study."""
        words = ["renkei", "study", self.alliance, "--futures", str(self.futures), "--seed", str(self.seed)]
        return shlex.join(
            [*words, *options(scenario=",".join(self.scenarios), as_of=self.as_of, known_by=self.known_by)]
        )


def free_study_folder(alliance: Alliance, seed: int, under: Path = RESULTS) -> Path:
    """Return `results/<alliance>-<scenario>-study-seed<seed>-<n>` with the first n that is free."""
    stem = f"{alliance.name}-{'-'.join(alliance.scenario) or 'default'}-study-seed{seed}"
    number = 1
    while (under / f"{stem}-{number}").exists():
        number += 1
    return under / f"{stem}-{number}"


def study_manifest(study: Study, asked: StudyAsked) -> dict[str, Any]:
    """Return what is needed to repeat a study and to know that it is the same one."""
    return {
        "kind": "study",
        **origin(study.alliance, asked.alliance, asked.scenarios),
        "seed": asked.seed,
        "fidelity": "events",
        "futures_asked": asked.futures,
        "futures": len(study),
        "as_of": asked.as_of,
        "known_by": asked.known_by,
        "command": asked.command,
        "seconds": round(study.seconds, 3),
        "engine_seconds": round(study.engine_seconds, 3),
    }


def save_study(study: Study, asked: StudyAsked, out: Path) -> None:
    """Write the new folder `out`, whole or not at all; raises InputError if it exists or cannot be made."""
    texts = {ALLIANCE: resolved_yaml(beside(study.alliance, out))}
    write_folder(out, study_manifest(study, asked), study.tables, texts)
