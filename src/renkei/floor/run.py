"""The loop: take the earliest event, let it happen, until a given time. It can stop and go on anywhere with the same
result."""

from __future__ import annotations

from renkei.floor.arrivals import arrive
from renkei.floor.calendar import drop_hot, drop_rare, entity_of, kind_of, prepare, schedule_rare
from renkei.floor.causes import look_around, next_look
from renkei.floor.crews import call_for_setups, change_shift, end_setup
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.jobs import close_empty, end_lot, free_slot, serve
from renkei.floor.outages import arm_first, end_pm, end_repair, fail, want_pm
from renkei.floor.records import (
    ARRIVAL,
    CLOSE,
    DAY,
    DONE,
    FAILURE,
    GROW_DAYS,
    GROW_EVENTS,
    GROW_FINISHED,
    GROW_LOTS,
    GROW_TRACE,
    HOLD_END,
    INF,
    LOOK_AROUND,
    LOT_END,
    NONE,
    OUT,
    PM_DUE,
    PM_END,
    RELEASE,
    REPAIR_END,
    SETTERS,
    SETUP_END,
    SHIFT,
    SLOT_FREE,
    STANDBY,
    UNTRACED,
    WAKE,
)
from renkei.floor.releases import release, release_owed
from renkei.floor.steps import end_hold, settle
from renkei.floor.tables import (
    clocks,
    coming,
    crews,
    days,
    event,
    lots,
    queues,
    rare,
    releases,
    sizes,
    timers,
    tools,
)

DAY_MINUTES = 1440.0


@small_kernel
def _lacks_room(plan, state):
    """Return which array might overflow in the next event, or DONE."""
    clock = clocks(state, 0)
    slack = sizes(plan, 0).slack
    if clock.rare + slack > clock.rare_room:
        return GROW_EVENTS
    if clock.free_lots < slack:
        return GROW_LOTS
    if clock.finished + slack > clock.finished_room:
        return GROW_FINISHED
    if clock.tracing != UNTRACED and clock.traced + slack + clock.lots_room > clock.trace_room:
        return GROW_TRACE
    if clock.days + 1 > clock.days_room:
        return GROW_DAYS
    return DONE


@kernel
def _end_day(state):
    clock = clocks(state, 0)
    settle(state, clock.lots_room)
    row = days(state, clock.days)
    row.time = clock.now
    row.wip = clock.wip
    row.wip_wafers = clock.wip_wafers
    row.wip_area = clock.wip_area + clock.wip * (clock.now - clock.wip_time)
    row.moves = clock.moves
    row.released = clock.released
    row.completed = clock.completed
    row.wafers_out = clock.wafers_out
    clock.days += 1
    schedule_rare(state, clock.now + DAY_MINUTES, DAY, 0)


@kernel
def _happen_rarely(plan, state, time, kind, entity):
    """Let one event of the rare calendar happen, unless it is stale."""
    orders = sizes(plan, 0).orders
    if kind == RELEASE:
        if entity >= orders:
            release_owed(plan, state, entity - orders)
        elif releases(state, entity).at == time:
            release(plan, state, entity)
    elif kind == HOLD_END:
        end_hold(plan, state, entity)
    elif kind == DAY:
        _end_day(state)
    elif kind == LOOK_AROUND:
        look_around(plan, state, entity)
    elif kind == CLOSE:
        close_empty(plan, state, entity)
    elif kind == WAKE:
        if tools(state, entity).state == STANDBY:
            serve(plan, state, entity)
    elif kind == SETTERS:
        call_for_setups(plan, state, entity)
    elif kind == SHIFT:
        change_shift(plan, state, entity)
    elif kind == SETUP_END:
        place = tools(state, entity)
        if place.setter == 1 and place.setup_until == time:
            end_setup(plan, state, entity)
    elif timers(state, entity).at == time:
        tool = timers(state, entity).tool
        if kind == FAILURE:
            fail(plan, state, entity)
        else:
            if kind == PM_DUE:
                want_pm(plan, state, entity)
            elif kind == REPAIR_END:
                end_repair(plan, state, entity)
            elif kind == PM_END:
                end_pm(plan, state, entity)
            if tools(state, tool).state == STANDBY:
                serve(plan, state, tool)


@small_kernel
def _happen(plan, state, time, kind, entity):
    """Let one event of the hot calendar happen, unless it is stale."""
    if kind == ARRIVAL:
        arrive(plan, state, entity)
    elif kind == SLOT_FREE:
        if tools(state, entity).free_at == time:
            free_slot(plan, state, entity)
    elif kind == LOT_END:
        if lots(state, entity).time == time:
            end_lot(plan, state, entity)


@kernel
def run(plan, state, until):
    """Let the floor run through all events up to and including `until` minutes.

    Returns DONE, or which array must grow before calling again (GROW_…). Changes `state` in place.
    """
    clock = clocks(state, 0)
    clock.narrow = 1
    while True:
        if clock.coming == clock.spilled and clock.hot > 0:
            prepare(state)
        seldom = event(rare(state), 0)
        time = seldom.time
        code = seldom.code
        is_rare = True
        if clock.hot > 0:
            soon = coming(state, clock.coming - 1)
            if soon.time < time or (soon.time == time and soon.code < code):
                time = soon.time
                code = soon.code
                is_rare = False
        if clock.narrow == 1:
            full = _lacks_room(plan, state)
            if full != DONE:
                return full
            clock.narrow = 0
        if time > until:
            clock.now = max(clock.now, until)
            settle(state, clock.lots_room)
            return DONE
        clock.now = time
        clock.events += 1
        if is_rare:
            drop_rare(state)
            _happen_rarely(plan, state, time, kind_of(code), entity_of(code))
        else:
            drop_hot(state)
            _happen(plan, state, time, kind_of(code), entity_of(code))


@kernel
def join_floor(plan, state, tool):
    """A tool joins the fleet now, idle, without setup; its outage timers start."""
    row = tools(state, tool)
    row.state = STANDBY
    row.free_at = INF
    row.setup = NONE
    row.run = 0
    row.wanted = 0
    row.pm_first = NONE
    row.pm_last = NONE
    queues(state, row.group).active += 1
    for timer in range(row.first_clock, row.first_clock + row.clocks):
        timers(state, timer).waits = 0
        arm_first(plan, state, timer)
    serve(plan, state, tool)


@kernel
def begin(plan, state):
    """Set the floor in motion at minute 0: timers, releases, the daily record. Tools that are OUT stay out."""
    for tool in range(sizes(plan, 0).tools):
        if tools(state, tool).state != OUT:
            join_floor(plan, state, tool)
    for order in range(sizes(plan, 0).orders):
        if releases(state, order).at < INF:
            schedule_rare(state, releases(state, order).at, RELEASE, order)
    for crew in range(sizes(plan, 0).crews):
        if crews(state, crew).shifts > 0:
            schedule_rare(state, crews(state, crew).shift_minutes, SHIFT, crew)
    schedule_rare(state, DAY_MINUTES, DAY, 0)
    next_look(plan, state, 0)
