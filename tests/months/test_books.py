"""The books: what is bought wears to the yen, balance sheets balance, runway is the month in which cash ends."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.alliance.accounts import Depreciation
from renkei.alliance.funding import COSTS, Loan
from renkei.errors import RunError
from renkei.months.assets import Asset, Register, registered, worn
from renkei.months.calendar import months_of
from renkei.months.ledger import Ledger, Posting
from renkei.months.loans import Draw, ahead_of, service
from renkei.months.money import fresh_money, owe, pay
from renkei.months.obligations import Due, Obligation
from renkei.months.projects import Projects
from renkei.months.runway import HORIZON, later, runway, runways
from renkei.months.statement import statement
from tests.months.conftest import SMALL

Build = Callable[..., Alliance]
DAY = dt.date(2024, 1, 10)
LIVES = Depreciation.model_validate({"tools": 5, "building": 12})


def bought(name: str, yen: int, cost: Any = "tools", asset: str = "t-1") -> Obligation:
    return Obligation(Due(name, cost, DAY, Decimal(yen), "JPY", "x", "why", asset=asset), yen)


def wear_of(register: Register, months: int, used: dict[str, dt.date]) -> list[int]:
    alliance, parts = Alliance.model_validate(SMALL), []
    for month in months_of(alliance)[:months]:
        register, sums = worn(register, LIVES, month, used)
        parts.append(sum(sums.values()))
    return parts


def test_an_asset_wears_in_equal_parts_from_the_month_after_it_is_used() -> None:
    register = registered({}, [bought("order", 300), bought("delivery", 703)])
    assert wear_of(register, 9, {"t-1": dt.date(2024, 2, 20)}) == [0, 0, 201, 200, 201, 200, 201, 0, 0]


def test_what_is_not_in_use_does_not_wear() -> None:
    assert wear_of(registered({}, [bought("order", 300)]), 12, {}) == [0] * 12


def test_what_has_no_name_in_the_register_is_in_use_at_once() -> None:
    assert wear_of(registered({}, [bought("other", 500, asset="")]), 7, {}) == [0, 100, 100, 100, 100, 100, 0]


@settings(deadline=None)
@given(st.integers(1, 10**12), st.integers(0, 10**11), st.integers(0, 20))
def test_an_asset_wears_by_its_cost_to_the_yen(cost: int, later_cost: int, when: int) -> None:
    alliance, parts = Alliance.model_validate(SMALL), 0
    register: Register = {"t-1": Asset("tools", cost)}
    for month in months_of(alliance):
        if month.index == when:
            register = registered(register, [bought("acceptance", max(later_cost, 1))])
        register, sums = worn(register, LIVES, month, {"t-1": DAY})
        assert 0 <= register["t-1"].worn <= register["t-1"].cost
        parts += sum(sums.values())
    assert parts == cost + max(later_cost, 1)


def test_a_longer_life_wears_less() -> None:
    alliance = Alliance.model_validate(SMALL)
    year = [
        sum(
            worn({"a": Asset("tools", 10**6)}, Depreciation.model_validate({"tools": life}), month, {"a": DAY})[
                1
            ].values()
        )
        for life in (24, 60, 120)
        for month in months_of(alliance)[3:4]
    ]
    assert year == sorted(year, reverse=True)


def test_a_statement_says_what_has_no_place_in_it() -> None:
    with pytest.raises(RunError, match="account treasure has no place"):
        statement(Ledger().posted([Posting(DAY, "cash.any", "treasure", 5, Decimal(5), "JPY", "", "")]))


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from(COSTS), st.integers(1, 10**10)), max_size=12), st.integers(1, 10**10))
def test_assets_are_liabilities_and_equity_whatever_happens(costs: list[Any], cash: int) -> None:
    opening = {"opening_balance": {"a": {"payer": "maker", "amount": cash}}}
    alliance = Alliance.model_validate(SMALL | {"funding": opening})
    books, month = fresh_money(alliance, 0), months_of(alliance)[0]
    dues = [Due(str(n), cost, month.first, Decimal(yen), "JPY", "x", "y") for n, (cost, yen) in enumerate(costs)]
    books, _ = pay(owe(books, alliance, dues), alliance, month, 0)
    books.check()
    found = statement(books.ledger)
    assert found.assets == found.liabilities + found.equity
    assert found.fixed_assets == sum(yen for cost, yen in costs if cost in ("tools", "building"))
    assert found.result == -sum(yen for cost, yen in costs if cost not in ("tools", "building"))


def test_the_register_and_the_ledger_must_agree() -> None:
    alliance = Alliance.model_validate(SMALL)
    books = owe(fresh_money(alliance, 0), alliance, [Due("c", "tools", DAY, Decimal(5), "JPY", "x", "y")])
    books.check()
    broken = type(books)(**{**vars(books), "assets": {}})
    with pytest.raises(RunError, match="differ from the register's 0 yen"):
        broken.check()


def test_runway_ends_in_the_month_that_cannot_be_paid() -> None:
    assert runway(100, [0] * 5, [30] * 5) == 3
    assert runway(90, [0] * 5, [30] * 5) == 3
    assert runway(90, [0, 0, 60, 60, 60], [30] * 5) is None
    assert runway(0, [0] * 2, [1, 0]) == 0
    assert runway(0, [0] * 2, [0, 0]) is None


def test_more_cash_never_shortens_runway(small: Build) -> None:
    found = []
    for cash in ("1 bn JPY", "2 bn JPY", "4 bn JPY"):
        alliance = small(funding__opening_balance__founders={"payer": "maker", "amount": cash}, funding__tranches={})
        month, books = months_of(alliance)[0], fresh_money(alliance, 0)
        books = type(books)(**{**vars(books), "flows": (-(10**8), -2 * 10**8, 0)})
        found.append(runways(books, (), _no_tools(), Projects(), alliance, month, {})[0])
    assert found == [10, 20, 40]


def _no_tools() -> Any:
    from renkei.months.fleet import Fleet

    return Fleet((), ())


def test_agreed_money_lengthens_runway(small: Build) -> None:
    grant = {"g": {"payer": "state", "kind": "grant", "amount": "1 bn JPY", "date": "2024-06"}}
    alliance = small(
        funding__opening_balance__founders={"payer": "maker", "amount": "1 bn JPY"}, funding__tranches=grant
    )
    month, books = months_of(alliance)[0], fresh_money(alliance, 0)
    books = type(books)(**{**vars(books), "flows": (-(10**8),)})
    assert runways(books, (), _no_tools(), Projects(), alliance, month, {}) == (10, 20)


def test_loans_are_foreseen_as_they_are_served(small: Build) -> None:
    alliance = small()
    months = months_of(alliance)
    terms = Loan.model_validate({"interest": "6 %/year", "grace": 4, "repayment": 10})
    draws = (Draw("t", "bank", months[0], 10**9 + 1, 10**9 + 1, terms),)
    foreseen = ahead_of(draws, months[0], HORIZON)
    served = []
    for ahead in range(1, HORIZON):
        draws, dues = service(draws, later(months[0], ahead))
        served.append(sum(int(item.amount) for item in dues))
    assert foreseen[:-1] == pytest.approx(served, abs=1)
    assert sum(served) > 10**9
