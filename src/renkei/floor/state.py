"""Plan (what is declared, read-only) and State (what moves): two NamedTuples of record arrays."""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np

from renkei.floor import records as r


class Plan(NamedTuple):
    """A fab lowered to arrays; every array is read-only. Shapes in brackets."""

    steps: Any
    """All routes one after another [steps] of STEP."""
    closings: Any
    """Queue-time windows by the step that closes them [windows] of CLOSING."""
    kinds: Any
    """Sorts of waiting lots that one tool sees alike [kinds] of KIND."""
    groups: Any
    """[groups] of GROUP."""
    criteria: Any
    """Dispatch rules of the groups one after another, each closed by code 0, [criteria] of CRITERION."""
    orders: Any
    """Release lines, those of the initial WIP included [orders] of ORDER."""
    planned: Any
    """Lots with starts of their own: those of each release line by start [planned lots] of PLANNED."""
    outages: Any
    """[outages] of OUTAGE."""
    setup_times: Any
    """Minutes from a setup (0: none yet) to a setup [(setups + 1) × setups] of SETUP_CHANGE, `value` the mean."""
    moves: Any
    """Transport between locations [locations × locations] of MOVE."""
    recipes: Any
    """Where a recipe's tools start in `State.qualified`, less one [recipes] of PLACE."""
    sizes: Any
    """The numbers of rows, one row of SIZES."""
    terms: Any
    """Weighted sums of criteria one after another, each closed by code 0, [terms] of TERM."""


class State(NamedTuple):
    """Everything that moves. Arrays may be replaced by larger copies between two calls of `run`."""

    clock: Any
    """The time and all counters, one row of CLOCK."""
    lots: Any
    tools: Any
    rides: Any
    """Lots that ride through the tools [tools × RIDES] of RIDE."""
    times: Any
    """Minutes by tool and E10 state [tools × 7] of VALUE."""
    groups: Any
    causes: Any
    """Lots found waiting by group and cause, summed over the looks of the window [groups × CAUSES] of VALUE."""
    timers: Any
    """One clock per tool and outage [timers] of TIMER."""
    orders: Any
    lines: Any
    """Waiting lots by kind and priority class [kinds × classes] of LINE."""
    steps: Any
    buckets: Any
    """How many events each bucket of the calendar holds [BUCKETS] of PLACE."""
    slots: Any
    """The buckets' events, unsorted [BUCKETS × ROOM] of EVENT."""
    beyond: Any
    """Events behind the last bucket, unsorted [tools + lots] of EVENT."""
    coming: Any
    """The bucket that is due, latest first [tools + lots] of EVENT."""
    rare: Any
    """Calendar of failures, PM, releases and days: a 4-ary heap of EVENT."""
    marks: Any
    """Per lot: open queue-time windows and tools to obey [lots × marks] of VALUE, -1 none."""
    qualified: Any
    """1 where a tool may run a recipe, PLACE, row `recipes[recipe] + tool number`."""
    setups: Any
    crews: Any
    shifts: Any
    """People on duty by shift, those of each crew one after another [shifts] of PLACE."""
    finished: Any
    """Lots that left the fab since the window began, FINISHED."""
    trace: Any
    days: Any


def rows(count: int, dtype: np.dtype, **values: Any) -> Any:
    """Return `count` zeroed rows as a record array, the named fields set."""
    table = _zeros(count, dtype)
    for field, value in values.items():
        table[field] = value
    return table.view(np.recarray)


def _zeros(count: int, dtype: np.dtype) -> Any:
    """Return zeroed rows that begin at a cache line."""
    room = np.zeros(count * dtype.itemsize + r.LINE_BYTES, np.uint8)
    start = -room.ctypes.data % r.LINE_BYTES
    return room[start : start + count * dtype.itemsize].view(dtype)


def frozen(array: Any) -> Any:
    """Return the array marked read-only, so that Numba sees one type whatever its origin."""
    array.flags.writeable = False
    return array


def grown(array: Any, count: int) -> Any:
    """Return a copy with at least `count` rows, the new ones zero."""
    table = _zeros(max(count, 2 * len(array)), array.dtype)
    table[: len(array)] = array
    return table.view(np.recarray)


def _more_lots(state: State) -> State:
    old = len(state.lots)
    lots = grown(state.lots, 2 * old)
    per_lot = len(state.marks) // old
    marks = rows(len(lots) * per_lot, r.VALUE, value=-1.0)
    marks[: old * per_lot] = state.marks
    clock = state.clock[0]
    lots["next"][old:] = np.arange(old + 1, len(lots) + 1)
    lots["next"][-1] = clock["free_lot"]
    clock["free_lot"] = old
    clock["free_lots"] += len(lots) - old
    more = len(state.tools) + len(lots)
    return measured(
        state._replace(lots=lots, marks=marks, beyond=grown(state.beyond, more), coming=grown(state.coming, more))
    )


def _more_events(heap: Any) -> Any:
    more = grown(heap, 2 * len(heap))
    more["time"][len(heap) :] = np.inf
    return more


def measured(state: State) -> State:
    """Write the room of the growing tables into the clock, where the kernels look it up; returns the same state."""
    clock = state.clock[0]
    for field in ("lots", "rare", "finished", "trace", "days"):
        clock[f"{field}_room"] = len(getattr(state, field))
    return state


def enlarge(state: State, reason: int) -> State:
    """Return the state with more room where `run` said that it lacks it (a GROW_… code)."""
    if reason == r.GROW_LOTS:
        return _more_lots(state)
    if reason == r.GROW_EVENTS:
        state = state._replace(rare=_more_events(state.rare))
    elif reason == r.GROW_FINISHED:
        state = state._replace(finished=grown(state.finished, 2 * len(state.finished)))
    elif reason == r.GROW_TRACE:
        state = state._replace(trace=grown(state.trace, 2 * len(state.trace)))
    else:
        state = state._replace(days=grown(state.days, 2 * len(state.days)))
    return measured(state)


def _copied(table: Any) -> Any:
    copy = rows(len(table), table.dtype)
    copy[:] = table
    return copy


def copied(state: State) -> State:
    """Return an independent copy of a state: a snapshot to go on from later."""
    return State(*(_copied(table) for table in state))
