"""The release plan of a fab played faster or slower, to load it to a share of its static capacity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from renkei.errors import InputError, Problem
from renkei.fab.capacity import Capacity, capacity
from renkei.fab.fab import Fab
from renkei.fab.products import Order
from renkei.fab.releases import DAY


def at_load(fab: Fab, percent: float) -> Fab:
    """Return the fab with its releases paced so that it starts `percent` of what `capacity(fab)` says it can.

    All starts and intervals of the orders are stretched by one factor, so the mix and the rhythm stay; due dates keep
    their distance from the release. Raises InputError if no order gives work to a tool.
    """
    factor = limit(fab).load_percent / percent
    orders = tuple(
        order.model_copy(
            update={
                "start": order.start * factor,
                "interval": None if order.interval is None else order.interval * factor,
            }
        )
        for order in fab.orders
    )
    return fab.with_orders(orders)


def limit(fab: Fab) -> Capacity:
    """Return the static bottleneck and capacity of a fab; raises InputError if its orders give no work to any tool."""
    found = capacity(fab)
    if found is None:
        raise InputError(fab.name, [Problem("orders.csv", None, "", "gives no work to any tool; add release lines")])
    return found


def load_problems(fab: Fab, loads: Sequence[float]) -> list[Problem]:
    """Return why loads are no percentages of capacity at which the fab can be steady."""
    return list(_loads(fab, loads))


def steady_problems(fab: Fab, loads: Sequence[float], days: float, warmup: float) -> list[Problem]:
    """Return which orders do not release at one rate from the end of the warm-up to the end of the run."""
    fast, slow = max(loads), min(loads)
    return [*_held_back(fab), *_ending(at_load(fab, fast), fast, days), *_late(at_load(fab, slow), slow, warmup)]


def _loads(fab: Fab, loads: Sequence[float]) -> Iterator[Problem]:
    def problem(message: str) -> Problem:
        return Problem("renkei fab curve", None, "loads", message)

    if not loads:
        yield problem("names no load; must be percentages with commas such as 50,70,90")
    bottleneck = limit(fab).bottleneck
    for percent in loads:
        if not percent > 0:
            yield problem(f"= {percent:g}; must be percentages more than 0, up to 100")
        elif percent > 100:
            yield problem(
                f"= {percent:g}; must be 100 at most: beyond its capacity a fab has no cycle time, WIP grows "
                f"without end. Ask for 98, or give {bottleneck} more tools"
            )
    if len(set(loads)) < len(loads):
        yield problem("names a load twice; each gives one point of the curve")


def _problem(order: Order, message: str) -> Problem:
    return Problem(order.file or "orders.csv", order.line or None, f'order "{order.order}"', message)


def _held_back(fab: Fab) -> Iterator[Problem]:
    for order in fab.orders:
        if order.wip_limit is not None:
            yield _problem(order, f"has wip_limit = {order.wip_limit}, which keeps a level of WIP, not a load; for a "
                           "curve over load remove it and give an interval")  # fmt: skip


def _ending(paced: Fab, percent: float, days: float) -> Iterator[Problem]:
    """Say which orders release their last lot before the run ends; lots listed one by one count together."""
    single = [order for order in paced.orders if order.interval is None and order.wip_limit is None]
    if single and (last := max(order.start for order in single) / DAY) < days:
        yield _problem(single[-1], f"and the others of one release end at {percent:g} % on day {last:.0f}, before the "
                       "run does; shorten --days, or give an interval")  # fmt: skip
    for order in paced.orders:
        if order.interval is not None and order.releases is not None:
            last = (order.start + order.interval * order.releases) / DAY
            if last < days:
                yield _problem(order, f"ends at {percent:g} % on day {last:.0f}, before the run does; shorten --days, "
                               f"or raise releases = {order.releases}")  # fmt: skip


def _late(paced: Fab, percent: float, warmup: float) -> Iterator[Problem]:
    """Say which orders begin to release later than an interval from 0 and than the warm-up's end."""
    for order in paced.orders:
        if order.interval is not None and order.start > max(warmup * DAY, order.interval):
            yield _problem(order, f"starts at {percent:g} % on day {order.start / DAY:.0f}, after the warm-up; "
                           "lengthen --warmup, or lower its start")  # fmt: skip
