"""The way of a lot through its route: queue-time windows, sampling, transport, leaving the fab."""

from __future__ import annotations

from renkei.floor.calendar import schedule, schedule_rare
from renkei.floor.chance import MOVE, SAMPLE, address, draw, unit
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import ARRIVAL, INF, MOVING, NONE, NOWHERE, RELEASE, WAKE
from renkei.floor.tables import (
    clocks,
    closings,
    finished,
    groups,
    lots,
    marks,
    moves,
    passed,
    queues,
    releases,
    setups,
    sizes,
    steps,
    tools,
)


@kernel
def count_ahead(plan, state, first, last, change_by):
    """Add to the lots ahead of each minimum-run setup whose last step lies in rows [first, last)."""
    for step in range(first, last):
        setup = steps(plan, step).last_of_setup
        if setup == NONE:
            continue
        row = setups(state, setup)
        row.lots_ahead += change_by
        if row.lots_ahead == 0 and change_by < 0:
            tool = queues(state, row.group).idle_first
            while tool != NONE:
                if tools(state, tool).setup == setup:
                    schedule_rare(state, clocks(state, 0).now, WAKE, tool)
                tool = tools(state, tool).idle_next


@kernel
def close_windows(plan, state, lot, step, measured):
    """Close the queue-time windows that end at a step; `measured` False: the step is skipped, nothing is violated."""
    row = steps(plan, step)
    now = clocks(state, 0).now
    width = sizes(plan, 0).marks
    for closing in range(row.closing, row.closing + row.closings):
        window = closings(plan, closing)
        mark = marks(state, lot * width + window.mark)
        opened = mark.value
        if opened < 0.0:
            continue
        mark.value = -1.0
        if measured:
            count = passed(state, window.opener)
            count.checked += 1
            if now - opened > window.limit:
                count.violated += 1


@kernel
def cancel_windows(plan, state, lot, first, last):
    """Cancel the open windows whose first step lies in rows [first, last] (rework to before their start)."""
    width = sizes(plan, 0).marks
    for step in range(first, last + 1):
        window = steps(plan, step).window
        if window != NONE:
            marks(state, lot * width + window).value = -1.0


@small_kernel
def _is_done(plan, state, lot, step):
    """Return True if a lot does a step that may be sampled."""
    row = lots(state, lot)
    there = steps(plan, step)
    return there.sampling >= 1.0 or unit(address(row.key, SAMPLE, there.number, row.visit)) < there.sampling


@small_kernel
def next_done(plan, state, lot, step):
    """Return the next step that the lot really does from `step` on; there is one."""
    while not _is_done(plan, state, lot, step):
        step += 1
    return step


@kernel
def skip_unsampled(plan, state, lot, step):
    """Return the next step that the lot really does from `step` on, NONE at the end of the route."""
    while step != NONE and not _is_done(plan, state, lot, step):
        close_windows(plan, state, lot, step, False)
        count_ahead(plan, state, step, step + 1, -1)
        step = step + 1 if step < steps(plan, step).last else NONE
    return step


@kernel
def finish(plan, state, lot):
    """The lot leaves the fab, done or scrapped; its row is free for another."""
    clock = clocks(state, 0)
    now = clock.now
    row = lots(state, lot)
    log = finished(state, clock.finished)
    log.order = row.order
    log.number = row.number
    log.released = row.released
    log.finished = now
    log.due = row.due
    log.wafers_in = row.wafers_in
    log.wafers_out = row.wafers
    log.known = row.known
    clock.finished += 1
    clock.narrow = 1
    clock.wip_area += clock.wip * (now - clock.wip_time)
    clock.wip_time = now
    clock.wip -= 1
    clock.wip_wafers -= row.wafers
    clock.wafers_out += row.wafers
    clock.lot_time += now - max(row.released, clock.since)
    if row.wafers > 0:
        clock.completed += 1
    else:
        clock.scrapped_lots += 1
    order = releases(state, row.order)
    order.wip -= 1
    if order.owed > 0 and order.wip < order.limit:
        schedule_rare(state, now, RELEASE, sizes(plan, 0).orders + row.order)
    row.alive = 0
    row.waiting = NOWHERE
    row.time = INF
    row.next = clock.free_lot
    clock.free_lot = lot
    clock.free_lots += 1


@small_kernel
def travel(plan, state, lot, step):
    """Return the minutes of transport from the tool that the lot used last to a step's location; a delay is nowhere."""
    row = lots(state, lot)
    there = groups(plan, steps(plan, step).group)
    if row.tool == NONE or there.delay == 1:
        return 0.0
    move = moves(plan, groups(plan, tools(state, row.tool).group).location * sizes(plan, 0).locations + there.location)
    return draw(move.distribution, move.time, move.spread, address(row.key, MOVE, steps(plan, step).number, row.visit))


@small_kernel
def send(plan, state, lot):
    """Send a lot on its way to its next step, or out of the fab."""
    row = lots(state, lot)
    if row.step == NONE:
        finish(plan, state, lot)
        return
    row.waiting = MOVING
    row.time = INF  # an event left over from a stop of no length must not find it
    schedule(state, clocks(state, 0).now + travel(plan, state, lot, row.step), ARRIVAL, lot)
