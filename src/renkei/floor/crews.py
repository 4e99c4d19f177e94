"""Crews: people who repair, maintain, decide on held lots and set tools up.

Repair before PM before holds, then first come first served. Setups come last: nobody is called for them, a tool changes
its setup only while someone is free. In shifts a crew has other people from shift to shift; nobody drops the work in
hand.
"""

from __future__ import annotations

from renkei.floor.calendar import schedule_rare
from renkei.floor.jit import kernel
from renkei.floor.records import (
    BREAKDOWN,
    HELD,
    HOLD_END,
    INF,
    NONE,
    PM_END,
    REPAIR_END,
    SETTERS,
    SETUP_END,
    SHIFT,
    WAKE,
)
from renkei.floor.tables import clocks, crews, groups, lots, outages, queues, shifts, sizes, timers, tools


@kernel
def is_limited(state, crew):
    """Return True if a crew exists and its people are limited; those at work are counted anyway, for limits may come
    later."""
    return crew != NONE and crews(state, crew).people >= 0


@kernel
def _begin_work(plan, state, crew, timer):
    now = clocks(state, 0).now
    row = timers(state, timer)
    kind = REPAIR_END if outages(plan, row.outage).kind == BREAKDOWN else PM_END
    if crew != NONE:
        people = crews(state, crew)
        people.working += 1
        people.waited += now - row.called
        people.jobs += 1
        people.busy += row.duration
    row.at = now + row.duration
    schedule_rare(state, row.at, kind, timer)


@kernel
def call_crew(plan, state, crew, timer):
    """Ask for one person for an outage whose `duration` is set; the work begins now or when one is free."""
    row = timers(state, timer)
    row.called = clocks(state, 0).now
    row.next = NONE
    if not is_limited(state, crew):
        _begin_work(plan, state, crew, timer)
        return
    people = crews(state, crew)
    if people.working < people.people:
        _begin_work(plan, state, crew, timer)
    elif outages(plan, row.outage).kind == BREAKDOWN:
        if people.repair_last == NONE:
            people.repair_first = timer
        else:
            timers(state, people.repair_last).next = timer
        people.repair_last = timer
    else:
        if people.pm_last == NONE:
            people.pm_first = timer
        else:
            timers(state, people.pm_last).next = timer
        people.pm_last = timer


@kernel
def _begin_hold(state, crew, lot):
    now = clocks(state, 0).now
    row = lots(state, lot)
    if crew != NONE:
        people = crews(state, crew)
        people.working += 1
        people.waited += now - row.started
        people.jobs += 1
        people.busy += row.left
    row.time = INF
    schedule_rare(state, now + row.left, HOLD_END, lot)


@kernel
def hold(state, crew, lot, time):
    """Hold a lot for `time` minutes of an engineer's attention; `prev` of its row is the crew meanwhile."""
    row = lots(state, lot)
    row.left = time
    row.waiting = HELD
    row.prev = crew
    row.started = clocks(state, 0).now
    row.next = NONE
    people = crews(state, crew)
    if crew == NONE or people.people < 0 or people.working < people.people:
        _begin_hold(state, crew, lot)
        return
    if people.hold_last == NONE:
        people.hold_first = lot
    else:
        lots(state, people.hold_last).next = lot
    people.hold_last = lot


@kernel
def call_for_setups(plan, state, crew):
    """Someone of a setup crew is free: the idle tools that it sets up look at their queues again."""
    for group in range(sizes(plan, 0).groups):
        row = groups(plan, group)
        if row.setup_crew == crew and queues(state, group).waiting > 0:
            for tool in range(row.first_tool, row.first_tool + row.tools):
                if tools(state, tool).idle == 1:
                    schedule_rare(state, clocks(state, 0).now, WAKE, tool)


@kernel
def call_waiting(plan, state, crew):
    """Let free people of a crew take up what waits."""
    people = crews(state, crew)
    while people.people < 0 or people.working < people.people:
        if people.repair_first != NONE:
            timer = people.repair_first
            people.repair_first = timers(state, timer).next
            if people.repair_first == NONE:
                people.repair_last = NONE
            _begin_work(plan, state, crew, timer)
        elif people.pm_first != NONE:
            timer = people.pm_first
            people.pm_first = timers(state, timer).next
            if people.pm_first == NONE:
                people.pm_last = NONE
            _begin_work(plan, state, crew, timer)
        elif people.hold_first != NONE:
            lot = people.hold_first
            people.hold_first = lots(state, lot).next
            if people.hold_first == NONE:
                people.hold_last = NONE
            lots(state, lot).next = NONE
            _begin_hold(state, crew, lot)
        else:
            if people.setups == 1:
                schedule_rare(state, clocks(state, 0).now, SETTERS, crew)
            return


@kernel
def release_crew(plan, state, crew):
    """One person of a crew is free again."""
    if crew != NONE:
        crews(state, crew).working -= 1
        call_waiting(plan, state, crew)


@kernel
def begin_setup(plan, state, tool):
    """Someone of the setup crew, who is free, sets a tool up until its `setup_until`."""
    place = tools(state, tool)
    people = crews(state, groups(plan, place.group).setup_crew)
    place.setter = 1
    people.working += 1
    people.jobs += 1
    people.busy += place.setup_until - clocks(state, 0).now
    schedule_rare(state, place.setup_until, SETUP_END, tool)


@kernel
def end_setup(plan, state, tool):
    """Whoever sets a tool up is free again."""
    tools(state, tool).setter = 0
    release_crew(plan, state, groups(plan, tools(state, tool).group).setup_crew)


@kernel
def break_off_setup(plan, state, tool):
    """A tool breaks down while it is set up: the setter leaves; those who repair it do the rest of the setup."""
    crew = groups(plan, tools(state, tool).group).setup_crew
    crews(state, crew).busy -= tools(state, tool).setup_until - clocks(state, 0).now
    end_setup(plan, state, tool)


@kernel
def change_shift(plan, state, crew):
    """The next shift of a crew begins."""
    people = crews(state, crew)
    people.shift += 1
    if people.shift == people.shifts:
        people.shift = 0
    people.people = shifts(state, people.first_shift + people.shift).value
    schedule_rare(state, clocks(state, 0).now + people.shift_minutes, SHIFT, crew)
    call_waiting(plan, state, crew)
