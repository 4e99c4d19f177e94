"""Which lot a free tool takes, and which idle tool an arriving lot takes.

A rule is a list of criteria compared left to right; the smaller value wins. Where the rule is known to favour the first
lot of each line (`heads`), only the heads are compared; otherwise every eligible lot is.
"""

from __future__ import annotations

from renkei.floor.jit import kernel, small_kernel
from renkei.floor.ranking import criterion
from renkei.floor.records import INF, NONE, STANDBY
from renkei.floor.setups import may_set_up, run_allows, setup_time
from renkei.floor.tables import (
    criteria,
    groups,
    kinds,
    lines,
    lots,
    qualified,
    queues,
    recipes,
    sizes,
    steps,
    tools,
)


@small_kernel
def may_run(plan, state, tool, recipe):
    """Return True if the tool is qualified for the recipe (NONE: every tool is)."""
    return recipe == NONE or qualified(state, recipes(plan, recipe).value + tools(state, tool).number).value == 1


@small_kernel
def comes_before(plan, state, tool, lot, other):
    """Return True if `lot` outranks `other` for this tool; equal ones go by arrival in the queue."""
    place = groups(plan, tools(state, tool).group).criteria
    while True:
        code = criteria(plan, place).code
        if code == 0:
            break
        place += 1
        mine = criterion(plan, state, code, tool, lot)
        theirs = criterion(plan, state, code, tool, other)
        if mine != theirs:
            return mine < theirs
    return lots(state, lot).joined < lots(state, other).joined


@kernel
def _best_of_all(plan, state, tool, head, joins):
    """Return the lot of a line that the rule puts first, of those that the tool can be set up for now or that only join
    a batch; NONE if there is none."""
    best = NONE
    lot = head
    while lot != NONE:
        if (joins or may_set_up(plan, state, tool, lots(state, lot).step)) and (
            best == NONE or comes_before(plan, state, tool, lot, best)
        ):
            best = lot
        lot = lots(state, lot).next
    return best


@small_kernel
def best_of_line(plan, state, tool, head, heads, joins):
    """Return `_best_of_all`; where the rule favours the first lot of each line (`heads`), that is the head."""
    return head if heads == 1 else _best_of_all(plan, state, tool, head, joins)


@kernel
def best_bound(plan, state, tool):
    """Return the best lot of the tool's own line that its minimum run and people to set it up permit, or NONE."""
    best = NONE
    lot = tools(state, tool).queue
    while lot != NONE:
        step = lots(state, lot).step
        if (
            run_allows(plan, state, tool, steps(plan, step).setup)
            and may_set_up(plan, state, tool, step)
            and (best == NONE or comes_before(plan, state, tool, lot, best))
        ):
            best = lot
        lot = lots(state, lot).next
    return best


@small_kernel
def is_ready(plan, state, kind):
    """Return True if the waiting wafers of a batch sort suffice to open a batch."""
    classes = sizes(plan, 0).classes
    wafers = 0
    for line in range(kind * classes, (kind + 1) * classes):
        wafers += lines(state, line).wafers
    return wafers >= kinds(plan, kind).batch_min and wafers > 0


@kernel
def _best_lot(plan, state, tool):
    """Return the lot that a free tool takes next, of all sorts that wait at its group, or NONE."""
    place = tools(state, tool)
    group = groups(plan, place.group)
    classes = sizes(plan, 0).classes
    best = NONE
    if place.queued > 0:
        best = best_bound(plan, state, tool)
    for kind in range(group.first_kind, group.first_kind + group.kinds):
        sort = kinds(plan, kind)
        if group.batch == 1 and not is_ready(plan, state, kind):
            continue
        if not may_run(plan, state, tool, sort.recipe) or not run_allows(plan, state, tool, sort.setup):
            continue
        for line in range(kind * classes, (kind + 1) * classes):
            head = lines(state, line).head
            if head == NONE:
                continue
            lot = best_of_line(plan, state, tool, head, group.heads, False)
            if lot == NONE:
                continue
            if best == NONE or comes_before(plan, state, tool, lot, best):
                best = lot
            if group.heads == 1 and group.by_class == 1:
                break
    return best


@small_kernel
def next_lot(plan, state, tool):
    """Return the lot that a free tool takes next (for a batch: the one that opens it), or NONE."""
    place = tools(state, tool)
    if queues(state, place.group).waiting == 0:
        return NONE
    group = groups(plan, place.group)
    if group.single == 0 or place.queued > 0:
        return _best_lot(plan, state, tool)
    classes = sizes(plan, 0).classes
    for line in range(group.first_kind * classes, (group.first_kind + 1) * classes):
        head = lines(state, line).head
        if head != NONE:
            return head
    return NONE


@kernel
def best_of_kind(plan, state, tool, kind, joins):
    """Return the waiting lot of a sort that the rule puts first, of those that the tool can be set up for now or, with
    `joins`, that only join a batch; NONE if there is none."""
    classes = sizes(plan, 0).classes
    heads = groups(plan, tools(state, tool).group).heads
    best = NONE
    for line in range(kind * classes, (kind + 1) * classes):
        head = lines(state, line).head
        if head == NONE:
            continue
        lot = best_of_line(plan, state, tool, head, heads, joins)
        if lot != NONE and (best == NONE or comes_before(plan, state, tool, lot, best)):
            best = lot
    return best


@kernel
def idle_tool(plan, state, lot):
    """Return the idle tool an arriving lot takes (longest idle, or least setup), or NONE."""
    step = lots(state, lot).step
    row = steps(plan, step)
    group = groups(plan, row.group)
    best = NONE
    least = INF
    tool = queues(state, row.group).idle_first
    while tool != NONE:
        if (
            tools(state, tool).state == STANDBY
            and may_run(plan, state, tool, row.recipe)
            and run_allows(plan, state, tool, row.setup)
            and (group.setup_crew == NONE or may_set_up(plan, state, tool, step))
        ):
            if group.least_setup == 0:
                return tool
            time = setup_time(plan, state, tool, step)
            if time < least:
                least = time
                best = tool
        tool = tools(state, tool).idle_next
    return best
