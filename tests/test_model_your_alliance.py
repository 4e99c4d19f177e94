"""The guide's example is a right alliance, and its commands give what the guide says."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

from renkei.alliance.reading import read_alliance
from renkei.cli import app
from renkei.outcome.future import Future
from renkei.simulate import simulate

PAGE = Path(__file__).parents[1] / "docs" / "model-your-alliance.md"


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The page's file, saved as a reader would."""
    (text,) = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    file = tmp_path_factory.mktemp("guide") / "my-fab.yaml"
    file.write_text(text, encoding="utf-8")
    return file


@pytest.fixture(scope="module")
def futures(example: Path) -> dict[str, Future]:
    """The same luck with and without the scenario."""
    return {name: simulate(read_alliance(example, name), seed=1) for name in ("", "late-tools")}


def reached(future: Future, milestone: str) -> pd.Timestamp:
    day = future.milestones.set_index("id")["reached"][milestone]
    assert not pd.isna(day), milestone
    return pd.Timestamp(day)


def test_check_finds_nothing_wrong(example: Path) -> None:
    told = CliRunner().invoke(app, ["check", str(example), "--json"])
    assert told.exit_code == 0, told.output
    assert json.loads(told.stdout)["errors"] == []


def test_the_example_goes_all_the_way_to_volume(futures: dict[str, Future]) -> None:
    future = futures[""]
    days = [reached(future, name) for name in ("site-ready", "line-complete", "volume-production")]
    assert days == sorted(days)
    assert pd.Timestamp("2027-05-01") <= days[0] <= pd.Timestamp("2028-01-31")
    assert future.months["wafers_out"].sum() > 0
    assert future.months["cash_jpy"].min() >= 0


def test_later_tools_make_it_later_under_the_same_luck(futures: dict[str, Future]) -> None:
    assert reached(futures["late-tools"], "site-ready") == reached(futures[""], "site-ready")
    assert reached(futures["late-tools"], "line-complete") > reached(futures[""], "line-complete")
    assert reached(futures["late-tools"], "volume-production") > reached(futures[""], "volume-production")


def test_the_table_of_fabs_is_right() -> None:
    """Every built-in fab and each of its sizes is named."""
    from renkei.fab.builtin import builtin_fabs, load_fab

    page = PAGE.read_text(encoding="utf-8")
    for name in builtin_fabs():
        assert f"`{name}`" in page
        assert all(f"`{size}`" in page for size in load_fab(name).sizes), name
