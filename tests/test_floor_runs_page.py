"""The page about floor runs: its commands and its Python are run in order, and print what the page shows."""

from __future__ import annotations

import re

from tools.run_page import BLOCK, PAGE, Pages


def shape(text: str) -> list[str]:
    """Lines without what another machine's last digits or speed would change: numbers, widths, the plot's lines."""
    text = re.sub(r"-?\d[\d,.]*", "#", text)
    return [re.sub(r"[ ─]+", " ", line).strip() for line in text.splitlines() if line.strip()]


def test_the_page_tells_the_truth(tmp_path, monkeypatch):
    """Where it does not: `python -m tools.run_page` renews it."""
    monkeypatch.chdir(tmp_path)
    pages, shown = Pages(), 0
    for language, text in BLOCK.findall(PAGE.read_text(encoding="utf-8")):
        assert language in ("bash", "python", "text")
        pages.run(language, text)
        if language == "text":
            assert shape(text) == shape(pages.printed)
            shown += 1
    assert shown == 4
    assert {path.name for path in tmp_path.iterdir()} == {"two-steppers", "steppers", "curve", "month"}
    assert len(pages.names["clear"]) > 10
    assert len(pages.names["groups"]) == 90
