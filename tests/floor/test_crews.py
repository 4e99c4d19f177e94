"""People: repair before maintenance before holds, then first come first served; setups; shifts."""

from __future__ import annotations

from typing import Any

import pytest

from renkei.build.floorplan import floor_plan
from renkei.floor import drive
from renkei.floor.records import T_SCHEDULED, T_SETUP, T_UNSCHEDULED

from .fabs import e10_of, make_fab, run_floor

FIXED = {"interval_distribution": "constant", "duration_distribution": "constant", "first_rule": "constant"}
pytestmark = pytest.mark.tiny


def looked_after(people: int | None, outages: list[dict[str, Any]], hands_on: float = 1.0) -> Any:
    """Four tools without lots, looked after by one crew."""
    group = {"tools": 4, "repair_crew": "crew", "pm_crew": "crew", "hold_crew": "crew", "hands_on": hands_on}
    return make_fab(
        {"g": group},
        {"r": [{"tool_group": "g", "process": 1}]},
        outages=[FIXED | {"tool_group": "g", "interval": 10_000} | outage for outage in outages],
        crews={"crew": people},
    )


@pytest.mark.parametrize(("people", "waits"), [(None, 0), (4, 0), (2, 2 * 10), (1, 10 + 20 + 30)])
def test_repairs_wait_for_people(people: int | None, waits: float) -> None:
    fab = looked_after(people, [{"first": 5, "duration": 10}])
    _, state = run_floor(fab, until=100)
    assert e10_of(state)[:, T_UNSCHEDULED].sum() == 4 * 10 + waits
    assert state.crews[0].waited == waits
    assert state.crews[0].busy == 40
    assert state.crews[0].working == 0


def test_counted_people_leave_the_hands_on_share() -> None:
    """Waiting emerges for a counted crew, so only the hands-on share of the repair time is served."""
    for people, minutes in ((4, 4 * 5), (None, 4 * 10)):
        _, state = run_floor(looked_after(people, [{"first": 5, "duration": 10}], hands_on=0.5), until=100)
        assert e10_of(state)[:, T_UNSCHEDULED].sum() == minutes


def test_repair_comes_before_maintenance() -> None:
    """All PMs are due at 5 and put off while one person works; the failures of minute 6 go first."""
    outages = [
        {"kind": "pm", "clock": "calendar", "first": 5, "duration": 10},
        {"first": 6, "duration": 4},
    ]
    _, state = run_floor(looked_after(1, outages), until=15 + 3 * 4)
    assert e10_of(state)[:, T_SCHEDULED].sum() == 10
    assert e10_of(state)[:, T_UNSCHEDULED].sum() > 3 * 4


def held(people: int | None) -> Any:
    step = {"tool_group": "g", "process": 1, "hold_percent": 100, "hold_floor_percent": 100, "hold_time": 10}
    return make_fab(
        {"g": {"tools": 10, "hold_crew": "crew"}},
        {"r": [step | {"hold_distribution": "constant"}]},
        [{"product": "r", "lots_per_release": 5}],
        crews={"crew": people},
    )


@pytest.mark.parametrize(("people", "ends"), [(None, [11] * 5), (2, [11, 11, 21, 21, 31]), (1, [11, 21, 31, 41, 51])])
def test_held_lots_wait_for_an_engineer_who_goes_on_to_the_next(people: int | None, ends: list[float]) -> None:
    _, state = run_floor(held(people), until=100)
    assert list(state.finished[:5].finished) == ends
    assert state.crews[0].working == 0
    assert state.steps[0].held == 5


def test_holds_after_rework_have_luck_of_their_own() -> None:
    """A reworked lot's holds are drawn at each visit anew: both a hold and none follow after a hold."""
    step = {"tool_group": "g", "process": 1, "rework_step": 1, "rework_percent": 50, "hold_percent": 50}
    step |= {"hold_floor_percent": 50, "hold_time": 100, "hold_distribution": "constant"}
    fab = make_fab({"g": {"tools": 40}}, {"r": [step]}, [{"product": "r", "interval": 5, "releases": 400}])
    _, state = run_floor(fab, until=20_000)
    times = (state.finished.finished - state.finished.released)[:400]
    assert state.steps[0].held == pytest.approx(state.steps[0].passes / 2, rel=0.15)
    twice = times[(times > 200) | ((times > 2) & (times < 3)) | ((times > 101) & (times < 103))]
    assert (twice > 101).sum() > 20
    assert (times == 2 + 100).sum() > 20


def test_people_come_and_go() -> None:
    """Without limit, all four repairs begin at 5; a limit of one set at 6 counts them, so a fifth waits."""
    fab = looked_after(None, [{"first": 5, "duration": 10}, {"first": 7, "interval": 10_000, "duration": 1}])
    fp = floor_plan(fab)
    state = drive.advance(fp.plan, fp.fresh(1), 6)
    assert state.crews[0].working == 4
    state = drive.set_people(fp.plan, state, 0, 1)
    state = drive.advance(fp.plan, state, 15.5)
    assert state.crews[0].working == 1
    state = drive.set_people(fp.plan, state, 0, 4)
    state = drive.advance(fp.plan, state, 17)
    assert state.crews[0].working == 0
    assert e10_of(state)[:, T_UNSCHEDULED].sum() == 4 * 10 + 1 + 3 * 1.5


def set_up(people: int | tuple[int, ...] | None, outages: list[dict[str, Any]] | None = None) -> Any:
    """Two tools; four lots that each need another setup of 10 minutes and 5 of work, and two that need none."""
    steps = {name: [{"tool_group": "g", "process": 5, "setup": name, "setup_time": 10}] for name in "abcd"}
    routes = steps | {"plain": [{"tool_group": "g", "process": 5}]}
    orders = [{"product": name, "releases": 1} for name in "abcd"] + [{"product": "plain", "lots_per_release": 2}]
    group = {"tools": 2, "setup_crew": "crew", "repair_crew": "crew"}
    return make_fab({"g": group}, routes, orders, outages=outages or (), crews={"crew": people}, dispatch=("fifo",))


def ends(state: Any) -> list[float]:
    return [float(end) for end in state.finished[: state.clock[0].finished].finished]


def test_a_tool_changes_its_setup_only_while_someone_is_free() -> None:
    """Alone, one tool is set up while the other does what needs no setup, then waits for the setter."""
    assert ends(run_floor(set_up(None), until=100)[1]) == [15, 15, 30, 30, 35, 35]
    _, state = run_floor(set_up(1), until=100)
    assert ends(state) == [5, 10, 15, 25, 35, 45]
    assert (state.crews[0].jobs, state.crews[0].busy, state.crews[0].working) == (4, 40, 0)
    assert e10_of(state)[:, T_SETUP].sum() == 40


def test_repairs_come_before_setups_and_a_broken_down_tool_needs_no_setter() -> None:
    """At 3 both tools fail, the first in its setup: the setter repairs it until 23, the rest of the setup needs nobody;
    then the second until 43; only then the other setups are done, one after another."""
    failure = FIXED | {"tool_group": "g", "first": 3, "interval": 10_000, "duration": 20}
    _, state = run_floor(set_up(1, [failure]), until=200)
    assert ends(state) == [35, 40, 45, 58, 68, 78]
    assert (state.crews[0].jobs, state.crews[0].busy, state.crews[0].waited) == (6, 3 + 20 + 20 + 3 * 10, 20)
    assert state.crews[0].working == 0


@pytest.mark.parametrize(("shifts", "down"), [((1, 0), [12, 37]), ((0, 2), [22, 22]), ((0, 0), [95, 95])])
def test_shifts_bring_people_and_take_them_away(shifts: tuple[int, ...], down: list[float]) -> None:
    """Two failures of minute 5 and repairs of 12 minutes; a shift is 15 minutes long, and work in hand goes on."""
    outage = FIXED | {"tool_group": "g", "first": 5, "interval": 10_000, "duration": 12}
    groups = {"g": {"tools": 2, "repair_crew": "crew"}}
    fab = make_fab(groups, {"r": [{"tool_group": "g", "process": 1}]}, outages=[outage], crews={"crew": shifts})
    _, state = run_floor(fab, until=100)
    assert e10_of(state)[:, T_UNSCHEDULED].tolist() == down
