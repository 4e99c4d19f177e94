"""One doubt about an alliance, and what it is measured by."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np

from renkei.alliance import Alliance
from renkei.alliance.milestones import Metric, Milestone
from renkei.fab.builtin import load_fab
from renkei.fab.fab import Fab
from renkei.months.factory import Factory, factory_of
from renkei.months.orders import Purchase, most_tools, purchases, sizes_of
from renkei.months.planning import wafers_a_month

LEAST_TOOLS, LEAST_WAFERS = 20, 1000.0
MINUTES_PER_MONTH = 365.25 / 12 * 1440


@dataclass(frozen=True)
class Judgement:
    """Something that is allowed, and that an expert would doubt."""

    path: tuple[Any, ...]
    """Where in the alliance."""
    message: str
    yardstick: str
    """What is usual."""
    source: str
    """Where the yardstick is from."""


@dataclass(frozen=True)
class Case:
    """An alliance at its nominal values, with its fab and what it buys."""

    alliance: Alliance
    fab: Fab
    bought: tuple[Purchase, ...]

    @cached_property
    def factory(self) -> Factory:
        """The fab as static numbers."""
        return factory_of(self.fab)

    @cached_property
    def tools(self) -> dict[str, int]:
        """Tools ever ordered, by group."""
        return most_tools(self.bought)

    @property
    def product(self) -> str:
        """The product of the first segment: the one that capacity is counted in."""
        return next(iter(self.alliance.market.segments.values())).product

    @cached_property
    def capacity(self) -> float:
        """Wafers of the product a month with all tools ever ordered at the planner's load ceiling."""
        minutes = self.factory.tool_array(self.tools) * self.factory.available * MINUTES_PER_MONTH
        return wafers_a_month(
            self.factory, self.product, np.asarray(minutes) * float(self.alliance.planning.load_ceiling)
        )

    @cached_property
    def volume(self) -> tuple[Milestone, float] | None:
        """The milestone that asks for most wafers a month, and how many."""
        asked = [
            (milestone, condition.level)
            for milestone in self.alliance.milestones.values()
            for condition in milestone.when.conditions
            if condition.metric is Metric.WAFERS_OUT and condition.at_least is not None
        ]
        return max(asked, key=lambda item: item[1], default=None)

    @property
    def real(self) -> bool:
        """Whether yardsticks of real fabs mean something: a few tools and a thousand wafers a month are a lesson."""
        return sum(self.tools.values()) >= LEAST_TOOLS and self.wafers >= LEAST_WAFERS

    @property
    def wafers(self) -> float:
        """Wafers a month that the alliance is for: the volume promised, or its tools' capacity if that is more."""
        return max(self.volume[1] if self.volume is not None else 0.0, self.capacity)


Judge = Callable[[Case], Iterator[Judgement]]


def case_of(alliance: Alliance) -> Case:
    """Return the case of an alliance; raises InputError if its fab cannot be read."""
    fab = load_fab(alliance.fab, None)
    sizes = {size: load_fab(alliance.fab, size) for size in sizes_of(alliance)}
    return Case(alliance, fab, purchases(alliance, fab, sizes))
