"""Tables that grow when they fill up: nothing is lost, and how often a run stops to grow does not matter."""

from __future__ import annotations

import numpy as np
import pytest

from renkei.build.floorplan import floor_plan
from renkei.floor import drive
from renkei.floor.state import copied

from .everything import everything
from .fabs import make_fab, run_floor, trace_of


def test_a_release_of_many_lots_at_once() -> None:
    """More lots than there are free rows come, wait, and leave in their order."""
    order = {"product": "r", "lots_per_release": 6000, "interval": 50_000}
    fab = make_fab({"g": {"tools": 3}}, {"r": [{"tool_group": "g", "process": 3}]}, [order])
    fp, state = run_floor(fab, until=7000)
    assert len(state.lots) >= 6000
    assert state.clock[0].completed == 6000
    assert [row[1] for row in trace_of(fp, state)] == list(range(6000))


def test_many_initial_lots() -> None:
    wip = [{"product": "r", "step": 1}] * 9000
    fab = make_fab({"g": {"tools": 9}}, {"r": [{"tool_group": "g", "process": 1}]}, initial_wip=wip)
    fp, state = run_floor(fab, until=1000)
    assert state.clock[0].completed == 9000
    assert [row[1] for row in trace_of(fp, state)] == list(range(9000))


def test_a_batch_of_many_small_lots() -> None:
    """A thousand one-wafer lots end together."""
    step = {"tool_group": "g", "process": 10, "per": "batch", "batch_min": 1000, "batch_max": 1000}
    order = {"product": "r", "wafers": 1, "lots_per_release": 500, "interval": 20}
    _, state = run_floor(make_fab({"g": {}}, {"r": [step, {"tool_group": "g", "process": 0}]}, [order]), until=9000)
    assert state.clock[0].completed > 200_000
    assert state.clock[0].released == state.clock[0].completed + state.clock[0].wip


def test_events_far_apart_and_close_together() -> None:
    """Processes from a hundredth of a minute to a year, all in flight at once, end when they should."""
    minutes = [0.01, 1.0, 60.0, 1440.0, 525_600.0]
    routes = {f"r{n}": [{"tool_group": "g", "process": time}] for n, time in enumerate(minutes)}
    orders = [{"product": f"r{n}", "interval": 777.0, "releases": 40} for n in range(len(minutes))]
    fp, state = run_floor(make_fab({"g": {"tools": 200}}, routes, orders), until=600_000)
    ends = {route: [] for route in routes}
    for _, number, route, *_, end in trace_of(fp, state):
        ends[route].append((number, end))
    for n, time in enumerate(minutes):
        assert [number for number, _ in sorted(ends[f"r{n}"])] == list(range(40))
        assert all(end == pytest.approx(777.0 * number + time) for number, end in ends[f"r{n}"])


def test_a_snapshot_is_independent() -> None:
    """Going on from a snapshot leaves it and the original alone."""
    fp = floor_plan(everything(exact=False))
    state = drive.advance(fp.plan, fp.fresh(7), 300)
    snapshot = copied(state)
    before = {name: table.tobytes() for name, table in zip(snapshot._fields, snapshot, strict=True)}
    drive.advance(fp.plan, state, 900)
    assert {name: table.tobytes() for name, table in zip(snapshot._fields, snapshot, strict=True)} == before
    assert np.shares_memory(snapshot.lots, state.lots) is False


@pytest.mark.tiny
def test_different_seeds_differ_and_equal_ones_do_not() -> None:
    fab = everything(exact=False)
    traces = [trace_of(*run_floor(fab, until=200, seed=seed)) for seed in (1, 1, 2, 2**64 - 1)]
    assert traces[0] == traces[1]
    assert traces[0] != traces[2]
    assert traces[2] != traces[3]
