"""What the criteria of a dispatch rule say of a lot: numbers, the smaller the sooner. docs/floor.md defines them.

Sources: Baker, "Sequencing rules and due-date assignments in a job shop", Management Science 30 (1984), for operation
due dates and slack; Schrage, "A proof of the optimality of the shortest remaining processing time discipline",
Operations Research 16 (1968); Lu, Ramaswamy, Kumar, "Efficient scheduling policies to reduce mean and variance of
cycle-time in semiconductor manufacturing plants", IEEE TSM 7 (1994), for fluctuation smoothing; Lu, Kumar, "Distributed
scheduling based on due dates and buffer priorities", IEEE TAC 36 (1991), for buffer priorities.
"""

from __future__ import annotations

from renkei.floor.chance import RANK, address, unit
from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import (
    ARRIVED,
    CQT,
    CR,
    EDD,
    FBFS,
    FIFO,
    FLOW_FACTOR,
    FSMCT,
    FSVCT,
    INF,
    LBFS,
    LIFO,
    ODD,
    PER_WAFER,
    PRIORITY,
    RANDOM,
    SETUP,
    SLACK,
    SPT,
    SRPT,
    SUMS,
)
from renkei.floor.setups import table_time
from renkei.floor.tables import clocks, closings, lots, marks, orders, sizes, steps, terms


@small_kernel
def _operation_due(plan, state, lot):
    """Return the due date of the lot's step: the allowance shared out in proportion to expected work."""
    row = lots(state, lot)
    step = steps(plan, row.step)
    total = steps(plan, step.first).remaining
    if row.due == INF or row.step == step.last or total <= 0.0:
        return row.due
    return row.due - (row.due - row.released) * steps(plan, row.step + 1).remaining / total


@small_kernel
def _window_left(plan, state, lot):
    """Return minutes left in the most urgent open queue-time window of a lot, negative once it is violated; INF if none
    is open."""
    now = clocks(state, 0).now
    here = lots(state, lot).step
    step = steps(plan, here)
    last = steps(plan, step.last)
    width = sizes(plan, 0).marks
    least = INF
    for closing in range(step.closing, last.closing + last.closings):
        window = closings(plan, closing)
        if window.opener >= here:  # not open yet; its mark may belong to a window that is
            continue
        opened = marks(state, lot * width + window.mark).value
        if opened >= 0.0:
            least = min(least, opened + window.limit - now)
    return least


@small_kernel
def _even_release(plan, state, lot):
    """Return when the lot would have entered the fab had its order released evenly: n/λ; its release where no interval
    is declared."""
    row = lots(state, lot)
    order = orders(plan, row.order)
    if order.pace < 0.0:
        return row.released
    return order.start + row.number * order.pace


@kernel
def _further(plan, state, code, lot):
    """Return the value of a criterion that is not among the common ones."""
    row = lots(state, lot)
    step = steps(plan, row.step)
    if code == ODD:
        return _operation_due(plan, state, lot)
    if code == SLACK:
        return row.due - clocks(state, 0).now - step.remaining
    if code == SRPT:
        return step.remaining
    if code == CQT:
        return _window_left(plan, state, lot)
    if code == FSVCT:
        return row.released - FLOW_FACTOR * step.remaining
    if code == FSMCT:
        return _even_release(plan, state, lot) - FLOW_FACTOR * step.remaining
    if code == FBFS:
        return float(step.number)
    if code == LBFS:
        return -float(step.number)
    if code == RANDOM:
        return unit(address(row.key, RANK, step.number, row.visit))
    if code == ARRIVED:
        return row.arrived
    return 0.0


@small_kernel
def _single(plan, state, code, tool, lot):
    """Return the value of one criterion that is no sum."""
    row = lots(state, lot)
    if code == PRIORITY:
        return float(row.class_)
    if code == SETUP:
        return table_time(plan, state, tool, steps(plan, row.step).setup)
    if code == FIFO:
        return float(row.joined)
    if code == LIFO:
        return -float(row.joined)
    if code == EDD:
        return row.due
    if code == CR:
        if row.due == INF:
            return INF
        remaining = steps(plan, row.step).remaining
        return (row.due - clocks(state, 0).now) / (remaining if remaining > 1e-9 else 1e-9)
    if code == SPT:
        step = steps(plan, row.step)
        pieces = 1
        if step.per == PER_WAFER:
            pieces = min(row.wafers, step.wafers) if step.wafers > 0 else row.wafers
        return step.process * pieces if step.interval < 0.0 else step.process + (pieces - 1) * step.interval
    return _further(plan, state, code, lot)


@kernel
def _weighted_sum(plan, state, place, tool, lot):
    """Return the sum of the terms from a row of TERM on; INF if one of them has no value for this lot."""
    total = 0.0
    while True:
        term = terms(plan, place)
        if term.code == 0:
            return total
        value = _single(plan, state, term.code, tool, lot)
        if value == INF:
            return INF
        total += term.weight * value
        place += 1


@small_kernel
def criterion(plan, state, code, tool, lot):
    """Return the value of one criterion for a lot on a tool, a weighted sum included; smaller comes first."""
    if code >= SUMS:
        return _weighted_sum(plan, state, code - SUMS, tool, lot)
    return _single(plan, state, code, tool, lot)
