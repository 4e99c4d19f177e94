"""What the floor tells the month loop about a stretch of time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True)
class LotType:
    """A kind of lots that the month loop may start: a release line of the floor."""

    name: str
    product: str
    priority: int = 10
    wafers: int = 25


@dataclass(frozen=True)
class FinishedLots:
    """Lots that left the fab, in the order in which they left; all arrays have shape [lots]. Minutes since the fab's
    start."""

    lot_type: NDArray[np.str_]
    product: NDArray[np.str_]
    number: NDArray[np.int64]
    released: NDArray[np.float64]
    finished: NDArray[np.float64]
    wafers_in: NDArray[np.int64]
    wafers_out: NDArray[np.int64]
    """0: the whole lot was scrapped."""

    def __len__(self) -> int:
        return len(self.number)


@dataclass(frozen=True)
class Flow:
    """One stretch of the floor, (since, until] in minutes since the fab's start."""

    since: float
    until: float
    finished: FinishedLots
    wip_lots: Mapping[str, int]
    """Lots in the fab at `until`, by product."""
    wip_wafers: int
    mean_wip_lots: float
    released_lots: Mapping[str, int]
    """Lots released in the stretch, by lot type."""
    released_wafers: Mapping[str, int]
    lot_steps: int
    """Steps ended in the stretch."""
    tool_time: Mapping[str, Mapping[str, float]]
    """By tool group: tool-minutes in each E10 state (productive, engineering, setup, standby, scheduled_down,
    unscheduled_down)."""
    first_done: Mapping[tuple[str, int], float]
    """First minute, since the fab's start, at which a step (route, number) was done; only steps done so far."""
    crew_busy: Mapping[str, float]
    """Person-minutes worked by each counted crew in the stretch."""
    crew_waited: Mapping[str, float]
    """Minutes that work waited for a person, by crew."""
