"""A run that starts from the record: what happened is not simulated again, and what is not recorded is."""

from __future__ import annotations

import copy
import datetime as dt
from typing import Any

import pytest

from renkei.alliance import Alliance
from renkei.alliance.asof import known_by, resolved, started_from
from renkei.errors import InputError
from renkei.months import record
from renkei.months.calendar import months_of
from renkei.months.crew import fresh_crew
from renkei.outcome.future import Future
from renkei.simulate import simulate
from tests.months.conftest import SMALL, changed
from tests.test_simulate import belt, reached

FACTS: dict[str, Any] = {
    "receipts": {
        "first": {"tranche": "grant", "date": "2024-03-10", "amount": "5 bn JPY"},
        "second": {"tranche": "grant", "date": "2024-06-20", "amount": "1 bn JPY"},
    },
    "site": {"one": {"phase": "one", "started": "2024-02-01", "ready": "2024-06-30"}},
    "cohorts": {"first": {"cohort": "first", "date": "2024-03-05", "people": 2, "returned": "2024-08-20", "passed": 1}},
    "tools": {
        "two": {"order": "all", "tool_groups": "Mab", "tools": 1, "stage": "delivered", "date": "2024-07-03"},
        "all": {"order": "all", "tools": 5, "stage": "qualified", "since": "2024-08-01", "date": "2024-08-31"},
    },
    "headcount": {
        "engineers": {"role": "engineer", "date": "2024-05-31", "people": 31},
        "everybody": {"date": "2024-08-31", "people": 66},
    },
    "defects": {"lots": {"date": "2024-11-30", "d0": "2.5 /cm2"}},
}
AS_OF = dt.date(2024, 12, 31)


def told(facts: dict[str, Any] = FACTS, **changes: Any) -> Alliance:
    return Alliance.model_validate(changed(SMALL, actuals=copy.deepcopy(facts), **changes))


def run(alliance: Alliance, as_of: Any = AS_OF, seed: int = 0) -> Future:
    return simulate(alliance, seed, start_floor=belt, as_of=as_of)


@pytest.fixture(scope="module")
def future() -> Future:
    return run(told())


def at(future: Future, month: str, name: str) -> Any:
    return future.months.set_index("month").loc[f"{month}-01", name]


def test_a_record_alone_changes_nothing() -> None:
    plain = simulate(Alliance.model_validate(SMALL), start_floor=belt)
    for as_of in (None, "start"):
        with_record = run(told(), as_of)
        assert with_record.months.equals(plain.months)
        assert with_record.ledger.equals(plain.ledger)


def test_money_came_as_recorded_and_the_rest_follows(future: Future) -> None:
    grants = future.ledger[future.ledger["purpose"] == "funding.tranches.grant"]
    early = grants[grants["date"] <= "2024-12-31"]
    assert early[["date", "yen"]].astype(str).to_numpy().tolist() == [
        ["2024-03-10", "5000000000"],
        ["2024-06-20", "1000000000"],
    ]
    assert grants["yen"].sum() == 12_000_000_000


def test_nothing_more_comes_of_a_tranche_that_is_final() -> None:
    facts = copy.deepcopy(FACTS)
    facts["receipts"]["second"]["final"] = True
    ledger = run(told(facts)).ledger
    assert ledger[ledger["purpose"] == "funding.tranches.grant"]["yen"].sum() == 6_000_000_000


def test_recorded_money_came_even_if_this_future_draws_otherwise() -> None:
    ledger = run(told(funding__tranches__grant__probability=1e-9)).ledger
    assert ledger[ledger["purpose"] == "funding.tranches.grant"]["yen"].sum() == 12_000_000_000


def test_the_site_was_ready_on_its_day(future: Future) -> None:
    assert reached(future)["site-ready"] == dt.date(2024, 6, 30)


def test_tools_came_on_their_days(future: Future) -> None:
    tools = future.tools.set_index("tool")
    assert tools.loc["Mab-1", "docked"] == dt.datetime(2024, 7, 3)
    days = sorted(day.date() for day in tools["qualified"])
    assert days == [dt.date(2024, 8, day) for day in (7, 13, 19, 25, 31)]
    assert reached(future)["tools-in"] == dt.date(2024, 8, 31)
    assert (tools["days_lost"] == 0).all()
    assert (tools["bay"] == "one/a").all()
    paid = future.months["spent_tools_jpy"].sum()
    assert paid == 5 * 5_000_000 * 100


def test_the_cohort_was_away_as_recorded(future: Future) -> None:
    assert at(future, "2024-02", "abroad") == 0
    assert at(future, "2024-03", "abroad") == 2
    assert at(future, "2024-07", "abroad") == 2
    assert at(future, "2024-08", "trained_abroad") == 2


def test_people_are_as_many_as_were_counted(future: Future) -> None:
    assert at(future, "2024-05", "headcount_engineer") == 31
    assert at(future, "2024-08", "headcount") == 66
    assert at(future, "2025-06", "headcount") > 66  # hiring goes on from there


def test_d0_is_what_was_measured(future: Future) -> None:
    assert at(future, "2024-11", "d0_process_per_cm2") == pytest.approx(2.5, rel=1e-6)
    assert at(future, "2025-06", "d0_process_per_cm2") < 2.5


@pytest.mark.parametrize("d0", [0.06, 0.5, 2.0, 4.9])
def test_experience_gives_the_defects_it_is_asked_for(d0: float) -> None:
    alliance = told()
    experience = record.experience_for(alliance, d0)
    floor, first = 0.05, 5.0
    assert floor + (first - floor) * 2.718281828459045**-experience == pytest.approx(d0, rel=1e-6)


def test_milestones_are_reached_on_their_recorded_days() -> None:
    facts = {"milestones__first-silicon__actual": {"date": "2024-11-01", "until": "2024-11-15"}}
    days = reached(run(told(**facts)))
    assert days["first-silicon"] == dt.date(2024, 11, 15)


def test_what_came_later_was_not_there_at_the_as_of_date() -> None:
    alliance = told(milestones__revenue__actual="2026-12-01")
    free = reached(run(told()))["revenue"]
    late = dt.date(2025, 12, 31)
    assert free is not None
    assert free < late
    day = reached(run(alliance, late))["revenue"]
    assert day is not None
    assert day > late


def test_facts_after_the_as_of_date_are_not_used() -> None:
    early = run(told(), dt.date(2024, 5, 31))
    assert at(early, "2024-05", "headcount_engineer") == 31
    assert at(early, "2024-08", "headcount") != 66
    days = early.tools["qualified"].dt.date.to_list()
    assert days != [dt.date(2024, 8, day) for day in (7, 13, 19, 25, 31)]
    receipts = early.ledger[early.ledger["purpose"] == "funding.tranches.grant"]
    assert receipts["yen"].sum() == 12_000_000_000
    ready = reached(early)["site-ready"]
    assert ready is not None
    assert ready > dt.date(2024, 5, 31)


def test_the_same_seed_has_the_same_luck_after_the_record() -> None:
    assert run(told()).months.equals(run(told()).months)


def test_a_customer_stands_where_it_is_recorded() -> None:
    facts = FACTS | {"customers": {"order": {"customer": "first-buyer", "stage": "shuttle", "date": "2024-09-15"}}}
    buyers = run(told(facts)).buyers
    mine = buyers[buyers["buyer"] == "first-buyer"].set_index("stage")["entered"]
    assert mine["shuttle"] == dt.datetime(2024, 9, 15)


def test_too_many_people_leave_from_the_newest() -> None:
    alliance = started_from(told({"headcount": {"few": {"date": "2024-01-31", "people": 20}}}), AS_OF)
    crew = record.headcount(fresh_crew(alliance), alliance, months_of(alliance)[0])
    assert (crew.headcount(), crew.headcount("engineer"), crew.headcount("technician")) == (20, 16, 4)


def test_the_last_day_on_record_counts_milestones_too() -> None:
    alliance = told(**{"milestones__site-ready__actual": "2025-02-01"})
    assert resolved(alliance, "last") == dt.date(2025, 2, 1)
    assert resolved(told(actuals__as_of="2024-07-01"), None) == dt.date(2024, 7, 1)
    with pytest.raises(InputError, match="records nothing"):
        resolved(Alliance.model_validate(SMALL), "last")


@pytest.mark.parametrize(
    ("day", "said"),
    [
        ("2023-12-31", "= 2023-12-31 is before the alliance's start, 2024-01-01; write a day from 2024-01-01 to"),
        ("2027-01-01", "= 2027-01-01 is after the alliance's end, 2026-12-31; write a day from"),
    ],
)
def test_a_day_on_which_the_alliance_is_not_under_way_is_refused(day: str, said: str) -> None:
    with pytest.raises(InputError) as error:
        run(told(), dt.date.fromisoformat(day))
    assert said in str(error.value)
    with pytest.raises(InputError):
        resolved(told(actuals__as_of=day), None)


def test_known_by_hides_what_was_published_later() -> None:
    alliance = told(
        funding__tranches__reward__known_from="2024-06-01",
        market__customers__first_0_buyer__known_from="2025-01-01",
        **{"milestones__first-silicon__promised": {"date": "2024-10-01", "known_from": "2024-07-01"}},
        **{"milestones__site-ready__actual": "2024-06-30"},
    )
    seen = known_by(alliance, dt.date(2024, 5, 31))
    assert set(seen.funding.tranches) == {"grant"}
    assert not seen.market.customers
    assert seen.milestones["first-silicon"].promised is None
    assert seen.milestones["site-ready"].actual is None
    assert set(seen.actuals.receipts) == {"first"}
    assert not seen.actuals.tools
    assert known_by(alliance, dt.date(2026, 1, 1)) == alliance
