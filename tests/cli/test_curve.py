"""`renkei fab curve`: what it prints, keeps and refuses."""

from __future__ import annotations

import json

import pandas as pd
import pytest
from typer.testing import CliRunner

from renkei.cli import app


@pytest.fixture
def curve():
    """Return a function that runs `renkei fab curve minifab` with arguments."""
    return lambda *arguments: CliRunner().invoke(app, ["fab", "curve", "minifab", *map(str, arguments)])


SHORT = ("--loads", "50,90", "--days", 40, "--warmup", 10)


def test_json(curve):
    done = curve(*SHORT, "--replications", 2, "--seed", 7, "--json")
    assert done.exit_code == 0, done.output
    data = json.loads(done.stdout)
    assert set(data) == {
        "fab", "size", "bottleneck", "declared_load_percent", "capacity_per_week", "regular", "days", "warmup_days",
        "seed", "replications", "points",
    }  # fmt: skip
    assert data["capacity_per_week"] == pytest.approx(2209.09, abs=0.01)
    assert data["regular"] == ["Pa", "Pb"]
    point = data["points"][1]
    measured = {
        "throughput_lots_per_day", "mean_wip_lots", "mean_cycle_time_days", "x_p5", "x_p50", "x_p95", "x_mean",
    }  # fmt: skip
    assert set(point) == measured | {
        "load_percent", "starts_per_week", "static_load_percent", "busiest_group", "busiest_occupied_of_uptime",
        "lot_types", "mser5", "ci95",
    }  # fmt: skip
    assert set(point["ci95"]) == measured
    assert set(point["lot_types"]) == {"Pa", "Pb", "TW"}
    assert point["busiest_group"] == "Me"
    single = json.loads(curve(*SHORT, "--json").stdout)
    assert "ci95" not in single["points"][0]


def test_for_people(curve):
    done = curve(*SHORT)
    assert done.exit_code == 0, done.output
    assert "100 % are 2,209 wafer starts a week, by Me; declared: 91.7 %" in done.stdout
    lines = [line for line in done.stdout.splitlines() if "●" in line and "Me" in line]
    assert [line.split()[0] for line in lines] == ["50", "90"]
    assert max(map(len, done.stdout.splitlines())) <= 120


def test_folder(curve, tmp_path):
    out = tmp_path / "curve"
    data = json.loads(curve(*SHORT, "--out", out, "--json").stdout)
    names = {"manifest.json", "curve.html", "curve.csv", "curve.parquet", "lot_types.csv", "lot_types.parquet"}
    assert {path.name for path in out.iterdir()} == names
    manifest = json.loads((out / "manifest.json").read_text())
    assert manifest["kind"] == "operating curve"
    assert {key: manifest[key] for key in data} == data
    for name in ("curve", "lot_types"):
        pd.testing.assert_frame_equal(pd.read_csv(out / f"{name}.csv"), pd.read_parquet(out / f"{name}.parquet"))
    assert pd.read_csv(out / "curve.csv")["x_p50"].tolist() == [point["x_p50"] for point in data["points"]]
    assert curve(*SHORT, "--out", out).exit_code == 2


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--loads", "100.1"), "loads = 100.1; must be 100 at most: beyond its capacity"),
        (("--loads", "50,many"), 'loads has "many"; must be percentages with commas'),
        (("--loads", ","), "loads names no load"),
        (("--loads", "50", "--warmup", "730"), "renkei fab curve  warmup = 730.0; must be at least 0"),
        (("--loads", "50", "--warmup", "soon"), "warmup = soon"),
        (("--loads", "50", "--replications", "0"), "replications = 0; must be 1 to 100,000"),
        (("--loads", "50", "--size", "huge"), "huge"),
    ],
)
def test_bad_arguments(curve, arguments, said):
    failed = curve(*arguments)
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert said in failed.stderr


def test_all_problems_at_once(curve):
    failed = curve("--loads", "x,101,50,50", "--days", 0, "--threads", 0)
    assert failed.stderr.startswith("arguments: 6 problems\n")
