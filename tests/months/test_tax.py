"""Tax: what is income, which losses are set off, when it is paid, and what it does to the books of a whole course."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from decimal import Decimal
from functools import cache
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.months.calendar import months_of
from renkei.months.ledger import Posting
from renkei.months.money import Money, fresh_money
from renkei.months.statement import statement
from renkei.months.tax import assessed, dues, set_off
from renkei.outcome.future import Future
from tests.months.test_risks import Build
from tests.test_simulate import run

TERMS = {"rate": 0.3, "to": "state", "grants_over": 1, "offset": 0.5}


def courses(alliance: Alliance, income: dict[int, int], account: str = "revenue") -> Money:
    """The books after all months with so much income in some of them."""
    books = fresh_money(alliance, 0)
    for month in months_of(alliance):
        yen = income.get(month.index, 0)
        debit, credit = ("receivable", account) if yen > 0 else ("cost.research", "payable")
        new = [Posting(month.last, debit, credit, abs(yen), Decimal(abs(yen)), "JPY", "x", "why")] if yen else []
        books = replace(books, ledger=books.ledger.posted(new))
        books = replace(books, levy=assessed(books, alliance, month))
        books = replace(books, closed=statement(books.ledger))
    return books


def test_income_of_the_year_is_taxed_after_half_of_it_was_set_off(small: Build) -> None:
    """A loss of 1,000 in the first year takes 500 each off the incomes of 1,000 and 1,600 of the next two."""
    alliance = small(accounts={"tax": TERMS})
    levy = courses(alliance, {1: -1000, 4: 600, 5: 400, 20: 1600}).levy
    assert levy.assessed == ((dt.date(2025, 5, 31), 150), (dt.date(2026, 5, 31), 330))
    assert (levy.losses, levy.income) == ((), 0)
    (due,) = dues(levy, alliance, months_of(alliance)[16])
    assert (due.cost, due.amount, due.partner, due.date) == ("tax", 150, "state", dt.date(2025, 5, 31))
    assert dues(levy, alliance, months_of(alliance)[15]) == []


def test_losses_lapse_and_none_is_carried_without_time(small: Build) -> None:
    alliance = small(accounts={"tax": TERMS | {"carry_forward": 11, "offset": 1}})
    assert courses(alliance, {1: -1000, 4: 1000}).levy.assessed == ((dt.date(2025, 5, 31), 300),)
    alliance = small(accounts={"tax": TERMS | {"carry_forward": 12, "offset": 1}})
    assert courses(alliance, {1: -1000, 4: 1000}).levy.assessed == ()


def test_grants_are_income_in_parts_that_sum_to_them(small: Build) -> None:
    months = {over: courses(small(accounts={"tax": TERMS | {"grants_over": over}}), {2: 1000}, "grant").levy
              for over in (1, 12)}  # fmt: skip
    assert months[1].assessed == ((dt.date(2024, 5, 31), 300),)
    assert months[12].assessed == ((dt.date(2024, 5, 31), round(0.3 * 83)), (dt.date(2025, 5, 31), round(0.3 * 917)))
    assert months[12].grants == ()


@given(st.integers(0, 10**12), st.lists(st.integers(1, 10**12), max_size=5), st.integers(0, 10**12))
def test_setting_off_conserves_losses_and_income(income: int, losses: list[int], most: int) -> None:
    dated = [(dt.date(2020 + n, 3, 31), loss) for n, loss in enumerate(losses)]
    left, still = set_off(income, dated, most, dt.date(2000, 1, 1))
    used = sum(losses) - sum(loss for _, loss in still)
    assert income - left == used == min(most, income, sum(losses))
    assert [day for day, _ in still] == sorted(day for day, _ in still)


@cache
def taxed(rate: float) -> Future:
    tax: Any = {"rate": rate, "to": "state", "offset": 1}
    return run(accounts={"tax": tax})


def test_tax_is_paid_to_the_state_and_lowers_cash_and_worth_by_it() -> None:
    free, future = run(), taxed(0.3)
    paid = future.months["spent_tax_jpy"].sum()
    assert paid > 0
    assert future.months["cash_jpy"].iloc[-1] == free.months["cash_jpy"].iloc[-1] - paid
    assert future.months["operating_cash_flow_jpy"].equals(free.months["operating_cash_flow_jpy"])
    state, before = (course.partners.set_index("partner").loc["state"] for course in (future, free))
    assert state["received_jpy"] - before["received_jpy"] == paid
    worth = future.project.set_index("view")["npv_jpy"]
    assert worth["after tax"] < worth["with grants"]
    assert (worth.drop("after tax") == free.project.set_index("view")["npv_jpy"]).all()
    lost = free.months["result_cumulative_jpy"].iloc[-1] - future.months["result_cumulative_jpy"].iloc[-1]
    assert lost == paid
    assert future.milestones["reached"].equals(free.milestones["reached"])


def test_a_higher_rate_never_leaves_more_and_none_changes_nothing() -> None:
    cash = [taxed(rate).months["cash_jpy"].iloc[-1] for rate in (0, 0.1, 0.3)]
    assert cash == sorted(cash, reverse=True)
    assert cash[0] > cash[2]
    shown = [name for name in run().months if not name.startswith("runway")]
    pd.testing.assert_frame_equal(taxed(0).months[shown], run().months[shown])


def test_the_payee_is_a_partner(small: Build) -> None:
    with pytest.raises(ValueError, match="between 0 and 1"):
        small(accounts={"tax": {"rate": 30}})
