"""`renkei new`: what it writes is right, plausible enough, complete, and runs."""

from __future__ import annotations

import errno
import json
from pathlib import Path
from unittest.mock import Mock

import pytest
from typer.testing import CliRunner

from renkei.alliance.alliance import Alliance
from renkei.alliance.reading import read_alliance
from renkei.alliance.starting import SCHEMA, slug
from renkei.cli import app
from renkei.simulate import simulate


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("new") / "My first fab"
    done = CliRunner().invoke(app, ["new", str(folder)])
    assert done.exit_code == 0
    assert "renkei check" in done.stdout
    return folder


def test_it_has_every_part_and_is_right(folder: Path) -> None:
    alliance = read_alliance(folder)
    assert alliance.name == "my-first-fab"
    parts = ("clauses", "partners", "funding", "site", "workforce", "equipment", "technology", "market", "planning")
    written = (folder / "alliance.yaml").read_text(encoding="utf-8")
    for part in (*parts, "milestones", "scenarios", "actuals"):
        assert part in Alliance.model_fields
        assert f"\n{part}:" in written or f"\n# {part}:" in written
    for scenario in alliance.scenarios:
        read_alliance(folder, scenario)


def test_check_says_so(folder: Path) -> None:
    done = CliRunner().invoke(app, ["check", str(folder)])
    assert done.exit_code == 0
    assert "no problems" in done.stdout


def test_it_runs_to_volume(folder: Path) -> None:
    future = simulate(read_alliance(folder), seed=0)
    days = future.milestones.set_index("id")["reached"]
    assert days[["site-ready", "first-silicon", "kit-out"]].notna().all()
    assert (future.months["cash_jpy"] >= 0).all()


def test_editors_find_the_schema(folder: Path) -> None:
    first = (folder / "alliance.yaml").read_text(encoding="utf-8").splitlines()[0]
    assert first == f"# yaml-language-server: $schema={SCHEMA}"
    schema = json.loads((folder / SCHEMA).read_text(encoding="utf-8"))
    assert set(schema["properties"]) >= {"funding", "actuals", "milestones"}


def test_a_full_disk_leaves_nothing_and_names_the_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    full = OSError(errno.ENOSPC, "No space left on device")
    monkeypatch.setattr(Path, "write_text", Mock(side_effect=full))
    done = CliRunner().invoke(app, ["new", str(tmp_path / "mine")])
    assert done.exit_code == 2
    assert f"{tmp_path / 'mine'}  cannot be written: No space left on device" in done.stderr
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(folder: Path) -> None:
    done = CliRunner().invoke(app, ["new", str(folder)])
    assert done.exit_code == 2
    assert "exists already" in done.stderr


@pytest.mark.parametrize(("name", "made"), [("A B", "a-b"), ("工場", "my-alliance"), ("x_1", "x-1")])
def test_folders_give_names(name: str, made: str) -> None:
    assert slug(name) == made
