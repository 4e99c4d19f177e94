"""Where an alliance stands: promises beside the record."""

from __future__ import annotations

import copy
import datetime as dt
import json
from typing import Any

import pytest
from typer.testing import CliRunner

from renkei.alliance import Alliance
from renkei.alliance.reading import read_alliance
from renkei.cli import app
from renkei.status import Status, status
from renkei.status.entry import Entry, entry
from tests.months.conftest import SMALL, changed
from tests.months.test_record import FACTS

CLAUSES = {
    "money": {"text": "The state pays.", "parties": ["state"], "implemented_by": ["funding.tranches"]},
    "people": {"text": "Engineers learn.", "parties": ["maker", "owner"], "implemented_by": "workforce.cohorts.first"},
    "yield": {"text": "Yield rises.", "implemented_by": "technology.learning"},
}


def standing(day: str, facts: dict[str, Any] = FACTS, **changes: Any) -> Status:
    data = changed(SMALL, actuals=copy.deepcopy(facts), clauses=CLAUSES, **changes)
    return status(Alliance.model_validate(data), dt.date.fromisoformat(day))


def one(found: Status, path: str, what: str = "") -> Entry:
    (mine,) = [e for e in found.entries if e.path == path and what in e.what]
    return mine


def test_money_is_counted_up_to_the_day() -> None:
    path = "funding.tranches.grant"
    before, between, after = (one(standing(day), path) for day in ("2024-03-01", "2024-04-01", "2025-05-01"))
    assert [e.recorded for e in (before, between, after)] == [0, 5e9, 6e9]
    assert [e.state for e in (before, between, after)] == ["ahead", "partly", "overdue"]
    assert (after.promised_until, after.slip_days) == (dt.date(2025, 3, 31), 31)


def test_a_final_receipt_ends_a_tranche() -> None:
    facts = copy.deepcopy(FACTS)
    facts["receipts"]["second"]["final"] = True
    done = one(standing("2025-05-01", facts), "funding.tranches.grant")
    assert (done.state, done.actual) == ("done", dt.date(2024, 6, 20))


def test_a_phase_is_late_by_its_nominal_time() -> None:
    ready = one(standing("2024-12-31"), "site.phases.one", "ready")
    assert (ready.promised, ready.actual, ready.slip_days) == (dt.date(2024, 4, 15), dt.date(2024, 6, 30), 76)
    waiting = one(standing("2024-05-15"), "site.phases.one", "ready")
    assert (waiting.state, waiting.slip_days) == ("overdue", 30)


def test_a_cohort_leaves_and_returns() -> None:
    found = standing("2024-12-31")
    assert one(found, "workforce.cohorts.first", "sent").slip_days == 33
    assert one(found, "workforce.cohorts.first", "returned").slip_days == 19
    assert one(standing("2024-07-01"), "workforce.cohorts.first", "returned").state == "ahead"
    assert one(standing("2024-08-10"), "workforce.cohorts.first", "returned").state == "no record"


def test_tools_are_held_against_the_time_to_their_stage() -> None:
    early = one(standing("2024-07-31"), "equipment.orders.all")
    assert (early.what, early.recorded, early.planned, early.state) == ("tools delivered", 1, 5, "overdue")
    late = one(standing("2024-12-31"), "equipment.orders.all")
    assert (late.what, late.promised, late.actual) == ("tools qualified", dt.date(2024, 3, 26), dt.date(2024, 8, 31))


def test_what_waits_for_a_milestone_is_promised_once_it_is_there() -> None:
    path = "funding.tranches.reward"
    assert one(standing("2024-12-31"), path).state == "waits"
    there = standing("2024-12-31", **{"milestones__first-silicon__actual": "2024-11-15"})
    assert (one(there, path).promised, one(there, path).state) == (dt.date(2024, 11, 15), "no record")


def test_milestones_within_their_span_have_no_slip() -> None:
    promise = {"date": "2024-10-01", "until": "2024-12-31"}
    found = standing(
        "2025-01-31",
        **{"milestones__first-silicon__promised": promise, "milestones__first-silicon__actual": "2024-11-15"},
    )
    assert one(found, "milestones.first-silicon").slip_days == 0
    assert one(standing("2024-12-31"), "milestones.first-silicon").state == "overdue"


def test_headcount_is_held_against_the_plan_of_its_day() -> None:
    few = one(standing("2024-07-31"), "workforce.roles.engineer")
    assert (few.recorded, few.planned, few.state) == (31, 48, "overdue")


def test_clauses_and_partners_gather_their_entries() -> None:
    found = standing("2024-12-31")
    money, people, yield_ = found.clauses
    assert [e.path for e in people.entries] == ["workforce.cohorts.first"] * 2
    assert (people.state, people.slip_days) == ("kept, late", 33)
    assert (money.state, yield_.state) == ("under way", "not tracked")
    assert {e.path for e in found.partners["state"]} == {"funding.tranches.grant", "funding.tranches.reward"}
    assert "bank" not in found.partners


def test_overdue_and_next_are_told_in_order() -> None:
    found = standing("2024-02-20")
    assert [e.slip_days for e in found.overdue] == sorted((e.slip_days or 0 for e in found.overdue), reverse=True)
    ends = [e.promised_until for e in found.next]
    assert ends == sorted(day for day in ends if day is not None)
    assert all(day > dt.date(2024, 2, 20) for day in ends if day is not None)


@pytest.mark.parametrize("end", ["2024-01-10", "2024-01-15", "2024-02-10"])
def test_slips_are_days_outside_the_span(end: str) -> None:
    span = dt.date(2024, 1, 12), dt.date(2024, 1, 31)
    made = entry("a", "b", [], span, dt.date.fromisoformat(end), dt.date(2024, 12, 31))
    assert made.slip_days == {"2024-01-10": -2, "2024-01-15": 0, "2024-02-10": 10}[end]


def test_the_built_in_record_is_about_every_scenario() -> None:
    """Scenarios that take cohorts or money away have no record of them."""
    for scenario in ("", "agreement", "no-training-abroad"):
        alliance = read_alliance("japan-us-2nm", scenario)
        assert status(alliance, dt.date(2026, 2, 28)).entries
    assert not alliance.actuals.cohorts
    assert alliance.actuals.headcount


def test_command_line_tells_clauses_and_what_is_next() -> None:
    done = CliRunner().invoke(app, ["status", "japan-us-2nm", "--as-of", "2025-01-31"])
    assert done.exit_code == 0
    assert "First EUV tool in" in done.stdout
    assert "Next, within a year" in done.stdout
    data = json.loads(CliRunner().invoke(app, ["status", "--as-of", "2025-01-31", "--json"]).stdout)
    row = next(e for e in data["entries"] if e["path"] == "milestones.pilot-line-start")
    assert (row["actual"], row["state"]) == (None, "ahead")  # it was reached two months later
    assert all(data["entries"][at]["state"] in ("overdue", "no record") for at in data["overdue"])


def test_a_wrong_day_is_refused() -> None:
    done = CliRunner().invoke(app, ["status", "--as-of", "today"])
    assert done.exit_code == 2
    assert '--as-of = "today" is not a date' in done.stderr
