"""Result folders: what is saved reads back and repeats the run."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest

from renkei.alliance.builtin import builtin_alliances
from renkei.alliance.reading import outline, read_alliance
from renkei.errors import InputError
from renkei.fab.builtin import load_fab
from renkei.fab.writing import write_fab
from renkei.report.asked import RunAsked, StudyAsked
from renkei.report.page import page
from renkei.report.resolved import read_resolved, resolved_yaml
from renkei.report.result import TABLES, Result, load_result
from renkei.report.saving import free_folder, inputs_hash, manifest, rewrite_report, save
from renkei.simulate import simulate
from tests.report.conftest import TINY


@pytest.fixture(scope="module")
def saved(tiny: Result, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a saved result that no test changes."""
    folder = tmp_path_factory.mktemp("results") / "out"
    save(tiny, folder)
    return folder


def test_a_saved_result_gives_the_same_page(saved: Path, html: str) -> None:
    assert page(load_result(saved)) == html
    assert (saved / "report.html").read_text(encoding="utf-8") == html


def test_the_report_is_written_anew(saved: Path, html: str, tmp_path: Path) -> None:
    shutil.copytree(saved, tmp_path / "own")
    (tmp_path / "own" / "report.html").write_text("spoilt")
    assert rewrite_report(load_result(saved), tmp_path / "own").read_text(encoding="utf-8") == html
    assert not list((tmp_path / "own").glob(".*"))


def test_a_folder_is_never_overwritten(saved: Path, tiny: Result) -> None:
    with pytest.raises(InputError, match="exists already"):
        save(tiny, saved)


def test_the_manifest_is_enough_to_repeat_the_run(saved: Path) -> None:
    facts = json.loads((saved / "manifest.json").read_text())
    assert facts["command"] == f"renkei run {TINY} --seed 1 --fidelity events"
    assert (facts["kind"], facts["seed"], facts["fidelity"]) == ("future", 1, "events")
    assert facts["inputs_hash"] == inputs_hash(read_alliance(TINY))
    assert read_alliance(saved / "alliance.yaml").name == "tiny"


def test_the_command_quotes_what_the_shell_would_split() -> None:
    command = RunAsked("my plan/a.yaml", ("a", "b"), 7, "events").command
    assert command == "renkei run 'my plan/a.yaml' --seed 7 --fidelity events --scenario a,b"
    command = StudyAsked("tiny", (), 7, 20, as_of="last", known_by="2024-12-31").command
    assert command == "renkei study tiny --seed 7 --futures 20 --as-of last --known-by 2024-12-31"


@pytest.mark.parametrize("name", builtin_alliances())
def test_the_resolved_alliance_is_the_same_one(name: str) -> None:
    for scenarios in ((), *((each,) for each in list(outline(name).scenarios)[:1])):
        alliance = read_alliance(name, scenarios)
        again = read_resolved(resolved_yaml(alliance), "here", scenarios)
        assert again == alliance.model_copy(update={"scenarios": {}})


def test_the_hash_sees_every_input(tmp_path: Path) -> None:
    first = inputs_hash(read_alliance(TINY))
    assert inputs_hash(read_alliance(TINY)) == first
    assert inputs_hash(read_alliance(TINY, ["no-money"])) != first
    assert inputs_hash(read_alliance(TINY, (), {"site": {"phases": {"one": {"cost": "3.1 bn JPY"}}}})) != first
    write_fab(load_fab("minifab"), tmp_path / "fab")
    own = {"fab": str(tmp_path / "fab")}
    before = inputs_hash(read_alliance(TINY, (), own))
    groups = tmp_path / "fab" / "tool_groups.csv"
    groups.write_text(groups.read_text().replace("Litho,1", "Litho,2"))
    assert inputs_hash(read_alliance(TINY, (), own)) != before


def test_a_fab_of_ones_own_is_found_from_the_result_folder(tiny: Result, tmp_path: Path) -> None:
    write_fab(load_fab("minifab"), tmp_path / "fab")
    alliance = read_alliance(TINY, (), {"fab": str(tmp_path / "fab")})
    save(Result(tiny.manifest, alliance, tiny.tables), tmp_path / "deep" / "out")
    assert "fab: ../../fab\n" in (tmp_path / "deep" / "out" / "alliance.yaml").read_text()
    assert Path(read_alliance(tmp_path / "deep" / "out").fab).samefile(tmp_path / "fab")


def test_folders_are_counted_up(tiny: Result, poor: Result, tmp_path: Path) -> None:
    assert free_folder(tiny.alliance, 7, under=tmp_path).name == "tiny-default-seed7-1"
    (tmp_path / "tiny-default-seed7-1").mkdir()
    assert free_folder(tiny.alliance, 7, under=tmp_path).name == "tiny-default-seed7-2"
    assert free_folder(poor.alliance, 7, under=tmp_path).name == "tiny-no-money-seed7-1"
    assert free_folder(poor.alliance, 7, "study", tmp_path).name == "tiny-no-money-study-seed7-1"


def test_all_that_is_missing_is_said_at_once(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        load_result(tmp_path)
    assert len(error.value.problems) == 2 + len(TABLES)
    with pytest.raises(InputError, match="is not a folder"):
        load_result(tmp_path / "nowhere")


@pytest.mark.parametrize(
    ("file", "text", "message"),
    [
        ("manifest.json", "{", "is no JSON"),
        ("manifest.json", '{"kind": "floor"}', 'is not "future"'),
        ("manifest.json", "[]", 'is not "future"'),
        ("months.parquet", "no table", "is no Parquet table"),
        ("alliance.yaml", "name: [", "alliance.yaml"),
        ("alliance.yaml", "name: x\n", "is missing"),
    ],
)
def test_broken_files_are_named(saved: Path, tmp_path: Path, file: str, text: str, message: str) -> None:
    shutil.copytree(saved, tmp_path / "broken")
    (tmp_path / "broken" / file).write_text(text)
    with pytest.raises(InputError, match=message) as error:
        load_result(tmp_path / "broken")
    assert file in str(error.value)


def test_the_manifest_names_the_scenarios_as_the_page_does(poor: Result) -> None:
    facts = manifest(poor.alliance, RunAsked("tiny.yaml", ("no-money",), 1, "events"), {})
    assert facts["scenarios"] == ["no-money"]
    assert facts["scenario_titles"] == ["Little money and no more"]


def test_a_run_from_the_folder_is_the_same_run(saved: Path, tiny: Result) -> None:
    again = simulate(read_alliance(saved), seed=1)
    for name, table in again.tables.items():
        pd.testing.assert_frame_equal(table, tiny.tables[name])
