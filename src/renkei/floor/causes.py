"""Why lots wait: every four hours the floor looks at all queues and asks each lot's tools what keeps them.

Looks come at a random minute of each four hours, so that they cannot beat in time with releases or maintenance, and
have addresses of their own: they change nothing. Their shares are unbiased for the shares of lot-time.
"""

from __future__ import annotations

from renkei.floor.calendar import schedule_rare
from renkei.floor.chance import LOOK, address, unit
from renkei.floor.dispatch import is_ready, may_run
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import (
    BREAKDOWN,
    BUSY,
    CAUSES,
    COUNTED,
    HELD,
    INF,
    LOOK_AROUND,
    MOVING,
    NONE,
    OUT,
    RIDING,
    STANDBY,
    W_BATCH,
    W_BREAKDOWN,
    W_BUSY,
    W_HOLD,
    W_MAINTENANCE,
    W_MIN_RUN,
    W_NO_CREW,
    W_NO_TOOL,
    W_SETUP,
    W_TRANSPORT,
)
from renkei.floor.setups import setter_free
from renkei.floor.tables import (
    causes,
    clocks,
    groups,
    kinds,
    lines,
    lots,
    outages,
    queues,
    sizes,
    steps,
    timers,
    tools,
)

LOOK_MINUTES = 240.0


@small_kernel
def _count(state, group, cause, amount):
    causes(state, CAUSES * group + cause).value += amount


@kernel
def cause_of(plan, state, tool):
    """Return what keeps a tool that is in the fleet from taking a waiting lot."""
    row = tools(state, tool)
    if row.state == BUSY:
        return W_SETUP if row.setup_until > clocks(state, 0).now else W_BUSY
    if row.state == STANDBY:
        if row.wanted > 0:
            return W_MAINTENANCE
        if row.leaving == 1:
            return W_NO_TOOL
        return W_MIN_RUN if setter_free(plan, state, row.group) else W_NO_CREW
    timer = timers(state, row.active)
    if timer.at == INF:
        return W_NO_CREW
    return W_BREAKDOWN if outages(plan, timer.outage).kind == BREAKDOWN else W_MAINTENANCE


@kernel
def _share_out(plan, state, group, recipe, amount):
    """Share waiting lots out over the tools that may run their recipe, by what keeps each."""
    row = groups(plan, group)
    able = 0
    for tool in range(row.first_tool, row.first_tool + row.tools):
        if tools(state, tool).state != OUT and may_run(plan, state, tool, recipe):
            able += 1
    if able == 0:
        _count(state, group, W_NO_TOOL, amount)
        return
    for tool in range(row.first_tool, row.first_tool + row.tools):
        if tools(state, tool).state != OUT and may_run(plan, state, tool, recipe):
            _count(state, group, cause_of(plan, state, tool), amount / able)


@kernel
def _look_at_group(plan, state, group):
    row = groups(plan, group)
    if queues(state, group).waiting == 0:
        return
    classes = sizes(plan, 0).classes
    for kind in range(row.first_kind, row.first_kind + row.kinds):
        waiting = 0
        for line in range(kind * classes, (kind + 1) * classes):
            waiting += lines(state, line).lots
        if waiting == 0:
            continue
        sort = kinds(plan, kind)
        if row.batch == 1 and sort.batch_max > 0 and not is_ready(plan, state, kind):
            _count(state, group, W_BATCH, float(waiting))
        else:
            _share_out(plan, state, group, sort.recipe, float(waiting))
    if row.lens == 1:
        for tool in range(row.first_tool, row.first_tool + row.tools):
            if tools(state, tool).queued > 0:
                _count(state, group, cause_of(plan, state, tool), float(tools(state, tool).queued))


@kernel
def _look_at_lots(plan, state):
    """Lots in transport or on hold count for the group of the step that they go to."""
    now = clocks(state, 0).now
    for lot in range(clocks(state, 0).lots_room):
        row = lots(state, lot)
        if row.waiting == MOVING or row.waiting == HELD:
            if row.step != NONE:
                cause = W_TRANSPORT if row.waiting == MOVING else W_HOLD
                _count(state, steps(plan, row.step).group, cause, 1.0)
        elif (row.waiting == RIDING or row.waiting == COUNTED) and row.started <= now:
            _count(state, steps(plan, row.next).group, W_TRANSPORT, 1.0)


@kernel
def next_look(plan, state, look):
    """Enter a look, counted from minute 0, into the calendar."""
    minute = LOOK_MINUTES * (look + unit(address(clocks(state, 0).seed, LOOK, look, 0)))
    schedule_rare(state, minute, LOOK_AROUND, look)


@kernel
def look_around(plan, state, look):
    """Ask all lots that wait, move or are held what keeps them."""
    clocks(state, 0).looks += 1
    for group in range(sizes(plan, 0).groups):
        _look_at_group(plan, state, group)
    _look_at_lots(plan, state)
    next_look(plan, state, look + 1)
