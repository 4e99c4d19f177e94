"""The page in a real browser, where there is one: every figure is drawn and nothing is asked of a network."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
FLAGS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-sync",
    "--disable-background-networking", "--disable-component-update", "--virtual-time-budget=20000", "--dump-dom",
)  # fmt: skip


@pytest.mark.skipif(CHROMIUM is None, reason="no Chromium on this machine")
def test_every_figure_is_drawn(html: str, tmp_path: Path) -> None:
    (tmp_path / "report.html").write_text(html, encoding="utf-8")
    page = (tmp_path / "report.html").as_uri()
    words = [str(CHROMIUM), *FLAGS, f"--user-data-dir={tmp_path / 'profile'}", page]
    environment = {**os.environ, "HOME": str(tmp_path)}
    done = subprocess.run(words, capture_output=True, text=True, timeout=120, env=environment, check=True)
    places = re.findall(r'id="figure-([\w-]+)"', done.stdout)
    drawn = re.findall(r'<svg [^>]*class="marks" width="(\d+)"', done.stdout)
    assert len(places) >= 14
    assert len(drawn) == len(places)
    assert all(int(width) > 300 for width in drawn)
    assert "could not be drawn" not in done.stdout.split("<script")[0]
