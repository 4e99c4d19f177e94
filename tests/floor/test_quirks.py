"""Features that the nearest open simulator declares, reports or needs, but was measured not to have (PySCFabSim-release
at 77103ed, on SMT2020); each is shown to act here: with another setting the result is another one, known by hand.
"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

import renkei
from renkei.fab.fab import Fab
from renkei.floor import drive
from renkei.floor.records import T_PRODUCTIVE, T_SCHEDULED, T_STANDBY, T_UNSCHEDULED
from renkei.outcome.spread import half_width_of, mean_of

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
def test_a_lot_waits_until_the_smallest_batch_is_there() -> None:
    """Lots of 25 wafers come every 20 minutes: of one lot at once, of two when the second comes, of three likewise."""
    for least, starts in ((25, [0, 20, 40]), (50, [20, 20, 60, 60]), (75, [40, 40, 40])):
        step = {"tool_group": "g", "process": 10, "per": "batch", "batch_min": least, "batch_max": 75}
        fp, state = run_floor(make_fab({"g": {}}, {"r": [step]}, [{"product": "r", "interval": 20}]), until=72)
        assert [start for *_, start, _ in trace_of(fp, state)][: len(starts)] == starts


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
@pytest.mark.parametrize(("least", "start"), [(0, 10), (2, 20), (3, 30)])
def test_a_minimum_run_binds_hot_lots_too(least: int, start: float) -> None:
    """A hot lot of setup b comes at 2, while the first of three a-lots is under way; each takes ten minutes."""
    routes = {name: [{"tool_group": "g", "process": 10, "setup": name}] for name in "ab"}
    orders = [{"product": "a", "lots_per_release": 3}, {"product": "b", "start": 2, "priority": 20}]
    fp, state = run_floor(make_fab({"g": {"min_run": least}}, routes, orders, dispatch=("priority", "fifo")), until=60)
    assert [row[-2] for row in trace_of(fp, state) if row[2] == "b"] == [start]


@pytest.mark.tiny
@pytest.mark.parametrize(("kind", "column"), [("breakdown", T_UNSCHEDULED), ("pm", T_SCHEDULED)])
def test_an_outage_of_an_idle_tool_takes_it_away(kind: str, column: int) -> None:
    """The tool stands still from minute 10 on while idle; the lot of minute 12 starts when it is back, at minute 30."""
    outage = {"tool_group": "g", "kind": kind, "interval": 1000, "first": 10, "duration": 20} | CONSTANT
    order = {"product": "r", "start": 12}
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 5}]}, [order], outages=[outage])
    fp, state = run_floor(fab, until=40)
    assert [row[-2:] for row in trace_of(fp, state)] == [(30.0, 35.0)]
    time = e10_of(state)[0]
    assert (time[column], time[T_STANDBY], time[T_PRODUCTIVE]) == (20, 15, 5)


def test_uniform_times_reach_their_half_width() -> None:
    """The second parameter is the half-width: 10 ± 4 and not 10 ± 2."""
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


@pytest.mark.parametrize("way", ["cascade", "batch", "breakdowns"])
def test_no_overloaded_family_is_used_more_than_its_up_time(way: str) -> None:
    """Three tools, more work than they can do, windows cut in the middle of jobs: productive is what is up, no more."""
    step: dict[str, Any] = {"tool_group": "g", "process": 100, "distribution": "lognormal", "spread": 0.5}
    outages = [{"tool_group": "g", "interval": 300, "duration": 60}] if way == "breakdowns" else []
    if way == "batch":
        step |= {"per": "batch", "batch_min": 25, "batch_max": 75}
    if way == "cascade":
        step |= {"interval": 25, "interval_per": "lot"}
    group = {"tools": 3, "cascade": way == "cascade"}
    fab = make_fab({"g": group}, {"r": [step]}, [{"product": "r", "interval": 5}], outages=outages)
    run = renkei.run_floor(fab, days=9.013, warmup=1.007, replications=3)
    for one in run.replications:
        row = one["tool_groups"]["g"]
        up = 1 - row["unscheduled_down"] - row["scheduled_down"]
        assert bool(up < 0.95) == (way == "breakdowns")
        assert 0.999 * up < row["productive"] <= up + 1e-12
        assert 0.999 < row["utilisation_of_uptime"] <= 1 + 1e-12


def test_the_warm_up_is_cut_off() -> None:
    """A hundred lots wait at the start. Once they are gone, a lot every half hour never waits: 20 minutes, 48 a day."""
    wip = [{"product": "r", "step": 1, "start": 0}] * 100
    step = {"tool_group": "g", "process": 20}
    fab = make_fab({"g": {}}, {"r": [step]}, [{"product": "r", "interval": 30, "start": 1}], initial_wip=wip)
    whole, cut = renkei.run_floor(fab, days=20).measures, renkei.run_floor(fab, days=20, warmup=8).measures
    assert whole["mean_cycle_time_days"] * 1440 > 200
    assert cut["mean_cycle_time_days"] * 1440 == pytest.approx(20)
    assert cut["completed_lots"] == 12 * 48
    assert cut["mean_wip_lots"] == pytest.approx(20 / 30)
    assert cut["tool_groups"]["g"]["productive"] == pytest.approx(20 / 30)


def test_intervals_cover_what_they_should() -> None:
    """Of 60 intervals at 95 % for the mean WIP of M/M/1 at load 1/2, at least 49 hold the exact one.

    Fewer would come less than once in ten thousand times; if all did, they would be too wide.
    """
    step = {"tool_group": "g", "process": 10, "distribution": "exponential"}
    order = {"product": "r", "interval": 20, "interval_distribution": "exponential"}
    runs = renkei.run_floor(make_fab({"g": {}}, {"r": [step]}, [order]), days=11, warmup=1, replications=180)
    wip = [{"mean_wip_lots": run["mean_wip_lots"]} for run in runs.replications]
    groups = [wip[first : first + 3] for first in range(0, 180, 3)]
    means = np.array([mean_of(group)["mean_wip_lots"] for group in groups])
    halves = np.array([half_width_of(group)["mean_wip_lots"] for group in groups])
    assert means.mean() == pytest.approx(1, abs=0.05)
    assert 49 <= (np.abs(means - 1) <= halves).sum() < 60


def test_an_interval_is_that_of_students_t() -> None:
    """Half-width = t(0.975, n − 1)·s/√n, with what the replications themselves tell."""
    step = {"tool_group": "g", "process": 10, "distribution": "exponential"}
    order = {"product": "r", "interval": 20, "interval_distribution": "exponential"}
    told = renkei.run_floor(make_fab({"g": {}}, {"r": [step]}, [order]), days=11, replications=5).to_json()
    cycle_times = [run["mean_cycle_time_days"] for run in told["replications"]]
    assert told["mean_cycle_time_days"] == pytest.approx(np.mean(cycle_times))
    expected = 2.776 * np.std(cycle_times, ddof=1) / 5**0.5
    assert told["ci95"]["mean_cycle_time_days"] == pytest.approx(expected, rel=1e-3)
