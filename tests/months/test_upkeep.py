"""Upkeep: young tools break down more often, missing parts make repairs longer, and the planner counts fewer hours."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.alliance.supply import Maturity, Spares
from renkei.fab.builtin import load_fab
from renkei.months import opening, upkeep
from renkei.months.factory import Factory, factory_of
from renkei.months.month import Wear
from renkei.months.scene import scene_of
from renkei.months.upkeep import interval_factor, poisson_below, repair_factor
from renkei.months.world import World, fresh_world

Build = Callable[..., Alliance]
FACTORY: Factory = factory_of(load_fab("minifab"))
BROKEN = "Mcd"
"""The Mini-Fab's group with breakdowns: 50 h between them, 7 h each."""
MATURITY = Maturity.model_validate({"growth": 0.4, "mature_after": 24})


def spares(stock: int, **terms: Any) -> Spares:
    return Spares.model_validate({"stock": stock, "needed": 0.5, "replenish": 30, "emergency": 4, **terms})


def test_intervals_grow_with_age_to_the_power_alpha() -> None:
    young, older = interval_factor(MATURITY, 3), interval_factor(MATURITY, 12)
    assert older / young == pytest.approx(4**0.4)
    assert interval_factor(MATURITY, 24) == interval_factor(MATURITY, 90) == 1
    assert interval_factor(None, 1) == 1


@given(ages=st.lists(st.floats(0, 60), min_size=2, max_size=2))
def test_an_older_tool_never_fails_more_often(ages: list[float]) -> None:
    assert interval_factor(MATURITY, min(ages)) <= interval_factor(MATURITY, max(ages))


def test_failures_of_a_power_law_process_add_up() -> None:
    """Failures expected over the first two years: the intensity's integral over age."""
    steps = [24 * (n + 0.5) / 20_000 for n in range(20_000)]
    summed = sum(1 / interval_factor(MATURITY, age) for age in steps if age > 0.5) / 20_000 * 24
    exact = 24 / 0.6 * (1 - (0.5 / 24) ** 0.6)
    assert summed == pytest.approx(exact, rel=1e-3)


@given(mean=st.floats(0.01, 60), count=st.integers(0, 80))
def test_the_poisson_sum_is_one_minus_its_tail(mean: float, count: int) -> None:
    tail, term = 0.0, math.exp(-mean)
    for k in range(400):
        tail += term if k >= count else 0.0
        term *= mean / (k + 1)
    assert poisson_below(count, mean) == pytest.approx(1 - tail, abs=1e-9)


def test_more_spares_never_make_repairs_longer() -> None:
    course = [repair_factor(spares(stock), FACTORY, BROKEN, 2) for stock in range(30)]
    assert course == sorted(course, reverse=True)
    assert course[0] == pytest.approx(1 + 0.5 * 4 * 1440 / 420)
    assert course[-1] == pytest.approx(1, abs=1e-3)
    assert repair_factor(None, FACTORY, BROKEN, 2) == repair_factor(spares(0), FACTORY, "Mab", 2) == 1


def test_more_or_younger_tools_use_more_parts() -> None:
    few, many = (repair_factor(spares(8), FACTORY, BROKEN, tools) for tools in (1, 4))
    assert few < many
    assert repair_factor(spares(8), FACTORY, BROKEN, 1, interval=0.5) > few


def test_useful_hours_follow_the_breakdowns() -> None:
    assert FACTORY.changed_hours(BROKEN, 1, 1) == pytest.approx(1)
    row = FACTORY.groups.index(BROKEN)
    more = FACTORY.available[row] - (840 / 3840 - 420 / 3420)
    assert FACTORY.available[row] * FACTORY.changed_hours(BROKEN, 1, 2) == pytest.approx(more)
    assert FACTORY.changed_hours(BROKEN, 0.5, 1) < 1 < FACTORY.changed_hours(BROKEN, 2, 1)
    assert FACTORY.changed_hours("Mab", 0.5, 2) == 1


def test_the_floor_is_told_and_the_planner_believes_it(small: Build) -> None:
    terms = {"equipment__maturity": {"growth": 0.4, "mature_after": 24}, "equipment__spares": {"stock": 1}}
    scene = scene_of(small(**terms), 0, load_fab)
    world = _with_tools(fresh_world(scene), dt.date(2024, 3, 1))
    worn = [upkeep.wear(world.fleet, scene.alliance, scene.factory, month) for month in scene.months]
    assert worn[1] == {}
    assert worn[3][BROKEN].interval < worn[12][BROKEN].interval < worn[30][BROKEN].interval == 1
    assert worn[3][BROKEN].duration > worn[30][BROKEN].duration > 1
    row = scene.factory.groups.index(BROKEN)
    usual, less = (opening.tool_minutes(world, scene, scene.months[3], w)[row] for w in ({}, worn[3]))
    assert 0 < less < usual


def test_without_the_clauses_nothing_is_told(small: Build) -> None:
    scene = scene_of(small(), 0, load_fab)
    world = _with_tools(fresh_world(scene), dt.date(2024, 3, 1))
    assert upkeep.wear(world.fleet, scene.alliance, scene.factory, scene.months[6]) == {}
    assert Wear() == Wear(1.0, 1.0)


def test_the_stock_is_paid_by_tool(small: Build) -> None:
    scene = scene_of(small(equipment__spares={"stock": 3, "fee": "12 M JPY/tool-year"}), 0, load_fab)
    world = _with_tools(fresh_world(scene), dt.date(2024, 3, 1))
    dues = upkeep.maintenance(world.fleet, scene.alliance, scene.months[6], frozenset())
    assert [float(due.amount) for due in dues if due.purpose == "equipment.spares"] == [5e6]


def _with_tools(world: World, day: dt.date) -> World:
    tools = tuple(replace(tool, docked=day, installed=day, qualified=day) for tool in world.fleet.tools)
    world.fleet = replace(world.fleet, tools=tools)
    return world
