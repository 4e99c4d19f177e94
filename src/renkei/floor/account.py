"""The time account of a tool by SEMI E10 state, kept at each change of state."""

from __future__ import annotations

from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import (
    BUSY,
    CAUSES,
    E10_STATES,
    SCHEDULED,
    STANDBY,
    T_ENGINEERING,
    T_OUT,
    T_PRODUCTIVE,
    T_SCHEDULED,
    T_SETUP,
    T_STANDBY,
    T_UNSCHEDULED,
    UNSCHEDULED,
)
from renkei.floor.tables import causes, clocks, crews, passed, queues, sizes, times, tools


@small_kernel
def account(state, tool, now):
    """Book the time since the tool's last change of state; the state itself is left as it is."""
    row = tools(state, tool)
    time = now - row.since
    if time == 0.0:
        return
    if row.state == BUSY:
        setup = row.setup_until - row.since
        if setup > 0.0:
            setup = min(setup, time)
            times(state, E10_STATES * tool + T_SETUP).value += setup
            time -= setup
        if row.engineering == 1:
            times(state, E10_STATES * tool + T_ENGINEERING).value += time
        else:
            times(state, E10_STATES * tool + T_PRODUCTIVE).value += time
    elif row.state == STANDBY:
        times(state, E10_STATES * tool + T_STANDBY).value += time
    elif row.state == UNSCHEDULED:
        times(state, E10_STATES * tool + T_UNSCHEDULED).value += time
    elif row.state == SCHEDULED:
        times(state, E10_STATES * tool + T_SCHEDULED).value += time
    else:
        times(state, E10_STATES * tool + T_OUT).value += time
    row.since = now


@small_kernel
def change(state, tool, now, new):
    """Book the time and put the tool into a new state."""
    account(state, tool, now)
    tools(state, tool).state = new


@kernel
def begin_window(plan, state):
    """Forget the statistics gathered so far (end of the warm-up); what moves is untouched."""
    clock = clocks(state, 0)
    now = clock.now
    for tool in range(sizes(plan, 0).tools):
        account(state, tool, now)
        for column in range(E10_STATES):
            times(state, E10_STATES * tool + column).value = 0.0
    for group in range(sizes(plan, 0).groups):
        row = queues(state, group)
        row.queue_time = 0.0
        row.queue_area = 0.0
        row.starts = 0
        row.jobs = 0
        row.visits = 0
    for place in range(CAUSES * sizes(plan, 0).groups):
        causes(state, place).value = 0.0
    for step in range(sizes(plan, 0).steps):
        row = passed(state, step)
        row.checked = 0
        row.violated = 0
        row.visits = 0
        row.held = 0
    for crew in range(sizes(plan, 0).crews):
        row = crews(state, crew)
        row.waited = 0.0
        row.jobs = 0
        row.busy = 0.0
    clock.since = now
    clock.looks = 0
    clock.wip_area = 0.0
    clock.wip_time = now
    clock.lot_time = 0.0
    clock.finished = 0
