"""Tools kept for super hot lots, minute by minute."""

from __future__ import annotations

from typing import Any

import pytest

from renkei.build.floorplan import floor_plan
from renkei.fab.fab import Fab
from renkei.floor import drive
from renkei.floor.records import OUT, T_STANDBY

from .fabs import e10_of, make_fab, run_floor, trace_of

pytestmark = pytest.mark.tiny

HOT = {"product": "hot", "start": 0, "priority": 30, "reserve": True}
SLOW = {"tool_group": "a", "process": 10}


def two_groups(orders: list[dict[str, Any]], *, second: list[dict[str, Any]] | None = None, **tables: Any) -> Fab:
    """A super hot lot does ten minutes at `a`, then three at `b`, where other lots are."""
    route = [SLOW | tables.pop("first", {}), *(second or [{"tool_group": "b", "process": 3}])]
    groups = {"a": {}, "b": {}, "c": {}} | tables.pop("groups", {})
    routes = {"hot": route, "other": [{"tool_group": "b", "process": 20} | tables.pop("other", {})]}
    return make_fab(groups, routes, orders, **tables)


def starts(fab: Fab, until: float = 200) -> dict[tuple[str, int, int], float]:
    """Start of each step by (route, lot of the order, step)."""
    fp, state = run_floor(fab, until)
    return {(route, number, step): start for _, number, route, step, *_, start, _ in trace_of(fp, state)}


def other(start: float, **more: Any) -> dict[str, Any]:
    return {"product": "other", "start": start, **more}


@pytest.mark.parametrize(("reserve", "hot", "regular"), [(True, 10, 13), (False, 25, 5)])
def test_an_idle_tool_waits_for_the_lot(reserve: bool, hot: float, regular: float) -> None:
    fab = two_groups([HOT | {"reserve": reserve}, other(5)])
    begun = starts(fab)
    assert (begun["hot", 0, 2], begun["other", 0, 1]) == (hot, regular)
    _, state = run_floor(fab, 10)
    assert e10_of(state)[1, T_STANDBY] == (10 if reserve else 5)


@pytest.mark.parametrize(("reserve", "hot", "regular"), [(True, 29, 32), (False, 40, 20)])
def test_where_none_is_idle_the_next_one_that_is_free_waits(reserve: bool, hot: float, regular: float) -> None:
    """The tool is at work until minute 20; a lot that waits since 18 lets the lot pass that comes at 29."""
    fab = two_groups([HOT | {"start": 19, "reserve": reserve}, other(0), other(18, order="later")])
    fp, state = run_floor(fab, 200)
    begun = {(row[0], row[3]): row[-2] for row in trace_of(fp, state)}
    assert (begun[0, 2], begun[2, 1]) == (hot, regular)


@pytest.mark.parametrize(
    ("second", "takes_it_up"),
    [
        ([{"tool_group": "b", "process": 3, "sampling_percent": 1e-9}, {"tool_group": "c", "process": 1}], 10),
        ([{"tool_group": "b", "process": 3}], 13),
    ],
)
def test_a_lot_that_passes_the_step_gives_the_tool_back(second: list[dict[str, Any]], takes_it_up: float) -> None:
    assert starts(two_groups([HOT, other(5)], second=second))["other", 0, 1] == takes_it_up


def test_a_scrapped_lot_gives_the_tool_back() -> None:
    scrap = SLOW | {"scrap_percent": 99.999999}
    fab = make_fab(
        {"a": {}, "b": {}},
        {"hot": [scrap, {"tool_group": "b", "process": 3}], "other": [{"tool_group": "b", "process": 20}]},
        [HOT | {"wafers": 1}, other(5)],
    )
    assert starts(fab)["other", 0, 1] == 10


def test_a_tool_that_goes_down_is_replaced_by_the_next_that_is_free() -> None:
    """Tool 1 is down 10-25 with a lot that ends at 27.5, tool 2 down 20-35 while it is kept; the lot comes at 30."""
    down = {"tool_group": "b", "interval": 1000, "interval_distribution": "constant", "first": 20, "duration": 15}
    fab = two_groups(
        [HOT | {"start": 17}, other(9.5, order="early"), other(26, order="late")],
        first={"process": 13},
        groups={"b": {"tools": 2}},
        outages=[down | {"first_rule": "staggered", "duration_distribution": "constant"}],
        other={"process": 3},
    )
    fp, state = run_floor(fab, 200)
    begun = {(row[0], row[3]): (row[5], row[-2]) for row in trace_of(fp, state)}
    first = fp.plan.groups.first_tool[fp.index.groups["b"]]
    assert begun[0, 2] == (first, 30)
    assert begun[2, 1] == (first, 33)


@pytest.mark.parametrize(
    ("group", "step"),
    [
        ({}, {"per": "batch", "batch_min": 25, "batch_max": 50}),
        ({"min_run": 2}, {"setup": "s"}),
    ],
)
def test_no_tool_is_kept_for_batches_and_minimum_runs(group: dict[str, Any], step: dict[str, Any]) -> None:
    fab = two_groups(
        [HOT, other(5)], second=[{"tool_group": "b", "process": 3} | step], groups={"b": group}, other=step
    )
    begun = starts(fab)
    assert (begun["other", 0, 1], begun["hot", 0, 2]) == (5, 25)


def test_a_group_keeps_one_tool_at_a_time() -> None:
    """Two super hot lots, two tools: the second lot finds its tool taken."""
    fab = two_groups(
        [HOT | {"lots_per_release": 2}, other(4), other(5, order="later")],
        groups={"a": {"tools": 2}, "b": {"tools": 2}},
    )
    fp, state = run_floor(fab, 200)
    begun = {(row[0], row[1], row[3]): row[-2] for row in trace_of(fp, state)}
    assert begun[1, 0, 1] == 4
    assert begun[0, 0, 2] == 10
    assert begun[0, 1, 2] == 13
    assert begun[2, 0, 1] == 16


def test_only_a_tool_that_may_run_the_step_is_kept() -> None:
    fab = two_groups(
        [HOT, other(5), other(6, order="later")],
        second=[{"tool_group": "b", "process": 3, "recipe": "x"}],
        groups={"b": {"tools": 2}},
        qualifications=[{"tool_group": "b", "recipe": "x", "tools": "2"}],
    )
    fp, state = run_floor(fab, 200)
    begun = {(row[0], row[3]): (row[5], row[-2]) for row in trace_of(fp, state)}
    first = fp.plan.groups.first_tool[fp.index.groups["b"]]
    assert begun[0, 2] == (first + 1, 10)
    assert begun[1, 1] == (first, 5)
    assert begun[2, 1] == (first + 1, 13)


def test_the_tool_a_lot_is_bound_to_is_kept() -> None:
    """Lens to lens: step 1 on tool 1 of b binds step 3, so tool 1 is kept though tool 2 is idle longer."""
    route = [
        {"tool_group": "b", "process": 4, "dedicate_step": 3},
        {"tool_group": "a", "process": 10},
        {"tool_group": "b", "process": 3},
    ]
    fab = make_fab(
        {"a": {}, "b": {"tools": 2}},
        {"hot": route, "other": [{"tool_group": "b", "process": 20}]},
        [HOT, other(8), other(9, order="later")],
    )
    fp, state = run_floor(fab, 200)
    begun = {(row[0], row[3]): (row[5], row[-2]) for row in trace_of(fp, state)}
    first = fp.plan.groups.first_tool[fp.index.groups["b"]]
    assert begun[0, 1] == (first, 0)
    assert begun[0, 3] == (first, 14)
    assert begun[1, 1] == (first + 1, 8)
    assert begun[2, 1] == (first, 17)


def test_setup_begins_when_the_lot_is_there() -> None:
    fab = two_groups(
        [HOT], second=[{"tool_group": "b", "process": 3, "setup": "s"}], setups=[{"to_setup": "s", "time": 5}]
    )
    fp, state = run_floor(fab, 200)
    assert trace_of(fp, state)[-1][-2:] == (10, 18)


def test_tools_may_be_kept_during_a_delay() -> None:
    route = [{"tool_group": "rest", "process": 10}, {"tool_group": "b", "process": 3}]
    fab = make_fab(
        {"rest": {"kind": "delay", "tools": 0}, "b": {}},
        {"hot": route, "other": [{"tool_group": "b", "process": 20}]},
        [HOT, other(5)],
    )
    assert starts(fab)["other", 0, 1] == 13


@pytest.mark.parametrize("stays", [False, True])
def test_a_kept_tool_may_leave_the_fleet(stays: bool) -> None:
    """It leaves at once, and the other tool is kept; one that is called back before it left is kept as before."""
    fab = two_groups([HOT, other(4)], groups={"b": {"tools": 2}})
    fp = floor_plan(fab)
    state = drive.advance(fp.plan, fp.fresh(1, trace=True), 2)
    kept = int(state.groups.kept[fp.index.groups["b"]])
    assert kept == fp.plan.groups.first_tool[fp.index.groups["b"]]
    state = drive.remove_tool(fp.plan, state, kept)
    if stays:
        state = drive.add_tool(fp.plan, state, kept)
    state = drive.advance(fp.plan, state, 3)
    assert (state.tools.state[kept] == OUT) != stays
    state = drive.advance(fp.plan, state, 100)
    begun = {row[2]: (row[5], row[-2]) for row in trace_of(fp, state)}
    assert begun["hot"] == ((kept, 10) if stays else (kept + 1, 10))
    assert begun["other"] == ((kept + 1, 4) if stays else (kept + 1, 13))
