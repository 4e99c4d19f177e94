"""Rivals' offers, the size of segments over the years, long-term agreements."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.alliance.market import Stage
from renkei.months import deliveries, funnel, pricing
from renkei.months.calendar import months_of
from renkei.months.deliveries import Book, CustomerOrder
from renkei.months.funnel import Funnel
from tests.test_simulate import run

Build = Callable[..., Alliance]
RIVAL = {"start": "2024-07-01", "ramp": 6, "price": "8000 USD/wafer", "change": 0, "compared_at": "talk"}
BUYER_PRICE = 10_000 * 100 * 0.8


def rivals(**changes: Any) -> dict[str, Any]:
    return {"leader": {**RIVAL, **changes}}


# Rivals


def test_an_offer_is_there_from_its_day_and_serves_more_and_more(small: Build) -> None:
    rival = small(market__rivals=rivals(segments={"all": 0.5})).market.rivals["leader"]
    days = (dt.date(2024, 6, 30), dt.date(2024, 10, 1), dt.date(2025, 1, 1), dt.date(2030, 1, 1))
    assert [pricing.reach(rival, "all", day) for day in days] == pytest.approx([0, 0.25, 0.5, 0.5], abs=0.01)
    assert pricing.reach(rival, "other", days[-1]) == 0


def test_the_weight_of_an_offer_is_performance_times_the_price_ratio(small: Build) -> None:
    alliance = small(market__rivals=rivals(performance=0.5), market__price_elasticity=2)
    talk, shuttle = alliance.market.funnel.values()
    late = dt.date(2025, 6, 1)
    assert pricing.pull(alliance, "all", talk, late) == pytest.approx(0.5)  # the same price
    assert pricing.pull(alliance, "all", shuttle, late) == 0
    assert pricing.pull(alliance, "all", talk, dt.date(2024, 6, 1)) == 0
    cheap = small(market__rivals=rivals(price="4000 USD/wafer"), market__price_elasticity=2)
    assert pricing.pull(cheap, "all", talk, late) == pytest.approx(4)


@given(
    p=st.floats(0.01, 1), odds=st.floats(0.05, 20), weak=st.floats(0, 5), more=st.floats(0.01, 5)
)  # fmt: skip
def test_a_stronger_rival_never_helps_and_shares_sum_to_one(p: float, odds: float, weak: float, more: float) -> None:
    stage = Stage.model_validate({"probability": p})
    alone = pricing.chance(stage, odds)
    assert alone == pytest.approx(p * odds / (1 - p + p * odds))
    assert pricing.chance(stage, odds, weak + more) < pricing.chance(stage, odds, weak) <= alone
    # own : rivals : leaving = 1 : s : (1 − p) / (p · odds)
    own = pricing.chance(stage, odds, weak)
    assert own + own * weak + own * (1 - p) / (p * odds) == pytest.approx(1)


def test_a_rival_takes_its_share_of_buyers_under_the_same_luck(small: Build) -> None:
    def passed(alliance: Alliance) -> set[str]:
        state = funnel.fresh_funnel(alliance)
        for month in months_of(alliance)[:4]:
            state = funnel.step(state, alliance, month, {}, {}, (), 0)
        return {buyer.id for buyer in state.buyers if buyer.stage > 0}

    base: dict[str, Any] = {"market__talks_at_start": 400, "market__customers": {}}
    alone = passed(small(**base, market__funnel__talk__probability=0.6))
    faced = passed(
        small(**base, market__funnel__talk__probability=0.6, market__rivals=rivals(start="2023-01", performance=1))
    )
    assert faced < alone
    assert len(alone) / 400 == pytest.approx(0.6, abs=0.08)
    assert len(faced) / 400 == pytest.approx(1 / (0.4 / 0.6 + 2), abs=0.08)


def test_rivals_lower_the_price(small: Build) -> None:
    alliance = small(market__rivals={**rivals(price_cut=0.2), "second": {**RIVAL, "price_cut": 0.5}})
    prices = [pricing.wafer_price(alliance, "all", dt.date(year, 6, 1)) for year in (2024, 2025)]
    assert prices == pytest.approx([BUYER_PRICE, BUYER_PRICE * 0.8 * 0.5])


def test_a_rival_costs_revenue_in_the_whole_course() -> None:
    calm = run().months["revenue_jpy"].sum()
    cut = run(market__rivals=rivals(start="2024-01", price_cut=0.3)).months["revenue_jpy"].sum()
    assert 0 < cut < calm


# Size of segments


def test_a_segment_follows_its_sizes_then_grows(small: Build) -> None:
    sizes = [{"by": "2025-01", "demand": 1000}, {"by": "2026-01", "demand": 500}]
    alliance = small(market__segments__all={
        **small().market.segments["all"].model_dump(exclude={"id"}), "demand": 200, "sizes": sizes, "growth": 0.1,
    })  # fmt: skip
    segment = alliance.market.segments["all"]

    def at(year: int, month: int) -> float:
        return deliveries.size(segment, alliance.first_day, dt.date(year, month, 1))

    assert [at(2024, 1), at(2025, 1), at(2026, 1)] == [200, 1000, 500]
    assert at(2024, 7) == pytest.approx(600, abs=5)
    assert at(2025, 7) == pytest.approx(750, abs=5)
    assert at(2028, 1) == pytest.approx(500 * 1.21, rel=1e-3)


# Long-term agreements

TERMS = {"customer": "first-buyer", "term": 24, "volume": 300, "take": 0.8, "grace": 6, "discount": 0.1, "cure": 4}


def in_volume(alliance: Alliance, volume: float = 100) -> Funnel:
    buyer = funnel.buyer_of(alliance, "first-buyer", "all", 1.0, dt.date(2024, 1, 1))
    return Funnel((replace(buyer, state="volume", stage=2, volume=volume, partner="buyer"),))


def paid(alliance: Alliance, state: Funnel, index: int, book: Book | None = None) -> int:
    month = months_of(alliance)[index]
    return sum(item.yen for item in deliveries.take_or_pay(book or Book(), state, alliance, month))


def test_what_is_promised_and_not_wanted_is_paid(small: Build) -> None:
    alliance = small(market__agreements={"lta": TERMS})
    state = in_volume(alliance)
    short = round((0.8 * 300 - 100) * BUYER_PRICE * 0.9)
    assert [paid(alliance, state, index) for index in (2, 4, 8, 20)] == [0, 0, short, short]
    assert paid(alliance, state, 25) == 0  # over
    assert paid(alliance, in_volume(alliance, volume=250), 8) == 0
    more = small(market__agreements={"lta": {**TERMS, "take": 1}})
    assert paid(more, state, 8) > short


def test_a_fab_that_is_late_itself_cannot_ask_for_it(small: Build) -> None:
    alliance = small(market__agreements={"lta": TERMS})
    state = in_volume(alliance)
    overdue = Book((CustomerOrder("first-buyer", "Pb", dt.date(2024, 7, 31), 30),))
    assert paid(alliance, state, 8, overdue) == 0


def test_the_discount_holds_for_the_term(small: Build) -> None:
    alliance = small(market__agreements={"lta": TERMS})
    buyer = in_volume(alliance).buyers[0]
    prices = [deliveries.price(alliance, buyer, dt.date(year, 6, 1)) for year in (2024, 2026)]
    assert prices == pytest.approx([BUYER_PRICE * 0.9, BUYER_PRICE])
    assert deliveries.price(alliance, replace(buyer, id="another"), dt.date(2024, 6, 1)) == pytest.approx(BUYER_PRICE)


def test_who_is_bound_is_more_patient(small: Build) -> None:
    free = small(market__delivery__loss_per_month_late="20 %/month")
    bound = small(market__delivery__loss_per_month_late="20 %/month", market__agreements={"lta": TERMS})
    month = months_of(free)[11]

    def lost(alliance: Alliance, due: dt.date) -> set[int]:
        book = Book((CustomerOrder("first-buyer", "Pb", due, 30),))
        state = in_volume(alliance)
        return {
            seed for seed in range(200)
            if deliveries.lost_patience(book, state, alliance, month, seed)[1].buyers[0].state == "lost"
        }  # fmt: skip

    assert lost(bound, dt.date(2024, 8, 31)) == set()
    assert len(lost(free, dt.date(2024, 8, 31))) > 60
    assert set() < lost(bound, dt.date(2024, 1, 31)) < lost(free, dt.date(2024, 1, 31))


def test_take_or_pay_is_revenue_and_the_books_balance() -> None:
    usual = run()
    lta = run(market__agreements={"lta": {**TERMS, "volume": 5000, "grace": 0}})
    assert lta.months["revenue_jpy"].sum() > usual.months["revenue_jpy"].sum()
    mine = lta.ledger[lta.ledger["purpose"] == "market.agreements.lta"]
    assert set(mine.loc[mine["credit"] == "revenue", "partner"]) == {"buyer"}
    flow = lta.months["received_jpy"] - lta.months["spent_jpy"]
    assert np.array_equal(lta.months["cash_jpy"], 20_000_000_000 + flow.cumsum())
