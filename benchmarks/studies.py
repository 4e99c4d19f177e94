"""What is measured beside the cases: compiling and starting, two threads, the trace, and growth with size."""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from benchmarks.cases import CASES, SYNTHETIC, Case
from benchmarks.engines import RENKEI
from benchmarks.features import costs
from benchmarks.measuring import Measured, interleaved, ratio
from renkei.floor import drive
from renkei.replicate import cores, run_floor

DAY = 1440.0
FIRST_EVENT = """
import time
start = time.perf_counter()
from renkei.build.floorplan import floor_plan
from renkei.fab import load_fab
from renkei.floor import drive
floor = floor_plan(load_fab("minifab"))
state = drive.advance(floor.plan, floor.fresh(0), 60.0)
assert state.clock["events"][0] > 0
print(time.perf_counter() - start)
"""
"""From the first import to the end of the Mini-Fab's first hour, in a fresh interpreter."""
GROWTH_GOAL = 1.5
"""A lot-step of the largest synthetic fab may cost this many times that of the smallest."""


@dataclass(frozen=True)
class Study:
    """One figure: median, least and most of the repetitions."""

    name: str
    title: str
    unit: str = ""
    skipped: str | None = None
    median: float | None = None
    least: float | None = None
    most: float | None = None
    note: str = ""


def _study(name: str, title: str, unit: str, values: Sequence[float], note: str = "") -> Study:
    return Study(name, title, unit, None, statistics.median(values), min(values), max(values), note)


def first_event(cache: str | None = None) -> float:
    """Return seconds to the first events in a new process; `cache`: an empty folder makes it compile the kernels."""
    environment = os.environ if cache is None else os.environ | {"RENKEI_CACHE": cache}
    asked = [sys.executable, "-c", FIRST_EVENT]
    done = subprocess.run(asked, capture_output=True, text=True, check=True, env=environment)
    return float(done.stdout)


def start(repeat: int, smoke: bool) -> list[Study]:
    """Cold compile once, since it takes a minute, and warm starts."""
    first_event()
    warm = _study("start", "warm start, import to first event", "s", [first_event() for _ in range(repeat)])
    title = "cold start, kernels compiled"
    if smoke:
        return [Study("start", title, "s", skipped="left out of a smoke run"), warm]
    with tempfile.TemporaryDirectory() as folder:
        return [_study("start", title, "s", [first_event(folder)]), warm]


def _case(name: str) -> Case:
    return next(case for case in CASES if case.name == name)


def threads(repeat: int, smoke: bool) -> list[Study]:
    """Two replications one after the other against two at once, in wall time: the floor lets other threads run."""
    title = "two replications on two threads, speed-up"
    if cores() < 2:
        return [Study("threads", title, "×", skipped="there is only one core")]
    case = _case("synthetic-10000")
    length = case.smoke if smoke else case.length
    floor = RENKEI.plan(case)
    found = []
    for _ in range(repeat):
        seconds = []
        for workers in (1, 2):
            states = [floor.fresh(seed) for seed in range(2)]
            with ThreadPoolExecutor(workers) as pool:
                begun = time.perf_counter()
                list(pool.map(lambda state: drive.advance(floor.plan, state, length.days * DAY), states))
                seconds.append(time.perf_counter() - begun)
        found.append(seconds[0] / seconds[1])
    return [_study("threads", title, "×", found)]


def trace(repeat: int, smoke: bool) -> list[Study]:
    """What writing every lot-step to Parquet costs, in wall time: the file is written by a thread of its own."""
    case = _case("synthetic-10000")
    length = case.smoke if smoke else case.length
    fab = case.fab()

    def seconds(seed: int, on: bool) -> float:
        with tempfile.TemporaryDirectory() as folder:
            begun = time.perf_counter()
            run_floor(fab, length.days, seed=seed, trace=Path(folder) if on else None)
            return time.perf_counter() - begun

    plain, traced = interleaved([lambda seed, on=on: seconds(seed, on) for on in (False, True)], repeat)
    return [Study("trace", "run with a trace in Parquet, against one without", "×", None, *ratio(traced, plain))]


def growth(rows: Sequence[Measured]) -> list[Study]:
    """Cost of a lot-step in the largest synthetic fab against the smallest, from the rows of the cases."""
    names = SYNTHETIC[0].name, SYNTHETIC[-1].name
    found = {row.case: row for row in rows if row.engine == RENKEI.name and row.case in names and row.lot_steps}
    if len(found) < 2:
        return []
    small, large = ([seconds / (found[name].lot_steps or 1) for seconds in found[name].seconds] for name in names)
    title = "cost of a lot-step, synthetic fab 100 times as large"
    return [Study("growth", title, "×", None, *ratio(large, small), note=f"goal: at most {GROWTH_GOAL:g}")]


def features(repeat: int, smoke: bool) -> list[Study]:
    """What a lot-step of SMT2020 HVLM costs, with and without its features."""
    found = costs(repeat, smoke)
    if not found:
        return [Study("features", "HVLM with and without its features", "ns", skipped=str(_case("hvlm").absent()))]
    return [
        _study("features", f"a lot-step of {name}", "ns", values, f"{events:.2f} events")
        for name, (values, events) in found.items()
    ]


STUDIES = {"start": start, "threads": threads, "trace": trace, "features": features}
