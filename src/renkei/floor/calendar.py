"""Calendars: 4-ary heaps of (time, code). A code is event kind and entity, so events of one instant keep a fixed order."""

from __future__ import annotations

from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import INF, KIND_BITS, KIND_UNIT
from renkei.floor.tables import clocks, event, hot, rare

_ENTITY = KIND_UNIT - 1


@small_kernel
def _push(heap, count, time, code):
    hole = count
    while hole > 0:
        parent = (hole - 1) >> 2
        above = event(heap, parent)
        if above.time < time or (above.time == time and above.code < code):
            break
        row = event(heap, hole)
        row.time = above.time
        row.code = above.code
        hole = parent
    row = event(heap, hole)
    row.time = time
    row.code = code


@small_kernel
def _earlier(heap, one, other):
    """Return the earlier of two entries, without a branch: which one it is cannot be predicted."""
    a = event(heap, one)
    b = event(heap, other)
    later = (b.time < a.time) | ((b.time == a.time) & (b.code < a.code))
    return one + (other - one) * later


@small_kernel
def _drop_first(heap, count):
    """Remove the first of `count` entries; the caller lowers the count. Rows from `count` on hold INF, so four children always exist."""
    last = count - 1
    row = event(heap, last)
    time = row.time
    code = row.code
    row.time = INF
    hole = 0
    child = 1
    while child < last:
        best = _earlier(heap, _earlier(heap, child, child + 1), _earlier(heap, child + 2, child + 3))
        below = event(heap, best)
        if time < below.time or (time == below.time and code < below.code):
            break
        row = event(heap, hole)
        row.time = below.time
        row.code = below.code
        hole = best
        child = 4 * hole + 1
    if last > 0:
        row = event(heap, hole)
        row.time = time
        row.code = code


@small_kernel
def schedule(state, time, kind, entity):
    """Enter an event of the busy floor (slot free, lot end, arrival) into the hot calendar."""
    clock = clocks(state, 0)
    _push(hot(state), clock.hot, time, (kind << KIND_BITS) + entity)
    clock.hot += 1


@kernel
def schedule_rare(state, time, kind, entity):
    """Enter any other event into the rare calendar."""
    clock = clocks(state, 0)
    _push(rare(state), clock.rare, time, (kind << KIND_BITS) + entity)
    clock.rare += 1


@small_kernel
def drop_hot(state):
    """Remove the first event of the hot calendar."""
    clock = clocks(state, 0)
    _drop_first(hot(state), clock.hot)
    clock.hot -= 1


@small_kernel
def drop_rare(state):
    """Remove the first event of the rare calendar."""
    clock = clocks(state, 0)
    _drop_first(rare(state), clock.rare)
    clock.rare -= 1


@small_kernel
def kind_of(code):
    """Return the kind of an event."""
    return code >> KIND_BITS


@small_kernel
def entity_of(code):
    """Return the row the event is about."""
    return code & _ENTITY
