"""A fab becomes arrays: every name its row, every time minutes, every rule its code."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.build.lower import Marks
from renkei.fab.dispatch import CRITERIA, parse_dispatch
from renkei.fab.fab import Fab
from renkei.fab.outages import Outage, Transport
from renkei.fab.planned import PlannedLots
from renkei.fab.products import InitialLot, Order, PlannedLot, Product
from renkei.fab.routes import Step
from renkei.fab.tools import Crew, SetupChange, ToolGroup
from renkei.floor import chance
from renkei.floor import records as r


def steps(*windows: tuple[int, int], last: int = 9, lens: tuple[tuple[int, int], ...] = ()) -> tuple[Step, ...]:
    """A route whose steps open windows (from, to) and bind tools (from, to)."""
    limits, bound = dict(windows), dict(lens)
    return tuple(
        Step(
            route="r",
            step=number,
            tool_group="g",
            process=1,
            queue_limit_step=limits.get(number),
            queue_limit=60 if number in limits else None,
            dedicate_step=bound.get(number),
        )
        for number in range(1, last + 1)
    )


def small(route: tuple[Step, ...], **tables: Any) -> FloorPlan:
    groups = tables.pop("groups", {}) or {"g": ToolGroup(tool_group="g", tools=2)}
    orders = tables.pop("orders", (Order(order="o", product="p"),))
    return floor_plan(Fab("small", groups, {"r": route}, {"p": Product(product="p", route="r")}, orders, **tables))


@pytest.mark.parametrize(
    ("windows", "columns"),
    [
        (((1, 2), (2, 3), (3, 9)), 1),
        (((1, 4), (2, 3), (3, 5)), 2),
        (((1, 9), (2, 9), (3, 9)), 3),
        (((1, 3), (2, 4), (3, 5), (4, 6)), 2),
        ((), 0),
    ],
)
def test_windows_that_may_be_open_together_have_columns_of_their_own(
    windows: tuple[tuple[int, int], ...], columns: int
) -> None:
    marks = Marks(steps(*windows))
    assert marks.count == columns
    for opener, closer in windows:
        for other, end in windows:
            if opener < other < closer:
                assert marks.window[opener] != marks.window[other], (opener, other, end)


def test_lenses_follow_the_windows_in_columns() -> None:
    marks = Marks(steps((1, 4), lens=((2, 5), (3, 5), (5, 8))))
    assert marks.window == {1: 0}
    assert marks.lens == {5: 1, 8: 2}
    assert marks.count == 3


def test_closing_steps_find_their_windows() -> None:
    fp = small(steps((1, 4), (2, 4), (4, 6)))
    rows = fp.plan.steps
    assert list(rows.closings) == [0, 0, 0, 2, 0, 1, 0, 0, 0]
    first = rows.closing[3]
    assert sorted(fp.plan.closings.opener[first : first + 2]) == [0, 1]
    assert fp.plan.closings.opener[rows.closing[5]] == 3
    for closing in fp.plan.closings:
        assert closing.mark == rows.window[closing.opener]
        assert closing.limit == 60


def setup_minutes(fp: FloorPlan, group: str, before: str, after: str) -> float:
    index = fp.index.setups
    row = index[group, before] + 1 if before else 0
    return float(fp.plan.setup_times.value[row * len(index) + index[group, after]])


@pytest.mark.parametrize("reverse", [False, True])
def test_setup_times_take_the_closest_row(reverse: bool) -> None:
    """The exact pair outdoes one from any setup, one for the group one for all, in any order."""
    changes = [
        SetupChange(to_setup="a", time=1),
        SetupChange(to_setup="a", time=2, tool_group="g"),
        SetupChange(from_setup="b", to_setup="a", time=3),
        SetupChange(from_setup="b", to_setup="a", time=4, tool_group="g"),
        SetupChange(from_setup="c", to_setup="a", time=5),
        SetupChange(from_setup="a", to_setup="b", time=6),
    ]
    route = tuple(
        Step(route="r", step=n, tool_group=group, process=1, setup=setup)
        for n, (group, setup) in enumerate([(g, s) for g in "gh" for s in "abc"], 1)
    )
    groups = {name: ToolGroup(tool_group=name, tools=1) for name in "gh"}
    fp = small(route, groups=groups, setups=tuple(reversed(changes) if reverse else changes))
    found = {(group, before): setup_minutes(fp, group, before, "a") for group in "gh" for before in ("", "a", "b", "c")}
    assert found == {
        ("g", ""): 2,
        ("g", "a"): 2,
        ("g", "b"): 4,
        ("g", "c"): 5,
        ("h", ""): 1,
        ("h", "a"): 1,
        ("h", "b"): 3,
        ("h", "c"): 5,
    }
    assert setup_minutes(fp, "g", "a", "b") == 6
    assert setup_minutes(fp, "g", "c", "b") == setup_minutes(fp, "g", "", "c") == 0


def test_the_law_of_a_setup_comes_with_its_time() -> None:
    changes = (
        SetupChange(to_setup="a", time=4, distribution="uniform", spread=2),
        SetupChange(from_setup="b", to_setup="a", time=9),
    )
    route = tuple(
        Step(route="r", step=n, tool_group="g", process=1, setup=setup, **own)
        for n, (setup, own) in enumerate(
            [("a", {}), ("b", {"setup_time": 3, "setup_distribution": "lognormal", "setup_spread": 0.5})], 1
        )
    )
    fp = small(route, setups=changes)
    table = fp.plan.setup_times.reshape(3, 2)
    a, b = fp.index.setups["g", "a"], fp.index.setups["g", "b"]
    assert [tuple(table[before, a]) for before in (0, a + 1, b + 1)] == [
        (4, 2, chance.UNIFORM),
        (4, 2, chance.UNIFORM),
        (9, 0, chance.CONSTANT),
    ]
    assert list(fp.plan.steps.setup_distribution) == [chance.CONSTANT, chance.LOGNORMAL]
    assert list(fp.plan.steps.setup_spread) == [0, 0.5]


def test_lots_that_tools_see_alike_share_a_sort() -> None:
    """Same setup and recipe: one sort; a batch step has one of its own."""
    route = (
        Step(route="r", step=1, tool_group="g", process=1, setup="a"),
        Step(route="r", step=2, tool_group="g", process=2, setup="a"),
        Step(route="r", step=3, tool_group="g", process=1, setup="b"),
        Step(route="r", step=4, tool_group="g", process=1, per="batch", batch_min=25, batch_max=50),
        Step(route="r", step=5, tool_group="g", process=1, per="batch", batch_min=50, batch_max=75),
        Step(route="r", step=6, tool_group="g", process=1),
    )
    kinds = list(small(route).plan.steps.kind)
    assert kinds[0] == kinds[1] == kinds[2] == kinds[5], "no time in the table ranks these setups"
    changes = tuple(SetupChange(to_setup=name, time=time) for name, time in (("a", 3.0), ("b", 2.0)))
    fp = small(route, setups=changes)
    kinds = list(fp.plan.steps.kind)
    assert kinds[0] == kinds[1]
    assert len(set(kinds)) == 5
    assert [(k.batch_min, k.batch_max) for k in fp.plan.kinds[kinds[3:5]]] == [(25, 50), (50, 75)]
    assert fp.plan.groups[0].kinds == 5


def test_remaining_work_counts_shares_and_delays() -> None:
    """Load, process of a whole lot, unload; sampled steps by their share; a cascade passes wafers an interval apart."""
    groups = {
        "g": ToolGroup(tool_group="g", tools=1, load=1, unload=2),
        "c": ToolGroup(tool_group="c", tools=1, cascade=True),
        "d": ToolGroup(tool_group="d", kind="delay"),
    }
    route = (
        Step(route="r", step=1, tool_group="g", process=3, per="wafer"),
        Step(route="r", step=2, tool_group="c", process=10, per="wafer", interval=2),
        Step(route="r", step=3, tool_group="g", process=7, sampling_percent=50),
        Step(route="r", step=4, tool_group="d", process=60),
    )
    fp = small(route, groups=groups, wafers_per_lot=10)
    assert list(fp.plan.steps.remaining) == [33 + 28 + 5 + 60, 28 + 5 + 60, 5 + 60, 60]


def test_steps_where_only_the_next_can_follow_are_plain() -> None:
    route = (
        Step(route="r", step=1, tool_group="g", process=1),
        Step(route="r", step=2, tool_group="g", process=1, queue_limit_step=3, queue_limit=1),
        Step(route="r", step=3, tool_group="g", process=1),
        Step(route="r", step=4, tool_group="g", process=1, sampling_percent=50),
        Step(route="r", step=5, tool_group="g", process=1, rework_step=5, rework_percent=1),
        Step(route="r", step=6, tool_group="g", process=1, scrap_percent=1),
        Step(route="r", step=7, tool_group="g", process=1, hold_percent=1),
        Step(route="r", step=8, tool_group="g", process=1),
    )
    assert list(small(route).plan.steps.plain) == [1, 0, 0, 1, 0, 0, 0, 1]


def test_the_last_step_of_a_setup_ends_its_claim_on_minimum_runs() -> None:
    route = tuple(
        Step(route="r", step=n, tool_group="g", process=1, setup=setup)
        for n, setup in enumerate(["a", "b", "a", ""], 1)
    )
    groups = {"g": ToolGroup(tool_group="g", tools=1, min_run=3)}
    fp = small(route, groups=groups)
    a, b = fp.index.setups["g", "a"], fp.index.setups["g", "b"]
    assert list(fp.plan.steps.last_of_setup) == [r.NONE, b, a, r.NONE]
    assert list(small(route).plan.steps.last_of_setup) == [r.NONE] * 4


def test_outages_meet_the_tools_of_their_area() -> None:
    groups = {
        "g": ToolGroup(tool_group="g", tools=2, area="east"),
        "h": ToolGroup(tool_group="h", tools=3, area="west"),
        "d": ToolGroup(tool_group="d", kind="delay", area="east"),
    }
    outages = (
        Outage(outage="one", area="east", interval=100, duration=10),
        Outage(outage="two", tool_group="h", kind="pm", clock="wafers", interval=50, duration=5),
        Outage(outage="three", area="east", clock="busy", interval=70, interval_spread=7, duration=5),
    )
    route = (Step(route="r", step=1, tool_group="g", process=1), Step(route="r", step=2, tool_group="h", process=1))
    fp = small(route, groups=groups, outages=outages)
    state = fp.fresh(1)
    assert list(state.tools.clocks) == [2, 2, 1, 1, 1]
    assert [(int(t.tool), int(t.outage)) for t in state.timers] == [
        (0, 0),
        (0, 2),
        (1, 0),
        (1, 2),
        (2, 1),
        (3, 1),
        (4, 1),
    ]
    assert len(set(state.timers.key)) == len(state.timers)
    assert list(fp.plan.groups.busy_clocks) == [1, 0, 1]
    assert fp.plan.outages.interval_spread[2] == 7


def test_transport_by_location() -> None:
    groups = {name: ToolGroup(tool_group=name, tools=1, location=name) for name in "gh"}
    route = tuple(Step(route="r", step=n, tool_group=name, process=1) for n, name in enumerate("gh", 1))
    moves = (Transport(from_location="g", to_location="h", distribution="uniform", time=5, spread=2),)
    fp = small(route, groups=groups, transports=moves)
    here, there = fp.index.locations["g"], fp.index.locations["h"]
    table = fp.plan.moves.reshape(2, 2)
    assert (table[here, there].time, table[here, there].spread) == (5, 2)
    assert table[there, here].time == 0


def test_priorities_become_classes_the_most_urgent_first() -> None:
    orders = tuple(Order(order=f"o{n}", product="p", priority=n) for n in (10, 30, 20, 10))
    lot = InitialLot(lot="w", product="p", step=1, priority=-5)
    fp = small(steps(), orders=orders, initial_wip=(lot,))
    assert list(fp.plan.orders.class_[:4]) == [2, 0, 1, 2]
    assert fp.index.classes == {30: 0, 20: 1, 10: 2, -5: 3}
    assert fp.fresh(1).lots[0].class_ == 3


def test_keys_follow_names_so_that_additions_do_not_shift_luck() -> None:
    """Orders of one name are told apart by their place among those of that name."""
    orders = tuple(Order(order=name, product="p") for name in "aba")
    keys = list(small(steps(), orders=orders).plan.orders.key)
    assert len(set(keys)) == 3
    more = (Order(order="new", product="p"), *orders)
    groups = {name: ToolGroup(tool_group=name, tools=1) for name in ("new", "g")}
    fp = small(steps(), orders=more, groups=groups, crews={"c": Crew(crew="c", people=1)})
    assert list(fp.plan.orders.key[1:]) == keys
    assert fp.plan.groups.key[1] == small(steps()).plan.groups.key[0]


def test_planned_lots_become_release_lines_sorted_by_start() -> None:
    """Each line has its rows of the table, in order; other lots in the list shift neither keys nor numbers."""
    lots = [
        PlannedLot(product="p", start=9, due=50, wafers=3),
        PlannedLot(product="p", order="hot", priority=20, start=4),
        PlannedLot(product="p", start=2),
    ]
    fp = small(steps(), orders=(Order(order="o", product="p"),), lots=PlannedLots.of(lots))
    assert [(row.planned, row.planned_lots) for row in fp.plan.orders] == [(0, 0), (0, 2), (2, 1)]
    assert list(fp.plan.planned.start) == [2, 9, 4]
    assert list(fp.plan.planned.due) == [np.inf, 50, np.inf]
    assert list(fp.plan.planned.wafers) == [25, 3, 25]
    assert list(fp.fresh(1).orders["at"]) == [0, 2, 4]
    assert list(fp.index.lot_types) == ["o", "p", "hot"]
    assert list(fp.index.classes) == [20, 10]
    more = PlannedLots.of([PlannedLot(product="p", order="new", start=0), *lots])
    assert list(small(steps(), lots=more).plan.orders.key[2:]) == list(fp.plan.orders.key[1:])


def test_a_plan_is_read_only() -> None:
    for table in small(steps((1, 2))).plan:
        assert isinstance(table, np.recarray)
        assert not table.flags.writeable


def test_unused_routes_are_left_out() -> None:
    fab = Fab(
        "small",
        {"g": ToolGroup(tool_group="g", tools=1)},
        {"r": steps(last=3), "unused": steps(last=50)},
        {"p": Product(product="p", route="r"), "q": Product(product="q", route="unused")},
        (Order(order="o", product="p"),),
    )
    assert floor_plan(fab).plan.sizes.steps[0] == 3


def test_all_criteria_of_a_rule_count() -> None:
    names = CRITERIA
    assert set(names) == set(r.CRITERIA)
    fp = small(steps(), dispatch=names)
    first = int(fp.plan.groups[0].criteria)
    assert list(fp.plan.criteria["code"][first:]) == [*(r.CRITERIA[name] for name in names), 0]


@pytest.mark.parametrize(
    ("rule", "heads"),
    [
        ("priority, setup, fifo", 1),
        ("fifo, cr", 1),
        ("priority, fifo, random", 1),
        ("setup, priority", 1),
        ("priority, cr, fifo", 0),
        ("lifo, fifo", 0),
        ("1*priority + fifo", 0),
        *((name, 0) for name in CRITERIA if name not in ("priority", "setup", "fifo")),
    ],
)
def test_heads_of_lines_suffice_where_lines_stand_in_rank_order(rule: str, heads: int) -> None:
    assert small(steps(), dispatch=parse_dispatch(rule)).plan.groups[0].heads == heads


def test_a_weighted_sum_has_terms() -> None:
    """Within a sum the minute of arrival stands for `fifo`, its negative for `lifo`."""
    plan = small(steps(), dispatch=parse_dispatch("priority, 0.7*cr + 2*lifo, fifo - cqt")).plan
    place = int(plan.groups[0].criteria)
    first = plan.criteria["code"][place + 1] - r.SUMS
    assert plan.criteria["code"][place : place + 4].tolist() == [r.PRIORITY, r.SUMS + first, r.SUMS + first + 3, 0]
    assert plan.terms["code"][first : first + 6].tolist() == [r.CR, r.ARRIVED, 0, r.ARRIVED, r.CQT, 0]
    assert plan.terms["weight"][first : first + 6].tolist() == [0.7, -2.0, 0.0, 1.0, -1.0, 0.0]
