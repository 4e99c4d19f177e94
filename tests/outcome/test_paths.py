"""Critical paths: whole from a declared day to the milestone, and moved by what they name."""

from __future__ import annotations

import datetime as dt
from itertools import pairwise
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

from renkei.cli import app
from renkei.outcome.future import Future
from tests.test_simulate import reached, run

VARIANTS: list[dict[str, Any]] = [
    {},
    {"site__phases__one__build": 9},
    {"equipment__lead_time": 11},
    {"equipment__orders__all__after": "site-ready"},
    {"technology__pdks__kit__after": "first-silicon", "technology__pdks__kit__generations": 0},
    {"funding__opening_balance__founders__amount": "2 bn JPY"},
    {"workforce__roles__engineer__headcount": 1},
]


def chain(future: Future, milestone: str) -> list[dict[Any, Any]]:
    return future.paths[future.paths["milestone"] == milestone].to_dict("records")


@pytest.fixture(scope="module")
def future() -> Future:
    return run()


@pytest.mark.parametrize("changes", VARIANTS, ids=lambda changes: ",".join(changes) or "as it is")
def test_paths_have_no_gaps_and_end_on_the_day(changes: dict[str, Any]) -> None:
    future = run(**changes)
    for milestone, day in reached(future).items():
        links = chain(future, milestone)
        assert bool(links) == (day is not None)
        for before, after in pairwise(links):
            assert before["until"] == after["since"], (milestone, before, after)
        if day is not None:
            assert links[-1]["until"].date() == day
            assert links[0]["kind"] in ("start", "gate")
        assert all(link["days"] >= 0 for link in links)


def test_a_late_building_is_on_the_path_and_a_late_tool_takes_its_place(future: Future) -> None:
    def said(found: Future) -> set[str]:
        return {link["what"] for link in chain(found, "tools-in")}

    assert "is built" in said(future)
    late = run(equipment__lead_time=11)
    assert "is built" not in said(late)
    made = [link for link in chain(late, "tools-in") if "made and shipped" in link["what"]]
    assert (made[0]["until"] - made[0]["since"]).days == pytest.approx(11 * 30.4, abs=3)


def test_shortening_a_link_moves_the_milestone_and_others_do_not(future: Future) -> None:
    """The path of the tools leads through the site: an earlier site helps, earlier orders do not."""
    base = reached(future)["tools-in"]
    assert base is not None
    sooner = reached(run(site__phases__one__build=2.5))["tools-in"]
    assert sooner is not None
    assert sooner < base
    assert reached(run(equipment__lead_time=1))["tools-in"] == base


@pytest.mark.parametrize("days", [14, 40])
def test_the_lot_that_counted_was_under_analysis_for_its_time(days: int) -> None:
    """Later lots that left the floor meanwhile are not the one that showed it."""
    read = {"name": "Read", "when": {"all": [{"metric": "lots_analysed", "at_least": 3}]}}
    links = chain(run(milestones__read=read, technology__learning__analysis_time=days), "read")
    assert (links[-1]["what"], links[-1]["days"] >= days) == ("is analysed", True)


def test_gates_lead_into_the_path_of_their_milestone() -> None:
    gated = run(equipment__orders__all__after="site-ready")
    links = chain(gated, "tools-in")
    assert [link["kind"] for link in links[:3]] == ["start", "duration", "gate"]
    assert links[2]["what"] == "opens with Site"


def test_what_people_and_money_cost_is_named() -> None:
    few = run(equipment__installation__engineers=300)
    assert any("lost to people" in link["what"] for link in chain(few, "tools-in"))
    poor = run(funding__opening_balance__founders__amount="2 bn JPY")
    assert any("money" in link["what"] or "payment" in link["what"] for link in chain(poor, "tools-in"))


def test_buyers_wait_for_the_kit(future: Future) -> None:
    clauses = [link["clause"] for link in chain(future, "revenue")]
    assert "technology.pdks.kit" in clauses
    assert clauses.index("technology.pdks.kit") < clauses.index("market.delivery")


def test_tranches_tell_what_they_wait_for(future: Future) -> None:
    (row,) = future.gates.to_dict("records")
    assert (row["tranche"], row["milestone"]) == ("reward", "first-silicon")
    assert row["reached"].date() == reached(future)["first-silicon"]
    assert row["through"].split(", ")[0] == "site.phases.one"


def test_what_is_on_record_needs_no_path() -> None:
    from renkei.alliance import Alliance
    from renkei.simulate import simulate
    from tests.months.conftest import SMALL, changed
    from tests.test_simulate import belt

    facts = changed(SMALL, **{"milestones__site-ready__actual": "2024-05-01"})
    future = simulate(Alliance.model_validate(facts), start_floor=belt, as_of=dt.date(2024, 6, 30))
    assert [(link["kind"], link["until"]) for link in chain(future, "site-ready")] == [
        ("record", pd.Timestamp("2024-05-01"))
    ]


def test_run_prints_paths(tmp_path: Path) -> None:
    tiny = str(Path(__file__).parents[1] / "report" / "tiny.yaml")
    done = CliRunner().invoke(app, ["run", tiny, "--seed", "1", "--path", "--out", str(tmp_path / "run")])
    assert done.exit_code == 0
    assert "Critical paths" in done.stdout
    assert "is built" in done.stdout
    assert pd.read_parquet(tmp_path / "run" / "paths.parquet")["milestone"].nunique() >= 2
