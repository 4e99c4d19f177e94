"""Buyers on their way to volume, orders, shipments, invoices."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest

from renkei.alliance import Alliance
from renkei.months import channels, deliveries, funnel, pricing, yields
from renkei.months.calendar import months_of
from renkei.months.deliveries import Book, CustomerOrder, FinishedWafers
from renkei.months.funnel import Buyer, Funnel

Build = Callable[..., Alliance]
NOBODY: frozenset[str] = frozenset()
KIT = {"kit": dt.date(2024, 1, 1)}


def walk(
    alliance: Alliance, months: int, kits: dict[str, dt.date] | None = None, lots: bool = True, seed: int = 0
) -> Funnel:
    """The funnel when every lot asked for runs at once (or never)."""
    state = funnel.fresh_funnel(alliance)
    for month in months_of(alliance)[:months]:
        new = funnel.named(state, alliance, month)
        state = funnel.step(state, alliance, month, {}, KIT if kits is None else kits, new, seed)
        if lots:
            asked = state.unstarted()
            state = funnel.lots_started(state, asked)
            done = [(stage, product, month.last, 25) for (stage, product), n in asked.items() for _ in range(n)]
            state = funnel.lots_finished(state, done)
    return state


def test_a_buyer_takes_its_time_in_each_stage(small: Build) -> None:
    alliance = small()
    assert walk(alliance, 4).buyers[0].stage == 0
    assert walk(alliance, 5).buyers[0].stage == 1
    buyer = walk(alliance, 8).buyers[0]
    assert (buyer.state, buyer.stage) == ("volume", 2)
    assert [day.isoformat() for day in buyer.reached[:2]] == ["2024-03-01", "2024-05-01"]


def test_a_stage_waits_for_its_kit_and_buyers_do_not_wait_for_ever(small: Build) -> None:
    alliance = small(market__waits=6)
    assert walk(alliance, 8, kits={}).buyers[0].stage == 1
    assert walk(alliance, 8, kits={}).buyers[0].state == "open"
    assert walk(alliance, 11, kits={}).buyers[0].state == "lost"
    late = walk(alliance, 11, kits={"kit": dt.date(2024, 9, 15)}).buyers[0]
    assert late.reached[2] >= dt.date(2024, 9, 15)


def test_a_stage_waits_for_its_lots(small: Build) -> None:
    state = walk(small(), 12, lots=False)
    assert state.buyers[0].state == "open"
    assert state.unstarted() == {("shuttle", "Pb"): 1}


def test_a_scrapped_lot_is_run_again(small: Build) -> None:
    state = walk(small(), 12, lots=False)
    state = funnel.lots_started(state, {("shuttle", "Pb"): 1})
    assert state.unstarted() == {}
    state = funnel.lots_finished(state, [("shuttle", "Pb", dt.date(2025, 1, 1), 0)])
    assert state.unstarted() == {("shuttle", "Pb"): 1}
    assert state.buyers[0].lots_done == 0


def test_fees_come_when_a_stage_is_passed(small: Build) -> None:
    alliance = small()
    state = walk(alliance, 5)
    assert [float(fee.money) for fee in state.fees] == [0]
    later = walk(alliance, 6)
    assert [float(fee.money) for fee in later.fees] == [1e6]
    assert deliveries.invoices(Book(), later, alliance)[0].yen == 100_000_000


def test_chances_are_multiplied_as_odds(small: Build) -> None:
    stage = small(market__funnel__talk__probability=0.5).market.funnel["talk"]
    assert pricing.chance(stage, 1) == 0.5
    assert pricing.chance(stage, 3) == 0.75
    assert pricing.chance(small().market.funnel["talk"], 0.1) == 1


def test_a_share_of_buyers_passes(small: Build) -> None:
    alliance = small(market__funnel__talk__probability=0.3, market__talks_at_start=400, market__customers={})
    state = walk(alliance, 4)
    passed = sum(buyer.stage > 0 for buyer in state.buyers)
    assert 90 < passed < 150
    assert sum(buyer.state == "lost" for buyer in state.buyers) == 400 - passed
    assert len(state.entries(1)) == passed


def test_contacts_come_at_the_channels_rate_when_it_is_paid(small: Build) -> None:
    alliance = small(market__channels__office__contacts="2 /month")
    months = months_of(alliance)
    found = [len(channels.contacts(alliance, month, {}, NOBODY, seed)) for seed in range(30) for month in months]
    assert np.mean(found) == pytest.approx(2, abs=0.15)
    unpaid = frozenset({"market.channels.office"})
    assert channels.contacts(alliance, months[0], {}, unpaid, 0) == []
    names = [buyer.id for month in months for buyer in channels.contacts(alliance, month, {}, NOBODY, 0)]
    assert len(set(names)) == len(names)


def test_promotion_multiplies_contacts(small: Build) -> None:
    terms = {"spend": "40 M JPY/month", "reference": "10 M JPY/month", "elasticity": 0.5, "paid_by": {"state": 0.25}}
    alliance = small(market__promotion=terms)
    month = months_of(alliance)[0]
    assert channels.promotion_effect(alliance, month, NOBODY) == pytest.approx(2)
    assert channels.promotion_effect(alliance, month, frozenset({"market.promotion"})) == 0
    dues = {due.key: float(due.amount) for due in channels.bill(alliance, month, {}, NOBODY)}
    assert dues == {"market.channels.office": 1e6, "market.promotion": 30e6}
    resting = frozenset({"market.promotion"})
    assert [due.key for due in channels.bill(alliance, month, {}, resting)] == ["market.channels.office"]


def test_segments_are_drawn_by_weight(small: Build) -> None:
    other = {"demand": 1, "die": {"width": 8, "height": 8}, "product": "Pb"}
    alliance = small(market__segments__rare=other, market__channels__office__segments={"all": 1, "rare": 3})
    months = months_of(alliance)
    found = [b.segment for s in range(200) for b in channels.contacts(alliance, months[0], {}, NOBODY, s)]
    assert found.count("rare") / len(found) == pytest.approx(0.75, abs=0.2)


def in_volume(alliance: Alliance, day: dt.date, volume: float = 200) -> Funnel:
    buyer = funnel.buyer_of(alliance, "b", "all", 1.0, day)
    return Funnel((replace(buyer, state="volume", stage=2, volume=volume, partner="buyer"),))


def test_volume_ramps_and_ends(small: Build) -> None:
    alliance = small(market__segments__all__life=12)
    buyer = in_volume(alliance, dt.date(2024, 1, 1)).buyers[0]
    wants = [deliveries.volume_on(buyer, alliance, dt.date(2024, month, 1)) for month in (1, 2, 4, 12)]
    assert wants == pytest.approx([0, 200 / 3, 200, 200], rel=0.03)
    assert deliveries.volume_on(buyer, alliance, dt.date(2025, 2, 1)) == 0


def test_a_segments_demand_is_a_ceiling(small: Build) -> None:
    alliance = small(market__segments__all__demand=100, market__segments__all__growth="10 %/year")
    wants = deliveries.wanted(in_volume(alliance, dt.date(2024, 1, 1)), alliance, dt.date(2025, 1, 1))
    assert wants["b"] == pytest.approx(110, rel=0.01)


def test_orders_come_ahead_and_later_months_are_foreseen(small: Build) -> None:
    alliance = small(market__order_ahead=4)
    month, state = months_of(alliance)[11], in_volume(alliance, dt.date(2024, 1, 1))
    book = deliveries.ordered(Book(), state, alliance, month)
    assert [(order.due, order.wafers) for order in book.orders] == [(dt.date(2025, 4, 30), 200)]
    need = deliveries.need(book, state, alliance, month, dt.date(2025, 6, 30))
    assert need == {"Pb": pytest.approx(3 * 200)}
    assert deliveries.need(book, state, alliance, month, dt.date(2025, 3, 31)) == {}


def lots(*wafers: int) -> list[FinishedWafers]:
    return [FinishedWafers("Pb", dt.date(2024, 3, day + 1), n, 0.05, 1.0, 1.0) for day, n in enumerate(wafers)]


def test_wafers_go_to_the_earliest_order_and_are_conserved(small: Build) -> None:
    alliance = small(market__price__basis="wafer")
    state, month = in_volume(alliance, dt.date(2024, 1, 1)), months_of(alliance)[2]
    orders = (CustomerOrder("b", "Pb", dt.date(2024, 6, 30), 30), CustomerOrder("b", "Pb", dt.date(2024, 5, 31), 30))
    book = deliveries.shipped(Book(orders), state, alliance, month, lots(25, 25, 25))
    assert sum(item.wafers for item in book.shipments) + sum(lot.wafers for lot in book.stock) == 75
    assert sum(item.wafers for item in book.shipments) == 60
    half = deliveries.shipped(Book(orders), state, alliance, month, lots(25, 15))
    assert [(order.due.month, order.left) for order in half.orders] == [(6, 20)]
    assert half.backlog == 20


def test_good_dies_are_worth_wafers_of_the_reference_yield(small: Build) -> None:
    alliance = small(market__price__reference_yield=0.5)
    assert deliveries.worth(alliance, 0.25) == 0.5
    assert deliveries.worth(small(market__price__basis="wafer"), 0.25) == 1
    state, month = in_volume(alliance, dt.date(2024, 1, 1)), months_of(alliance)[2]
    book = Book((CustomerOrder("b", "Pb", dt.date(2024, 6, 30), 30),))
    poor = [replace(lot, systematic=0.1) for lot in lots(25)]
    shipped = deliveries.shipped(book, state, alliance, month, poor).shipments[0]
    assert shipped.worth == pytest.approx(25 * 0.1 * (1 + 0.64 * 0.05 / 3) ** -3 / 0.5)
    gross = yields.gross(alliance, state.buyers[0].die)
    assert shipped.good_dies == int(25 * gross * 0.1 * (1 + 0.64 * 0.05 / 3) ** -3)


def test_packaging_is_paid_before_it_begins_and_takes_its_time(small: Build) -> None:
    alliance = small(market__price__basis="wafer")
    months, state = months_of(alliance), in_volume(alliance, dt.date(2024, 1, 1))
    book = deliveries.shipped(
        Book((CustomerOrder("b", "Pb", dt.date(2024, 6, 30), 25),)), state, alliance, months[2], lots(25)
    )
    dues = deliveries.bill(book, alliance, months[3])
    assert [(due.cost, due.end, float(due.amount)) for due in dues] == [("packaging", "back_end", 2500)]
    paid = deliveries.deliver(book, alliance, months[3], NOBODY)
    assert [item.delivered for item in paid.delivered] == [dt.date(2024, 4, 1)]
    late = deliveries.deliver(book, alliance, months[3], frozenset({"packaging.2"}))
    assert late.delivered == ()
    late = deliveries.deliver(late, alliance, months[4], NOBODY)
    assert [item.delivered for item in late.delivered] == [dt.date(2024, 5, 31)]


def test_an_invoice_is_worth_times_price(small: Build) -> None:
    alliance = small(market__price__basis="wafer", market__price__change="-10 %/year")
    months, state = months_of(alliance), in_volume(alliance, dt.date(2024, 1, 1))
    buyer: Buyer = state.buyers[0]
    assert deliveries.price(alliance, buyer, dt.date(2024, 1, 1)) == pytest.approx(800_000)
    assert deliveries.price(alliance, buyer, dt.date(2025, 1, 1)) == pytest.approx(720_000, rel=1e-3)
    book = deliveries.shipped(
        Book((CustomerOrder("b", "Pb", dt.date(2024, 6, 30), 25),)), state, alliance, months[2], lots(25)
    )
    book = deliveries.deliver(book, alliance, months[3], NOBODY)
    item = deliveries.invoices(book, state, alliance)[0]
    assert item.yen == round(25 * deliveries.price(alliance, buyer, dt.date(2024, 4, 1)))
    assert (item.partner, item.date) == ("buyer", dt.date(2024, 4, 1))


def test_patience_ends_the_sooner_the_later_the_order(small: Build) -> None:
    alliance = small(market__delivery__loss_per_month_late="10 %/month", market__delivery__late_after=1)
    month, state = months_of(alliance)[11], in_volume(alliance, dt.date(2024, 1, 1))

    def lost(due: dt.date) -> int:
        book = Book((CustomerOrder("b", "Pb", due, 30),))
        return sum(
            deliveries.lost_patience(book, state, alliance, month, seed)[1].buyers[0].state == "lost"
            for seed in range(300)
        )

    assert lost(dt.date(2024, 12, 1)) == 0
    assert 10 < lost(dt.date(2024, 10, 31)) < 60
    assert 100 < lost(dt.date(2024, 5, 31)) < 190
    book, after = deliveries.lost_patience(
        Book((CustomerOrder("b", "Pb", dt.date(2020, 1, 1), 30),)), state, alliance, month, 1
    )
    assert (book.orders, after.buyers[0].state) == ((), "lost")
