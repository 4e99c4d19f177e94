"""Raw process time: what a lot would need if it never waited."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from renkei.fab.fab import Fab
from renkei.fab.releases import release_streams
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup
from renkei.fab.visits import expected_visits, surviving

_NOWHERE = ""
"""Where a lot is before its first step and during a delay: moves from and to there take no time."""


def rpt(fab: Fab) -> dict[str, float]:
    """Return the static raw process time of each product in minutes.

    Expected process, load, unload and transport with sampling and rework; no waiting, setup, holds. Orders of different
    lot sizes are weighed by their rate; a product without lots counts with the fab's lot size.
    """
    carriers: dict[str, dict[int, float]] = {name: {} for name in fab.products}
    for (product, wafers), rate in release_streams(fab).items():
        carriers[product][wafers] = rate
    return {name: _mean_time(fab, product.route, carriers[name]) for name, product in fab.products.items()}


def _mean_time(fab: Fab, route: str, carriers: Mapping[int, float]) -> float:
    total = sum(carriers.values())
    if total <= 0:
        return raw_time(fab, route, min(carriers, default=fab.wafers_per_lot))
    return sum(rate * raw_time(fab, route, wafers) for wafers, rate in carriers.items()) / total


def raw_time(fab: Fab, route: str, wafers: int) -> float:
    """Return the static raw process time in minutes of a lot of `wafers` on a route; see `rpt`."""
    steps = fab.routes[route]
    visits, alive = expected_visits(steps).tolist(), surviving(steps).tolist()
    total = _moving(fab, steps, visits)
    for step, times, share in zip(steps, visits, alive, strict=True):
        group = fab.tool_groups[step.tool_group]
        total += times * (passage(step, group, wafers * share) + group.load + group.unload)
    return total


def passage(step: Step, group: ToolGroup, wafers: float) -> float:
    """Return the mean minutes from start to end of processing a lot (or the batch it is in) that meets a free tool."""
    if step.per != "wafer":
        return step.process
    handled = min(step.process_wafers or wafers, wafers)
    if group.cascade and step.interval is not None:
        return step.process + max(handled - 1, 0) * step.interval
    return handled * step.process


def _moving(fab: Fab, steps: Sequence[Step], visits: Sequence[float]) -> float:
    """Return the mean minutes a lot spends on moves, given how often it performs each step.

    A skipped step is passed without a move, so the flow of lots to a step is kept by where they were last. The first
    step and moves from or to a delay take no time.
    """
    times = {(move.from_location, move.to_location): move.time for move in fab.transports}
    places = [_place(fab.tool_groups[step.tool_group]) for step in steps]
    returns: dict[int, list[tuple[str, float]]] = {}
    for step, place, done in zip(steps, places, visits, strict=True):
        if step.rework_step:
            returns.setdefault(step.rework_step, []).append((place, done * step.rework_percent / 100))
    flow = {_NOWHERE: 1.0}
    total = 0.0
    for step, place, done in zip(steps, places, visits, strict=True):
        for origin, lots in returns.get(step.step, ()):
            flow[origin] = flow.get(origin, 0.0) + lots
        share = step.sampling_percent / 100
        total += share * sum(lots * times.get((origin, place), 0.0) for origin, lots in flow.items())
        flow = {origin: lots * (1 - share) for origin, lots in flow.items() if share < 1}
        again = step.rework_percent / 100 if step.rework_step else 0.0
        flow[place] = flow.get(place, 0.0) + done * (1 - again)
    return total


def _place(group: ToolGroup) -> str:
    return _NOWHERE if group.kind == "delay" else group.location
