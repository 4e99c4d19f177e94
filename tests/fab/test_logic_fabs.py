"""The built-in fabs of earlier nodes: what their generator writes, and what the tables promise."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import NamedTuple

import pytest

from renkei.fab import capacity
from renkei.fab.builtin import load_fab

ROOT = Path(__file__).parents[2]
SHELF = ROOT / "src" / "renkei" / "data" / "fabs"
MONTH_DAYS = 365.25 / 12


class Promise(NamedTuple):
    """What a fab must be like."""

    route: str
    steps: tuple[int, int]
    exposures: tuple[int, int]
    euv: int
    sizes: dict[str, int]
    cost: tuple[float, float]
    """Equipment of the large size, M USD per 1,000 wafer starts a month."""


PROMISES = {
    # 81 masks, at most 14 EUV (general knowledge; Bits&Chips, 2020); with buildings 206 M USD per 1,000 wafers a month
    # as planned for Fab 18 (Taipei Times, 2018-01-27), 600 in Arizona (Taiwan News, 2021-05-26)
    "finfet-5nm": Promise("finfet-full", (1000, 1400), (75, 95), 14, {"first-3k": 3000, "28k": 28000}, (165, 480)),
    # 156 M USD per 1,000 wafers a month at JASM (Taiwan News, 2022-04-20), of which 20–30 % are buildings
    "planar-28nm": Promise("planar-full", (550, 900), (40, 60), 0, {"first-5k": 5000, "55k": 55000}, (100, 150)),
}


@pytest.mark.parametrize("name", PROMISES)
def test_the_committed_tables_are_what_the_generator_writes(name: str, tmp_path: Path) -> None:
    script = ROOT / "tools" / "make_logic.py"
    subprocess.run([sys.executable, str(script), name, "--out", str(tmp_path)], check=True, capture_output=True)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    folder = SHELF / name
    committed = {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    assert written.keys() == committed.keys()
    assert [file for file in written if written[file] != committed[file]] == []


@pytest.mark.parametrize("name", PROMISES)
def test_every_row_says_where_it_comes_from(name: str) -> None:
    for path in (SHELF / name).rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                assert row["source"], f"{path.name}:{line}"
                assert row["confidence"] in {"high", "medium", "low"}, f"{path.name}:{line}"


@pytest.mark.parametrize("name", PROMISES)
def test_the_flow_is_of_its_class(name: str) -> None:
    promise = PROMISES[name]
    steps = load_fab(name).routes[promise.route]
    assert promise.steps[0] <= len(steps) <= promise.steps[1]
    cells = Counter(step.tool_group for step in steps if step.tool_group.endswith("_cell"))
    assert promise.exposures[0] <= cells.total() <= promise.exposures[1]
    assert cells["euv_cell"] == promise.euv


@pytest.mark.parametrize("name", PROMISES)
def test_both_sizes_start_what_they_say_and_no_tool_group_is_overloaded(name: str) -> None:
    for size, wspm in PROMISES[name].sizes.items():
        fab = load_fab(name, size)
        starts = sum(
            (order.wafers or 25) * 1440 * MONTH_DAYS / order.interval
            for order in fab.orders
            if order.order in {"regular", "hot", "development"} and order.interval
        )
        assert starts == pytest.approx(wspm, rel=1e-4)
        assert 70 < capacity.load(fab)["total_percent"].max() < 91


@pytest.mark.parametrize("name", PROMISES)
def test_equipment_costs_what_such_fabs_cost(name: str) -> None:
    promise = PROMISES[name]
    size, wspm = list(promise.sizes.items())[-1]
    fab = load_fab(name, size)
    cost = sum(group.tools * (group.price_musd or 0) for group in fab.tool_groups.values()) / wspm * 1000
    assert promise.cost[0] < cost < promise.cost[1]


def test_an_older_node_has_a_shorter_route() -> None:
    """Raw process time rises from node to node, as exposures do."""
    days = [capacity.rpt(load_fab(name))["logic"] / 1440 for name in ("planar-28nm", "finfet-5nm", "nanosheet-2nm")]
    assert days == sorted(days)
    assert days[0] < 0.6 * days[2]
