"""Means and 95 % half-widths over replications, key by key of nested measures."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

T_975 = (
    12.706, 4.303, 3.182, 2.776, 2.571, 2.447, 2.365, 2.306, 2.262, 2.228, 2.201, 2.179, 2.160, 2.145, 2.131,
    2.120, 2.110, 2.101, 2.093, 2.086, 2.080, 2.074, 2.069, 2.064, 2.060, 2.056, 2.052, 2.048, 2.045, 2.042,
)  # fmt: skip
"""97.5 % points of Student's t with 1 … 30 degrees of freedom (any statistical table)."""


def t_975(freedom: int) -> float:
    """Return the 97.5 % point of Student's t; beyond 30 degrees by the Cornish–Fisher term 1.96 + 2.37/f + 2.8/f²."""
    return T_975[freedom - 1] if freedom <= len(T_975) else 1.959964 + 2.3723 / freedom + 2.8225 / freedom**2


def mean_of(runs: Sequence[Any]) -> Any:
    """Return the mean over replications of numbers or nested mappings of numbers; None where a replication has none."""
    if isinstance(runs[0], dict):
        return {key: mean_of([run[key] for run in runs]) for key in runs[0]}
    known = [run for run in runs if run is not None]
    return sum(known) / len(known) if known else None


def half_width_of(runs: Sequence[Any]) -> Any:
    """Return the 95 % half-width of the mean (t interval) in the same shape; None where fewer than two are known."""
    if isinstance(runs[0], dict):
        return {key: half_width_of([run[key] for run in runs]) for key in runs[0]}
    known = [float(run) for run in runs if run is not None]
    if len(known) < 2:
        return None
    mean = sum(known) / len(known)
    variance = sum((value - mean) ** 2 for value in known) / (len(known) - 1)
    return t_975(len(known) - 1) * math.sqrt(variance / len(known))
