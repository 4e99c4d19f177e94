"""Waiting lots (lines threaded through the lot rows) and idle tools (a list per group, longest idle first)."""

from __future__ import annotations

from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import AT_TOOL, IN_LINE, NONE, NOWHERE
from renkei.floor.tables import clocks, lines, lots, queues, sizes, steps, tools


@small_kernel
def line_of(plan, state, lot):
    """Return the line in which a lot waits: its sort and its priority class."""
    row = lots(state, lot)
    return steps(plan, row.step).kind * sizes(plan, 0).classes + row.class_


@small_kernel
def join(plan, state, lot):
    """Put a lot at the end of its line."""
    clock = clocks(state, 0)
    row = lots(state, lot)
    line = lines(state, line_of(plan, state, lot))
    row.joined = clock.joined
    clock.joined += 1
    row.waiting = IN_LINE
    row.next = NONE
    row.prev = line.tail
    if line.tail == NONE:
        line.head = lot
    else:
        lots(state, line.tail).next = lot
    line.tail = lot
    line.lots += 1
    line.wafers += row.wafers
    queues(state, steps(plan, row.step).group).waiting += 1


@small_kernel
def leave(plan, state, lot):
    """Take a lot out of its line."""
    row = lots(state, lot)
    line = lines(state, line_of(plan, state, lot))
    if row.prev == NONE:
        line.head = row.next
    else:
        lots(state, row.prev).next = row.next
    if row.next == NONE:
        line.tail = row.prev
    else:
        lots(state, row.next).prev = row.prev
    row.waiting = NOWHERE
    row.next = NONE
    row.prev = NONE
    line.lots -= 1
    line.wafers -= row.wafers
    queues(state, steps(plan, row.step).group).waiting -= 1


@kernel
def join_tool(plan, state, lot, tool):
    """Put a lot that may use only this tool at the end of the tool's own line."""
    clock = clocks(state, 0)
    row = lots(state, lot)
    place = tools(state, tool)
    row.joined = clock.joined
    clock.joined += 1
    row.waiting = AT_TOOL
    row.next = NONE
    row.prev = place.queue_end
    if place.queue_end == NONE:
        place.queue = lot
    else:
        lots(state, place.queue_end).next = lot
    place.queue_end = lot
    place.queued += 1
    queues(state, place.group).waiting += 1


@kernel
def leave_tool(state, lot, tool):
    """Take a lot out of a tool's own line."""
    row = lots(state, lot)
    place = tools(state, tool)
    if row.prev == NONE:
        place.queue = row.next
    else:
        lots(state, row.prev).next = row.next
    if row.next == NONE:
        place.queue_end = row.prev
    else:
        lots(state, row.next).prev = row.prev
    row.waiting = NOWHERE
    row.next = NONE
    row.prev = NONE
    place.queued -= 1
    queues(state, place.group).waiting -= 1


@small_kernel
def set_idle(state, tool):
    """Put a tool at the end of its group's idle list."""
    row = tools(state, tool)
    group = queues(state, row.group)
    row.idle = 1
    row.idle_next = NONE
    row.idle_prev = group.idle_last
    if group.idle_last == NONE:
        group.idle_first = tool
    else:
        tools(state, group.idle_last).idle_next = tool
    group.idle_last = tool
    group.idle += 1


@small_kernel
def unset_idle(state, tool):
    """Take a tool out of its group's idle list, if it is there."""
    row = tools(state, tool)
    if row.idle == 0:
        return
    group = queues(state, row.group)
    row.idle = 0
    if row.idle_prev == NONE:
        group.idle_first = row.idle_next
    else:
        tools(state, row.idle_prev).idle_next = row.idle_next
    if row.idle_next == NONE:
        group.idle_last = row.idle_prev
    else:
        tools(state, row.idle_next).idle_prev = row.idle_prev
    group.idle -= 1


@small_kernel
def enter_tool(state, lot, tool):
    """Put a lot at the end of those inside a tool."""
    row = lots(state, lot)
    place = tools(state, tool)
    row.tool = tool
    row.next = NONE
    if place.last_in == NONE:
        place.first_in = lot
    else:
        lots(state, place.last_in).next = lot
    place.last_in = lot
    place.inside += 1


@small_kernel
def exit_tool(state, tool):
    """Take the first lot out of a tool and return it."""
    place = tools(state, tool)
    lot = place.first_in
    place.first_in = lots(state, lot).next
    if place.first_in == NONE:
        place.last_in = NONE
    place.inside -= 1
    lots(state, lot).next = NONE
    return lot


@small_kernel
def exit_lot(state, tool, lot):
    """Take a lot out of a tool; mostly it is the first, but lots that end in one instant may end in any order."""
    place = tools(state, tool)
    if place.first_in == lot:
        exit_tool(state, tool)
        return
    before = place.first_in
    while lots(state, before).next != lot:
        before = lots(state, before).next
    lots(state, before).next = lots(state, lot).next
    if place.last_in == lot:
        place.last_in = before
    place.inside -= 1
    lots(state, lot).next = NONE
