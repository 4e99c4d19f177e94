"""Net present value and internal rate of return against closed forms and each other."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.outcome.value import irr, npv


def test_an_annuity_has_its_textbook_worth() -> None:
    month = 1.05 ** (1 / 12) - 1
    assert npv([100.0] * 120, 0.05) == pytest.approx(100 * (1 - (1 + month) ** -120) / month)


def test_money_of_no_rate_is_its_sum() -> None:
    assert npv([-5.0, 2.0, 4.0], 0.0) == pytest.approx(1.0)


def test_a_loan_of_a_known_rate_returns_it() -> None:
    flows = [-1000.0] + [0.0] * 11 + [1100.0]  # twelve months later
    assert irr(flows) == pytest.approx(0.1, abs=1e-8)


@settings(deadline=None)
@given(st.floats(1, 1e9), st.lists(st.floats(0, 1e8), min_size=12, max_size=60).filter(lambda flows: sum(flows) > 1))
def test_an_investment_is_worth_nothing_at_its_own_return(outlay: float, inflows: list[float]) -> None:
    flows = [-outlay, *inflows]
    found = irr(flows)
    if found is None:  # beyond −99 … 1000 % a year
        assert npv(flows, -0.989) < 0 or npv(flows, 9.99) > 0
    else:
        slope = abs(npv(flows, found + 1e-6) - npv(flows, found - 1e-6))
        assert abs(npv(flows, found)) <= slope + 1e-6 * outlay


def test_a_return_that_is_not_one_is_none() -> None:
    assert irr([1.0, 2.0]) is None
    assert irr([-1.0, -2.0]) is None
    assert irr([100.0] + [0.0] * 11 + [-150.0]) is None  # what was received first is worth less than what is paid back
    two_rates = [-100.0] + [0.0] * 11 + [230.0] + [0.0] * 11 + [-132.0]  # roots at 10 and 20 % a year
    assert npv(two_rates, 0.1) == pytest.approx(0, abs=1e-9)
    assert npv(two_rates, 0.2) == pytest.approx(0, abs=1e-9)
    assert irr(two_rates) is None


def test_the_return_of_a_future_that_is_worth_more_is_higher() -> None:
    returns = [irr([-1000.0, *[each] * 60]) for each in (20.0, 25.0, 40.0)]
    assert returns == sorted(returns)  # type: ignore[type-var]
