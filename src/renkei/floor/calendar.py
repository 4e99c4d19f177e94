"""Calendars of events in the order of (time, code); a code is event kind and entity, so events of one instant have a
fixed order.

Failures, PM, releases and days lie in a 4-ary heap. The busy floor's events (slot free, lot end, arrival), some forty a
minute in a large fab, lie in buckets of time: a bucket is a list of unsorted nodes, and only the bucket that is due is
sorted, into the short list `coming`. Each tool and each lot has one node at most, so an event can be taken back. The
buckets' width follows the floor.
"""

from __future__ import annotations

from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import INF, KIND_BITS, KIND_UNIT, NONE, SLOT_FREE
from renkei.floor.tables import buckets, clocks, coming, event, fetch_lot, fetch_tool, nodes, rare

_ENTITY = KIND_UNIT - 1
BUCKETS = 1024
CROWDED = 16
"""Events in a bucket, on the average, from which buckets are halved; below a sixteenth of it they are doubled."""


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
    """Remove the first of `count` entries; the caller lowers the count. Rows from `count` on hold INF, so four children
    always exist."""
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
def _node_of(state, kind, entity):
    return entity if kind == SLOT_FREE else clocks(state, 0).tool_nodes + entity


@small_kernel
def _code_of(state, node):
    tools = clocks(state, 0).tool_nodes
    return (nodes(state, node).kind << KIND_BITS) + (node if node < tools else node - tools)


@small_kernel
def _bucket_of(clock, time):
    """Return the bucket of a time: below 0 it is due before the window, from BUCKETS on it lies beyond."""
    place = (time - clock.window) * clock.per_minute
    if place < 0.0:
        return -1
    return int(place) if place < BUCKETS else BUCKETS


@small_kernel
def _insert(state, node, time):
    """Put a node among the coming ones, which lie in falling order of (time, code)."""
    clock = clocks(state, 0)
    code = _code_of(state, node)
    place = clock.coming
    while place > 0:
        before = coming(state, place - 1)
        if before.time > time or (before.time == time and before.code > code):
            break
        row = coming(state, place)
        row.time = before.time
        row.code = before.code
        row.node = before.node
        place -= 1
    row = coming(state, place)
    row.time = time
    row.code = code
    row.node = node
    clock.coming += 1


@small_kernel
def _file(state, node):
    """Put a node where its time belongs: among the coming ones, into a bucket, or beyond the window (the last
    bucket)."""
    clock = clocks(state, 0)
    row = nodes(state, node)
    bucket = _bucket_of(clock, row.time)
    if bucket <= clock.bucket:
        _insert(state, node, row.time)
    else:
        head = buckets(state, bucket)
        row.next = head.value
        head.value = node


@kernel
def _refile_all(state, per_minute):
    """Begin a new window now, with buckets of another width."""
    clock = clocks(state, 0)
    first = NONE
    for place in range(clock.coming):
        row = nodes(state, coming(state, place).node)
        row.next = first
        first = coming(state, place).node
    for bucket in range(clock.bucket + 1, BUCKETS + 1):
        head = buckets(state, bucket)
        while head.value != NONE:
            node = head.value
            head.value = nodes(state, node).next
            nodes(state, node).next = first
            first = node
    clock.coming = 0
    clock.bucket = -1
    clock.window = clock.now
    clock.per_minute = per_minute
    while first != NONE:
        node = first
        first = nodes(state, node).next
        _file(state, node)


@kernel
def _next_window(state):
    """All buckets are empty: begin the window at the earliest event beyond."""
    clock = clocks(state, 0)
    head = buckets(state, BUCKETS)
    first = head.value
    head.value = NONE
    start = INF
    node = first
    while node != NONE:
        start = min(start, nodes(state, node).time)
        node = nodes(state, node).next
    clock.window = start
    clock.bucket = -1
    while first != NONE:
        node = first
        first = nodes(state, node).next
        _file(state, node)


@kernel
def _fill(state):
    """Sort the next bucket that holds anything into the coming ones; there is at least one event."""
    clock = clocks(state, 0)
    while clock.coming == 0:
        bucket = clock.bucket + 1
        while bucket < BUCKETS and buckets(state, bucket).value == NONE:
            bucket += 1
        if bucket == BUCKETS:
            _next_window(state)
            continue
        clock.skipped += bucket - clock.bucket - 1
        clock.bucket = bucket
        head = buckets(state, bucket)
        while head.value != NONE:
            node = head.value
            row = nodes(state, node)
            head.value = row.next
            _insert(state, node, row.time)
            if node < clock.tool_nodes:
                fetch_tool(state, node)
            else:
                fetch_lot(state, node - clock.tool_nodes)
        clock.fills += 1
        clock.filled += clock.coming
    if clock.fills >= 64:
        crowd = clock.filled / (clock.fills + clock.skipped)
        clock.fills = 0
        clock.filled = 0
        clock.skipped = 0
        if crowd > CROWDED:
            _refile_all(state, clock.per_minute * 2.0)
        elif crowd < CROWDED / 16.0:
            _refile_all(state, clock.per_minute * 0.5)


@kernel
def prepare(state):
    """Make sure that the earliest event of the busy floor, if there is one, is the last of the coming ones."""
    clock = clocks(state, 0)
    while clock.coming == 0 and clock.hot > 0:
        _fill(state)


@small_kernel
def schedule(state, time, kind, entity):
    """Enter an event of the busy floor (slot free, lot end, arrival); the tool or lot must have none."""
    node = _node_of(state, kind, entity)
    row = nodes(state, node)
    row.time = time
    row.kind = kind
    clocks(state, 0).hot += 1
    _file(state, node)


@kernel
def cancel(state, kind, entity):
    """Take back the event of a tool or lot, which must have one."""
    clock = clocks(state, 0)
    node = _node_of(state, kind, entity)
    row = nodes(state, node)
    clock.hot -= 1
    bucket = _bucket_of(clock, row.time)
    if bucket > clock.bucket:
        head = buckets(state, bucket)
        if head.value == node:
            head.value = row.next
            return
        before = head.value
        while nodes(state, before).next != node:
            before = nodes(state, before).next
        nodes(state, before).next = row.next
        return
    place = 0
    while coming(state, place).node != node:
        place += 1
    clock.coming -= 1
    for later in range(place, clock.coming):
        here = coming(state, later)
        there = coming(state, later + 1)
        here.time = there.time
        here.code = there.code
        here.node = there.node


@small_kernel
def drop_hot(state):
    """Remove the earliest event of the busy floor."""
    clock = clocks(state, 0)
    clock.hot -= 1
    clock.coming -= 1


@kernel
def schedule_rare(state, time, kind, entity):
    """Enter any other event into the rare calendar."""
    clock = clocks(state, 0)
    _push(rare(state), clock.rare, time, (kind << KIND_BITS) + entity)
    clock.rare += 1


@kernel
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
