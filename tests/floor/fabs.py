"""Small fabs made in few words, and the floor run on them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np
from numpy.typing import NDArray

from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.fab.fab import Fab
from renkei.fab.outages import Outage, Transport
from renkei.fab.planned import PlannedLots
from renkei.fab.products import InitialLot, Order, PlannedLot, Product
from renkei.fab.routes import Step
from renkei.fab.rules import check
from renkei.fab.tools import Crew, Qualification, SetupChange, ToolGroup
from renkei.floor import drive
from renkei.floor.records import (
    BUSY,
    BY_EVENT,
    E10,
    OUT,
    SCHEDULED,
    STANDBY,
    T_ENGINEERING,
    T_OUT,
    T_PRODUCTIVE,
    T_SCHEDULED,
    T_SETUP,
    T_STANDBY,
    T_UNSCHEDULED,
    UNSCHEDULED,
)
from renkei.floor.state import State

Words = Mapping[str, Any]
COLUMN = {STANDBY: T_STANDBY, UNSCHEDULED: T_UNSCHEDULED, SCHEDULED: T_SCHEDULED, OUT: T_OUT}


def _crew(name: str, people: int | tuple[int, ...] | None) -> Crew:
    """A crew with the same people at all hours, or in shifts of a quarter of an hour."""
    if isinstance(people, tuple):
        return Crew(crew=name, shifts=people, shift_hours=0.25)
    return Crew(crew=name, people=people)


def make_fab(
    groups: Mapping[str, Words],
    routes: Mapping[str, Iterable[Words]],
    orders: Iterable[Words] = (),
    *,
    products: Iterable[Words] | None = None,
    setups: Iterable[Words] = (),
    outages: Iterable[Words] = (),
    qualifications: Iterable[Words] = (),
    crews: Mapping[str, int | tuple[int, ...] | None] | None = None,
    transports: Iterable[Words] = (),
    initial_wip: Iterable[Words] = (),
    lots: Iterable[Words] = (),
    **fields: Any,
) -> Fab:
    """Return a consistent fab; each route makes the product of its name unless `products` are given."""
    fab = Fab(
        name="small",
        tool_groups={name: ToolGroup(tool_group=name, **{"tools": 1, **words}) for name, words in groups.items()},
        routes={
            name: tuple(Step(route=name, step=number, **words) for number, words in enumerate(steps, 1))
            for name, steps in routes.items()
        },
        products={
            words["product"]: Product(**words)
            for words in (products or [{"product": name, "route": name} for name in routes])
        },
        orders=tuple(Order(**{"order": f"order-{place}", **words}) for place, words in enumerate(orders, 1)),
        setups=tuple(SetupChange(**words) for words in setups),
        outages=tuple(Outage(**{"outage": f"outage-{place}", **words}) for place, words in enumerate(outages, 1)),
        qualifications=tuple(Qualification(**words) for words in qualifications),
        crews={name: _crew(name, people) for name, people in (crews or {}).items()},
        transports=tuple(Transport(**{"from_location": "fab", "to_location": "fab", **words}) for words in transports),
        initial_wip=tuple(InitialLot(**{"lot": f"w{place}", **words}) for place, words in enumerate(initial_wip, 1)),
        lots=PlannedLots.of(PlannedLot(**words) for words in lots),
        **fields,
    )
    assert not (problems := check(fab)), problems
    return fab


def run_floor(
    fab: Fab, until: float, seed: int = 1, trace: int = BY_EVENT, warmup: float = 0.0
) -> tuple[FloorPlan, State]:
    """Return the lowered fab and its floor at minute `until`; statistics cover what follows `warmup`."""
    fp = floor_plan(fab)
    state = fp.fresh(seed, trace=trace)
    if warmup:
        state = drive.advance(fp.plan, state, warmup)
        drive.begin_window(fp.plan, state)
    return fp, drive.advance(fp.plan, state, until)


def trace_of(fp: FloorPlan, state: State) -> list[tuple[Any, ...]]:
    """Return the traced lot-steps as (order row, number, route, step, visit, tool, arrived, start, end)."""
    names = [
        (route, place + 1) for route, first in fp.index.routes.items() for place in range(len(fp.fab.routes[route]))
    ]
    rows = np.asarray(state.trace[: state.clock[0].traced])
    columns = ("order", "number", "step", "visit", "tool", "arrived", "start", "end")
    plain = zip(*(rows[column].tolist() for column in columns), strict=True)
    return [(order, number, *names[step], *rest) for order, number, step, *rest in plain]


def e10_of(state: State) -> NDArray[np.float64]:
    """Return minutes by tool and E10 state [tools, 7] up to the clock, the stretch that has not ended yet included."""
    time = np.array(state.times["value"]).reshape(len(state.tools), len(E10))
    now = float(state.clock[0].now)
    for tool, booked in zip(state.tools, time, strict=True):
        elapsed = now - tool.since
        if tool.state == BUSY:
            setup = min(max(tool.setup_until - tool.since, 0.0), elapsed)
            booked[T_SETUP] += setup
            booked[T_ENGINEERING if tool.engineering else T_PRODUCTIVE] += elapsed - setup
        else:
            booked[COLUMN[tool.state]] += elapsed
    return time
