"""Money on the page: pictures and tables hold what the ledger and the months say."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from renkei.alliance.reading import read_alliance
from renkei.report import money
from renkei.report.figures import Figure
from renkei.report.money import BN, MOST, OTHERS, accounts, by_fiscal_year, fiscal_year, inflows, outflows, worth
from renkei.report.promised import funding_schedule
from renkei.report.result import Result
from renkei.report.words import billions
from tests.report.conftest import TINY


def drawn(result: Result) -> dict[str, Figure]:
    return {figure.id: figure for figure in money.money_section(result).figures}


def rows_of(figure: Figure) -> list[dict[str, Any]]:
    assert figure.spec is not None
    return list(figure.spec["datasets"]["rows"])


def test_inflows_are_all_that_was_received(tiny: Result) -> None:
    came = inflows(tiny)
    assert came.set_index("month").sum(axis=1).to_list() == tiny.tables["months"]["received_jpy"].to_list()
    assert list(came.columns) == ["month", "The state: grants"]


def test_outflows_are_all_that_was_spent(tiny: Result, poor: Result) -> None:
    for result in (tiny, poor):
        went = outflows(result.tables["months"])
        assert went.set_index("month").sum(axis=1).to_list() == result.tables["months"]["spent_jpy"].to_list()


@pytest.mark.parametrize(("id_", "table"), [("received", inflows), ("spent", None)])
def test_bars_add_up_to_the_tables(tiny: Result, id_: str, table: Any) -> None:
    columns = inflows(tiny) if table else outflows(tiny.tables["months"])
    rows = rows_of(drawn(tiny)[id_])
    assert [row["period"] for row in rows] == [f"{year} Q{n}" for year in (2024, 2025) for n in (1, 2, 3, 4)]
    for name in columns.columns.drop("month"):
        assert sum(row[name] for row in rows) == pytest.approx(columns[name].sum() * BN, rel=1e-3)


def test_fiscal_years_add_up(tiny: Result) -> None:
    came = inflows(tiny)
    table = by_fiscal_year(tiny, "Received", came)
    assert [row[0] for row in table.rows] == ["FY2023", "FY2024", "FY2025", "in all"]
    place = [column.name for column in table.columns].index("The state: grants")
    assert [row[place] for row in table.rows] == ["–", "40.0", "–", "40.0"]
    assert table.rows[-1][-1] == billions(int(tiny.tables["months"]["received_jpy"].sum()))


@pytest.mark.parametrize(
    ("day", "country", "year"),
    [("2024-03-31", "JP", 2023), ("2024-04-01", "JP", 2024), ("2024-10-01", "US", 2025), ("2024-12-31", "DE", 2024)],
)
def test_fiscal_year(day: str, country: str, year: int) -> None:
    assert fiscal_year(dt.date.fromisoformat(day), country) == year


def test_a_promise_that_nothing_holds_up_is_what_comes(tiny: Result) -> None:
    """A grant in monthly parts without conditions: promised, agreed and received are the same curve."""
    schedule = funding_schedule(tiny.alliance)
    received = tiny.tables["months"]["received_grant_jpy"].cumsum()
    np.testing.assert_allclose(schedule["promised_jpy"], received, atol=24)
    np.testing.assert_allclose(schedule["agreed_jpy"], received, atol=24)
    rows = rows_of(drawn(tiny)["funding"])
    assert rows[-1]["promised"] == rows[-1]["received"] == 40


def schedule(**tranches: dict[str, Any]) -> pd.DataFrame:
    alliance = read_alliance(TINY, (), {"funding": {"tranches": {"grant": None, **tranches}}})
    return funding_schedule(alliance).set_index("month") / 1e9


GRANT = {"payer": "state", "kind": "grant", "amount": "12 bn JPY"}


def test_a_promise_waits_for_the_day_of_its_milestones() -> None:
    own = schedule(late={**GRANT, "after": "volume", "delay": "2 months", "status": "planned"})
    assert own["promised_jpy"]["2025-07"].item() == 0
    assert own["promised_jpy"]["2025-08"].item() == 12
    assert own["agreed_jpy"].max() == 0


def test_what_a_closed_gate_holds_back_follows_at_once() -> None:
    own = schedule(held={**GRANT, "fiscal_year": 2024, "after": "first-silicon"})
    assert own["promised_jpy"]["2024-08"].item() == 0
    assert own["promised_jpy"]["2024-09"].item() == pytest.approx(6)
    assert own["promised_jpy"].iloc[-1] == pytest.approx(12)


def test_a_match_follows_the_others() -> None:
    match = {"payer": "maker", "kind": "equity", "amount": "4 bn JPY", "matching": {"share": 0.5}}
    own = schedule(grant={**GRANT, "fiscal_year": 2024}, match=match)
    assert own["promised_jpy"]["2024-06"].item() == pytest.approx(3 + 1.5)
    assert own["promised_jpy"].iloc[-1] == pytest.approx(12 + 4)


def test_dollars_come_at_the_alliance_rate() -> None:
    own = schedule(usd={**GRANT, "amount": "100 M USD", "date": "2024-05-20"})
    assert own["promised_jpy"].to_list() == [0.0] * 4 + [14.0] * 20


def test_customers_are_one_payer(tiny: Result) -> None:
    sales = [
        {"date": pd.Timestamp("2025-02-03"), "debit": "cash.any", "credit": "receivable", "yen": 10**n, "amount": 1.0,
         "currency": "JPY", "partner": f"buyer {n}", "purpose": "x"}
        for n in (1, 2)
    ]  # fmt: skip
    ledger = pd.concat([tiny.tables["ledger"], pd.DataFrame(sales)])
    came = inflows(replace(tiny, tables={**tiny.tables, "ledger": ledger})).set_index("month")
    assert came["customers: sales"].to_list() == [0] * 13 + [110] + [0] * 10


def test_small_payers_are_one(tiny: Result) -> None:
    ledger = tiny.tables["ledger"]
    more = pd.DataFrame(
        [
            {"date": pd.Timestamp("2024-02-03"), "debit": "cash.any", "credit": "equity", "yen": 10 + n, "amount": 1.0,
             "currency": "JPY", "partner": f"fund {n}", "purpose": "x"}
            for n in range(20)
        ]
    )  # fmt: skip
    came = inflows(replace(tiny, tables={**tiny.tables, "ledger": pd.concat([ledger, more])}))
    assert len(came.columns) == 1 + MOST + 1
    assert list(came.columns)[-1] == OTHERS
    extra = came.set_index("month").sum(axis=1) - tiny.tables["months"].set_index("month")["received_jpy"]
    assert extra.to_list() == [0, sum(range(10, 30))] + [0] * 22


def test_accounts_hold_the_table_of_partners(tiny: Result) -> None:
    table, data = accounts(tiny), tiny.tables["partners"]
    heads = [column.name for column in table.columns]
    assert [row[0] for row in table.rows] == data["name"].to_list()
    state = next(row for row in table.rows if row[0] == "The state")
    assert (state[heads.index("grants")], state[heads.index("net")]) == ("40.0", "-40.0")
    assert "loans" not in heads
    assert all(len(row) == len(heads) for row in table.rows)
    assert data["paid_jpy"].sum() - data["received_jpy"].sum() == tiny.tables["months"]["cash_jpy"].iloc[-1]


def test_worth_holds_the_table_of_the_project(tiny: Result) -> None:
    rows = worth(tiny).rows
    assert [row[0] for row in rows] == ["before funding", "with grants"]
    assert [row[2] for row in rows] == [billions(yen) for yen in tiny.tables["project"]["npv_jpy"]]


def test_unit_costs_are_those_of_the_months(tiny: Result) -> None:
    cost = [None] * 12 + [1.5e9 / n for n in range(1, 13)]
    months = tiny.tables["months"].assign(
        cost_per_wafer_jpy=cost,
        full_cost_per_wafer_jpy=cost,
        cost_per_good_die_jpy=cost,
        full_cost_per_good_die_jpy=cost,
    )
    found = drawn(replace(tiny, tables={**tiny.tables, "months": months}))
    assert rows_of(found["wafer-cost"])[12]["paid to run"] == 1500
    assert "paid to run" not in rows_of(found["wafer-cost"])[11]
    assert rows_of(found["die-cost"])[-1]["paid to run"] == 125_000


def test_without_money_nothing_is_drawn_but_said(poor: Result) -> None:
    found = drawn(poor)
    assert found["funding"].spec is None
    assert found["wafer-cost"].spec is None
    assert by_fiscal_year(poor, "Received", inflows(poor)).rows[-1] == ("in all", "0.0")
