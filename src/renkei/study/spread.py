"""Quantiles of dates that may never come, of measures, and shares with their intervals."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd

AT = (0.1, 0.5, 0.9)
"""Quantiles shown."""
Z_975 = 1.959964


def day_quantile(days: pd.Series[Any], share: float) -> dt.date | None:
    """Return the first day by which at least `share` of all futures were there; None if fewer ever were.

    Never is later than every day (right-censored): an order statistic needs only that. The inverse of the empirical
    distribution function, Hyndman and Fan's (The American Statistician 50, 1996) definition 1.
    """
    known = np.sort(days.dropna().to_numpy())
    place = max(math.ceil(share * len(days) - 1e-9), 1)
    return pd.Timestamp(known[place - 1]).date() if place <= len(known) else None


def reached_share(days: pd.Series[Any], by: dt.date | None = None) -> float:
    """Return the share of futures that were there by the end of a day; without one, at all."""
    if not len(days):
        return math.nan
    there = days.notna() if by is None else days <= pd.Timestamp(by)
    return float(there.mean())


def share_interval(share: float, futures: int) -> tuple[float, float]:
    """Return Wilson's 95 % score interval of a share (JASA 22, 1927); it says something at 0 and 1 too."""
    middle = share + Z_975**2 / (2 * futures)
    half = Z_975 * math.sqrt(share * (1 - share) / futures + Z_975**2 / (4 * futures**2))
    scale = 1 + Z_975**2 / futures
    return max((middle - half) / scale, 0.0), min((middle + half) / scale, 1.0)


def measure_quantiles(table: pd.DataFrame, by: str, measures: Sequence[str], at: Sequence[float] = AT) -> pd.DataFrame:
    """Return a row for each `by` and measure: measured (futures that have one), mean, and one column a quantile.

    Linear between order statistics (definition 7); futures in which there was nothing to measure are left out.
    """
    rows = []
    for key, part in table.groupby(by, sort=True):
        for name in measures:
            values = part[name].astype("float64").dropna()
            row = {by: key, "measure": name, "measured": len(values), "mean": values.mean() if len(values) else None}
            rows.append(row | {label(q): float(values.quantile(q)) if len(values) else None for q in at})
    columns = [by, "measure", "measured", "mean", *(label(q) for q in at)]
    frame = pd.DataFrame(rows, columns=columns)
    return frame.astype({"mean": "float64", **{label(q): "float64" for q in at}})


def label(share: float) -> str:
    """Return `p10` for 0.1."""
    return f"p{100 * share:g}"
