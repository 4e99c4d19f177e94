"""A lot reaches a step: it waits there for a time, starts on an idle tool, or joins the queue."""

from __future__ import annotations

from renkei.floor.calendar import schedule
from renkei.floor.chance import PROCESS, address, draw
from renkei.floor.dispatch import best_of_kind, idle_tool, is_ready
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.jobs import begin_job, begin_ride, may_ride
from renkei.floor.queues import join, join_tool
from renkei.floor.records import COUNTED, INF, LOT_END, NONE, NOWHERE, OUT, PER_WAFER, RIDING
from renkei.floor.reservations import claim, reserve
from renkei.floor.setups import may_set_up, run_allows
from renkei.floor.steps import book_ride
from renkei.floor.tables import clocks, groups, kinds, lots, marks, orders, passed, queues, sizes, steps, tools
from renkei.floor.ways import close_windows


@small_kernel
def _delay(plan, state, lot):
    """Begin a pure delay: no tool, no queue."""
    clock = clocks(state, 0)
    row = lots(state, lot)
    step = steps(plan, row.step)
    queues(state, step.group).starts += 1
    passed(state, row.step).visits += 1
    close_windows(plan, state, lot, row.step, True)
    row.tool = NONE
    row.started = clock.now
    if sizes(plan, 0).reserves == 1 and orders(plan, row.order).reserve == 1:
        reserve(plan, state, lot)
    process = draw(step.distribution, step.process, step.spread, address(row.key, PROCESS, step.number, row.visit))
    worked = step.wafers if 0 < step.wafers < row.wafers else row.wafers
    end = clock.now + (process if process > 0.0 else 0.0) * (worked if step.per == PER_WAFER else 1)
    if may_ride(plan, state, lot):
        begin_ride(plan, state, lot, end)
        return
    row.time = end
    schedule(state, end, LOT_END, lot)


@small_kernel
def _end_ride(plan, state, lot):
    """A lot that rode through its last step learns what happened at that step's end."""
    row = lots(state, lot)
    step = steps(plan, row.step)
    if row.waiting == RIDING:
        book_ride(state, lot)
    if step.window != NONE:
        marks(state, lot * sizes(plan, 0).marks + step.window).value = row.started
    for skipped in range(row.step + 1, row.next):
        close_windows(plan, state, lot, skipped, False)
    row.step = row.next
    clocks(state, 0).riding -= 1


@kernel
def arrive(plan, state, lot):
    """A lot reaches its step: it starts on an idle tool or joins the queue."""
    row = lots(state, lot)
    if row.waiting == RIDING or row.waiting == COUNTED:
        _end_ride(plan, state, lot)
    row.waiting = NOWHERE
    step = steps(plan, row.step)
    group = groups(plan, step.group)
    row.arrived = clocks(state, 0).now
    row.time = INF
    queues(state, step.group).visits += 1
    if group.delay == 1:
        _delay(plan, state, lot)
        return
    if sizes(plan, 0).reserves == 1 and orders(plan, row.order).reserve == 1:
        kept = claim(plan, state, lot)
        if kept != NONE:
            begin_job(plan, state, kept, lot)
            return
    if step.lens_from != NONE:
        tool = int(marks(state, lot * sizes(plan, 0).marks + step.lens_from).value)
        if tool >= 0 and tools(state, tool).state != OUT and tools(state, tool).leaving == 0:
            if (
                tools(state, tool).idle == 1
                and run_allows(plan, state, tool, step.setup)
                and may_set_up(plan, state, tool, row.step)
            ):
                begin_job(plan, state, tool, lot)
            else:
                join_tool(plan, state, lot, tool)
            return
    if group.batch == 1 and kinds(plan, step.kind).batch_max > 0:
        join(plan, state, lot)
        while is_ready(plan, state, step.kind):  # a second batch may be ready where lots did not fit together
            tool = idle_tool(plan, state, lot)
            if tool == NONE:
                return
            begin_job(plan, state, tool, best_of_kind(plan, state, tool, step.kind, False))
        return
    tool = NONE
    if queues(state, step.group).idle > 0:
        tool = idle_tool(plan, state, lot)
    if tool == NONE:
        join(plan, state, lot)
    else:
        begin_job(plan, state, tool, lot)
