"""The result folder of a study: manifest, alliance as resolved, tables, report."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from renkei.outcome.folder import write_folder
from renkei.report.asked import StudyAsked
from renkei.report.resolved import resolved_yaml
from renkei.report.result import ALLIANCE, REPORT, load_study
from renkei.report.saving import beside, origin, write_page
from renkei.report.study_page import study_page
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
    facts = study_manifest(study, asked)
    texts = {ALLIANCE: resolved_yaml(beside(study.alliance, out)), REPORT: study_page(study, facts)}
    write_folder(out, facts, study.tables, texts)


def rewrite_study_report(folder: Path) -> Path:
    """Write the report of a saved study anew, whole or not at all; returns its path."""
    facts, study = load_study(folder)
    return write_page(study_page(study, facts), folder)
