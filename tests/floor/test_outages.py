"""Breakdowns and maintenance, minute by minute."""

from __future__ import annotations

from typing import Any

import pytest

from renkei.fab.fab import Fab
from renkei.floor.records import T_PRODUCTIVE, T_SCHEDULED, T_SETUP, T_UNSCHEDULED

from .fabs import e10_of, make_fab, run_floor, trace_of

FIXED = {"interval_distribution": "constant", "duration_distribution": "constant", "first_rule": "constant"}
pytestmark = pytest.mark.tiny


def shop(outages: list[dict[str, Any]], tools: int = 1, orders: list[dict[str, Any]] | None = None, **step: Any) -> Fab:
    orders = orders or [{"product": "r", "interval": 10}]
    steps = [{"tool_group": "g", "process": 6, **step}]
    setups = [{"to_setup": "s", "time": 2}] if "setup" in step else []
    own = [FIXED | {"tool_group": "g"} | outage for outage in outages]
    return make_fab({"g": {"tools": tools}}, {"r": steps}, orders, outages=own, setups=setups)


def spans(fab: Fab, until: float) -> list[tuple[float, float]]:
    return [row[-2:] for row in trace_of(*run_floor(fab, until))]


def test_a_breakdown_stops_the_job_and_the_rest_resumes() -> None:
    """Down from 3 to 8 and, 20 minutes after the repair, from 28 to 33."""
    fab = shop([{"first": 3, "interval": 20, "duration": 5}])
    assert spans(fab, 50) == [(0, 11), (11, 17), (20, 26), (33, 39), (40, 46)]


def test_a_breakdown_in_the_setup() -> None:
    """Setup 0 to 2 is cut at 1; setup time and process time are accounted for apart."""
    fab = shop([{"first": 1, "interval": 1000, "duration": 4}], setup="s")
    _, state = run_floor(fab, until=10)
    time = e10_of(state)[0]
    assert (time[T_SETUP], time[T_UNSCHEDULED], time[T_PRODUCTIVE]) == (2, 4, 4)


def test_busy_clocks_stand_still_while_a_tool_is_idle() -> None:
    """Every 8 minutes of work: at 12, at 24, and what runs out just at 36 strikes when the next job begins."""
    fab = shop([{"clock": "busy", "first": 8, "interval": 8, "duration": 3}])
    assert spans(fab, 49) == [(0, 6), (10, 19), (20, 29), (30, 36), (40, 49)]


def test_wafer_clocks_count_at_the_end_of_jobs() -> None:
    """A failure after 50 wafers, at the end of the second lot."""
    fab = shop([{"clock": "wafers", "first": 50, "interval": 50, "duration": 7}])
    assert spans(fab, 45) == [(0, 6), (10, 16), (23, 29), (30, 36)]


def test_maintenance_waits_for_the_job_and_closes_the_tool() -> None:
    """Due at 3, begun at 6 when the tool is empty; the next one 20 minutes after that start."""
    fab = shop([{"kind": "pm", "first": 3, "interval": 20, "duration": 5}])
    assert spans(fab, 45) == [(0, 6), (11, 17), (20, 26), (31, 37), (40, 46)][:4]
    _, state = run_floor(fab, until=45)
    assert e10_of(state)[0, T_SCHEDULED] == 10


def test_maintenance_by_wafers_carries_the_overshoot() -> None:
    """Every 30 wafers, lots of 25: twelve lots are 300 wafers, so ten times, not once every second lot."""
    fab = shop([{"kind": "pm", "clock": "wafers", "first": 30, "interval": 30, "duration": 1}])
    _, state = run_floor(fab, until=10 * 12 - 1)
    assert e10_of(state)[0, T_SCHEDULED] == 25 * 12 // 30


def test_first_maintenance_is_staggered_over_the_tools() -> None:
    fab = shop([{"kind": "pm", "first": 40, "interval": 1000, "duration": 10, "first_rule": "staggered"}], tools=4)
    _, state = run_floor(fab, until=25)
    assert list(e10_of(state)[:, T_SCHEDULED]) == [10, 5, 0, 0]


def test_down_and_maintenance_never_overlap() -> None:
    """A failure at 8 waits for the end of the PM (5 to 15); the repair takes until 19."""
    outages = [
        {"kind": "pm", "first": 5, "interval": 1000, "duration": 10},
        {"first": 8, "interval": 1000, "duration": 4},
    ]
    fab = shop(outages, orders=[{"product": "r", "start": 6}])
    _, state = run_floor(fab, until=30)
    time = e10_of(state)[0]
    assert (time[T_SCHEDULED], time[T_UNSCHEDULED]) == (10, 4)
    assert spans(fab, 30) == [(19, 25)]


def test_a_cascade_stops_in_both_slots() -> None:
    """A lot in slot 2 (3 to 9) and one in slot 1 (3 to 6) both lose the four minutes from 4 to 8."""
    step = {"tool_group": "g", "process": 9, "interval": 3, "interval_per": "lot"}
    outage = FIXED | {"tool_group": "g", "first": 4, "interval": 1000, "duration": 4}
    order = {"product": "r", "lots_per_release": 2}
    fab = make_fab({"g": {"cascade": True}}, {"r": [step]}, [order], outages=[outage])
    assert spans(fab, 40) == [(0, 13), (3, 19)]


@pytest.mark.parametrize("clock", ["calendar", "busy"])
def test_repairs_may_take_no_time(clock: str) -> None:
    """Stopped and resumed in one instant, again and again: nothing happens twice."""
    step = {
        "tool_group": "g",
        "process": 2,
        "interval": 1,
        "interval_per": "lot",
        "rework_step": 1,
        "rework_percent": 50,
    }
    outages = [FIXED | {"tool_group": "g", "clock": clock, "first": 0, "interval": 1, "duration": 0}] * 2
    fab = make_fab(
        {"g": {"cascade": True, "tools": 2}}, {"r": [step]}, [{"product": "r", "interval": 2}], outages=outages
    )
    _, state = run_floor(fab, until=500)
    clock_row = state.clock[0]
    assert clock_row.completed > 100
    assert clock_row.released == clock_row.completed + clock_row.wip
    assert e10_of(state).sum(axis=1) == pytest.approx(500)


def test_lots_of_no_process_leave_a_cascade_together() -> None:
    step = {"tool_group": "g", "process": 0, "interval": 0, "interval_per": "lot"}
    back = [{"tool_group": "h", "process": 1}, step]
    orders = [{"product": "r", "lots_per_release": 5, "interval": 3}]
    fab = make_fab({"g": {"cascade": True}, "h": {"tools": 5}}, {"r": [step, *back]}, orders)
    _, state = run_floor(fab, until=100)
    assert state.clock[0].completed == 5 * 34
    assert state.tools[0].inside == 0
