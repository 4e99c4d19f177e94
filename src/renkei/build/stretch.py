"""Letting a floor run for as long as memory can hold its lots."""

from __future__ import annotations

from renkei.build.floorplan import FloorPlan
from renkei.errors import RunError
from renkei.floor import drive
from renkei.floor.state import State

DAY = 1440.0
MOST_LOTS = 5_000_000
"""In the fab at a time; some two hundred bytes each."""


def advance(floor: FloorPlan, state: State, until: float, most: int = MOST_LOTS) -> State:
    """Run a floor through all events up to and including minute `until`; returns the (perhaps enlarged) state.

    Raises RunError as soon as a day ends with more than `most` lots in the fab.
    """
    while True:
        stop = min(until, float(state.clock["now"][0]) + DAY)
        state = drive.advance(floor.plan, state, stop)
        if (lots := int(state.clock["wip"][0])) > most:
            message = (
                f"{lots:,} lots are in the fab {floor.fab.name} on day {stop / DAY:g}, more than memory should hold"
            )
            raise RunError(f"{message}: its orders release more than it makes; see `renkei fab check`")
        if stop == until:
            return state
