"""The page in a real browser, where there is one: every figure is drawn and nothing is asked of a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

import renkei
from renkei.alliance import Alliance
from renkei.report.asked import StudyAsked
from renkei.report.study_folder import study_manifest
from renkei.report.study_page import study_page
from tests.months.conftest import SMALL, changed
from tests.test_simulate import belt

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=20000", "--dump-dom",
)  # fmt: skip


@pytest.fixture(scope="module")
def study_html() -> str:
    alliance = Alliance.model_validate(changed(SMALL, end="2025-12", equipment__lead_time={"uniform": [1, 9]}))
    study = renkei.study(alliance, futures=3, workers=1, start_floor=belt)
    return study_page(study, study_manifest(study, StudyAsked("small.yaml", (), seed=0, futures=3)))


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize(("page_of", "least"), [("html", 17), ("study_html", 8)])
def test_every_figure_is_drawn(request: pytest.FixtureRequest, page_of: str, least: int, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(request.getfixturevalue(page_of), encoding="utf-8")
    page = (tmp_path / "report.html").as_uri()
    words = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", page]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment, check=True)
    places = re.findall(r'id="figure-([\w-]+)"', done.stdout)
    drawn = re.findall(r'<svg [^>]*class="marks" width="(\d+)"', done.stdout)
    assert len(places) >= least
    assert len(drawn) == len(places)
    assert all(int(width) > 300 for width in drawn)
    assert "could not be drawn" not in done.stdout.split("<script")[0]
