"""A fab becomes a floor plan: every table of names becomes an array of rows."""

from __future__ import annotations

from typing import Any

import numpy as np

from renkei.build.names import CLOCKS, DISTRIBUTIONS, PER, Index, key_of
from renkei.build.rules import Rules
from renkei.fab.batches import Alike, batch_key, route_families
from renkei.fab.fab import Fab
from renkei.fab.outages import Outage
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup
from renkei.floor import records as r
from renkei.floor.state import Plan, frozen, rows


class Marks:
    """Columns of `State.marks` for one route: open queue-time windows, then tools to obey at a later step."""

    def __init__(self, steps: tuple[Step, ...]):
        self.window: dict[int, int] = {}
        ends: list[int] = []
        for step in steps:
            if step.queue_limit_step is None:
                continue
            column = next((c for c, end in enumerate(ends) if end <= step.step), len(ends))
            ends[column : column + 1] = [step.queue_limit_step]
            self.window[step.step] = column
        targets = sorted({s.dedicate_step for s in steps if s.dedicate_step is not None})
        self.lens = {target: len(ends) + place for place, target in enumerate(targets)}
        self.count = len(ends) + len(targets)


def concerns(outage: Outage, group: ToolGroup) -> bool:
    """Return True if an outage strikes the tools of a group."""
    return outage.tool_group == group.tool_group if outage.tool_group else outage.area == group.area


def _outages(fab: Fab) -> Any:
    table = rows(len(fab.outages), r.OUTAGE)
    for row, outage in zip(table, fab.outages, strict=True):
        row["key"] = key_of("outage", outage.outage, outage.tool_group, outage.area)
        row["kind"] = r.BREAKDOWN if outage.kind == "breakdown" else r.PM
        row["clock"] = CLOCKS[outage.clock]
        row["interval_distribution"] = DISTRIBUTIONS[outage.interval_distribution]
        row["interval"], row["interval_spread"] = outage.interval, outage.interval_spread
        row["first_distribution"] = DISTRIBUTIONS["exponential" if outage.first_rule == "exponential" else "constant"]
        row["first"] = outage.first
        row["staggered"] = outage.first_rule == "staggered"
        row["duration_distribution"] = DISTRIBUTIONS[outage.duration_distribution]
        row["duration"] = outage.duration
        row["spread"] = outage.duration_spread
    return table


def _groups(fab: Fab, index: Index, rules: Rules, kinds: list[list[tuple[int, int, int, int]]]) -> Any:
    table = rows(len(fab.tool_groups), r.GROUP)
    first_tool = first_kind = 0
    steps = [step for name in index.routes for step in fab.routes[name]]
    batch = {s.tool_group for s in steps if s.batch_min is not None}
    setups = {s.tool_group for s in steps if s.setup}
    for row, group, sorts in zip(table, fab.tool_groups.values(), kinds, strict=True):
        own = [outage for outage in fab.outages if concerns(outage, group)]
        row["key"] = key_of("group", group.tool_group)
        row["first_tool"], row["tools"] = first_tool, group.tools if group.kind == "tool" else 0
        row["first_kind"], row["kinds"] = first_kind, len(sorts)
        row["delay"] = group.kind == "delay"
        row["location"] = index.locations[group.location]
        row["load"], row["unload"], row["cascade"] = group.load, group.unload, group.cascade
        row["batch"] = group.tool_group in batch
        row["setups"] = group.tool_group in setups
        row["least_setup"] = group.wake == "least_setup"
        row["min_run"] = group.min_run
        row["criteria"] = rules.first[group.tool_group]
        looked_over = bool(group.setup_crew) and bool(row["setups"])  # a lot for which nobody is needed may go first
        row["heads"], row["by_class"] = rules.heads(group.tool_group), rules.by_class(group.tool_group)
        row["heads"] = row["heads"] and not looked_over
        row["repair_crew"], row["pm_crew"] = index.crew(group.repair_crew), index.crew(group.pm_crew)
        row["hold_crew"], row["setup_crew"] = index.crew(group.hold_crew), index.crew(group.setup_crew)
        row["hands_on"] = group.hands_on
        row["busy_clocks"] = any(outage.clock == "busy" for outage in own)
        plain = len(sorts) == 1 and sorts[0][:2] == (r.NONE, r.NONE) and not row["batch"]
        row["single"] = plain and row["heads"] and row["by_class"]
        first_tool += int(row["tools"])
        first_kind += len(sorts)
    return table


def _ranked(fab: Fab, index: Index) -> list[bool]:
    """Return by setup whether it can matter which lot a tool takes: by a time in the table or by a minimum run.

    Lots whose setups do not rank them wait in one line.
    """
    times = _setup_times(fab, index)["value"].reshape(-1, max(len(index.setups), 1))
    return [
        bool(fab.tool_groups[group].min_run) or bool(times[:, column].any())
        for (group, _), column in index.setups.items()
    ]


def _sorts(fab: Fab, index: Index) -> tuple[list[list[tuple[int, int, int, int]]], list[int]]:
    """Return per group its sorts (setup, recipe, batch min, batch max), and per plan step the row of its sort."""
    groups: list[dict[tuple[int, int, Alike | None], tuple[int, int, int, int]]] = [{} for _ in fab.tool_groups]
    keys = []
    ranked = _ranked(fab, index)
    families = route_families(fab)
    for name in index.routes:
        for step in fab.routes[name]:
            setup = index.setups[step.tool_group, step.setup] if step.setup else r.NONE
            if setup != r.NONE and not ranked[setup]:
                setup = r.NONE
            recipe = index.recipes.get((step.tool_group, step.recipe), r.NONE)
            alike = None
            if step.batch_min is not None:
                alike = batch_key(step, fab.tool_groups[step.tool_group], families.get(name, ""))
            key = (setup, recipe, alike)
            group = index.groups[step.tool_group]
            groups[group].setdefault(key, (setup, recipe, step.batch_min or 0, step.batch_max or 0))
            keys.append((group, key))
    offset = np.cumsum([0] + [len(sorts) for sorts in groups])
    place = [{key: int(first) + n for n, key in enumerate(sorts)} for first, sorts in zip(offset, groups, strict=False)]
    return [list(sorts.values()) for sorts in groups], [place[group][key] for group, key in keys]


def expected_minutes(step: Step, group: ToolGroup, wafers: int) -> float:
    """Return load + process + unload of one lot at a step, minutes (a cascading tool: p + (n − 1)·interval)."""
    worked = min(wafers, step.process_wafers) if step.process_wafers else wafers
    process = step.process * (worked if step.per == "wafer" else 1)
    if group.cascade and step.interval is not None:
        process = step.process + ((worked - 1) * step.interval if step.interval_per == "wafer" else 0.0)
    return group.load + process + group.unload


def _fill_step(row: Any, step: Step, fab: Fab, index: Index, marks: Marks, first: int, count: int) -> None:
    group = fab.tool_groups[step.tool_group]
    row["group"], row["number"], row["first"], row["last"] = (
        index.groups[step.tool_group],
        step.step,
        first,
        first + count - 1,
    )
    row["distribution"], row["process"], row["spread"] = DISTRIBUTIONS[step.distribution], step.process, step.spread
    row["per"], row["wafers"] = PER[step.per], step.process_wafers or 0
    row["interval"] = step.interval if group.cascade and step.interval is not None else -1.0
    row["interval_per"] = PER[step.interval_per]
    row["setup"] = index.setups[step.tool_group, step.setup] if step.setup else r.NONE
    row["setup_always"] = step.setup_when == "always"
    row["setup_time"] = -1.0 if step.setup_time is None else step.setup_time
    row["setup_distribution"], row["setup_spread"] = DISTRIBUTIONS[step.setup_distribution], step.setup_spread
    row["recipe"] = index.recipes.get((step.tool_group, step.recipe), r.NONE)
    row["lens_to"] = marks.lens[step.dedicate_step] if step.dedicate_step is not None else r.NONE
    row["lens_from"] = marks.lens.get(step.step, r.NONE)
    row["sampling"] = step.sampling_percent / 100
    row["rework"] = step.rework_percent / 100 if step.rework_step is not None else 0.0
    row["rework_to"] = first + step.rework_step - 1 if step.rework_step is not None else r.NONE
    row["scrap"] = step.scrap_percent / 100
    row["window"] = marks.window.get(step.step, r.NONE)
    row["hold"], row["hold_floor"] = step.hold_percent / 100, step.hold_floor_percent / 100
    row["hold_passes"] = max(step.hold_passes, 1e-9)
    row["hold_distribution"] = DISTRIBUTIONS[step.hold_distribution]
    row["hold_time"], row["hold_spread"] = step.hold_time, step.hold_spread
    row["last_of_setup"] = r.NONE


def _steps(fab: Fab, index: Index, kinds: list[int], marks: dict[str, Marks]) -> Any:
    table = rows(index.step_count, r.STEP, kind=kinds)
    for name, first in index.routes.items():
        steps = fab.routes[name]
        remaining = 0.0
        last_seen: set[int] = set()
        following, certain = 1.0, False
        for step in reversed(steps):
            row = table[first + step.step - 1]
            _fill_step(row, step, fab, index, marks[name], first, len(steps))
            group = fab.tool_groups[step.tool_group]
            remaining += row["sampling"] * expected_minutes(step, group, fab.wafers_per_lot)
            row["remaining"] = remaining
            if group.min_run and row["setup"] != r.NONE and int(row["setup"]) not in last_seen:
                last_seen.add(int(row["setup"]))
                row["last_of_setup"] = row["setup"]
            eventful = row["scrap"] + row["rework"] + row["hold"] > 0 or row["last_of_setup"] != r.NONE
            row["plain"] = not eventful and row["window"] == r.NONE and following >= 1.0
            row["rides"] = not eventful and certain
            following = float(row["sampling"])
            certain = following >= 1.0 or (certain and row["last_of_setup"] == r.NONE)
    return table


def _closings(fab: Fab, index: Index, marks: dict[str, Marks], steps: Any) -> Any:
    windows = sorted(
        (
            first + int(step.queue_limit_step or 0) - 1,
            first + step.step - 1,
            marks[name].window[step.step],
            step.queue_limit,
        )
        for name, first in index.routes.items()
        for step in fab.routes[name]
        if step.queue_limit_step is not None
    )
    table = rows(len(windows), r.CLOSING)
    for place, (_, opener, mark, limit) in enumerate(windows):
        table[place] = (mark, opener, limit)
    closers = [closer for closer, *_ in windows]
    steps["closing"] = np.searchsorted(closers, np.arange(len(steps)))
    steps["closings"] = np.bincount(np.array(closers, int), minlength=len(steps))
    return table


def _setup_times(fab: Fab, index: Index) -> Any:
    """Return changes [(from + 1) × to]; a row for the exact pair outdoes one for any, a row for the group outdoes one
    for all."""
    times = np.zeros((len(index.setups) + 1, len(index.setups)), r.SETUP_CHANGE)
    for rank in range(4):
        for change in fab.setups:
            if (2 if change.from_setup else 0) + (1 if change.tool_group else 0) != rank:
                continue
            for (group, to), column in index.setups.items():
                if to != change.to_setup or change.tool_group not in ("", group):
                    continue
                minutes = (change.time, change.spread, DISTRIBUTIONS[change.distribution])
                if change.from_setup and (group, change.from_setup) in index.setups:
                    times[index.setups[group, change.from_setup] + 1, column] = minutes
                elif not change.from_setup:
                    times[:, column] = minutes
    table = rows(times.size, r.SETUP_CHANGE)
    table[:] = times.ravel()
    return table


def _moves(fab: Fab, index: Index) -> Any:
    count = len(index.locations)
    table = rows(count * count, r.MOVE)
    for transport in fab.transports:
        if transport.from_location in index.locations and transport.to_location in index.locations:
            place = index.locations[transport.from_location] * count + index.locations[transport.to_location]
            table[place] = (DISTRIBUTIONS[transport.distribution], transport.time, transport.spread)
    return table


def _orders(fab: Fab, index: Index, initial: list[tuple[str, str, bool]]) -> Any:
    table = rows(first_initial(fab) + len(initial), r.ORDER)
    seen: dict[tuple[str, str], int] = {}
    for row, order in zip(table, fab.orders, strict=False):
        again = seen[order.order, order.product] = seen.get((order.order, order.product), -1) + 1
        row["key"] = key_of("order", order.order, order.product, str(again))
        row["interval_distribution"] = DISTRIBUTIONS[order.interval_distribution]
        row["lots_per_release"] = order.lots_per_release
        row["due"] = r.INF if order.due is None else order.due
        row["start"] = order.start
        row["pace"] = -1.0 if order.interval is None else order.interval / order.lots_per_release
        row["class_"] = index.classes[order.priority]
        row["lot_type"] = index.lot_types[order.order]
        row["reserve"] = order.reserve
        _place_order(row, fab, index, order.product)
    planned = 0
    for row, line in zip(table[len(fab.orders) :], fab.lots.release_lines, strict=False):
        row["key"] = key_of("planned", line.order, line.product, str(line.priority), *_mark(line.reserve))
        row["reserve"] = line.reserve
        row["planned"], row["planned_lots"] = planned, len(line.rows)
        row["pace"] = -1.0
        row["class_"] = index.classes[line.priority]
        row["lot_type"] = index.lot_types[line.order]
        _place_order(row, fab, index, line.product)
        planned += len(line.rows)
    for row, (product, lot_type, reserve) in zip(table[first_initial(fab) :], initial, strict=True):
        row["key"] = key_of("initial", lot_type, product, *_mark(reserve))
        row["reserve"] = reserve
        row["due"] = r.INF
        row["pace"] = -1.0
        row["lot_type"] = index.lot_types[lot_type]
        _place_order(row, fab, index, product)
    return table


def _place_order(row: Any, fab: Fab, index: Index, product: str) -> None:
    declared = fab.products[product]
    row["first_step"], row["steps"] = index.routes[declared.route], len(fab.routes[declared.route])
    row["kind"] = declared.kind != "product"
    row["product"] = index.products[product]


def _mark(reserve: bool) -> tuple[str, ...]:
    """Return what tells the key of a super hot release line from that of other lots."""
    return ("reserve",) if reserve else ()


def _planned(fab: Fab) -> Any:
    """Return the planned lots, release line by release line."""
    lines = fab.lots.release_lines
    places = np.concatenate([line.rows for line in lines]) if lines else np.zeros(0, np.int64)
    columns = {name: fab.lots.columns[name][places] for name in ("start", "due", "wafers")}
    columns["wafers"] = np.where(columns["wafers"] == 0, fab.wafers_per_lot, columns["wafers"])
    return rows(len(places), r.PLANNED, **columns)


def first_initial(fab: Fab) -> int:
    """Return the row of the first release line of the initial WIP: those of orders and of planned lots come before."""
    return len(fab.orders) + len(fab.lots.release_lines)


def initial_orders(fab: Fab) -> list[tuple[str, str, bool]]:
    """Return (product, lot type, super hot or not) of the initial WIP; each is a release line that releases nothing."""
    return list(dict.fromkeys((lot.product, lot.order or lot.product, lot.reserve) for lot in fab.initial_wip))


def _recipes(index: Index, groups: Any) -> Any:
    """Return where each recipe's tools start in the table of qualifications, less one."""
    rooms = [max(int(groups["tools"][index.groups[group]]), 1) for group, _ in index.recipes]
    return rows(len(rooms), r.PLACE, value=np.cumsum([0, *rooms])[: len(rooms)] - 1)


def _slack(fab: Fab) -> int:
    """Return how many rows of any growing table one event may fill at most.

    A release or a batch makes each of its lots move (a batch may be of one-wafer lots), and the end of a minimum run or
    of a setup crew's work wakes idle tools.
    """
    batches = [step.batch_max for route in fab.routes.values() for step in route if step.batch_max]
    lots = max([1, *batches, *(order.lots_per_release for order in fab.orders)])
    return 512 + 2 * lots + sum(group.tools for group in fab.tool_groups.values() if group.min_run or group.setup_crew)


def _sizes(fab: Fab, index: Index, groups: Any, marks: int, reserves: bool) -> Any:
    return rows(
        1,
        r.SIZES,
        groups=len(fab.tool_groups),
        orders=first_initial(fab) + len(initial_orders(fab)),
        tools=int(groups["tools"].sum()),
        steps=index.step_count,
        crews=max(len(fab.crews), 1),
        setups=len(index.setups),
        min_runs=sum(group.min_run > 0 for group in fab.tool_groups.values()),
        classes=len(index.classes),
        locations=len(index.locations),
        marks=marks,
        slack=_slack(fab),
        reserves=reserves,
    )


def lower(fab: Fab, index: Index) -> Plan:
    """Return the plan of a fab; every table is read-only."""
    marks = {name: Marks(fab.routes[name]) for name in index.routes}
    sorts, step_kinds = _sorts(fab, index)
    rules = Rules(fab)
    groups = _groups(fab, index, rules, sorts)
    kinds = rows(sum(map(len, sorts)), r.KIND)
    for place, (group, sort) in enumerate((g, s) for g, own in enumerate(sorts) for s in own):
        kinds[place] = (group, *sort)
    steps = _steps(fab, index, step_kinds, marks)
    closings = _closings(fab, index, marks, steps)
    orders = _orders(fab, index, initial_orders(fab))
    widest = max((m.count for m in marks.values()), default=0)
    plan = Plan(
        steps=steps,
        closings=closings,
        kinds=kinds,
        groups=groups,
        criteria=rules.criteria(),
        orders=orders,
        planned=_planned(fab),
        outages=_outages(fab),
        setup_times=_setup_times(fab, index),
        moves=_moves(fab, index),
        recipes=_recipes(index, groups),
        sizes=_sizes(fab, index, groups, widest, reserves=bool(orders["reserve"].any())),
        terms=rules.terms(),
    )
    return Plan(*(frozen(table) for table in plan))
