"""What the planner knows of the fab without running it: work of a lot, availability, raw process times."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from renkei.fab.capacity import Work, raw_time, work_per_day
from renkei.fab.fab import Fab
from renkei.fab.outages import Outage
from renkei.fab.products import Order
from renkei.fab.visits import expected_visits, surviving

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Factory:
    """A fab as static numbers; arrays follow `groups`, delays left out."""

    fab: Fab
    groups: tuple[str, ...]
    available: Floats
    """Share of the calendar that a tool is up, apart from maintenance by count."""
    longest: int
    """Steps of the longest product route: a whole one."""
    _work: dict[tuple[str, int], Floats] = field(default_factory=dict)
    _raw: dict[tuple[str, int], float] = field(default_factory=dict)
    _kept: dict[str, float] = field(default_factory=dict)
    _moves: dict[str, float] = field(default_factory=dict)
    _on_route: dict[str, frozenset[str]] = field(default_factory=dict)

    def work(self, product: str, wafers: int) -> Floats:
        """Return the tool minutes of one lot in each group, rework, sampling and maintenance by count included."""
        key = product, wafers
        if key not in self._work:
            order = Order(order="lot", product=product, wafers=wafers, interval=1440.0)
            done = work_per_day(self.fab.with_orders((order,)))
            minutes = [_with_count_outages(self.fab, name, done[name]) for name in self.groups]
            self._work[key] = np.array(minutes)
        return self._work[key]

    def raw_minutes(self, product: str, wafers: int) -> float:
        """Return the static raw process time of a lot in minutes."""
        key = product, wafers
        if key not in self._raw:
            self._raw[key] = raw_time(self.fab, self.fab.products[product].route, wafers)
        return self._raw[key]

    def route_groups(self, product: str) -> frozenset[str]:
        """Return the tool groups of a product's route, delays left out."""
        return self.groups_of_route(self.fab.products[product].route)

    def groups_of_route(self, route: str) -> frozenset[str]:
        """Return the tool groups of a route, delays left out."""
        if route not in self._on_route:
            used = {step.tool_group for step in self.fab.routes[route]}
            self._on_route[route] = frozenset(used & set(self.groups))
        return self._on_route[route]

    def moves(self, product: str) -> float:
        """Return the steps on tools that a lot of a product visits, rework and sampling included: its loadings."""
        if product not in self._moves:
            steps = self.fab.routes[self.fab.products[product].route]
            known = set(self.groups)
            visits = expected_visits(steps)
            self._moves[product] = sum(
                float(visit) for step, visit in zip(steps, visits, strict=True) if step.tool_group in known
            )
        return self._moves[product]

    def part(self, product: str) -> float:
        """Return the length of a product's route as a share of a whole product route."""
        return len(self.fab.routes[self.fab.products[product].route]) / self.longest

    def floor_yield(self, product: str) -> float:
        """Return the share of wafers that the floor's own scrap leaves."""
        if product not in self._kept:
            steps = self.fab.routes[self.fab.products[product].route]
            visits = float(expected_visits(steps)[-1])
            self._kept[product] = float(surviving(steps)[-1] * (1 - steps[-1].scrap_percent / 100) ** visits)
        return self._kept[product]

    @cached_property
    def hold_minutes(self) -> float:
        """Return the mean length of a hold over all steps that can hold, minutes; 0 without holds."""
        times = [
            (s.hold_percent, s.hold_time) for steps in self.fab.routes.values() for s in steps if s.hold_percent > 0
        ]
        weight = sum(share for share, _ in times)
        return sum(share * time for share, time in times) / weight if weight else 0.0

    def monitors(self) -> dict[str, float]:
        """Return the fab's non-product wafers: share of each monitor product, by its declared orders, else equal."""
        names = [name for name, product in self.fab.products.items() if product.kind == "monitor"]
        rates = dict.fromkeys(names, 0.0)
        for order in self.fab.orders:
            if order.product in rates and order.interval:
                rates[order.product] += (
                    order.lots_per_release * (order.wafers or self.fab.wafers_per_lot) / order.interval
                )
        total = sum(rates.values())
        return {name: rate / total if total else 1 / len(names) for name, rate in rates.items()}

    def breakdowns(self, group: str) -> list[Outage]:
        """Return the breakdowns of a tool group, those that count wafers left out."""
        return [o for o in _outages(self.fab, group) if o.kind == "breakdown" and o.clock != "wafers"]

    def changed_hours(self, group: str, interval: float, duration: float) -> float:
        """Return the factor on a group's useful hours when breakdowns' intervals and repairs change by factors."""
        usual = float(self.available[self.groups.index(group)])
        changed, worn = usual, 1.0
        for outage in self.breakdowns(group):
            cycle, repair = outage.interval * interval, outage.duration * duration
            if outage.clock == "calendar":
                changed -= repair / (cycle + repair) - outage.duration / (outage.interval + outage.duration)
            else:
                worn *= (1 + outage.duration / outage.interval) / (1 + repair / cycle)
        return max(changed, 0.0) / usual * worn if usual > 0 else worn

    def tool_array(self, counts: Mapping[str, float]) -> Floats:
        """Return numbers by group as an array."""
        return np.array([float(counts.get(name, 0.0)) for name in self.groups])

    def crews_of(self, column: str) -> frozenset[str]:
        """Return the crews named in a column of the tool groups: repair_crew, pm_crew or hold_crew."""
        return frozenset(getattr(group, column) for group in self.fab.tool_groups.values()) - {""}


def factory_of(fab: Fab) -> Factory:
    """Return the static numbers of a fab."""
    groups = tuple(name for name, group in fab.tool_groups.items() if group.kind == "tool")
    available = np.array([1 - _calendar_down(fab, name) for name in groups])
    lengths = [len(fab.routes[p.route]) for p in fab.products.values() if p.kind == "product"]
    return Factory(fab, groups, np.maximum(available, 0.0), max(lengths, default=max(map(len, fab.routes.values()))))


def _outages(fab: Fab, name: str) -> list[Outage]:
    area = fab.tool_groups[name].area
    return [o for o in fab.outages if o.tool_group == name or (o.area and o.area == area)]


def _calendar_down(fab: Fab, name: str) -> float:
    """Share of the calendar lost: PM counts from start to start, breakdowns from the end of repair."""
    down = 0.0
    for outage in _outages(fab, name):
        if outage.clock == "calendar":
            pause = outage.duration if outage.kind == "breakdown" else 0.0
            down += outage.duration / (outage.interval + pause)
    return down


def _with_count_outages(fab: Fab, name: str, work: Work) -> float:
    minutes, wafers = work.process + work.handling, work.wafers
    total = minutes
    for outage in _outages(fab, name):
        if outage.clock == "busy":
            total += minutes * outage.duration / outage.interval
        elif outage.clock == "wafers":
            total += wafers * outage.duration / outage.interval
    return total
