"""Reservations: a tool is kept free for a super hot lot while that does the step before.

A tool group keeps one tool at a time, none where lots are batched, delayed, or held back by minimum runs. A tool that
is kept stands by, but is not in its group's idle list.
"""

from __future__ import annotations

from renkei.floor.calendar import schedule_rare
from renkei.floor.dispatch import may_run
from renkei.floor.jit import kernel
from renkei.floor.queues import set_idle, unset_idle
from renkei.floor.records import NONE, STANDBY, WAKE
from renkei.floor.setups import may_set_up
from renkei.floor.tables import clocks, groups, lots, marks, queues, sizes, steps, tools


@kernel
def _suits(plan, state, tool, lot, step):
    """Return True if a lot may do a step on a tool: the one it is bound to, or else one that is qualified."""
    row = steps(plan, step)
    if row.lens_from != NONE:
        bound = int(marks(state, lot * sizes(plan, 0).marks + row.lens_from).value)
        if bound >= 0:
            return tool == bound
    return may_run(plan, state, tool, row.recipe)


@kernel
def _is_ready(state, tool):
    """Return True if a tool that is kept could take its lot now."""
    place = tools(state, tool)
    return place.state == STANDBY and place.wanted == 0 and place.leaving == 0


@kernel
def _let_go(state, tool):
    """Keep a tool no longer: if it is up and waits for nothing else, it is idle and looks at its queue."""
    if tool != NONE and tools(state, tool).state == STANDBY and tools(state, tool).wanted == 0:
        set_idle(state, tool)
        schedule_rare(state, clocks(state, 0).now, WAKE, tool)


@kernel
def reserve(plan, state, lot):
    """A lot starts a step: reserve a tool for its next one, the longest idle that suits or else the next to be free."""
    step = lots(state, lot).step + 1
    if step > steps(plan, step - 1).last:
        return
    there = groups(plan, steps(plan, step).group)
    queue = queues(state, steps(plan, step).group)
    if there.delay == 1 or there.batch == 1 or there.min_run > 0 or queue.reserved_for != NONE:
        return
    queue.reserved_for = lot
    queue.reserved_step = step
    queue.kept = NONE
    tool = queue.idle_first
    while tool != NONE:
        if _is_ready(state, tool) and _suits(plan, state, tool, lot, step):
            queue.kept = tool
            unset_idle(state, tool)
            return
        tool = tools(state, tool).idle_next


@kernel
def keeps(plan, state, tool):
    """Return True if a free tool is kept for a lot; it is from now on if none is, or one that is down or to leave."""
    queue = queues(state, tools(state, tool).group)
    if queue.reserved_for == NONE:
        return False
    kept = queue.kept
    if kept != tool and (kept == NONE or not _is_ready(state, kept)):
        if _suits(plan, state, tool, queue.reserved_for, queue.reserved_step):
            _let_go(state, kept)
            queue.kept = tool
    return queue.kept == tool


@kernel
def claim(plan, state, lot):
    """A lot is there: end its reservation; return the tool kept for it if that is ready, or NONE."""
    step = lots(state, lot).step
    group = steps(plan, step).group
    queue = queues(state, group)
    if queue.reserved_for != lot:
        return NONE
    kept = queue.kept
    queue.reserved_for = NONE
    queue.kept = NONE
    if kept != NONE and _is_ready(state, kept):
        if may_set_up(plan, state, kept, step):
            return kept
    _let_go(state, kept)
    return NONE


@kernel
def give_up(plan, state, lot, step):
    """A lot does not go to a step after all: end its reservation there."""
    queue = queues(state, steps(plan, step).group)
    if queue.reserved_for == lot:
        _let_go(state, queue.kept)
        queue.reserved_for = NONE
        queue.kept = NONE
