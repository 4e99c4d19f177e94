"""PySCFabSim: an SMT2020 simulator in plain Python, run from a checkout that $PYSCFABSIM names, by its command line."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from benchmarks.cases import Case, Length
from benchmarks.outcome import EngineError, Outcome

TOLD = re.compile(r"days simulated in\s+(?:(\d+) days?, )?(\d+):(\d+):(\d+(?:\.\d+)?)")
"""The line with the time of its run, a Python timedelta; its reading of the files is included."""
DATASETS = {"hvlm": "SMT2020_HVLM"}


class PySCFabSim:
    """Its rules differ from Renkei's (docs/floor.md), so it must agree in the lots that leave, not in their waits.

    $PYSCFABSIM_PYTHON names the interpreter that has its requirements; without it ours is tried.
    """

    name = "PySCFabSim"

    def absent(self) -> str | None:
        """Return why it cannot be used here."""
        folder = os.environ.get("PYSCFABSIM")
        if not folder:
            return "$PYSCFABSIM names no checkout of prosysscience/PySCFabSim-release"
        return None if (Path(folder) / "main.py").is_file() else "$PYSCFABSIM has no main.py"

    def unfit(self, case: Case) -> str | None:
        """Return why a case is not run: it reads SMT2020 files only, from its own folder `datasets`."""
        if case.dataset not in DATASETS:
            return "reads SMT2020 models only"
        if (why := self.absent()) is not None:
            return why
        there = (Path(os.environ["PYSCFABSIM"]) / "datasets" / DATASETS[case.dataset]).is_dir()
        return None if there else f"its checkout has no datasets/{DATASETS[case.dataset]}"

    def run(self, case: Case, length: Length, seed: int) -> Outcome:
        """Run its greedy simulation, first come first served, in a process of its own.

        Raises EngineError with the end of its messages if it did not tell its time.
        """
        folder = Path(os.environ["PYSCFABSIM"])
        dataset, days = DATASETS[case.dataset], max(int(length.days), 1)
        (folder / "greedy").mkdir(exist_ok=True)
        results = folder / "greedy" / f"greedy_seed{seed}_{days}days_{dataset}_fifo.json"
        results.unlink(missing_ok=True)
        python = os.environ.get("PYSCFABSIM_PYTHON", sys.executable)
        options = {"--dataset": dataset, "--days": days, "--dispatcher": "fifo", "--seed": seed}
        asked = [python, "main.py", *(str(word) for option in options.items() for word in option)]
        done = subprocess.run(asked, cwd=folder, capture_output=True, text=True, check=False)
        told = TOLD.search(done.stdout)
        if told is None:
            raise EngineError(f"its main.py told no time (exit code {done.returncode}): {done.stderr.strip()[-300:]}")
        return Outcome(seconds_of(told), None, lots=lots_of(results) if results.is_file() else None)


def seconds_of(told: re.Match[str]) -> float:
    """Return the seconds of a printed timedelta."""
    days, hours, minutes, seconds = told.groups(default="0")
    return ((int(days) * 24 + int(hours)) * 60 + int(minutes)) * 60 + float(seconds)


def lots_of(results: Path) -> int:
    """Return the lots that left, from the file that it writes after a run."""
    return sum(int(own["throughput"]) for own in json.loads(results.read_text(encoding="utf-8"))["lots"].values())
