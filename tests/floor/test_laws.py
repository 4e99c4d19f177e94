"""What holds on any floor: on random small fabs with random times, and on the fabs of the trade."""

from __future__ import annotations

import hashlib
import json
import os
import pickle
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numba
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import renkei
from renkei.fab.fab import Fab
from renkei.floor import drive
from renkei.floor.records import BY_BOOKING, BY_EVENT, UNTRACED
from renkei.floor.state import State, copied

from . import laws
from .everything import everything
from .fabs import run_floor, trace_of
from .laws import LAWS, OF_A_WINDOW, Run, watched
from .strategies import fabs

UNTIL = 400.0
Law = Callable[[Run], None]


def lawful(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


def assert_lawful(run: Run) -> None:
    """Each law holds; the one that does not stands in the traceback."""
    for law in LAWS:
        law(run)


@lawful(100)
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_all_laws(fab: Fab, seed: int) -> None:
    assert_lawful(watched(fab, UNTIL, seed))


@pytest.mark.slow
@lawful(500)
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_all_laws_on_many_fabs(fab: Fab, seed: int) -> None:
    assert_lawful(watched(fab, UNTIL, seed))


@lawful(60)
@given(fab=fabs(exact=False), seed=st.integers(0, 3), trace=st.booleans())
def test_laws_of_a_window(fab: Fab, seed: int, trace: bool) -> None:
    run = watched(fab, UNTIL, seed, warmup=150.0, trace=trace)
    for law in OF_A_WINDOW:
        law(run)


LONG = pytest.mark.slow


@pytest.mark.parametrize(
    ("name", "days"),
    [("minifab", 40), pytest.param("minifab", 730, marks=LONG), pytest.param("nanosheet-2nm", 30, marks=LONG)],
)
def test_all_laws_on_built_in_fabs(name: str, days: float) -> None:
    run = watched(renkei.load_fab(name), days * 1440.0)
    assert len(run.rows) > 1000
    assert_lawful(run)


def changed(run: Run, table: str, row: int, column: str, by: float) -> Run:
    """The run told otherwise in one place."""
    state = copied(run.state)
    getattr(state, table)[column][row] += by
    return replace(run, state=state)


def unruly(run: Run, **group: Any) -> Run:
    """The run as if the implanters had been declared otherwise."""
    groups = run.fab.tool_groups
    other = groups | {"implanter": groups["implanter"].model_copy(update=group)}
    return replace(run, fab=replace(run.fab, tool_groups=other))


def rerouted(run: Run, number: int, **step: Any) -> Run:
    """The run as if a step of the chips' route had been declared otherwise."""
    chip = list(run.fab.routes["chip"])
    chip[number - 1] = chip[number - 1].model_copy(update=step)
    return replace(run, fab=replace(run.fab, routes=run.fab.routes | {"chip": tuple(chip)}))


def limited(run: Run, wip_limit: int) -> Run:
    """The run as if the first order had had a limit."""
    first, *others = run.fab.orders
    return replace(run, fab=replace(run.fab, orders=(first.model_copy(update={"wip_limit": wip_limit}), *others)))


def swapped(run: Run, one: int, other: int) -> Run:
    """The run with two rows of its trace told in the other order."""
    state = copied(run.state)
    state.trace[[one, other]] = state.trace[[other, one]]
    return replace(run, state=state)


WRONGS: dict[str, tuple[Law, Callable[[Run], Run]]] = {
    "a lot more": (laws.lots_and_wafers_are_conserved, lambda run: changed(run, "clock", 0, "released", 1)),
    "a wafer more": (laws.lots_and_wafers_are_conserved, lambda run: changed(run, "clock", 0, "wafers_lost", 1)),
    "a minute more": (laws.time_accounts_sum_to_the_window, lambda run: changed(run, "tools", 0, "since", -1)),
    "WIP for a minute more": (laws.littles_law_holds_exactly, lambda run: changed(run, "clock", 0, "wip_area", 1)),
    "the second step told first": (laws.time_goes_forward, lambda run: swapped(run, 0, -1 + len(run.rows))),
    "a start before arrival": (laws.steps_follow_one_another, lambda run: changed(run, "trace", 5, "arrived", 99)),
    "two jobs at once": (laws.no_tool_does_two_things, lambda run: changed(run, "trace", latest(run), "start", -150)),
    "a shorter job": (laws.busy_time_is_that_of_the_jobs, lambda run: changed(run, "trace", latest(run), "start", 1)),
    "a batch too large": (laws.batches_keep_their_limits, lambda run: rerouted(without_scrap(run), 2, batch_max=7)),
    "a batch too small": (laws.batches_keep_their_limits, lambda run: rerouted(without_scrap(run), 2, batch_min=16)),
    "a run too short": (laws.minimum_runs_are_kept, lambda run: unruly(run, min_run=9)),
    "another lens": (
        laws.lots_keep_to_their_lens_and_to_qualified_tools,
        lambda run: rerouted(run, 4, dedicate_step=8),
    ),
    "a lot too many": (laws.wip_limits_are_kept, lambda run: limited(run, 1)),
    "a longer limit": (laws.queue_times_are_measured_right, lambda run: rerouted(run, 1, queue_limit=900.0)),
    "a move more": (laws.counts_agree_with_the_trace, lambda run: changed(run, "clock", 0, "moves", 1)),
}
"""What is wrong, and the law that must notice it."""


def latest(run: Run) -> int:
    """The last row of the trace at the first cleaning tool."""
    return max(place for place, row in enumerate(run.rows) if row[5] == 0)


def without_scrap(run: Run) -> Run:
    """The run as if no wafer could be lost, and as if the lots that came smaller had not."""
    routes = {
        name: tuple(step.model_copy(update={"scrap_percent": 0.0}) for step in route)
        for name, route in run.fab.routes.items()
    }
    lots = tuple(lot.model_copy(update={"wafers": 4}) for lot in run.fab.initial_wip)
    return replace(run, fab=replace(run.fab, routes=routes, initial_wip=lots))


@pytest.fixture(scope="module")
def right() -> Run:
    return watched(everything(exact=False), 2000.0, seed=3)


@pytest.mark.parametrize("wrong", WRONGS)
def test_laws_notice_what_is_wrong(right: Run, wrong: str) -> None:
    law, falsified = WRONGS[wrong]
    law(right)
    with pytest.raises(AssertionError):
        law(falsified(right))


def assert_same(state: State, other: State) -> None:
    """All tables agree to the last bit."""
    for name, mine, theirs in zip(State._fields, state, other, strict=True):
        assert len(mine) == len(theirs), name
        for column in mine.dtype.names:
            assert mine[column].tobytes() == theirs[column].tobytes(), f"{name}.{column}"


def assert_stops_do_not_matter(fab: Fab, seed: int, trace: bool, stops: list[float]) -> None:
    fp, once = run_floor(fab, UNTIL, seed, trace)
    state = fp.fresh(seed, trace=trace)
    snapshots = []
    for stop in sorted(stops):
        state = drive.advance(fp.plan, state, stop)
        assert state.clock[0].now == stop
        snapshots.append(copied(state))
    assert_same(drive.advance(fp.plan, state, UNTIL), once)
    for snapshot in snapshots:
        assert_same(drive.advance(fp.plan, snapshot, UNTIL), once)


STOPS = {"seed": st.integers(0, 3), "trace": st.booleans(), "stops": st.lists(st.floats(0, UNTIL), max_size=6)}


@lawful(60)
@given(fab=fabs(exact=False), **STOPS)
def test_the_result_does_not_depend_on_stops_and_snapshots(
    fab: Fab, seed: int, trace: bool, stops: list[float]
) -> None:
    assert_stops_do_not_matter(fab, seed, trace, stops)


@pytest.mark.slow
@lawful(400)
@given(fab=fabs(exact=False), **STOPS)
def test_nor_on_many_fabs(fab: Fab, seed: int, trace: bool, stops: list[float]) -> None:
    assert_stops_do_not_matter(fab, seed, trace, stops)


def assert_a_trace_changes_only_the_number_of_events(fab: Fab, seed: int, until: float) -> None:
    """Lots ride through cascading tools and delays in one event, unless their ends are to be events; traced or not."""
    fp, traced = run_floor(fab, until, seed, trace=BY_EVENT)
    _, riding = run_floor(fab, until, seed, trace=BY_BOOKING)
    _, plain = run_floor(fab, until, seed, trace=UNTRACED)
    assert sorted(trace_of(fp, riding)) == sorted(trace_of(fp, traced))
    assert plain.clock[0].events <= traced.clock[0].events
    assert plain.clock[0].events == riding.clock[0].events
    for name in ("finished", "steps", "times", "orders", "crews", "setups", "groups"):
        mine, theirs = getattr(plain, name), getattr(traced, name)
        for column in mine.dtype.names:
            assert mine[column].tobytes() == theirs[column].tobytes(), f"{name}.{column}"
    for counter in ("moves", "wip", "wip_area", "lot_time", "completed", "wafers_out", "wafers_lost"):
        assert plain.clock[counter] == traced.clock[counter], counter


@lawful(60)
@given(fab=fabs(), seed=st.integers(0, 3), until=st.floats(50.0, UNTIL))
def test_a_trace_changes_nothing_but_the_number_of_events(fab: Fab, seed: int, until: float) -> None:
    assert_a_trace_changes_only_the_number_of_events(fab, seed, until)


@pytest.mark.slow
@lawful(300)
@given(fab=fabs(), seed=st.integers(0, 3), until=st.floats(50.0, UNTIL))
def test_nor_does_it_on_many_fabs(fab: Fab, seed: int, until: float) -> None:
    assert_a_trace_changes_only_the_number_of_events(fab, seed, until)


def fingerprints(kept: Path) -> list[str]:
    """What pickled fabs do in 200 minutes, to the last bit."""
    traces = [trace_of(*run_floor(fab, 200.0, seed=2)) for fab in pickle.loads(kept.read_bytes())]
    return [hashlib.sha256(repr(trace).encode()).hexdigest() for trace in traces]


@pytest.mark.slow
def test_compiled_and_plain_kernels_agree_on_random_fabs(tmp_path: Path) -> None:
    found: list[Fab] = []

    @lawful(60)
    @given(fab=fabs(exact=False))
    def collect(fab: Fab) -> None:
        found.append(fab)

    collect()
    kept = tmp_path / "fabs"
    kept.write_bytes(pickle.dumps(found))
    code = "import json, sys, pathlib; from floor.test_laws import fingerprints as f; "
    code += "print(json.dumps(f(pathlib.Path(sys.argv[1]))))"
    flags = {**os.environ, "NUMBA_DISABLE_JIT": str(int(not numba.config.DISABLE_JIT))}
    flags["PYTHONPATH"] = str(Path(renkei.__file__).parents[1])
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code, str(kept)],
        env=flags,
        cwd=Path(__file__).parents[1],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    mine = fingerprints(kept)
    assert len(set(mine)) > 30
    assert json.loads(done.stdout) == mine
