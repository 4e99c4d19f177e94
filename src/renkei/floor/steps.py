"""What happens to lots: release, arrival, start, end of a step, the way to the next, leaving the fab."""

from __future__ import annotations

import math

from renkei.floor.account import change
from renkei.floor.calendar import schedule, schedule_rare
from renkei.floor.chance import (
    CONSTANT,
    HOLD,
    HOLD_TIME,
    INTERVAL,
    MOVE,
    PROCESS,
    REWORK,
    SAMPLE,
    SCRAP,
    SETUP_TIME,
    address,
    combine,
    draw,
    unit,
)
from renkei.floor.crews import hold, release_crew
from renkei.floor.dispatch import best_of_kind, idle_tool, is_ready, next_lot
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.outages import begin_pm, count_wafers, run_busy_clocks, stop_busy_clocks
from renkei.floor.queues import (
    enter_tool,
    exit_lot,
    exit_tool,
    join,
    join_tool,
    leave,
    leave_tool,
    set_idle,
    unset_idle,
)
from renkei.floor.records import (
    ARRIVAL,
    BUSY,
    INF,
    LOT_END,
    NONE,
    OUT,
    PER_WAFER,
    RELEASE,
    SLOT_FREE,
    STANDBY,
    WAKE,
)
from renkei.floor.reservations import claim, give_up, keeps, reserve
from renkei.floor.setups import run_allows, setup_time
from renkei.floor.tables import (
    clocks,
    closings,
    finished,
    groups,
    kinds,
    lots,
    marks,
    moves,
    orders,
    passed,
    planned,
    queues,
    releases,
    setup_times,
    setups,
    sizes,
    steps,
    tools,
    traces,
)


@kernel
def _count_ahead(plan, state, first, last, change_by):
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
def _close_windows(plan, state, lot, step, measured):
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
def _cancel_windows(plan, state, lot, first, last):
    """Cancel the open windows whose first step lies in rows [first, last] (rework to before their start)."""
    width = sizes(plan, 0).marks
    for step in range(first, last + 1):
        window = steps(plan, step).window
        if window != NONE:
            marks(state, lot * width + window).value = -1.0


@kernel
def _skip_unsampled(plan, state, lot, step):
    """Return the next step that the lot really does from `step` on, NONE at the end of the route."""
    row = lots(state, lot)
    while step != NONE:
        there = steps(plan, step)
        if there.sampling >= 1.0 or unit(address(row.key, SAMPLE, there.number, row.visit)) < there.sampling:
            return step
        _close_windows(plan, state, lot, step, False)
        _count_ahead(plan, state, step, step + 1, -1)
        step = step + 1 if step < there.last else NONE
    return step


@kernel
def _finish(plan, state, lot):
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
    row.time = INF
    row.next = clock.free_lot
    clock.free_lot = lot
    clock.free_lots += 1


@small_kernel
def _send(plan, state, lot):
    """Send a lot on its way to its next step, or out of the fab."""
    row = lots(state, lot)
    if row.step == NONE:
        _finish(plan, state, lot)
        return
    now = clocks(state, 0).now
    step = steps(plan, row.step)
    there = groups(plan, step.group)
    arrival = now
    row.time = INF  # an event left over from a stop of no length must not find it
    if row.tool != NONE and there.delay == 0:
        move = moves(
            plan, groups(plan, tools(state, row.tool).group).location * sizes(plan, 0).locations + there.location
        )
        arrival = now + draw(move.distribution, move.time, move.spread, address(row.key, MOVE, step.number, row.visit))
    schedule(state, arrival, ARRIVAL, lot)


@kernel
def _scrap(plan, state, lot, step):
    """Lose wafers of a lot at random after a step: binomial by inversion of one uniform number."""
    row = lots(state, lot)
    loss = steps(plan, step).scrap
    u = unit(address(row.key, SCRAP, steps(plan, step).number, row.visit))
    wafers = row.wafers
    lost = 0
    if loss >= 1.0:
        lost = wafers
    else:
        chance = (1.0 - loss) ** wafers
        total = chance
        while u >= total and lost < wafers:
            chance *= (wafers - lost) / (lost + 1.0) * loss / (1.0 - loss)
            lost += 1
            total += chance
    row.wafers -= lost
    clocks(state, 0).wafers_lost += lost
    clocks(state, 0).wip_wafers -= lost


@kernel
def _trace(state, lot, now):
    clock = clocks(state, 0)
    row = lots(state, lot)
    log = traces(state, clock.traced)
    log.order = row.order
    log.number = row.number
    log.step = row.step
    log.visit = row.visit
    log.tool = row.tool
    log.arrived = row.arrived
    log.start = row.started
    log.end = now
    clock.traced += 1


@kernel
def leave_step(plan, state, lot):
    """A lot has ended its step: scrap, queue-time window, rework, sampling, hold, then on its way."""
    clock = clocks(state, 0)
    now = clock.now
    row = lots(state, lot)
    here = row.step
    visit = row.visit
    step = steps(plan, here)
    count = passed(state, here)
    passes = count.passes
    if passes == 0:
        count.first_done = now
    count.passes = passes + 1
    clock.moves += 1
    if clock.tracing == 1:
        _trace(state, lot, now)
    following = here + 1 if here < step.last else NONE
    if step.plain == 1:
        row.step = following
        _send(plan, state, lot)
        return
    if step.scrap > 0.0:
        _scrap(plan, state, lot, here)
        if row.wafers == 0:
            _count_ahead(plan, state, here, step.last + 1, -1)
            if orders(plan, row.order).reserve == 1 and here < step.last:
                give_up(plan, state, lot, here + 1)
            row.step = NONE
            _finish(plan, state, lot)
            return
    if step.window != NONE:
        marks(state, lot * sizes(plan, 0).marks + step.window).value = now
    if step.rework > 0.0 and unit(address(row.key, REWORK, step.number, row.visit)) < step.rework:
        following = step.rework_to
        row.visit += 1
        _cancel_windows(plan, state, lot, following, here)
        _count_ahead(plan, state, following, here, 1)
    else:
        _count_ahead(plan, state, here, here + 1, -1)
    row.step = _skip_unsampled(plan, state, lot, following)
    if orders(plan, row.order).reserve == 1 and here < step.last and row.step != here + 1:
        give_up(plan, state, lot, here + 1)
    if step.hold > 0.0:
        chance = step.hold_floor + (step.hold - step.hold_floor) * math.exp(-passes / step.hold_passes)
        if unit(address(row.key, HOLD, step.number, visit)) < chance:
            time = draw(
                step.hold_distribution,
                step.hold_time,
                step.hold_spread,
                address(row.key, HOLD_TIME, step.number, visit),
            )
            count.held += 1
            hold(state, groups(plan, step.group).hold_crew, lot, max(0.0, time))
            return
    _send(plan, state, lot)


@kernel
def end_hold(plan, state, lot):
    """A held lot is released, and so is the engineer."""
    release_crew(plan, state, lots(state, lot).prev)
    lots(state, lot).prev = NONE
    _send(plan, state, lot)


@small_kernel
def _take(plan, state, tool, lot):
    """Take a lot from its line (if it waits) into a tool."""
    clock = clocks(state, 0)
    row = lots(state, lot)
    if row.waiting == 1:
        leave(plan, state, lot)
    elif row.waiting == 2:
        leave_tool(state, lot, tool)
    group = queues(state, tools(state, tool).group)
    group.starts += 1
    group.queue_time += clock.now - row.arrived
    group.queue_area += clock.now - max(row.arrived, clock.since)
    step = steps(plan, row.step)
    passed(state, row.step).visits += 1
    if step.closings > 0:
        _close_windows(plan, state, lot, row.step, True)
    if step.lens_to != NONE:
        marks(state, lot * sizes(plan, 0).marks + step.lens_to).value = tool
    row.started = clock.now
    row.time = INF
    if sizes(plan, 0).reserves == 1 and orders(plan, row.order).reserve == 1:
        reserve(plan, state, lot)
    enter_tool(state, lot, tool)


@kernel
def _fill_batch(plan, state, tool, lot):
    """Take further lots of the same sort in rank order up to the largest batch; return the wafers of the batch."""
    kind = steps(plan, lots(state, lot).step).kind
    most = kinds(plan, kind).batch_max
    wafers = lots(state, lot).wafers
    while True:
        other = best_of_kind(plan, state, tool, kind)
        if other == NONE or wafers + lots(state, other).wafers > most:
            return wafers
        wafers += lots(state, other).wafers
        _take(plan, state, tool, other)


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
        change = setup_times(plan, (tools(state, tool).setup + 1) * sizes(plan, 0).setups + step.setup)
        distribution = change.distribution
        spread = change.spread
    if distribution == CONSTANT:
        return mean
    return max(0.0, draw(distribution, mean, spread, address(row.key, SETUP_TIME, step.number, row.visit)))


@kernel
def begin_job(plan, state, tool, lot):
    """Start a job on a free tool: setup, load, process; the lots that come along in a batch are taken from the queue.

    Cascade: slot 1 is occupied for wafers × interval, slot 2 for the rest; loading overlaps the lot that is still in
    slot 1.
    """
    now = clocks(state, 0).now
    place = tools(state, tool)
    group = groups(plan, place.group)
    first = lots(state, lot)
    step = steps(plan, first.step)
    setup = _drawn_setup(plan, state, tool, lot)
    unset_idle(state, tool)
    change(state, tool, now, BUSY)
    place.setup_until = now + setup
    place.engineering = first.engineering
    if group.setups == 1 and step.setup != NONE:
        if place.setup != step.setup:
            place.setup = step.setup
            place.run = 0
        place.run += 1
    key = address(first.key, PROCESS, step.number, first.visit)
    _take(plan, state, tool, lot)
    wafers = first.wafers
    if group.batch == 1 and step.per >= 0:
        inside = place.inside
        wafers = _fill_batch(plan, state, tool, lot)
        if step.setup != NONE:
            place.run += place.inside - inside
    queues(state, place.group).jobs += 1
    worked = min(wafers, step.wafers) if step.wafers > 0 else wafers
    process = max(0.0, draw(step.distribution, step.process, step.spread, key))
    if group.cascade == 1:
        interval = step.interval * (worked if step.interval_per == PER_WAFER else 1)
        if step.interval < 0.0:
            interval = process * (worked if step.per == PER_WAFER else 1)
        rest = max(0.0, process - step.interval) if step.interval >= 0.0 else 0.0
        moved = max(now + setup + group.load + interval, place.slot2_until)
        place.slot2_until = moved + rest
        first.time = place.slot2_until + group.unload
        schedule(state, first.time, LOT_END, lot)
        place.free_at = moved - group.load
    else:
        place.free_at = now + setup + group.load + process * (worked if step.per == PER_WAFER else 1) + group.unload
    schedule(state, place.free_at, SLOT_FREE, tool)
    if group.busy_clocks == 1:
        run_busy_clocks(plan, state, tool)


@kernel
def serve(plan, state, tool):
    """Give a tool that is up and free its next work: a PM that waits, a lot, or nothing."""
    place = tools(state, tool)
    if place.state != STANDBY:
        return
    if place.leaving == 1 and place.inside == 0:
        unset_idle(state, tool)
        place.leaving = 0
        change(state, tool, clocks(state, 0).now, OUT)
        return
    if place.wanted > 0:
        unset_idle(state, tool)
        if place.inside == 0:
            begin_pm(plan, state, tool)
        return
    if place.leaving == 1:
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
def free_slot(plan, state, tool):
    """A tool has ended a job (cascade: slot 1 is empty): its lots leave, the next one may start."""
    now = clocks(state, 0).now
    place = tools(state, tool)
    group = groups(plan, place.group)
    if group.busy_clocks == 1:
        stop_busy_clocks(plan, state, tool)
    place.free_at = INF
    change(state, tool, now, STANDBY)
    if group.cascade == 0:
        wafers = 0
        while place.inside > 0:
            lot = exit_tool(state, tool)
            wafers += lots(state, lot).wafers
            leave_step(plan, state, lot)
        if group.wafer_clocks == 1:
            count_wafers(plan, state, tool, wafers)
    serve(plan, state, tool)


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
    if groups(plan, place.group).wafer_clocks == 1:
        count_wafers(plan, state, tool, wafers)
    if place.inside == 0 and (place.wanted > 0 or place.leaving == 1):
        serve(plan, state, tool)


@small_kernel
def _delay(plan, state, lot):
    """Begin a pure delay: no tool, no queue."""
    clock = clocks(state, 0)
    row = lots(state, lot)
    step = steps(plan, row.step)
    queues(state, step.group).starts += 1
    passed(state, row.step).visits += 1
    _close_windows(plan, state, lot, row.step, True)
    row.tool = NONE
    row.started = clock.now
    if sizes(plan, 0).reserves == 1 and orders(plan, row.order).reserve == 1:
        reserve(plan, state, lot)
    process = draw(step.distribution, step.process, step.spread, address(row.key, PROCESS, step.number, row.visit))
    worked = min(row.wafers, step.wafers) if step.wafers > 0 else row.wafers
    row.time = clock.now + max(0.0, process) * (worked if step.per == PER_WAFER else 1)
    schedule(state, row.time, LOT_END, lot)


@kernel
def arrive(plan, state, lot):
    """A lot reaches its step: it starts on an idle tool or joins the queue."""
    row = lots(state, lot)
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
            if tools(state, tool).idle == 1 and run_allows(plan, state, tool, step.setup):
                begin_job(plan, state, tool, lot)
            else:
                join_tool(plan, state, lot, tool)
            return
    if group.batch == 1:
        join(plan, state, lot)
        while is_ready(plan, state, step.kind):  # a second batch may be ready where lots did not fit together
            tool = idle_tool(plan, state, lot)
            if tool == NONE:
                return
            begin_job(plan, state, tool, best_of_kind(plan, state, tool, step.kind))
        return
    tool = NONE
    if queues(state, step.group).idle > 0:
        tool = idle_tool(plan, state, lot)
    if tool == NONE:
        join(plan, state, lot)
    else:
        begin_job(plan, state, tool, lot)


@kernel
def enter(plan, state, order, step, released, due, class_, wafers, known):
    """Create a lot in the fab at a step (a row of the plan); return its row. The caller makes sure that a row is
    free."""
    clock = clocks(state, 0)
    lot = clock.free_lot
    row = lots(state, lot)
    clock.free_lot = row.next
    clock.free_lots -= 1
    line = releases(state, order)
    row.step = step
    row.next = NONE
    row.prev = NONE
    row.tool = NONE
    row.class_ = class_
    row.wafers = wafers
    row.wafers_in = wafers
    row.key = combine(combine(clock.seed, orders(plan, order).key), line.number)
    row.visit = 0
    row.order = order
    row.number = line.number
    row.due = due
    row.released = released
    row.known = known
    row.alive = 1
    row.waiting = 0
    row.engineering = orders(plan, order).kind
    width = sizes(plan, 0).marks
    for mark in range(width):
        marks(state, lot * width + mark).value = -1.0
    line.number += 1
    line.wip += 1
    clock.wip_area += clock.wip * (clock.now - clock.wip_time)
    clock.wip_time = clock.now
    clock.wip += 1
    clock.wip_wafers += wafers
    clock.wafers_in += wafers
    clock.released += 1
    last = steps(plan, step).last
    if sizes(plan, 0).min_runs > 0:
        _count_ahead(plan, state, step, last + 1, 1)
    return lot


@kernel
def _release_lot(plan, state, order, due, wafers):
    row = orders(plan, order)
    lot = enter(plan, state, order, row.first_step, clocks(state, 0).now, due, row.class_, wafers, 1)
    first = _skip_unsampled(plan, state, lot, row.first_step)
    lots(state, lot).step = first
    _send(plan, state, lot)


@kernel
def _release_planned(plan, state, order):
    """The next planned lot of a release line enters; the one after it is scheduled."""
    row = orders(plan, order)
    line = releases(state, order)
    lot = planned(plan, row.planned + line.number)
    _release_lot(plan, state, order, lot.due, lot.wafers)
    if line.number < row.planned_lots:
        line.at = planned(plan, row.planned + line.number).start
        schedule_rare(state, line.at, RELEASE, order)


@kernel
def release_owed(plan, state, order):
    """Room under a WIP limit: release one of the lots that wait for it."""
    line = releases(state, order)
    if line.owed > 0 and line.wip < line.limit:
        line.owed -= 1
        _release_lot(plan, state, order, clocks(state, 0).now + orders(plan, order).due, line.wafers)
        if line.owed > 0 and line.wip < line.limit:
            schedule_rare(state, clocks(state, 0).now, RELEASE, sizes(plan, 0).orders + order)


@kernel
def release(plan, state, order):
    """A release is due: lots enter the fab, or wait for room under the order's WIP limit."""
    now = clocks(state, 0).now
    row = orders(plan, order)
    line = releases(state, order)
    line.at = INF
    if row.planned_lots > 0:
        _release_planned(plan, state, order)
        return
    if line.left == 0:
        release_owed(plan, state, order)
        return
    if line.left > 0:
        line.left -= 1
    for _ in range(row.lots_per_release):
        if line.limit > 0 and line.wip >= line.limit:
            line.owed += 1
        else:
            _release_lot(plan, state, order, now + row.due, line.wafers)
    line.releases += 1
    if line.interval >= 0.0 and line.left != 0:
        key = address(combine(clocks(state, 0).seed, row.key), INTERVAL, line.releases, 0)
        line.at = now + max(0.0, draw(row.interval_distribution, line.interval, 0.0, key))
        schedule_rare(state, line.at, RELEASE, order)
