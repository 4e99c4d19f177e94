"""The trace in Parquet: each step of the window once, in order, as the floor did it."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.build.floorplan import floor_plan
from renkei.fab import load_fab
from renkei.fab.fab import Fab
from renkei.floor import drive
from renkei.floor.records import BY_BOOKING
from renkei.outcome.trace import TraceFile
from renkei.replicate import run_floor
from tests.floor.fabs import run_floor as to_minute
from tests.floor.fabs import trace_of
from tests.floor.strategies import fabs

WORDS = ["order", "number", "route", "step", "visit", "tool", "arrived_minute", "started_minute", "ended_minute"]


def traced(fab: Fab, folder: Path, stops: list[float], seed: int = 1, since: float = 0.0) -> pd.DataFrame:
    fp = floor_plan(fab)
    file = TraceFile(folder / "trace.parquet", fp, 7, since)
    state = fp.fresh(seed, trace=BY_BOOKING)
    for stop in stops:
        state = drive.advance(fp.plan, state, stop)
        file.take(state)
    file.close()
    return pd.read_parquet(folder / "trace.parquet")


@settings(max_examples=40, deadline=None, derandomize=True, database=None)
@given(fab=fabs(), stops=st.lists(st.floats(0.0, 400.0), max_size=4))
def test_wherever_it_stops_all_steps_are_there_in_order(
    tmp_path_factory: pytest.TempPathFactory, fab: Fab, stops: list[float]
) -> None:
    found = traced(fab, tmp_path_factory.mktemp("trace"), [*sorted(stops), 400.0])
    fp, state = to_minute(fab, 400.0)
    firsts = fp.plan.groups["first_tool"]
    types, groups = list(fp.index.lot_types), list(fab.tool_groups)
    expected = []
    for order, number, route, step, visit, tool, *times in trace_of(fp, state):
        group = fp.index.groups[fab.routes[route][step - 1].tool_group]
        place = None if tool < 0 else tool - int(firsts[group]) + 1
        name = types[fp.plan.orders["lot_type"][order]]
        expected.append((name, number, route, step, visit, groups[group], place, *times))
    rows = zip(*(found[word].astype(object).where(found[word].notna(), None) for word in
                 [*WORDS[:5], "tool_group", *WORDS[5:]]), strict=True)  # fmt: skip
    assert sorted(rows, key=repr) == sorted(expected, key=repr)
    assert found["ended_minute"].is_monotonic_increasing
    assert set(found["replication"]) <= {7}


def test_steps_before_the_window_are_left_out(tmp_path: Path) -> None:
    run = run_floor(load_fab("minifab"), days=30, warmup=10, seed=3, replications=2, trace=tmp_path)
    for number, one in enumerate(run.replications):
        rows = pd.read_parquet(tmp_path / f"0-{number}.parquet")
        assert len(rows) == round(20 * one["moves_per_day"])
        assert rows["ended_minute"].between(10 * 1440, 30 * 1440, inclusive="right").all()
        assert (rows["arrived_minute"] <= rows["started_minute"]).all()
    assert len(run.lots) == len(run_floor(load_fab("minifab"), days=30, warmup=10, seed=3, replications=2).lots)
