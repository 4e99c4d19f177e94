"""Gross dies and die yields against exact reference values."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.alliance.learning import Die, DieYield, Wafer
from renkei.months.dies import area, best_count, count, die_yield, gross_dies

# Diameter, die, scribe, edge exclusion in mm; dies corner-centred, die-centred, and at the best position found by an
# independent search over grid positions.
EXACT = [
    (300, 10, 10, 0, 0, 648, 657, 657),
    (300, 15, 15, 0, 0, 276, 277, 279),
    (300, 10, 10, 0.1, 3, 616, 597, 616),
    (300, 10, 10, 0, 3, 616, 621, 626),
    (300, 5, 5, 0.08, 3, 2504, 2517, 2524),
    (300, 26, 33, 0.1, 3, 64, 57, 64),
    (200, 10, 10, 0.1, 3, 256, 245, 256),
    (200, 5, 5, 0.1, 3, 1060, 1049, 1069),
    (150, 5, 5, 0.1, 3, 564, 569, 576),
    (300, 8, 12, 0.1, 3, 632, 629, 640),
    (300, 20, 20, 0.1, 3, 148, 137, 148),
]
# A·D: Poisson, Murphy, Seeds, negative binomial with α 0.5, 1, 2, 3, 10, Bose–Einstein with 10 layers.
YIELDS = {
    0.05: (0.951229, 0.951428, 0.799629, 0.953463, 0.952381, 0.951814, 0.951622, 0.951348, 0.951348),
    0.5: (0.606531, 0.619272, 0.493069, 0.707107, 0.666667, 0.64, 0.629738, 0.613913, 0.613913),
    1.0: (0.367879, 0.399576, 0.367879, 0.57735, 0.5, 0.444444, 0.421875, 0.385543, 0.385543),
    3.0: (0.049787, 0.100323, 0.176921, 0.377964, 0.25, 0.16, 0.125, 0.072538, 0.072538),
}


@pytest.mark.parametrize("case", EXACT)
def test_dies_are_counted_exactly(case: tuple[float, ...]) -> None:
    diameter, width, height, scribe, edge, corner, centre, best = case
    radius = diameter / 2 - edge
    assert count(width, height, scribe, radius, 0.5, 0.5) == corner
    assert count(width, height, scribe, radius, 0, 0) == centre
    assert best_count(width, height, scribe, radius) == best


def slow_count(width: float, height: float, scribe: float, radius: float, x: float, y: float) -> int:
    """Every die of the grid, corner by corner."""
    found, reach = 0, int(2 * radius / min(width, height)) + 2
    for i in range(-reach, reach + 1):
        for j in range(-reach, reach + 1):
            cx, cy = (i + x) * (width + scribe), (j + y) * (height + scribe)
            corners = [(cx + a * width / 2, cy + b * height / 2) for a in (-1, 1) for b in (-1, 1)]
            found += all(math.hypot(*corner) <= radius * (1 + 1e-12) for corner in corners)
    return found


@settings(max_examples=60, deadline=None)
@given(st.floats(4, 30), st.floats(4, 30), st.floats(0, 1), st.floats(40, 80), st.floats(0, 0.5), st.floats(0, 0.5))
def test_counting_by_columns_agrees_with_counting_corners(
    width: float, height: float, scribe: float, radius: float, x: float, y: float
) -> None:
    assert count(width, height, scribe, radius, x, y) == slow_count(width, height, scribe, radius, x, y)


def test_a_die_larger_than_the_wafer_does_not_fit() -> None:
    assert best_count(400, 10, 0.1, 147) == 0


def test_the_alliances_wafer_and_die() -> None:
    die = Die.model_validate({"width": "10 mm", "height": "1 cm"})
    assert area(die) == 1
    assert gross_dies(die, Wafer()) == 616


@pytest.mark.parametrize("faults", YIELDS)
def test_yield_formulas(faults: float) -> None:
    models: list[dict[str, object]] = [{"model": name} for name in ("poisson", "murphy", "seeds")]
    models += [{"model": "negative_binomial", "alpha": alpha} for alpha in (0.5, 1, 2, 3, 10)]
    models.append({"model": "bose_einstein", "layers": 10})
    found = [float(die_yield(DieYield.model_validate(m), 2.0, np.array([faults / 2]))[0]) for m in models]
    assert found == pytest.approx(YIELDS[faults], abs=6e-7)


@pytest.mark.parametrize("model", ["poisson", "murphy", "seeds", "negative_binomial", "bose_einstein"])
def test_yields_fall_from_one(model: str) -> None:
    values = die_yield(DieYield.model_validate({"model": model}), 1.0, np.array([0.0, 0.1, 1.0, 10.0]))
    assert values[0] == 1
    assert (np.diff(values) < 0).all()


def test_large_alpha_is_poisson() -> None:
    terms = DieYield.model_validate({"alpha": 1e7})
    assert float(die_yield(terms, 1.0, np.array([0.7]))[0]) == pytest.approx(math.exp(-0.7), rel=1e-6)
