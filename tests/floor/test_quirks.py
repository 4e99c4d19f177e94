"""Six features that the nearest open simulator declares but does not do; each is shown to act here."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from renkei.fab.fab import Fab
from renkei.floor import drive
from renkei.floor.records import T_PRODUCTIVE, T_STANDBY, T_UNSCHEDULED

from .fabs import e10_of, make_fab, run_floor, trace_of

CONSTANT = {"interval_distribution": "constant", "duration_distribution": "constant", "first_rule": "constant"}


@pytest.mark.tiny
@pytest.mark.parametrize(("limit", "violated"), [(0, 4), (3, 4), (4, 3), (8, 2), (12, 0)])
def test_queue_time_limits_are_measured(limit: float, violated: int) -> None:
    """Four lots leave step 1 together, another follows; they wait 0, 4, 8, 12 and 12 minutes for the tool of step 2."""
    steps = [
        {"tool_group": "many", "process": 1, "queue_limit_step": 2, "queue_limit": limit},
        {"tool_group": "one", "process": 4},
    ]
    order = {"product": "r", "lots_per_release": 4, "interval": 100, "releases": 1}
    late = {"product": "r", "start": 4, "releases": 1, "interval": 100}
    fab = make_fab({"many": {"tools": 5}, "one": {}}, {"r": steps}, [order, late])
    fp, state = run_floor(fab, until=50)
    waits = sorted(start - arrived for *_, step, _, _, arrived, start, _ in trace_of(fp, state) if step == 2)
    assert waits == [0, 4, 8, 12, 12]
    assert state.steps[0].checked == 5
    assert state.steps[0].violated == violated


def batch_fab(interval: float) -> Fab:
    step = {"tool_group": "g", "process": 10, "per": "batch", "batch_min": 50, "batch_max": 150}
    return make_fab({"g": {}}, {"r": [step]}, [{"product": "r", "interval": interval}])


@pytest.mark.tiny
@pytest.mark.parametrize(("interval", "lots"), [(20, {2}), (4, {2, 3}), (1, {6})])
def test_batches_start_between_their_limits(interval: float, lots: set[int]) -> None:
    """With few lots a batch starts at its minimum, with many it is full, and between them it takes what there is."""
    fp, state = run_floor(batch_fab(interval), until=200)
    starts = [start for *_, start, _ in trace_of(fp, state)]
    sizes = np.unique(starts, return_counts=True)[1]
    assert set(sizes[1:]) == lots


@pytest.mark.tiny
@pytest.mark.parametrize("least", [0, 3, 7])
def test_minimum_runs_count_down(least: int) -> None:
    """Lots of two setups come in turns and more than can be done: the setup changes at once after the minimum run."""
    routes = {name: [{"tool_group": "g", "process": 3, "setup": name}] for name in "ab"}
    orders = [{"product": name, "start": n, "interval": 3} for n, name in enumerate("ab")]
    setups = [{"to_setup": name, "time": 1} for name in "ab"]
    rule = ("fifo",)
    fp, state = run_floor(make_fab({"g": {"min_run": least}}, routes, orders, setups=setups, dispatch=rule), until=800)
    runs = [1]
    names = [route for _, _, route, *_ in trace_of(fp, state)]
    for before, after in pairwise(names):
        runs = [*runs, 1] if after != before else [*runs[:-1], runs[-1] + 1]
    assert len(runs) > 10
    assert set(runs[2:-1]) == {max(least, 1)}


@pytest.mark.tiny
def test_a_breakdown_of_an_idle_tool_costs() -> None:
    """The tool fails at minute 10 while idle; the lot of minute 12 starts when it is repaired, at minute 30."""
    outage = {"tool_group": "g", "interval": 1000, "first": 10, "duration": 20} | CONSTANT
    order = {"product": "r", "start": 12}
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 5}]}, [order], outages=[outage])
    fp, state = run_floor(fab, until=40)
    assert [row[-2:] for row in trace_of(fp, state)] == [(30.0, 35.0)]
    time = e10_of(state)[0]
    assert (time[T_UNSCHEDULED], time[T_STANDBY], time[T_PRODUCTIVE]) == (20, 15, 5)


def test_uniform_times_reach_their_half_width() -> None:
    step = {"tool_group": "g", "process": 10, "distribution": "uniform", "spread": 4}
    fp, state = run_floor(make_fab({"g": {"tools": 2}}, {"r": [step]}, [{"product": "r", "interval": 8}]), until=80_000)
    times = np.array([end - start for *_, start, end in trace_of(fp, state)])
    assert times.min() == pytest.approx(6, abs=0.01)
    assert times.max() == pytest.approx(14, abs=0.01)
    assert times.std() == pytest.approx(4 / 3**0.5, rel=0.02)


@pytest.mark.tiny
def test_utilisation_never_passes_one() -> None:
    """An overloaded tool is productive all the time, a job under way counts as far as it has come."""
    step = {"tool_group": "g", "process": 30}
    fp, state = run_floor(make_fab({"g": {}}, {"r": [step]}, [{"product": "r", "interval": 10}]), until=45)
    for minute in (50, 65, 90, 101):
        drive.begin_window(fp.plan, state)
        since = state.clock[0].now
        state = drive.advance(fp.plan, state, minute)
        assert e10_of(state)[0, T_PRODUCTIVE] == minute - since
