"""The fab as the month loop sees it: it starts empty, tools and starts come, and each stretch tells what happened."""

from __future__ import annotations

from itertools import pairwise

import pytest

from renkei.build.flow import Flow, LotType
from renkei.build.line import Line
from renkei.fab.fab import Fab
from renkei.fab.outages import Outage
from renkei.fab.products import Order, Product
from renkei.fab.routes import Step
from renkei.fab.tools import Crew, Qualification, ToolGroup

TYPES = (LotType("volume", "chip"), LotType("learning", "test", priority=20, wafers=5))


def fab() -> Fab:
    groups = {
        "g": ToolGroup(tool_group="g", tools=9, repair_crew="fitters"),
        "d": ToolGroup(tool_group="d", kind="delay"),
    }
    routes = {
        "long": (
            Step(route="long", step=1, tool_group="g", process=10, recipe="x"),
            Step(route="long", step=2, tool_group="d", process=30),
            Step(route="long", step=3, tool_group="g", process=20, recipe="x", scrap_percent=10),
        ),
        "short": (Step(route="short", step=1, tool_group="g", process=15),),
    }
    products = {
        "chip": Product(product="chip", route="long"),
        "test": Product(product="test", route="short", kind="engineering"),
    }
    return Fab(
        "small",
        groups,
        routes,
        products,
        (Order(order="forgotten", product="chip", interval=1),),
        outages=(Outage(outage="down", tool_group="g", interval=300, duration=20),),
        qualifications=(Qualification(tool_group="g", recipe="x", tools="50%"),),
        crews={"fitters": Crew(crew="fitters", people=9)},
    )


def line(tools: int = 2, people: int | None = 1) -> Line:
    return Line.start(fab(), {"g": 4}, TYPES, {"fitters": people}, seed=3, present={"g": tools})


@pytest.mark.tiny
def test_nothing_happens_without_starts() -> None:
    flow = line().advance(1000)
    assert (flow.since, flow.until, flow.lot_steps, len(flow.finished), flow.mean_wip_lots) == (0, 1000, 0, 0, 0)
    assert flow.wip_lots == {"chip": 0, "test": 0}
    assert sum(flow.tool_time["g"].values()) == pytest.approx(2 * 1000)
    assert "d" not in flow.tool_time


@pytest.mark.tiny
def test_stretches_add_up() -> None:
    """Lots and wafers in are out, lost or still there; steps and tool time go on from stretch to stretch."""
    floor = line()
    floor.plan_starts("volume", 5, 25, -1)
    floor.plan_starts("learning", 0, 100, 10)
    flows = [floor.advance(until) for until in (300, 650, 650, 2000)]
    assert [flow.since for flow in flows[1:]] == [flow.until for flow in flows[:-1]]
    released = sum(sum(flow.released_lots.values()) for flow in flows)
    assert released == sum(len(flow.finished) for flow in flows) + sum(flows[-1].wip_lots.values())
    wafers = sum(sum(flow.released_wafers.values()) for flow in flows)
    lost = sum(int((flow.finished.wafers_in - flow.finished.wafers_out).sum()) for flow in flows)
    out = sum(int(flow.finished.wafers_out.sum()) for flow in flows)
    assert lost > 0
    assert wafers == out + lost + flows[-1].wip_wafers
    assert sum(flow.lot_steps for flow in flows) == floor.lot_steps
    assert flows[2].lot_steps == 0
    for flow in flows:
        assert sum(flow.tool_time["g"].values()) == pytest.approx(2 * (flow.until - flow.since))
    for before, after in pairwise(flows):
        if len(before.finished) and len(after.finished):
            assert before.finished.finished.max() <= after.finished.finished.min()


@pytest.mark.tiny
def test_engineering_time_is_told_apart() -> None:
    floor = line()
    floor.plan_starts("learning", 0, 100, 3)
    time = floor.advance(250).tool_time["g"]
    assert (time["engineering"], time["productive"]) == (3 * 15, 0)


@pytest.mark.tiny
def test_first_times_are_told() -> None:
    floor = line(people=None)
    floor.plan_starts("volume", 0, 200, 2)
    first: dict[tuple[str, int], float] = {}
    for until in (50, 100, 500):
        first |= floor.advance(until).first_done
    assert first["long", 1] == 10
    assert first["long", 2] == 40
    assert first["long", 3] >= 60
    assert ("short", 1) not in first


@pytest.mark.tiny
def test_more_tools_do_more() -> None:
    def crowded(tools: int, joining: int) -> Flow:
        floor = line(tools)
        floor.plan_starts("volume", 0, 8, -1)
        floor.advance(500)
        floor.add_tools("g", joining)
        return floor.advance(3000)

    few, more = crowded(1, 0), crowded(1, 3)
    assert len(more.finished) > 1.6 * len(few.finished)
    assert sum(more.tool_time["g"].values()) == pytest.approx(4 * 2500)


def test_more_tools_than_foreseen_are_refused() -> None:
    with pytest.raises(ValueError, match="g: 3 tools join, but only 2 were foreseen"):
        line(2).add_tools("g", 3)


@pytest.mark.tiny
def test_tools_that_leave_do_less_and_lots_of_their_recipes_go_on_elsewhere() -> None:
    def crowded(leaving: int, back: int) -> tuple[Line, Flow, Flow]:
        floor = line(4)
        floor.plan_starts("volume", 0, 8, -1)
        floor.advance(500)
        if leaving:
            floor.remove_tools("g", leaving)
        flow = floor.advance(3000)
        if back:
            floor.restore_tools("g", back)
        return floor, flow, floor.advance(5500)

    (_, all_, _), (floor, fewer, later), (_, _, restored) = crowded(0, 0), crowded(3, 0), crowded(3, 3)
    assert 0 < len(fewer.finished) < len(all_.finished)
    assert len(later.finished) < len(restored.finished)
    assert 2500 <= sum(fewer.tool_time["g"].values()) < 2500 + 3 * 300  # those that are busy or down finish first
    assert sum(later.tool_time["g"].values()) == pytest.approx(2500)
    assert sum(restored.tool_time["g"].values()) == pytest.approx(4 * 2500)
    assert floor.state.qualified.value.sum() == 1
    with pytest.raises(ValueError, match="g: 2 tools leave, but only 1 are there"):
        floor.remove_tools("g", 2)
    with pytest.raises(ValueError, match="g: 4 tools come back, but only 3 are away"):
        floor.restore_tools("g", 4)


@pytest.mark.tiny
def test_a_tool_that_comes_back_before_it_was_empty_stays() -> None:
    floor = line(2, people=None)
    floor.plan_starts("learning", 0, 1, 50)
    floor.advance(5)
    floor.remove_tools("g", 2)
    floor.restore_tools("g", 2)
    assert sum(floor.advance(2005).tool_time["g"].values()) == pytest.approx(2 * 2000)


@pytest.mark.tiny
def test_people_shorten_repairs() -> None:
    waited = []
    for people in (0, 1, None):
        floor = line(4, people=1)
        floor.set_people("fitters", people)
        waited.append(floor.advance(20_000).tool_time["g"]["unscheduled_down"])
    assert waited[0] > waited[1] > waited[2]


@pytest.mark.tiny
def test_recipes_spread_over_the_tools_that_are_there() -> None:
    """Half of two tools is one, half of four are two."""
    floor = line(2)
    table = floor.state.qualified.value
    assert table.sum() == 1
    floor.add_tools("g", 2)
    assert floor.state.qualified.value.sum() == 2


def test_outages_that_change_are_as_frequent_and_as_long_as_told() -> None:
    """Twice the breakdowns, thrice the repair: the share of time down follows; the declared fab is untouched."""

    def down(factors: dict[str, tuple[float, float]]) -> float:
        made = line(tools=4, people=None)
        made.set_outages(factors)
        times = made.advance(400_000).tool_time["g"]
        return times["unscheduled_down"] / sum(times.values())

    usual, changed = down({}), down({"g": (0.5, 3.0)})
    assert usual == pytest.approx(20 / 320, rel=0.1)
    assert changed == pytest.approx(60 / 210, rel=0.1)
    assert down({"elsewhere": (0.5, 3.0)}) == usual
    assert down({"g": (1.0, 1.0)}) == usual


def test_outages_can_go_back_to_what_was_declared() -> None:
    made, same = line(people=None), line(people=None)
    made.set_outages({"g": (0.1, 2.0)})
    made.set_outages({})
    assert made.advance(50_000).tool_time == same.advance(50_000).tool_time
    assert same.floor.plan.outages["interval"].tolist() == made.floor.plan.outages["interval"].tolist()
