"""What does not change during a future: the drawn terms, the fab, the calendar."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from renkei.alliance import Alliance
from renkei.fab.fab import Fab
from renkei.months.calendar import Month, months_of
from renkei.months.dies import area, die_yield
from renkei.months.factory import Factory, factory_of
from renkei.months.lottypes import LotKind, lot_kinds
from renkei.months.orders import Purchase, most_tools, purchases, sizes_of
from renkei.months.planning import wafers_a_month


@dataclass(frozen=True)
class Scene:
    """An alliance ready to be simulated."""

    alliance: Alliance
    """Every uncertain value drawn."""
    seed: int
    factory: Factory
    months: tuple[Month, ...]
    kinds: Mapping[str, LotKind]
    bought: tuple[Purchase, ...]
    sizes: Mapping[str, Fab]
    """Sizes of the fab that orders name."""

    @cached_property
    def most_tools(self) -> dict[str, int]:
        """Largest number of tools each group will ever have."""
        return most_tools(self.bought)

    @cached_property
    def product(self) -> str:
        """The product of the first market segment: the one that capacities are counted in."""
        return next(iter(self.alliance.market.segments.values())).product

    @cached_property
    def full_capacity(self) -> float:
        """Wafers of the product a month with all tools ever ordered."""
        minutes = self.factory.tool_array(self.most_tools) * self.factory.available * 365.25 / 12 * 1440
        return wafers_a_month(self.factory, self.product, minutes * float(self.alliance.planning.load_ceiling))

    @cached_property
    def mature_worth(self) -> float:
        """Good wafers (of the reference yield, where good dies are sold) that a start becomes when all is learnt."""
        technology, market = self.alliance.technology, self.alliance.market
        die = next(iter(market.segments.values())).die
        share = float(die_yield(technology.die_yield, area(die), np.array([float(technology.defects.floor)]))[0])
        each = share / float(market.price.reference_yield) if market.price.basis == "good_die" else 1.0
        return float(technology.line_yield.mature) * each


def scene_of(alliance: Alliance, seed: int, load: Callable[[str, str | None], Fab]) -> Scene:
    """Return the scene of a drawn alliance; `load(fab, size)` reads its fab."""
    fab = load(alliance.fab, None)
    sizes = {size: load(alliance.fab, size) for size in sizes_of(alliance)}
    return Scene(
        alliance, seed, factory_of(fab), months_of(alliance), lot_kinds(alliance, fab),
        purchases(alliance, fab, sizes), sizes,
    )  # fmt: skip
