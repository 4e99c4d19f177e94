"""The rows of the floor: one record type an entity, i8 ids, f8 minutes, u8 keys. -1 means none; INF means never."""

from __future__ import annotations

from typing import Any

import numpy as np

NONE = -1
INF = np.inf

# Event kinds in the order in which events of one instant happen.
REPAIR_END, PM_END, SLOT_FREE, LOT_END, ARRIVAL, HOLD_END, RELEASE, FAILURE, PM_DUE, WAKE, DAY = range(11)
KIND_BITS = 40
KIND_UNIT = 1 << KIND_BITS

# Tool states. OUT: not in the fleet.
STANDBY, BUSY, UNSCHEDULED, SCHEDULED, OUT = range(5)

# Columns of a tool's E10 time account.
E10 = ("productive", "engineering", "setup", "standby", "scheduled_down", "unscheduled_down", "out")
T_PRODUCTIVE, T_ENGINEERING, T_SETUP, T_STANDBY, T_SCHEDULED, T_UNSCHEDULED, T_OUT = range(7)

PER_LOT, PER_WAFER, PER_BATCH = range(3)
CALENDAR, BUSY_TIME, WAFERS = range(3)
BREAKDOWN, PM = range(2)

# Dispatch criteria; smaller values come first.
PRIORITY, SETUP, FIFO, LIFO, EDD, CR, SPT = range(1, 8)
CRITERIA = {"priority": PRIORITY, "setup": SETUP, "fifo": FIFO, "lifo": LIFO, "edd": EDD, "cr": CR, "spt": SPT}
MAX_CRITERIA = 7

# Why `run` came back.
DONE, GROW_LOTS, GROW_EVENTS, GROW_FINISHED, GROW_TRACE, GROW_DAYS = range(6)


def _row(*fields: tuple[str, str] | tuple[str, str, tuple[int, ...]], lines: int = 0) -> np.dtype:
    """Return a record type; `lines` pads it to so many cache lines of 64 bytes, so that what is used together lies together."""
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


LINE_BYTES = 64

# Rows used millions of times a second begin with the fields of their most common use, a cache line (eight fields) at a time.
STEP = _row(
    ("group", "i8"), ("kind", "i8"), ("lens_from", "i8"), ("plain", "i8"), ("last", "i8"), ("recipe", "i8"), ("setup", "i8"), ("number", "i8"),
    ("process", "f8"), ("spread", "f8"), ("distribution", "i8"), ("per", "i8"), ("wafers", "i8"), ("interval", "f8"), ("interval_per", "i8"), ("closings", "i8"),
    ("lens_to", "i8"), ("sampling", "f8"), ("scrap", "f8"), ("window", "i8"), ("rework", "f8"), ("last_of_setup", "i8"), ("hold", "f8"), ("setup_time", "f8"),
    ("closing", "i8"), ("setup_always", "i8"), ("rework_to", "i8"), ("remaining", "f8"), ("first", "i8"),
    ("hold_floor", "f8"), ("hold_passes", "f8"), ("hold_distribution", "i8"), ("hold_time", "f8"), ("hold_spread", "f8"),
    ("setup_distribution", "i8"), ("setup_spread", "f8"),
    lines=5,
)  # fmt: skip
"""A step of a route. `first`, `last`: rows of its route; `number` is 1-based. `plain` 1: nothing can happen at its end but the next step.
`lens_to`, `lens_from`: mark column where the tool used here is remembered, or found and obeyed. `window`: mark column opened at the end;
`closing`, `closings`: rows of CLOSING closed at the start. `last_of_setup`: setup whose last step on the route this is.
`remaining`: expected load + process + unload from here to the end, minutes."""
SETUP_CHANGE = _row(("value", "f8"), ("spread", "f8"), ("distribution", "i8"))
CLOSING = _row(("mark", "i8"), ("limit", "f8"), ("opener", "i8"))
KIND = _row(("group", "i8"), ("setup", "i8"), ("recipe", "i8"), ("batch_min", "i8"), ("batch_max", "i8"))
GROUP = _row(
    ("key", "u8"), ("first_tool", "i8"), ("tools", "i8"), ("first_kind", "i8"), ("kinds", "i8"), ("delay", "i8"), ("location", "i8"),
    ("load", "f8"), ("unload", "f8"), ("cascade", "i8"), ("batch", "i8"), ("setups", "i8"), ("least_setup", "i8"), ("min_run", "i8"),
    ("lens", "i8"), ("heads", "i8"), ("criteria", "i8", (MAX_CRITERIA,)),
    ("repair_crew", "i8"), ("pm_crew", "i8"), ("hold_crew", "i8"), ("hands_on", "f8"), ("busy_clocks", "i8"), ("wafer_clocks", "i8"),
)  # fmt: skip
ORDER = _row(
    ("key", "u8"), ("first_step", "i8"), ("steps", "i8"), ("kind", "i8"),  # kind 1: engineering time
    ("interval_distribution", "i8"), ("lots_per_release", "i8"), ("due", "f8"), ("class_", "i8"), ("product", "i8"), ("lot_type", "i8"),
    ("planned", "i8"), ("planned_lots", "i8"),  # rows of PLANNED, which then say when, due and wafers
    ("reserve", "i8"),  # 1: super hot lots, for which tools are reserved
)  # fmt: skip
PLANNED = _row(("start", "f8"), ("due", "f8"), ("wafers", "i8"))
OUTAGE = _row(
    ("key", "u8"), ("kind", "i8"), ("clock", "i8"),
    ("interval_distribution", "i8"), ("interval", "f8"), ("interval_spread", "f8"), ("first_distribution", "i8"), ("first", "f8"),
    ("staggered", "i8"), ("duration_distribution", "i8"), ("duration", "f8"), ("spread", "f8"),
)  # fmt: skip
VALUE = _row(("value", "f8"))
PLACE = _row(("value", "i8"))
SIZES = _row(
    ("groups", "i8"), ("orders", "i8"), ("tools", "i8"), ("steps", "i8"), ("crews", "i8"), ("setups", "i8"), ("min_runs", "i8"), ("classes", "i8"),
    ("locations", "i8"), ("marks", "i8"), ("slack", "i8"), ("reserves", "i8"),
)  # fmt: skip
MOVE = _row(("distribution", "i8"), ("time", "f8"), ("spread", "f8"))

CLOCK = _row(
    ("now", "f8"), ("since", "f8"), ("wip", "i8"), ("wip_time", "f8"), ("wip_area", "f8"),
    ("lot_time", "f8"), ("joined", "i8"), ("events", "i8"), ("moves", "i8"), ("hot", "i8"), ("rare", "i8"), ("free_lot", "i8"), ("free_lots", "i8"),
    ("finished", "i8"), ("traced", "i8"), ("tracing", "i8"), ("days", "i8"), ("released", "i8"), ("completed", "i8"), ("scrapped_lots", "i8"),
    ("wafers_in", "i8"), ("wafers_out", "i8"), ("wafers_lost", "i8"), ("wip_wafers", "i8"), ("seed", "u8"),
    ("coming", "i8"), ("bucket", "i8"), ("window", "f8"), ("per_minute", "f8"), ("tool_nodes", "i8"), ("fills", "i8"), ("filled", "i8"), ("skipped", "i8"),
    ("rare_room", "i8"), ("finished_room", "i8"), ("trace_room", "i8"), ("days_room", "i8"),
)  # fmt: skip
LOT = _row(
    ("step", "i8"), ("time", "f8"), ("arrived", "f8"), ("key", "u8"), ("next", "i8"), ("prev", "i8"), ("joined", "i8"), ("tool", "i8"),
    ("wafers", "i8"), ("class_", "i8"), ("visit", "i8"), ("waiting", "i8"), ("engineering", "i8"), ("started", "f8"), ("left", "f8"), ("due", "f8"),
    ("order", "i8"), ("number", "i8"), ("released", "f8"), ("wafers_in", "i8"), ("known", "i8"), ("alive", "i8"),
    lines=3,
)  # fmt: skip
TOOL = _row(
    ("group", "i8"), ("state", "i8"), ("free_at", "f8"), ("since", "f8"), ("setup_until", "f8"), ("inside", "i8"), ("first_in", "i8"), ("last_in", "i8"),
    ("time", "f8", (7,)), ("engineering", "i8"),
    ("idle", "i8"), ("idle_next", "i8"), ("idle_prev", "i8"), ("wanted", "i8"), ("leaving", "i8"), ("queued", "i8"), ("slot2_until", "f8"), ("number", "i8"),
    ("setup", "i8"), ("run", "i8"), ("first_clock", "i8"), ("clocks", "i8"), ("queue", "i8"), ("queue_end", "i8"), ("left", "f8"), ("stopped_at", "f8"),
    ("fail_first", "i8"), ("fail_last", "i8"), ("pm_first", "i8"), ("pm_last", "i8"), ("active", "i8"), ("busy_from", "f8"),
    lines=5,
)  # fmt: skip
GROUP_STATE = _row(
    ("idle_first", "i8"), ("idle_last", "i8"), ("idle", "i8"), ("waiting", "i8"),
    ("queue_time", "f8"), ("queue_area", "f8"), ("starts", "i8"), ("jobs", "i8"), ("visits", "i8"), ("active", "i8"),
    ("reserved_for", "i8"), ("reserved_step", "i8"), ("kept", "i8"),
)  # fmt: skip
"""`reserved_for`: lot for whose `reserved_step` a tool is reserved, NONE: no lot; `kept`: that tool, NONE: none was free yet."""
TIMER = _row(
    ("tool", "i8"), ("outage", "i8"), ("key", "u8"), ("at", "f8"), ("left", "f8"), ("next", "i8"),
    ("duration", "f8"), ("waits", "i8"), ("occurred", "i8"), ("called", "f8"), ("slips", "i8"),
)  # fmt: skip
ORDER_STATE = _row(
    ("at", "f8"), ("interval", "f8"), ("left", "i8"), ("number", "i8"), ("wip", "i8"), ("limit", "i8"), ("owed", "i8"),
    ("wafers", "i8"), ("releases", "i8"),
)  # fmt: skip
LINE = _row(("head", "i8"), ("tail", "i8"), ("lots", "i8"), ("wafers", "i8"))
STEP_STATE = _row(("passes", "i8"), ("first_done", "f8"), ("checked", "i8"), ("violated", "i8"), ("visits", "i8"), ("held", "i8"))
EVENT = _row(("time", "f8"), ("code", "i8"))
NODE = _row(("time", "f8"), ("code", "i8"), ("next", "i8"))
COMING = _row(("time", "f8"), ("code", "i8"), ("node", "i8"))
CREW = _row(
    ("people", "i8"), ("working", "i8"),
    ("repair_first", "i8"), ("repair_last", "i8"), ("pm_first", "i8"), ("pm_last", "i8"), ("hold_first", "i8"), ("hold_last", "i8"),
    ("waited", "f8"), ("jobs", "i8"), ("busy", "f8"),
)  # fmt: skip
SETUP_STATE = _row(("lots_ahead", "i8"), ("group", "i8"))
FINISHED = _row(
    ("order", "i8"), ("number", "i8"), ("released", "f8"), ("finished", "f8"), ("due", "f8"), ("wafers_in", "i8"), ("wafers_out", "i8"), ("known", "i8"),
)  # fmt: skip
TRACE = _row(
    ("order", "i8"), ("number", "i8"), ("step", "i8"), ("visit", "i8"), ("tool", "i8"), ("arrived", "f8"), ("start", "f8"), ("setup", "f8"), ("free", "f8"), ("end", "f8"),
)  # fmt: skip
DAY_ROW = _row(("time", "f8"), ("wip", "i8"), ("wip_wafers", "i8"), ("wip_area", "f8"), ("moves", "i8"), ("released", "i8"), ("completed", "i8"), ("wafers_out", "i8"))

ALL = {
    "steps": STEP, "setup_changes": SETUP_CHANGE, "closings": CLOSING, "kinds": KIND, "groups": GROUP, "orders": ORDER, "planned": PLANNED, "outages": OUTAGE, "moves": MOVE, "sizes": SIZES, "value": VALUE, "place": PLACE,
    "clock": CLOCK, "lots": LOT, "tools": TOOL, "group_states": GROUP_STATE, "timers": TIMER, "order_states": ORDER_STATE, "lines": LINE,
    "step_states": STEP_STATE, "events": EVENT, "nodes": NODE, "coming": COMING, "crews": CREW, "setups": SETUP_STATE, "finished": FINISHED, "trace": TRACE, "days": DAY_ROW,
}  # fmt: skip
