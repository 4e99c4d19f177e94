"""Driving the kernels from Python: put lots in, let the floor run, change it, enlarge tables when they fill up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from renkei.floor import account, changes
from renkei.floor import run as loop
from renkei.floor.calendar import schedule
from renkei.floor.jit import kernel
from renkei.floor.records import ARRIVAL, DONE, GROW_EVENTS, GROW_LOTS, INF
from renkei.floor.releases import enter
from renkei.floor.state import Plan, State, enlarge
from renkei.floor.tables import address, clocks, handle, lots


@kernel
def _place(plan, state, order, step, released, due, class_, wafers, known):
    lot = enter(plan, state, order, step, released, due, class_, wafers, known)
    lots(state, lot).time = INF
    schedule(state, clocks(state, 0).now, ARRIVAL, lot)


def _call(function: Callable[..., Any], plan: Plan, state: State, *values: Any) -> Any:
    """Call a kernel with a plan and a state; the tables live as long as the call."""
    handles = handle(plan), handle(state)
    with np.errstate(over="ignore"):
        return function(address(handles[0]), address(handles[1]), *values)


def place(
    plan: Plan, state: State, order: int, step: int, released: float, due: float, class_: int, wafers: int, known: int
) -> State:
    """Put a lot into the queue of a step now; returns the (perhaps enlarged) state."""
    while state.clock[0]["free_lots"] < plan.sizes[0]["slack"]:
        state = enlarge(state, GROW_LOTS)
    state = _roomy(plan, state)
    _call(_place, plan, state, order, step, float(released), float(due), class_, wafers, known)
    return state


def _roomy(plan: Plan, state: State) -> State:
    """Return the state with room in its calendars for one change of any tool group."""
    clock = state.clock[0]
    need = plan.sizes[0]["slack"] + len(state.tools) + len(state.timers)
    while clock["rare"] + need > clock["rare_room"]:
        state = enlarge(state, GROW_EVENTS)
    return state


def begin(plan: Plan, state: State) -> None:
    """Set a fresh floor in motion at minute 0."""
    _call(loop.begin, plan, state)


def advance(plan: Plan, state: State, until: float) -> State:
    """Run the floor through all events up to and including minute `until`; returns the (perhaps enlarged) state."""
    while True:
        reason = _call(loop.run, plan, state, float(until))
        if reason == DONE:
            return state
        state = enlarge(state, reason)


def begin_window(plan: Plan, state: State) -> None:
    """Forget the statistics so far: the warm-up ends now."""
    _call(account.begin_window, plan, state)


def add_tool(plan: Plan, state: State, tool: int) -> State:
    """A tool joins the fleet now; returns the (perhaps enlarged) state."""
    state = _roomy(plan, state)
    _call(changes.add_tool, plan, state, tool)
    return state


def remove_tool(plan: Plan, state: State, tool: int) -> State:
    """A tool leaves the fleet as soon as it is up and empty; returns the (perhaps enlarged) state."""
    state = _roomy(plan, state)
    _call(changes.remove_tool, plan, state, tool)
    return state


def wake_group(plan: Plan, state: State, group: int) -> State:
    """Let the idle tools of a group look at the queue again; returns the (perhaps enlarged) state."""
    state = _roomy(plan, state)
    _call(changes.wake_group, plan, state, group)
    return state


def set_people(plan: Plan, state: State, crew: int, people: int) -> State:
    """Change the number of people of a crew (negative: no limit); returns the (perhaps enlarged) state."""
    state = _roomy(plan, state)
    _call(changes.set_people, plan, state, crew, people)
    return state


def set_release(plan: Plan, state: State, order: int, first: float, interval: float, lots: int) -> State:
    """Plan an order's releases anew; returns the (perhaps enlarged) state."""
    state = _roomy(plan, state)
    _call(changes.set_release, plan, state, order, float(first), float(interval), lots)
    return state


def set_limit(plan: Plan, state: State, order: int, limit: int) -> State:
    """Change an order's WIP limit; returns the (perhaps enlarged) state."""
    state = _roomy(plan, state)
    _call(changes.set_limit, plan, state, order, limit)
    return state
