"""How much of a run's beginning to leave out: the marginal standard error rule, MSER-5, on daily series."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

BATCH = 5
LAST_BATCHES, LAST_SHARE = 5, 0.25
"""Cuts that leave fewer batches, or a smaller share of them, are not looked at."""
LEAST_DAYS = 50
"""Shorter series, of fewer than ten batches, get no advice."""


@dataclass(frozen=True)
class Mser5:
    """What MSER-5 would leave out of a run, in days: by WIP, by cycle time, and the larger of both."""

    days: float
    wip_days: float
    cycle_time_days: float | None
    """None if fewer than fifty days had finished lots."""
    run_too_short: bool
    """A cut lies in the last half of its series: no steady state was seen, the run says nothing about one."""

    def to_json(self) -> dict[str, Any]:
        """Return it under the names of docs/statistics.md."""
        return {
            "days": self.days,
            "wip_days": self.wip_days,
            "cycle_time_days": self.cycle_time_days,
            "run_too_short": self.run_too_short,
        }


def mser5(series: Sequence[float] | Any) -> int | None:
    """Return how many observations from the first on MSER-5 leaves out; None for fewer than fifty.

    With the means Z(1) … Z(k) of batches of five observations, the cut d minimises the squared standard error of the
    mean of what is kept, Σ over i > d of (Z(i) − mean of those Z)² ÷ (k − d)²; the first of equal minima counts.
    White, "An effective truncation heuristic for bias reduction in simulation output", Simulation 69(6), 1997; batches
    of five: White, Cobb, Spratt, "A comparison of five steady-state truncation heuristics for simulation", WSC 2000.
    Cuts that leave fewer than five batches are not tried, since a few like values at the end would win by chance
    (Hoad, Robinson, Davies, "Automating warm-up length estimation", JORS 61(9), 2010), nor those that leave less than a
    quarter, which is ours: the WIP of a busy fab wanders for weeks, so that even ten batches are alike by chance.
    """
    values = np.asarray(series, float)
    count = len(values) // BATCH
    if len(values) < LEAST_DAYS:
        return None
    means = values[: count * BATCH].reshape(count, BATCH).mean(axis=1)
    kept = [means[cut:] for cut in range(count - max(LAST_BATCHES, math.ceil(LAST_SHARE * count)) + 1)]
    errors = [float(((part - part.mean()) ** 2).sum()) / len(part) ** 2 for part in kept]
    return BATCH * int(np.argmin(errors))


def warmup_advice(daily: pd.DataFrame) -> Mser5 | None:
    """Return what MSER-5 says of the daily mean WIP and cycle time, None for runs of fewer than fifty days.

    `daily` is that of one or more replications from day 1 on (`FloorRun.daily`). Each series is the mean over the
    replications; days without a finished lot are left out of that of the cycle time.
    """
    columns = ["mean_wip_lots", "mean_cycle_time_days"]
    means = daily.groupby("day")[columns].mean()
    wip = _cut(means["mean_wip_lots"])
    cycle_time = _cut(means["mean_cycle_time_days"].dropna())
    if wip is None:
        return None
    found = [wip] if cycle_time is None else [wip, cycle_time]
    days = None if cycle_time is None else cycle_time[0]
    return Mser5(max(day for day, _ in found), wip[0], days, any(late for _, late in found))


def _cut(series: pd.Series[float]) -> tuple[float, bool] | None:
    """Return the day up to which a series indexed by day is cut, and whether that is in its last half."""
    cut = mser5(series.to_numpy())
    if cut is None:
        return None
    first_kept = float(series.index[cut])
    return (first_kept - 1 if cut else 0.0), cut > len(series) / 2
