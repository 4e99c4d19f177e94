"""Whatever is declared of makers, ways and licences: a tool's days are in order, paid for once, and money adds up."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.months.calendar import months_of
from renkei.months.upkeep import wear
from tests.months.test_fleet import Yard
from tests.months.test_supply import yard

MAKER = st.fixed_dictionaries(
    {},
    optional={
        "yearly_tools": st.integers(1, 12), "install_crews": st.integers(1, 4), "visa": st.integers(0, 12),
        "slip_chance": st.floats(0, 1), "price_change": st.sampled_from(["-8 %/year", "5 %/year"]),
        "price_learning": st.floats(0, 0.3), "currency": st.just("USD"),
    },
)  # fmt: skip
EQUIPMENT = st.fixed_dictionaries(
    {},
    optional={
        "licences": st.fixed_dictionaries(
            {"countries": st.just(["NL"]), "time": st.integers(1, 15), "refused": st.sampled_from([0, 0.5, 1])}
        ).map(lambda licence: {"act": licence}),
        "second_sources": st.fixed_dictionaries(
            {"tools": st.sampled_from([["Mab"], ["Mab", "Mcd"]]), "supplier": st.just("other"),
             "patience": st.integers(0, 12), "effort": st.floats(0.5, 3)}
        ).map(lambda source: {"near": source}),
        "shipping": st.fixed_dictionaries({"time": st.integers(0, 90), "cost": st.floats(0, 0.1)}).map(
            lambda way: {"NL": way, "JP": way}
        ),
        "maturity": st.just({}),
        "spares": st.just({"stock": 2}),
    },
)  # fmt: skip
STAGES = ("wanted", "ordered", "delivery", "docked", "installed", "started_up", "qualified")


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(maker=MAKER, equipment=EQUIPMENT, seed=st.integers(0, 1000))
def test_days_are_in_order_and_money_adds_up(maker: dict[str, Any], equipment: dict[str, Any], seed: int) -> None:
    found = yard(months=36, seed=seed, maker=maker, **equipment)
    for tool in found.fleet.tools:
        days = [getattr(tool, stage) for stage in STAGES]
        there = [day for day in days if day is not None]
        assert there == sorted(there)
        assert None not in days[: len(there)], "a stage was left out"
        assert all(lost > 0 for lost in tool.waited.values())
        _paid_once(found, tool.id, float(found.fleet.price(tool)), tool.billed)
    assert len({tool.id for tool in found.fleet.tools}) == 4
    _crews_are_not_doubled(found, maker.get("install_crews"))
    for factors in wear(found.fleet, found.alliance, _factory(), months_of(found.alliance)[30]).values():
        assert 0 < factors.interval <= 1 <= factors.duration


def _paid_once(found: Yard, tool: str, price: float, billed: str) -> None:
    """Instalments so far: none, 30, 90 or 100 % of the price that the order fixed."""
    paid = [float(due.amount) for due in found.dues if due.asset == tool and due.purpose.startswith("equipment.orders")]
    share = {"": 0.0, "order": 0.3, "delivery": 0.9, "acceptance": 1.0}[billed]
    assert sum(paid) == pytest.approx(share * price)


def _crews_are_not_doubled(found: Yard, crews: int | None) -> None:
    """Of a maker with counted crews, no more tools are installed at the same time than there are crews."""
    if crews is None:
        return
    stays = [
        (tool.installed, tool.started_up)
        for tool in found.fleet.tools
        if tool.installed and tool.started_up and found.fleet.of(tool).supplier == "first"
    ]
    begun = sorted((end, 1) for _, end in stays)
    assert all((later[0] - former[0]).days >= 15 for former, later in pairwise(begun[:: max(crews, 1)])), (
        "a crew takes ten days to install and five for SL1"
    )


def _factory() -> Any:
    from renkei.fab.builtin import load_fab
    from renkei.months.factory import factory_of

    return factory_of(load_fab("minifab"))
