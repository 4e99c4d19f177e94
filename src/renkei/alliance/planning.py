"""Planning: how lot starts are decided each month, from what is believed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from renkei.alliance.base import FabName, Gate, Item, Named, Terms, guess
from renkei.units import Factor, Fraction, Lag, MoneyPerWafer


class Phase(Item):
    """A phase of the ramp; the last one in the mapping whose `after` holds is in force."""

    after: Gate = ()
    """Milestones that begin the phase; the first phase has none."""
    development: Fraction
    """Share of the bottleneck's hours that development lots may use."""
    monitors: Fraction = guess("Fraction", 0.1)
    """Non-product wafers as a share of all starts."""
    product_starts: bool = True
    """Whether customers' volume wafers are started at all."""


_PHASES = {
    "pilot": Phase(
        id="pilot",
        development=guess("Fraction", 1),
        monitors=guess("Fraction", {"triangular": [0.25, 0.3, 0.4]}),
        product_starts=False,
    )
}


class Materials(Terms):
    """Wafers, chemicals, resists, masks in use; paid when a lot starts."""

    product: MoneyPerWafer = guess("MoneyPerWafer", "3000 USD/wafer")
    """For a whole product route."""
    development: MoneyPerWafer = guess("MoneyPerWafer", "4000 USD/wafer")
    """For a whole product route; shorter routes in proportion to their steps."""
    monitor: MoneyPerWafer = guess("MoneyPerWafer", "150 USD/wafer")


class Planning(Terms):
    """Rules of the planner (model.md, Planning)."""

    policy: Literal["chase", "level", "technology_first"] = "chase"
    """`chase`: starts follow the orders as they fall due. `level`: what is needed further ahead is started in equal
    monthly parts, early where demand rises and late where it peaks. `technology_first`: as chase, but development takes
    what learning asks for before customers get anything, whatever the phase's share."""
    level_over: Lag = guess("Lag", 6)
    """`level`: months beyond the cycle time over which starts are spread."""
    phases: Annotated[Named[Phase], Field(min_length=1)] = _PHASES
    load_ceiling: Fraction = guess("Fraction", 0.90)
    """Planned load of the bottleneck groups, of their hours after availability."""
    load_ceilings: Mapping[FabName, Fraction] = {}
    """By tool group or area, instead of the general one."""
    learning_target: Factor = guess("Factor", 3)
    """Development lots per generation as a multiple of half_lots (m50); more than analysis clears are not started."""
    hot_share: Fraction = guess("Fraction", 0.1)
    """Hot lots as a share of WIP at most."""
    wip_cap: Factor = guess("Factor", 3.5)
    """Product lots in the fab at most: as many as an X-factor of this gives at full load."""
    belief_lag: Lag = guess("Lag", 1)
    """Yield, D0 and cycle time are believed as they were this long ago."""
    cycle_time_margin: Factor = guess("Factor", 1.1)
    """On the believed cycle time when orders are scheduled."""
    materials: Materials = Materials()
