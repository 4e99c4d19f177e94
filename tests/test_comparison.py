"""Two fabs under the same luck: laws of paired comparison, and theory where there is one."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import renkei
from renkei.comparison import CLEAR, ONLY_A, ONLY_B, UNCLEAR, compare_floors, paired_runs
from renkei.errors import InputError
from renkei.outcome.spread import half_width_of
from renkei.replicate import run_floor
from tests.floor.fabs import make_fab


def station(tools=1, group="g", process=30.0, **order):
    """An M/M/c station; by default of load 0.75."""
    orders = [{"order": "lots", "product": "r", "interval": 40.0, "interval_distribution": "exponential", **order}]
    steps = [{"tool_group": group, "process": process, "distribution": "exponential"}]
    return make_fab({group: {"tools": tools}}, {"r": steps}, orders)


def rows(found, **what):
    """Rows of the table, by measure."""
    table = found.table
    for column, value in what.items():
        table = table[table[column] == value]
    return table.set_index("measure")


def test_a_fab_does_not_differ_from_itself():
    found = compare_floors(station(), station(), days=60, replications=4)
    assert (found.table["verdict"].dropna() == UNCLEAR).all()
    assert (found.table["difference"].dropna() == 0).all()
    assert (found.table["ratio"].dropna() == 1).all()


def test_a_second_tool_saves_the_wait_that_theory_says():
    """M/M/1 at 0.75: 1 ÷ (1 − 0.75) services; M/M/2 with 0.375 each: 1 ÷ (1 − 0.375²) services."""
    found = compare_floors(station(), station(2), days=400, warmup=10, replications=20)
    row = rows(found, section="fab").loc["mean_cycle_time_days"]
    theory = (1 / (1 - 0.375**2) - 4) * 30 / 1440
    assert row["verdict"] == CLEAR
    assert abs(row["difference"] - theory) < 2.5 * row["half_width"]
    assert row["half_width"] < 0.2 * abs(theory)
    assert rows(found, section="tool_groups").loc["tools", ["a", "b", "difference"]].tolist() == [1, 2, 1]


def test_the_same_luck_makes_intervals_narrower():
    """The paired interval is far narrower than that of two independent sets of runs."""
    a, b = station(process=30.0), station(process=30.3)
    found = compare_floors(a, b, days=200, replications=10)
    paired_half = rows(found, section="fab").loc["mean_cycle_time_days", "half_width"]
    alone = run_floor(b, days=200, seed=1000, replications=10)
    halves = [half_width_of([run["mean_cycle_time_days"] for run in runs]) for runs in
              (found.a.replications, alone.replications)]  # fmt: skip
    assert paired_half < 0.3 * np.hypot(*halves)
    assert rows(found, section="fab").loc["mean_cycle_time_days", "verdict"] == CLEAR


def test_differences_are_those_of_each_pair():
    found = compare_floors(station(), station(2), days=60, warmup=5, seed=3, replications=3)
    pairs = list(zip(found.a.replications, found.b.replications, strict=True))
    assert [(a["seed"], b["seed"]) for a, b in pairs] == [(3, 3), (4, 4), (5, 5)]
    row = rows(found, section="lot_types", name="lots").loc["p95"]
    differences = [b["lot_types"]["lots"]["p95"] - a["lot_types"]["lots"]["p95"] for a, b in pairs]
    assert row["difference"] == pytest.approx(np.mean(differences))
    assert row["half_width"] == pytest.approx(4.303 * np.std(differences, ddof=1) / np.sqrt(3))
    assert row["ratio"] == pytest.approx(row["b"] / row["a"])
    assert row["pairs"] == 3


def test_one_replication_gives_no_verdict():
    found = compare_floors(station(), station(2), days=60, replications=1)
    assert found.table["verdict"].isna().all()
    assert found.table["half_width"].isna().all()
    assert found.table["difference"].notna().any()


def test_what_only_one_fab_has_is_said():
    found = compare_floors(station(group="old"), station(group="new"), days=60, replications=2)
    groups = found.table[found.table["section"] == "tool_groups"]
    assert groups.groupby("name", sort=False)["verdict"].unique().map(list).to_dict() == {
        "old": [ONLY_A], "new": [ONLY_B]}  # fmt: skip
    assert groups[groups["name"] == "new"]["a"].isna().all()
    data = found.to_json()
    assert data["only_in_a"] == {"products": [], "lot_types": [], "tool_groups": ["old"]}
    assert data["only_in_b"]["tool_groups"] == ["new"]
    assert data["comparison"]["tool_groups"]["old"]["tools"] == {
        "a": 1, "b": None, "difference": None, "ci95": None, "ratio": None, "pairs": 0, "verdict": ONLY_A}  # fmt: skip


def test_dispatch_rules_are_compared_in_one_fab():
    minifab = renkei.load_fab("minifab")
    found = renkei.compare_floors(minifab, minifab.with_dispatch("lifo"), days=60, replications=3)
    alone = run_floor(minifab, days=60, replications=3, dispatch="lifo")
    pd.testing.assert_frame_equal(found.b.lots, alone.lots, check_exact=True)
    assert rows(found, section="fab").loc["cycle_time_std_days", "verdict"] == CLEAR
    assert repr(found).startswith("<FloorComparison minifab with minifab: 3 pairs, ")


def test_runs_must_be_alike():
    a, b = run_floor(station(), days=5, replications=2), run_floor(station(), days=5, seed=1, replications=2)
    with pytest.raises(ValueError, match="must agree"):
        paired_runs(a, b)
    with pytest.raises(InputError):
        compare_floors(station(), station(), days=-1)


def test_both_get_the_longer_warm_up():
    slow = make_fab({"d": {"kind": "delay"}}, {"r": [{"tool_group": "d", "process": 20 * 1440.0}]},
                    [{"product": "r", "interval": 60.0}])  # fmt: skip
    found = compare_floors(station(), slow, days=200, warmup="auto", replications=2)
    assert found.a.warmup == found.b.warmup >= 15
