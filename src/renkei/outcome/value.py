"""Net present value and internal rate of return of monthly flows of money."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

LOWEST, HIGHEST = -0.99, 10.0
"""Yearly rates between which a return is looked for."""
_GRID = np.expm1(np.linspace(np.log1p(LOWEST), np.log1p(HIGHEST), 1201))


def npv(flows: Sequence[float] | NDArray[np.float64], rate: float) -> float:
    """Return Σ flow_i · (1 + rate)^(−(i + 1) / 12): monthly flows at months' ends, worth on the first day.

    `rate` is yearly and effective, above −1. (Brealey, Myers and Allen, Principles of Corporate Finance, chapter 2.)
    """
    return float(_present(np.asarray(flows, dtype=np.float64), np.array([rate]))[0])


def irr(flows: Sequence[float] | NDArray[np.float64]) -> float | None:
    """Return the yearly rate at which the net present value is 0, to 1e-9; None unless it tells a return.

    It does if there is exactly one, and the value falls there as the rate rises: money goes out first and comes back.
    Flows whose sign changes more than once can have several such rates; one of money that comes first is the cost of
    borrowing; a flow of one sign has none (op. cit., chapter 5). Looked for between −99 % and 1000 % a year.
    """
    money = np.asarray(flows, dtype=np.float64)
    if not (money > 0).any() or not (money < 0).any():
        return None
    present = _present(money, _GRID)
    changes = np.flatnonzero(np.sign(present[:-1]) * np.sign(present[1:]) < 0)
    exact = np.flatnonzero(present == 0)
    if len(changes) + len(exact) != 1 or present[0] < 0:
        return None
    if len(exact):
        return float(_GRID[exact[0]])
    return _bisected(money, float(_GRID[changes[0]]), float(_GRID[changes[0] + 1]))


def _bisected(money: NDArray[np.float64], low: float, high: float) -> float:
    sign = np.sign(_present(money, np.array([low]))[0])
    while high - low > 1e-9:
        middle = (low + high) / 2
        if np.sign(_present(money, np.array([middle]))[0]) == sign:
            low = middle
        else:
            high = middle
    return (low + high) / 2


def _present(money: NDArray[np.float64], rates: NDArray[np.float64]) -> NDArray[np.float64]:
    times = (np.arange(len(money)) + 1) / 12
    worth: NDArray[np.float64] = np.exp(-np.log1p(rates)[:, None] * times[None, :]) @ money
    return worth
