"""A floor runs until it is asked to stop, or until its lots are too many."""

from __future__ import annotations

import pytest

from renkei.build.floorplan import floor_plan
from renkei.build.stretch import advance
from renkei.errors import RunError
from tests.floor.fabs import make_fab


def test_a_floor_that_piles_up_lots_stops_with_a_reason() -> None:
    """A lot a minute, one a day can be made: what has come less one for each day that is over."""
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 1440.0}]}, [{"product": "r", "interval": 1.0}])
    floor = floor_plan(fab)
    state = advance(floor, floor.fresh(0), 4.5 * 1440, most=6500)
    assert (float(state.clock["now"][0]), int(state.clock["wip"][0])) == (6480, 6481 - 4)
    with pytest.raises(RunError, match=r"7,053 lots are in the fab small on day 4.9, .* see `renkei fab check`"):
        advance(floor, state, 4.9 * 1440, most=6500)
    floor = floor_plan(fab)
    with pytest.raises(RunError, match="5,757 lots are in the fab small on day 4,"):
        advance(floor, floor.fresh(0), 100 * 1440, most=5000)


def test_no_time_to_run_still_handles_what_is_due_now() -> None:
    fab = make_fab({"g": {}}, {"r": [{"tool_group": "g", "process": 5.0}]}, [{"product": "r"}])
    floor = floor_plan(fab)
    assert int(advance(floor, floor.fresh(0), 0.0).clock["wip"][0]) == 1
