"""Shapes of uncertain values and their inverse distribution functions."""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal
from statistics import NormalDist
from typing import Literal

Shape = Literal["constant", "triangular", "uniform", "lognormal", "normal", "choice"]
SHAPES: dict[str, str] = {
    "triangular": "[lowest, most likely, highest]",
    "uniform": "[lowest, highest]",
    "lognormal": "[median, sigma of the logarithm]",
    "normal": "[mean, standard deviation]",
    "choice": "[value, value, …], with weights: [w, w, …] if not equally likely",
}


@dataclass(frozen=True)
class Spread:
    """A constant or a distribution; `parameters` in the unit of the quantity (lognormal's sigma has none)."""

    shape: Shape
    parameters: tuple[Decimal, ...]
    weights: tuple[float, ...] = ()

    @property
    def nominal(self) -> Decimal:
        """What is used when nothing is drawn: mode of a triangle, middle, median, mean, likeliest choice."""
        match self.shape:
            case "triangular":
                return self.parameters[1]
            case "uniform":
                return (self.parameters[0] + self.parameters[1]) / 2
            case "choice" if self.weights:
                return self.parameters[max(range(len(self.weights)), key=lambda i: (self.weights[i], -i))]
            case _:
                return self.parameters[0]

    @property
    def lowest(self) -> Decimal | None:
        """Smallest possible value; None when unbounded."""
        if self.shape == "normal":
            return None
        return Decimal(0) if self.shape == "lognormal" else min(self.parameters)

    @property
    def highest(self) -> Decimal | None:
        """Largest possible value; None when unbounded."""
        return None if self.shape in ("normal", "lognormal") else max(self.parameters)

    def quantile(self, u: float, lower: float | None = None, upper: float | None = None) -> float:
        """Return the value at `u` in (0, 1); normal and lognormal are truncated to [lower, upper]."""
        p = [float(x) for x in self.parameters]
        match self.shape:
            case "constant":
                return p[0]
            case "triangular":
                return _triangular(u, p[0], p[1], p[2])
            case "uniform":
                return p[0] + u * (p[1] - p[0])
            case "normal":
                return _truncated(u, NormalDist(p[0], p[1]), lower, upper)
            case "lognormal":
                low = math.log(lower) if lower is not None and lower > 0 else None
                high = math.log(upper) if upper else None
                return math.exp(_truncated(u, NormalDist(math.log(p[0]), p[1]), low, high))
            case "choice":
                return _chosen(u, p, self.weights or (1.0,) * len(p))

    def problem(self) -> str:
        """Return what is wrong with the parameters, or nothing."""
        p = self.parameters
        wanted = {"triangular": 3, "uniform": 2, "lognormal": 2, "normal": 2}.get(self.shape)
        if wanted is not None and len(p) != wanted:
            return f"needs {wanted} numbers {SHAPES[self.shape]}"
        if self.shape in ("triangular", "uniform") and list(p) != sorted(p):
            return f"must rise from lowest to highest {SHAPES[self.shape]}"
        if self.shape in ("lognormal", "normal") and p[1] <= 0:
            return f"needs a spread above 0 {SHAPES[self.shape]}"
        if self.shape == "lognormal" and p[0] <= 0:
            return "needs a median above 0"
        if self.shape == "choice":
            return _choice_problem(p, self.weights)
        return ""


def _choice_problem(values: tuple[Decimal, ...], weights: tuple[float, ...]) -> str:
    if not values:
        return "needs at least one value"
    if weights and len(weights) != len(values):
        return f"has {len(values)} values but {len(weights)} weights"
    if weights and (min(weights) < 0 or sum(weights) <= 0):
        return "needs weights that are not negative and not all 0"
    return ""


def _triangular(u: float, low: float, mode: float, high: float) -> float:
    width = high - low
    if width == 0:
        return low
    if u < (mode - low) / width:
        return low + math.sqrt(u * width * (mode - low))
    return high - math.sqrt((1 - u) * width * (high - mode))


def _truncated(u: float, normal: NormalDist, lower: float | None, upper: float | None) -> float:
    first = normal.cdf(lower) if lower is not None else 0.0
    last = normal.cdf(upper) if upper is not None else 1.0
    value = normal.inv_cdf(min(max(first + u * (last - first), 1e-300), 1 - 1e-16))
    value = value if lower is None else max(value, lower)
    return value if upper is None else min(value, upper)


def _chosen(u: float, values: list[float], weights: tuple[float, ...]) -> float:
    left = u * sum(weights)
    for value, weight in zip(values, weights, strict=True):
        left -= weight
        if left < 0:
            return value
    return values[-1]
