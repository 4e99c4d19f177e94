"""Guarantees and refunds: what others pay or get back when the manufacturer or a customer fails."""

from __future__ import annotations

import datetime as dt
from functools import cache
from typing import Any

import pandas as pd
import pytest

from renkei.outcome.future import Future
from tests.months.test_risks import Build
from tests.test_simulate import run

POOR = {"funding__opening_balance__founders__amount": "2 bn JPY", "funding__tranches__grant__amount": "1 bn JPY"}
LOAN: dict[str, Any] = {"interest": "6 %/year", "grace": 6, "repayment": 12}


@cache
def indebted(**terms: Any) -> Future:
    """A course that cannot serve its loan of 12 bn in the end."""
    loan = {"payer": "bank", "kind": "guaranteed_loan", "amount": "12 bn JPY", "date": "2024-02-01"}
    return run(funding__tranches__loan={**loan, "loan": LOAN | terms}, **POOR)


def test_without_a_guarantor_the_lender_waits_and_with_one_it_is_paid_after_the_arrears() -> None:
    open_, called = indebted(), indebted(guarantor="state")
    assert "received_guarantee_jpy" not in open_.months
    assert open_.months["unpaid_jpy"].iloc[-1] > 10**9
    paid = called.months["received_guarantee_jpy"].sum()
    assert paid > 10**9
    state, bank = (called.partners.set_index("partner").loc[name] for name in ("state", "bank"))
    assert state["paid_loans_jpy"] == paid == called.months["debt_jpy"].iloc[-1]
    short = 12 * 10**9 - bank["received_jpy"]
    assert short < 12 * 10**9 - open_.partners.set_index("partner").loc["bank", "received_jpy"]
    service = called.ledger[
        (called.ledger["debit"] == "payable") & (called.ledger["purpose"] == "funding.tranches.loan")
    ]
    dates = called.ledger[(called.ledger["credit"] == "loan") & (called.ledger["partner"] == "state")]["date"]
    assert (dates.min() - service["date"].min()).days > 90
    flow = called.months["received_jpy"] - called.months["spent_jpy"]
    assert (called.months["cash_jpy"] == 2 * 10**9 + flow.cumsum()).all()


def test_a_guarantee_that_is_called_late_costs_as_much_and_one_never_called_nothing() -> None:
    """But for interest: the longer the lender waits, the more of it has come up."""
    costs = [
        indebted(guarantor="state", called_after=months).partners.set_index("partner").loc["state", "paid_loans_jpy"]
        for months in (1, 3, 9, 99)
    ]
    assert costs[:3] == pytest.approx([costs[0]] * 3, rel=0.01)
    assert costs[3] == 0 < costs[0]


def test_nothing_more_is_drawn_of_a_loan_whose_guarantee_was_called() -> None:
    """Drawn as costs arise, in equal yearly ceilings: the first arrears end it."""
    loan: dict[str, Any] = {
        "payer": "bank", "kind": "guaranteed_loan", "amount": "3 bn JPY", "fiscal_year": 2024,
        "until_fiscal_year": 2026, "loan": LOAN | {"guarantor": "state", "grace": 0, "called_after": 1},
    }  # fmt: skip
    poor = POOR | {"funding__tranches__grant__amount": "10 M JPY"}
    future = run(funding__tranches__loan=loan, **poor)
    months = future.months.set_index("month")
    called = months.index[months["received_guarantee_jpy"] > 0][0]
    assert (months.loc[months.index > called, "received_guaranteed_loan_jpy"] == 0).all()
    assert months.loc[called, "received_guaranteed_loan_jpy"] > 0


PREPAID = {"payer": "buyer", "kind": "prepayment", "amount": "1 bn JPY", "date": "2024-03-01", "credited": 0.5}
GONE = {"blow": {"name": "Gone", "probability": 1, "start": "2024-06-01", "until": "2024-06-01",
                 "effects": {"withdraws": "buyer"}}}  # fmt: skip


@pytest.mark.parametrize("refunded", [True, False])
def test_a_customer_that_is_lost_gets_back_what_was_not_set_off(refunded: bool) -> None:
    future = run(funding__tranches__pre=PREPAID | {"refunded": refunded}, risks=GONE)
    months = future.months.set_index("month")
    assert months["prepayments_jpy"].iloc[-1] == (0 if refunded else 10**9)
    back = future.partners.set_index("partner").loc["buyer", "received_jpy"]
    assert back == (10**9 if refunded else 0)
    if refunded:
        day = future.ledger[(future.ledger["partner"] == "buyer") & (future.ledger["debit"] == "payable")]["date"]
        assert list(day) == [pd.Timestamp(dt.date(2024, 6, 30))]


def test_a_customer_that_stays_gets_nothing_back() -> None:
    future = run(funding__tranches__pre=PREPAID)
    assert future.partners.set_index("partner").loc["buyer", "received_jpy"] == 0
    assert future.months["prepayments_jpy"].iloc[-1] == 0


def test_refunds_belong_to_prepayments(small: Build) -> None:
    with pytest.raises(ValueError, match="`refunded` belongs to prepayment only"):
        small(funding__tranches__grant__refunded=False)
