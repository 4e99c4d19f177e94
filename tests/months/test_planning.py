"""The planner: development first, then customers, then products; nothing beyond hours, cash, engineers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from renkei.alliance import Alliance
from renkei.fab.builtin import load_fab
from renkei.months import planning
from renkei.months.calendar import months_of
from renkei.months.factory import Factory, factory_of
from renkei.months.lottypes import lot_kinds
from renkei.months.planning import Beliefs, Plan

Build = Callable[..., Alliance]
FAB = load_fab("minifab")
REACHED = {"kit-out": dt.date(2024, 1, 31)}


@pytest.fixture(scope="module")
def factory() -> Factory:
    return factory_of(FAB)


def plan(alliance: Alliance, factory: Factory, reached: dict[str, dt.date] | None = None, **beliefs: Any) -> Plan:
    month = months_of(alliance)[6]
    tools = np.array([FAB.tool_groups[group].tools for group in factory.groups], dtype=float)
    believed: dict[str, Any] = {
        "tool_minutes": tools * month.minutes,
        "route_open": dict.fromkeys(FAB.products, dt.date(2024, 1, 1)),
        "cycle_days": {"Pa": 4.0, "Pb": 4.0},
        "worth": 0.5,
        "engineer_months": 1e6,
        "need": {},
        "wip_wafers": {},
        "asks": {},
        "late": False,
        "cash": 10**12,
    }
    believed |= beliefs
    kinds = lot_kinds(alliance, FAB)
    return planning.plan(alliance, factory, kinds, month, reached or {}, Beliefs(**believed), {})


def lots(found: Plan) -> dict[str, int]:
    return {starts.lot_type: starts.lots for starts in found.starts}


def test_development_aims_at_its_lots_per_generation(small: Build, factory: Factory) -> None:
    # 3 · m50 = 30 lots in 4 days of cycle time and 14 of analysis are 50.7 a month, 40 at most.
    assert lots(plan(small(), factory)) == {"development.loops": 40}
    free = small(technology__development__loops__ceiling=1000)
    assert lots(plan(free, factory)) == {"development.loops": 50}


def test_starts_are_spread_evenly_from_the_day_the_route_is_open(small: Build, factory: Factory) -> None:
    starts = plan(small(), factory).starts[0]
    month = months_of(small())[6]
    assert starts.first == pytest.approx(month.start + month.minutes / 80)
    assert starts.interval * starts.lots == pytest.approx(month.minutes)
    opened = {"Pa": dt.date(2024, 7, 16), "Pb": dt.date(2024, 7, 16)}
    late = plan(small(), factory, route_open=opened).starts[0]
    assert late.lots == round(40 * 16 / 31 - 0.5)
    assert late.first > month.start + 15 * 1440


def test_parts_of_lots_are_carried_on(small: Build, factory: Factory) -> None:
    alliance = small(technology__development__loops__lots=2.4)
    carry: dict[str, float] = {}
    total, month = 0, months_of(alliance)[6]
    for _ in range(10):
        tools = np.array([FAB.tool_groups[group].tools for group in factory.groups], dtype=float) * month.minutes
        believed = Beliefs(
            tools, dict.fromkeys(FAB.products, dt.date(2024, 1, 1)), {}, 1, 1e6, {}, {}, {}, False, 10**12
        )
        found = planning.plan(alliance, factory, lot_kinds(alliance, FAB), month, {}, believed, carry)
        carry, total = dict(found.carry), total + lots(found).get("development.loops", 0)
    assert total == 24


def test_no_more_than_analysis_clears(small: Build, factory: Factory) -> None:
    assert lots(plan(small(), factory, engineer_months=15)) == {"development.loops": 10}
    assert plan(small(), factory, engineer_months=0).starts == ()


def test_no_more_than_cash_for_materials(small: Build, factory: Factory) -> None:
    # A lot of 5 wafers at 1,000 USD and 100 yen: 0.5 M yen.
    assert lots(plan(small(), factory, cash=5_000_000)) == {"development.loops": 10}


def test_no_start_without_a_tool_in_every_group(small: Build, factory: Factory) -> None:
    assert plan(small(), factory, route_open={}).starts == ()


def test_development_keeps_to_its_share_of_hours(small: Build, factory: Factory) -> None:
    month = months_of(small())[6]
    each = factory.work("Pa", 5)
    hours = each * 40 / factory.available / 0.9
    whole = plan(small(), factory, tool_minutes=hours)
    assert lots(whole) == {"development.loops": 40}
    part = plan(small(), factory, REACHED, tool_minutes=hours)
    assert part.development_planned == pytest.approx(0.3 * 40)
    assert month.index == 6


def test_products_follow_orders_over_yield_less_what_is_in_the_fab(small: Build, factory: Factory) -> None:
    found = plan(small(), factory, REACHED, need={"Pb": 100.0}, wip_wafers={"Pb": 75})
    assert found.product_wanted == pytest.approx(125)
    assert lots(found)["product.Pb"] == 5
    assert "product.Pb" not in lots(plan(small(), factory, REACHED, need={"Pb": 30.0}, wip_wafers={"Pb": 75}))


def test_no_products_before_their_phase(small: Build, factory: Factory) -> None:
    assert "product.Pb" not in lots(plan(small(), factory, need={"Pb": 100.0}))


def test_products_take_the_hours_that_are_left(small: Build, factory: Factory) -> None:
    many = plan(small(), factory, REACHED, need={"Pb": 1e6})
    used = many.development_planned * factory.work("Pa", 5) + many.product_planned / 25 * factory.work("Pb", 25)
    month = months_of(small())[6]
    tools = np.array([FAB.tool_groups[group].tools for group in factory.groups])
    load = used / (tools * month.minutes * factory.available)
    assert load.max() <= 0.9 + 1e-9
    assert many.product_planned < many.product_wanted


def test_wip_is_capped(small: Build, factory: Factory) -> None:
    free = plan(small(planning__wip_cap=1000), factory, REACHED, need={"Pb": 1e6})
    tight = plan(small(planning__wip_cap=0.5), factory, REACHED, need={"Pb": 1e6})
    assert tight.product_planned < 0.2 * free.product_planned


def test_customers_lots_come_before_products(small: Build, factory: Factory) -> None:
    found = lots(plan(small(), factory, REACHED, need={"Pb": 1e6}, asks={("shuttle", "Pb"): 3}))
    assert found["customer.shuttle.Pb"] == 3


def test_late_orders_make_some_lots_hot(small: Build, factory: Factory) -> None:
    calm = lots(plan(small(), factory, REACHED, need={"Pb": 2500.0}))
    late = plan(small(), factory, REACHED, need={"Pb": 2500.0}, late=True)
    assert "product.Pb.hot" not in calm
    hot, total = lots(late)["product.Pb.hot"], sum(lots(late).values())
    assert 0 < hot <= 0.1 * total + 1


def test_monitors_are_their_share_of_all_starts(small: Build, factory: Factory) -> None:
    alliance = small(planning__phases__pilot__monitors=0.25)
    found = plan(alliance, factory)
    wafers = {name: number * lot_kinds(alliance, FAB)[name].wafers for name, number in lots(found).items()}
    monitors = sum(n for name, n in wafers.items() if name.startswith("monitor"))
    assert monitors / sum(wafers.values()) == pytest.approx(0.25, abs=0.05)


def test_the_last_phase_reached_is_in_force(small: Build) -> None:
    assert planning.phase_of(small(), {}).id == "pilot"
    assert planning.phase_of(small(), REACHED).id == "volume"


def test_availability_and_work_are_those_of_the_fab(factory: Factory) -> None:
    down = dict(zip(factory.groups, 1 - factory.available, strict=True))
    assert down["Me"] == pytest.approx(30 / 720)
    assert down["Mcd"] == pytest.approx(120 / 720 + 420 / 3420)
    work = dict(zip(factory.groups, factory.work("Pb", 25), strict=True))
    assert work["Me"] == pytest.approx(55 + 10 + 2 * 20)
    assert factory.part("Pb") == 1
    assert factory.floor_yield("Pb") == 1


def test_test_wafers_follow_the_monitors_of_their_group(small: Build) -> None:
    """A group's wafers go to the monitor that visits it and take its hours; none before its route is open."""
    fab = load_fab("nanosheet-2nm", "pilot")
    factory, month = factory_of(fab), months_of(small())[9]
    open_ = dict.fromkeys(("mon-euv", "mon-etch-fe"), dt.date(2024, 1, 1))
    (euv,) = {"euv_cell"} & factory.route_groups("mon-euv")
    assert euv not in factory.route_groups("mon-etch-fe")
    room = planning.Room(np.full(len(factory.groups) + 1, 1e9), 1e12)
    believed = Beliefs(np.zeros(1), open_, {}, 1, 0, {}, {}, {}, False, 0, test_wafers={euv: 250})
    assert planning.qualification_lots(factory, month, believed, room) == {"monitor.mon-euv": 250 / fab.wafers_per_lot}
    assert room.minutes.min() < 1e9
    late = replace(believed, route_open=dict.fromkeys(open_, month.first))
    assert planning.qualification_lots(factory, month, late, room) == {}
    full = planning.Room(np.zeros(len(factory.groups) + 1), 1e12)
    assert sum(planning.qualification_lots(factory, month, believed, full).values()) == 0
