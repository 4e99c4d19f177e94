"""The floor and its slow twin do the same, event for event, on fixed times."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.fab.fab import Fab
from renkei.floor.records import E10

from .everything import everything
from .fabs import e10_of, run_floor, trace_of
from .strategies import fabs
from .twin import Twin


def compare(fab: Fab, until: float, seed: int = 1) -> Twin:
    """Run both, compare all that they tell, and return the twin."""
    fp, state = run_floor(fab, until, seed)
    twin = Twin(fab, seed).run(until)
    ours = trace_of(fp, state)
    for place, (row, expected) in enumerate(zip(ours, twin.trace, strict=False)):
        assert row == expected, place
    assert len(ours) == len(twin.trace)
    log = state.finished[: state.clock[0].finished]
    columns = ("order", "number", "released", "finished", "wafers_out")
    assert [tuple(row[column] for column in columns) for row in log] == twin.finished
    for tool, minutes in zip(twin.tools, e10_of(state).tolist(), strict=True):
        assert minutes == pytest.approx([tool.time[name] for name in E10], abs=1e-9)
    assert state.clock[0].wip == len(twin.lots)
    for row, name in zip(state.groups, fab.tool_groups, strict=True):
        assert row.queue_time == pytest.approx(twin.queue_time[name], abs=1e-9), name
    for route, first in fp.index.routes.items():
        for step in fab.routes[route]:
            count = state.steps[first + step.step - 1]
            assert count.checked == twin.checked[route, step.step], (route, step.step)
            assert count.violated == twin.violated[route, step.step], (route, step.step)
            assert count.passes == twin.passes[route, step.step], (route, step.step)
    return twin


@pytest.mark.tiny
def test_a_fab_with_everything() -> None:
    """The comparison means something: the twin has done all there is to do."""
    twin = compare(everything(exact=True), 600.0, seed=5)
    total = sum((tool.time for tool in twin.tools), Counter())
    assert all(total[name] > 0 for name in E10 if name != "out")
    assert sum(twin.violated.values()) > 0 < sum(twin.checked.values()) - sum(twin.violated.values())
    assert len({row[4] for row in twin.trace}) > 1, "rework"
    assert {wafers for *_, wafers in twin.finished} > {3, 4}, "scrap"
    assert twin.passes["chip", 4] < twin.passes["chip", 3], "sampling"
    assert twin.kept > 0, "reservations"


def any_fab(examples: int) -> settings:
    return settings(
        max_examples=examples,
        deadline=None,
        derandomize=True,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    )


@any_fab(100)
@given(fab=fabs(), seed=st.integers(0, 3))
def test_any_small_fab(fab: Fab, seed: int) -> None:
    compare(fab, 300.0, seed)


@pytest.mark.slow
@any_fab(2000)
@given(fab=fabs(), seed=st.integers(0, 3))
def test_any_of_many_fabs(fab: Fab, seed: int) -> None:
    compare(fab, 500.0, seed)
