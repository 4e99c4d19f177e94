"""Dies: how many fit on a wafer, and what share of them has no killing defect."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from renkei.alliance.learning import Die, DieYield, Wafer

Floats = NDArray[np.float64]
OFFSETS = 24
"""Grid positions tried along each axis, over half a pitch."""


def gross_dies(die: Die, wafer: Wafer) -> int:
    """Return the whole dies on a wafer, at the best position of the grid found; see `best_count`."""
    usable = float(wafer.diameter) / 2 - float(wafer.edge_exclusion)
    return best_count(float(die.width), float(die.height), float(wafer.scribe), usable)


def area(die: Die) -> float:
    """Return a die's area in cm²."""
    return float(die.width) * float(die.height) / 100


@lru_cache(maxsize=4096)
def best_count(width: float, height: float, scribe: float, radius: float) -> int:
    """Return the largest number of whole dies in a circle over many positions of the grid; millimetres.

    Counting is exact for each position; positions run over half a pitch in both directions (the other half mirrors it),
    die-centred and corner-centred ones included.
    """
    shifts = np.arange(OFFSETS + 1) / (2 * OFFSETS)
    return max(count(width, height, scribe, radius, x, y) for x in shifts for y in shifts)


def count(width: float, height: float, scribe: float, radius: float, shift_x: float, shift_y: float) -> int:
    """Return the dies whose four corners lie in the circle, for one position of the grid.

    The centre of a die lies `shift` pitches from the wafer's centre: (0, 0) is die-centred, (½, ½) corner-centred. The
    saw street between dies may lie outside.
    """
    pitch_x, pitch_y = width + scribe, height + scribe
    columns = _columns(pitch_x, radius, shift_x)
    left = radius**2 - (np.abs(columns) + width / 2) ** 2
    reach = np.sqrt(np.maximum(left[left >= 0], 0.0))
    upper = np.floor((reach - height / 2) / pitch_y - shift_y + 1e-9)
    lower = np.floor((reach - height / 2) / pitch_y + shift_y + 1e-9)
    return int(np.maximum(upper + lower + 1, 0).sum())


def _columns(pitch: float, radius: float, shift: float) -> Floats:
    reach = math.ceil(radius / pitch) + 1
    return np.asarray((np.arange(-reach, reach + 1) + shift) * pitch, dtype=np.float64)


def die_yield(terms: DieYield, area_cm2: float, density: Floats) -> Floats:
    """Return the share of dies without a killing defect for defect densities (per cm², any shape)."""
    return MODELS[terms.model](terms, area_cm2 * density)


def poisson(_: DieYield, faults: Floats) -> Floats:
    """e^(−A·D): defects fall independently of each other (Poisson)."""
    return np.exp(-faults)


def murphy(_: DieYield, faults: Floats) -> Floats:
    """((1 − e^(−A·D)) / (A·D))²: densities in a triangle (Murphy 1964)."""
    safe = np.maximum(faults, 1e-12)
    return np.where(faults > 1e-12, (-np.expm1(-safe) / safe) ** 2, 1.0)


def seeds(_: DieYield, faults: Floats) -> Floats:
    """e^(−√(A·D)) (Seeds 1967). The other formula of that name, 1/(1 + A·D), is negative binomial with α = 1."""
    return np.exp(-np.sqrt(faults))


def negative_binomial(terms: DieYield, faults: Floats) -> Floats:
    """(1 + A·D/α)^(−α): gamma-distributed densities (Stapper 1973)."""
    alpha = float(terms.alpha)
    return (1 + faults / alpha) ** -alpha


def bose_einstein(terms: DieYield, faults: Floats) -> Floats:
    """(1 + A·D/n)^(−n) with n critical layers, D the density of all of them together (Bose–Einstein)."""
    return (1 + faults / terms.layers) ** -float(terms.layers)


MODELS: dict[str, Callable[[DieYield, Floats], Floats]] = {
    "poisson": poisson,
    "murphy": murphy,
    "seeds": seeds,
    "negative_binomial": negative_binomial,
    "bose_einstein": bose_einstein,
}
