"""`renkei floor`: its JSON, its result folder, its exit codes."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pandas as pd
import pytest
from typer.testing import CliRunner

import renkei as renkei_package
from renkei.cli import app
from renkei.outcome.measures import QUEUE_CAUSES, queue_key

OF_ALL_LOTS = {
    "completed_lots", "mean_cycle_time_days", "cycle_time_std_days", "p5", "p50", "p95", "on_time_fraction",
    "mean_lateness_days", "mean_tardiness_days",
}  # fmt: skip
SCALARS = {"throughput_lots_per_day", "moves_per_day", "mean_wip_lots"} | OF_ALL_LOTS
WORK = {"lot_steps", "events", "engine_seconds", "days", "warmup_days", "seed"}
OF_LOTS = OF_ALL_LOTS | {"rpt_days", "x_factor"}
E10 = {"productive", "engineering", "setup", "standby", "scheduled_down", "unscheduled_down"}
OF_BOTTLENECKS = {"utilisation_of_uptime", "occupied_of_uptime", "queue_share"}
OF_GROUPS = {"tools", *E10, *OF_BOTTLENECKS, "mean_queue_time_hours", "mean_queue_lots"} | {
    queue_key(cause) for cause in QUEUE_CAUSES
}


@pytest.fixture
def renkei():
    """Return a function that runs `renkei floor` with arguments."""
    return lambda *arguments: CliRunner().invoke(app, ["floor", *map(str, arguments)])


def told(done):
    """What the command printed as JSON; NaN and infinity are no JSON."""
    assert done.exit_code == 0, done.output

    def refuse(constant):
        raise AssertionError(f"{constant} in JSON")

    return json.loads(done.stdout, parse_constant=refuse)


def timeless(data):
    """JSON without the seconds that the engine took."""
    if isinstance(data, dict):
        return {key: timeless(value) for key, value in data.items() if key != "engine_seconds"}
    return [timeless(value) for value in data] if isinstance(data, list) else data


def leaves(data):
    """All values of nested JSON that are neither mappings nor lists."""
    if isinstance(data, (dict, list)):
        for value in data.values() if isinstance(data, dict) else data:
            yield from leaves(value)
    else:
        yield data


def test_one_run_has_these_keys_and_no_interval(renkei):
    data = told(renkei("minifab", "--days", 40, "--warmup", 10, "--seed", 3, "--json"))
    sections = {"products", "lot_types", "tool_groups"}
    assert set(data) == SCALARS | WORK | sections | {
        "bottlenecks",
        "crews",
        "mser5",
        "replications",
        "waiting_lots_by_cause",
    }
    assert (data["days"], data["warmup_days"], data["seed"]) == (40, 10, 3)
    assert set(data["products"]) == set(data["lot_types"]) == {"Pa", "Pb", "TW"}
    assert all(set(row) == OF_LOTS for key in ("products", "lot_types") for row in data[key].values())
    assert set(data["tool_groups"]) == {"Mab", "Mcd", "Me"}
    assert all(set(row) == OF_GROUPS for row in data["tool_groups"].values())
    assert [set(run) for run in data["replications"]] == [set(data) - {"mser5", "replications"}]
    assert data["mser5"] is None  # forty days are too few
    assert all(set(row) == OF_BOTTLENECKS | {"tool_group"} for row in data["bottlenecks"])
    assert [row["tool_group"] for row in data["bottlenecks"]] == ["Me", "Mab", "Mcd"]


def test_its_numbers_agree_with_each_other(renkei):
    data = told(renkei("minifab", "--days", 400, "--warmup", 40, "--json"))
    assert data["completed_lots"] == pytest.approx(360 * data["throughput_lots_per_day"])
    assert data["completed_lots"] == sum(row["completed_lots"] for row in data["products"].values())
    by_little = data["throughput_lots_per_day"] * data["mean_cycle_time_days"]
    assert data["mean_wip_lots"] == pytest.approx(by_little, rel=0.01)
    assert data["throughput_lots_per_day"] == pytest.approx(84 / 7, rel=0.01)  # 51 + 30 + 3 lots a week
    for row in data["tool_groups"].values():
        assert sum(row[state] for state in E10) == pytest.approx(1)
        up = 1 - row["scheduled_down"] - row["unscheduled_down"]
        assert row["utilisation_of_uptime"] == pytest.approx((row["productive"] + row["engineering"]) / up)
    for row in data["products"].values():
        assert row["x_factor"] == pytest.approx(row["mean_cycle_time_days"] / row["rpt_days"])
        assert row["rpt_days"] < row["p50"] < row["p95"]
        assert row["on_time_fraction"] is None  # no order of the Mini-Fab has a due date


def test_replications_have_means_and_half_widths(renkei):
    data = told(renkei("minifab", "--days", 40, "--seed", 3, "--replications", 3, "--json"))
    assert [run["seed"] for run in data["replications"]] == [3, 4, 5]
    cycles = [run["mean_cycle_time_days"] for run in data["replications"]]
    assert len(set(cycles)) == 3
    assert data["mean_cycle_time_days"] == pytest.approx(sum(cycles) / 3)
    half = data["ci95"]
    assert set(half) == SCALARS | {"products", "lot_types", "tool_groups"}
    spread = pd.Series(cycles).std()
    assert half["mean_cycle_time_days"] == pytest.approx(4.303 * spread / 3**0.5)  # Student's t, 2 degrees of freedom
    assert set(half["products"]["Pa"]) == OF_LOTS
    assert set(half["tool_groups"]["Me"]) == OF_GROUPS
    alone = told(renkei("minifab", "--days", 40, "--seed", 4, "--json"))
    assert timeless(alone["replications"][0]) == timeless(data["replications"][1])


def test_what_has_no_lots_is_null(renkei):
    data = told(renkei("minifab", "--days", 0.1, "--replications", 2, "--json"))
    assert data["completed_lots"] == 0
    assert data["mean_cycle_time_days"] is None
    assert data["products"]["TW"]["p95"] is None
    assert data["products"]["TW"]["x_factor"] is None
    assert data["products"]["TW"]["rpt_days"] > 0
    assert data["ci95"]["mean_cycle_time_days"] is None
    assert all(value == value for value in leaves(data))


def test_same_seed_same_result_on_any_number_of_threads(renkei):
    arguments = ("minifab", "--days", 30, "--replications", 3, "--json")
    first = timeless(told(renkei(*arguments)))
    assert timeless(told(renkei(*arguments))) == first
    assert timeless(told(renkei(*arguments, "--threads", 2))) == first
    assert timeless(told(renkei(*arguments, "--seed", 9))) != first


def test_the_warm_up_is_found_by_itself(renkei):
    """What `auto` finds in a first pass, given as a number, gives the same; where nothing is to cut, one pass does."""
    arguments = ("minifab", "--days", 400, "--replications", 2, "--json")
    found = timeless(told(renkei(*arguments, "--warmup", "auto")))
    assert found["warmup_days"] == found["mser5"]["days"] > 0
    assert timeless(told(renkei(*arguments, "--warmup", found["warmup_days"]))) == found
    assert told(renkei(*arguments))["mser5"] == found["mser5"]
    assert set(found["mser5"]) == {"days", "wip_days", "cycle_time_days", "run_too_short"}


def test_it_says_when_the_warm_up_looks_too_short(renkei):
    short = renkei("minifab", "--days", 400)
    assert "warm-up: MSER-5 would cut" in short.stdout
    assert "days, not 0; see --warmup auto" in short.stdout
    assert "MSER-5" not in renkei("minifab", "--days", 400, "--warmup", 90).stdout
    assert "MSER-5" not in renkei("minifab", "--days", 40).stdout


def test_a_large_fab_fits_one_screen(renkei):
    lines = renkei("nanosheet-2nm", "--days", 10, "--replications", 2).stdout.splitlines()
    assert len(lines) <= 45
    assert max(map(len, lines[1:])) <= 120
    assert any("80 less busy groups are in --json and --out" in line for line in lines)


def test_another_rule_is_another_course(renkei):
    arguments = ("minifab", "--days", 60, "--json")
    told_by = {rule: told(renkei(*arguments, "--dispatch", rule)) for rule in ("fifo", "lifo")}
    assert told_by["lifo"]["mean_cycle_time_days"] != told_by["fifo"]["mean_cycle_time_days"]


def test_the_folder_holds_every_lot_and_day(renkei, tmp_path):
    out = tmp_path / "deep" / "out"
    done = renkei("minifab", "--days", 30, "--warmup", 10, "--replications", 2, "--out", out, "--json")
    data = told(done)
    tables = ["daily.parquet", "lots.parquet", "queue_times.parquet", "tool_groups.parquet"]
    assert sorted(path.name for path in out.iterdir()) == sorted(["manifest.json", *tables])
    manifest = json.loads((out / "manifest.json").read_text())
    assert (manifest["kind"], manifest["fab"]) == ("floor", "minifab")
    assert {key: manifest[key] for key in data} == data
    lots, daily = pd.read_parquet(out / "lots.parquet"), pd.read_parquet(out / "daily.parquet")
    assert lots.groupby("replication").size().tolist() == [run["completed_lots"] for run in data["replications"]]
    assert lots["finished_day"].between(10, 30).all()
    assert daily.groupby("replication")["day"].max().tolist() == [30, 30]
    assert daily.groupby("replication")["moves"].sum().tolist() == [run["lot_steps"] for run in data["replications"]]
    groups, windows = pd.read_parquet(out / "tool_groups.parquet"), pd.read_parquet(out / "queue_times.parquet")
    assert groups.groupby("replication")["tool_group"].apply(list).tolist() == [["Mab", "Mcd", "Me"]] * 2
    assert set(groups) == OF_GROUPS | {"replication", "tool_group"}
    assert len(windows) == 0  # the Mini-Fab has none
    assert "violated_share" in windows


def test_no_folder_is_overwritten(renkei, tmp_path):
    (tmp_path / "out").mkdir()
    (tmp_path / "out" / "mine.txt").write_text("keep")
    refused = renkei("minifab", "--days", 5, "--out", tmp_path / "out")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "exists already; nothing is overwritten, name a new folder" in refused.stderr
    assert [path.name for path in (tmp_path / "out").iterdir()] == ["mine.txt"]


def test_for_people_it_prints_tables(renkei):
    done = renkei("minifab", "--days", 40, "--replications", 2)
    assert done.exit_code == 0
    assert "Intel/ASU Mini-Fab  40 days, 0 of warm-up, 2 replication(s) from seed 0" in done.stdout
    for text in ("lots a day", "±", "Pa", "Mcd", "lot-steps"):
        assert text in done.stdout


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("minifab", "--days", "0"), "days = 0.0; must be a number more than 0"),
        (("minifab", "--days", "nan"), "days = nan; must be a number more than 0"),
        (("minifab", "--days", "inf"), "days = inf; must be a number more than 0"),
        (("minifab", "--days", "1e300"), "days = 1e+300; must be a number more than 0 and at most 1,000,000"),
        (("minifab", "--days", "9", "--warmup", "9"), "warmup = 9.0; must be at least 0 and less than days = 9.0"),
        (("minifab", "--warmup", "-1"), "warmup = -1.0; must be at least 0"),
        (("minifab", "--warmup", "soon"), 'warmup = soon; must be at least 0 and less than days = 365.0, or "auto"'),
        (("minifab", "--warmup", "auto", "--days", "49"), "days = 49.0; must be at least 50 for the warm-up"),
        (("minifab", "--replications", "0"), "replications = 0; must be 1 to 100,000"),
        (("minifab", "--threads", "0"), "threads = 0; must be at least 1"),
        (("minifab", "--dispatch", "priority, fofi"), "fifo"),
        (("minifab", "--dispatch", ""), "dispatch is empty; must be a ranked list"),
        (("minifab", "--size", "huge"), "huge"),
        (("minifabs",), 'did you mean "minifab"?'),
        (("minifab", "--days", "soon"), "valid number"),
    ],
)
def test_bad_arguments_end_with_2_and_say_what_is_right(renkei, arguments, said):
    failed = renkei(*arguments)
    assert (failed.exit_code, failed.stdout) == (2, "")
    assert said in failed.stderr
    assert "Traceback" not in failed.stderr


def test_all_problems_at_once(renkei):
    failed = renkei("minifab", "--days", 0, "--replications", 0, "--threads", 0, "--dispatch", "")
    assert failed.exit_code == 2
    assert failed.stderr.startswith("arguments: 5 problems\n")


def test_two_rules_are_compared(renkei, tmp_path):
    arguments = ("minifab", "--versus-dispatch", "fifo", "--days", 60, "--warmup", 10, "--replications", 3)
    data = told(renkei(*arguments, "--json", "--out", tmp_path / "out"))
    assert set(data) == {
        "comparison", "only_in_a", "only_in_b", "days", "warmup_days", "seed", "pairs", "a", "b",
    }  # fmt: skip
    assert (data["a"]["dispatch"], data["b"]["dispatch"]) == ("priority, setup, fifo", "fifo")
    assert set(data["comparison"]) == SCALARS | {"products", "lot_types", "tool_groups"}
    leaf = data["comparison"]["mean_cycle_time_days"]
    assert set(leaf) == {"a", "b", "difference", "ci95", "ratio", "pairs", "verdict"}
    assert leaf["a"] == data["a"]["mean_cycle_time_days"]
    assert leaf["b"] == pytest.approx(leaf["a"] + leaf["difference"])
    assert set(data["comparison"]["tool_groups"]["Me"]) == OF_GROUPS
    alone = timeless(told(renkei("minifab", "--dispatch", "fifo", *arguments[3:], "--json")))
    assert {key: timeless(data["b"])[key] for key in alone} == alone
    tables = {path.stem: pd.read_parquet(path) for path in (tmp_path / "out").glob("*.parquet")}
    assert set(tables) == {"comparison", "lots", "daily", "tool_groups", "queue_times"}
    assert tables["lots"].groupby("fab").size().index.tolist() == ["A", "B"]
    assert (
        tables["comparison"].query("measure == 'p95' and section == 'fab'")["a"].item()
        == data["comparison"]["p95"]["a"]
    )
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text())
    assert {key: manifest[key] for key in data} == data


def test_two_fabs_are_compared(renkei, tmp_path):
    """A copy of the Mini-Fab with a second stepper and without lot type TW."""
    shelf = Path(renkei_package.__file__).parent / "data" / "fabs" / "minifab"
    shutil.copytree(shelf, tmp_path / "mine")
    groups = tmp_path / "mine" / "tool_groups.csv"
    groups.write_text(groups.read_text().replace("Me,Litho,1,", "Me,Litho,2,"))
    orders = tmp_path / "mine" / "orders.csv"
    orders.write_text("".join(line for line in orders.read_text().splitlines(True) if not line.startswith("TW")))
    data = told(renkei("minifab", "--versus", tmp_path / "mine", "--days", 60, "--replications", 4, "--json"))
    assert data["comparison"]["tool_groups"]["Me"]["tools"]["ratio"] == 2
    assert data["comparison"]["mean_cycle_time_days"]["verdict"] == "clear difference"
    assert data["comparison"]["lot_types"]["TW"]["p50"]["verdict"] == "only in A"
    assert data["only_in_a"] == {"products": [], "lot_types": ["TW"], "tool_groups": []}
    done = renkei("minifab", "--versus", tmp_path / "mine", "--days", 60, "--replications", 4)
    assert "lot types only in A: TW" in done.stdout
    assert "clear difference" in done.stdout


def test_a_comparison_has_ten_pairs_and_one_pair_no_verdict(renkei):
    arguments = ("minifab", "--versus-dispatch", "lifo", "--days", 5)
    assert "10 pair(s) of replications" in renkei(*arguments).stdout
    single = renkei(*arguments, "--replications", 1)
    assert "one replication gives no verdict" in single.stdout
    assert "clear difference" not in single.stdout
    assert told(renkei(*arguments, "--replications", 1, "--json"))["comparison"]["p95"]["verdict"] is None


def test_a_comparison_of_large_fabs_fits_one_screen(renkei):
    arguments = ("nanosheet-2nm", "--versus", "minifab", "--days", 3, "--replications", 2)
    lines = renkei(*arguments).stdout.splitlines()
    assert len(lines) <= 45
    assert any("tool groups only in A: euv_cell" in line and "more" in line for line in lines)


def test_a_comparison_tells_all_problems_at_once(renkei):
    arguments = ("--days", 0, "--dispatch", "", "--versus-dispatch", "best", "--replications", 0)
    failed = renkei("minifab", *arguments)
    assert failed.exit_code == 2
    assert failed.stderr.startswith("arguments: 5 problems\n")  # the warm-up is not less than 0 days either
    assert "versus-dispatch has no criterion" in failed.stderr
    assert renkei("minifab", "--versus", "minifap").exit_code == 2


def test_a_trace_lies_in_the_result_folder(renkei, tmp_path: Path) -> None:
    out = tmp_path / "run"
    data = told(renkei("minifab", "--days", 10, "--replications", 2, "--trace", "--out", out, "--json"))
    rows = pd.read_parquet(out / "trace")
    assert len(rows) == sum(run["lot_steps"] for run in data["replications"])
    assert set(rows["replication"]) == {0, 1}
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_trace_needs_a_folder(renkei) -> None:
    done = renkei("minifab", "--days", 10, "--trace")
    assert done.exit_code == 2
    assert "trace needs --out, the folder to write to" in done.output
