"""What no computer can follow lot by lot: endless work within an instant, and more of it than memory holds."""

from __future__ import annotations

import math
from collections.abc import Iterable

from renkei.errors import Problem
from renkei.fab.fab import Fab
from renkei.fab.products import Order
from renkei.fab.routes import Step
from renkei.fab.rules.saying import plain, wrong
from renkei.fab.visits import expected_visits

DAY = 1440.0
MOST_TOOLS = 500_000
"""Of a whole fab; one of 100,000 wafer starts a month has ten thousand."""
MOST_LOTS = 1_000_000
"""Released a day, and in the fab under a WIP limit."""
MOST_OUTAGES = 10_000_000
"""A day, of all tools."""
MOST_VISITS = 10_000
"""Times that a lot does one step, in the mean."""
LEAST_SHIFT = 1.0
"""Minutes."""
MOST_WAFERS = 1_000_000
"""Of one batch."""


def tools_are_countable(fab: Fab) -> Iterable[Problem]:
    """A fab has as many tools as fit into memory."""
    if fab.tools > MOST_TOOLS:
        largest = max((g for g in fab.tool_groups.values() if g.kind == "tool"), key=lambda group: group.tools)
        message = f"= {largest.tools}: with it the fab has {fab.tools:,} tools; must be at most {MOST_TOOLS:,} in all"
        yield wrong(largest, f"tools@{fab.size}" if fab.size else "tools", message)


def batches_are_countable(fab: Fab) -> Iterable[Problem]:
    """A batch is of so many wafers that its lots can be moved at once."""
    for route in fab.routes.values():
        for step in route:
            if step.batch_max is not None and step.batch_max > MOST_WAFERS:
                yield wrong(step, "batch_max", f"= {step.batch_max} must be at most {MOST_WAFERS:,} wafers")


def releases_are_countable(fab: Fab) -> Iterable[Problem]:
    """All orders together release no more lots a day than can be followed; the order that goes beyond is named."""
    total = 0.0
    for order in fab.orders:
        if order.interval is None or order.interval <= 0:
            continue
        total += order.lots_per_release * DAY / order.interval
        if total > MOST_LOTS:
            each = f" of {order.lots_per_release} lots" if order.lots_per_release > 1 else ""
            message = (
                f"= {plain(order.interval)} minutes from one release{each} to the next makes {total:.3g} lots a day"
            )
            yield wrong(order, "interval", f"{message} of all orders so far; must be at most {MOST_LOTS:,}")
            return


def closed_lines_take_time(fab: Fab) -> Iterable[Problem]:
    """Orders that keep a WIP level release a lot for each that leaves; that takes time on the way."""
    for order in fab.orders:
        if order.wip_limit is None or order.interval is not None:
            continue
        if order.wip_limit > MOST_LOTS:
            yield wrong(order, "wip_limit", f"= {order.wip_limit} must be at most {MOST_LOTS:,} lots")
        elif (rate := _most_a_day(fab, order)) > MOST_LOTS:
            route = fab.products[order.product].route
            time = "no time" if math.isinf(rate) else f"next to no time: {plain(rate)} lots a day"
            message = f"= {order.wip_limit} releases a lot for each that leaves, and route {route} takes {time}"
            yield wrong(
                order, "wip_limit", f"{message}; must be at most {MOST_LOTS:,} a day, give its steps process times"
            )


def _most_a_day(fab: Fab, order: Order) -> float:
    """Return the lots a day that an order with a WIP level releases at most: by its lots' time, and by the tools."""
    wafers = order.wafers or fab.wafers_per_lot
    total, most = 0.0, math.inf
    for step in fab.routes[fab.products[order.product].route]:
        group = fab.tool_groups[step.tool_group]
        minutes = _minutes(step, wafers) + group.load + group.unload
        total += minutes * step.sampling_percent / 100
        if group.kind == "tool" and minutes > 0 and step.sampling_percent == 100:
            together = (step.batch_max or wafers) / wafers
            most = min(most, group.tools * together * DAY / (minutes / 2 if group.cascade else minutes))
    return min(most, (order.wip_limit or 0) * DAY / total if total > 0 else math.inf)


def _minutes(step: Step, wafers: int) -> float:
    return step.process * (min(wafers, step.process_wafers or wafers) if step.per == "wafer" else 1)


def rework_comes_to_an_end(fab: Fab) -> Iterable[Problem]:
    """Loops of rework, also one within the other, repeat a step a number of times that can be followed."""
    for route in fab.routes.values():
        loops = [step for step in route if step.rework_step]
        if not loops or any(step.rework_percent * step.sampling_percent >= 10_000 for step in loops):
            continue
        visits = float(expected_visits(route).max())
        if not visits <= MOST_VISITS:
            worst = max(loops, key=lambda step: step.rework_percent * step.sampling_percent)
            message = f"= {worst.rework_percent:.12g} and other rework make a lot of route {worst.route} do a step"
            yield wrong(worst, "rework_percent", f"{message} {visits:.3g} times; must be at most {MOST_VISITS:,} times")


def outages_are_countable(fab: Fab) -> Iterable[Problem]:
    """Outages by the clock come so seldom that they can be followed."""
    for outage in fab.outages:
        if outage.clock == "wafers" or outage.interval <= 0:
            continue
        tools = sum(
            group.tools
            for group in fab.tool_groups.values()
            if group.kind == "tool" and (outage.tool_group or outage.area) in (group.tool_group, group.area)
        )
        rate = tools * DAY / outage.interval
        if rate > MOST_OUTAGES:
            message = f"= {plain(outage.interval)} minutes stops {tools:,} tools {rate:.3g} times a day"
            yield wrong(outage, "interval", f"{message}; must be at most {MOST_OUTAGES:,} times")


def shifts_last(fab: Fab) -> Iterable[Problem]:
    """A shift is a time that people can work."""
    for crew in fab.crews.values():
        if crew.shifts and crew.shift_hours * 60 < LEAST_SHIFT:
            yield wrong(crew, "shift_hours", f"= {plain(crew.shift_hours)} must be at least a minute, 0.0167")
