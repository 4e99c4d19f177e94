"""Tools, people and starts that change while the floor runs."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.fab.fab import Fab
from renkei.floor import drive
from renkei.floor.records import OUT, T_OUT, T_SCHEDULED
from renkei.floor.state import State

from .everything import everything
from .fabs import e10_of, make_fab, trace_of

FIXED = {"interval_distribution": "constant", "duration_distribution": "constant", "first_rule": "constant"}
Change = tuple[float, str, int, int]


def plain_shop(tools: int, **more: Any) -> Fab:
    step = {"tool_group": "g", "process": 10}
    return make_fab({"g": {"tools": tools}}, {"r": [step]}, [{"product": "r", "interval": 5}], **more)


@pytest.mark.tiny
def test_a_tool_joins_and_leaves_after_its_job() -> None:
    """One tool from the start, a second one from 21; the first leaves at 33, in the middle of the job of 30 to 40."""
    fp = floor_plan(plain_shop(2))
    state = drive.advance(fp.plan, fp.fresh(1, {"g": 1}, trace=True), 21)
    state = drive.add_tool(fp.plan, state, 1)
    state = drive.wake_group(fp.plan, state, 0)
    state = drive.advance(fp.plan, state, 33)
    state = drive.remove_tool(fp.plan, state, 0)
    state = drive.advance(fp.plan, state, 80)
    by_tool = [[row[-2:] for row in trace_of(fp, state) if row[5] == tool] for tool in (0, 1)]
    assert by_tool[0] == [(0, 10), (10, 20), (20, 30), (30, 40)]
    assert by_tool[1] == [(21, 31), (31, 41), (41, 51), (51, 61), (61, 71)]
    assert state.tools[0].state == OUT
    assert list(e10_of(state)[:, T_OUT]) == [40, 21]


@pytest.mark.tiny
def test_a_tool_that_is_wanted_back_stays() -> None:
    fp = floor_plan(plain_shop(1))
    state = drive.advance(fp.plan, fp.fresh(1, trace=True), 12)
    state = drive.remove_tool(fp.plan, state, 0)
    state = drive.add_tool(fp.plan, state, 0)
    state = drive.advance(fp.plan, state, 45)
    assert [row[-1] for row in trace_of(fp, state)] == [10, 20, 30, 40]


@pytest.mark.tiny
def test_maintenance_due_before_a_tool_left_is_forgotten() -> None:
    """Due at 5, in the job of 0 to 10; the tool leaves at 10 and is back at 20: its clock begins anew."""
    outage = {"tool_group": "g", "kind": "pm", "first": 5, "interval": 100, "duration": 7} | FIXED
    step = {"tool_group": "g", "process": 10}
    fab = make_fab({"g": {}}, {"r": [step]}, [{"product": "r"}], outages=[outage])
    fp = floor_plan(fab)
    state = drive.advance(fp.plan, fp.fresh(1), 6)
    state = drive.remove_tool(fp.plan, state, 0)
    state = drive.advance(fp.plan, state, 20)
    assert state.tools[0].state == OUT
    state = drive.add_tool(fp.plan, state, 0)
    state = drive.advance(fp.plan, state, 24)
    assert e10_of(state)[0, T_SCHEDULED] == 0
    state = drive.advance(fp.plan, state, 60)
    assert e10_of(state)[0, T_SCHEDULED] == 7


@pytest.mark.tiny
@pytest.mark.parametrize("when", [3, 12, 21])
def test_lots_bound_to_a_tool_that_leaves_use_another(when: float) -> None:
    """While it works, while they wait for it, and on the way to it."""
    steps = [
        {"tool_group": "g", "process": 10, "dedicate_step": 3},
        {"tool_group": "h", "process": 5},
        {"tool_group": "g", "process": 10},
    ]
    orders = [{"product": "r", "interval": 5, "releases": 6}]
    fp = floor_plan(make_fab({"g": {"tools": 2}, "h": {}}, {"r": steps}, orders, transports=[{"time": 2}]))
    state = drive.advance(fp.plan, fp.fresh(1), when)
    state = drive.remove_tool(fp.plan, state, 0)
    state = drive.advance(fp.plan, state, 300)
    assert state.clock[0].completed == 6
    assert state.tools[0].state == OUT


@pytest.mark.tiny
def test_starts_are_planned_anew() -> None:
    fp = floor_plan(plain_shop(9))
    state = drive.advance(fp.plan, fp.fresh(1, trace=True), 12)
    state = drive.set_release(fp.plan, state, 0, 20, 3, 4)
    state = drive.advance(fp.plan, state, 200)
    assert [row[-2] for row in trace_of(fp, state)] == [0, 5, 10, 20, 23, 26, 29]
    state = drive.set_release(fp.plan, state, 0, 0, 50, -1)
    state = drive.advance(fp.plan, state, 320)
    assert [row[-2] for row in trace_of(fp, state)][7:] == [200, 250, 300]


def test_many_changes_at_once_find_room() -> None:
    """Hundreds of idle tools wake hundreds of times within a minute."""
    fp = floor_plan(plain_shop(300))
    state = drive.advance(fp.plan, fp.fresh(1), 1)
    for _ in range(100):
        state = drive.wake_group(fp.plan, state, 0)
    assert state.clock[0].rare > 25_000
    state = drive.advance(fp.plan, state, 1000)
    assert state.clock[0].completed == 199


def change(fp: FloorPlan, state: State, what: str, which: int, how: int) -> State:
    tool = which % len(state.tools)
    if what == "add":
        return drive.add_tool(fp.plan, state, tool)
    if what == "wake":
        return drive.wake_group(fp.plan, state, which % len(fp.fab.tool_groups))
    if what == "people":
        return drive.set_people(fp.plan, state, which % len(fp.fab.crews), how - 1)
    if what == "release":
        return drive.set_release(fp.plan, state, which % len(fp.fab.orders), state.clock[0].now + how, 9.0 + how, how)
    group = state.tools[tool].group
    staying = [row for row in state.tools if row.group == group and row.state != OUT and row.leaving == 0]
    return drive.remove_tool(fp.plan, state, tool) if len(staying) > 1 else state


changes = st.lists(
    st.tuples(
        st.floats(0, 500),
        st.sampled_from(["add", "remove", "remove", "wake", "people", "release"]),
        st.integers(0, 11),
        st.integers(0, 4),
    ),
    max_size=25,
)


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=changes, seed=st.integers(0, 3))
def test_laws_hold_whatever_changes(plan: list[Change], seed: int) -> None:
    """Lots and wafers are conserved, time accounts sum up, and no lot is left with a tool that went."""
    fp = floor_plan(everything(exact=False))
    state = fp.fresh(seed)
    for time, what, which, how in sorted(plan):
        state = change(fp, drive.advance(fp.plan, state, time), what, which, how)
    state = drive.advance(fp.plan, state, 600)
    clock = state.clock[0]
    assert clock.released == clock.completed + clock.scrapped_lots + clock.wip
    assert clock.wafers_in == clock.wafers_out + clock.wafers_lost + clock.wip_wafers
    assert e10_of(state).sum(axis=1) == pytest.approx(600)
    assert np.all(state.crews.working >= 0)
    out = state.tools[state.tools.state == OUT]
    assert not out.inside.any()
    assert not out.queued.any()
