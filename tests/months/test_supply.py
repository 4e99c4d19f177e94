"""Supply: queues, slips, licences, ways, second sources, crews that install, prices; tools come later, never for less.

All tools of the yard are ordered on 1 January 2024 and find the hall ready, so what differs is the supply.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.fab.builtin import load_fab
from renkei.months import supply
from renkei.months.calendar import CLOSED
from renkei.months.fleet import Tool, ordered_by_country
from renkei.months.orders import domestic_share, purchases
from tests.months.conftest import SMALL, changed
from tests.months.test_fleet import Yard

Build = Callable[..., Alliance]
PARTNERS = {
    **SMALL["partners"],
    "asml": {"name": "A", "country": "NL", "roles": "equipment_maker"},
    "tel": {"name": "T", "country": "JP", "roles": "equipment_maker"},
}
FIRST = dt.date(2024, 1, 1)


def yard(months: int = 24, seed: int = 0, second: dict[str, Any] | None = None, **terms: Any) -> Yard:
    """Four tools of a Dutch maker, ordered on the first day into a hall that is ready; `terms` of the equipment."""
    maker = {"partner": "asml", "supplies": ["Mab", "Mcd"], "lead_time": 6, **terms.pop("maker", {})}
    suppliers = {"first": maker, "other": {"partner": "tel", "lead_time": 6, **(second or {})}}
    orders = terms.pop("orders", {"all": {"tools": {"Mab": 2, "Mcd": 2}, "date": "2024-01-01"}})
    site = {"one": {"start": "2023-01-01", "build": 1, "cost": 0, "bays": {"a": {"tool_places": 50}},
                    "dock_tools_per_week": 1000}}  # fmt: skip
    data = changed(SMALL, partners=PARTNERS, equipment__suppliers=suppliers, equipment__orders=orders,
                   site__phases=site, **{f"equipment__{name}": value for name, value in terms.items()})  # fmt: skip
    return Yard.of(Alliance.model_validate(data), seed).walk(months)


def deliveries(found: Yard) -> list[dt.date]:
    return sorted(tool.delivery for tool in found.fleet.tools if tool.delivery)


def late(found: Yard) -> list[int]:
    return [tool.waited.get("tools", 0) for tool in found.fleet.tools]


def test_a_maker_that_allots_tools_sends_them_one_after_the_other() -> None:
    free, queue = yard(), yard(maker={"yearly_tools": 4})
    assert deliveries(free) == [dt.date(2024, 7, 1)] * 4
    gaps = [(day - dt.date(2024, 7, 1)).days for day in deliveries(queue)]
    assert gaps == [0, 92, 184, 276]
    assert late(queue) == gaps
    assert {tool.root for tool in queue.fleet.tools[1:]} == {"tools"}


@settings(max_examples=20)
@given(yearly=st.integers(1, 40), more=st.integers(0, 40))
def test_a_larger_allotment_is_never_later(yearly: int, more: int) -> None:
    less, lots = (deliveries(yard(maker={"yearly_tools": n})) for n in (yearly, yearly + more))
    assert all(one >= other for one, other in zip(less, lots, strict=True))


def test_the_queue_goes_on_to_the_next_order() -> None:
    orders = {
        "one": {"tools": {"Mab": 2}, "date": "2024-01-01"},
        "two": {"tools": {"Mcd": 1}, "date": "2024-02-01"},
    }
    days = {tool.id: tool.delivery for tool in yard(maker={"yearly_tools": 2}, orders=orders).fleet.tools}
    assert days["Mcd-1"] == dt.date(2024, 7, 1) + dt.timedelta(days=2 * 183)


def test_slips_have_their_chance_and_their_mean() -> None:
    tools = {"all": {"tools": {"Mab": 400}, "date": "2024-01-01"}}
    found = yard(months=60, orders=tools, maker={"slip_chance": 0.25, "slip": 3})
    lost = [days for days in late(found) if days]
    assert len(lost) / 400 == pytest.approx(0.25, abs=0.06)
    assert sum(lost) / len(lost) == pytest.approx(3 * 30.4, rel=0.25)
    assert late(yard(months=60, orders=tools, maker={"slip_chance": 0.25, "slip": 3})) == late(found)
    more = yard(months=60, orders=tools, maker={"slip_chance": 0.5, "slip": 3})
    assert all(one >= other for one, other in zip(late(more), late(found), strict=True))


def test_the_way_takes_time_and_costs() -> None:
    found = yard(shipping={"NL": {"time": 45, "cost": "2 %"}})
    assert deliveries(found) == [dt.date(2024, 7, 1) + dt.timedelta(days=45)] * 4
    assert set(late(found)) == {0}
    freight = [due for due in found.dues if due.purpose == "equipment.shipping.NL"]
    assert [float(due.amount) for due in freight] == [0.02 * 5e6] * 4
    assert {due.currency for due in freight} == {"USD"}


@pytest.mark.parametrize(
    ("licence", "lost"),
    [
        ({"time": 4}, 0), ({"time": 9}, 92), ({"time": 9, "tools": "Mab"}, 92), ({"time": 9, "start": "2025-01-01"}, 0),
        ({"time": 9, "until": "2023-12-31"}, 0), ({"time": 9, "countries": ["US"]}, 0),
    ],
)  # fmt: skip
def test_nothing_leaves_before_its_licence(licence: dict[str, Any], lost: int) -> None:
    found = yard(licences={"act": {"countries": ["NL"], **licence}})
    assert max(late(found)) == lost
    if "tools" in licence:
        assert min(late(found)) == 0


def test_a_licence_holds_an_agreed_window_too() -> None:
    window = {"tools": {"Mab": 1}, "date": "2024-01-01", "deliver_from": "2024-03-01"}
    found = yard(orders={"all": window}, licences={"act": {"countries": ["NL"], "time": 6}})
    assert deliveries(found) == [dt.date(2024, 7, 1)]
    assert late(found) == [122]
    assert deliveries(yard(orders={"all": window}, maker={"yearly_tools": 1})) == [dt.date(2024, 3, 1)]


def test_a_refused_tool_never_comes_and_costs_nothing() -> None:
    found = yard(licences={"act": {"countries": ["NL"], "time": 3, "refused": 1}})
    assert deliveries(found) == []
    assert [due for due in found.dues if due.cost == "tools"] == []
    assert {tool.root for tool in found.fleet.tools} == {"tools"}


def test_a_refused_tool_comes_from_the_second_source() -> None:
    seconds = {"other": {"tools": "Mab", "supplier": "other", "price_factor": 1.2, "effort": 2}}
    found = yard(licences={"act": {"countries": ["NL"], "time": 3, "refused": 1}}, second_sources=seconds)
    assert deliveries(found) == [dt.date(2024, 10, 1)] * 2
    bought = [tool for tool in found.fleet.tools if tool.delivery]
    assert {found.fleet.of(tool).country for tool in bought} == {"JP"}
    paid = sum(float(due.amount) for due in found.dues if due.cost == "tools")
    assert paid == pytest.approx(2 * 5e6 * 1.2)
    usual = yard()
    days = [(t.qualified - t.started_up).days for t in (*bought, *usual.fleet.tools) if t.qualified and t.started_up]
    assert days[:2] == [2 * days[-1]] * 2


@pytest.mark.parametrize(("patience", "country"), [(2, "JP"), (12, "NL")])
def test_a_slow_first_source_loses_the_order(patience: float, country: str) -> None:
    seconds = {"other": {"tools": "Mab", "supplier": "other", "patience": patience}}
    found = yard(licences={"act": {"countries": ["NL"], "time": 10, "tools": "Mab"}}, second_sources=seconds)
    assert {found.fleet.of(t).country for t in found.fleet.tools if found.fleet.of(t).group == "Mab"} == {country}


def test_the_queue_sends_the_last_tools_to_the_second_source() -> None:
    seconds = {"other": {"tools": ["Mab", "Mcd"], "supplier": "other", "patience": 4}}
    found = yard(maker={"yearly_tools": 4}, second_sources=seconds)
    assert [found.fleet.of(tool).country for tool in found.fleet.tools] == ["NL", "NL", "JP", "JP"]


def test_a_second_source_is_never_later_than_waiting() -> None:
    licence = {"act": {"countries": ["NL"], "time": 12, "refused": 0.5}}
    for seed in range(8):
        alone = yard(seed=seed, licences=licence)
        both = yard(seed=seed, licences=licence, second_sources={"o": {"tools": ["Mab", "Mcd"], "supplier": "other"}})
        for one, other in zip(alone.fleet.tools, both.fleet.tools, strict=True):
            assert (other.delivery or dt.date.max) <= (one.delivery or dt.date.max)


def test_few_crews_install_one_after_the_other() -> None:
    free, one, two = (yard(maker=terms) for terms in ({}, {"install_crews": 1}, {"install_crews": 2}))
    started = [sorted(tool.started_up for tool in found.fleet.tools if tool.started_up) for found in (free, one, two)]
    assert started[0] == [dt.date(2024, 7, 16)] * 4
    assert started[1] == [dt.date(2024, 7, 16) + dt.timedelta(days=15 * n) for n in range(4)]
    assert started[2] == sorted(started[1][:2] * 2)
    assert sum(late(one)) == 15 * (1 + 2 + 3)


def test_installers_wait_for_their_visas() -> None:
    found = yard(maker={"visa": 8})
    assert {tool.started_up for tool in found.fleet.tools} == {dt.date(2024, 9, 1) + dt.timedelta(days=15)}
    assert set(late(found)) == {62}
    assert {tool.started_up for tool in yard(maker={"visa": 5}).fleet.tools} == {dt.date(2024, 7, 16)}


def test_hook_up_follows_the_assembly() -> None:
    usual = SMALL["equipment"]["installation"]
    found = yard(installation={**usual, "hook_up": 20})
    assert {tool.started_up for tool in found.fleet.tools} == {dt.date(2024, 8, 5)}


def test_prices_fall_with_years_and_units() -> None:
    orders = {
        "one": {"tools": {"Mab": 1, "Mcd": 4}, "date": "2024-01-01"},
        "two": {"tools": {"Mab": 1}, "date": "2025-01-01"},
    }
    found = yard(orders=orders, maker={"price_change": "-5 %/year", "price_learning": "10 %"})
    prices = {tool.id: float(found.fleet.price(tool)) for tool in found.fleet.tools}
    assert prices["Mcd-1"] == 5e6
    assert prices["Mcd-2"] == pytest.approx(5e6 * 0.9)
    assert prices["Mcd-4"] == pytest.approx(5e6 * 0.81)
    assert prices["Mab-2"] == pytest.approx(5e6 * 0.9 * 0.95 ** (366 / 365.25))
    paid = sum(float(due.amount) for due in found.dues if due.cost == "tools")
    assert paid == pytest.approx(sum(prices.values()))


def test_a_maker_bills_in_its_currency(small: Build) -> None:
    alliance = small(
        partners=PARTNERS,
        fx={"USD": 150, "EUR": [{"rate": 160}, {"start": "2025-01-01", "rate": 200}]},
        equipment__suppliers={"first": {"partner": "asml", "supplies": "Mab", "lead_time": 6, "currency": "EUR"}},
    )
    (bought, *_) = purchases(alliance, load_fab("minifab"), {})
    assert (bought.currency, float(bought.price)) == ("EUR", pytest.approx(5e6 * 150 / 160))


def test_origin_is_a_share_of_what_is_ordered(small: Build) -> None:
    found = yard(orders={"all": {"tools": {"Mab": 3, "Me": 1}, "date": "2024-01-01"}},
                 second={"supplies": "Me", "price_factor": 2})  # fmt: skip
    assert ordered_by_country(found.fleet, found.alliance) == {"NL": 3 * 500_000_000, "JP": 1_000_000_000}
    assert domestic_share(found.alliance, found.fleet.purchases) == pytest.approx(0.4)
    assert domestic_share(small(equipment__orders={}), ()) is None


def test_without_the_clauses_a_tool_comes_after_its_lead_time(small: Build) -> None:
    alliance = small()
    bought = purchases(alliance, load_fab("minifab"), {})[0]
    plain = supply.way(bought, alliance, FIRST, {})
    assert (plain.delivery, plain.lost) == (dt.date(2024, 3, 1), 0)
    assert supply.slip_of(bought, alliance, Tool("x", 0, 0, 1).id, 3) == 0


def test_a_maker_that_withdraws_leaves_its_orders_to_the_second_source() -> None:
    def tools(second: bool) -> list[str]:
        seconds = {"other": {"tools": ["Mab"], "supplier": "other"}} if second else {}
        found = yard(months=0, second_sources=seconds)
        gone = tuple(
            replace(item, order=item.order.model_copy(update={"after": (CLOSED,)})) if item.partner == "asml" else item
            for item in found.fleet.purchases
        )
        found.fleet = replace(found.fleet, purchases=gone)
        found.walk(24)
        return [tool.id for tool in found.fleet.tools if tool.qualified]

    assert tools(second=False) == []
    assert tools(second=True) == ["Mab-1", "Mab-2"]
