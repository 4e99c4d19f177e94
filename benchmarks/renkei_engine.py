"""Renkei's floor as an engine."""

from __future__ import annotations

import time

import numpy as np

from benchmarks.cases import Case, Length
from benchmarks.network import DAY
from benchmarks.outcome import Outcome
from renkei.build.accounts import finished_rows
from renkei.build.floorplan import FloorPlan, floor_plan
from renkei.floor import drive
from renkei.floor.state import State


class Renkei:
    """The floor by itself: lowered, set in motion and warmed up untimed, then run in one piece."""

    name = "Renkei"

    def __init__(self) -> None:
        self._plans: dict[str, FloorPlan] = {}

    def absent(self) -> str | None:
        """It is always here."""
        return None

    def unfit(self, case: Case) -> str | None:
        """All cases are fabs; those without their files have been left out before."""
        return case.absent()

    def plan(self, case: Case) -> FloorPlan:
        """Lower the fab of a case, once."""
        if case.name not in self._plans:
            self._plans[case.name] = floor_plan(case.fab())
        return self._plans[case.name]

    def run(self, case: Case, length: Length, seed: int) -> Outcome:
        """Run a case."""
        floor = self.plan(case)
        state = drive.advance(floor.plan, floor.fresh(seed), length.warmup * DAY)
        before, done = int(state.clock["moves"][0]), len(finished_rows(state))
        start = time.thread_time()
        state = drive.advance(floor.plan, state, (length.warmup + length.days) * DAY)
        seconds = time.thread_time() - start
        return Outcome(
            seconds,
            int(state.clock["moves"][0]) - before,
            _time_in_fab(floor, state),
            len(finished_rows(state)) - done,
        )


def _time_in_fab(floor: FloorPlan, state: State) -> dict[str, float]:
    rows = finished_rows(state)
    rows = rows[(rows["known"] == 1) & (rows["wafers_out"] > 0)]
    types = floor.plan.orders["lot_type"][rows["order"]]
    took = rows["finished"] - rows["released"]
    own = {name: took[types == row] for name, row in floor.index.lot_types.items()}
    return {name: float(np.mean(times)) for name, times in own.items() if len(times)}
