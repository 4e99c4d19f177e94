"""The result folder of a study: manifest, alliance as resolved, tables."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from renkei.outcome.folder import write_folder
from renkei.report.asked import StudyAsked
from renkei.report.resolved import resolved_yaml
from renkei.report.result import ALLIANCE
from renkei.report.saving import beside, origin
from renkei.study import Study


def study_manifest(study: Study, asked: StudyAsked) -> dict[str, Any]:
    """Return what is needed to repeat a study and to know that it is the same one."""
    return {
        "kind": "study",
        **origin(study.alliance, asked),
        "fidelity": "events",
        "futures_asked": asked.futures,
        "futures": len(study),
        "command": asked.command,
        "seconds": round(study.seconds, 3),
        "engine_seconds": round(study.engine_seconds, 3),
    }


def save_study(study: Study, asked: StudyAsked, out: Path) -> None:
    """Write the new folder `out`, whole or not at all; raises InputError if it exists or cannot be made."""
    texts = {ALLIANCE: resolved_yaml(beside(study.alliance, out))}
    write_folder(out, study_manifest(study, asked), study.tables, texts)
