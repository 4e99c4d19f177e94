"""Calendars of events in the order of (time, code); a code is event kind and entity, so events of one instant have a
fixed order.

Failures, PM, releases and days lie in a 4-ary heap. The busy floor's events (slot free, lot end, arrival), some forty a
minute in a large fab, lie in buckets of time: a bucket has a few places side by side, and only the bucket whose turn it
is gets sorted, into the short list `coming`. What a full bucket cannot take is sorted into `coming` ahead of its turn;
what lies behind the last bucket waits `beyond` until the window of buckets moves on. The buckets' width follows the
floor. Each tool and each lot has one event at most, and can take it back.
"""

from __future__ import annotations

from renkei.floor.jit import kernel, small_kernel
from renkei.floor.records import INF, KIND_BITS, KIND_UNIT, SLOT_FREE
from renkei.floor.tables import beyond, buckets, clocks, coming, event, fetch_tool_or_lot, rare, slots

_ENTITY = KIND_UNIT - 1
BUCKETS = 512
ROOM = 16
"""Places of a bucket: four cache lines."""
CROWD = 5.0
"""Events in a bucket, on the average, that the buckets' width aims at; it changes where there are twice or half as
many."""


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
def _bucket_of(clock, time):
    """Return the bucket of a time: below 0 it is due before the window, BUCKETS if it lies beyond."""
    place = (time - clock.window) * clock.per_minute
    if place < 0.0:
        return -1
    return int(place) if place < BUCKETS else BUCKETS


@small_kernel
def _insert(state, time, code):
    """Put an event among the coming ones, which lie in falling order of (time, code)."""
    clock = clocks(state, 0)
    place = clock.coming
    while place > 0:
        before = coming(state, place - 1)
        if before.time > time or (before.time == time and before.code > code):
            break
        row = coming(state, place)
        row.time = before.time
        row.code = before.code
        place -= 1
    row = coming(state, place)
    row.time = time
    row.code = code
    clock.coming += 1


@kernel
def _spill(state, time, code):
    """Put an event whose bucket is full among the coming ones, ahead of its turn."""
    _insert(state, time, code)
    clocks(state, 0).spilled += 1


@small_kernel
def _file(state, time, code):
    """Put an event where its time belongs: among the coming ones, into a bucket, or beyond the window."""
    clock = clocks(state, 0)
    bucket = _bucket_of(clock, time)
    if bucket <= clock.bucket:
        _insert(state, time, code)
        return
    if bucket == BUCKETS:
        row = beyond(state, clock.beyond)
        row.time = time
        row.code = code
        clock.beyond += 1
        return
    count = buckets(state, bucket)
    if count.value == ROOM:
        _spill(state, time, code)
        return
    row = slots(state, ROOM * bucket + count.value)
    row.time = time
    row.code = code
    count.value += 1


@kernel
def _begin_window(state, start):
    """Begin a window at minute `start`: all events lie beyond; those of the window are filed into its buckets."""
    clock = clocks(state, 0)
    clock.window = start
    clock.bucket = -1
    events = clock.beyond
    clock.beyond = 0
    for place in range(events):
        row = beyond(state, place)
        _file(state, row.time, row.code)


@kernel
def _set_aside(state, time, code):
    clock = clocks(state, 0)
    row = beyond(state, clock.beyond)
    row.time = time
    row.code = code
    clock.beyond += 1


@kernel
def _refile_all(state, per_minute):
    """Begin a new window now, with buckets of another width."""
    clock = clocks(state, 0)
    for place in range(clock.coming):
        row = coming(state, place)
        _set_aside(state, row.time, row.code)
    clock.coming = 0
    clock.spilled = 0
    for bucket in range(clock.bucket + 1, BUCKETS):
        count = buckets(state, bucket)
        for place in range(ROOM * bucket, ROOM * bucket + count.value):
            _set_aside(state, slots(state, place).time, slots(state, place).code)
        count.value = 0
    clock.per_minute = per_minute
    _begin_window(state, clock.now)


@kernel
def _next_window(state):
    """All buckets are empty: begin the window at the earliest event beyond."""
    clock = clocks(state, 0)
    start = INF
    for place in range(clock.beyond):
        start = min(start, beyond(state, place).time)
    clock.skipped += BUCKETS - clock.bucket
    _begin_window(state, start)


@small_kernel
def _turn(state, bucket):
    """It is a bucket's turn: its events are sorted into the coming ones; those of it that had spilled are there."""
    clock = clocks(state, 0)
    clock.bucket = bucket
    while clock.spilled > 0 and _bucket_of(clock, coming(state, clock.spilled - 1).time) <= bucket:
        clock.spilled -= 1
    count = buckets(state, bucket)
    for place in range(ROOM * bucket, ROOM * bucket + count.value):
        row = slots(state, place)
        _insert(state, row.time, row.code)
        fetch_tool_or_lot(state, row.code >> KIND_BITS == SLOT_FREE, row.code & _ENTITY)
    count.value = 0


@small_kernel
def _next_bucket(state):
    """Return the next bucket that holds an event, or has had one spilled; BUCKETS if there is none."""
    clock = clocks(state, 0)
    last = BUCKETS
    if clock.spilled > 0:
        last = _bucket_of(clock, coming(state, clock.spilled - 1).time)
    bucket = clock.bucket + 1
    while bucket < last and buckets(state, bucket).value == 0:
        bucket += 1
    return bucket


@kernel
def _fit_width(state):
    """Give the buckets another width if they were too full or too empty of late."""
    clock = clocks(state, 0)
    crowd = clock.filled / (clock.fills + clock.skipped)
    clock.fills = 0
    clock.filled = 0
    clock.skipped = 0
    if crowd > 2.0 * CROWD or crowd < 0.5 * CROWD:
        _refile_all(state, clock.per_minute * min(max(crowd, 0.25), 64.0) / CROWD)


@kernel
def prepare(state):
    """Make sure that the earliest event of the busy floor, if there is one, is the last of the coming ones."""
    clock = clocks(state, 0)
    while clock.coming == clock.spilled and clock.hot > 0:
        if clock.fills >= 64:
            _fit_width(state)
        bucket = _next_bucket(state)
        if bucket == BUCKETS:
            _next_window(state)
            continue
        clock.skipped += bucket - clock.bucket - 1
        _turn(state, bucket)
        clock.fills += 1
        clock.filled += clock.coming - clock.spilled


@small_kernel
def schedule(state, time, kind, entity):
    """Enter an event of the busy floor (slot free, lot end, arrival); the tool or lot must have none."""
    clocks(state, 0).hot += 1
    _file(state, time, (kind << KIND_BITS) + entity)


@kernel
def _withdraw_coming(state, code):
    """Take an event out of the coming ones, where it is."""
    clock = clocks(state, 0)
    place = 0
    while coming(state, place).code != code:
        place += 1
    if place < clock.spilled:
        clock.spilled -= 1
    clock.coming -= 1
    for later in range(place, clock.coming):
        here = coming(state, later)
        there = coming(state, later + 1)
        here.time = there.time
        here.code = there.code


@kernel
def cancel(state, time, kind, entity):
    """Take back the event of a tool or lot, which must have one at that time."""
    clock = clocks(state, 0)
    code = (kind << KIND_BITS) + entity
    clock.hot -= 1
    bucket = _bucket_of(clock, time)
    if bucket == BUCKETS:
        place = 0
        while beyond(state, place).code != code:
            place += 1
        clock.beyond -= 1
        beyond(state, place).time = beyond(state, clock.beyond).time
        beyond(state, place).code = beyond(state, clock.beyond).code
        return
    if bucket > clock.bucket:
        count = buckets(state, bucket)
        last = ROOM * bucket + count.value - 1
        for place in range(ROOM * bucket, last + 1):
            if slots(state, place).code == code:
                slots(state, place).time = slots(state, last).time
                slots(state, place).code = slots(state, last).code
                count.value -= 1
                return
    _withdraw_coming(state, code)


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
    clock.narrow = 1


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
