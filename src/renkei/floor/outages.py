"""Breakdowns and preventive maintenance. Each tool has one timer per outage that concerns it.

A breakdown stops everything inside the tool at once and the remainder resumes after repair; a PM closes the tool to new
lots and starts when it is empty. Down and PM never overlap: a failure during PM waits for its end, PMs queue.
"""

from __future__ import annotations

from renkei.floor.account import change
from renkei.floor.calendar import cancel, schedule, schedule_rare
from renkei.floor.chance import DURATION, FIRST, INTERVAL, address, draw
from renkei.floor.crews import break_off_setup, call_crew, is_limited, release_crew
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.queues import unset_idle
from renkei.floor.records import (
    ARRIVAL,
    BREAKDOWN,
    BUSY,
    BUSY_TIME,
    CALENDAR,
    FAILURE,
    INF,
    LOT_END,
    NONE,
    OUT,
    PM,
    PM_DUE,
    RIDES,
    SCHEDULED,
    SLOT_FREE,
    STANDBY,
    UNSCHEDULED,
    WAFERS,
)
from renkei.floor.tables import clocks, crews, groups, lots, outages, rides, timers, tools
from renkei.floor.ways import travel

SLIP = 0.02
SLIPS = 5


@kernel
def _event_of(plan, timer_row):
    return FAILURE if outages(plan, timer_row.outage).kind == BREAKDOWN else PM_DUE


@kernel
def _take_off(plan, state, tool):
    """Take the wafers counted on a tool off its timers that go by wafers; find what is left until the first is due."""
    place = tools(state, tool)
    counted = place.counted
    least = INF
    for timer in range(place.first_clock, place.first_clock + place.clocks):
        row = timers(state, timer)
        if outages(plan, row.outage).clock == WAFERS:
            row.left -= counted
            if row.left < least:
                least = row.left
    place.counted = 0.0
    place.least = least


@kernel
def _set(plan, state, timer, amount):
    """Let a timer run `amount` minutes (calendar, busy) or wafers from now."""
    row = timers(state, timer)
    clock = outages(plan, row.outage).clock
    if clock == CALENDAR:
        row.at = clocks(state, 0).now + amount
        schedule_rare(state, row.at, _event_of(plan, row), timer)
    else:
        row.at = INF
        _take_off(plan, state, row.tool)
        row.left = amount
        _take_off(plan, state, row.tool)


@kernel
def arm_first(plan, state, timer):
    """Start a timer when its tool joins the floor: its first occurrence by the outage's first rule."""
    row = timers(state, timer)
    outage = outages(plan, row.outage)
    tool = tools(state, row.tool)
    if outage.staggered == 1:
        amount = outage.first * tool.number / groups(plan, tool.group).tools
    else:
        amount = draw(outage.first_distribution, outage.first, 0.0, address(row.key, FIRST, 0, 0))
    _set(plan, state, timer, amount)


@kernel
def _interval(plan, state, timer):
    row = timers(state, timer)
    outage = outages(plan, row.outage)
    return draw(
        outage.interval_distribution,
        outage.interval,
        outage.interval_spread,
        address(row.key, INTERVAL, row.occurred, 0),
    )


@kernel
def _set_duration(plan, state, timer):
    """Draw how long the outage takes; with a counted crew only the hands-on share is left, waiting for people
    emerges."""
    row = timers(state, timer)
    outage = outages(plan, row.outage)
    group = groups(plan, tools(state, row.tool).group)
    crew = group.repair_crew if outage.kind == BREAKDOWN else group.pm_crew
    row.duration = max(
        0.0,
        draw(outage.duration_distribution, outage.duration, outage.spread, address(row.key, DURATION, row.occurred, 0)),
    )
    if is_limited(state, crew):
        row.duration *= group.hands_on
    row.occurred += 1
    call_crew(plan, state, crew, timer)


@kernel
def run_busy_clocks(plan, state, tool):
    """Begin a stretch of work on a tool whose outages count busy minutes."""
    place = tools(state, tool)
    place.busy_from = clocks(state, 0).now
    for timer in range(place.first_clock, place.first_clock + place.clocks):
        row = timers(state, timer)
        if (
            outages(plan, row.outage).clock == BUSY_TIME
            and row.waits == 0
            and place.busy_from + row.left < place.free_at
        ):
            row.at = place.busy_from + row.left
            schedule_rare(state, row.at, _event_of(plan, row), timer)


@kernel
def stop_busy_clocks(plan, state, tool):
    """End a stretch of work: what has been worked is off the clocks."""
    place = tools(state, tool)
    worked = clocks(state, 0).now - place.busy_from
    for timer in range(place.first_clock, place.first_clock + place.clocks):
        row = timers(state, timer)
        if outages(plan, row.outage).clock == BUSY_TIME and row.waits == 0:
            row.left -= worked
            row.at = INF


@kernel
def _suspend(plan, state, tool):
    """Stop all that happens inside a tool and take back its events."""
    now = clocks(state, 0).now
    place = tools(state, tool)
    if groups(plan, place.group).busy_clocks == 1 and place.free_at < INF:
        stop_busy_clocks(plan, state, tool)
    place.stopped_at = now
    place.left = NONE
    if place.setter == 1:
        break_off_setup(plan, state, tool)
    if place.free_at < INF:
        place.left = place.free_at - now
        cancel(state, place.free_at, SLOT_FREE, tool)
        place.free_at = INF
    lot = place.first_in
    while lot != NONE:
        row = lots(state, lot)
        if row.time < INF:
            row.left = row.time - now
            cancel(state, row.time, LOT_END, lot)
            row.time = INF
        lot = row.next
    if groups(plan, place.group).cascade == 1:
        for ride in range(RIDES * tool, RIDES * tool + RIDES):
            if rides(state, ride).end > now:
                lot = rides(state, ride).lot
                cancel(state, lots(state, lot).time, ARRIVAL, lot)
                lots(state, lot).started = INF


@kernel
def _resume_rides(plan, state, tool, stopped, lost):
    """Let the riding lots go on: `lost` minutes have passed since the tool stopped at minute `stopped`."""
    now = clocks(state, 0).now
    for place in range(RIDES * tool, RIDES * tool + RIDES):
        ride = rides(state, place)
        if ride.end > stopped:
            ride.end = now + (ride.end - stopped)
            row = lots(state, ride.lot)
            row.started = ride.end
            row.time = ride.end + travel(plan, state, ride.lot, row.next)
            schedule(state, row.time, ARRIVAL, ride.lot)


@kernel
def _resume(plan, state, tool):
    """Go on where `_suspend` stopped."""
    now = clocks(state, 0).now
    place = tools(state, tool)
    lost = now - place.stopped_at
    if place.setup_until > place.stopped_at:
        place.setup_until += lost
    if place.slot2_until > place.stopped_at:
        place.slot2_until += lost
    cascade = groups(plan, place.group).cascade == 1
    if place.left >= 0.0:
        place.free_at = now + place.left
        schedule(state, place.free_at, SLOT_FREE, tool)
        if groups(plan, place.group).busy_clocks == 1:
            run_busy_clocks(plan, state, tool)
    lot = place.first_in
    while cascade and lot != NONE:
        row = lots(state, lot)
        row.time = now + row.left
        schedule(state, row.time, LOT_END, lot)
        lot = row.next
    if cascade:
        if place.empty_at > place.stopped_at:
            place.empty_at += lost
        _resume_rides(plan, state, tool, place.stopped_at, lost)
    change(state, tool, now, BUSY if place.left >= 0.0 else STANDBY)
    place.left = NONE


@kernel
def _begin_failure(plan, state, tool, timer):
    """The tool is stopped already; call for repair."""
    change(state, tool, clocks(state, 0).now, UNSCHEDULED)
    tools(state, tool).active = timer
    timers(state, timer).waits = 0
    _set_duration(plan, state, timer)


@kernel
def fail(plan, state, timer):
    """A breakdown's timer has run out."""
    row = timers(state, timer)
    tool = row.tool
    place = tools(state, tool)
    row.at = INF
    if place.state == OUT:
        return
    row.waits = 1
    if place.state == UNSCHEDULED or place.state == SCHEDULED:
        row.next = NONE
        if place.fail_last == NONE:
            place.fail_first = timer
        else:
            timers(state, place.fail_last).next = timer
        place.fail_last = timer
        return
    unset_idle(state, tool)
    _suspend(plan, state, tool)
    _begin_failure(plan, state, tool, timer)


@kernel
def _next_failure(plan, state, tool):
    """Take up a failure that came while the tool was down; return True if there was one."""
    place = tools(state, tool)
    timer = place.fail_first
    if timer == NONE:
        return False
    place.fail_first = timers(state, timer).next
    if place.fail_first == NONE:
        place.fail_last = NONE
    _begin_failure(plan, state, tool, timer)
    return True


@kernel
def end_repair(plan, state, timer):
    """A repair is done: the next failure is drawn from now, the work goes on."""
    row = timers(state, timer)
    tool = row.tool
    release_crew(plan, state, groups(plan, tools(state, tool).group).repair_crew)
    tools(state, tool).active = NONE
    _set(plan, state, timer, _interval(plan, state, timer))
    if not _next_failure(plan, state, tool):
        _resume(plan, state, tool)


@kernel
def _slips(plan, state, timer):
    """Put off a calendar PM for which nobody is free, by a fiftieth of its interval and at most a tenth in all; return
    True if so."""
    row = timers(state, timer)
    outage = outages(plan, row.outage)
    crew = groups(plan, tools(state, row.tool).group).pm_crew
    if outage.clock != CALENDAR or not is_limited(state, crew) or row.slips >= SLIPS:
        return False
    people = crews(state, crew)
    if people.working < people.people:
        return False
    row.slips += 1
    row.at = clocks(state, 0).now + outage.interval * SLIP
    schedule_rare(state, row.at, PM_DUE, timer)
    return True


@kernel
def want_pm(plan, state, timer):
    """A PM is due: it waits until the tool is empty, and no new lot may start."""
    row = timers(state, timer)
    place = tools(state, row.tool)
    row.at = INF
    if place.state == OUT or _slips(plan, state, timer):
        return
    unset_idle(state, row.tool)
    row.waits = 1
    row.next = NONE
    place.wanted += 1
    if place.pm_last == NONE:
        place.pm_first = timer
    else:
        timers(state, place.pm_last).next = timer
    place.pm_last = timer


@kernel
def begin_pm(plan, state, tool):
    """Start the first PM that waits; the tool is up and empty. A calendar PM's interval runs from start to start."""
    now = clocks(state, 0).now
    place = tools(state, tool)
    timer = place.pm_first
    row = timers(state, timer)
    place.pm_first = row.next
    if place.pm_first == NONE:
        place.pm_last = NONE
    place.wanted -= 1
    row.waits = 0
    row.slips = 0
    unset_idle(state, tool)
    place.stopped_at = now
    place.left = NONE
    place.active = timer
    change(state, tool, now, SCHEDULED)
    _set_duration(plan, state, timer)


@kernel
def end_pm(plan, state, timer):
    """A PM is done. A calendar PM's next one is due an interval after this one's start, a counting one's after so many
    wafers more."""
    row = timers(state, timer)
    tool = row.tool
    place = tools(state, tool)
    release_crew(plan, state, groups(plan, place.group).pm_crew)
    place.active = NONE
    interval = _interval(plan, state, timer)
    if outages(plan, row.outage).clock == CALENDAR:
        row.at = max(place.stopped_at + interval, clocks(state, 0).now)
        schedule_rare(state, row.at, PM_DUE, timer)
    else:
        row.at = INF
        _take_off(plan, state, tool)
        row.left = row.left + interval if outages(plan, row.outage).clock == WAFERS else interval
        _take_off(plan, state, tool)
    if not _next_failure(plan, state, tool):
        change(state, tool, clocks(state, 0).now, STANDBY)


@kernel
def _come_due(plan, state, tool):
    """Let the outages of a tool happen that go by wafers and are due."""
    _take_off(plan, state, tool)
    place = tools(state, tool)
    for timer in range(place.first_clock, place.first_clock + place.clocks):
        row = timers(state, timer)
        outage = outages(plan, row.outage)
        if outage.clock != WAFERS or row.left > 0.0 or row.waits == 1 or row.at < INF:
            continue
        if outage.kind == PM:
            want_pm(plan, state, timer)
        else:
            row.at = clocks(state, 0).now
            schedule_rare(state, row.at, FAILURE, timer)


@small_kernel
def count_wafers(plan, state, tool, wafers):
    """Count wafers processed on a tool for the outages that go by them."""
    place = tools(state, tool)
    place.counted += wafers
    if place.counted >= place.least:
        _come_due(plan, state, tool)


@small_kernel
def stays_below(state, tool, wafers):
    """Return True if no outage of a tool that goes by wafers comes due when so many more are counted."""
    place = tools(state, tool)
    return place.counted + wafers < place.least
