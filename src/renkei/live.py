"""A fab in motion that its user stops, looks at, changes and lets go on."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.build.qualification import qualified_tools, recipe_rules
from renkei.build.shifts import NO_LIMIT
from renkei.build.stretch import advance
from renkei.errors import InputError, Problem, did_you_mean
from renkei.fab.builtin import load_fab
from renkei.fab.dispatch import parse_dispatch
from renkei.fab.fab import Fab
from renkei.fab.raw_time import rpt
from renkei.floor import drive
from renkei.floor.records import OUT
from renkei.floor.state import State, copied
from renkei.outcome import floor_tables as tables
from renkei.outcome.measures import Measures, measures
from renkei.outcome.present import tools_table, wip_table

DAY = 1440.0
MOST_TOOLS = 100_000


@dataclass(frozen=True)
class FloorSnapshot:
    """A floor as it was at one minute; it can be pickled, and goes back into any floor of the same fab."""

    floor: FloorPlan
    state: State
    before: tuple[tables.Before, ...]

    @property
    def day(self) -> float:
        """Days since the fab's start."""
        return float(self.state.clock["now"][0]) / DAY


class LiveFloor:
    """A fab in motion; start one with `renkei.start_floor`.

    Changes happen at the present minute and hold from then on. How often a floor is stopped changes nothing of its
    course, and luck is that of `run_floor` with the same seed: two floors that are changed differently meet the same
    failures and process times. Methods raise InputError for names and numbers that do not fit.
    """

    def __init__(self, floor: FloorPlan, seed: int, present: Mapping[str, int]):
        self.seed = seed
        self._floor = floor
        self._raw = rpt(floor.fab)
        self._before: tuple[tables.Before, ...] = ()
        self._state = floor.fresh(seed, present)

    # Time

    @property
    def fab(self) -> Fab:
        """The fab with the dispatch rules of now, and as many tools as any group may have."""
        return self._floor.fab

    @property
    def day(self) -> float:
        """Days since the fab's start."""
        return float(self._state.clock["now"][0]) / DAY

    def run(self, days: float) -> None:
        """Let the floor run for some days (1/1440 is a minute): all events up to and including the last minute."""
        if not 0 <= days < math.inf:
            raise _wrong("days", f"= {days}; must be a number of at least 0")
        self.run_until(self.day + days)

    def run_until(self, day: float) -> None:
        """Let the floor run up to a day, not before the present one. Raises RunError if too many lots pile up."""
        if not self.day <= day < math.inf:
            raise _wrong("day", f"= {day}; must be a number of at least the present day, {self.day:g}")
        self._state = advance(self._floor, self._state, day * DAY)

    # Changes

    def set_tools(self, tool_group: str, tools: int) -> None:
        """Let tools of a group join now, or leave as soon as they are up and empty, until so many are there.

        The group may have no more than `most_tools` of `start_floor` said. Those with the highest numbers leave first,
        those with the lowest join first. Recipes qualified by a share of the tools are spread anew over those that are
        there; an explicit list of tool numbers stays.
        """
        self._known("tool_group", tool_group, [n for n, g in self.fab.tool_groups.items() if g.kind == "tool"])
        every = self._tools_of(tool_group)
        if not 0 <= tools <= len(every):
            cure = f"start the floor with most_tools={{{tool_group!r}: {tools}}}" if tools > 0 else "tools are counted"
            raise _wrong("tools", f"= {tools}; {tool_group} has from 0 to {len(every)}: {cure}")
        staying = [tool for tool in every if self._is_there(tool)]
        joining = [tool for tool in every if not self._is_there(tool)][: max(tools - len(staying), 0)]
        leaving = staying[tools:]
        self._qualify(tool_group, sorted({*staying, *joining} - {*leaving}))
        for tool in joining:
            self._state = drive.add_tool(self._floor.plan, self._state, tool)
        for tool in leaving:
            self._state = drive.remove_tool(self._floor.plan, self._state, tool)
        self._state = drive.wake_group(self._floor.plan, self._state, self._floor.index.groups[tool_group])

    def set_crew(self, crew: str, people: int | Sequence[int] | None) -> None:
        """Change the number of people of a crew (None: without limit). Nobody drops the work in hand.

        Of a crew in shifts, a number is on duty in each of them; a list says how many in one shift after the other.
        """
        self._known("crew", crew, self.fab.crews)
        row = self._state.crews[self._floor.index.crews[crew]]
        first, shifts = int(row["first_shift"]), int(row["shifts"])
        asked = list(people) if isinstance(people, Sequence) else [people] * max(shifts, 1)
        if len(asked) != max(shifts, 1):
            raise _wrong("people", f"= {people}; {crew} has {shifts or 'no'} shifts: give so many numbers, or one")
        if any(count is not None and (count != int(count) or count < 0) for count in asked):
            raise _wrong("people", f"= {people}; must be whole numbers of at least 0, or None for no limit")
        on_duty = [NO_LIMIT if count is None else int(count) for count in asked]
        self._state.shifts["value"][first : first + shifts] = on_duty[:shifts]
        now = on_duty[int(row["shift"]) if shifts else 0]
        self._state = drive.set_people(self._floor.plan, self._state, self._floor.index.crews[crew], now)

    def set_starts(self, order: str, interval: float | None, first: float = 0.0, releases: int | None = None) -> None:
        """Plan the releases of an order (lot type of `orders.csv`) anew: every `interval` minutes, from `first` minutes
        after now on, `releases` of them (None: without end). `interval` None stops the order.

        Number of lots a release, their size, priority and due dates stay as they are, and so does an exponential law of
        the interval. If several rows share the name, the first has the new plan and the others stop. Raises InputError
        for orders that keep a WIP level, and for planned lots, which have starts of their own.
        """
        rows = [row for row, declared in enumerate(self.fab.orders) if declared.order == order]
        self._known("order", order, [declared.order for declared in self.fab.orders])
        if any(self.fab.orders[row].wip_limit for row in rows):
            message = f'= "{order}" keeps a WIP level: its starts follow from the lots that leave; see set_wip_limit'
            raise _wrong("order", message)
        if interval is not None and not 0 < interval < math.inf:
            raise _wrong("interval", f"= {interval}; must be minutes, more than 0, or None to stop the order")
        if not 0 <= first < math.inf:
            raise _wrong("first", f"= {first}; must be minutes from now, at least 0")
        if releases is not None and (releases != int(releases) or releases < 0):
            raise _wrong("releases", f"= {releases}; must be a whole number of at least 0, or None for no end")
        count = 0 if interval is None else -1 if releases is None else int(releases)
        for place, row in enumerate(rows):
            self._state = drive.set_release(
                self._floor.plan,
                self._state,
                row,
                self.day * DAY + first,
                interval or 0.0,
                count if place == 0 else 0,
            )

    def set_wip_limit(self, order: str, lots: int) -> None:
        """Change the WIP level that an order keeps: with room, lots enter at once; above it, none until some have left.

        If several rows share the name, all that keep a level keep this one. Raises InputError for orders without one.
        """
        self._known("order", order, [declared.order for declared in self.fab.orders])
        rows = [row for row, own in enumerate(self.fab.orders) if own.order == order and own.wip_limit]
        if not rows:
            raise _wrong("order", f'= "{order}" keeps no WIP level; give it a wip_limit in orders.csv')
        if lots != int(lots) or not 1 <= lots <= 10**9:
            raise _wrong("lots", f"= {lots}; must be a whole number of at least 1")
        for row in rows:
            self._state = drive.set_limit(self._floor.plan, self._state, row, int(lots))

    def set_dispatch(self, rule: str, tool_group: str | None = None) -> None:
        """Change the dispatch rule, of one tool group or of all: a ranked list such as `"priority, setup, fifo"`."""
        try:
            criteria = parse_dispatch(rule)
            fab = self.fab if criteria and tool_group is not None else self.fab.with_dispatch(rule)
        except ValueError as error:
            raise _wrong("rule", str(error)) from None
        if tool_group is not None:
            self._known("tool_group", tool_group, self.fab.tool_groups)
            group = self.fab.tool_groups[tool_group].model_copy(update={"dispatch": criteria})
            fab = replace(self.fab, tool_groups={**self.fab.tool_groups, tool_group: group})
        # A rule only decides which waiting lot is next: the new plan fits the state in every other respect.
        self._floor = floor_plan(fab)

    # Statistics

    def begin_window(self) -> None:
        """Forget the statistics so far; measures, `lots`, `tool_groups` and `queue_times` count from now on."""
        self._before = (*self._before, tables.before_window(self._state))
        drive.begin_window(self._floor.plan, self._state)

    @property
    def measures(self) -> Measures:
        """Measures of the window since `begin_window` (or day 0), with the keys of `renkei floor --json`.

        `tools` is the number of tools that are there now.
        """
        earlier = self._before[-1].moves if self._before else 0
        found = measures(self._floor, self._state, self._raw, earlier)
        for name, group in found["tool_groups"].items():
            group["tools"] = sum(map(self._is_there, self._tools_of(name)))
        return found

    @property
    def lots(self) -> pd.DataFrame:
        """Lots finished in the window, as `FloorRun.lots`."""
        return tables.lots_table(self._floor, self._state, 0)

    @property
    def daily(self) -> pd.DataFrame:
        """Days of the whole run, as `FloorRun.daily`."""
        return tables.daily_table(self._state, self._before, 0)

    @property
    def tool_groups(self) -> pd.DataFrame:
        """Tool groups in the window, as `FloorRun.tool_groups`."""
        return tables.tool_groups_table(self.measures, 0)

    @property
    def queue_times(self) -> pd.DataFrame:
        """Queue-time windows of the routes, as `FloorRun.queue_times`."""
        return tables.queue_times_table(self._floor, self._state, 0)

    # The present

    @property
    def wip(self) -> pd.DataFrame:
        """Lots that are in the fab now: order (lot type), product, number, wafers, priority, released_day, due_day,
        step (at hand, or gone to), tool_group, where (`waiting`, `at work`, `moving`, `on hold`) and since_day, the
        arrival of lots that wait.
        """
        return wip_table(self._floor, self._state)

    @property
    def tools(self) -> pd.DataFrame:
        """Tools now: tool_group, tool (from 1 in its group), state (`standby`, `busy`, `unscheduled down`,
        `scheduled down`, `out`), setup.
        """
        return tools_table(self._floor, self._state)

    # Snapshots

    def snapshot(self) -> FloorSnapshot:
        """Return the floor as it is now, independent of what happens to it later."""
        return FloorSnapshot(self._floor, copied(self._state), self._before)

    def restore(self, snapshot: FloorSnapshot) -> None:
        """Go back (or ahead) to a snapshot of a floor of the same fab, dispatch rules included."""
        if [table.shape for table in _fixed(snapshot.floor)] != [table.shape for table in _fixed(self._floor)] or any(
            (one != other).any() for one, other in zip(_fixed(snapshot.floor), _fixed(self._floor), strict=True)
        ):
            raise _wrong("snapshot", "is of another fab, or of one started with other most_tools")
        self._floor, self._before = snapshot.floor, snapshot.before
        self._state = copied(snapshot.state)

    def __repr__(self) -> str:
        clock = self._state.clock[0]
        return f"<LiveFloor {self.fab.name}: day {self.day:g}, {int(clock['wip'])} lots, seed {self.seed}>"

    def _known(self, field: str, name: str, names: Any) -> None:
        if name not in names:
            raise _wrong(field, f'= "{name}" is not one of this fab{did_you_mean(name, set(names))}')

    def _tools_of(self, tool_group: str) -> range:
        row = self._floor.plan.groups[self._floor.index.groups[tool_group]]
        return range(int(row["first_tool"]), int(row["first_tool"] + row["tools"]))

    def _is_there(self, tool: int) -> bool:
        row = self._state.tools[tool]
        return bool(row["state"] != OUT and row["leaving"] == 0)

    def _qualify(self, tool_group: str, there: list[int]) -> None:
        """Spread a group's recipes over the tools that will be there."""
        numbers = [int(self._state.tools["number"][tool]) for tool in there]
        width = len(self._tools_of(tool_group))
        for recipe, group, ordinal, rule in recipe_rules(self.fab, self._floor.index):
            if group == tool_group:
                first = int(self._floor.plan.recipes["value"][recipe]) + 1
                able = np.isin(np.arange(1, width + 1), qualified_tools(rule, ordinal, numbers))
                self._state.qualified["value"][first : first + width] = able


def _fixed(floor: FloorPlan) -> list[Any]:
    """Return the tables of a plan that no change touches."""
    return [floor.plan.steps, floor.plan.kinds, floor.plan.orders, floor.plan.outages, floor.plan.sizes]


def _wrong(field: str, message: str) -> InputError:
    return InputError("arguments", [Problem("renkei.LiveFloor", None, field, message)])


def start_floor(
    fab: Fab | str | Path, seed: int = 0, dispatch: str | None = None, most_tools: Mapping[str, int] | None = None
) -> LiveFloor:
    """Start a fab at minute 0, to be stopped and changed while it runs.

    `fab` is a fab or what `load_fab` takes; `dispatch` a ranked list for all its groups. `most_tools` says how many
    tools a group may have at most later on; groups left out can have as many as the fab declares, and all begin with
    those. A first maintenance that is staggered over a group's tools is staggered over so many. Raises InputError.
    """
    fab = fab if isinstance(fab, Fab) else load_fab(fab)
    if dispatch is not None:
        try:
            fab = fab.with_dispatch(dispatch)
        except ValueError as error:
            raise _wrong("dispatch", str(error)) from None
    present = {name: group.tools for name, group in fab.tool_groups.items() if group.kind == "tool"}
    for name, count in (most_tools or {}).items():
        if name not in present:
            raise _wrong("most_tools", f'= "{name}" is not a tool group of this fab{did_you_mean(name, present)}')
        if count != int(count) or not present[name] <= count <= MOST_TOOLS:
            limits = f"the {present[name]} that the fab has to {MOST_TOOLS}"
            raise _wrong("most_tools", f"= {count} for {name}; must be a whole number from {limits}")
    most = {name: int(count) for name, count in (most_tools or {}).items()}
    return LiveFloor(floor_plan(fab.with_tools(most)), seed, present)
