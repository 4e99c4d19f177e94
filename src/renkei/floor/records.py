"""The rows of the floor: one record type an entity, f8 minutes, u8 keys. -1 means none; INF means never."""

from __future__ import annotations

import os
from typing import Any

import numpy as np

NONE = -1
INF = np.inf

# Event kinds in the order in which events of one instant happen.
(
    REPAIR_END, PM_END, SETUP_END, SHIFT, SLOT_FREE, LOT_END, ARRIVAL, HOLD_END, RELEASE, FAILURE, PM_DUE, CLOSE, SETTERS, WAKE,
    DAY, LOOK_AROUND,
) = range(16)  # fmt: skip
KIND_BITS = 40
KIND_UNIT = 1 << KIND_BITS

# Tool states. OUT: not in the fleet.
STANDBY, BUSY, UNSCHEDULED, SCHEDULED, OUT = range(5)

# Columns of a tool's E10 time account.
E10 = ("productive", "engineering", "setup", "standby", "scheduled_down", "unscheduled_down", "out")
E10_STATES = len(E10)
T_PRODUCTIVE, T_ENGINEERING, T_SETUP, T_STANDBY, T_SCHEDULED, T_UNSCHEDULED, T_OUT = range(7)

PER_LOT, PER_WAFER, PER_BATCH = range(3)
CALENDAR, BUSY_TIME, WAFERS = range(3)
BREAKDOWN, PM = range(2)

# Dispatch criteria; smaller values come first. ARRIVED is fifo within a sum.
PRIORITY, SETUP, FIFO, LIFO, EDD, CR, SPT, ODD, SLACK, SRPT, CQT, FSVCT, FSMCT, FBFS, LBFS, RANDOM, ARRIVED = range(
    1, 18
)
CRITERIA = {
    "priority": PRIORITY, "setup": SETUP, "fifo": FIFO, "lifo": LIFO, "edd": EDD, "cr": CR, "spt": SPT, "odd": ODD, "slack": SLACK, "srpt": SRPT, "cqt": CQT,
    "fsvct": FSVCT, "fsmct": FSMCT, "fbfs": FBFS, "lbfs": LBFS, "random": RANDOM,
}  # fmt: skip
SUMS = 64
"""Codes from here on are weighted sums: SUMS + the first row of its terms in TERM."""
FLOW_FACTOR = 2.0
"""Remaining cycle time that fluctuation smoothing expects, as a multiple of remaining work."""

# Where a lot is, as far as its links go. A riding lot is inside a cascading tool (or a delay) with nothing left to decide: its next event is its arrival at the
# step after. Once it has left the tool it is on its way, and COUNTED when that step's end has been booked before the arrival.
NOWHERE, IN_LINE, AT_TOOL, RIDING, COUNTED, MOVING, HELD = range(7)
RIDES = 3
"""Places for riding lots of a tool."""

# Whether lot-steps are written down: not at all; in the order of their ends, each of which is an event then; or when they are booked, riding lots too.
UNTRACED, BY_EVENT, BY_BOOKING = range(3)

# Why a lot waits, columns of State.causes.
WAITS = ("busy", "setup", "breakdown", "maintenance", "no_crew", "no_tool", "batch", "min_run", "transport", "hold")
CAUSES = len(WAITS)
W_BUSY, W_SETUP, W_BREAKDOWN, W_MAINTENANCE, W_NO_CREW, W_NO_TOOL, W_BATCH, W_MIN_RUN, W_TRANSPORT, W_HOLD = range(10)

# Why `run` came back.
DONE, GROW_LOTS, GROW_EVENTS, GROW_FINISHED, GROW_TRACE, GROW_DAYS = range(6)


LINE_BYTES = 64
WIDE = os.environ.get("NUMBA_DISABLE_JIT", "0") not in ("", "0")
"""Kernels run as plain Python calculate in the width of the fields they read, so all whole numbers get eight bytes."""


def _row(*fields: tuple[str, str], lines: int = 0) -> np.dtype:
    """Return a record type; `lines` pads it to so many cache lines of 64 bytes, so that what is used together lies together."""
    if WIDE:
        return np.dtype([(name, "i8" if kind[0] == "i" else kind) for name, kind in fields], align=True)
    kind: Any = np.dtype(list(fields), align=True)
    if lines == 0:
        return kind
    if kind.itemsize > LINE_BYTES * lines:
        raise ValueError(f"{kind.itemsize} bytes do not fit into {lines} cache lines")
    return np.dtype(
        {
            "names": kind.names,
            "formats": [kind[name] for name in kind.names],
            "offsets": [kind.fields[name][1] for name in kind.names],
            "itemsize": LINE_BYTES * lines,
        },
        align=True,
    )


# Ids take four bytes, flags one, what may grow with the length of a run eight: the rows that a large fab uses all the time then fit into a processor's own cache.
# Rows used millions of times a second begin with the fields of their most common use, and each line of text is a part of one cache line.
STEP = _row(
    ("group", "i4"), ("kind", "i4"), ("recipe", "i4"), ("setup", "i4"), ("number", "i4"), ("last", "i4"), ("process", "f8"), ("spread", "f8"), ("interval", "f8"),
    ("plain", "i1"), ("rides", "i1"), ("distribution", "i1"), ("per", "i1"), ("interval_per", "i1"), ("setup_always", "i1"), ("closings", "i2"), ("wafers", "i2"), ("lens_from", "i2"), ("lens_to", "i2"), ("last_of_setup", "i4"),
    ("sampling", "f8"), ("scrap", "f8"), ("rework", "f8"), ("hold", "f8"), ("setup_time", "f8"), ("window", "i4"), ("closing", "i4"), ("rework_to", "i4"), ("first", "i4"), ("remaining", "f8"),
    ("hold_floor", "f8"), ("hold_passes", "f8"), ("hold_time", "f8"), ("hold_spread", "f8"), ("hold_distribution", "i1"), ("setup_distribution", "i1"), ("setup_spread", "f8"),
    lines=3,
)  # fmt: skip
"""A step of a route. `first`, `last`: rows of its route; `number` is 1-based. `plain` 1: nothing can happen at its end but the next step.
`rides` 1: nothing can happen at its end that a lot could not learn when it gets to the step after.
`lens_to`, `lens_from`: mark column where the tool used here is remembered, or found and obeyed. `window`: mark column opened at the end;
`closing`, `closings`: rows of CLOSING closed at the start; those of later steps of the route follow. `last_of_setup`: setup whose last step on the route this is.
`remaining`: expected load + process + unload from here to the end, minutes."""
SETUP_CHANGE = _row(("value", "f8"), ("spread", "f8"), ("distribution", "i8"))
CLOSING = _row(("mark", "i4"), ("opener", "i4"), ("limit", "f8"))
KIND = _row(("group", "i4"), ("setup", "i4"), ("recipe", "i4"), ("batch_min", "i4"), ("batch_max", "i4"))
GROUP = _row(
    ("first_tool", "i4"), ("tools", "i4"), ("first_kind", "i4"), ("kinds", "i4"), ("location", "i4"), ("criteria", "i4"), ("load", "f8"), ("unload", "f8"), ("min_run", "i4"),
    ("delay", "i1"), ("cascade", "i1"), ("batch", "i1"), ("setups", "i1"), ("least_setup", "i1"), ("lens", "i1"), ("heads", "i1"), ("by_class", "i1"), ("busy_clocks", "i1"), ("single", "i1"),
    ("key", "u8"), ("repair_crew", "i4"), ("pm_crew", "i4"), ("hold_crew", "i4"), ("setup_crew", "i4"), ("hands_on", "f8"),
    lines=2,
)  # fmt: skip
"""`criteria`: first row of its rule in CRITERION; `heads` 1: the rule's first lot is the head of some line; `by_class` 1: it begins with the priority.
`single` 1: all lots look alike to all tools, and the head of the first line that has one is taken."""
CRITERION = _row(("code", "i4"))
TERM = _row(("weight", "f8"), ("code", "i8"))
ORDER = _row(
    ("key", "u8"), ("first_step", "i4"), ("steps", "i4"), ("kind", "i4"),  # kind 1: engineering time
    ("interval_distribution", "i4"), ("lots_per_release", "i4"), ("class_", "i4"), ("product", "i4"), ("lot_type", "i4"), ("due", "f8"), ("start", "f8"), ("pace", "f8"),
    ("planned", "i4"), ("planned_lots", "i4"), ("reserve", "i4"),
)  # fmt: skip
"""`start`, `pace`: first release and mean minutes between two lots (-1: released without an interval). `planned`, `planned_lots`: rows of PLANNED, which
then say when, due and wafers. `reserve` 1: super hot lots, for which tools are reserved."""
PLANNED = _row(("start", "f8"), ("due", "f8"), ("wafers", "i8"))
OUTAGE = _row(
    ("key", "u8"), ("kind", "i4"), ("clock", "i4"),
    ("interval_distribution", "i4"), ("first_distribution", "i4"), ("interval", "f8"), ("interval_spread", "f8"), ("first", "f8"),
    ("staggered", "i4"), ("duration_distribution", "i4"), ("duration", "f8"), ("spread", "f8"),
)  # fmt: skip
VALUE = _row(("value", "f8"))
PLACE = _row(("value", "i4"))
SIZES = _row(
    ("groups", "i8"), ("orders", "i8"), ("tools", "i8"), ("steps", "i8"), ("crews", "i8"), ("setups", "i8"), ("min_runs", "i8"), ("classes", "i8"),
    ("locations", "i8"), ("marks", "i8"), ("slack", "i8"), ("reserves", "i8"),
)  # fmt: skip
MOVE = _row(("distribution", "i8"), ("time", "f8"), ("spread", "f8"))

CLOCK = _row(
    ("now", "f8"), ("events", "i8"), ("hot", "i8"), ("rare", "i8"), ("coming", "i8"), ("bucket", "i8"), ("window", "f8"), ("per_minute", "f8"),
    ("moves", "i8"), ("joined", "i8"), ("spilled", "i8"), ("beyond", "i8"), ("tracing", "i8"), ("free_lots", "i8"), ("rare_room", "i8"), ("finished", "i8"), ("finished_room", "i8"),
    ("since", "f8"), ("wip", "i8"), ("wip_time", "f8"), ("wip_area", "f8"), ("lot_time", "f8"), ("free_lot", "i8"),
    ("traced", "i8"), ("trace_room", "i8"), ("days", "i8"), ("days_room", "i8"), ("released", "i8"), ("completed", "i8"), ("scrapped_lots", "i8"),
    ("wafers_in", "i8"), ("wafers_out", "i8"), ("wafers_lost", "i8"), ("wip_wafers", "i8"), ("seed", "u8"), ("fills", "i8"), ("filled", "i8"), ("skipped", "i8"), ("lots_room", "i8"), ("riding", "i8"), ("looks", "i8"), ("narrow", "i8"),
    lines=6,
)  # fmt: skip
LOT = _row(
    ("step", "i4"), ("tool", "i4"), ("next", "i4"), ("prev", "i4"), ("time", "f8"), ("arrived", "f8"), ("started", "f8"), ("key", "u8"), ("joined", "i8"), ("wafers", "i2"), ("class_", "i2"), ("visit", "i2"), ("waiting", "i1"), ("engineering", "i1"),
    ("left", "f8"), ("due", "f8"), ("released", "f8"), ("order", "i4"), ("number", "i4"), ("wafers_in", "i2"), ("known", "i1"), ("alive", "i1"), ("began", "f8"),
    lines=2,
)  # fmt: skip
TOOL = _row(
    ("group", "i4"), ("state", "i1"), ("idle", "i1"), ("engineering", "i1"), ("leaving", "i1"), ("free_at", "f8"), ("since", "f8"), ("setup_until", "f8"), ("inside", "i4"), ("first_in", "i4"), ("last_in", "i4"), ("setup", "i4"), ("idle_next", "i4"), ("idle_prev", "i4"), ("wanted", "i4"), ("queued", "i4"),
    ("slot2_until", "f8"), ("number", "i4"), ("run", "i4"), ("first_clock", "i4"), ("clocks", "i4"), ("queue", "i4"), ("queue_end", "i4"), ("left", "f8"), ("stopped_at", "f8"), ("active", "i4"), ("pm_first", "i4"), ("pm_last", "i4"),
    ("fail_first", "i4"), ("fail_last", "i4"), ("busy_from", "f8"), ("empty_at", "f8"), ("counted", "f8"), ("least", "f8"), ("setter", "i1"),
    lines=3,
)  # fmt: skip
"""`counted`: wafers that are not yet taken off the timers that go by wafers; `least`: what is `left` of the one that is due first, before that.
`setter` 1: one of the setup crew is at work on it."""
RIDE = _row(("end", "f8"), ("lot", "i4"))
"""A lot inside a tool until minute `end`; past ends are free places."""
GROUP_STATE = _row(
    ("idle_first", "i4"), ("idle_last", "i4"), ("idle", "i4"), ("waiting", "i4"), ("queue_time", "f8"), ("queue_area", "f8"), ("starts", "i8"), ("jobs", "i8"), ("visits", "i8"), ("active", "i4"),
    ("reserved_for", "i4"), ("reserved_step", "i4"), ("kept", "i4"),
    lines=2,
)  # fmt: skip
"""`reserved_for`: lot for whose `reserved_step` a tool is reserved, NONE: no lot; `kept`: that tool, NONE: none was free yet."""
TIMER = _row(
    ("at", "f8"), ("tool", "i4"), ("outage", "i4"), ("key", "u8"), ("left", "f8"), ("duration", "f8"), ("called", "f8"), ("next", "i4"), ("occurred", "i4"), ("waits", "i4"), ("slips", "i4"),
    lines=1,
)  # fmt: skip
ORDER_STATE = _row(
    ("at", "f8"), ("interval", "f8"), ("left", "i8"), ("number", "i8"), ("wip", "i8"), ("limit", "i8"), ("owed", "i8"),
    ("wafers", "i8"), ("releases", "i8"),
)  # fmt: skip
LINE = _row(("head", "i4"), ("tail", "i4"), ("lots", "i4"), ("wafers", "i4"))
STEP_STATE = _row(
    ("passes", "i8"), ("visits", "i8"), ("first_done", "f8"), ("checked", "i8"), ("violated", "i8"), ("held", "i8")
)
EVENT = _row(("time", "f8"), ("code", "i8"))
CREW = _row(
    ("people", "i8"), ("working", "i8"),
    ("repair_first", "i8"), ("repair_last", "i8"), ("pm_first", "i8"), ("pm_last", "i8"), ("hold_first", "i8"), ("hold_last", "i8"),
    ("waited", "f8"), ("jobs", "i8"), ("busy", "f8"),
    ("setups", "i8"), ("first_shift", "i8"), ("shifts", "i8"), ("shift", "i8"), ("shift_minutes", "f8"),
)  # fmt: skip
"""`setups` 1: it sets tools up. `first_shift`, `shifts`: rows of State.shifts; `shift`: which of them it is now. 0 shifts: the same people at all hours."""
SETUP_STATE = _row(("lots_ahead", "i8"), ("group", "i8"))
FINISHED = _row(
    ("released", "f8"), ("finished", "f8"), ("due", "f8"), ("order", "i4"), ("number", "i4"), ("wafers_in", "i4"), ("wafers_out", "i4"), ("known", "i4"),
)  # fmt: skip
TRACE = _row(
    ("order", "i4"), ("number", "i4"), ("step", "i4"), ("tool", "i4"), ("visit", "i4"), ("arrived", "f8"), ("start", "f8"), ("end", "f8"),
)  # fmt: skip
DAY_ROW = _row(
    ("time", "f8"),
    ("wip", "i8"),
    ("wip_wafers", "i8"),
    ("wip_area", "f8"),
    ("moves", "i8"),
    ("released", "i8"),
    ("completed", "i8"),
    ("wafers_out", "i8"),
)

ALL = {
    "steps": STEP, "setup_changes": SETUP_CHANGE, "closings": CLOSING, "kinds": KIND, "groups": GROUP, "orders": ORDER, "planned": PLANNED, "outages": OUTAGE, "moves": MOVE, "criteria": CRITERION, "terms": TERM, "sizes": SIZES, "value": VALUE, "place": PLACE,
    "clock": CLOCK, "lots": LOT, "tools": TOOL, "rides": RIDE, "group_states": GROUP_STATE, "timers": TIMER, "order_states": ORDER_STATE, "lines": LINE,
    "step_states": STEP_STATE, "events": EVENT, "crews": CREW, "setups": SETUP_STATE, "finished": FINISHED, "trace": TRACE, "days": DAY_ROW,
}  # fmt: skip
