"""The table of verdicts: what it shows of a row, and that a slow test's rows reach the end of the run."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from .verdicts import Verdict, as_markdown, as_text, digits

QUEUE = Verdict("Queues", "M/M/1, load 0.9: mean wait", 9.0, 9.0213, 0.1134, True, "in the interval")
COUNT = Verdict("Lots", "moves", 62647.0, 61100.0, None, False, "within 2 %")
INSIDE = """
import pytest
from tests.verdicts import Verdict

@pytest.mark.parametrize("long", [False, pytest.param(True, marks=pytest.mark.slow)])
def test_a_wait(verdict, long):
    verdict(Verdict("Queues", f"long {long}", 9.0, 8.5, 0.1, False, "in the interval"))
    assert not long
"""


@pytest.mark.parametrize(("size", "places"), [(0.1134, 2), (11.3, 0), (0.0099, 4), (250, 0), (0, 3)])
def test_digits_are_those_of_the_interval(size: float, places: int) -> None:
    assert digits(size) == places


def test_rows_as_words() -> None:
    assert QUEUE.cells == ("M/M/1, load 0.9: mean wait", "9.000", "9.02 ± 0.11", "met, in the interval")
    assert COUNT.cells == ("moves", "62,647", "61,100", "MISSED, within 2 %")


def test_columns_stand_below_one_another() -> None:
    lines = as_text([QUEUE, COUNT, QUEUE]).splitlines()
    assert lines[1:3] == ["", "Queues: 2 of 2 met"]
    assert lines[6] == "Lots: 0 of 1 met"
    ends = {line.index(word) for line, word in ((lines[0], "verdict"), (lines[3], "met,"), (lines[7], "MISSED"))}
    assert len(ends) == 1


def test_markdown() -> None:
    assert as_markdown([COUNT]).splitlines()[2:] == [
        "| **Lots** | | | |",
        "| moves | 62,647 | 61,100 | MISSED, within 2 % |",
    ]


def test_rows_of_slow_tests_are_printed_though_the_test_fails(tmp_path: Path) -> None:
    root = Path(__file__).parents[1]
    (tmp_path / "test_inside.py").write_text(INSIDE)
    for chosen, shown in (("slow", True), ("not slow", False)):
        command = [sys.executable, "-m", "pytest", "-p", "tests.conftest", "-p", "no:cacheprovider", "-m", chosen]
        command += ["-c", str(root / "pyproject.toml"), "--verdicts", str(tmp_path / "table.md"), str(tmp_path)]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=False)
        assert ("1 failed" in done.stdout) is shown, done.stdout + done.stderr
        assert ("MISSED, in the interval" in done.stdout) is shown
        assert "long False" not in done.stdout
    assert "| long True | 9.000 | 8.50 ± 0.10 | MISSED, in the interval |" in (tmp_path / "table.md").read_text()
