"""`python -m benchmarks`: run cases on all engines that are here, print medians and ratios."""

from __future__ import annotations

import argparse
import os
import platform
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from benchmarks.cases import CASES
from benchmarks.engines import ENGINES
from benchmarks.measuring import Measured, measure
from benchmarks.studies import STUDIES, Study, growth
from benchmarks.table import as_json, as_markdown, as_text
from renkei.replicate import cores

PACKAGES = ("renkei", "numba", "numpy", "simpy", "salabim", "ciw")


def arguments(given: Sequence[str] | None) -> argparse.Namespace:
    """Read the command line; what is wrong ends the program with exit code 2."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    names = [case.name for case in CASES]
    parser.add_argument("--case", action="append", choices=[*names, *STUDIES], help="only this one; may be repeated")
    parser.add_argument("--engine", action="append", choices=[engine.name for engine in ENGINES[1:]],
                        help="compare only with this one; may be repeated")  # fmt: skip
    parser.add_argument("--repeat", type=int, default=3, metavar="R", help="repetitions of each run (default 3)")
    parser.add_argument("--smoke", action="store_true", help="runs of a moment: does everything work?")
    parser.add_argument("--full", action="store_true", help="1,460 days of SMT2020 HVLM instead of 365")
    told = parser.add_mutually_exclusive_group()
    told.add_argument("--json", action="store_true", help="everything, for machines")
    told.add_argument("--markdown", action="store_true", help="tables for a page")
    asked = parser.parse_args(given)
    if asked.repeat < 1:
        parser.error(f"argument --repeat: = {asked.repeat}; must be at least 1")
    return asked


def run(asked: argparse.Namespace) -> tuple[list[Measured], list[Study]]:
    """Run what was asked for."""

    def tell(what: str) -> None:
        print(what, file=sys.stderr, flush=True)

    wanted = asked.case or [*(case.name for case in CASES), *STUDIES]
    engines = [ENGINES[0], *(one for one in ENGINES[1:] if not asked.engine or one.name in asked.engine)]
    rows: list[Measured] = []
    for case in CASES:
        if case.name not in wanted:
            continue
        length = case.smoke if asked.smoke else case.full if asked.full and case.full else case.length
        if (why := case.absent()) is not None:
            rows.append(Measured(case.name, f"{case.title}, {length.label}", ENGINES[0].name, skipped=why))
            continue
        rows += measure(case, length, engines, asked.repeat, tell)
    studies = growth(rows)
    for name, study in STUDIES.items():
        if name in wanted:
            tell(name)
            studies += study(asked.repeat, asked.smoke)
    return rows, studies


def machine() -> dict[str, Any]:
    """Return what the figures depend on: interpreter, packages, processor, and how busy it was."""
    found: dict[str, Any] = {"python": platform.python_version(), "machine": platform.machine(), "cores": cores()}
    for name in PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            found[name] = None
    if hasattr(os, "getloadavg"):
        found["load"] = os.getloadavg()[0]
    return found


def main(given: Sequence[str] | None = None) -> int:
    """Run and print; exit 1 if an engine did other work than the case asks for."""
    asked = arguments(given)
    rows, studies = run(asked)
    if asked.json:
        print(as_json(rows, studies, machine()))
    else:
        print(as_markdown(rows, studies) if asked.markdown else as_text(rows, studies))
    faults = [f"{row.title}, {row.engine}: {fault}" for row in rows for fault in row.faults]
    for fault in faults:
        print(fault, file=sys.stderr)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
