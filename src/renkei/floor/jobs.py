"""Work on tools: a job begins, its slot becomes free, its lots leave; what a free tool does next."""

from __future__ import annotations

from renkei.floor.account import change
from renkei.floor.calendar import schedule, schedule_rare
from renkei.floor.chance import CONSTANT, PROCESS, SETUP_TIME, address, draw
from renkei.floor.crews import begin_setup
from renkei.floor.dispatch import best_of_kind, next_lot
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.outages import begin_pm, count_wafers, run_busy_clocks, stays_below, stop_busy_clocks
from renkei.floor.queues import enter_tool, exit_lot, exit_tool, leave, leave_tool, set_idle, unset_idle
from renkei.floor.records import (
    ARRIVAL,
    AT_TOOL,
    BUSY,
    BY_BOOKING,
    BY_EVENT,
    CLOSE,
    IN_LINE,
    INF,
    LOT_END,
    NONE,
    OUT,
    PER_WAFER,
    RIDES,
    RIDING,
    SLOT_FREE,
    STANDBY,
)
from renkei.floor.reservations import keeps, reserve
from renkei.floor.setups import setup_time
from renkei.floor.steps import leave_step
from renkei.floor.tables import (
    clocks,
    groups,
    kinds,
    lots,
    marks,
    orders,
    passed,
    queues,
    rides,
    setup_times,
    sizes,
    steps,
    tools,
)
from renkei.floor.ways import close_windows, next_done, travel


@small_kernel
def take(plan, state, tool, lot):
    """Take a lot from its line (if it waits) into a tool."""
    clock = clocks(state, 0)
    row = lots(state, lot)
    if row.waiting == IN_LINE:
        leave(plan, state, lot)
    elif row.waiting == AT_TOOL:
        leave_tool(state, lot, tool)
    group = queues(state, tools(state, tool).group)
    group.starts += 1
    group.queue_time += clock.now - row.arrived
    group.queue_area += clock.now - (row.arrived if row.arrived > clock.since else clock.since)
    step = steps(plan, row.step)
    passed(state, row.step).visits += 1
    if step.closings > 0:
        close_windows(plan, state, lot, row.step, True)
    if step.lens_to != NONE:
        marks(state, lot * sizes(plan, 0).marks + step.lens_to).value = tool
    row.started = clock.now
    row.time = INF
    if sizes(plan, 0).reserves == 1 and orders(plan, row.order).reserve == 1:
        reserve(plan, state, lot)
    row.tool = tool


@kernel
def fill_batch(plan, state, tool, lot):
    """Take further lots of the same sort in rank order up to the largest batch; return the wafers of the batch."""
    kind = steps(plan, lots(state, lot).step).kind
    most = kinds(plan, kind).batch_max
    wafers = lots(state, lot).wafers
    while True:
        other = best_of_kind(plan, state, tool, kind, True)
        if other == NONE or wafers + lots(state, other).wafers > most:
            return wafers
        wafers += lots(state, other).wafers
        take(plan, state, tool, other)
        enter_tool(state, other, tool)


@small_kernel
def _drawn_setup(plan, state, tool, lot):
    """Return the minutes of setup that a lot's step takes on a tool as it stands: drawn, where they vary."""
    row = lots(state, lot)
    step = steps(plan, row.step)
    mean = setup_time(plan, state, tool, row.step)
    if mean <= 0.0:
        return mean
    distribution = step.setup_distribution
    spread = step.setup_spread
    if step.setup_time < 0.0:
        by_table = setup_times(plan, (tools(state, tool).setup + 1) * sizes(plan, 0).setups + step.setup)
        distribution = by_table.distribution
        spread = by_table.spread
    if distribution == CONSTANT:
        return mean
    return max(0.0, draw(distribution, mean, spread, address(row.key, SETUP_TIME, step.number, row.visit)))


@small_kernel
def may_ride(plan, state, lot):
    """Return True if nothing can happen at the end of a lot's step that it could not learn at the step after."""
    if clocks(state, 0).tracing == BY_EVENT or steps(plan, lots(state, lot).step).rides == 0:
        return False
    return sizes(plan, 0).reserves == 0 or orders(plan, lots(state, lot).order).reserve == 0


@small_kernel
def begin_ride(plan, state, lot, end):
    """The step ends at minute `end` and nothing is left to decide: the next event is the arrival at the step after.

    `next` of the lot's row is that step meanwhile.
    """
    row = lots(state, lot)
    row.waiting = RIDING
    if clocks(state, 0).tracing == BY_BOOKING:
        row.began = row.started
    row.started = end
    clocks(state, 0).riding += 1
    row.next = next_done(plan, state, lot, row.step + 1)
    row.time = end + travel(plan, state, lot, row.next)
    schedule(state, row.time, ARRIVAL, lot)


@kernel
def _wafers_inside(state, tool):
    """Return the wafers of the lots inside a tool whose end is an event."""
    wafers = 0
    lot = tools(state, tool).first_in
    while lot != NONE:
        wafers += lots(state, lot).wafers
        lot = lots(state, lot).next
    return wafers


@small_kernel
def _free_ride(plan, state, tool, lot):
    """Return a row of RIDE for a lot that may ride through a cascading tool, or NONE.

    It may if nothing can happen at the end of its step, neither to the lot nor, by its count of wafers, to the tool.
    """
    row = lots(state, lot)
    clock = clocks(state, 0)
    if not may_ride(plan, state, lot):
        return NONE
    free = NONE
    for place in range(RIDES * tool, RIDES * tool + RIDES):
        if rides(state, place).end <= clock.now:
            free = place
    if free != NONE:
        if not stays_below(state, tool, row.wafers + _wafers_inside(state, tool)):
            return NONE
        count_wafers(plan, state, tool, row.wafers)
    return free


@small_kernel
def _cascade(plan, state, tool, lot, setup, process, worked):
    """Start a lot in slot 1 of a cascading tool; return when slot 1 takes the next one.

    Slot 1 is occupied for wafers × interval, slot 2 for the rest; loading overlaps the lot that is still in slot 1.
    """
    place = tools(state, tool)
    group = groups(plan, place.group)
    step = steps(plan, lots(state, lot).step)
    interval = step.interval * (worked if step.interval_per == PER_WAFER else 1)
    if step.interval < 0.0:
        interval = process * (worked if step.per == PER_WAFER else 1)
    rest = process - step.interval if 0.0 <= step.interval < process else 0.0
    moved = clocks(state, 0).now + setup + group.load + interval
    if moved < place.slot2_until:
        moved = place.slot2_until
    place.slot2_until = moved + rest
    end = place.slot2_until + group.unload
    place.empty_at = end
    ride = _free_ride(plan, state, tool, lot)
    if ride == NONE:
        enter_tool(state, lot, tool)
        lots(state, lot).time = end
        schedule(state, end, LOT_END, lot)
    else:
        rides(state, ride).end = end
        rides(state, ride).lot = lot
        begin_ride(plan, state, lot, end)
    return moved - group.load


@kernel
def begin_job(plan, state, tool, lot):
    """Start a job on a free tool: setup, load, process; the lots that join in a batch are taken from the queue.

    A tool whose slot has become free only now is still BUSY; its time goes on being booked as one stretch if it can.
    """
    now = clocks(state, 0).now
    place = tools(state, tool)
    group = groups(plan, place.group)
    first = lots(state, lot)
    step = steps(plan, first.step)
    setup = _drawn_setup(plan, state, tool, lot)
    unset_idle(state, tool)
    if place.state != BUSY or setup > 0.0 or place.engineering != first.engineering:
        change(state, tool, now, BUSY)
        place.setup_until = now + setup
        place.engineering = first.engineering
        if setup > 0.0 and group.setup_crew != NONE:
            begin_setup(plan, state, tool)
    if group.setups == 1 and step.setup != NONE:
        if place.setup != step.setup:
            place.setup = step.setup
            place.run = 0
        place.run += 1
    key = address(first.key, PROCESS, step.number, first.visit)
    take(plan, state, tool, lot)
    wafers = first.wafers
    if group.cascade == 0:
        enter_tool(state, lot, tool)
    if group.batch == 1 and step.per >= 0:
        inside = place.inside
        wafers = fill_batch(plan, state, tool, lot)
        if step.setup != NONE:
            place.run += place.inside - inside
    queues(state, place.group).jobs += 1
    worked = step.wafers if 0 < step.wafers < wafers else wafers
    process = draw(step.distribution, step.process, step.spread, key)
    if process < 0.0:
        process = 0.0
    if group.cascade == 1:
        place.free_at = _cascade(plan, state, tool, lot, setup, process, worked)
    else:
        place.free_at = now + setup + group.load + process * (worked if step.per == PER_WAFER else 1) + group.unload
    schedule(state, place.free_at, SLOT_FREE, tool)
    if group.busy_clocks == 1:
        run_busy_clocks(plan, state, tool)


@kernel
def _close(plan, state, tool):
    """An empty tool that takes no more lots leaves the fleet, or begins a PM that waits."""
    place = tools(state, tool)
    unset_idle(state, tool)
    if place.leaving == 1:
        place.leaving = 0
        change(state, tool, clocks(state, 0).now, OUT)
    else:
        begin_pm(plan, state, tool)


@kernel
def serve(plan, state, tool):
    """Give a tool that is up and free its next work: a PM that waits, a lot, or nothing.

    A cascading tool that takes no more lots is closed by CLOSE when it will be empty, behind all else of that instant.
    """
    place = tools(state, tool)
    if place.state != STANDBY:
        return
    if place.wanted > 0 or place.leaving == 1:
        unset_idle(state, tool)
        if groups(plan, place.group).cascade == 0:
            _close(plan, state, tool)
        elif place.inside == 0:
            schedule_rare(state, max(clocks(state, 0).now, place.empty_at), CLOSE, tool)
        return
    if sizes(plan, 0).reserves == 1 and keeps(plan, state, tool):
        unset_idle(state, tool)
        return
    lot = next_lot(plan, state, tool)
    if lot != NONE:
        begin_job(plan, state, tool, lot)
    elif place.idle == 0:
        set_idle(state, tool)


@kernel
def close_empty(plan, state, tool):
    """A cascading tool that takes no more lots should be empty by now: it leaves the fleet, or begins a PM."""
    place = tools(state, tool)
    if place.state != STANDBY or (place.wanted == 0 and place.leaving == 0):
        return
    if place.inside == 0 and place.empty_at <= clocks(state, 0).now:
        _close(plan, state, tool)


@kernel
def free_slot(plan, state, tool):
    """A tool has ended a job (cascade: slot 1 is empty): its lots leave, the next one may start."""
    now = clocks(state, 0).now
    place = tools(state, tool)
    group = groups(plan, place.group)
    if group.busy_clocks == 1:
        stop_busy_clocks(plan, state, tool)
    place.free_at = INF
    if group.cascade == 0:
        wafers = 0
        while place.inside > 0:
            lot = exit_tool(state, tool)
            wafers += lots(state, lot).wafers
            leave_step(plan, state, lot)
        count_wafers(plan, state, tool, wafers)
    if place.wanted > 0 or place.leaving == 1 or sizes(plan, 0).reserves == 1:
        change(state, tool, now, STANDBY)
        serve(plan, state, tool)
        return
    lot = next_lot(plan, state, tool)
    if lot != NONE:
        begin_job(plan, state, tool, lot)
    else:
        change(state, tool, now, STANDBY)
        set_idle(state, tool)


@kernel
def end_lot(plan, state, lot):
    """A lot has left slot 2 of a cascading tool, or a delay."""
    tool = lots(state, lot).tool
    if tool == NONE:
        leave_step(plan, state, lot)
        return
    exit_lot(state, tool, lot)
    place = tools(state, tool)
    wafers = lots(state, lot).wafers
    leave_step(plan, state, lot)
    count_wafers(plan, state, tool, wafers)
    if place.inside == 0 and place.state == STANDBY and (place.wanted > 0 or place.leaving == 1):
        schedule_rare(state, max(clocks(state, 0).now, place.empty_at), CLOSE, tool)
