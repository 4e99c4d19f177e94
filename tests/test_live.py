"""A floor that is stopped, changed and let go on from Python."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import renkei
from renkei.errors import InputError
from renkei.fab.fab import Fab
from renkei.fab.tools import Crew
from renkei.floor.records import E10
from renkei.live import LiveFloor
from tests.floor.everything import everything
from tests.floor.fabs import make_fab

MINUTE = 1 / 1440
TABLES = ("lots", "daily", "tool_groups", "queue_times")


def minutes(days: Any) -> list[float]:
    return [round(1440 * day, 6) for day in days]


def shop(tools: int = 1, rule: str = "fifo", **more: Any) -> Fab:
    """A lot every three minutes on tools that take ten."""
    order = {"order": "plain", "product": "r", "interval": 3.0, "releases": 8, "due": 100}
    routes = {"r": [{"tool_group": "g", "process": 10.0}]}
    return make_fab({"g": {"tools": tools}}, routes, [order], dispatch=(rule,), **more)


def finished(floor: LiveFloor) -> list[tuple[int, float]]:
    """Numbers of the lots finished, and minutes."""
    return list(zip(floor.lots["number"], minutes(floor.lots["finished_day"]), strict=True))


def alike(one: LiveFloor, other: LiveFloor) -> None:
    for name in TABLES:
        pd.testing.assert_frame_equal(getattr(one, name), getattr(other, name))
    assert one.measures == other.measures


def test_stops_change_nothing() -> None:
    """Same tables and measures as one run in one go, whatever the number of stops and of windows before."""
    fab = renkei.load_fab("minifab")
    whole = renkei.run_floor(fab, days=40, warmup=10, seed=3)
    floor = renkei.start_floor("minifab", seed=3)
    for day in (0.3, 2, 2, 4.75):
        floor.run_until(day)
        floor.begin_window()
    floor.run_until(10)
    floor.begin_window()
    for _ in range(5):
        floor.run(6)
    assert floor.day == pytest.approx(40)
    told = whole.replications[0]
    assert floor.measures == {key: told[key] for key in floor.measures}
    for name in ("lots", "tool_groups", "queue_times"):
        pd.testing.assert_frame_equal(getattr(floor, name), getattr(whole, name))
    pd.testing.assert_frame_equal(floor.daily, whole.daily, rtol=1e-12)


def test_a_rule_changes_during_the_run() -> None:
    """Lots 0 to 7 come at 0, 3, … 21. First come first served until 25, then the last one first."""
    floor = renkei.start_floor(shop())
    floor.run(25 * MINUTE)
    floor.set_dispatch("rank_LIFO")
    floor.run(0.1)
    assert finished(floor) == [(0, 10), (1, 20), (2, 30), (7, 40), (6, 50), (5, 60), (4, 70), (3, 80)]
    assert floor.fab.dispatch == ("lifo",)


def test_a_rule_of_one_group_changes() -> None:
    """The second group turns its line round, the first does not."""
    steps = [{"tool_group": "g", "process": 2.0}, {"tool_group": "h", "process": 10.0}]
    order = {"product": "r", "interval": 3.0, "releases": 5}
    floor = renkei.start_floor(make_fab({"g": {}, "h": {}}, {"r": steps}, [order], dispatch=("fifo",)))
    floor.run(15 * MINUTE)
    floor.set_dispatch("lifo", "h")
    floor.run(0.1)
    assert finished(floor) == [(0, 12), (1, 22), (4, 32), (3, 42), (2, 52)]
    floor.set_dispatch("spt, fifo")
    assert [group.dispatch for group in floor.fab.tool_groups.values()] == [(), ()]


@pytest.mark.parametrize("rule", ["priority, setup, fifo", "cr", "0.5*spt + slack, lifo", "edd", "fifo"])
def test_a_rule_set_at_the_start_is_the_one_of_a_fab_that_has_it(rule: str) -> None:
    """Whatever the rule before: what kernels keep ready for the simple rules does not stay behind."""
    floor = renkei.start_floor(everything(exact=False), seed=5, dispatch="random")
    floor.set_dispatch(rule)
    floor.run(1)
    other = renkei.start_floor(everything(exact=False).with_dispatch(rule), seed=5)
    other.run(1)
    alike(floor, other)


def test_tools_join_and_leave() -> None:
    """One tool, two from 21 on, none from 33 on: each ends its job."""
    floor = renkei.start_floor(shop(), most_tools={"g": 3})
    assert list(floor.tools["state"]) == ["standby", "out", "out"]
    floor.run(21 * MINUTE)
    floor.set_tools("g", 2)
    assert floor.measures["tool_groups"]["g"]["tools"] == 2
    floor.run(12 * MINUTE)
    floor.set_tools("g", 0)
    assert floor.measures["tool_groups"]["g"]["tools"] == 0
    floor.run(100 * MINUTE)
    assert finished(floor) == [(0, 10), (1, 20), (2, 30), (3, 31), (4, 40), (5, 41)]
    assert list(floor.tools["state"]) == ["out", "out", "out"]
    group = floor.measures["tool_groups"]["g"]
    assert group["productive"] == pytest.approx(1)
    floor.set_tools("g", 3)
    floor.run(10 * MINUTE)
    assert finished(floor)[6:] == [(6, 143), (7, 143)]


def test_recipes_go_to_the_tools_that_are_there() -> None:
    """Half of the tools, at least one: tool 1 of two; when only tool 1 stays, it; tool 2 of the list is never there."""
    rows = [{"tool_group": "g", "recipe": name, "tools": tools} for name, tools in (("x", "50%"), ("y", "2"))]
    routes = {name: [{"tool_group": "g", "process": 10.0, "recipe": name}] for name in "xy"}
    orders = [{"order": name, "product": name, "releases": 1} for name in "xy"]
    fab = make_fab({"g": {"tools": 2}}, routes, orders, qualifications=rows)
    floor = renkei.start_floor(fab)
    floor.set_tools("g", 1)
    floor.run(30 * MINUTE)
    assert list(floor.lots["order"]) == ["x"]
    assert floor.wip[["order", "where"]].to_numpy().tolist() == [["y", "waiting"]]
    floor.set_tools("g", 2)
    floor.run(30 * MINUTE)
    assert minutes(floor.lots["finished_day"]) == [10, 40]


def test_crews_change() -> None:
    """Three tools fail at 5 and take ten minutes of a person each; there is nobody until 20, then two people."""
    outage = {"tool_group": "g", "interval": 1000, "first": 5, "duration": 10, "first_rule": "constant"}
    outage |= {"duration_distribution": "constant"}
    group = {"g": {"tools": 3, "repair_crew": "fitters"}}
    fab = make_fab(group, {"r": [{"tool_group": "g", "process": 1}]}, outages=[outage], crews={"fitters": 0})
    floor = renkei.start_floor(fab)
    found = []
    for people, minute in ((0, 20), (2, 29), (2, 31), (2, 39), (None, 41)):
        floor.set_crew("fitters", people)
        floor.run_until(minute * MINUTE)
        found.append(list(floor.tools["state"]).count("unscheduled down"))
    assert found == [3, 3, 1, 1, 0]


def test_crews_change_shift_by_shift() -> None:
    """Four tools fail at 5; nobody is there in the shifts of an hour, until the second ones get two people."""
    outage = {"tool_group": "g", "interval": 1000, "first": 5, "duration": 10, "first_rule": "constant"}
    outage |= {"duration_distribution": "constant"}
    group = {"g": {"tools": 4, "repair_crew": "fitters"}}
    fab = make_fab(group, {"r": [{"tool_group": "g", "process": 1}]}, outages=[outage], crews={"fitters": 0})
    shifts = Crew(crew="fitters", shifts="0 0", shift_hours=1)
    floor = renkei.start_floor(replace(fab, crews={"fitters": shifts}))
    floor.run(10 * MINUTE)
    floor.set_crew("fitters", [0, 2])
    found = []
    for minute in (59, 69, 71, 81):
        floor.run_until(minute * MINUTE)
        found.append(list(floor.tools["state"]).count("unscheduled down"))
    assert found == [4, 4, 2, 0]
    floor.set_crew("fitters", 0)
    assert floor.snapshot().state.shifts["value"].tolist() == [0, 0]


def test_starts_change() -> None:
    floor = renkei.start_floor(shop(tools=9))
    floor.run(4 * MINUTE)
    floor.set_starts("plain", 20, first=10, releases=2)
    floor.run(50 * MINUTE)
    floor.set_starts("plain", 5)
    floor.run(12 * MINUTE)
    floor.set_starts("plain", None)
    floor.run(100 * MINUTE)
    assert minutes(floor.lots["released_day"]) == [0, 3, 14, 34, 54, 59, 64]
    assert minutes(floor.lots["due_day"] - floor.lots["released_day"]) == [100] * 7


def test_rows_of_one_order_get_one_plan() -> None:
    orders = [{"order": "same", "product": "r", "interval": 7.0}, {"order": "same", "product": "r", "interval": 5.0}]
    floor = renkei.start_floor(make_fab({"g": {"tools": 9}}, {"r": [{"tool_group": "g", "process": 1.0}]}, orders))
    floor.run(1 * MINUTE)
    floor.set_starts("same", 100)
    floor.run(150 * MINUTE)
    assert minutes(floor.lots["released_day"]) == [0, 0, 1, 101]


def test_a_wip_level_rises_and_falls() -> None:
    """Two lots, five from minute 10 on, one from minute 20 on: none enters until four of those five have left."""
    order = {"order": "kept", "product": "r", "wip_limit": 2}
    floor = renkei.start_floor(make_fab({"g": {"tools": 1}}, {"r": [{"tool_group": "g", "process": 3.0}]}, [order]))
    floor.run(10 * MINUTE)
    assert len(floor.wip) == 2
    floor.set_wip_limit("kept", 5)
    floor.run(10 * MINUTE)
    assert len(floor.wip) == 5
    floor.set_wip_limit("kept", 1)
    floor.run(20 * MINUTE)
    assert len(floor.wip) == 1
    entered = minutes(pd.concat([floor.lots["released_day"], floor.wip["released_day"]]).sort_values())
    assert entered == [0, 0, 3, 6, 9, 10, 10, 10, 12, 15, 18, 33, 36, 39]


def test_two_courses_from_one_snapshot() -> None:
    """A snapshot is neither moved by its floor nor by those that go on from it; it outlives a pickle."""
    floor = renkei.start_floor(everything(exact=False), seed=2, most_tools={"gauge": 2})
    floor.run(0.3)
    floor.set_dispatch("lifo", "gauge")
    floor.begin_window()
    floor.run(0.1)
    kept = floor.snapshot()
    assert kept.day == pytest.approx(0.4)
    floor.run(0.6)
    before = floor.measures
    other = renkei.start_floor(everything(exact=False), seed=9, most_tools={"gauge": 2})
    other.restore(pickle.loads(pickle.dumps(kept)))
    other.run(0.6)
    alike(floor, other)
    floor.restore(kept)
    floor.set_tools("gauge", 2)
    floor.run(0.6)
    assert floor.measures != before
    floor.restore(kept)
    floor.run(0.6)
    alike(floor, other)
    with pytest.raises(InputError, match="is of another fab, or of one started with other most_tools"):
        renkei.start_floor(everything(exact=False)).restore(kept)
    with pytest.raises(InputError, match="is of another fab"):
        renkei.start_floor("minifab").restore(kept)


def test_what_is_there() -> None:
    """A lot at work at each step of a line, and a minute later two that wait."""
    steps = [{"tool_group": name, "process": time} for name, time in (("g", 4.0), ("d", 1.0), ("h", 9.0))]
    order = {"order": "plain", "product": "r", "interval": 3.0, "due": 1440, "priority": 20, "wafers": 7}
    fab = make_fab({"g": {}, "h": {}, "d": {"kind": "delay", "tools": 0}}, {"r": steps}, [order])
    floor = renkei.start_floor(fab)
    floor.run(8.5 * MINUTE)
    rows = floor.wip.drop(columns=["released_day", "due_day", "since_day"]).to_numpy().tolist()
    assert rows == [
        ["plain", "r", 0, 7, 20, 3, "h", "at work"],
        ["plain", "r", 1, 7, 20, 2, "d", "at work"],
        ["plain", "r", 2, 7, 20, 1, "g", "at work"],
    ]
    floor.run(1 * MINUTE)
    assert list(floor.wip["step"]) == [3, 3, 1, 1]
    assert list(floor.wip["where"]) == ["at work", "waiting", "at work", "waiting"]
    assert minutes(floor.wip["since_day"].dropna()) == [9, 9]
    assert minutes(floor.wip["due_day"] - floor.wip["released_day"]) == [1440] * 4
    assert list(floor.tools["state"]) == ["busy", "busy"]
    assert repr(floor) == "<LiveFloor small: day 0.00659722, 4 lots, seed 0>"


WRONG = {
    "no tool group": (lambda f: f.set_tools("furnce", 1), 'tool_group = "furnce" .* did you mean "furnace"'),
    "a delay": (lambda f: f.set_tools("rest", 1), 'tool_group = "rest" is not one of this fab'),
    "too many tools": (lambda f: f.set_tools("gauge", 2), r"= 2; gauge has from 0 to 1: .*most_tools={'gauge': 2}"),
    "fewer than none": (lambda f: f.set_tools("gauge", -1), "tools = -1"),
    "no crew": (lambda f: f.set_crew("fitter", 1), 'did you mean "fitters"'),
    "half a person": (lambda f: f.set_crew("fitters", 0.5), "people = 0.5; must be whole numbers"),
    "a shift of none": (lambda f: f.set_crew("engineers", [1, 2, 3]), r"people = \[1, 2, 3\]; engineers has .* shifts"),
    "no order": (lambda f: f.set_starts("order-9", 5), 'order = "order-9" is not one of this fab'),
    "a WIP level": (lambda f: f.set_starts("order-3", 5), "keeps a WIP level"),
    "no WIP level": (lambda f: f.set_wip_limit("order-1", 5), 'order = "order-1" keeps no WIP level'),
    "no room at all": (lambda f: f.set_wip_limit("order-3", 0), "lots = 0; must be a whole number of at least 1"),
    "no interval": (lambda f: f.set_starts("order-1", 0), "interval = 0; must be minutes, more than 0"),
    "in the past": (lambda f: f.set_starts("order-1", 9, first=-1), "first = -1; must be minutes from now"),
    "half a release": (lambda f: f.set_starts("order-1", 9, releases=1.5), "releases = 1.5; must be a whole number"),
    "no criterion": (lambda f: f.set_dispatch("fito"), 'has no criterion "fito"; did you mean "fifo"'),
    "no rule": (lambda f: f.set_dispatch(""), "rule is empty"),
    "no rule for a group": (lambda f: f.set_dispatch(" ", "gauge"), "rule is empty"),
    "a rule for no group": (lambda f: f.set_dispatch("fifo", "gage"), 'did you mean "gauge"'),
    "back in time": (lambda f: f.run_until(0.01), "day = 0.01; must be a number of at least the present day, 0.1"),
    "for ever": (lambda f: f.run(float("inf")), "days = inf"),
    "less than nothing": (lambda f: f.run(-1), "days = -1"),
    "nowhere": (lambda f: f.run(float("nan")), "days = nan"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_does_not_fit_is_refused(case: str) -> None:
    """And leaves the floor as it is."""
    call, said = WRONG[case]
    floor = renkei.start_floor(everything(exact=True))
    floor.run(0.1)
    with pytest.raises(InputError, match=said):
        call(floor)
    floor.run(0.1)
    other = renkei.start_floor(everything(exact=True))
    other.run(0.2)
    alike(floor, other)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ({"most_tools": {"gage": 2}}, 'most_tools = "gage" is not a tool group of this fab; did you mean "gauge"'),
        ({"most_tools": {"scanner": 2}}, "most_tools = 2 for scanner; must be a whole number from the 3"),
        ({"dispatch": "fito"}, 'has no criterion "fito"'),
    ],
)
def test_a_floor_that_cannot_start(words: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        renkei.start_floor(everything(exact=True), **words)


change = st.one_of(
    st.tuples(st.just("set_tools"), st.sampled_from(["clean", "furnace", "scanner", "implanter"]), st.integers(1, 4)),
    st.tuples(st.just("set_crew"), st.sampled_from(["fitters", "engineers"]), st.none() | st.integers(0, 3)),
    st.tuples(st.just("set_starts"), st.sampled_from(["order-1", "order-2"]), st.none() | st.floats(5, 200)),
    st.tuples(st.just("set_dispatch"), st.sampled_from(["fifo", "priority, setup, fifo", "cr + spt", "random", "cqt"]))
    | st.tuples(st.just("set_dispatch"), st.just("lbfs, edd"), st.sampled_from(["clean", "scanner", "furnace"])),
    st.tuples(st.just("begin_window")),
)


@settings(max_examples=40, deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow])
@given(plan=st.lists(st.tuples(st.floats(0, 0.1), change), max_size=15), seed=st.integers(0, 3))
def test_laws_hold_whatever_changes(plan: list[tuple[float, tuple[Any, ...]]], seed: int) -> None:
    """Shares of time sum to one, lots are conserved day by day, and the tables agree with the measures."""
    most = {"clean": 4, "furnace": 4, "scanner": 4, "implanter": 4}
    floor = renkei.start_floor(everything(exact=False), seed=seed, most_tools=most)
    for days, (method, *values) in plan:
        floor.run(days)
        getattr(floor, method)(*values)
    floor.run_until(2)
    found = floor.measures
    for name, group in found["tool_groups"].items():
        assert sum(group[state] for state in E10[:6]) == pytest.approx(1), name
    daily = floor.daily
    assert len(daily) == 2
    assert np.all(daily["mean_wip_lots"] > 0)
    assert daily["wip_lots"].iloc[-1] == len(floor.wip)
    assert (floor.lots["wafers_out"] > 0).sum() == found["completed_lots"]
    started = floor.wip["released_day"].notna().sum() + daily["completed_lots"].sum()
    assert daily["released_lots"].sum() >= started - 3
