"""Calendars: 4-ary heaps of (time, code). A code is event kind and entity, so events of one instant keep a fixed order."""

from __future__ import annotations

from renkei.floor.jit import kernel
from renkei.floor.records import KIND_BITS, KIND_UNIT
from renkei.floor.tables import clocks, event, hot, rare

_ENTITY = KIND_UNIT - 1


@kernel
def _push(heap, count, time, code):
    hole = count
    while hole > 0:
        parent = (hole - 1) >> 2
        above = event(heap, parent)
        if above.time < time or (above.time == time and above.code < code):
            break
        event(heap, hole).time = above.time
        event(heap, hole).code = above.code
        hole = parent
    event(heap, hole).time = time
    event(heap, hole).code = code


@kernel
def _drop_first(heap, count):
    """Remove the first of `count` events; the caller lowers the count."""
    last = count - 1
    time = event(heap, last).time
    code = event(heap, last).code
    hole = 0
    while True:
        child = 4 * hole + 1
        if child >= last:
            break
        best = child
        end = child + 4
        if end > last:
            end = last
        for other in range(child + 1, end):
            if event(heap, other).time < event(heap, best).time or (
                event(heap, other).time == event(heap, best).time and event(heap, other).code < event(heap, best).code
            ):
                best = other
        if time < event(heap, best).time or (time == event(heap, best).time and code < event(heap, best).code):
            break
        event(heap, hole).time = event(heap, best).time
        event(heap, hole).code = event(heap, best).code
        hole = best
    event(heap, hole).time = time
    event(heap, hole).code = code


@kernel
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


@kernel
def drop_hot(state):
    """Remove the first event of the hot calendar."""
    clock = clocks(state, 0)
    _drop_first(hot(state), clock.hot)
    clock.hot -= 1


@kernel
def drop_rare(state):
    """Remove the first event of the rare calendar."""
    clock = clocks(state, 0)
    _drop_first(rare(state), clock.rare)
    clock.rare -= 1


@kernel
def kind_of(code):
    """Return the kind of an event."""
    return code >> KIND_BITS


@kernel
def entity_of(code):
    """Return the row the event is about."""
    return code & _ENTITY
