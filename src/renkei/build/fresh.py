"""The state of a floor at minute 0: tools idle, timers set, initial WIP queueing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from renkei.build.lower import concerns, first_initial, initial_orders
from renkei.build.names import Index
from renkei.build.qualification import qualified_tools, recipe_rules
from renkei.build.shifts import people_by_shift
from renkei.fab.fab import Fab
from renkei.floor import chance, drive
from renkei.floor import records as r
from renkei.floor.calendar import BUCKETS, ROOM
from renkei.floor.state import Plan, State, measured, rows

PULLED = 1 << 40
"""Releases owed by an order that keeps a WIP level and has no interval."""


def _tools(fab: Fab, plan: Plan, timers_of: list[int], present: Mapping[str, int]) -> Any:
    groups = list(fab.tool_groups.values())
    counts = plan.groups["tools"]
    table = rows(
        int(counts.sum()), r.TOOL, setup=r.NONE, free_at=r.INF, left=r.NONE, active=r.NONE, state=r.OUT, least=r.INF
    )
    for field in (
        "first_in",
        "last_in",
        "idle_next",
        "idle_prev",
        "queue",
        "queue_end",
        "fail_first",
        "fail_last",
        "pm_first",
        "pm_last",
    ):
        table[field] = r.NONE
    table["group"] = np.repeat(np.arange(len(groups)), counts)
    table["number"] = [number for count in counts for number in range(1, count + 1)]
    table["clocks"] = np.repeat(timers_of, counts)
    table["first_clock"] = np.concatenate([[0], np.cumsum(table["clocks"])[:-1]]) if len(table) else 0
    there = np.array([present.get(group.tool_group, group.tools) for group in groups])
    table["state"][table["number"] <= np.repeat(there, counts)] = r.STANDBY
    return table


def _timers(plan: Plan, tools: Any, outages_of: list[list[int]], seed: np.uint64) -> Any:
    table = rows(int(tools["clocks"].sum()), r.TIMER, at=r.INF, next=r.NONE)
    place = 0
    for tool, (group, number) in enumerate(zip(tools["group"], tools["number"], strict=True)):
        for outage in outages_of[group]:
            key = np.uint64(chance.combine(seed, plan.outages["key"][outage]))
            key = np.uint64(chance.combine(key, plan.groups["key"][group]))
            table[place]["tool"] = tool
            table[place]["outage"] = outage
            table[place]["key"] = chance.combine(key, number)
            place += 1
    return table


def _orders(fab: Fab, plan: Plan) -> Any:
    table = rows(len(plan.orders), r.ORDER_STATE, at=r.INF, interval=-1.0)
    for row, order in zip(table, fab.orders, strict=False):
        row["at"] = max(order.start, 0.0)
        row["interval"] = -1.0 if order.interval is None else order.interval
        row["left"] = (1 if order.interval is None else -1) if order.releases is None else order.releases
        row["limit"] = order.wip_limit or 0
        row["wafers"] = order.wafers or fab.wafers_per_lot
        if order.wip_limit and order.interval is None:
            row["owed"] = PULLED if order.releases is None else order.releases
            row["left"] = 0
    for row, line in zip(table[len(fab.orders) :], fab.lots.release_lines, strict=False):
        row["at"] = fab.lots.columns["start"][line.rows[0]]
    return table


def _qualified(fab: Fab, index: Index, plan: Plan, tools: Any) -> Any:
    counts = plan.groups["tools"]
    size = sum(max(int(counts[index.groups[group]]), 1) for group, _ in index.recipes)
    table = rows(size, r.PLACE)
    numbers = np.where(tools["state"] != r.OUT, tools["number"], 0)
    for recipe, group, ordinal, rule in recipe_rules(fab, index):
        first = int(plan.groups["first_tool"][index.groups[group]])
        count = int(counts[index.groups[group]])
        present = [int(number) for number in numbers[first : first + count] if number]
        for number in qualified_tools(rule, ordinal, present):
            table[int(plan.recipes["value"][recipe]) + number]["value"] = 1
    return table


def _lots(count: int) -> Any:
    table = rows(count, r.LOT)
    table["next"] = np.arange(1, count + 1)
    table["next"][-1] = r.NONE
    return table


def _crews(fab: Fab) -> tuple[Any, Any]:
    """Return the crews, and the people of all their shifts."""
    crews = rows(max(len(fab.crews), 1), r.CREW, people=-1)
    for field in ("repair_first", "repair_last", "pm_first", "pm_last", "hold_first", "hold_last"):
        crews[field] = r.NONE
    setters = {group.setup_crew for group in fab.tool_groups.values()}
    people: list[int] = []
    for row, crew in zip(crews, fab.crews.values(), strict=False):
        row["setups"] = crew.crew in setters
        row["first_shift"], row["shifts"], row["shift_minutes"] = len(people), len(crew.shifts), 60 * crew.shift_hours
        on_duty = people_by_shift(crew, crew.average)
        row["people"] = on_duty[0]
        people += on_duty if crew.shifts else []
    return crews, rows(len(people), r.PLACE, value=people)


def _place_wip(fab: Fab, index: Index, plan: Plan, state: State) -> State:
    lines = {line: first_initial(fab) + place for place, line in enumerate(initial_orders(fab))}
    for lot in fab.initial_wip:
        order = lines[lot.product, lot.order or lot.product, lot.reserve]
        step = index.routes[fab.products[lot.product].route] + lot.step - 1
        known = lot.start is not None
        due = r.INF if lot.due is None else lot.due
        wafers = lot.wafers or fab.wafers_per_lot
        state = drive.place(
            plan, state, order, step, lot.start or 0.0, due, index.classes[lot.priority], wafers, int(known)
        )
    return state


def fresh(
    fab: Fab, index: Index, plan: Plan, seed: int, present: Mapping[str, int] | None = None, trace: int = r.UNTRACED
) -> State:
    """Return the floor of a fab at minute 0, in motion, for one seed.

    `present` gives the number of tools that are there from the start in some groups (default: all); the others can join
    later. `trace`: whether steps done are written down (UNTRACED, BY_EVENT or BY_BOOKING of floor.records).
    """
    with np.errstate(over="ignore"):  # kernels run as plain Python wrap around on purpose
        key = np.uint64(chance.mix(np.uint64(seed % 2**64)))  # a compiled kernel hands a plain int back
    outages_of = [
        [n for n, o in enumerate(fab.outages) if concerns(o, g) and g.kind == "tool"] for g in fab.tool_groups.values()
    ]
    with np.errstate(over="ignore"):
        tools = _tools(fab, plan, [len(own) for own in outages_of], present or {})
        timers = _timers(plan, tools, outages_of, key)
    room = 4096
    while room < len(tools) + len(timers) + len(plan.orders) + 1024:
        room *= 2
    setups = rows(len(index.setups) if any(g.min_run for g in fab.tool_groups.values()) else 0, r.SETUP_STATE)
    for (group, _), row in index.setups.items():
        if len(setups):
            setups[row]["group"] = index.groups[group]
    crews, shifts = _crews(fab)
    groups = rows(
        len(fab.tool_groups), r.GROUP_STATE, idle_first=r.NONE, idle_last=r.NONE, reserved_for=r.NONE, kept=r.NONE
    )
    lots = _lots(4096)
    state = State(
        clock=rows(
            1,
            r.CLOCK,
            seed=key,
            free_lots=len(lots),
            tracing=int(trace),
            bucket=-1,
            per_minute=1.0,
        ),
        lots=lots,
        tools=tools,
        rides=rows(len(tools) * r.RIDES, r.RIDE),
        times=rows(len(tools) * r.E10_STATES, r.VALUE),
        groups=groups,
        causes=rows(len(groups) * r.CAUSES, r.VALUE),
        timers=timers,
        orders=_orders(fab, plan),
        lines=rows(len(plan.kinds) * len(index.classes), r.LINE, head=r.NONE, tail=r.NONE),
        steps=rows(len(plan.steps), r.STEP_STATE, first_done=r.INF),
        buckets=rows(BUCKETS, r.PLACE),
        slots=rows(BUCKETS * ROOM, r.EVENT),
        beyond=rows(len(tools) + len(lots), r.EVENT),
        coming=rows(len(tools) + len(lots), r.EVENT),
        rare=rows(room, r.EVENT, time=r.INF),
        marks=rows(len(lots) * int(plan.sizes["marks"][0]), r.VALUE, value=-1.0),
        qualified=_qualified(fab, index, plan, tools),
        setups=setups,
        crews=crews,
        shifts=shifts,
        finished=rows(4096, r.FINISHED),
        trace=rows(4096 if trace else 1, r.TRACE),
        days=rows(512, r.DAY_ROW),
    )
    state = _place_wip(fab, index, plan, measured(state))
    drive.begin(plan, state)
    return state
