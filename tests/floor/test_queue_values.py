"""The formulas give the values of the reference table they were taken from."""

from __future__ import annotations

import math

import pytest

from . import queue_values as exact


def test_formulas_give_the_published_values() -> None:
    assert exact.mmc_wait(1, 0.9) == pytest.approx(9.0)
    assert exact.erlang_c(5, 4.5) == pytest.approx(0.76249322)
    assert exact.mmc_wait(28, 25.2) == pytest.approx(0.17334734, rel=1e-7)
    assert exact.mg1_wait(0.8, 1 + 1 / 3) == pytest.approx(2.66666667)
    assert exact.cobham_waits((0.1, 0.3, 0.4), 2.0) == pytest.approx([0.88888889, 1.48148148, 6.66666667])
    assert exact.mdc_wait(5, 4.5) == pytest.approx(0.77669516, rel=1e-6)
    assert exact.gm1_wait(math.inf, 0.8) == pytest.approx(1.69273084)
    assert exact.gm1_wait(2, 0.9) == pytest.approx(6.58828363)
    assert exact.network_sojourn(0.5, (0.625,) * 3, (1, 1.5, 1.2), (1, 1, 1)) == pytest.approx(6.93581781)
    assert exact.network_sojourn(0.9, (0.9, 0.54, 0.9), (0.4, 0.5, 0.3), (3, 2, 4)) == pytest.approx(11.11792812)
    assert exact.full_batch_wait(6, 4.8) == pytest.approx(2.59638514)
    assert exact.conwip_throughput((1, 0.8, 1.25, 1), 10) == pytest.approx(0.72723665)


@pytest.mark.parametrize(
    ("least", "most", "rate", "wait", "size", "busy"),
    [
        (1, 6, 3.0, 0.51176929, 3.04788491, 0.98428913),
        (5, 6, 5.4, 1.10099636, 5.72352522, 0.94347448),
        (2, 3, 2.7, 1.8172965, 2.80768069, 0.96164781),
        (3, 3, 2.4, 0.97056689, 3.0, 0.8),
    ],
)
def test_bulk_queues(least: int, most: int, rate: float, wait: float, size: float, busy: float) -> None:
    assert exact.bulk_queue(least, most, rate) == pytest.approx((wait, size, busy), rel=1e-6)


@pytest.mark.parametrize(
    ("rate", "second_moment", "failures", "repair", "busy_clock", "calendar"),
    [
        (0.7, 1.0, 0.1, 1.0, 3.24565217, 3.33656126),
        (0.7, 2.0, 0.02, 5.0, 6.30434783, 6.75889328),
        (0.8, 1.0, 0.0141, 5.0, 6.22640599, 6.55569137),
    ],
)
def test_breakdowns(
    rate: float, second_moment: float, failures: float, repair: float, busy_clock: float, calendar: float
) -> None:
    found = [exact.sojourn_with_breakdowns(rate, second_moment, failures, repair, when_idle) for when_idle in (0, 1)]
    assert found == pytest.approx([busy_clock, calendar], rel=1e-7)


def test_machines_that_wait_for_repair() -> None:
    """With a person a machine they fail independently; one machine and one person is availability itself."""
    assert exact.down_share(20, 20, 0.1, 2.0) == pytest.approx(0.2 / 1.2)
    assert exact.down_share(1, 1, 0.1, 2.0) == pytest.approx(0.2 / 1.2)
    weights = (1, 3 * 0.5, 3 * 2 * 0.5**2, 3 * 2 * 0.5**3)
    assert exact.down_share(3, 1, 0.5, 1.0) == pytest.approx(
        sum(n * w for n, w in enumerate(weights)) / sum(weights) / 3
    )
