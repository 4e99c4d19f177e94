"""`renkei run` and `renkei report`: what they print, what they write, what they refuse."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest
from click.testing import Result
from typer.testing import CliRunner

from renkei.cli import app

TINY = str(Path(__file__).parents[1] / "report" / "tiny.yaml")
YEAR = {
    "year", "cash_jpy", "headcount", "trained_abroad", "tools", "wafer_starts", "wafers_out", "cycle_time_days",
    "x_factor", "d0_per_cm2", "die_yield", "good_dies", "revenue_jpy",
    "operating_cost_jpy", "depreciation_jpy", "result_jpy", "equity_jpy", "runway_months", "cost_per_wafer_jpy",
    "full_cost_per_wafer_jpy", "full_cost_per_good_die_jpy",
}  # fmt: skip


def renkei(*words: str) -> Result:
    return CliRunner().invoke(app, list(words), env={"COLUMNS": "80"})


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("run") / "out"


@pytest.fixture(scope="module")
def as_json(folder: Path) -> Result:
    return renkei("run", TINY, "--seed", "1", "--out", str(folder), "--json")


@pytest.fixture(scope="module")
def printed(tmp_path_factory: pytest.TempPathFactory) -> str:
    result = renkei("run", TINY, "--seed", "1", "--out", str(tmp_path_factory.mktemp("run") / "out"))
    assert result.exit_code == 0
    return result.stdout


def test_json_has_exactly_the_promised_keys(as_json: Result) -> None:
    assert as_json.exit_code == 0
    data = json.loads(as_json.stdout)
    assert set(data) == {"milestones", "years", "binding", "seed", "fidelity", "engine_seconds", "lot_steps"}
    assert {frozenset(row) for row in data["milestones"]} == {frozenset({"name", "promised", "reached", "actual"})}
    assert {frozenset(row) for row in data["years"]} == {frozenset(YEAR)}
    assert {frozenset(row) for row in data["binding"]} == {frozenset({"month", "constraint", "limits"})}
    assert (data["seed"], data["fidelity"], len(data["years"]), len(data["binding"])) == (1, "events", 2, 24)
    assert data["lot_steps"] > 0


def test_json_dates_are_iso_or_null(as_json: Result) -> None:
    rows = {row["name"]: row for row in json.loads(as_json.stdout)["milestones"]}
    assert rows["Site ready"]["promised"] == "2024-04-01"
    assert re.fullmatch(r"2024-\d\d-\d\d", rows["First silicon"]["reached"])
    assert rows["Volume"]["reached"] is None


def test_folder_holds_what_repeats_and_shows_the_run(as_json: Result, folder: Path) -> None:
    assert as_json.exit_code == 0
    names = {path.name for path in folder.iterdir()}
    assert {
        "manifest.json",
        "alliance.yaml",
        "report.html",
        "months.parquet",
        "ledger.parquet",
        "lots.parquet",
    } <= names
    facts = json.loads((folder / "manifest.json").read_text())
    assert facts["lot_steps"] == json.loads(as_json.stdout)["lot_steps"]
    assert facts["run_seconds"] >= facts["engine_seconds"] >= 0
    assert str(folder / "report.html") in as_json.stderr


def test_the_page_on_reports_names_every_table_of_the_folder(folder: Path) -> None:
    told = (Path(__file__).parents[2] / "docs" / "report.md").read_text(encoding="utf-8")
    tables = [path.name for path in folder.glob("*.parquet")]
    assert len(tables) > 15
    assert [name for name in tables if f"`{name}`" not in told] == []


def test_prints_partners_milestones_years_and_what_held_it_back(printed: str) -> None:
    assert "One possible course of many" in printed
    assert re.search(r"technology owner, research institute: The owner \(US\)", printed)
    assert re.search(r"Site ready +2024-04 +2024-04 +in time +2024-05", printed)
    assert re.search(r"Volume +2025-06 +not reached", printed)
    assert re.search(r"^2025 .*\d", printed, re.MULTILINE)
    assert re.search(r"2024-01 – \S+ +\d+ +site +tools had no ready", printed)
    assert "Cash never ended" in printed


def test_lines_fit_a_terminal_of_80_columns(printed: str) -> None:
    table = printed[: printed.index("written:")]
    assert max(len(line) for line in table.splitlines()) <= 80
    assert "…" not in table


def test_the_end_of_cash_is_printed(tmp_path: Path) -> None:
    result = renkei("run", TINY, "--scenario", "no-money", "--out", str(tmp_path / "poor"))
    assert result.exit_code == 0
    assert re.search(r"Cash ended in 2024-\d\d", result.stdout)
    assert json.loads((tmp_path / "poor" / "manifest.json").read_text())["scenarios"] == ["no-money"]


def test_without_out_a_new_folder_is_counted_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results" / "tiny-no-money-seed5-1").mkdir(parents=True)
    result = renkei("run", TINY, "--seed", "5", "--scenario", "no-money")
    assert result.exit_code == 0
    assert (tmp_path / "results" / "tiny-no-money-seed5-2" / "report.html").is_file()


def test_report_is_written_anew(as_json: Result, folder: Path) -> None:
    assert as_json.exit_code == 0
    before = (folder / "report.html").read_bytes()
    (folder / "report.html").unlink()
    result = renkei("report", str(folder))
    assert (result.exit_code, result.stdout.strip()) == (0, str(folder / "report.html"))
    assert (folder / "report.html").read_bytes() == before


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["--fidelity", "fluid"], 'renkei run  --fidelity = "fluid" is not offered; known: events'),
        (["--fidelity", "event"], 'did you mean "events"?'),
        (["--scenario", "no-mony"], 'did you mean "no-money"?'),
        (["--out", str(Path(__file__).parent)], "exists already; nothing is overwritten"),
    ],
)
def test_wrong_arguments_end_with_one_message(words: list[str], message: str) -> None:
    result = renkei("run", TINY, *words)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert message in result.stderr
    assert ": 1 problem\n" in result.stderr
    assert "Traceback" not in result.output


def test_an_unknown_alliance_is_refused() -> None:
    result = renkei("run", "japan-us-2mn")
    assert result.exit_code == 2
    assert 'did you mean "japan-us-2nm"?' in result.stderr


def test_a_seed_that_is_no_number_is_refused() -> None:
    assert renkei("run", TINY, "--seed", "x").exit_code == 2


def test_report_of_something_else_is_refused(tmp_path: Path) -> None:
    result = renkei("report", str(tmp_path))
    assert result.exit_code == 2
    assert "manifest.json  is missing; name a folder that renkei run wrote" in result.stderr
