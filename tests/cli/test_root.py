"""What holds for every command: version, `python -m`, a system that lets nothing be written."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

import renkei
from renkei.cli import app

ENVIRONMENT = {**os.environ, "PYTHONPATH": str(Path(renkei.__file__).parents[1])}
TINY = str(Path(__file__).parents[1] / "report" / "tiny.yaml")
needs_linux = pytest.mark.skipif(not Path("/dev/full").exists(), reason="has no /dev/full")


def test_version() -> None:
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"renkei {renkei.__version__}\n")


def test_python_m_is_the_command() -> None:
    command = [sys.executable, "-m", "renkei", "list"]
    done = subprocess.run(command, capture_output=True, text=True, env=ENVIRONMENT, check=True)
    assert done.stdout == CliRunner().invoke(app, ["list"]).stdout


@needs_linux
def test_output_that_cannot_be_written_is_said_without_a_traceback() -> None:
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        command = [sys.executable, "-m", "renkei", "list"]
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, text=True, env=ENVIRONMENT, check=False)
    assert (done.returncode, done.stderr) == (1, "renkei: No space left on device\n")


@pytest.mark.parametrize(
    "command",
    [
        ("run", TINY, "--out"),
        ("study", TINY, "--out"),
        ("floor", "minifab", "--out"),
        ("fab", "curve", "minifab", "--out"),
        ("fab", "import", "nowhere"),
        ("new",),
    ],
)
def test_a_folder_that_cannot_be_made_is_refused_before_the_work(tmp_path: Path, command: tuple[str, ...]) -> None:
    (tmp_path / "file").write_text("")
    out = tmp_path / "file" / "deep" / "out"
    done = CliRunner().invoke(app, [*command, str(out)])
    assert done.exit_code == 2
    assert done.stderr == f"{out}: 1 problem\n  {out}  cannot be written: Not a directory\n"
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_usual_folder_is_tried_before_the_work_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results").write_text("")
    done = CliRunner().invoke(app, ["run", TINY])
    assert done.exit_code == 2
    assert "cannot be written: Not a directory" in done.stderr
