"""What holds on any floor, as functions that look at a run and raise AssertionError where it does not hold.

They see what a run tells (its trace, the log of finished lots, counters, lots still there) and the fab as declared;
nothing of how the kernels work.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from typing import Any, NamedTuple

import numpy as np
import pytest

from renkei.build.accounts import tool_time
from renkei.build.floorplan import FloorPlan
from renkei.fab.batches import batch_key, route_families
from renkei.fab.fab import Fab
from renkei.fab.routes import Step
from renkei.floor.records import INF, NONE, T_ENGINEERING, T_PRODUCTIVE, T_SETUP
from renkei.floor.state import State

from .fabs import e10_of, run_floor, trace_of

LotId = tuple[int, int]
"""A lot's order row and its number in that order."""


class Visit(NamedTuple):
    """A lot at a step, done or begun."""

    step: Step
    visit: int
    tool: int
    start: float
    end: float
    """INF while it lasts."""


@dataclass(frozen=True)
class Run:
    """A traced run from minute 0 until `until`; statistics begin at `warmup`."""

    fab: Fab
    fp: FloorPlan
    state: State
    until: float
    warmup: float = 0.0

    @cached_property
    def steps(self) -> list[Step]:
        """Steps by their row in the plan."""
        return [step for route in self.fp.index.routes for step in self.fab.routes[route]]

    @cached_property
    def rows(self) -> list[tuple[Any, ...]]:
        """The trace: order row, number, route, step, visit, tool, arrived, start, end."""
        return trace_of(self.fp, self.state)

    @cached_property
    def inside(self) -> list[int]:
        """Rows of the lots that are being worked on or delayed."""
        lots, tools = self.state.lots, self.state.tools
        found = [lot for lot, row in enumerate(lots) if row.alive and row.tool == NONE and row.time < INF]
        for tool in tools:
            lot = tool.first_in
            while lot != NONE:
                found.append(int(lot))
                lot = lots[lot].next
        return found

    @cached_property
    def histories(self) -> dict[LotId, list[Visit]]:
        """Of each lot what it did, in order."""
        found = defaultdict(list)
        for order, number, route, step, visit, tool, _, start, end in self.rows:
            found[order, number].append(Visit(self.fab.routes[route][step - 1], visit, tool, start, end))
        for lot in self.inside:
            row = self.state.lots[lot]
            visit = Visit(self.steps[row.step], int(row.visit), int(row.tool), float(row.started), INF)
            found[int(row.order), int(row.number)].append(visit)
        return found

    @cached_property
    def stays(self) -> dict[LotId, tuple[float, float]]:
        """Of each lot when it came and when it left (INF: it is there)."""
        done = self.state.finished[: self.state.clock[0].finished]
        columns = (done[name].tolist() for name in ("order", "number", "released", "finished"))
        found = {(order, number): (came, left) for order, number, came, left in zip(*columns, strict=True)}
        alive = self.state.lots[self.state.lots.alive == 1]
        return found | {(int(row.order), int(row.number)): (float(row.released), INF) for row in alive}

    @cached_property
    def next_steps(self) -> dict[LotId, Step]:
        """Of each lot in the fab where it is, or where it goes next."""
        alive = [row for row in self.state.lots if row.alive and row.step != NONE]
        return {(int(row.order), int(row.number)): self.steps[row.step] for row in alive}

    def alike(self, step: Step) -> tuple[Any, ...]:
        """What lots in one job have in common: their step, or what lots share a batch by."""
        if step.batch_max is None:
            return (step.route, step.step)
        return batch_key(step, self.fab.tool_groups[step.tool_group], self.families[step.route])

    @cached_property
    def families(self) -> dict[str, str]:
        """Product family by route."""
        return route_families(self.fab)

    def jobs(self) -> Iterator[tuple[int, list[tuple[float, float, Step, int]]]]:
        """Of each tool its jobs in order: start, end, step, lots."""
        lots: Counter[Any] = Counter()
        steps = {}
        for history in self.histories.values():
            for step, _, tool, start, end in history:
                key = (tool, start, end, *self.alike(step))
                lots[key] += 1
                steps[key] = step
        by_tool = defaultdict(list)
        for key in sorted(lots):
            by_tool[key[0]].append((key[1], key[2], steps[key], lots[key]))
        by_tool.pop(NONE, None)
        yield from by_tool.items()


def watched(fab: Fab, until: float, seed: int = 1, warmup: float = 0.0, trace: bool = True) -> Run:
    """Run a fab, with its trace if all laws are to look at it."""
    fp, state = run_floor(fab, until, seed, trace, warmup)
    return Run(fab, fp, state, until, warmup)


def lots_and_wafers_are_conserved(run: Run) -> None:
    """What came is what left and what is there."""
    clock, lots = run.state.clock[0], run.state.lots
    alive = lots[lots.alive == 1]
    assert clock.released == clock.completed + clock.scrapped_lots + clock.wip
    assert clock.wafers_in == clock.wafers_out + clock.wafers_lost + clock.wip_wafers
    assert len(alive) == clock.wip == run.state.orders.wip.sum()
    assert alive.wafers.sum() == clock.wip_wafers
    assert clock.free_lots == len(lots) - clock.wip


def time_accounts_sum_to_the_window(run: Run) -> None:
    """E10 states of each tool are never negative and sum to the time there was."""
    time = e10_of(run.state)
    assert time == pytest.approx(tool_time(run.state))
    assert np.all(time >= -1e-9)
    assert time.sum(axis=1) == pytest.approx(run.until - run.warmup)


def littles_law_holds_exactly(run: Run) -> None:
    """The area under the WIP is the time lots spent in the fab."""
    clock, lots = run.state.clock[0], run.state.lots
    alive = lots[lots.alive == 1]
    area = clock.wip_area + clock.wip * (clock.now - clock.wip_time)
    assert area == pytest.approx(clock.lot_time + (clock.now - np.maximum(alive.released, clock.since)).sum())


def time_goes_forward(run: Run) -> None:
    """What is written down comes in the order in which it happened, and not after the end."""
    clock = run.state.clock[0]
    assert clock.now == run.until
    days = run.state.days[: clock.days].time.tolist()
    assert days == [1440.0 * day for day in range(1, len(days) + 1)]
    for times in ([row[-1] for row in run.rows], run.state.finished[: clock.finished].finished.tolist(), days):
        assert times == sorted(times)
        assert not times or 0 <= times[0] <= times[-1] <= run.until


def steps_follow_one_another(run: Run) -> None:
    """Arrival, start and end; no step before the last one's end; back only by rework."""
    assert all(arrived <= start <= end for *_, arrived, start, end in run.rows)
    for history in run.histories.values():
        for (step, visit, _, _, end), (after, again, _, start, _) in pairwise(history):
            assert start >= end
            assert again == visit + 1 if after.step <= step.step else again in (visit, visit + 1)
            assert again == visit or step.rework_step


def no_tool_does_two_things(run: Run) -> None:
    """One job at a time; a cascading tool takes a lot when the last but one has left slot 2, handling aside."""
    groups = list(run.fab.tool_groups.values())
    for tool, jobs in run.jobs():
        group = groups[run.state.tools[tool].group]
        ends = [end for _, end, *_ in jobs]
        assert ends == sorted(ends)
        if not group.cascade:
            assert all(start >= end for end, (start, *_) in zip(ends, jobs[1:], strict=False))
        elif not any(outage.kind == "breakdown" for outage in run.fab.outages):
            handling = group.load + group.unload + 1e-9
            assert all(
                start >= min(end, run.until) - handling for end, (start, *_) in zip(ends, jobs[2:], strict=False)
            )


def busy_time_is_that_of_the_jobs(run: Run) -> None:
    """Setup and productive minutes of a tool that takes one job at a time and is never stopped within one."""
    groups = list(run.fab.tool_groups.values())
    stopped = {
        name
        for o in run.fab.outages
        if o.kind == "breakdown"
        for name, group in run.fab.tool_groups.items()
        if o.tool_group == name or (o.area and o.area == group.area)
    }
    busy = e10_of(run.state)[:, [T_SETUP, T_PRODUCTIVE, T_ENGINEERING]].sum(axis=1)
    for tool, jobs in run.jobs():
        group = groups[run.state.tools[tool].group]
        if not group.cascade and group.tool_group not in stopped:
            assert busy[tool] == pytest.approx(sum(min(end, run.until) - start for start, end, *_ in jobs))


def batches_keep_their_limits(run: Run) -> None:
    """Lots that start together on a tool: one, or a batch; its wafers are known where none can be lost."""
    size_of, sizes = wafers_of_lots(run.fab)
    sure = not any(step.scrap_percent for route in run.fab.routes.values() for step in route)
    batches = defaultdict(list)
    for order, number, route, number_of_step, _, tool, _, start, _ in run.rows:
        if tool != NONE:
            step = run.fab.routes[route][number_of_step - 1]
            wafers = size_of.get((order, number)) or size_of.get((order, NONE), 0)
            batches[run.alike(step), tool, start].append((step, wafers))
    for inside in batches.values():
        step, wafers = inside[0][0], [count for _, count in inside]
        if step.batch_max is None:
            assert len(wafers) == 1
        elif sure:
            assert sum(wafers) <= step.batch_max
            routes = run.fab.routes if run.fab.tool_groups[step.tool_group].batch_by == "family" else [step.route]
            found = set().union(*(sizes[route] for route in routes))
            least = step.batch_min if len(found) == 1 else min(step.batch_min, step.batch_max - max(found) + 1)
            assert sum(wafers) >= least, "lots of several sizes may not fit together"


def wafers_of_lots(fab: Fab) -> tuple[dict[LotId, int], dict[str, set[int]]]:
    """Wafers of lots as they come, by order row for all its numbers (NONE) and by row and number for planned and
    initial lots; and the sizes there are on each route."""
    found: dict[LotId, int] = {}
    sizes: dict[str, set[int]] = defaultdict(set)

    def add(lot: LotId, product: str, wafers: int) -> None:
        found[lot] = wafers or fab.wafers_per_lot
        sizes[fab.products[product].route].add(found[lot])

    for row, order in enumerate(fab.orders):
        add((row, NONE), order.product, order.wafers or 0)
    lines = fab.lots.release_lines
    for row, line in enumerate(lines, len(fab.orders)):
        for number, wafers in enumerate(fab.lots.columns["wafers"][line.rows]):
            add((row, number), line.product, int(wafers))
    kinds = list(dict.fromkeys((lot.product, lot.order or lot.product, lot.reserve) for lot in fab.initial_wip))
    numbers: Counter[int] = Counter()
    for lot in fab.initial_wip:
        row = len(fab.orders) + len(lines) + kinds.index((lot.product, lot.order or lot.product, lot.reserve))
        add((row, numbers[row]), lot.product, lot.wafers or 0)
        numbers[row] += 1
    return found, sizes


def minimum_runs_are_kept(run: Run) -> None:
    """No change of setup before so many lots of the last one, unless no lot in the fab has such a step left."""
    groups = list(run.fab.tool_groups.values())
    for tool, jobs in run.jobs():
        group = groups[run.state.tools[tool].group]
        setup, done = "", group.min_run
        for start, _, step, lots in jobs:
            if not step.setup:
                continue
            if step.setup != setup:
                assert done >= group.min_run or not list(lots_ahead(run, start, group.tool_group, setup)), (tool, start)
                setup, done = step.setup, 0
            done += lots


def lots_ahead(run: Run, minute: float, group: str, setup: str) -> Iterator[LotId]:
    """Lots that at a minute have a step with a setup left on a group; those moving just then are left out."""
    for lot, (came, left) in run.stays.items():
        history = run.histories.get(lot, [])
        if not came < minute < left or any(visit.end == minute for visit in history):
            continue
        here = next((visit.step for visit in history if visit.end > minute), run.next_steps.get(lot))
        if here is None:
            continue
        ahead = run.fab.routes[here.route][here.step - 1 :]
        if any(step.tool_group == group and step.setup == setup for step in ahead):
            yield lot


def lots_keep_to_their_lens_and_to_qualified_tools(run: Run) -> None:
    """Where a lot is bound to a tool it goes there, elsewhere to one that is named for its recipe."""
    allowed = {(q.tool_group, q.recipe): numbers_in(q.tools) for q in run.fab.qualifications if "%" not in q.tools}
    for history in run.histories.values():
        bound: dict[int, int] = {}
        for step, _, tool, _, _ in history:
            numbers = allowed.get((step.tool_group, step.recipe))
            if step.step in bound:
                assert tool == bound[step.step]
            elif numbers is not None and tool != NONE:
                assert run.state.tools[tool].number in numbers
            if step.dedicate_step:
                bound[step.dedicate_step] = tool


def numbers_in(text: str) -> set[int]:
    """The numbers of a text such as `1 3-5`."""
    parts = [[int(end) for end in part.split("-")] for part in text.replace(",", " ").split()]
    return {number for part in parts for number in range(part[0], part[-1] + 1)}


def wip_limits_are_kept(run: Run) -> None:
    """Never more lots of a release line in the fab than it allows; one may come in the instant in which one leaves."""
    moves = defaultdict(list)
    for (order, _), (came, left) in run.stays.items():
        moves[order] += [(came, 1), (left, -1)]
    for row, order in enumerate(run.fab.orders):
        if order.wip_limit:
            inside = np.cumsum([change for _, change in sorted(moves[row])])
            assert inside.max(initial=0) <= order.wip_limit


def windows(history: Iterable[Visit]) -> Iterator[tuple[Step, float]]:
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


def queue_times_are_measured_right(run: Run) -> None:
    """Counts of windows closed and violated, recomputed from the trace."""
    checked: Counter[Any] = Counter()
    violated: Counter[Any] = Counter()
    for history in run.histories.values():
        for step, minutes in windows(history):
            checked[step.route, step.step] += 1
            violated[step.route, step.step] += minutes > step.queue_limit
    for step, row in zip(run.steps, run.state.steps, strict=True):
        assert row.checked == checked[step.route, step.step]
        assert row.violated == violated[step.route, step.step]


def counts_agree_with_the_trace(run: Run) -> None:
    """Moves, passes, starts and queue times, recomputed from the trace."""
    assert run.state.clock[0].moves == len(run.rows) == run.state.steps.passes.sum()
    names = list(run.fab.tool_groups)
    starts = Counter(visit.step.tool_group for history in run.histories.values() for visit in history)
    waited: Counter[str] = Counter()
    for _, _, route, step, _, tool, arrived, start, _ in run.rows:
        if tool != NONE:
            waited[run.fab.routes[route][step - 1].tool_group] += start - arrived
    for lot in run.inside:
        row = run.state.lots[lot]
        if row.tool != NONE:
            waited[names[run.state.tools[row.tool].group]] += row.started - row.arrived
    for name, row in zip(names, run.state.groups, strict=True):
        assert row.starts == starts[name]
        assert row.queue_time == pytest.approx(waited[name])


OF_A_WINDOW = (lots_and_wafers_are_conserved, time_accounts_sum_to_the_window, littles_law_holds_exactly)
"""Laws that hold for statistics with a warm-up cut off, too."""
LAWS = (
    *OF_A_WINDOW,
    time_goes_forward,
    steps_follow_one_another,
    no_tool_does_two_things,
    busy_time_is_that_of_the_jobs,
    batches_keep_their_limits,
    minimum_runs_are_kept,
    lots_keep_to_their_lens_and_to_qualified_tools,
    wip_limits_are_kept,
    queue_times_are_measured_right,
    counts_agree_with_the_trace,
)
