"""Money: conserved to the yen, paid by priority, received as agreed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.alliance.funding import COSTS, Loan
from renkei.errors import RunError
from renkei.months.calendar import Month, months_of
from renkei.months.ledger import Ledger, Posting
from renkei.months.loans import Draw, service
from renkei.months.money import Receivable, fresh_money, invoice, may_commit, owe, pay, receive
from renkei.months.obligations import Due, Obligation, settle
from tests.months.conftest import SMALL

SIMPLE = SMALL | {"funding": {}}
Build = Callable[..., Alliance]
DAY = dt.date(2024, 1, 10)


def owed(key: str, cost: Any, yen: int, day: dt.date = DAY, end: Any = "front_end") -> Obligation:
    return Obligation(Due(key, cost, day, Decimal(yen), "JPY", "x", "why", end), yen)


def paid_keys(items: list[Obligation], pots: dict[str, int], reserve: int = 0) -> list[str]:
    paid, _ = settle(items, pots, COSTS, reserve, dt.date(2024, 1, 1))
    return [item.obligation.due.key for item in paid]


def test_the_ledger_refuses_what_is_no_movement() -> None:
    for wrong in (
        Posting(DAY, "a", "b", 0, Decimal(0), "JPY", "", ""),
        Posting(DAY, "a", "a", 5, Decimal(5), "JPY", "", ""),
    ):
        with pytest.raises(RunError, match="impossible posting"):
            Ledger().posted([wrong])


def test_the_ledger_says_what_does_not_balance() -> None:
    books = Ledger().posted([Posting(DAY, "cost.tools", "cash.any", 5, Decimal(5), "JPY", "", "")])
    with pytest.raises(RunError, match=r"overdrawn: \['any'\]"):
        books.check(0, 0)
    with pytest.raises(RunError, match="payable 0 against 7 open"):
        Ledger().check(7, 0)


def test_priority_decides_and_then_the_due_date() -> None:
    late = owed("late", "tools", 40, dt.date(2024, 1, 20))
    items = [owed("research", "research", 50), late, owed("tool", "tools", 40), owed("wages", "payroll", 30)]
    assert paid_keys(items, {"any": 200}) == ["wages", "tool", "late", "research"]
    assert paid_keys(items, {"any": 120}) == ["wages", "tool", "late"]
    assert paid_keys(items, {"any": 75}) == ["wages", "tool"]


def test_lower_ranks_wait_for_higher_ones() -> None:
    items = [owed("building", "building", 100), owed("training", "training", 5)]
    assert paid_keys(items, {"any": 50}) == []


def test_money_bound_to_one_end_pays_only_that_end() -> None:
    front, back = owed("front", "tools", 60), owed("back", "research", 60, end="back_end")
    assert paid_keys([front, back], {"back_end": 100}) == ["back"]
    assert paid_keys([front, back], {"back_end": 20, "any": 100}) == ["front", "back"]
    assert paid_keys([front, back], {"back_end": 20, "any": 90}) == ["front"]
    paid, _ = settle([back], {"back_end": 20, "any": 100}, COSTS, 0, DAY)
    assert paid[0].parts == {"back_end": 20, "any": 40}


def test_wages_may_use_the_reserve_and_nothing_else_may() -> None:
    assert paid_keys([owed("tool", "tools", 60)], {"any": 100}, reserve=50) == []
    assert paid_keys([owed("wages", "payroll", 60)], {"any": 100}, reserve=50) == ["wages"]
    assert paid_keys([owed("back", "packaging", 60, end="back_end")], {"any": 100}, reserve=50) == []


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(COSTS), st.integers(1, 100), st.integers(0, 27), st.booleans()), max_size=30),
    st.tuples(st.integers(0, 500), st.integers(0, 500), st.integers(0, 500)),
    st.integers(0, 100),
)
def test_settling_conserves_money(items: list[Any], pots: tuple[int, int, int], reserve: int) -> None:
    open_ = [
        owed(str(n), cost, yen, DAY + dt.timedelta(days=day), "back_end" if back else "front_end")
        for n, (cost, yen, day, back) in enumerate(items)
    ]
    have = dict(zip(("front_end", "back_end", "any"), pots, strict=True))
    paid, still = settle(open_, have, COSTS, reserve, dt.date(2024, 1, 1))
    assert sorted([p.obligation.due.key for p in paid] + [o.due.key for o in still]) == sorted(
        str(n) for n in range(len(items))
    )
    for item in paid:
        assert sum(item.parts.values()) == item.obligation.yen
        assert all(pot in (item.obligation.due.end, "any") for pot in item.parts)
    for pot, yen in have.items():
        assert yen >= sum(item.parts.get(pot, 0) for item in paid)


@settings(deadline=None)  # the first example pays for imports
@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=8), st.integers(0, 10**9))
def test_books_balance_whatever_is_owed(amounts: list[int], cash: int) -> None:
    alliance = Alliance.model_validate(
        SIMPLE | {"funding": {"opening_balance": {"a": {"payer": "maker", "amount": cash}}}}
    )
    books, month = fresh_money(alliance, 0), months_of(alliance)[0]
    books = owe(
        books,
        alliance,
        [Due(str(n), COSTS[n % 11], month.first, Decimal(y), "JPY", "x", "y") for n, y in enumerate(amounts)],
    )
    books.check()
    books, paid = pay(books, alliance, month, 0)
    books.check()
    assert books.ledger.cash == cash - sum(item.obligation.yen for item in paid)
    assert sum(books.spent.values()) == cash - books.ledger.cash


def run(alliance: Alliance, months: int, reached: dict[str, dt.date] | None = None) -> list[int]:
    """Yen received month by month when nothing is spent."""
    books, flows = fresh_money(alliance, 0), []
    for month in months_of(alliance)[:months]:
        before = books.ledger.cash
        books = receive(books, alliance, month, reached or {})
        flows.append(books.ledger.cash - before)
        books.check()
    return flows


def tranche(**terms: Any) -> dict[str, Any]:
    return {"t": {"payer": "state", "kind": "grant", "amount": "1200 JPY", **terms}}


def test_a_dated_tranche_comes_once_on_its_day(small: Build) -> None:
    flows = run(small(funding__tranches=tranche(date="2024-03-20")), 6)
    assert flows == [0, 0, 1200, 0, 0, 0]


def test_a_fiscal_year_is_spread_over_its_months(small: Build) -> None:
    flows = run(small(funding__tranches=tranche(fiscal_year=2024)), 18)
    assert flows == [0] * 3 + [100] * 12 + [0] * 3


def test_an_american_fiscal_year_begins_in_october(small: Build) -> None:
    flows = run(small(funding__tranches=tranche(fiscal_year=2025, payer="owner")), 24)
    assert flows[9:21] == [100] * 12


def test_a_year_begun_before_the_alliance_is_spread_over_what_is_left(small: Build) -> None:
    assert run(small(funding__tranches=tranche(fiscal_year=2023)), 4) == [400, 400, 400, 0]


def test_a_gate_holds_money_back_and_lets_it_catch_up(small: Build) -> None:
    alliance = small(funding__tranches=tranche(fiscal_year=2024, after="site-ready"))
    assert sum(run(alliance, 18)) == 0
    books, flows = fresh_money(alliance, 0), []
    for month in months_of(alliance)[:16]:
        reached = {"site-ready": dt.date(2024, 8, 31)} if month.first > dt.date(2024, 8, 31) else {}
        books = receive(books, alliance, month, reached)
        flows.append(books.received.get("grant", 0))
    assert flows[8] == 600
    assert flows[9:15] == [100] * 6
    assert sum(flows) == 1200


def test_a_delay_counts_from_the_day_the_gate_opens(small: Build) -> None:
    alliance = small(funding__tranches=tranche(after="site-ready", delay="2 months"))
    assert run(alliance, 6, {"site-ready": dt.date(2024, 2, 10)}) == [0, 0, 0, 1200, 0, 0]


def test_reimbursement_follows_cost_within_the_years_ceiling(small: Build) -> None:
    alliance = small(funding__tranches=tranche(fiscal_year=2024, reimbursed=True, reimbursed_after=2))
    books, flows = fresh_money(alliance, 0), []
    for month in months_of(alliance)[:10]:
        books = receive(books, alliance, month, {})
        flows.append(books.received.get("grant", 0))
        books = owe(books, alliance, [Due(f"c{month.index}", "building", month.first, Decimal(500), "JPY", "x", "y")])
        books, _ = pay(books, alliance, month, 0)
        books.check()
    assert flows == [0, 0, 0, 500, 500, 200, 0, 0, 0, 0]


def test_a_cost_is_reimbursed_once(small: Build) -> None:
    two = {**tranche(fiscal_year=2024, reimbursed=True), "u": tranche(fiscal_year=2024, reimbursed=True)["t"]}
    alliance = small(funding__tranches=two)
    books = fresh_money(alliance, 0)
    months = months_of(alliance)
    books = owe(books, alliance, [Due("c", "building", months[3].first, Decimal(700), "JPY", "x", "y")])
    books, _ = pay(books, alliance, months[3], 0)
    books = receive(books, alliance, months[5], {})
    assert books.received["grant"] == 700
    assert books.purse.yen == {"t": 700}


def test_back_end_money_is_claimed_for_back_end_cost_only(small: Build) -> None:
    alliance = small(funding__tranches=tranche(fiscal_year=2024, reimbursed=True, eligible="back_end"))
    books, months = fresh_money(alliance, 0), months_of(alliance)
    books = owe(books, alliance, [Due("c", "building", months[3].first, Decimal(700), "JPY", "x", "y")])
    books, _ = pay(books, alliance, months[3], 0)
    assert receive(books, alliance, months[5], {}).received.get("grant", 0) == 0


def test_planned_money_comes_or_not_by_its_own_draw(small: Build) -> None:
    alliance = small(funding__tranches=tranche(date="2024-03", probability="50 %", status="planned"))
    comes = [bool(fresh_money(alliance, seed).purse.comes) for seed in range(200)]
    assert 70 < sum(comes) < 130
    assert [bool(fresh_money(alliance, seed).purse.comes) for seed in range(200)] == comes


def test_foreign_money_is_booked_in_yen_with_its_own_amount(small: Build) -> None:
    alliance = small(funding__tranches=tranche(date="2024-02", amount="2 M USD"))
    books = receive(fresh_money(alliance, 0), alliance, months_of(alliance)[1], {})
    posting = books.ledger.postings[-1]
    assert (posting.yen, posting.amount, posting.currency) == (200_000_000, Decimal(2_000_000), "USD")


def test_a_loan_is_served_and_repaid_to_the_yen(small: Build) -> None:
    terms = {"interest": "12 %/year", "grace": 2, "repayment": 3}
    alliance = small(funding__tranches=tranche(kind="guaranteed_loan", date="2024-01", loan=terms, amount=1000))
    draws = (Draw("t", "bank", months_of(alliance)[0], 1000, 1000, Loan.model_validate(terms)),)
    interest, parts = [], []
    for month in months_of(alliance)[:7]:
        draws, dues = service(draws, month)
        interest.append(sum(int(d.amount) for d in dues if not d.debit))
        parts.append(sum(int(d.amount) for d in dues if d.debit == "loan"))
    assert parts == [0, 0, 0, 333, 333, 334, 0]
    assert interest == [0, 10, 10, 10, 7, 3, 0]
    assert draws[0].owed == 0


def test_an_invoice_is_paid_after_its_terms(small: Build) -> None:
    alliance = small()
    books = invoice(fresh_money(alliance, 0), alliance, [Receivable("b", "buyer", dt.date(2024, 1, 20), 500, "x")])
    assert books.ledger.balance("revenue") == -500
    assert receive(books, alliance, months_of(alliance)[0], {}).received["customers"] == 0
    later = receive(books, alliance, months_of(alliance)[1], {})
    assert later.received["customers"] == 500
    assert later.ledger.balance("receivable") == 0


def test_a_prepayment_is_set_off_against_invoices_of_its_payer(small: Build) -> None:
    terms = tranche(kind="prepayment", payer="buyer", date="2024-01", amount=1000, credited="50 %")
    alliance = small(funding__tranches=terms)
    month = months_of(alliance)[0]
    books = receive(fresh_money(alliance, 0), alliance, month, {})
    books = invoice(
        books,
        alliance,
        [Receivable("b", "buyer", month.first, 600, "x"), Receivable("c", "other", month.first, 600, "x")],
    )
    assert books.prepaid == {"t": 700}
    assert sorted(item.yen for item in books.receivables) == [300, 600]
    books = invoice(books, alliance, [Receivable("b", "buyer", month.first, 5000, "x")])
    assert books.prepaid == {"t": 0}
    assert books.ledger.balance("prepayment") == 0


def test_commitments_need_payroll_ahead(small: Build) -> None:
    alliance = small(funding__opening_balance__founders={"payer": "maker", "amount": 1000}, funding__tranches={})
    months, books = months_of(alliance), fresh_money(alliance, 0)
    ahead: Month = months[3]
    assert may_commit(books, alliance, months[0], ahead, 250, {})
    assert not may_commit(books, alliance, months[0], ahead, 251, {})
    owing = owe(books, alliance, [Due("c", "tools", months[0].first, Decimal(1), "JPY", "x", "y")])
    assert not may_commit(owing, alliance, months[0], ahead, 250, {})


def test_only_agreed_money_is_believed(small: Build) -> None:
    for status, believed in (("approved", True), ("planned", False)):
        alliance = small(
            funding__opening_balance__founders={"payer": "maker", "amount": 0},
            funding__tranches=tranche(date="2024-03", status=status),
        )
        months = months_of(alliance)
        assert may_commit(fresh_money(alliance, 0), alliance, months[0], months[3], 300, {}) is believed


def test_unpaid_keys_are_told() -> None:
    alliance = Alliance.model_validate(SIMPLE)
    books = owe(fresh_money(alliance, 0), alliance, [Due("c", "tools", DAY, Decimal(5), "JPY", "x", "y")])
    assert books.unpaid == {"c"}
    assert replace(books, open=()).unpaid == frozenset()
