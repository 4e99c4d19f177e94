"""Projects beside the fab: a second fab takes cash and engineers, and nothing else."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from renkei.alliance import Alliance
from renkei.months import projects
from renkei.months.calendar import months_of
from renkei.months.projects import Projects
from renkei.outcome.future import Future
from tests.months.conftest import SMALL, changed
from tests.test_simulate import run

TWO: dict[str, Any] = {
    "start": "2024-06-01",
    "build": "4 months",
    "cost": "2 bn JPY",
    "bays": {"hall": {"tool_places": 20}},
    "dock_tools_per_week": 7,
}
SECOND: dict[str, Any] = {
    "phases": "two", "start": "2024-06", "tools": 20, "tool_price": "100 M JPY", "order_over": "10 months",
    "lead_time": "4 months", "install": "2 months", "research": "600 M JPY/year", "research_over": "18 months",
    "engineers": 8, "engineers_share": "50 %",
}  # fmt: skip


def with_second(**terms: Any) -> Future:
    return run(site__phases__two=TWO, projects={"second": {**SECOND, **terms}})


@pytest.fixture(scope="module")
def alone() -> Future:
    return run()


@pytest.fixture(scope="module")
def both() -> Future:
    return with_second()


def test_a_second_fab_is_built_equipped_and_developed(both: Future) -> None:
    ledger, months = both.ledger, both.months.set_index("month")
    spent = ledger[ledger["debit"] == "payable"].groupby("purpose")["yen"].sum()
    assert spent["projects.second.tools"] == 2 * 10**9
    assert spent["projects.second.research"] == 900 * 10**6
    assert spent["site.phases.two"] == 2 * 10**9
    assert months["project_tools"].is_monotonic_increasing
    assert months["project_tools"].iloc[-1] == 20
    first = months.index[months["project_tools"] > 0][0]
    assert first >= dt.datetime(2024, 12, 1)  # ordered in June, four months of lead time, two of installation


def test_it_brings_no_wafer_and_its_bays_are_its_own(alone: Future, both: Future) -> None:
    assert (both.months["places_ready"] == alone.months["places_ready"]).all()
    assert both.months["tools"].iloc[-1] == alone.months["tools"].iloc[-1]
    assert set(both.tools["bay"].dropna()) == {"one/a"}
    assert both.lots["product"].unique().tolist() == alone.lots["product"].unique().tolist()


def test_it_takes_engineers_from_the_fab(alone: Future, both: Future) -> None:
    less = alone.months["engineer_months"] - both.months["engineer_months"]
    assert (less.iloc[:5] == 0).all()
    assert less.iloc[6:18].min() > 0
    assert less.max() <= 8 + 1e-9
    assert less.iloc[-1] == pytest.approx(0, abs=1e-9)
    assert both.months["generations"].iloc[-1] <= alone.months["generations"].iloc[-1]


def test_the_books_hold_its_tools(both: Future) -> None:
    months = both.months
    assert (months["assets_jpy"] == months["liabilities_jpy"] + months["equity_jpy"]).all()
    last = both.balances[both.balances["month"] == months["month"].iloc[-1]].set_index("account")["balance_jpy"]
    assert last["asset.building"] == 5 * 10**9
    assert last["asset.tools"] == 5 * 500_000_000 + 2 * 10**9


def test_with_little_money_it_delays_the_fab() -> None:
    till = {"payer": "maker", "amount": "3500 M JPY"}
    dates = {}
    for name, extra in (("alone", {}), ("both", {"site__phases__two": TWO | {"start": "2024-01"}})):
        terms = {"projects": {"second": {**SECOND, "start": "2024-01"}}} if extra else {}
        future = run(funding__opening_balance__founders=till, **extra, **terms)
        dates[name] = future.milestones.set_index("id")["reached"].fillna(pd.Timestamp("2100-01-01"))
    assert (dates["both"] >= dates["alone"]).all()
    assert (dates["both"] > dates["alone"]).any()


def test_nothing_is_ordered_before_its_gate_or_while_money_is_short() -> None:
    late = with_second(after="revenue")
    day = late.milestones.set_index("id").at["revenue", "reached"]
    bought = late.ledger[late.ledger["purpose"].str.startswith("projects.second")]
    assert (bought["date"] >= day).all()
    alliance = Alliance.model_validate(changed(SMALL, site__phases__two=TWO, projects={"second": SECOND}))
    month = months_of(alliance)[8]
    ordered, dues = projects.bill(Projects(), alliance, month, {}, frozenset(), may_commit=False)
    assert ordered.batches == ()
    assert [item.cost for item in dues] == ["research"]
    caught_up, _ = projects.bill(ordered, alliance, month, {}, frozenset(), may_commit=True)
    assert sum(batch.tools for batch in caught_up.batches) == 8  # 122 days of ten months


def test_tools_wait_for_their_own_bays() -> None:
    later = with_second(lead_time="1 month", install="1 month").months["project_tools"]
    roomy = run(
        site__phases__two=TWO | {"start": "2024-01"}, projects={"second": SECOND | {"lead_time": 1, "install": 1}}
    )
    assert (roomy.months["project_tools"] >= later).all()
    assert later.gt(0).idxmax() > roomy.months["project_tools"].gt(0).idxmax()


def test_ordered_tools_are_committed() -> None:
    alliance = Alliance.model_validate(changed(SMALL, site__phases__two=TWO, projects={"second": SECOND}))
    month = months_of(alliance)[5]
    found, _ = projects.bill(Projects(), alliance, month, {}, frozenset(), may_commit=True)
    ahead = projects.committed(found, alliance, month, 24)
    assert sum(ahead) == round(0.7 * sum(batch.tools for batch in found.batches) * 10**8)
