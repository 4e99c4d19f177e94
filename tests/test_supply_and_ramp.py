"""Supply and the ramp: what makers, licences, parts and young tools do to milestones, on both floors."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd

from renkei.alliance import Alliance
from renkei.outcome.future import Future
from renkei.simulate import simulate
from tests.months.conftest import SMALL, changed
from tests.test_simulate import reached, run

PARTNERS = {**SMALL["partners"], "abroad": {"name": "Far", "country": "NL", "roles": "equipment_maker"}}
MAKER = {"partner": "abroad", "supplies": ["Mab", "Mcd", "Me"], "lead_time": 4}


def supplied(seed: int = 0, maker: dict[str, Any] | None = None, **equipment: Any) -> Future:
    terms = {f"equipment__{name}": value for name, value in equipment.items()}
    return run(seed, partners=PARTNERS, equipment__suppliers={"far": {**MAKER, **(maker or {})}}, **terms)


def tools_in(future: Future) -> dt.date:
    return reached(future)["tools-in"] or dt.date.max


def test_each_supply_clause_delays_the_tools_and_only_delays() -> None:
    usual = supplied()
    for worse in (
        supplied(maker={"yearly_tools": 6}),
        supplied(maker={"slip_chance": 1, "slip": 4}),
        supplied(maker={"install_crews": 1}),
        supplied(maker={"visa": 9}),
        supplied(shipping={"NL": {"time": 60}}),
        supplied(licences={"act": {"countries": ["NL"], "time": 9}}),
    ):
        assert tools_in(worse) > tools_in(usual)
        assert (reached(worse)["revenue"] or dt.date.max) >= (reached(usual)["revenue"] or dt.date.max)


def test_a_refusal_makes_tools_the_constraint_for_ever() -> None:
    refused = supplied(licences={"act": {"countries": ["NL"], "time": 2, "refused": 1}})
    assert tools_in(refused) == dt.date.max
    assert refused.binding["constraint"].iloc[-1] == "tools"
    assert refused.months["tools_ordered"].max() == 0


def test_domestic_share_is_told_each_month() -> None:
    months = supplied(maker={"supplies": ["Me"]}).months
    shares = months["domestic_share"].dropna()
    assert shares.iloc[-1] == 0  # makers without declaration have no country on the Mini-Fab
    assert months["tool_orders_NL_jpy"].iloc[-1] == 500_000_000


def test_cheaper_tools_leave_more_cash() -> None:
    usual, cheaper = supplied(), supplied(maker={"price_learning": "20 %"})
    assert cheaper.months["spent_tools_jpy"].sum() < usual.months["spent_tools_jpy"].sum()


def real(**changes: Any) -> Future:
    return simulate(Alliance.model_validate(changed(SMALL, **{"end": "2025-03", **changes})), seed=3)


def lost(future: Future) -> float:
    """Share of tool time that breakdowns take."""
    groups = future.tool_groups
    minutes = [name for name in groups.columns if name.endswith("_minutes")]
    return float(groups["unscheduled_down_minutes"].sum() / groups[minutes].to_numpy().sum())


def test_young_tools_and_missing_parts_take_tool_time_on_the_real_floor() -> None:
    usual = real()
    young = real(equipment__maturity={"growth": 0.4, "mature_after": 36})
    bare = real(equipment__spares={"stock": 0, "needed": 1, "emergency": 3})
    full = real(equipment__spares={"stock": 60, "needed": 1, "emergency": 3})
    assert lost(young) > 1.3 * lost(usual)
    assert lost(bare) > 2 * lost(usual)
    pd.testing.assert_frame_equal(full.lots, usual.lots)


def test_test_wafers_of_later_tools_run_as_monitors() -> None:
    """The second half of the tools is qualified while the first half runs: their wafers are lots, and paid as lots."""
    orders = {
        "first": {"tools": {"Mab": 1, "Mcd": 1, "Me": 1}, "date": "2024-01"},
        "more": {"tools": {"Mab": 1, "Mcd": 1}, "date": "2024-10"},
    }
    terms = {**SMALL["equipment"]["installation"], "test_wafers": 100}
    plain = real(equipment__orders=orders, equipment__installation=terms)
    floor = real(equipment__orders=orders, equipment__installation={**terms, "wafers_on_floor": True})
    assert plain.months["monitor_wafer_starts"].sum() == 0
    assert 175 <= floor.months["monitor_wafer_starts"].sum() <= 200, "whole lots of the later two tools' wafers"
    assert len(floor.lots) <= len(plain.lots)
    spent = [f.ledger[f.ledger["debit"] == "cost.materials"].groupby("purpose")["yen"].sum() for f in (plain, floor)]
    # 100 USD a wafer at 100 yen: the first three tools' wafers are only paid, no monitor's route is qualified yet.
    assert spent[1]["planning.materials.qualification"] == 300 * 100 * 100
    assert spent[1]["planning.materials.monitor"] == floor.months["monitor_wafer_starts"].sum() * 100 * 100
    assert spent[0]["equipment.orders.first"] + spent[0]["equipment.orders.more"] == 500 * 100 * 100
