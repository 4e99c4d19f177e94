"""The money tables of a future: trial balance, partners' accounts, worth, cost of a wafer and of a good die."""

from __future__ import annotations

import pytest

from renkei.outcome.future import Future
from tests.test_simulate import run


@pytest.fixture(scope="module")
def future() -> Future:
    return run(
        market__channels__office={
            "owner": "maker", "start": "2024-01", "contacts": "0.2 /month", "cost": "1 M JPY/month",
            "paid_by": {"owner": "25 %"},
        },
        accounts={"depreciation": {"tools": 20}},
    )  # fmt: skip


def test_the_trial_balance_sums_to_nothing_every_month(future: Future) -> None:
    table = future.balances
    assert (table.groupby("month")["balance_jpy"].sum() == 0).all()
    assert table["month"].nunique() == len(future.months)
    cash = table[table["account"].str.startswith("cash.")].groupby("month")["balance_jpy"].sum()
    assert cash.tolist() == future.months["cash_jpy"].tolist()


def test_assets_are_liabilities_and_equity_every_month(future: Future) -> None:
    months = future.months
    assert (months["assets_jpy"] == months["liabilities_jpy"] + months["equity_jpy"]).all()
    assert (months["equity_jpy"] == months["paid_in_jpy"] + months["result_cumulative_jpy"]).all()
    opening = months["result_cumulative_jpy"].iloc[0] - months["result_jpy"].iloc[0]
    assert (months["result_cumulative_jpy"] == opening + months["result_jpy"].cumsum()).all()
    assert months["depreciation_jpy"].sum() > 0


def test_tools_have_worn_out_after_their_life(future: Future) -> None:
    last = future.balances[future.balances["month"] == future.months["month"].iloc[-1]].set_index("account")
    assert last.at["worn.tools", "balance_jpy"] == -last.at["asset.tools", "balance_jpy"]
    assert 0 < -last.at["worn.building", "balance_jpy"] < last.at["asset.building", "balance_jpy"]


def test_partners_accounts_sum_to_the_cash_that_is_left(future: Future) -> None:
    table = future.partners.set_index("partner")
    assert table["paid_jpy"].sum() - table["received_jpy"].sum() == future.months["cash_jpy"].iloc[-1]
    assert (table["net_jpy"] == table["received_jpy"] - table["paid_jpy"]).all()
    assert table.at["state", "paid_grants_jpy"] == future.months["received_grant_jpy"].sum()
    assert table.at["buyer", "paid_sales_jpy"] > 0
    assert table.at["buyer", "wafers_bought"] > 0
    assert table.at["owner", "people_trained"] == 3
    assert table.at["owner", "in_kind_jpy"] == 36 * 250_000
    assert table.at["state", "npv_jpy"] < 0


def test_field_engineers_are_paid_to_their_maker() -> None:
    service = {"suppliers": "makers", "cost": "9 M JPY/tool-year"}
    future = run(
        partners__tools={"name": "Tools", "country": "NL", "roles": "equipment_maker"},
        equipment__suppliers={"makers": {"partner": "tools", "supplies": ["Mab", "Mcd", "Me"], "lead_time": 2}},
        equipment__services={"field": service},
    )
    table = future.partners.set_index("partner")
    assert "field" not in table.index
    paid = future.ledger[future.ledger["credit"].str.startswith("cash.")].groupby("partner")["yen"].sum()
    assert table.at["tools", "received_jpy"] == paid["tools"] + paid["field"]
    assert paid["field"] > 0


def test_gifts_in_kind_touch_neither_cash_nor_result(future: Future) -> None:
    memo = future.ledger[future.ledger["credit"] == "memo.in_kind"]
    assert len(memo) == 36
    assert memo["debit"].eq("memo.promotion").all()


def test_cost_of_a_wafer_with_depreciation_is_higher(future: Future) -> None:
    months = future.months.dropna(subset=["cost_per_wafer_jpy"])
    assert len(months) > 3
    assert (months["full_cost_per_wafer_jpy"] > months["cost_per_wafer_jpy"]).all()
    assert (months["cost_per_good_die_jpy"] < months["cost_per_wafer_jpy"]).all()
    last, year = months.iloc[-1], future.months.tail(12)
    assert last["cost_per_wafer_jpy"] == pytest.approx(year["operating_cost_jpy"].sum() / year["wafers_out"].sum())


def test_worth_falls_with_the_rate_and_rises_with_what_comes_after(future: Future) -> None:
    project = future.project.set_index("view")
    assert project.at["with grants", "net_jpy"] > project.at["before funding", "net_jpy"]
    assert project.at["before funding", "terminal_value_jpy"] == 0
    rich = run(accounts={"terminal_multiple": 10}).project.set_index("view")
    assert rich.at["before funding", "npv_jpy"] >= project.at["before funding", "npv_jpy"]
    assert rich.at["before funding", "terminal_value_jpy"] > 0
