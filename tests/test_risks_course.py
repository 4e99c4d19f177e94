"""What each kind of risk does to a whole future: the small alliance with and without it, under the same luck."""

from __future__ import annotations

import datetime as dt
import functools
from typing import Any

import pandas as pd
import pytest

from renkei.alliance import Alliance
from renkei.outcome.future import Future
from renkei.simulate import simulate
from tests.months.conftest import SMALL, changed
from tests.test_simulate import reached, run

LATE = dt.date.max
BLOW: dict[str, Any] = {"name": "A blow", "probability": 1, "start": "2024-07-10", "until": "2024-07-10"}


@functools.cache
def calm() -> Future:
    """The course without risks."""
    return run()


def struck(day: str, duration: Any = None, **effects: Any) -> Future:
    """The course with one risk that occurs on a day for certain."""
    terms: dict[str, Any] = {"name": "A blow", "probability": 1, "start": day, "until": day, "effects": effects}
    return run(risks={"blow": terms | ({} if duration is None else {"duration": duration})})


def first(future: Future, milestone: str) -> dt.date:
    return reached(future)[milestone] or LATE


def test_a_risk_that_does_not_come_changes_nothing() -> None:
    terms = {"name": "Never", "probability": 0, "effects": {"withdraws": ["state"], "standstill": 100}}
    spared = run(risks={"never": terms})
    assert spared.risks.empty
    for name, table in calm().tables.items():
        if name == "drawn":
            continue  # lists the risk's own numbers
        pd.testing.assert_frame_equal(spared.tables[name], table, obj=name)


def test_occurrences_are_listed_and_marked_in_the_months() -> None:
    future = struck("2024-08-10", 3, standstill=5, damage="2 bn JPY", factors={"market.price.incumbent": 0.5})
    (row,) = future.risks.to_dict("records")
    assert (row["risk"], row["name"], row["occurred"]) == ("blow", "A blow", pd.Timestamp("2024-08-10"))
    assert row["until"] == pd.Timestamp("2024-11-10")
    assert row["effects"] == "market.price.incumbent × 0.5; line stands 5 days; damage 2,000,000,000 JPY"
    marked = future.months.loc[future.months["risks"] != "", "month"]
    assert [f"{month:%m}" for month in marked] == ["08", "09", "10"]
    paid = future.ledger[(future.ledger["purpose"] == "risks.blow") & (future.ledger["debit"] == "payable")]
    assert paid["yen"].sum() == 2_000_000_000


def test_a_standstill_stops_lots_for_as_long_and_loses_none() -> None:
    future = struck("2024-08-10", standstill=20)
    lots, usual = future.lots, calm().lots
    since = pd.Timestamp("2024-08-10")
    until = since + pd.Timedelta(days=20)
    strictly = (lots["finished"] > since + pd.Timedelta(days=1)) & (lots["finished"] < until)
    assert not strictly.any()
    caught = lots[(lots["released"] < since) & (lots["finished"] >= until)]
    assert len(caught) > 0
    assert (caught["cycle_time_days"] >= 24 - 1e-6).all()
    assert lots["cycle_time_days"].min() == pytest.approx(4)
    assert len(usual[usual["finished"] < since]) == len(lots[lots["finished"] < since])
    months = future.months
    assert months["lots_finished"].sum() == len(lots)
    assert months["lots_started"].sum() - len(lots) >= 0
    down = future.tool_groups.groupby("month")["unscheduled_down_minutes"].sum()
    assert down[pd.Timestamp("2024-08-01")] == pytest.approx(5 * 20 * 1440, abs=5 * 1440)
    assert first(future, "kit-out") >= first(calm(), "kit-out")


def test_tools_out_of_use_come_back_and_a_longer_time_costs_more_wafers() -> None:
    out = [calm().months["wafers_out"].sum()]
    for share, months in ((0.5, 2), (1, 2), (1, 6)):
        future = struck("2025-03-10", tools_out={"Mab": {"share": share, "time": months}})
        tools = future.months.set_index("month")["tools"]
        assert (tools["2025-02"].iloc[0], tools["2025-03"].iloc[0]) == (5, 5 - 2 * share)
        assert tools.iloc[-1] == 5
        out.append(future.months["wafers_out"].sum())
    assert max(out) == out[0]
    assert out[3] < 0.9 * out[2]
    shut = future.months.set_index("month").loc["2025-05":"2025-08"]  # type: ignore[misc]
    assert (shut["wafer_starts"] == 0).all()
    assert (shut["binding"] == "tools").all()
    assert future.risks["effects"].iloc[0] == "100% of Mab out for 6 months"


def test_tools_out_of_use_slow_the_real_floor_and_lose_no_lot() -> None:
    """Half of the first and last machines for a quarter: their tool-minutes are gone, lots wait for the rest."""
    half = {"share": 0.5, "time": 3}
    risks = {"blow": BLOW | {"effects": {"tools_out": {"Mab": half, "Mcd": half}}}}
    terms = {"end": "2024-12", "planning__policy": "technology_first"}
    usual, future = (
        simulate(Alliance.model_validate(changed(SMALL, **terms, risks=given)), seed=3) for given in ({}, risks)
    )
    times = {}
    for name, course in (("usual", usual), ("struck", future)):
        groups = course.tool_groups[course.tool_groups["month"] == pd.Timestamp("2024-08-01")].set_index("tool_group")
        times[name] = groups.filter(like="_minutes").sum(axis=1)
    assert times["struck"]["Mab"] == pytest.approx(times["usual"]["Mab"] / 2, rel=0.05)
    assert times["struck"]["Me"] == times["usual"]["Me"]
    assert future.months["lots_finished"].sum() == len(future.lots)
    assert len(future.lots) <= len(usual.lots)
    assert future.lots["cycle_time_days"].mean() > usual.lots["cycle_time_days"].mean()


def test_wafers_in_the_line_are_lost_once() -> None:
    day = calm().lots.loc[calm().lots["purpose"] == "product", "released"].iloc[40].date()
    future = struck(f"{day}", wafers_lost=0.5)
    assert future.months["wafers_out"].sum() < calm().months["wafers_out"].sum()
    ahead = future.months[future.months["month"] < pd.Timestamp(day) - pd.Timedelta(days=31)]
    assert ahead["wafers_out"].sum() == calm().months.loc[ahead.index, "wafers_out"].sum()


DELAYS: dict[str, tuple[str, str, str]] = {
    "a phase under way": ("2024-02-20", "site.phases.one", "site-ready"),
    "tools under way": ("2024-02-01", "equipment.orders.all", "tools-in"),
    "development": ("2024-05-01", "technology.development.loops", "first-silicon"),
    "a kit under work": ("2024-09-15", "technology.pdks.kit", "kit-out"),
}


@pytest.mark.parametrize("case", DELAYS)
def test_a_delay_is_felt_and_longer_is_not_earlier(case: str) -> None:
    day, clause, milestone = DELAYS[case]
    if case == "a kit under work":
        out = first(calm(), "kit-out")
        day = f"{(out.replace(day=1) - dt.timedelta(days=20)):%Y-%m}-20"
    days = [first(calm(), milestone), *(first(struck(day, delays={clause: m}), milestone) for m in (2, 5))]
    assert days == sorted(days)
    assert days[0] < days[1] < days[2]


def test_a_suspended_grant_follows_later_in_full() -> None:
    future = struck("2024-06-01", 5, suspends="funding.tranches.grant")
    months, usual = future.months.set_index("month"), calm().months.set_index("month")
    came = future.ledger[future.ledger["purpose"] == "funding.tranches.grant"].set_index("date")["yen"].sort_index()
    assert came["2024-06":"2024-10"].empty  # type: ignore[misc]
    assert came["2024-11-01":"2024-11-30"].sum() == 6_000_000_000  # type: ignore[misc]
    assert came.sum() == 12_000_000_000
    assert months.loc["2024-10", "cash_jpy"].iloc[0] < usual.loc["2024-10", "cash_jpy"].iloc[0]


def test_a_payer_that_withdraws_pays_no_more() -> None:
    future = struck("2024-08-01", withdraws="state")
    grants = future.months.set_index("month")["received_grant_jpy"]
    assert grants[:"2024-07"].sum() > 0  # type: ignore[misc]
    assert grants["2024-08":].sum() == 0  # type: ignore[misc]


def test_a_host_that_withdraws_sends_its_trainees_home_untrained() -> None:
    future = struck("2024-05-01", withdraws="owner")
    months = future.months.set_index("month")
    assert months.loc["2024-04", "abroad"].iloc[0] == 3
    assert (months.loc["2024-05":, "abroad"] == 0).all()  # type: ignore[misc]
    assert months["trained_abroad"].max() == 0
    assert months["headcount"].iloc[-1] == calm().months["headcount"].iloc[-1]


def test_a_customer_that_withdraws_is_lost() -> None:
    future = struck("2024-09-01", withdraws="buyer")
    mine = future.buyers[future.buyers["partner"] == "buyer"]
    assert set(mine["state"]) == {"lost"}
    assert future.months["revenue_jpy"].sum() < calm().months["revenue_jpy"].sum()


FACTORS = {
    "market.price.incumbent": "revenue_jpy",
    "workforce.roles.engineer.max_hires": "headcount",
    "technology.learning.rate": "experience",
    "market.segments.all.demand": "delivered_wafers",
}


@pytest.mark.parametrize("path", FACTORS)
def test_a_factor_on_a_quantity_has_its_direction(path: str) -> None:
    low = struck("2024-02-01", factors={path: 0.25}).months[FACTORS[path]].sum()
    mid = struck("2024-02-01", factors={path: 0.7}).months[FACTORS[path]].sum()
    assert low < mid <= calm().months[FACTORS[path]].sum()


def test_a_weaker_yen_makes_what_is_abroad_dearer() -> None:
    future = struck("2024-01-01", factors={"fx.USD.*.rate": 1.4})
    tools = future.months["spent_tools_jpy"].sum()
    assert tools == pytest.approx(1.4 * calm().months["spent_tools_jpy"].sum(), rel=1e-9)
    assert future.months["cash_jpy"].iloc[5] < calm().months["cash_jpy"].iloc[5]


def test_longer_lead_times_hold_for_orders_of_the_time() -> None:
    future = struck("2024-01-01", factors={"equipment.lead_time": 2})
    assert (future.tools["delivery"] > calm().tools["delivery"]).all()
    after = struck("2024-06-01", factors={"equipment.lead_time": 2})
    assert after.tools["delivery"].equals(calm().tools["delivery"])


def test_money_still_balances_in_every_future() -> None:
    everything = {
        "quake": {"name": "Quake", "rate": "1 /year", "duration": 1, "effects": {
            "standstill": {"uniform": [3, 30]}, "wafers_lost": 0.3, "damage": "1 bn JPY"}},
        "shock": {"name": "Shock", "rate": "0.5 /year", "duration": 8, "effects": {
            "factors": {"fx.USD.*.rate": {"uniform": [0.8, 1.4]}}}},
        "exit": {"name": "Exit", "probability": 0.5, "effects": {"withdraws": ["owner", "buyer"]}},
        "rule": {"name": "Rule", "probability": 0.7, "effects": {"delays": {"equipment.orders.all": 4}}},
    }  # fmt: skip
    for seed in range(3):
        future = run(seed=seed, risks=everything)
        flow = future.months["received_jpy"] - future.months["spent_jpy"]
        assert (future.months["cash_jpy"] == 20_000_000_000 + flow.cumsum()).all()
        assert future.months["lots_finished"].sum() == len(future.lots)
        again = run(seed=seed, risks=everything)
        pd.testing.assert_frame_equal(again.risks, future.risks)
        pd.testing.assert_frame_equal(again.months, future.months)
