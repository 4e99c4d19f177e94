"""Fabs with one odd cell, column or file: refused with a place and a cure, or run; never a traceback."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

import renkei
from renkei.cli import app
from renkei.errors import InputError
from renkei.fab import read_fab, write_fab
from tests.floor.everything import everything

ODD = [
    "", "0", "-1", "-0", "1e-300", "1e-9", "0.001", "1e3", "1e9", "1e15", "1e308", "1e400", "nan", "inf", "-inf",
    "None", "abc", "é", "日本", "１２", "²", "1_000", "0x10", "1,5", "+5", "1.5", "2", "3", "4", "5", "7", "100",
    "99.9999", "10001", "100000", "999999999999",
    "yes", "no", "TRUE", "0%", "50%", "1-3 7", "1-", "3-1", "1-999999999", "\u200b",
    "=1+1", '"q', "uniform", "exponential", "erlang", "lognormal", "hyperexponential", "batch", "wafer", "lot", "delay",
    "breakdown", "pm", "busy", "wafers", "staggered", "family", "least_setup", "always", "cr", "random", "cqt",
    "1e308*cr + spt", "- fifo", "chip", "test", "gauge", "boron", "fitters", "Hot", "annex",
]  # fmt: skip


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """The files of a fab that uses every table and nearly every column."""
    home = tmp_path_factory.mktemp("whole") / "fab"
    write_fab(everything(exact=False), home)
    return {path.name: path.read_text(encoding="utf-8") for path in home.iterdir()}


def put(files: dict[str, str], home: Path) -> Path:
    home.mkdir(exist_ok=True)
    for path in home.iterdir():
        path.unlink()
    for name, text in files.items():
        (home / name).write_text(text, encoding="utf-8")
    return home


def odd_table(text: str, data: st.DataObject) -> str:
    """One cell is another, or a row or column is gone or comes twice."""
    rows = list(csv.reader(io.StringIO(text)))
    row = data.draw(st.integers(0 if data.draw(st.booleans()) else min(1, len(rows) - 1), len(rows) - 1))
    column = data.draw(st.integers(0, len(rows[row]) - 1))
    what = data.draw(st.sampled_from(["cell"] * 9 + ["row", "column", "twice"]))
    if what == "cell":
        rows[row][column] = data.draw(st.sampled_from(ODD))
    elif what == "column":
        rows = [cells[:column] + cells[column + 1 :] for cells in rows]
    elif what == "row":
        del rows[row]
    else:
        rows.append(rows[row])
    new = io.StringIO()
    csv.writer(new, lineterminator="\n").writerows(rows)
    return new.getvalue()


@settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    database=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(data=st.data())
def test_an_odd_fab_is_refused_or_runs(whole: dict[str, str], tmp_path: Path, data: st.DataObject) -> None:
    files = dict(whole)
    name = data.draw(st.sampled_from(sorted(set(files) - {"fab.yaml"})))
    if data.draw(st.integers(0, 19)) == 0:
        del files[name]
    else:
        files[name] = odd_table(files[name], data)
    told = told_of(put(files, tmp_path / "fab"))
    if isinstance(told, InputError):
        assert all(problem.file and problem.message for problem in told.problems)
    else:
        json.dumps(told, allow_nan=False)
        assert told["waiting_lots_by_cause"].keys() >= {"busy", "transport"}


def told_of(home: Path) -> dict[str, Any] | InputError:
    """What a few hours of a fab tell, or why it is refused."""
    try:
        return renkei.run_floor(read_fab(home), days=0.2, warmup=0.05).to_json()
    except InputError as error:
        return error


@pytest.mark.parametrize("command", [["fab", "check"], ["floor", "--days", "1"], ["fab", "capacity"]])
@pytest.mark.parametrize(
    ("file", "old", "new", "said"),
    [
        ("tool_groups.csv", "gauge,", "gauge\u0661,", "gauge"),
        ("products.csv", "chip,", "chip,nan", "route"),
        ("crews.csv", "fitters,1", "fitters,1e309", "people"),
        ("orders.csv", "order-1,", "order-1,no such product", "product"),
    ],
)
def test_commands_leave_with_two(
    whole: dict[str, str], tmp_path: Path, command: list[str], file: str, old: str, new: str, said: str
) -> None:
    assert old in whole[file]
    home = put(whole | {file: whole[file].replace(old, new, 1)}, tmp_path / "fab")
    verbs = 2 if command[0] == "fab" else 1
    done = CliRunner().invoke(app, [*command[:verbs], str(home), *command[verbs:]])
    assert done.exit_code == 2
    assert said in done.stderr
    assert isinstance(done.exception, SystemExit)
