"""Crews: people who repair, maintain and decide on held lots. Repair before PM before holds, then first come first
served."""

from __future__ import annotations

from renkei.floor.calendar import schedule_rare
from renkei.floor.jit import kernel
from renkei.floor.records import BREAKDOWN, HELD, HOLD_END, INF, NONE, PM_END, REPAIR_END
from renkei.floor.tables import clocks, crews, lots, outages, timers


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
            return


@kernel
def release_crew(plan, state, crew):
    """One person of a crew is free again."""
    if crew != NONE:
        crews(state, crew).working -= 1
        call_waiting(plan, state, crew)
