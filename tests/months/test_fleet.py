"""Site and fleet: tools come on their day, and a late one knows why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection
from dataclasses import dataclass, field

import pytest

from renkei.alliance import Alliance
from renkei.fab.builtin import load_fab
from renkei.months import buying, construction, moving_in, qualifying
from renkei.months.calendar import months_of
from renkei.months.construction import Site, fresh_site
from renkei.months.fleet import Fleet, fresh_fleet
from renkei.months.obligations import Due
from renkei.months.orders import most_tools, purchases

Build = Callable[..., Alliance]


@dataclass
class Yard:
    """Site and fleet walked together; `unpaid(key, index)` says what is not paid in a month."""

    alliance: Alliance
    site: Site
    fleet: Fleet
    seed: int = 0
    dues: list[Due] = field(default_factory=list)

    @classmethod
    def of(cls, alliance: Alliance, seed: int = 0) -> Yard:
        fab = load_fab(alliance.fab)
        return cls(alliance, fresh_site(alliance), fresh_fleet(purchases(alliance, fab, {})), seed)

    def walk(
        self,
        months: int,
        unpaid: Callable[[str, int], bool] | None = None,
        cover: float = 1.0,
        commit_from: int = 0,
        reached: dict[str, dt.date] | None = None,
    ) -> Yard:
        open_: set[str] = set()
        for month in months_of(self.alliance)[:months]:
            self.site, dues = construction.bill(self.site, self.alliance, month, reached or {})
            self.fleet, more = buying.bill(
                self.fleet, self.alliance, month, reached or {}, month.index >= commit_from, self.seed
            )
            self.dues += more
            open_ |= {due.key for due in dues + more}
            open_ = {key for key in open_ if unpaid is not None and unpaid(key, month.index)}
            self.site = construction.step(self.site, month, frozenset(open_))
            self.fleet = moving_in.arrive(self.fleet, self.alliance, self.site, month, frozenset(open_), self.seed)
            self.fleet = qualifying.qualify(self.fleet, month, cover)
        return self

    @property
    def qualified(self) -> list[dt.date]:
        return sorted(tool.qualified for tool in self.fleet.tools if tool.qualified)


def never(*keys: str) -> Callable[[str, int], bool]:
    return until(999, *keys)


def until(last: int, *keys: str) -> Callable[[str, int], bool]:
    return lambda key, index: index <= last and any(key.startswith(start) for start in keys)


def causes(yard: Yard) -> Collection[str]:
    return {cause for tool in yard.fleet.tools for cause in tool.waited}


def test_a_building_is_ready_after_its_time(small: Build) -> None:
    yard = Yard.of(small()).walk(6)
    assert yard.site[0].ready == dt.date(2024, 4, 15)
    assert construction.places_ready(yard.site, yard.alliance, dt.date(2024, 4, 14)) == 0
    assert construction.places_ready(yard.site, yard.alliance, dt.date(2024, 4, 15)) == 6


@pytest.mark.parametrize("payment", ["even", "s_curve"])
def test_a_building_costs_what_was_agreed(small: Build, payment: str) -> None:
    alliance = small(site__phases__one__payment=payment)
    site, total = fresh_site(alliance), 0.0
    for month in months_of(alliance)[:8]:
        site, dues = construction.bill(site, alliance, month, {})
        total += sum(float(due.amount) for due in dues)
        site = construction.step(site, month, frozenset())
    assert total == pytest.approx(3e9)


def test_unpaid_work_stands_still(small: Build) -> None:
    yard = Yard.of(small()).walk(8, until(2, "site.phases"))
    assert yard.site[0].ready is not None
    assert (yard.site[0].ready - dt.date(2024, 4, 15)).days == pytest.approx(90, abs=3)
    assert set(yard.site[0].waited) == {"money"}
    assert construction.late_for(yard.site[0]) == "money"


def test_a_phase_waits_for_its_milestone(small: Build) -> None:
    yard = Yard.of(small(site__phases__one__after="tools-in"))
    assert yard.walk(3).site[0].started is None
    assert yard.walk(8, reached={"tools-in": dt.date(2023, 1, 1)}).site[0].ready == dt.date(2024, 4, 15)


def test_tools_are_on_the_floor_after_each_step(small: Build) -> None:
    yard = Yard.of(small()).walk(12)
    # Ordered 1 January, delivered 1 March, in the bay from 15 April, one a day through the dock, then 10 + 5 + 10 days.
    assert yard.qualified == [dt.date(2024, 4, 15) + dt.timedelta(days=24 + n) for n in range(1, 6)]
    assert {tool.root for tool in yard.fleet.tools} == {"site"}


def test_a_site_that_is_late_for_money_makes_tools_late_for_money(small: Build) -> None:
    yard = Yard.of(small()).walk(12, until(2, "site.phases"))
    assert {tool.root for tool in yard.fleet.tools} == {"money"}


@pytest.mark.parametrize("stage", ["order", "delivery"])
def test_an_unpaid_tool_stays_outside(small: Build, stage: str) -> None:
    alliance = small(site__phases__one__build="0.5 months")
    late = Yard.of(alliance).walk(12, until(3, *(f"tool.Me-1.{stage}",)))
    me = next(tool for tool in late.fleet.tools if tool.id == "Me-1")
    others = [tool for tool in late.fleet.tools if tool.id != "Me-1"]
    assert me.qualified == max(late.qualified)
    assert max(tool.qualified for tool in others if tool.qualified) < me.qualified
    assert me.root == "money"
    assert all("money" not in tool.waited for tool in others)
    assert Yard.of(alliance).walk(12, never(f"tool.Me-1.{stage}")).qualified[-1] < me.qualified


def test_an_unpaid_acceptance_does_not_stop_a_tool(small: Build) -> None:
    assert Yard.of(small()).walk(12, never("tool.Me-1.acceptance")).qualified == Yard.of(small()).walk(12).qualified


def test_no_order_without_cover_for_payroll(small: Build) -> None:
    alliance = small(site__phases__one__build="0.5 months")
    late = Yard.of(alliance).walk(12, commit_from=3)
    assert min(tool.ordered for tool in late.fleet.tools if tool.ordered) == dt.date(2024, 4, 1)
    assert {tool.root for tool in late.fleet.tools} == {"money"}


def test_few_engineers_make_qualification_longer(small: Build) -> None:
    fast, slow = Yard.of(small()).walk(12), Yard.of(small()).walk(12, cover=0.5)
    gaps = [(b - a).days for a, b in zip(fast.qualified, slow.qualified, strict=True)]
    assert all(9 <= gap <= 11 for gap in gaps)
    assert "people" in causes(slow)
    assert "people" not in causes(fast)
    assert Yard.of(small()).walk(12, cover=0.0).qualified == []


def test_a_full_site_caps_the_fleet(small: Build) -> None:
    yard = Yard.of(small(site__phases__one__bays={"a": {"tool_places": 3}})).walk(24)
    assert len(yard.qualified) == 3
    left = [tool for tool in yard.fleet.tools if tool.qualified is None]
    assert {tool.root for tool in left} == {"site"}


def test_a_bay_of_an_area_takes_only_its_tools(small: Build) -> None:
    bays = {"litho": {"tool_places": 5, "areas": ["Litho"]}, "rest": {"tool_places": 2}}
    yard = Yard.of(small(site__phases__one__bays=bays)).walk(24)
    docked = sorted(yard.fleet.of(tool).group for tool in yard.fleet.tools if tool.docked)
    assert docked == ["Mab", "Mab", "Me"]


def test_an_agreed_window_beats_the_lead_time(small: Build) -> None:
    order = {"tools": {"Mab": 4}, "date": "2024-01", "deliver_from": "2024-06-01", "deliver_until": "2024-06-29"}
    yard = Yard.of(small(equipment__orders={"all": order})).walk(12)
    days = [tool.delivery for tool in yard.fleet.tools]
    assert days == [dt.date(2024, 6, 4), dt.date(2024, 6, 11), dt.date(2024, 6, 18), dt.date(2024, 6, 25)]


def test_instalments_sum_to_the_price(small: Build) -> None:
    alliance = small(fx={"USD": 100}, equipment__orders__all__price_factor=1.1)
    state, site, total = fresh_fleet(purchases(alliance, load_fab("minifab"), {})), fresh_site(alliance), 0.0
    for month in months_of(alliance)[:14]:
        site, _ = construction.bill(site, alliance, month, {})
        site = construction.step(site, month, frozenset())
        state, dues = buying.bill(state, alliance, month, {}, True)
        total += sum(float(due.amount) for due in dues if due.cost == "tools")
        state = qualifying.qualify(moving_in.arrive(state, alliance, site, month, frozenset()), month, 1.0)
    assert total == pytest.approx(5 * 5e6 * 1.1)


def test_lent_tools_cost_nothing(small: Build) -> None:
    alliance = small(equipment__orders__all__buyer="state")
    state = fresh_fleet(purchases(alliance, load_fab("minifab"), {}))
    state, dues = buying.bill(state, alliance, months_of(alliance)[0], {}, True)
    assert dues == []
    assert all(tool.billed == "order" for tool in state.tools)


def test_orders_to_a_size_buy_what_is_missing(small: Build) -> None:
    alliance = small(
        equipment__orders={
            "one": {"tools": {"Me": 1}, "date": "2024-01"},
            "rest": {"to_size": "big", "date": "2024-02", "share": 0.5, "but": ["Mcd"]},
        }
    )
    big = load_fab("minifab").with_tools({"Mab": 5, "Mcd": 4, "Me": 4})
    bought = purchases(alliance, load_fab("minifab"), {"big": big})
    assert most_tools(bought) == {"Me": 3, "Mab": 3}


def test_the_supplier_named_for_the_group_comes_first(small: Build) -> None:
    suppliers = {
        "area": {"partner": "maker", "supplies": "Litho", "lead_time": 5},
        "group": {"partner": "owner", "supplies": "Me", "lead_time": 9, "price_factor": 2},
    }
    bought = purchases(small(equipment__suppliers=suppliers), load_fab("minifab"), {})
    me = next(item for item in bought if item.group == "Me")
    assert (me.supplier, me.lead_time, float(me.price), me.country) == ("group", 9, 1e7, "US")
    assert next(item for item in bought if item.group == "Mab").supplier == ""


def test_engineers_are_asked_for_while_tools_are_qualified(small: Build) -> None:
    alliance = small()
    yard, months = Yard.of(alliance).walk(4), months_of(alliance)
    # The first of each group takes 1 engineer-month, the others half of one; one tool did a day of its ten in April.
    assert qualifying.engineers_needed(yard.fleet, months[4]) == pytest.approx(3 * 1 + 2 * 0.5 - 0.1)
    assert qualifying.engineers_needed(Yard.of(alliance).walk(8).fleet, months[8]) == 0
