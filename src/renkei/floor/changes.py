"""What may change between two calls of `run`: tools come and go, crews grow, releases are planned anew."""

from __future__ import annotations

from renkei.floor.account import account
from renkei.floor.calendar import schedule_rare
from renkei.floor.crews import call_waiting
from renkei.floor.jit import kernel
from renkei.floor.queues import join, leave_tool
from renkei.floor.records import INF, NONE, OUT, RELEASE, STANDBY, WAKE
from renkei.floor.run import join_floor
from renkei.floor.tables import clocks, crews, lots, queues, releases, sizes, tools


@kernel
def wake_group(plan, state, group):
    """Let the idle tools of a group look at the queue again, after a change of what they may run."""
    tool = queues(state, group).idle_first
    while tool != NONE:
        schedule_rare(state, clocks(state, 0).now, WAKE, tool)
        tool = tools(state, tool).idle_next


@kernel
def add_tool(plan, state, tool):
    """A tool that was OUT joins the fleet now, one that was about to leave stays. Qualify it before."""
    row = tools(state, tool)
    if row.state == OUT:
        account(state, tool, clocks(state, 0).now)
        join_floor(plan, state, tool)
    elif row.leaving == 1:
        row.leaving = 0
        queues(state, row.group).active += 1
        schedule_rare(state, clocks(state, 0).now, WAKE, tool)


@kernel
def remove_tool(plan, state, tool):
    """A tool leaves the fleet when it is up and empty; lots bound to it may use any tool of the group again."""
    row = tools(state, tool)
    if row.state == OUT or row.leaving == 1:
        return
    row.leaving = 1
    queues(state, row.group).active -= 1
    lot = row.queue
    while lot != NONE:
        following = lots(state, lot).next
        leave_tool(state, lot, tool)
        join(plan, state, lot)
        lot = following
    if row.state == STANDBY:
        schedule_rare(state, clocks(state, 0).now, WAKE, tool)
    wake_group(plan, state, row.group)


@kernel
def set_people(plan, state, crew, people):
    """Change the number of people of a crew (negative: no limit). Nobody drops the work in hand."""
    crews(state, crew).people = people
    call_waiting(plan, state, crew)


@kernel
def set_release(plan, state, order, first, interval, lots):
    """Plan the releases of an order anew: `lots` releases from minute `first` on, `interval` minutes apart (lots < 0:
    without end)."""
    row = releases(state, order)
    row.interval = interval
    row.left = lots
    row.at = INF
    if lots != 0:
        row.at = max(first, clocks(state, 0).now)
        schedule_rare(state, row.at, RELEASE, order)


@kernel
def set_limit(plan, state, order, limit):
    """Change the number of an order's lots that may be in the fab; what it owes comes as soon as there is room."""
    row = releases(state, order)
    row.limit = limit
    if row.owed > 0 and row.wip < limit:
        schedule_rare(state, clocks(state, 0).now, RELEASE, sizes(plan, 0).orders + order)
