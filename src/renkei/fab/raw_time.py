"""Raw process time: what a lot would need if it never waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from renkei.fab.fab import Fab
from renkei.fab.releases import release_rates
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup
from renkei.fab.visits import expected_visits, surviving


def rpt(fab: Fab) -> dict[str, float]:
    """Return the static raw process time of each product in minutes.

    Expected process, load, unload and transport with sampling and rework; no waiting, setup, holds. Orders of different
    lot sizes are weighed by their rate; a product without orders counts with the fab's lot size.
    """
    times: dict[str, float] = {}
    rates = release_rates(fab)
    for name, product in fab.products.items():
        carriers: dict[int, float] = {}
        for order, rate in zip(fab.orders, rates, strict=True):
            if order.product == name:
                wafers = order.wafers or fab.wafers_per_lot
                carriers[wafers] = carriers.get(wafers, 0.0) + rate
        times[name] = _mean_time(fab, product.route, carriers)
    return times


def _mean_time(fab: Fab, route: str, carriers: Mapping[int, float]) -> float:
    total = sum(carriers.values())
    if total <= 0:
        return raw_time(fab, route, min(carriers, default=fab.wafers_per_lot))
    return sum(rate * raw_time(fab, route, wafers) for wafers, rate in carriers.items()) / total


def raw_time(fab: Fab, route: str, wafers: int) -> float:
    """Return the static raw process time in minutes of a lot of `wafers` on a route; see `rpt`."""
    steps = fab.routes[route]
    visits, alive = expected_visits(steps), surviving(steps)
    moves = _moves(fab, steps)
    total = 0.0
    for index, step in enumerate(steps):
        group = fab.tool_groups[step.tool_group]
        inside = wafers * float(alive[index])
        minutes = passage(step, group, inside) + group.load + group.unload + moves[index]
        total += float(visits[index]) * minutes
    return total


def passage(step: Step, group: ToolGroup, wafers: float) -> float:
    """Return the mean minutes from start to end of processing a lot (or the batch it is in) that meets a free tool."""
    if step.per != "wafer":
        return step.process
    handled = min(step.process_wafers or wafers, wafers)
    if group.cascade and step.interval is not None:
        return step.process + max(handled - 1, 0) * step.interval
    return handled * step.process


def _moves(fab: Fab, steps: Sequence[Step]) -> list[float]:
    """Return the mean minutes of the move to each step when it is performed.

    A skipped step is passed without a move, so the lot comes from where it was last: a chance for each location. The
    first step and moves from or to a delay take no time.
    """
    times = {(move.from_location, move.to_location): move.time for move in fab.transports}
    last: dict[str, float] = {}
    moves = []
    for step in steps:
        group = fab.tool_groups[step.tool_group]
        share = step.sampling_percent / 100
        here = "" if group.kind == "delay" else group.location
        moves.append(sum(chance * times.get((origin, here), 0.0) for origin, chance in last.items() if origin and here))
        last = {origin: chance * (1 - share) for origin, chance in last.items() if share < 1}
        last[here] = last.get(here, 0.0) + share
    return moves
