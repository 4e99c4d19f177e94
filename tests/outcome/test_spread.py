"""Intervals over replications and of paired differences."""

from __future__ import annotations

import numpy as np
import pytest

from renkei.outcome.spread import half_width_of, mean_of, paired, t_975


def test_quantiles_of_student():
    """From tables: 2, 9, 30, 60 and 120 degrees of freedom."""
    for freedom, value in ((2, 4.303), (9, 2.262), (30, 2.042), (60, 2.000), (120, 1.980)):
        assert t_975(freedom) == pytest.approx(value, abs=6e-4)


def test_means_leave_out_what_is_not_known():
    runs = [{"x": 1.0, "y": {"z": None}}, {"x": None, "y": {"z": None}}, {"x": 4.0, "y": {"z": 5.0}}]
    assert mean_of(runs) == {"x": 2.5, "y": {"z": 5.0}}
    assert half_width_of(runs) == {"x": pytest.approx(12.706 * 1.5), "y": {"z": None}}


def test_a_paired_difference_by_hand():
    """B − A = 1, 2, 3: mean 2, standard deviation 1, Student's t with two degrees of freedom."""
    found = paired([10, 20, 30], [11, 22, 33])
    assert (found.a, found.b, found.difference, found.pairs) == (20, 22, 2, 3)
    assert found.half_width == pytest.approx(4.303 / np.sqrt(3))
    assert found.ratio == pytest.approx(1.1)
    assert found.clear is False


def test_pairs_need_both():
    found = paired([1, None, 3, 4], [2, 5, None, 5])
    assert (found.difference, found.pairs, found.half_width) == (1, 2, 0)
    assert found.clear is True
    alone = paired([1], [2])
    assert (alone.difference, alone.half_width, alone.clear) == (1, None, None)
    none = paired([None, None], [1, 2])
    assert (none.a, none.difference, none.ratio, none.clear) == (None, None, None, None)
    assert paired([0, 0], [1, 1]).ratio is None


def test_rounding_is_no_difference():
    a = [0.3, 0.3, 0.3]
    assert paired(a, [value + 1e-16 for value in a]).clear is False


def test_the_interval_covers_the_true_difference_nineteen_times_of_twenty():
    random = np.random.default_rng(3)
    covered = 0
    for _ in range(1000):
        luck = random.normal(0, 5, 8)
        found = paired((10 + luck).tolist(), (10.5 + luck + random.normal(0, 1, 8)).tolist())
        covered += abs(found.difference - 0.5) <= found.half_width
    assert 925 <= covered <= 972  # 950 ± 3.2 standard deviations
