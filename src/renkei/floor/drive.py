"""Driving the kernels from Python: put lots in, let the floor run, change it, enlarge tables when they fill up."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from renkei.floor import account, changes
from renkei.floor import run as loop
from renkei.floor.calendar import schedule
from renkei.floor.jit import kernel
from renkei.floor.records import ARRIVAL, DONE, GROW_LOTS
from renkei.floor.state import Plan, State, enlarge
from renkei.floor.steps import enter
from renkei.floor.tables import address, clocks, handle, lots


@kernel
def _place(plan, state, order, step, released, due, class_, wafers, known):
    lot = enter(plan, state, order, step, released, due, class_, wafers, known)
    lots(state, lot).time = clocks(state, 0).now
    schedule(state, clocks(state, 0).now, ARRIVAL, lot)


def _call(function: Callable[..., Any], plan: Plan, state: State, *values: Any) -> Any:
    """Call a kernel with a plan and a state; the tables live as long as the call."""
    handles = handle(plan), handle(state)
    with np.errstate(over="ignore"):
        return function(address(handles[0]), address(handles[1]), *values)


def place(plan: Plan, state: State, order: int, step: int, released: float, due: float, class_: int, wafers: int, known: int) -> State:
    """Put a lot into the queue of a step now; returns the (perhaps enlarged) state."""
    if state.clock[0]["free_lots"] < loop.SLACK:
        state = enlarge(state, GROW_LOTS)
    _call(_place, plan, state, order, step, float(released), float(due), class_, wafers, known)
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


def add_tool(plan: Plan, state: State, tool: int) -> None:
    """A tool joins the fleet now."""
    _call(changes.add_tool, plan, state, tool)


def remove_tool(plan: Plan, state: State, tool: int) -> None:
    """A tool leaves the fleet as soon as it is up and empty."""
    _call(changes.remove_tool, plan, state, tool)


def wake_group(plan: Plan, state: State, group: int) -> None:
    """Let the idle tools of a group look at the queue again."""
    _call(changes.wake_group, plan, state, group)


def set_people(plan: Plan, state: State, crew: int, people: int) -> None:
    """Change the number of people of a crew (negative: no limit)."""
    _call(changes.set_people, plan, state, crew, people)


def set_release(plan: Plan, state: State, order: int, first: float, interval: float, lots: int) -> None:
    """Plan an order's releases anew."""
    _call(changes.set_release, plan, state, order, float(first), float(interval), lots)
