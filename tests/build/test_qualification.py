"""Which tools run which recipe."""

from __future__ import annotations

import math

import numpy as np
import pytest

from renkei.build.floorplan import floor_plan
from renkei.build.qualification import named_tools, qualified_tools, share_of
from renkei.fab.fab import Fab
from renkei.fab.products import Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import Qualification, ToolGroup


def test_texts() -> None:
    assert named_tools("1-3 7") == [1, 2, 3, 7]
    assert named_tools("5, 2-2") == [5, 2]
    assert share_of("40%") == pytest.approx(0.4)
    assert share_of(" 12.5 % ") == pytest.approx(0.125)
    assert share_of("1-3") is None


def test_named_tools_are_those_that_are_there() -> None:
    assert qualified_tools("1-3 7", 0, [1, 3, 4, 7, 9]) == [1, 3, 7]


@pytest.mark.parametrize("count", [1, 2, 3, 7, 10, 33])
@pytest.mark.parametrize("share", [1, 30, 50, 99, 100])
def test_shares(count: int, share: float) -> None:
    """At least one tool, never one twice, the whole number above the share."""
    for ordinal in range(20):
        tools = qualified_tools(f"{share}%", ordinal, list(range(1, count + 1)))
        assert len(tools) == len(set(tools)) == max(1, math.ceil(share * count / 100 - 1e-9))
        assert set(tools) <= set(range(1, count + 1))


@pytest.mark.parametrize("share", [20, 50])
def test_recipes_spread_evenly(share: float) -> None:
    """Over many recipes every tool runs about its part of them."""
    count, recipes = 10, 60
    uses = np.zeros(count + 1)
    for ordinal in range(recipes):
        uses[qualified_tools(f"{share}%", ordinal, list(range(1, count + 1)))] += 1
    assert uses[1:].min() > 0.8 * recipes * share / 100
    assert uses[1:].max() < 1.2 * recipes * share / 100


def test_no_tool_no_qualification() -> None:
    assert qualified_tools("50%", 3, []) == []


def test_the_table_of_a_state() -> None:
    """Rows of a recipe start at its place; recipes without a rule have none and run on every tool."""
    route = tuple(
        Step(route="r", step=n, tool_group="g", recipe=recipe, process=1)
        for n, recipe in enumerate(["x", "", "y", "z"], 1)
    )
    rules = (
        Qualification(tool_group="g", recipe="x", tools="1 3"),
        Qualification(tool_group="g", recipe="z", tools="50%"),
    )
    fab = Fab(
        "small",
        {"g": ToolGroup(tool_group="g", tools=4)},
        {"r": route},
        {"p": Product(product="p", route="r")},
        (Order(order="o", product="p"),),
        qualifications=rules,
    )
    fp = floor_plan(fab)
    assert list(fp.plan.steps.recipe) == [0, -1, -1, 1]
    state = fp.fresh(1)
    table = [[int(state.qualified[int(first) + tool].value) for tool in range(1, 5)] for first in fp.plan.recipes.value]
    assert table[0] == [1, 0, 1, 0]
    assert sum(table[1]) == 2
    fewer = fp.fresh(1, present={"g": 1})
    assert [int(fewer.qualified[int(fp.plan.recipes.value[1]) + tool].value) for tool in range(1, 5)] == [1, 0, 0, 0]
