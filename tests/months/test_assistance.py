"""Assistance with strings: matched, reviewed at milestones, given back when a milestone is missed."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from renkei.alliance import Alliance
from renkei.alliance.funding import COSTS, Funding
from renkei.months.calendar import Month, months_of
from renkei.months.money import Money, fresh_money, give_back, may_commit, owe, pay, receive
from renkei.months.obligations import Due
from renkei.months.reviews import held
from renkei.months.statement import statement
from tests.months.conftest import SMALL, changed
from tests.test_simulate import run

Build = Callable[..., Alliance]
Reached = dict[str, dt.date]
NO_CASH = {"funding__opening_balance": {}}


def grant(**terms: Any) -> dict[str, Any]:
    return {"payer": "state", "kind": "grant", "amount": 1200, **terms}


def equity(**terms: Any) -> dict[str, Any]:
    return {"payer": "bank", "kind": "equity", "amount": 1000, **terms}


def flows(alliance: Alliance, months: int, reached: Reached | None = None) -> dict[str, list[int]]:
    """Yen received month by month of each tranche when nothing is spent; milestones count from the month after."""
    books, found = fresh_money(alliance, 0), dict[str, list[int]]()
    for month in months_of(alliance)[:months]:
        known = {name: day for name, day in (reached or {}).items() if day < month.first}
        before = dict(books.purse.yen)
        books = receive(books, alliance, month, known)
        books.check()
        for name in alliance.funding.tranches:
            found.setdefault(name, []).append(books.purse.yen.get(name, 0) - before.get(name, 0))
    return found


def test_a_match_follows_what_others_pay(small: Build) -> None:
    tranches = {
        "e": equity(date="2024-03"),
        "f": equity(date="2024-05", amount=500),
        "g": grant(matching={"share": 0.5}),
    }
    found = flows(small(funding__tranches=tranches, **NO_CASH), 8)
    assert found["g"] == [0, 0, 500, 0, 250, 0, 0, 0]


def test_a_match_ends_at_its_amount_and_on_its_last_day(small: Build) -> None:
    late = {"e": equity(date="2024-03"), "f": equity(date="2024-05"), "g": grant(matching={"share": 1}, amount=1300)}
    assert sum(flows(small(funding__tranches=late, **NO_CASH), 8)["g"]) == 1300
    late["g"]["matching"]["until"] = "2024-04-30"
    assert sum(flows(small(funding__tranches=late, **NO_CASH), 8)["g"]) == 1000


def test_a_match_declared_first_follows_a_month_later(small: Build) -> None:
    tranches = {
        "g": grant(matching={"share": 1, "tranches": "e"}),
        "e": equity(date="2024-03"),
        "f": equity(date="2024-04"),
    }
    assert flows(small(funding__tranches=tranches, **NO_CASH), 6)["g"] == [0, 0, 0, 1000, 0, 0]


def test_money_of_the_same_payer_is_not_matched(small: Build) -> None:
    tranches = {"e": equity(date="2024-03", payer="state"), "g": grant(matching={"share": 1})}
    assert sum(flows(small(funding__tranches=tranches, **NO_CASH), 6)["g"]) == 0


@settings(deadline=None, max_examples=30)
@given(
    st.lists(st.tuples(st.integers(1, 10**6), st.integers(1, 11)), max_size=5), st.floats(0.1, 3), st.integers(0, 10**6)
)
def test_a_match_is_a_share_of_the_others_within_its_amount(paid: list[Any], share: float, most: int) -> None:
    others = {f"e{n}": equity(amount=yen, date=f"2024-{m:02}") for n, (yen, m) in enumerate(paid)}
    match = {"g": grant(matching={"share": round(share, 3)}, amount=most)}
    alliance = Alliance.model_validate(changed(SMALL, funding={"tranches": others | match}))
    total = sum(flows(alliance, 13)["g"])
    assert total == pytest.approx(min(round(share, 3) * sum(yen for yen, _ in paid), most), abs=len(paid) + 1)


def test_a_share_of_cost_is_reimbursed_and_the_rest_left_to_others(small: Build) -> None:
    half = {"fiscal_year": 2024, "reimbursed": True}
    tranches = {
        "g": grant(**half, reimbursed_share="50 %"),
        "h": grant(**half, reimbursed_share="30 %"),
        "i": grant(**half),
    }
    alliance = small(funding__tranches=tranches)
    books, months = fresh_money(alliance, 0), months_of(alliance)
    books = owe(books, alliance, [Due("c", "building", months[3].first, Decimal(1000), "JPY", "x", "y")])
    books, _ = pay(books, alliance, months[3], 0)
    books = receive(books, alliance, months[5], {})
    assert books.purse.yen == {"g": 500, "h": 300, "i": 200}


def reviewed(small: Build, tranche: dict[str, Any], **review: Any) -> Alliance:
    gate = {"tranches": "g", "date": "2024-03-01", **review}
    return small(funding={"tranches": {"g": tranche}, "reviews": {"gate": gate}})


STEPS = [
    {"reached": ["site-ready", "tools-in"], "release": 1},
    {"reached": "site-ready", "release": "50 %", "delay": "2 months"},
]


def test_a_review_releases_cuts_or_stops_the_next_year(small: Build) -> None:
    alliance = reviewed(small, grant(fiscal_year=2024), outcomes=STEPS)
    day = dt.date(2024, 2, 20)
    assert flows(alliance, 15, {"site-ready": day, "tools-in": day})["g"] == [0] * 3 + [100] * 12
    assert flows(alliance, 15, {"site-ready": day})["g"] == [0] * 4 + [100] + [50] * 10
    assert flows(alliance, 15, {"tools-in": day})["g"] == [0] * 15
    assert flows(alliance, 15, {"site-ready": day, "tools-in": dt.date(2024, 3, 1)})["g"][5] == 50


def test_a_review_held_every_year_decides_each_year_anew(small: Build) -> None:
    budget = grant(fiscal_year=2023, until_fiscal_year=2025, amount=2700)
    alliance = reviewed(small, budget, every="12 months", outcomes=[{"reached": "site-ready", "release": 1}])
    found = flows(alliance, 27, {"site-ready": dt.date(2024, 9, 1)})["g"]
    assert found == [100] * 3 + [0] * 12 + [100] * 12
    assert sum(flows(alliance, 27)["g"]) == 300


def test_a_late_release_follows_with_what_fell_due(small: Build) -> None:
    alliance = reviewed(small, grant(fiscal_year=2024), outcomes=[{"release": 1, "delay": "4 months"}])
    assert flows(alliance, 15)["g"] == [0] * 6 + [400] + [100] * 8


def test_a_payment_in_full_waits_for_the_next_review(small: Build) -> None:
    alliance = reviewed(
        small, grant(date="2024-04"), every="3 months", outcomes=[{"reached": "site-ready", "release": 1}]
    )
    assert flows(alliance, 12, {"site-ready": dt.date(2024, 7, 2)})["g"] == [0] * 8 + [1200] + [0] * 3


def test_what_falls_due_before_the_first_review_is_not_reviewed(small: Build) -> None:
    alliance = reviewed(small, grant(date="2024-02"), outcomes=[{"release": 0}])
    assert sum(flows(alliance, 6)["g"]) == 1200


def test_ceilings_of_reimbursed_money_are_cut_too(small: Build) -> None:
    for release, expected in (("50 %", 600), (0, 0), (1, 1200)):
        alliance = reviewed(small, grant(fiscal_year=2024, reimbursed=True), outcomes=[{"release": release}])
        books, total = fresh_money(alliance, 0), 0
        books = owe(books, alliance, [])
        for month in months_of(alliance)[:12]:
            books = receive(books, alliance, month, {})
            total += books.received.get("grant", 0)
            books = type(books)(**{**vars(books), "purse": books.purse.paid(month.index, "front_end", 500)})
        assert total == expected


def test_milestones_are_expected_from_their_promise_on(small: Build) -> None:
    terms = {
        "expects": ["first-silicon", "site-ready"],
        "outcomes": [{"at_least": 1, "release": 1}, {"at_least": 0.5, "release": 0.3}],
    }
    alliance = reviewed(
        small, grant(fiscal_year=2025), **terms
    )  # first silicon is promised for 2024-10, site for no day
    assert sum(flows(alliance, 28, {"site-ready": dt.date(2024, 2, 1)})["g"]) == 1200
    later = reviewed(small, grant(fiscal_year=2025), **(terms | {"date": "2025-01"}))
    assert sum(flows(later, 28, {"site-ready": dt.date(2024, 2, 1)})["g"]) == 360
    patient = reviewed(small, grant(fiscal_year=2025), **(terms | {"date": "2025-01", "grace": "6 months"}))
    assert sum(flows(patient, 28, {"site-ready": dt.date(2024, 2, 1)})["g"]) == 1200


@settings(deadline=None, max_examples=25)
@given(
    st.sets(st.sampled_from(["site-ready", "tools-in", "kit-out"])),
    st.sets(st.sampled_from(["site-ready", "tools-in", "kit-out"])),
)
def test_more_milestones_never_bring_less(some: set[str], more: set[str]) -> None:
    names = ["site-ready", "tools-in", "kit-out"]
    steps = [{"at_least": share, "release": share} for share in (1, 0.66, 0.33)]
    gate = {"tranches": "g", "date": "2024-03-01", "expects": names, "outcomes": steps}
    data = changed(SMALL, funding={"tranches": {"g": grant(fiscal_year=2024)}, "reviews": {"gate": gate}})
    alliance, day = Alliance.model_validate(data), dt.date(2024, 2, 1)
    less, full = (sum(flows(alliance, 15, dict.fromkeys(which, day))["g"]) for which in (some, some | more))
    assert less <= full


def test_planners_do_not_believe_in_what_is_not_decided(small: Build) -> None:
    for outcome, believed in ((1, True), (0, False)):
        alliance = reviewed(small, grant(fiscal_year=2024), outcomes=[{"release": outcome}])
        months, books = months_of(alliance), fresh_money(alliance, 0)
        for month in months[:3]:
            books = receive(books, alliance, month, {})
        assert not may_commit(fresh_money(alliance, 0), alliance, months[1], months[6], 60, {})
        assert may_commit(books, alliance, months[2], months[6], 60, {}) is believed


def test_reviews_are_held_until_their_last_day(small: Build) -> None:
    alliance = reviewed(small, grant(fiscal_year=2024), every="12 months", until="2026-03-01", expects="site-ready")
    days = held(alliance.funding.reviews["gate"], dt.date(2030, 1, 1))
    assert days == [dt.date(year, 3, 1) for year in (2024, 2025, 2026)]


def clawed(small: Build, **terms: Any) -> Alliance:
    back = {"milestones": "site-ready", "by": "2024-06-30", **terms}
    tranches = {"g": grant(date="2024-02-15", amount=100_000, claw_back=back)}
    return small(funding={"opening_balance": {"f": {"payer": "maker", "amount": 10**6}}, "tranches": tranches})


def books_after(alliance: Alliance, months: int, reached: Reached) -> Money:
    books = fresh_money(alliance, 0)
    for month in months_of(alliance)[:months]:
        known = {name: day for name, day in reached.items() if day < month.first}
        books = give_back(receive(books, alliance, month, known), alliance, month, known)
        books, _ = pay(books, alliance, month, 0)
        books.check()
        statement(books.ledger)
    return books


def test_a_missed_milestone_gives_a_share_back(small: Build) -> None:
    alliance = clawed(small, share="40 %")
    books = books_after(alliance, 8, {})
    assert books.ledger.cash == 10**6 + 60_000
    assert books.ledger.balance("grant") == -60_000
    assert [(item.yen, item.date) for item in books.reclaims] == [(40_000, dt.date(2024, 7, 1))]
    assert books_after(alliance, 8, {"site-ready": dt.date(2024, 6, 30)}).ledger.cash == 10**6 + 100_000
    assert books_after(alliance, 8, {"site-ready": dt.date(2024, 7, 1)}).ledger.cash == 10**6 + 60_000


def test_a_claw_back_waits_its_delay_and_bears_interest(small: Build) -> None:
    alliance = clawed(small, delay="6 months", interest="10 %/year")
    assert books_after(alliance, 11, {}).reclaims == ()
    books = books_after(alliance, 12, {})
    days = (dt.date(2024, 12, 30) - dt.date(2024, 2, 15)).days
    assert books.reclaims[0].interest == round(100_000 * 0.1 * days / 365.25)
    assert books.ledger.balance("cost.claw_back") == books.reclaims[0].interest
    assert books.ledger.balance("grant") == 0


def test_after_a_claw_back_nothing_more_is_paid_unless_agreed(small: Build) -> None:
    for ends, months in ((True, 3), (False, 12)):
        back = {"milestones": "site-ready", "by": "2024-06-30", "share": 0, "ends": ends}
        alliance = small(funding={"tranches": {"g": grant(fiscal_year=2024, claw_back=back)}})
        assert sum(flows(alliance, 15)["g"]) == months * 100


def test_a_claw_back_has_its_place_in_the_order_of_payment(small: Build) -> None:
    alliance = clawed(small)
    month: Month = months_of(alliance)[6]
    books = receive(fresh_money(alliance, 0), alliance, months_of(alliance)[1], {})
    costs = ("claw_back", "payroll", "tools")
    books = owe(books, alliance, [Due(c, c, month.first, Decimal(500_000), "JPY", "x", "y") for c in costs])
    books, paid = pay(books, alliance, month, 0)
    assert [item.obligation.due.key for item in paid] == ["payroll", "claw_back"]
    assert books.unpaid == {"tools"}


def test_lists_of_before_claw_backs_mean_the_same() -> None:
    old = [cost for cost in COSTS if cost != "claw_back"]
    assert Funding.model_validate({"priorities": old}).priorities == COSTS


@pytest.mark.parametrize(
    ("tranche", "message"),
    [
        (grant(matching={"share": 1}, fiscal_year=2024), "has both matching and fiscal_year"),
        (
            {"payer": "bank", "kind": "prepayment", "amount": 1, "date": "2024-02",
             "claw_back": {"milestones": "site-ready", "by": "2024-03"}},
            "belongs to grant and equity only",
        ),
    ],
)  # fmt: skip
def test_strings_that_do_not_fit_are_refused(small: Build, tranche: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        small(funding__tranches={"g": tranche})


@pytest.mark.parametrize(
    ("review", "message"),
    [
        ({"until": "2026-01"}, "belongs to `every`"),
        ({"outcomes": [{"at_least": 1, "release": 1}]}, "needs `expects`"),
        ({"outcomes": []}, "at least 1"),
    ],
)
def test_reviews_that_cannot_be_held_are_refused(small: Build, review: dict[str, Any], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        reviewed(small, grant(fiscal_year=2024), **review)


def test_a_future_tells_reviews_and_claw_backs() -> None:
    back = {"milestones": "steady", "by": "2024-10-31", "share": "25 %"}
    terms = {"payer": "state", "kind": "grant", "amount": "12 bn JPY", "fiscal_year": 2024}
    gate = {
        "tranches": "next", "date": "2024-11-01", "expects": ["tools-in", "steady"],
        "outcomes": [{"at_least": 1, "release": 1}, {"at_least": 0.5, "release": "40 %"}],
    }  # fmt: skip
    future = run(
        funding__tranches={"grant": {**terms, "claw_back": back}, "next": {**terms, "fiscal_year": 2025}},
        funding__reviews={"gate": gate},
    )
    table, months = future.assistance.set_index("event"), future.months
    assert table.at["claw-back", "amount_jpy"] == round(0.25 * 7 * 10**9)
    assert months["spent_claw_back_jpy"].sum() == table.at["claw-back", "amount_jpy"]
    assert (table.at["review", "release"], table.at["review", "missing"]) == (0.4, "steady")
    assert months["received_grant_jpy"].sum() == 7 * 10**9 + round(0.4 * 12 * 10**9)
    assert (months["assets_jpy"] == months["liabilities_jpy"] + months["equity_jpy"]).all()
