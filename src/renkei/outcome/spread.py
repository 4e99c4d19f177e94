"""Means and 95 % half-widths over replications, key by key of nested measures, and of paired differences."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

ROUNDING = 1e-9
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
    return _half_width(known)


def _half_width(values: Sequence[float]) -> float:
    mean = sum(values) / len(values)
    variance = sum((value - mean) ** 2 for value in values) / (len(values) - 1)
    return t_975(len(values) - 1) * math.sqrt(variance / len(values))


@dataclass(frozen=True)
class Paired:
    """A measure in two fabs under the same luck, replication by replication."""

    a: float | None
    """Mean over the replications in which A has the measure."""
    b: float | None
    difference: float | None
    """Mean of B − A over the replications in which both have the measure."""
    half_width: float | None
    """Of the 95 % interval of the difference; None with fewer than two pairs."""
    pairs: int

    @property
    def ratio(self) -> float | None:
        """B ÷ A."""
        return self.b / self.a if self.a and self.b is not None else None

    @property
    def clear(self) -> bool | None:
        """True if the interval of the difference leaves out zero; None without an interval.

        A difference in the last digits of what is compared is none: it comes from the order of summing.
        """
        if self.difference is None or self.half_width is None:
            return None
        rounding = ROUNDING * max(abs(self.a or 0.0), abs(self.b or 0.0))
        return abs(self.difference) > max(self.half_width, rounding)


def paired(a: Sequence[float | None], b: Sequence[float | None]) -> Paired:
    """Return the paired comparison of a measure, replication by replication, with a Student t interval.

    Law, Simulation Modeling and Analysis, 5th ed. 2015, section 10.2.1.
    """
    differences = [float(y) - float(x) for x, y in zip(a, b, strict=True) if x is not None and y is not None]
    mean = sum(differences) / len(differences) if differences else None
    half = _half_width(differences) if len(differences) > 1 else None
    return Paired(mean_of(a), mean_of(b), mean, half, len(differences))
