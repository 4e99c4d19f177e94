"""Lots enter the fab: single releases, by interval, under a WIP limit."""

from __future__ import annotations

from renkei.floor.calendar import schedule_rare
from renkei.floor.chance import INTERVAL, address, combine, draw
from renkei.floor.jit import kernel
from renkei.floor.records import INF, NONE, NOWHERE, RELEASE
from renkei.floor.tables import clocks, lots, marks, orders, planned, releases, sizes, steps
from renkei.floor.ways import count_ahead, send, skip_unsampled


@kernel
def enter(plan, state, order, step, released, due, class_, wafers, known):
    """Create a lot in the fab at a step (a row of the plan); return its row. The caller makes sure that a row is
    free."""
    clock = clocks(state, 0)
    lot = clock.free_lot
    row = lots(state, lot)
    clock.free_lot = row.next
    clock.free_lots -= 1
    clock.narrow = 1
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
    row.waiting = NOWHERE
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
        count_ahead(plan, state, step, last + 1, 1)
    return lot


@kernel
def _release_lot(plan, state, order, due, wafers):
    row = orders(plan, order)
    lot = enter(plan, state, order, row.first_step, clocks(state, 0).now, due, row.class_, wafers, 1)
    first = skip_unsampled(plan, state, lot, row.first_step)
    lots(state, lot).step = first
    send(plan, state, lot)


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
