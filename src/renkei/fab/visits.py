"""How often a lot does each step of its route: sampling, rework and scrap in expectation."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from renkei.fab.routes import Step

Floats = npt.NDArray[np.float64]


def expected_visits(route: Sequence[Step]) -> Floats:
    """Return how often a lot that is not scrapped performs each step, shape (steps,).

    A cut between step i and i + 1 is crossed once more forwards than backwards: v(i)·(1 − s(i)·q(i)) = 1 + sum of
    v(j)·s(j)·q(j) over the later steps j that send back to i or before. Here v are arrivals, s the sampling shares, q
    the rework shares; performed are v·s. Exact for nested and overlapping rework; a single loop gives q·s/(1 − q·s)
    extra passes.
    """
    visits = np.empty(len(route))
    returning = 0.0
    ending: dict[int, float] = {}
    for index in range(len(route) - 1, -1, -1):
        step = route[index]
        again = step.sampling_percent / 100 * step.rework_percent / 100 if step.rework_step else 0.0
        returning -= ending.pop(step.step, 0.0)
        arrivals = (1.0 + returning) / (1.0 - again) if again < 1.0 else math.inf
        visits[index] = arrivals
        target = step.rework_step or step.step
        if target < step.step:
            back = arrivals * again
            returning += back
            ending[target - 1] = ending.get(target - 1, 0.0) + back
    return visits * sampling(route)


def sampling(route: Sequence[Step]) -> Floats:
    """Return the share of arrivals at which each step is performed, shape (steps,)."""
    return np.array([step.sampling_percent for step in route]) / 100


def surviving(route: Sequence[Step]) -> Floats:
    """Return the share of wafers that reach each step, shape (steps,): each pass of a step loses its scrap share."""
    lost = np.array([step.scrap_percent for step in route]) / 100
    kept = (1 - lost) ** expected_visits(route)
    return np.concatenate(([1.0], np.cumprod(kept)[:-1]))
