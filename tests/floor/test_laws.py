"""What holds on any floor, on random small fabs with random times."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.build.accounts import tool_time
from renkei.build.floorplan import FloorPlan
from renkei.fab.fab import Fab
from renkei.fab.routes import Step
from renkei.floor import drive
from renkei.floor.records import INF, NONE
from renkei.floor.state import State, copied

from .fabs import e10_of, run_floor, trace_of
from .strategies import fabs

UNTIL = 400.0
lawful = settings(
    max_examples=60,
    deadline=None,
    derandomize=True,
    database=None,
    report_multiple_bugs=False,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)


def assert_same(state: State, other: State) -> None:
    """All tables agree to the last bit."""
    for name, mine, theirs in zip(State._fields, state, other, strict=True):
        assert len(mine) == len(theirs), name
        for column in mine.dtype.names:
            assert mine[column].tobytes() == theirs[column].tobytes(), f"{name}.{column}"


def lots_inside(state: State) -> list[int]:
    """Rows of the lots that are being worked on or delayed."""
    found = [lot for lot, row in enumerate(state.lots) if row.alive and row.tool == NONE and row.time < INF]
    for tool in state.tools:
        lot = tool.first_in
        while lot != NONE:
            found.append(int(lot))
            lot = state.lots[lot].next
    return found


def histories(fp: FloorPlan, state: State) -> dict[tuple[int, int], list[tuple[Step, int, int, float, float]]]:
    """Return by lot (order row, number) its steps done or begun, in order: (step, visit, tool, start, end)."""
    found = defaultdict(list)
    for order, number, route, step, visit, tool, _, start, end in trace_of(fp, state):
        found[order, number].append((fp.fab.routes[route][step - 1], visit, tool, start, end))
    steps = [step for route in fp.index.routes for step in fp.fab.routes[route]]
    for lot in lots_inside(state):
        row = state.lots[lot]
        found[int(row.order), int(row.number)].append(
            (steps[row.step], int(row.visit), int(row.tool), row.started, INF)
        )
    return found


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3), warmup=st.sampled_from([0.0, 150.0]))
def test_lots_and_wafers_are_conserved(fab: Fab, seed: int, warmup: float) -> None:
    _, state = run_floor(fab, UNTIL, seed, warmup=warmup)
    clock = state.clock[0]
    alive = state.lots[state.lots.alive == 1]
    assert clock.released == clock.completed + clock.scrapped_lots + clock.wip
    assert clock.wafers_in == clock.wafers_out + clock.wafers_lost + clock.wip_wafers
    assert len(alive) == clock.wip == state.orders.wip.sum()
    assert alive.wafers.sum() == clock.wip_wafers
    assert clock.free_lots == len(state.lots) - clock.wip


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3), warmup=st.sampled_from([0.0, 150.0]))
def test_time_accounts_sum_to_the_horizon(fab: Fab, seed: int, warmup: float) -> None:
    _, state = run_floor(fab, UNTIL, seed, warmup=warmup)
    time = e10_of(state)
    assert time == pytest.approx(tool_time(state))
    assert np.all(time >= -1e-9)
    assert time.sum(axis=1) == pytest.approx(UNTIL - warmup)


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3), warmup=st.sampled_from([0.0, 150.0]))
def test_littles_law_holds_exactly(fab: Fab, seed: int, warmup: float) -> None:
    """The area under the WIP is the time lots spent in the fab."""
    _, state = run_floor(fab, UNTIL, seed, warmup=warmup)
    clock = state.clock[0]
    alive = state.lots[state.lots.alive == 1]
    area = clock.wip_area + clock.wip * (clock.now - clock.wip_time)
    assert area == pytest.approx(clock.lot_time + (clock.now - np.maximum(alive.released, clock.since)).sum())


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3), stops=st.lists(st.floats(0, UNTIL), max_size=6))
def test_the_result_does_not_depend_on_stops_and_snapshots(fab: Fab, seed: int, stops: list[float]) -> None:
    fp, once = run_floor(fab, UNTIL, seed)
    state = fp.fresh(seed, trace=True)
    snapshots = []
    for stop in sorted(stops):
        state = drive.advance(fp.plan, state, stop)
        assert state.clock[0].now == stop
        snapshots.append(copied(state))
    assert_same(drive.advance(fp.plan, state, UNTIL), once)
    for snapshot in snapshots:
        assert_same(drive.advance(fp.plan, snapshot, UNTIL), once)


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_steps_follow_one_another(fab: Fab, seed: int) -> None:
    fp, state = run_floor(fab, UNTIL, seed)
    rows = trace_of(fp, state)
    ends = [row[-1] for row in rows]
    assert ends == sorted(ends)
    assert all(0 <= arrived <= start <= end <= UNTIL for *_, arrived, start, end in rows)
    for history in histories(fp, state).values():
        for (step, visit, _, _, end), (after, again, _, start, _) in pairwise(history):
            assert start >= end
            assert again == visit + 1 if after.step <= step.step else again in (visit, visit + 1)
            assert again == visit or step.rework_step


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_no_tool_does_two_things(fab: Fab, seed: int) -> None:
    """One job at a time; a cascading tool takes a lot when the last but one has left slot 2, handling aside."""
    fp, state = run_floor(fab, UNTIL, seed)
    groups = list(fab.tool_groups.values())
    jobs: dict[int, set[tuple[float, float]]] = defaultdict(set)
    for *_, tool, _, start, end in trace_of(fp, state):
        jobs[tool].add((start, end))
    jobs.pop(NONE, None)
    for tool, spans in jobs.items():
        group = groups[state.tools[tool].group]
        ordered = sorted(spans)
        ends = [end for _, end in ordered]
        assert ends == sorted(ends)
        if not group.cascade:
            assert all(start >= end for end, (start, _) in zip(ends, ordered[1:], strict=False))
        elif not any(outage.kind == "breakdown" for outage in fab.outages):
            handling = group.load + group.unload + 1e-9
            assert all(start >= end - handling for end, (start, _) in zip(ends, ordered[2:], strict=False))


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_batches_keep_their_limits(fab: Fab, seed: int) -> None:
    fp, state = run_floor(fab, UNTIL, seed)
    sizes: dict[tuple[int, int], int] = {}
    for row, line in enumerate(fp.plan.orders):
        listed = fp.plan.planned.wafers[line.planned : line.planned + line.planned_lots]
        sizes |= {(row, number): int(wafers) for number, wafers in enumerate(listed)}
    usual = [order.wafers or fab.wafers_per_lot for order in fab.orders]
    jobs: dict[tuple[int, float], list[tuple[Step, int]]] = {}
    for order, number, route, step, _, tool, _, start, _ in trace_of(fp, state):
        wafers = sizes.get((order, number)) or (usual[order] if order < len(usual) else 0)
        jobs.setdefault((tool, start), []).append((fab.routes[route][step - 1], wafers))
    plain = not any(step.scrap_percent for route in fab.routes.values() for step in route) and not fab.initial_wip
    for (tool, _), inside in jobs.items():
        step, count = inside[0][0], sum(wafers for _, wafers in inside)
        if tool == NONE:
            continue
        if step.batch_max is None:
            assert len(inside) == 1 or step.process == 0
        elif plain:
            assert count <= step.batch_max
            assert count >= step.batch_min or len({*usual, *sizes.values()}) > 1


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_lots_keep_to_their_lens_and_to_qualified_tools(fab: Fab, seed: int) -> None:
    fp, state = run_floor(fab, UNTIL, seed)
    allowed = {(q.tool_group, q.recipe): {int(number) for number in q.tools.split()} for q in fab.qualifications}
    for history in histories(fp, state).values():
        bound: dict[int, int] = {}
        for step, _, tool, _, _ in history:
            numbers = allowed.get((step.tool_group, step.recipe))
            if step.step in bound:
                assert tool == bound[step.step]
            elif numbers is not None and tool != NONE:
                assert state.tools[tool].number in numbers
            if step.dedicate_step:
                bound[step.dedicate_step] = tool


def windows(history: Iterable[tuple[Step, int, int, float, float]]) -> Iterable[tuple[Step, float]]:
    """Return (opening step, minutes from its end to the start of the closing one) of each window a lot closed."""
    opened: dict[int, tuple[Step, float]] = {}
    before = None
    for step, visit, _, start, end in history:
        if before and visit > before[1]:
            opened = {o: w for o, w in opened.items() if not before[0].rework_step <= o <= before[0].step}
        for opener, (first, since) in list(opened.items()):
            if first.queue_limit_step <= step.step:
                del opened[opener]
            if first.queue_limit_step == step.step:
                yield first, start - since
        if step.queue_limit_step:
            opened[step.step] = (step, end)
        before = (step, visit)


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_queue_times_are_measured_right(fab: Fab, seed: int) -> None:
    """Counts of windows closed and violated, recomputed from the trace."""
    fp, state = run_floor(fab, UNTIL, seed)
    checked: Counter[Any] = Counter()
    violated: Counter[Any] = Counter()
    for history in histories(fp, state).values():
        for step, minutes in windows(history):
            checked[step.route, step.step] += 1
            violated[step.route, step.step] += minutes > step.queue_limit
    for route, first in fp.index.routes.items():
        for step in fab.routes[route]:
            row = state.steps[first + step.step - 1]
            assert row.checked == checked[route, step.step]
            assert row.violated == violated[route, step.step]


@lawful
@given(fab=fabs(exact=False), seed=st.integers(0, 3))
def test_counts_agree_with_the_trace(fab: Fab, seed: int) -> None:
    fp, state = run_floor(fab, UNTIL, seed)
    rows = trace_of(fp, state)
    assert state.clock[0].moves == len(rows) == state.steps.passes.sum()
    begun = [step for history in histories(fp, state).values() for step, *_ in history]
    assert Counter(step.tool_group for step in begun) == {
        name: row.starts for name, row in zip(fab.tool_groups, state.groups, strict=True) if row.starts
    }
    waited: Counter[str] = Counter()
    for _, _, route, step, _, tool, arrived, start, _ in rows:
        if tool != NONE:
            waited[fab.routes[route][step - 1].tool_group] += start - arrived
    for lot in lots_inside(state):
        row = state.lots[lot]
        if row.tool != NONE:
            waited[list(fab.tool_groups)[state.tools[row.tool].group]] += row.started - row.arrived
    for name, row in zip(fab.tool_groups, state.groups, strict=True):
        assert row.queue_time == pytest.approx(waited[name])
