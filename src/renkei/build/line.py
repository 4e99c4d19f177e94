"""The event-level fab as the month loop sees it: start it, let it run, and tell it what changed."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np

from renkei.build import stretch
from renkei.build.accounts import finished_rows, tool_time
from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.build.flow import FinishedLots, Flow, LotType
from renkei.build.lower import concerns
from renkei.build.qualification import qualified_tools, recipe_rules
from renkei.build.shifts import people_by_shift
from renkei.fab.fab import Fab
from renkei.fab.products import Order
from renkei.floor import drive
from renkei.floor import records as r
from renkei.floor.state import State, frozen


@dataclass
class Before:
    """Totals at the start of a stretch, to be taken off those at its end."""

    time: float
    moves: int
    area: float
    released: Any
    tool_time: Any
    crew_busy: Any
    crew_waited: Any


@dataclass
class Line:
    """A fab in motion whose tools, crews and starts change between two stretches.

    Tools are added and starts are planned at the line's present minute `now`; `advance` then runs all events up to a
    minute.
    """

    floor: FloorPlan
    lot_types: tuple[LotType, ...]
    state: State
    engine_seconds: float = 0.0
    _read: int = 0
    """Rows of the log of finished lots that have been told already."""
    _rules: dict[str, list[tuple[int, int, str]]] = field(default_factory=dict)
    _first: dict[tuple[str, int], float] = field(default_factory=dict)
    _declared: Any = None
    """The fab's outages, once they were changed."""
    _told: Any = None
    """Steps whose first time is in `_first` already."""

    @staticmethod
    def start(
        fab: Fab,
        most_tools: Mapping[str, int],
        lot_types: Sequence[LotType],
        crews: Mapping[str, float | None],
        seed: int,
        present: Mapping[str, int] | None = None,
    ) -> Line:
        """Start a fab with no lots; its own orders and initial WIP are left out.

        `most_tools`: the largest number of tools a group will ever have (groups left out: none); `present`: those there
        at minute 0 (default none); `crews`: people by crew (None: without limit).
        """
        orders = tuple(
            Order(order=t.name, product=t.product, priority=t.priority, wafers=t.wafers, releases=0) for t in lot_types
        )
        counts = {name: int(most_tools.get(name, 0)) for name, group in fab.tool_groups.items() if group.kind == "tool"}
        fab = replace(fab.with_tools(counts).with_orders(orders), initial_wip=())
        floor = floor_plan(fab)
        there = {name: (present or {}).get(name, 0) for name in fab.tool_groups}
        line = Line(floor, tuple(lot_types), floor.fresh(seed, there))
        for name, people in crews.items():
            line.set_people(name, people)
        line._told = np.zeros(len(line.state.steps), bool)
        for recipe, group, ordinal, rule in recipe_rules(fab, floor.index):
            line._rules.setdefault(group, []).append((recipe, ordinal, rule))
        return line

    @property
    def now(self) -> float:
        """Minutes since the fab's start."""
        return float(self.state.clock["now"][0])

    @property
    def events(self) -> int:
        """Events so far."""
        return int(self.state.clock["events"][0])

    @property
    def lot_steps(self) -> int:
        """Steps ended so far."""
        return int(self.state.clock["moves"][0])

    def _tools_of(self, group: str) -> range:
        row = self.floor.plan.groups[self.floor.index.groups[group]]
        return range(int(row["first_tool"]), int(row["first_tool"] + row["tools"]))

    def add_tools(self, group: str, count: int) -> None:
        """Let tools of a group join the fleet now; recipes are spread anew over the tools that are there.

        Raises ValueError if the group would have more tools than `most_tools` said.
        """
        waiting = [tool for tool in self._tools_of(group) if self.state.tools["state"][tool] == r.OUT]
        if count > len(waiting):
            raise ValueError(f"{group}: {count} tools join, but only {len(waiting)} were foreseen")
        joining = waiting[:count]
        self._qualify(group, joining)
        for tool in joining:
            self.state = drive.add_tool(self.floor.plan, self.state, tool)
        self.state = drive.wake_group(self.floor.plan, self.state, self.floor.index.groups[group])

    def remove_tools(self, group: str, count: int) -> None:
        """Let tools of a group leave the fleet, each as soon as it is up and empty; recipes are spread over the rest.

        Raises ValueError if fewer are there.
        """
        there = [tool for tool in self._tools_of(group) if self._stays(tool)]
        if count > len(there):
            raise ValueError(f"{group}: {count} tools leave, but only {len(there)} are there")
        for tool in there[len(there) - count :]:
            self.state = drive.remove_tool(self.floor.plan, self.state, tool)
        self._qualify(group, ())
        self.state = drive.wake_group(self.floor.plan, self.state, self.floor.index.groups[group])

    def restore_tools(self, group: str, count: int) -> None:
        """Let tools of a group that left, or are about to, run again; recipes are spread anew.

        Raises ValueError if fewer are away.
        """
        away = [tool for tool in self._tools_of(group) if not self._stays(tool)]
        away.sort(key=lambda tool: bool(self.state.tools["state"][tool] == r.OUT))
        if count > len(away):
            raise ValueError(f"{group}: {count} tools come back, but only {len(away)} are away")
        self._qualify(group, away[:count])
        for tool in away[:count]:
            self.state = drive.add_tool(self.floor.plan, self.state, tool)
        self.state = drive.wake_group(self.floor.plan, self.state, self.floor.index.groups[group])

    def _stays(self, tool: int) -> bool:
        """Whether a tool is in the fleet and not about to leave it."""
        return bool(self.state.tools["state"][tool] != r.OUT and not self.state.tools["leaving"][tool])

    def _qualify(self, group: str, joining: Sequence[int]) -> None:
        tools = self._tools_of(group)
        present = [int(self.state.tools["number"][t]) for t in tools if self._stays(t) or t in joining]
        for recipe, ordinal, rule in self._rules.get(group, ()):
            first = int(self.floor.plan.recipes["value"][recipe])
            self.state.qualified["value"][first + 1 : first + 1 + len(tools)] = 0
            for number in qualified_tools(rule, ordinal, present):
                self.state.qualified["value"][first + number] = 1

    def set_people(self, crew: str, people: float | None) -> None:
        """Change the number of people of a crew (None: no limit).

        Of a crew in shifts it is the average on duty, spread over its shifts as the fab's numbers are.
        """
        row = self.floor.index.crews[crew]
        on_duty = people_by_shift(self.floor.fab.crews[crew], people)
        now = self.state.crews[row]
        first, count = int(now["first_shift"]), int(now["shifts"])
        if count:
            self.state.shifts["value"][first : first + count] = on_duty
        present = on_duty[int(now["shift"])] if count else on_duty[0]
        self.state = drive.set_people(self.floor.plan, self.state, row, present)

    def set_outages(self, factors: Mapping[str, tuple[float, float]]) -> None:
        """Change breakdowns from now on: factors on the fab's intervals and durations by tool group.

        Groups left out break down as the fab says. A breakdown under way and one already set keep what was drawn; an
        outage of an area takes the mean over its groups that are named. Draws have the same luck as without the change.
        """
        if self._declared is None:
            self._declared = self.floor.plan.outages
        table = self._declared.copy()
        groups = [g for g in self.floor.fab.tool_groups.values() if g.kind == "tool" and g.tool_group in factors]
        for row, outage in zip(table, self.floor.fab.outages, strict=False):
            own = [factors[group.tool_group] for group in groups if concerns(outage, group)]
            if outage.kind == "breakdown" and own:
                interval, duration = (sum(part) / len(own) for part in zip(*own, strict=True))
                row["interval"] *= interval
                row["first"] *= interval
                row["duration"] *= duration
                row["interval_spread"] *= interval if outage.interval_distribution == "uniform" else 1.0
                row["spread"] *= duration if outage.duration_distribution == "uniform" else 1.0
        self.floor = replace(self.floor, plan=self.floor.plan._replace(outages=frozen(table)))

    def plan_starts(self, lot_type: str, first: float, interval: float, lots: int) -> None:
        """Replace a lot type's plan from now on: `lots` releases from minute `first`, `interval` minutes apart."""
        order = next(row for row, declared in enumerate(self.lot_types) if declared.name == lot_type)
        self.state = drive.set_release(self.floor.plan, self.state, order, first, interval, int(lots))

    def _totals(self) -> Before:
        clock = self.state.clock[0]
        area = float(clock["wip_area"] + clock["wip"] * (clock["now"] - clock["wip_time"]))
        crews = self.state.crews
        return Before(
            time=float(clock["now"]),
            moves=int(clock["moves"]),
            area=area,
            released=np.array(self.state.orders["number"]),
            tool_time=tool_time(self.state),
            crew_busy=np.array(crews["busy"]),
            crew_waited=np.array(crews["waited"]),
        )

    def advance(self, until: float) -> Flow:
        """Run all events up to and including minute `until` and tell what happened."""
        before = self._totals()
        started = time.perf_counter()
        self.state = stretch.advance(self.floor, self.state, until)
        self.engine_seconds += time.perf_counter() - started
        return self._flow(before, self._totals())

    def _finished(self) -> FinishedLots:
        rows = finished_rows(self.state)[self._read :]
        self._read += len(rows)
        types = np.array([t.name for t in self.lot_types], dtype=np.str_)
        products = np.array([t.product for t in self.lot_types], dtype=np.str_)
        return FinishedLots(
            lot_type=types[rows["order"]],
            product=products[rows["order"]],
            number=np.array(rows["number"]),
            released=np.array(rows["released"]),
            finished=np.array(rows["finished"]),
            wafers_in=np.array(rows["wafers_in"]),
            wafers_out=np.array(rows["wafers_out"]),
        )

    def _wip_by_product(self) -> dict[str, int]:
        counts: dict[str, int] = {}
        for declared, lots in zip(self.lot_types, self.state.orders["wip"], strict=False):
            counts[declared.product] = counts.get(declared.product, 0) + int(lots)
        return counts

    def _flow(self, before: Before, after: Before) -> Flow:
        released = after.released - before.released
        span = after.time - before.time
        times = np.zeros((len(self.floor.index.groups), after.tool_time.shape[1]))
        np.add.at(times, self.state.tools["group"], after.tool_time - before.tool_time)
        by_group = {
            name: dict(zip(r.E10[:6], times[row, :6].tolist(), strict=True))
            for name, row in self.floor.index.groups.items()
            if self.floor.fab.tool_groups[name].kind == "tool"
        }
        crews = list(self.floor.index.crews)
        return Flow(
            since=before.time,
            until=after.time,
            finished=self._finished(),
            wip_lots=self._wip_by_product(),
            wip_wafers=int(self.state.clock["wip_wafers"][0]),
            mean_wip_lots=(after.area - before.area) / span if span else 0.0,
            released_lots={t.name: int(n) for t, n in zip(self.lot_types, released, strict=False)},
            released_wafers={t.name: int(n) * t.wafers for t, n in zip(self.lot_types, released, strict=False)},
            lot_steps=after.moves - before.moves,
            tool_time=by_group,
            first_done=self._first_done(),
            crew_busy=dict(zip(crews, (after.crew_busy - before.crew_busy).tolist(), strict=False)),
            crew_waited=dict(zip(crews, (after.crew_waited - before.crew_waited).tolist(), strict=False)),
        )

    def _first_done(self) -> dict[tuple[str, int], float]:
        first = self.state.steps["first_done"]
        done = np.flatnonzero(np.isfinite(first) & ~self._told)
        if len(done):
            starts = sorted((row, name) for name, row in self.floor.index.routes.items())
            rows = np.array([row for row, _ in starts])
            which = np.searchsorted(rows, done, side="right") - 1
            new = {
                (starts[w][1], int(step - rows[w]) + 1): float(first[step]) for step, w in zip(done, which, strict=True)
            }
            self._first = {**self._first, **new}
            self._told[done] = True
        return self._first
