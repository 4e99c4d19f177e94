"""SMT2020 HVLM against what its authors published from AutoSched AP: 1,460 days, the first 365 left out.

Published: Kopp, Hassoun, Kalir, Mönch, IEEE TSM 33(4), 2020, and the AutoSched output that came with the data set.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest

from renkei.fab import import_smt2020
from renkei.fab.capacity import capacity, load
from renkei.replicate import run_floor
from tests.verdicts import Record, Verdict

pytestmark = [pytest.mark.slow, pytest.mark.smt2020]

REPLICATIONS = 10
PART = f"SMT2020 HVLM, published AutoSched AP results; ours with 95 % t intervals over {REPLICATIONS} replications"
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


def measured(hvlm: Any, *path: str) -> tuple[float, float]:
    """A measure, found by its path in the JSON, and its half-width."""
    value, half = hvlm[1], hvlm[1]["ci95"]
    for key in path:
        value, half = value[key], half[key]
    return value, half


def near(verdict: Record, hvlm: Any, case: str, published: float, percent: float, *path: str) -> bool:
    """Hand in a row; return whether a measure is within so many percent of the published one."""
    value, half = measured(hvlm, *path)
    met = abs(value / published - 1) <= percent / 100
    verdict(Verdict(PART, case, published, value, half, met, f"within {percent:g} %"))
    return met


def near_share(verdict: Record, hvlm: Any, case: str, published: float, points: float, *path: str) -> bool:
    """The same for a share in percent and so many points."""
    value, half = measured(hvlm, *path)
    met = abs(100 * value - published) <= points
    verdict(Verdict(PART, f"{case}, %", published, 100 * value, 100 * half, met, f"within {points:g} points"))
    return met


def test_throughput(verdict: Record, hvlm: Any) -> None:
    assert near(verdict, hvlm, "lots completed in 1,095 days", 62_647, 0.5, "completed_lots")


@pytest.mark.xfail(
    strict=True,
    reason="queues at the litho cells are too long: WIP and cycle time are 5 to 6 % high (docs/floor.md)",
)
def test_wip_and_cycle_times(verdict: Record, hvlm: Any) -> None:
    time = "mean_cycle_time_days"
    rows = [
        near(verdict, hvlm, "mean WIP, lots", 2_265, 2, "mean_wip_lots"),
        near(verdict, hvlm, "mean cycle time, days", 39.59, 2, time),
        near(verdict, hvlm, "cycle time of Lot_3, days (inferred)", 51.465, 3, "lot_types", "Lot_3", time),
        near(verdict, hvlm, "cycle time of Lot_4, days (inferred)", 28.5, 3, "lot_types", "Lot_4", time),
    ]
    assert all(rows)


def test_wip_and_cycle_times_do_not_drift_further(hvlm: Any) -> None:
    assert hvlm[1]["mean_wip_lots"] == pytest.approx(2_265, rel=0.065)
    assert hvlm[1]["mean_cycle_time_days"] == pytest.approx(39.59, rel=0.065)


@pytest.mark.parametrize(
    ("key", "columns"),
    [
        ("unscheduled_down", ["breakdown_percent"]),
        ("scheduled_down", ["pm_calendar_percent", "pm_count_percent"]),
    ],
)
def test_down_and_pm_shares(verdict: Record, hvlm: Any, key: str, columns: list[str]) -> None:
    """Each family stands still for as long as its data say; the one nearest to its limit is told."""
    fab, found = hvlm
    static = load(fab).set_index("tool_group")[columns].sum(axis=1)
    rows = []
    for name, row in found["tool_groups"].items():
        half = 100 * found["ci95"]["tool_groups"][name][key]
        excess = abs(100 * row[key] - static[name]) - T_9995_OVER_T_975 * half
        rows.append((excess, name, 100 * row[key], half))
    excess, name, share, half = max(rows)
    case = f"{key.replace('_', ' ')} share of {name}, nearest to its limit of {len(rows)} families, %"
    asked = "within 0.3 points + our 99.9 % half-width"
    verdict(Verdict(PART, case, float(static[name]), share, half, excess <= 0.3, asked))
    assert excess <= 0.3, (name, key)


@pytest.mark.parametrize(
    ("group", "published"), [("LithoTrack_FE_95", 10.8), ("LithoTrack_FE_115", 6.2), ("Implant_128", 15.5)]
)
def test_setup_shares(verdict: Record, hvlm: Any, group: str, published: float) -> None:
    assert near_share(verdict, hvlm, f"setup share of {group}", published, 1.5, "tool_groups", group, "setup")


def test_utilisation_of_uptime(verdict: Record, hvlm: Any) -> None:
    path = ("tool_groups", "Planar_BE_75", "utilisation_of_uptime")
    assert near_share(verdict, hvlm, "utilisation of up-time of Planar_BE_75", 69.8, 1, *path)


@pytest.mark.parametrize(("product", "published"), [("part_3", 27.154), ("part_4", 15.984)])
def test_raw_process_time(verdict: Record, hvlm: Any, product: str, published: float) -> None:
    case = f"raw process time of {product}, days"
    assert near(verdict, hvlm, case, published, 0.5, "products", product, "rpt_days")


def test_static_bottleneck(verdict: Record, hvlm: Any) -> None:
    limit = capacity(hvlm[0])
    assert limit.bottleneck == "Litho_BE_110"
    for case, published, found, allowed in (
        ("static load of Litho_BE_110, the bottleneck, %", 97.9, limit.load_percent, 0.05),
        ("static capacity, wafers a week", 10_228, limit.capacity_per_week, 1),
    ):
        met = abs(found - published) <= allowed
        verdict(Verdict(PART, case, published, found, None, met, f"within {allowed}"))
        assert met
