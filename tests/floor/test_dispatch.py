"""Which lot a free tool takes, and which idle tool an arriving lot takes."""

from __future__ import annotations

from typing import Any

import pytest

from renkei.fab.fab import Fab

from .fabs import make_fab, run_floor, trace_of

pytestmark = pytest.mark.tiny

LOTS: dict[str, dict[str, Any]] = {
    "a": {"process": 5, "priority": 10, "due": 90, "setup": "s"},
    "b": {"process": 3, "priority": 10, "due": 40, "setup": "t"},
    "c": {"process": 4, "priority": 20, "due": 70, "setup": "s"},
    "d": {"process": 6, "priority": 10, "due": 60, "setup": "t"},
    "e": {"process": 2, "priority": 20, "due": 50, "setup": "t"},
}
"""Lots that arrive one after another while the tool works on a first one of setup t until minute 20."""


def queue(dispatch: tuple[str, ...], **fields: Any) -> Fab:
    routes = {
        name: [{"tool_group": "g", "process": lot["process"], "setup": lot["setup"]}] for name, lot in LOTS.items()
    }
    routes["first"] = [{"tool_group": "g", "process": 20, "setup": "t"}]
    orders = [
        {"product": name, "start": place, "priority": lot["priority"], "due": lot["due"] - place}
        for place, (name, lot) in enumerate(LOTS.items(), 1)
    ]
    setups = [{"to_setup": "s", "time": 1}, {"from_setup": "s", "to_setup": "t", "time": 2}]
    return make_fab({"g": {}}, routes, [*orders, {"product": "first"}], setups=setups, dispatch=dispatch, **fields)


@pytest.mark.parametrize(
    ("rule", "order"),
    [
        ("fifo", "abcde"),
        ("lifo", "edcba"),
        ("priority", "ceabd"),
        ("priority lifo", "ecdba"),
        ("edd", "bedca"),
        ("spt", "ebcad"),
        ("setup fifo", "bdeac"),
        ("setup priority", "ebdca"),
        ("priority setup fifo", "ecabd"),
        ("setup spt", "ebdca"),
    ],
)
def test_rules_are_read_left_to_right(rule: str, order: str) -> None:
    rows = trace_of(*run_floor(queue(tuple(rule.split())), until=100))
    assert "".join(row[2] for row in rows if row[2] != "first") == order


def test_critical_ratio() -> None:
    """(due − now) / remaining work at 20: b 20/3 and d 40/6 are equal, so the first come is first."""
    rows = trace_of(*run_floor(queue(("cr",)), until=100))
    assert [row[2] for row in rows][:3] == ["first", "b", "d"]


def test_critical_ratio_counts_all_work_that_is_left() -> None:
    """Two lots due at 100: the one with an hour of delay ahead is more urgent, though it came later."""
    routes = {
        "short": [{"tool_group": "g", "process": 5}],
        "long": [{"tool_group": "g", "process": 5}, {"tool_group": "wait", "process": 60}],
        "first": [{"tool_group": "g", "process": 10}],
    }
    orders = [{"product": name, "start": n, "due": 100 - n} for n, name in enumerate(("first", "short", "long"))]
    groups: dict[str, dict[str, Any]] = {"g": {}, "wait": {"kind": "delay", "tools": 0}}
    rows = trace_of(*run_floor(make_fab(groups, routes, orders, dispatch=("cr",)), until=50))
    assert [row[2] for row in rows] == ["first", "long", "short"]


def test_shortest_process_time_is_that_of_the_wafers_worked_on() -> None:
    """Ten of 25 wafers, a batch of any size, a cascade of 25: 10, 12 and 5 + 24 × 0.25 = 11 minutes."""
    some = [{"tool_group": "g", "process": 1, "per": "wafer", "process_wafers": 10}]
    whole = [{"tool_group": "g", "process": 12}]
    cascade = [{"tool_group": "g", "process": 5, "per": "wafer", "interval": 0.25}]
    first = [{"tool_group": "g", "process": 30}]
    for second, expected in ((some, ["some", "whole"]), (cascade, ["cascade", "whole"])):
        routes = {"first": first, "whole": whole, expected[0]: second}
        orders = [{"product": name, "start": n} for n, name in enumerate(routes)]
        fab = make_fab({"g": {"cascade": second is cascade}}, routes, orders, dispatch=("spt",))
        assert [row[2] for row in trace_of(*run_floor(fab, until=100))][1:] == expected


def test_a_group_may_have_a_rule_of_its_own() -> None:
    fab = queue(("fifo",))
    own = fab.tool_groups["g"].model_copy(update={"dispatch": ("spt",)})
    rows = trace_of(*run_floor(type(fab)(**{**vars(fab), "tool_groups": {"g": own}}), until=100))
    assert "".join(row[2] for row in rows[1:]) == "ebcad"


@pytest.mark.parametrize(("wake", "tool"), [("longest_idle", 2), ("least_setup", 0)])
def test_an_arriving_lot_chooses_an_idle_tool(wake: str, tool: int) -> None:
    """Tools 1 and 2 have worked (on setups s and t), tool 3 never; the last lot needs setup s."""
    routes = {name: [{"tool_group": "g", "process": 5, "setup": name}] for name in "st"}
    orders = [{"product": "s"}, {"product": "t"}, {"product": "s", "start": 20}]
    setups = [{"to_setup": name, "time": 3} for name in "st"]
    fab = make_fab({"g": {"tools": 3, "wake": wake}}, routes, orders, setups=setups)
    assert trace_of(*run_floor(fab, until=50))[-1][5] == tool


def test_only_qualified_tools_run_a_recipe() -> None:
    """Recipe x runs on tools 1 and 3 of three: of six lots together none goes to tool 2, which stands idle."""
    fab = make_fab(
        {"g": {"tools": 3}},
        {"r": [{"tool_group": "g", "process": 5, "recipe": "x"}]},
        [{"product": "r", "lots_per_release": 6}],
        qualifications=[{"tool_group": "g", "recipe": "x", "tools": "1 3"}],
    )
    rows = trace_of(*run_floor(fab, until=50))
    assert [row[5] for row in rows] == [0, 2, 0, 2, 0, 2]


def test_lot_to_lens() -> None:
    """The second exposure waits for the tool of the first one though the other is idle; chains pass the tool on."""
    steps: list[dict[str, Any]] = [
        {"tool_group": "g", "process": 10, "dedicate_step": 3},
        {"tool_group": "h", "process": 1},
        {"tool_group": "g", "process": 10, "dedicate_step": 4},
        {"tool_group": "g", "process": 10},
    ]
    orders = [{"product": "r", "interval": 7, "releases": 5}]
    rows = trace_of(*run_floor(make_fab({"g": {"tools": 2}, "h": {}}, {"r": steps}, orders), until=400))
    for number in range(5):
        assert len({row[5] for row in rows if row[1] == number and row[3] != 2}) == 1
    assert {row[5] for row in rows if row[3] == 1} == {0, 1}


def test_a_mixed_batch_waits_for_its_own_kind() -> None:
    """Batches are of one step of one route; a hot lot short of its minimum does not hold the tool."""
    step = {"tool_group": "g", "process": 10, "per": "batch", "batch_min": 50, "batch_max": 75}
    orders = [
        {"product": "a", "priority": 20, "start": 0},
        {"product": "b", "start": 1, "interval": 1, "releases": 3},
        {"product": "a", "start": 8},
    ]
    rows = trace_of(*run_floor(make_fab({"g": {}}, {"a": [step], "b": [step]}, orders), until=100))
    assert [(row[2], row[-2]) for row in rows] == [("b", 2), ("b", 2), ("a", 12), ("a", 12)]


def test_an_arriving_lot_itself_takes_an_idle_tool_beside_batches() -> None:
    """At 16 the last lot of setup A frees tool 1 from its minimum run and takes it, before the tool looks at its queue.

    That the group works in batches at another step changes nothing: the lot that waits since 10 starts after it.
    """
    steps: list[dict[str, Any]] = [
        {"tool_group": "g", "process": 8, "setup": "A"},
        {"tool_group": "g", "process": 1, "setup": "B"},
        {"tool_group": "g", "process": 1, "per": "batch", "batch_min": 25, "batch_max": 25},
    ]
    orders = [{"product": "r", "interval": 2, "releases": 3}]
    fp, state = run_floor(make_fab({"g": {"tools": 2, "min_run": 2}}, {"r": steps}, orders), until=17.5)
    rows = [(number, tool, start) for _, number, _, step, _, tool, _, start, _ in trace_of(fp, state) if step == 2]
    assert rows == [(0, 0, 16.0), (2, 1, 16.0)]
