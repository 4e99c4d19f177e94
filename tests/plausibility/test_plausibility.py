"""Judges: each speaks when its yardstick is left, and is silent within it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

import renkei
from renkei.alliance import Alliance
from renkei.alliance.builtin import builtin_alliances
from renkei.cli import app
from renkei.plausibility import JUDGES, judged
from renkei.plausibility.judgement import case_of
from tests.months.conftest import SMALL, changed

VOLUME = {"name": "Volume", "when": {"all": [{"metric": "wafers_out", "at_least": 25000}]}}
LARGE = {"tools": {"Mab": 40, "Mcd": 40, "Me": 20}, "date": "2024-01"}
REAL: dict[str, Any] = {
    "equipment__orders__all__tools": {"Mab": 8, "Mcd": 8, "Me": 4},
    "equipment__default_price": "300 M USD",
    "market__segments__all__demand": "20 k wafers/month",
    "workforce__roles__engineer__targets": [{"by": "2026-12-31", "people": 2000}],
    "site__phases__one__cost": "150 bn JPY",
    "site__phases__one__build": "15 months",
    "site__phases__one__bays__a__tool_places": 30,
}
"""A fab of twenty tools, which yardsticks of real fabs fit."""
JUDGED_WHEN_REAL = (
    "demand_fills_the_fab", "staff_fits_the_capacity", "capital_fits_the_capacity", "building_is_a_usual_share",
    "building_takes_its_time", "promises_leave_time", "tools_take_their_lead_time",
)  # fmt: skip

CASES: list[tuple[str, dict[str, Any], str]] = [
    ("tools_carry_the_volume", {"milestones__volume": VOLUME}, "wafers a month at 2 steps a wafer: load"),
    ("site_holds_the_tools", {"site__phases__one__bays__a__tool_places": 4}, "5 tools are ordered, and there are 4"),
    ("demand_fills_the_fab", {"market__segments__all__demand": "90 wafers/month"}, "all demand there is, 90"),
    ("technicians_keep_the_tools", {"equipment__orders__all": LARGE}, "10 technicians, 2 on duty, for 100 tools"),
    ("staff_fits_the_capacity", {"workforce__roles__engineer__targets": [{"by": "2024-12-31", "people": 9000}]},
     "people for"),
    ("hiring_reaches_its_targets", {"workforce__roles__engineer__targets": [{"by": "2024-06-30", "people": 90}]},
     "hires a month are needed for 90 people by 2024-06"),
    ("training_is_long_enough", {"workforce__cohorts__first__stay": "2 months"}, "= 2 months to learn a process"),
    ("funds_cover_the_cost", {"funding__tranches__grant__amount": "1 bn JPY",
                              "funding__opening_balance__founders__amount": "1 bn JPY"}, "are declared for a cost of"),
    ("capital_fits_the_capacity", {"equipment__default_price": "9000 M USD"}, "M USD for each 1,000 wafers a month"),
    ("building_is_a_usual_share", {"site__phases__one__cost": "15000 bn JPY"}, "building is 96% of building and tools"),
    ("building_takes_its_time", {"site__phases__one__build": 3}, "= 3 months from breaking ground to move-in"),
    ("promises_leave_time", {"milestones__revenue__promised": "2024-12"}, "leaves 321 days from breaking ground"),
    ("tools_take_their_lead_time", {"equipment__orders__all__deliver_from": "2024-01-15"}, "means 0.5 months"),
    ("defects_can_get_there", {"milestones__d0": {"name": "D0", "when": {"all": [{"metric": "d0", "at_most": 0.04}]}}},
     "asks for at most 0.04 defects per cm²"),
]  # fmt: skip


def doubts(judge: str, **changes: Any) -> list[str]:
    case = case_of(Alliance.model_validate(changed(SMALL, **changes)))
    (mine,) = [each for each in JUDGES if each.__name__ == judge]
    found = list(mine(case))
    assert all(doubt.yardstick and doubt.source for doubt in found)
    return [doubt.message for doubt in found]


@pytest.mark.parametrize(("judge", "changes", "message"), CASES, ids=[case[0] for case in CASES])
def test_each_judge_speaks(judge: str, changes: dict[str, Any], message: str) -> None:
    base = REAL if judge in JUDGED_WHEN_REAL else {}
    assert any(message in said for said in doubts(judge, **(base | changes)))


@pytest.mark.parametrize("judge", [judge.__name__ for judge in JUDGES])
def test_each_judge_is_silent_within_its_yardstick(judge: str) -> None:
    assert doubts(judge, **(REAL if judge in JUDGED_WHEN_REAL else {})) == []


def test_every_judge_has_a_case() -> None:
    assert {case[0] for case in CASES} == {judge.__name__ for judge in JUDGES}


def test_more_tools_carry_more() -> None:
    few = doubts("tools_carry_the_volume", milestones__volume=VOLUME)
    enough = {"tools": {"Mab": 900, "Mcd": 900, "Me": 900}, "date": "2024-01"}
    assert few
    assert doubts("tools_carry_the_volume", milestones__volume=VOLUME, equipment__orders__all=enough) == []


def test_few_scanners_for_a_full_fab_are_doubted() -> None:
    """The example every expert sees at once."""
    large = renkei.load("japan-us-2nm")
    milestone = large.milestones["mass-production-volume"]
    condition = milestone.when.all[0].model_copy(update={"at_least": 90_000.0})
    when = milestone.when.model_copy(update={"all": (condition, *milestone.when.all[1:])})
    changed_to = {**large.milestones, milestone.id: milestone.model_copy(update={"when": when})}
    found = [doubt.message for doubt in judged(large.model_copy(update={"milestones": changed_to}))]
    assert "euv_cell for 90,000 wafers a month at 22 steps a wafer: load" in found[0]
    assert any("more groups are over 100 %" in message for message in found)


@pytest.mark.parametrize("name", builtin_alliances())
def test_built_in_alliances_are_judged(name: str) -> None:
    for doubt in judged(renkei.load(name)):
        assert doubt.yardstick
        assert doubt.path


def test_check_tells_warnings_with_their_line_and_ends_with_0(tmp_path: Path) -> None:
    text = (Path(__file__).parents[1] / "alliance" / "small.yaml").read_text(encoding="utf-8")
    (tmp_path / "alliance.yaml").write_text(text.replace("tool_places: 6", "tool_places: 3"), encoding="utf-8")
    done = CliRunner().invoke(app, ["check", str(tmp_path)])
    assert done.exit_code == 0
    assert "5 tools are ordered, and there are 3 tool places" in done.stdout
    data = json.loads(CliRunner().invoke(app, ["check", str(tmp_path), "--json"]).stdout)
    (row,) = [row for row in data["warnings"] if row["field"] == "site.phases"]
    assert row["line"] == text.splitlines().index("  phases:") + 1
    assert data["errors"] == []
