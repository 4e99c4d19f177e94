"""SMT2020 HVLM against what its authors published from AutoSched AP: 1,460 days, the first 365 left out.

Published: Kopp, Hassoun, Kalir, Mönch, IEEE TSM 33(4), 2020, and the AutoSched output that came with the data set.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from renkei.fab import import_smt2020
from renkei.fab.capacity import load
from renkei.replicate import run_floor

pytestmark = [pytest.mark.slow, pytest.mark.smt2020]

REPLICATIONS = 5
T_9995_OVER_T_975 = 8.610 / 2.776
"""Student's t with 4 degrees of freedom: from our 95 % half-width to the 99.9 % one."""


@pytest.fixture(scope="module")
def hvlm() -> Any:
    """The imported fab and its measures."""
    places = [
        Path(os.environ.get("RENKEI_SMT2020", "")) / "hvlm",
        Path(__file__).parents[3] / "shared" / "smt2020" / "hvlm",
    ]
    folder = next((place for place in places if place.is_dir()), None)
    if folder is None:
        pytest.skip("no SMT2020 files: put them in ../shared/smt2020/hvlm or name their folder in RENKEI_SMT2020")
    fab = import_smt2020(folder)
    return fab, run_floor(fab, days=1460, warmup=365, replications=REPLICATIONS, threads=2).to_json()


def within(value: float, published: float, share: float) -> bool:
    """True if a value lies within a share of the published one."""
    return abs(value / published - 1) <= share


def test_throughput(hvlm: Any) -> None:
    assert within(hvlm[1]["completed_lots"], 62_647, 0.005)


@pytest.mark.xfail(
    strict=True,
    reason="queues at the litho cells are too long: WIP and cycle time are 4 to 6 % high (docs/floor.md)",
)
def test_wip_and_cycle_times(hvlm: Any) -> None:
    measured = hvlm[1]
    assert within(measured["mean_wip_lots"], 2_265, 0.02)
    assert within(measured["mean_cycle_time_days"], 39.59, 0.02)
    assert within(measured["lot_types"]["Lot_3"]["mean_cycle_time_days"], 51.465, 0.03)
    assert within(measured["lot_types"]["Lot_4"]["mean_cycle_time_days"], 28.5, 0.03)


def test_wip_and_cycle_times_do_not_drift_further(hvlm: Any) -> None:
    measured = hvlm[1]
    assert within(measured["mean_wip_lots"], 2_265, 0.065)
    assert within(measured["mean_cycle_time_days"], 39.59, 0.065)


def test_down_and_pm_shares(hvlm: Any) -> None:
    fab, measured = hvlm
    static = load(fab).set_index("tool_group")
    for name, row in measured["tool_groups"].items():
        half = measured["ci95"]["tool_groups"][name]
        for key, expected in (
            ("unscheduled_down", static.loc[name, "breakdown_percent"]),
            ("scheduled_down", static.loc[name, "pm_calendar_percent"] + static.loc[name, "pm_count_percent"]),
        ):
            assert abs(100 * row[key] - expected) <= 0.3 + 100 * T_9995_OVER_T_975 * half[key], (name, key)


@pytest.mark.parametrize(
    ("group", "published"), [("LithoTrack_FE_95", 10.8), ("LithoTrack_FE_115", 6.2), ("Implant_128", 15.5)]
)
def test_setup_shares(hvlm: Any, group: str, published: float) -> None:
    assert abs(100 * hvlm[1]["tool_groups"][group]["setup"] - published) <= 1.5


def test_utilisation_of_uptime(hvlm: Any) -> None:
    assert abs(100 * hvlm[1]["tool_groups"]["Planar_BE_75"]["utilisation_of_uptime"] - 69.8) <= 1.0


def test_raw_process_time(hvlm: Any) -> None:
    products = hvlm[1]["products"]
    assert within(products["part_3"]["rpt_days"], 27.154, 0.005)
    assert within(products["part_4"]["rpt_days"], 15.984, 0.005)
