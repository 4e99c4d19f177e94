"""Addressed random numbers."""

from __future__ import annotations

import subprocess
import sys

import pytest

from renkei.units import uniform


def test_same_address_same_number_in_any_process() -> None:
    code = "from renkei.units import uniform; print(repr(uniform(7, 'site.phases.a.build', 3)))"
    other = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True).stdout.strip()
    assert other == repr(uniform(7, "site.phases.a.build", 3))


def test_numbers_are_uniform_and_unrelated() -> None:
    draws = [uniform(seed, "a", 0) for seed in range(4000)]
    others = [uniform(seed, "b", 0) for seed in range(4000)]
    assert all(0 < u < 1 for u in draws)
    assert sum(draws) / 4000 == pytest.approx(0.5, abs=0.02)
    covariance = sum((u - 0.5) * (v - 0.5) for u, v in zip(draws, others, strict=True)) / 4000
    assert covariance * 12 == pytest.approx(0, abs=0.06)
    assert len({uniform(1, "a", index) for index in range(1000)}) == 1000
