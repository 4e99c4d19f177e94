"""What happens to lots on their way: transport, delays, sampling, rework, scrap, queue-time windows, releases."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from renkei.build.floorplan import floor_plan
from renkei.floor import drive

from .fabs import make_fab, run_floor, trace_of

pytestmark = pytest.mark.tiny


def test_transport_between_locations_but_not_to_or_from_delays_nor_first() -> None:
    groups: dict[str, dict[str, Any]] = {
        "a": {"location": "north"},
        "b": {"location": "south"},
        "wait": {"kind": "delay", "tools": 0},
    }
    steps = [{"tool_group": name, "process": 10} for name in ("a", "b", "b", "wait", "a")]
    transports = [
        {"from_location": "north", "to_location": "south", "time": 3},
        {"from_location": "south", "to_location": "south", "time": 1},
        {"from_location": "south", "to_location": "north", "time": 100},
    ]
    rows = trace_of(*run_floor(make_fab(groups, {"r": steps}, [{"product": "r"}], transports=transports), until=100))
    assert [row[-2:] for row in rows] == [(0, 10), (13, 23), (24, 34), (34, 44), (44, 54)]


def test_loading_processing_and_unloading() -> None:
    """Per lot, per wafer, per some of the wafers, per batch."""
    steps = [
        {"tool_group": "g", "process": 5},
        {"tool_group": "g", "process": 5, "per": "wafer"},
        {"tool_group": "g", "process": 5, "per": "wafer", "process_wafers": 3},
        {"tool_group": "wait", "process": 5, "per": "wafer", "process_wafers": 2},
    ]
    groups: dict[str, dict[str, Any]] = {"g": {"load": 1, "unload": 2}, "wait": {"kind": "delay", "tools": 0}}
    rows = trace_of(*run_floor(make_fab(groups, {"r": steps}, [{"product": "r", "wafers": 10}]), until=200))
    assert [end - start for *_, start, end in rows] == [8, 53, 18, 10]


def test_sampling_rework_and_scrap_have_their_shares() -> None:
    """Passes of a loop: q·s/(1 − q·s) more than one, with sampling share s and rework share q."""
    steps = [
        {"tool_group": "g", "process": 1},
        {"tool_group": "g", "process": 1, "sampling_percent": 50, "rework_step": 1, "rework_percent": 40},
        {"tool_group": "g", "process": 1, "scrap_percent": 10},
    ]
    order = {"product": "r", "interval": 1, "releases": 1000, "wafers": 20}
    _, state = run_floor(make_fab({"g": {"tools": 20}}, {"r": steps}, [order]), until=2000)
    again = 0.4 * 0.5
    assert state.steps[0].passes / 1000 == pytest.approx(1 / (1 - again), rel=0.06)
    assert state.steps[1].passes / 1000 == pytest.approx(0.5 / (1 - again), rel=0.1)
    assert state.steps[2].passes == 1000
    assert state.clock[0].wafers_lost / 20_000 == pytest.approx(0.1, rel=0.1)
    lost = 20 - state.finished[:1000].wafers_out
    assert np.var(lost) == pytest.approx(20 * 0.1 * 0.9, rel=0.2)


def test_a_lot_without_wafers_leaves() -> None:
    steps = [{"tool_group": "g", "process": 1, "scrap_percent": 99}, {"tool_group": "g", "process": 1}]
    order = {"product": "r", "interval": 5, "releases": 200, "wafers": 1}
    _, state = run_floor(make_fab({"g": {}}, {"r": steps}, [order]), until=2000)
    clock = state.clock[0]
    assert clock.scrapped_lots > 180
    assert clock.completed + clock.scrapped_lots == 200
    assert state.steps[1].passes == clock.completed


def test_windows_nest_and_overlap() -> None:
    """Limits of 1 → 4, 2 → 3 and 2 → 5 with ten minutes a step: waits of 20, 0 and 20 minutes."""
    steps: list[dict[str, Any]] = [{"tool_group": "g", "process": 10} for _ in range(5)]
    steps[0] |= {"queue_limit_step": 4, "queue_limit": 19.5}
    steps[1] |= {"queue_limit_step": 5, "queue_limit": 20}
    steps[2] |= {"queue_limit_step": 4, "queue_limit": 0}
    _, state = run_floor(make_fab({"g": {}}, {"r": steps}, [{"product": "r"}]), until=100)
    assert list(state.steps.checked) == [1, 1, 1, 0, 0]
    assert list(state.steps.violated) == [1, 0, 0, 0, 0]


def test_rework_to_before_a_window_cancels_it() -> None:
    """All lots pass step 2 about twice; the window 1 → 3 opens at each pass of step 1 and closes once a lot."""
    steps: list[dict[str, Any]] = [
        {"tool_group": "g", "process": 1, "queue_limit_step": 3, "queue_limit": 50},
        {"tool_group": "g", "process": 2, "rework_step": 1, "rework_percent": 50},
        {"tool_group": "g", "process": 1},
    ]
    order = {"product": "r", "interval": 100, "releases": 50}
    _, state = run_floor(make_fab({"g": {}}, {"r": steps}, [order]), until=6000)
    assert state.steps[0].passes > 70
    assert (state.steps[0].checked, state.steps[0].violated) == (50, 0)


def test_releases() -> None:
    """By interval, several at once, a number of them, once only."""
    fab = make_fab(
        {"g": {"tools": 50}},
        {"r": [{"tool_group": "g", "process": 1}]},
        [
            {"product": "r", "start": 5, "interval": 30, "lots_per_release": 2},
            {"product": "r", "interval": 10, "releases": 3},
            {"product": "r", "start": 7},
        ],
    )
    _, state = run_floor(fab, until=70)
    rows = state.finished[: state.clock[0].finished]
    assert [sorted(rows.released[rows.order == line]) for line in range(3)] == [
        [5, 5, 35, 35, 65, 65],
        [0, 10, 20],
        [7],
    ]


@pytest.mark.parametrize("interval", [None, 4])
def test_a_wip_limit_holds_lots_back(interval: float | None) -> None:
    """Two lots at most are in the fab; the next enters as soon as one leaves."""
    step = {"tool_group": "g", "process": 10}
    order = {"product": "r", "wip_limit": 2, "interval": interval, "start": 3}
    fp, state = run_floor(make_fab({"g": {"tools": 2}}, {"r": [step]}, [order]), until=60)
    starts = [row[-2] for row in trace_of(fp, state)]
    first = [3, 3] if interval is None else [3, 7]
    assert starts == [first[0], first[1], first[0] + 10, first[1] + 10, first[0] + 20, first[1] + 20, *starts[6:]]
    assert state.clock[0].wip == 2


def test_initial_lots_queue_at_their_step_in_file_order() -> None:
    """No transport, no sampling; the known start counts for cycle time, the unknown does not."""
    steps = [{"tool_group": "g", "process": 10}, {"tool_group": "g", "process": 5, "sampling_percent": 1}]
    wip: list[dict[str, Any]] = [{"product": "r", "step": 2, "start": -7}, {"product": "r", "step": 1}]
    fab = make_fab({"g": {}}, {"r": steps}, initial_wip=wip, transports=[{"time": 50}], dispatch=("fifo",))
    fp, state = run_floor(fab, until=40)
    assert [(row[3], *row[-2:]) for row in trace_of(fp, state)] == [(2, 0, 5), (1, 5, 15)]
    assert [(row.released, row.known) for row in state.finished[:2]] == [(-7, 1), (0, 0)]


def test_setups() -> None:
    """At need, always, by the step's own time; a step without setup leaves the tool's as it is."""
    steps: list[dict[str, Any]] = [
        {"setup": "s"},
        {"setup": "s"},
        {"setup": "s", "setup_when": "always"},
        {},
        {"setup": "s"},
        {"setup": "t", "setup_time": 9},
        {"setup": "s"},
    ]
    setups = [
        {"to_setup": "s", "time": 3},
        {"from_setup": "s", "to_setup": "s", "time": 1},
        {"from_setup": "t", "to_setup": "s", "time": 4},
    ]
    route = [{"tool_group": "g", "process": 10} | step for step in steps]
    rows = trace_of(*run_floor(make_fab({"g": {}}, {"r": route}, [{"product": "r"}], setups=setups), until=200))
    assert [end - start - 10 for *_, start, end in rows] == [3, 0, 1, 0, 0, 9, 4]


def test_planned_lots_enter_when_their_list_says() -> None:
    """Out of order in the list, several at once, each with its own wafers and due date, beside orders."""
    lots: list[dict[str, Any]] = [
        {"product": "r", "start": 30, "wafers": 3, "due": 35},
        {"product": "r", "start": 10, "wafers": 1},
        {"product": "r", "start": 30, "wafers": 2, "due": 31},
        {"product": "r", "start": 20, "priority": 20, "due": 90},
    ]
    steps = [{"tool_group": "g", "process": 1, "per": "wafer"}]
    fab = make_fab({"g": {"tools": 9}}, {"r": steps}, [{"product": "r", "start": 25}], lots=lots, wafers_per_lot=5)
    _, state = run_floor(fab, until=100)
    rows = state.finished[: state.clock[0].finished]
    columns = ("order", "number", "released", "finished", "due", "wafers_in", "known")
    assert sorted(tuple(row[column] for column in columns) for row in rows) == [
        (0, 0, 25, 30, np.inf, 5, 1),
        (1, 0, 10, 11, np.inf, 1, 1),
        (1, 1, 30, 33, 35, 3, 1),
        (1, 2, 30, 32, 31, 2, 1),
        (2, 0, 20, 25, 90, 5, 1),
    ]


def test_where_a_run_stops_does_not_move_planned_lots() -> None:
    lots = [{"product": "r", "start": start} for start in (5, 5, 10, 15)]
    fab = make_fab({"g": {"tools": 9}}, {"r": [{"tool_group": "g", "process": 1}]}, lots=lots)
    fp = floor_plan(fab)
    state = fp.fresh(1)
    for minute in (0, 5, 5, 7, 10, 20):
        state = drive.advance(fp.plan, state, minute)
    assert list(state.finished.released[:4]) == [5, 5, 10, 15]
    assert state.clock[0].released == 4


@pytest.mark.parametrize(
    ("batch_by", "ends"), [("family", {"chip": [40], "test": [40, 90]}), ("step", {"chip": [], "test": [70, 70]})]
)
def test_lots_of_a_family_share_batches(batch_by: str, ends: dict[str, list[float]]) -> None:
    """A product's lot opens the batch, a development lot fills it; other families and other steps stay out."""
    bake = {"tool_group": "oven", "name": "bake", "per": "batch", "process": 50, "batch_min": 6, "batch_max": 8}
    routes = {"chip": [bake | {"process": 30}], "test": [bake], "other": [bake], "wash": [bake | {"name": "wash"}]}
    families = {"chip": "a", "test": "a", "other": "b", "wash": "a"}
    lots: list[dict[str, Any]] = [
        {"product": "chip", "start": 9, "wafers": 5, "priority": 20},
        {"product": "other", "start": 9, "wafers": 4},
        {"product": "wash", "start": 9, "wafers": 4},
        {"product": "test", "start": 10, "wafers": 1},
        {"product": "test", "start": 20, "wafers": 7},
        {"product": "chip", "start": 10_000, "wafers": 1},
    ]
    products = [{"product": name, "route": name, "family": family} for name, family in families.items()]
    fp, state = run_floor(make_fab({"oven": {"batch_by": batch_by}}, routes, lots=lots, products=products), until=100)
    rows = state.finished[: state.clock[0].finished]
    told = {
        name: sorted(rows.finished[fp.plan.orders.product[rows.order] == place])
        for name, place in fp.index.products.items()
    }
    assert told == ends | {"other": [], "wash": []}


def drawn_setups(step: dict[str, Any], setups: list[dict[str, Any]], seed: int = 1) -> np.ndarray[Any, Any]:
    """Minutes of setup of a thousand lots, each on a tool of its own."""
    step = {"tool_group": "g", "process": 10, "setup": "s"} | step
    order = {"product": "r", "interval": 100, "releases": 1000}
    fab = make_fab({"g": {}}, {"r": [step | {"setup_when": "always"}]}, [order], setups=setups)
    fp, state = run_floor(fab, until=100_000, seed=seed)
    return np.array([end - start - 10 for *_, start, end in trace_of(fp, state)])


@pytest.mark.parametrize(
    ("step", "setups"),
    [
        ({"setup_time": 24, "setup_distribution": "uniform", "setup_spread": 8}, [{"to_setup": "s", "time": 99}]),
        ({}, [{"to_setup": "s", "time": 24, "distribution": "uniform", "spread": 8}]),
    ],
)
def test_setup_times_vary(step: dict[str, Any], setups: list[dict[str, Any]]) -> None:
    """U[16, 32], the step's own or that of the table; a lot's luck does not depend on where the time stands."""
    minutes = drawn_setups(step, setups)
    assert minutes.min() >= 16 - 1e-9
    assert minutes.max() <= 32 + 1e-9
    assert minutes.mean() == pytest.approx(24, abs=4 * 8 / np.sqrt(3 * 1000))
    assert minutes.std() == pytest.approx(8 / np.sqrt(3), rel=0.06)
    assert minutes == pytest.approx(
        drawn_setups({}, [{"to_setup": "s", "time": 24, "distribution": "uniform", "spread": 8}])
    )
    assert not np.allclose(minutes, drawn_setups(step, setups, seed=2))


def test_a_step_with_a_setup_time_of_its_own_does_not_draw_from_the_table() -> None:
    table = [{"to_setup": "s", "time": 24, "distribution": "exponential"}]
    assert set(drawn_setups({"setup_time": 5}, table)) == {5}
    assert drawn_setups({}, table).std() == pytest.approx(24, rel=0.15)


def test_lots_are_ranked_by_the_mean_setup() -> None:
    """A change of 10 ± 10 minutes comes before one of 11, whatever it will take."""
    routes = {name: [{"tool_group": "g", "process": 1, "setup": name}] for name in ("start", "wide", "narrow")}
    setups = [
        {"to_setup": "wide", "time": 10, "distribution": "uniform", "spread": 10},
        {"to_setup": "narrow", "time": 11},
    ]
    for seed in range(8):
        orders = [{"product": name, "start": place / 4} for place, name in enumerate(["start", "narrow", "wide"])]
        fp, state = run_floor(make_fab({"g": {}}, routes, orders, setups=setups, dispatch=("setup",)), 100, seed)
        assert [row[2] for row in trace_of(fp, state)] == ["start", "wide", "narrow"]
