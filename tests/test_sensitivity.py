"""Signs of whole-run sensitivities against the literature on yield learning and profit.

Weber, C.: Yield learning and the sources of profitability in semiconductor manufacturing and process development, IEEE
Transactions on Semiconductor Manufacturing 17(4), 2004 (first at ASMC 2002): of the drivers of a fab's profit in the
ramp, the rate of yield learning comes first, before costs of running it. Terwiesch and Bohn, Learning and process
improvement during production ramp-up, Int. J. Production Economics 70, 2001: experiments cost capacity and pay later.
"""

from __future__ import annotations

from functools import cache
from typing import Any

import numpy as np
import pytest

from renkei.alliance import Alliance
from renkei.simulate import simulate
from tests.months.conftest import SMALL, changed
from tests.test_simulate import belt

SEEDS = range(1, 5)
RAMP: dict[str, Any] = {
    "market__price__basis": "good_die",
    "market__segments__all__die": {"width": 14, "height": 14},
    "technology__learning__rate": 0.15,
    "technology__defects__initial": 3,
}
"""A product of nearly 2 cm², paid by good dies, while defects come down slowly: a ramp in which yield matters."""


@cache
def profit(change: tuple[tuple[str, Any], ...] = ()) -> tuple[float, ...]:
    """Return the operating cash flow of each seed's whole run, yen."""
    alliance = Alliance.model_validate(changed(SMALL, **{**RAMP, **dict(change)}))
    runs = (simulate(alliance, seed=seed, start_floor=belt).months for seed in SEEDS)
    return tuple(float(months["operating_cash_flow_jpy"].sum()) for months in runs)


def gain(**change: Any) -> float:
    """Return the mean change of profit under the same luck."""
    return float(np.mean(np.subtract(profit(tuple(change.items())), profit())))


@pytest.mark.slow
def test_what_should_pay_pays_and_what_should_cost_costs() -> None:
    assert gain(technology__learning__rate=0.18) > 0
    assert gain(technology__defects__initial=3.6) < 0
    assert gain(technology__learning__analysis_time=28) < 0
    assert gain(planning__materials__product="1200 USD/wafer") < 0
    assert gain(market__price__newcomer=0.96) > 0
    assert gain(workforce__roles__engineer__salary="12 M JPY/year") < 0


@pytest.mark.slow
def test_the_rate_of_yield_learning_dominates_running_costs() -> None:
    """A fifth more learning is worth more than a fifth off materials, or a fifth off the engineers' salaries."""
    learning = gain(technology__learning__rate=0.18)
    assert learning > gain(planning__materials__product="800 USD/wafer") > 0
    assert learning > gain(workforce__roles__engineer__salary="8 M JPY/year") > 0
