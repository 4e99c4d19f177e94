"""The page in a real browser, where there is one: every figure is drawn and nothing is asked of a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from dataclasses import replace
from pathlib import Path

import pytest

import renkei
from renkei.alliance import Alliance
from renkei.report.asked import StudyAsked
from renkei.report.page import page
from renkei.report.result import Result
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
    shown = seen(request.getfixturevalue(page_of), tmp_path)
    places = re.findall(r'id="figure-([\w-]+)"', shown)
    drawn = re.findall(r'<svg [^>]*class="marks" width="(\d+)"', shown)
    assert len(places) >= least
    assert len(drawn) == len(places)
    assert all(int(width) > 300 for width in drawn)
    assert "could not be drawn" not in shown.split("<script")[0]


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
@pytest.mark.parametrize(("width", "scrolls"), [(1300, False), (500, True)])
def test_accounts_of_the_partners_fit_a_wide_page(tiny: Result, width: int, scrolls: bool, tmp_path: Path) -> None:
    """With every column but the rarest, and amounts in thousands of billions."""
    table = tiny.tables["partners"].copy()
    amounts = [name for name in table if name.endswith("_jpy") and name != "paid_prepayments_jpy"]
    table[amounts] = 1_730_000_000_000
    table["name"] = "Japanese government (METI, NEDO, IPA) and its banks"
    whole = page(replace(tiny, tables={**tiny.tables, "partners": table}))
    measure = """<script>
      const box = document.querySelector('[aria-label="Accounts of the partners"]');
      const name = box.querySelector("tbody th");
      document.body.dataset.sizes = [box.scrollWidth, box.clientWidth, name.clientWidth].join(" ");
    </script></body>"""
    shown = seen(whole.replace("</body>", measure), tmp_path, f"--window-size={width},2000")
    needed, given, names = map(int, re.findall(r'data-sizes="(\d+) (\d+) (\d+)"', shown)[0])
    assert given < width
    assert (needed > given) == scrolls
    assert names >= 200


def seen(html: str, folder: Path, *flags: str) -> str:
    """Return what a browser makes of a page."""
    (folder / "report.html").write_text(html, encoding="utf-8")
    address = (folder / "report.html").as_uri()
    words = [str(CHROMIUM), *FLAGS, *flags, f"--user-data-dir={folder / 'profile'}", address]
    environment = {**os.environ, "HOME": str(folder)}
    return subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment, check=True).stdout
