"""The end of a step: scrap, queue-time window, rework, sampling, hold, then on its way."""

from __future__ import annotations

import math

from renkei.floor.chance import HOLD, HOLD_TIME, REWORK, SCRAP, address, draw, unit
from renkei.floor.crews import hold, release_crew
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import BY_BOOKING, COUNTED, NONE, RIDING, UNTRACED
from renkei.floor.reservations import give_up
from renkei.floor.tables import clocks, groups, lots, marks, orders, passed, sizes, steps, traces
from renkei.floor.ways import cancel_windows, count_ahead, finish, send, skip_unsampled


@kernel
def _trace(state, lot, start, end):
    """Write down a step that a lot has done."""
    clock = clocks(state, 0)
    row = lots(state, lot)
    log = traces(state, clock.traced)
    log.order = row.order
    log.number = row.number
    log.step = row.step
    log.visit = row.visit
    log.tool = row.tool
    log.arrived = row.arrived
    log.start = start
    log.end = end
    clock.traced += 1
    clock.narrow = 1


@small_kernel
def book_step(state, step, ended):
    """Count a step that a lot ended at minute `ended`."""
    count = passed(state, step)
    count.passes += 1
    if ended < count.first_done:
        count.first_done = ended
    clocks(state, 0).moves += 1


@small_kernel
def book_ride(state, lot):
    """Count the step that a riding lot has ended, and write it down if that is asked for."""
    row = lots(state, lot)
    book_step(state, row.step, row.started)
    if clocks(state, 0).tracing == BY_BOOKING:
        _trace(state, lot, row.began, row.started)


@kernel
def settle(state, rows):
    """Book the steps of riding lots that have ended by now, in all `rows` of lots, for whoever looks at the counts."""
    now = clocks(state, 0).now
    if clocks(state, 0).riding == 0:
        return
    for lot in range(rows):
        row = lots(state, lot)
        if row.waiting == RIDING and row.started <= now:
            row.waiting = COUNTED
            book_ride(state, lot)


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
def leave_step(plan, state, lot):
    """A lot has ended its step: scrap, queue-time window, rework, sampling, hold, then on its way."""
    clock = clocks(state, 0)
    now = clock.now
    row = lots(state, lot)
    here = row.step
    visit = row.visit
    step = steps(plan, here)
    passes = passed(state, here).passes
    book_step(state, here, now)
    if clock.tracing != UNTRACED:
        _trace(state, lot, row.started, now)
    following = here + 1 if here < step.last else NONE
    if step.plain == 1:
        row.step = following
        send(plan, state, lot)
        return
    if step.scrap > 0.0:
        _scrap(plan, state, lot, here)
        if row.wafers == 0:
            count_ahead(plan, state, here, step.last + 1, -1)
            if orders(plan, row.order).reserve == 1 and here < step.last:
                give_up(plan, state, lot, here + 1)
            row.step = NONE
            finish(plan, state, lot)
            return
    if step.window != NONE:
        marks(state, lot * sizes(plan, 0).marks + step.window).value = now
    if step.rework > 0.0 and unit(address(row.key, REWORK, step.number, row.visit)) < step.rework:
        following = step.rework_to
        row.visit += 1
        cancel_windows(plan, state, lot, following, here)
        count_ahead(plan, state, following, here, 1)
    else:
        count_ahead(plan, state, here, here + 1, -1)
    row.step = skip_unsampled(plan, state, lot, following)
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
            passed(state, here).held += 1
            hold(state, groups(plan, step.group).hold_crew, lot, max(0.0, time))
            return
    send(plan, state, lot)


@kernel
def end_hold(plan, state, lot):
    """A held lot is released, and so is the engineer."""
    release_crew(plan, state, lots(state, lot).prev)
    lots(state, lot).prev = NONE
    send(plan, state, lot)
