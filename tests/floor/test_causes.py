"""Why lots wait, as the floor's look every four hours finds it."""

from __future__ import annotations

from typing import Any

import pytest

from renkei.floor.records import CAUSES, WAITS
from renkei.floor.state import State
from renkei.outcome.measures import QUEUE_CAUSES, measures, queue_key

from .fabs import make_fab, run_floor

pytestmark = pytest.mark.tiny
QUEUE = {"product": "r", "interval": 1, "releases": 20, "wafers": 4}
"""Twenty lots in the first twenty minutes."""


def found(state: State, group: int = 0) -> dict[str, float]:
    """Lots found by cause, those never met left out."""
    counts = state.causes["value"].reshape(-1, CAUSES)[group]
    return {cause: float(count) for cause, count in zip(WAITS, counts, strict=True) if count}


def run(groups: dict[str, dict[str, Any]], steps: list[dict[str, Any]], until: float, **words: Any) -> State:
    return run_floor(make_fab(groups, {"r": steps}, [QUEUE], **words), until, trace=False)[1]


def test_it_looks_once_in_four_hours() -> None:
    assert run({"g": {}}, [{"tool_group": "g", "process": 1}], 2400).clock[0].looks == 10


def test_busy_tools() -> None:
    state = run({"g": {}}, [{"tool_group": "g", "process": 4000}], 2400)
    assert set(found(state)) == {"busy"}
    assert found(state)["busy"] > 9 * 19, "nineteen lots in each look but the first"


def test_a_setup_in_progress() -> None:
    steps = [{"tool_group": "g", "process": 1, "setup": "a", "setup_time": 10_000}]
    assert set(found(run({"g": {}}, steps, 600))) == {"setup"}


def test_nobody_to_set_a_tool_up() -> None:
    steps = [{"tool_group": "g", "process": 1, "setup": "a", "setup_time": 10}]
    assert set(found(run({"g": {"setup_crew": "crew"}}, steps, 600, crews={"crew": 0}))) == {"no_crew"}


@pytest.mark.parametrize(("kind", "cause"), [("breakdown", "breakdown"), ("pm", "maintenance")])
@pytest.mark.parametrize("people", [1, 0])
def test_a_tool_that_is_down(kind: str, cause: str, people: int) -> None:
    outage = {"tool_group": "g", "kind": kind, "first": 1, "interval": 20_000, "duration": 10_000}
    outage |= {"first_rule": "constant", "interval_distribution": "constant", "duration_distribution": "constant"}
    groups = {"g": {"repair_crew": "crew", "pm_crew": "crew"}}
    steps = [{"tool_group": "g", "process": 0.5}]
    state = run(groups, steps, 600, outages=[outage], crews={"crew": people})
    slips = kind == "pm" and people == 0
    assert set(found(state)) == (set() if slips else {cause if people else "no_crew"})


def test_too_few_lots_for_a_batch() -> None:
    steps = [{"tool_group": "g", "process": 1, "per": "batch", "batch_min": 400, "batch_max": 800}]
    assert set(found(run({"g": {}}, steps, 600))) == {"batch"}


def test_a_minimum_run_of_another_setup() -> None:
    """The first lot sets the tool up for `a`; then only lots for `b` come before the run is over."""
    routes = {"r": [{"tool_group": "g", "process": 1, "setup": "a"}, {"tool_group": "wait", "process": 1e6},
                    {"tool_group": "g", "process": 1, "setup": "a"}],
              "q": [{"tool_group": "g", "process": 1, "setup": "b"}]}  # fmt: skip
    orders = [{"product": "r", "releases": 1}, {"product": "q", "start": 5, "interval": 1, "releases": 5}]
    groups: dict[str, dict[str, Any]] = {"g": {"min_run": 3}, "wait": {"kind": "delay", "tools": 0}}
    _, state = run_floor(make_fab(groups, routes, orders), 600, trace=False)
    assert set(found(state)) == {"min_run"}


def test_transport_and_hold_count_for_the_step_to_come() -> None:
    steps = [{"tool_group": "a", "process": 0.1, "hold_percent": 100, "hold_floor_percent": 100, "hold_time": 7200,
              "hold_distribution": "constant"}, {"tool_group": "b", "process": 0.1}]  # fmt: skip
    transport = [{"from_location": "x", "to_location": "y", "time": 2400}]
    state = run({"a": {"location": "x"}, "b": {"location": "y"}}, steps, 16000, transports=transport)
    lots = found(state, 1)
    assert set(lots) == {"hold", "transport"}
    assert lots["hold"] / lots["transport"] == pytest.approx(3, rel=0.2)


@pytest.mark.parametrize("trace", [True, False])
def test_lots_in_tools_and_delays_wait_for_nothing(trace: bool) -> None:
    groups: dict[str, dict[str, Any]] = {"c": {"cascade": True, "tools": 20}, "wait": {"kind": "delay", "tools": 0}}
    steps = [{"tool_group": "c", "process": 500, "per": "wafer", "interval": 1}, {"tool_group": "wait", "process": 500},
             {"tool_group": "c", "process": 1}]  # fmt: skip
    _, state = run_floor(make_fab(groups, {"r": steps}, [QUEUE]), 900, trace=trace)
    assert not state.causes["value"].any()


def test_causes_share_out_the_exact_queue() -> None:
    """M/M/1 with breakdowns: what was looked at agrees with the exact time average, and the parts sum to it."""
    order = {"product": "r", "interval": 40, "interval_distribution": "exponential", "wafers": 1}
    outage = {"tool_group": "g", "interval": 600, "duration": 120}
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 25, "distribution": "exponential"}]}, [order],
                   outages=[outage])  # fmt: skip
    fp, state = run_floor(fab, 120_000, trace=False, warmup=6_000)
    row = measures(fp, state)["tool_groups"]["g"]
    parts = [row[queue_key(cause)] for cause in QUEUE_CAUSES]
    assert sum(parts) == pytest.approx(row["mean_queue_lots"])
    assert row[queue_key("busy")] > row[queue_key("breakdown")] > 0
    looked = sum(found(state).values()) / state.clock[0].looks
    assert looked == pytest.approx(row["mean_queue_lots"], rel=0.1)
