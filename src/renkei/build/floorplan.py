"""The plan of a fab together with its names: what replicate, simulate and outcome need to talk to the floor."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from renkei.build.fresh import fresh
from renkei.build.lower import lower
from renkei.build.names import Index
from renkei.fab.fab import Fab
from renkei.floor.records import UNTRACED
from renkei.floor.state import Plan, State


@dataclass(frozen=True)
class FloorPlan:
    """A fab lowered to arrays, and the rows of its names."""

    fab: Fab
    index: Index
    plan: Plan

    def fresh(self, seed: int, present: Mapping[str, int] | None = None, trace: int = UNTRACED) -> State:
        """Return the floor at minute 0, in motion (see `build.fresh.fresh`)."""
        return fresh(self.fab, self.index, self.plan, seed, present, trace)


def floor_plan(fab: Fab) -> FloorPlan:
    """Lower a fab."""
    index = Index(fab)
    return FloorPlan(fab, index, lower(fab, index))
