"""`renkei fab`: output, JSON and exit codes."""

import json

import pytest
from typer.testing import CliRunner

from renkei.cli.fab import app
from renkei.fab import read_fab
from tests.fab.conftest import SMALL, changed
from tests.fab.test_reading import SIZED


@pytest.fixture
def renkei():
    """Return a function that runs `renkei fab` with arguments."""
    return lambda *arguments: CliRunner().invoke(app, [str(argument) for argument in arguments])


def test_import_writes_a_fab_and_says_what_was_left_out(renkei, autosched, tmp_path):
    done = renkei("import", autosched(), tmp_path / "out")
    assert done.exit_code == 0, done.output
    assert "4 tool groups, 6 tools, 2 routes, 7 steps, 3 products, 2 lots at the start" in done.stdout
    assert "left out: setup.txt:4: the change to P" in done.stdout
    assert len(read_fab(tmp_path / "out").initial_wip) == 2


def test_import_for_machines(renkei, autosched, tmp_path):
    told = json.loads(renkei("import", autosched(), tmp_path / "out", "--json").stdout)
    assert (told["fab"], told["tools"], told["out"]) == ("tables", 6, str(tmp_path / "out"))
    assert len(told["left_out"]) == 5


def test_import_overwrites_nothing_and_leaves_nothing_half_done(renkei, autosched, tmp_path):
    home = autosched()
    (tmp_path / "there").mkdir()
    refused = renkei("import", home, tmp_path / "there")
    assert (refused.exit_code, refused.stdout) == (2, "")
    assert "exists already" in refused.stderr
    (home / "order.txt").unlink()
    failed = renkei("import", home, tmp_path / "out")
    assert failed.exit_code == 2
    assert "order.txt  is missing" in failed.stderr
    assert sorted(path.name for path in tmp_path.iterdir()) == ["tables", "there"]


def test_import_with_order_files_of_ones_own_choice(renkei, asd, tmp_path):
    home = asd()
    told = renkei("import", home, tmp_path / "lists")
    assert "2 lots at the start, 34 planned lots" in told.stdout
    chosen = renkei("import", home, tmp_path / "late", "--orders", "order_low.txt", "--orders", "WIP.txt", "--json")
    facts = json.loads(chosen.stdout)
    assert (facts["planned_lots"], facts["initial_lots"]) == (9, 2)
    missing = renkei("import", home, tmp_path / "none", "--orders", "order_x.txt")
    assert (missing.exit_code, "order_x.txt  is missing" in missing.stderr) == (2, True)


def test_capacity_of_planned_lots(renkei, asd, tmp_path):
    """14 lots of 25 wafers, every four hours but for two: the rate of the list's span."""
    renkei("import", asd(), tmp_path / "fab")
    told = json.loads(renkei("capacity", tmp_path / "fab", "--json").stdout)
    assert told["starts_per_week"] == pytest.approx(7 * 25 * 14 * 11 / 12 / (11 * 240 / 1440))
    assert told["tool_groups"]["Furnace"]["lots_per_day"] > told["starts_per_week"] / 175
    assert renkei("check", tmp_path / "fab", "--strict").exit_code == 0


def test_check_of_a_sound_fab(renkei):
    done = renkei("check", "minifab")
    assert done.exit_code == 0
    assert done.stdout.startswith("minifab: no errors, 0 warnings; 3 tool groups, 5 tools")


def test_check_of_a_broken_fab(renkei, folder):
    home = folder(changed("orders.csv", "regular,chip", "regular,chop"))
    failed = renkei("check", home)
    assert failed.exit_code == 2
    assert 'orders.csv:2  product = "chop" is not a product of this fab; did you mean "chip"?' in failed.stderr
    told = renkei("check", home, "--json")
    assert told.exit_code == 2
    assert [(row["file"], row["line"], row["field"]) for row in json.loads(told.stdout)["errors"]] == [
        ("orders.csv", 2, "product")
    ]


def test_check_warns_of_overload_and_strictly_refuses_it(renkei, folder):
    home = folder(changed("orders.csv", "120", "50"))
    warned = renkei("check", home)
    assert warned.exit_code == 0
    assert "1 warning;" in warned.stdout
    assert "warning: tool_groups.csv:3  tools = 1: scanner is loaded to 120.1 %" in warned.stdout
    assert renkei("check", home, "--strict").exit_code == 2


def test_check_looks_at_every_size(renkei, folder):
    sizes = SIZED | {"tool_groups.csv": SIZED["tool_groups.csv"].replace("Litho,1,10", "Litho,1,0")}
    failed = renkei("check", folder(sizes))
    assert failed.exit_code == 2
    assert "tool_groups.csv:3  tools@volume = 0, but 2 steps need scanner" in failed.stderr
    assert renkei("check", folder(sizes), "--size", "pilot").exit_code == 0


def test_capacity(renkei):
    done = renkei("capacity", "minifab", "--top", 2)
    assert done.exit_code == 0
    lines = done.stdout.splitlines()
    assert [line.split()[0] for line in lines[2:4]] == ["Me", "Mab"]
    assert lines[4] == "  1 less loaded groups not shown; --top 0 shows all"
    assert "bottleneck Me at 91.7 %: 2,025 wafer starts a week now, 2,209 at 100 %" in lines


def test_capacity_for_machines(renkei):
    told = json.loads(renkei("capacity", "minifab", "--json").stdout)
    assert (told["bottleneck"], told["load_percent"]) == ("Me", pytest.approx(91.667, abs=1e-3))
    assert list(told["tool_groups"]) == ["Me", "Mab", "Mcd"]
    assert told["tool_groups"]["Mab"]["pm_calendar_percent"] == pytest.approx(5.208, abs=1e-3)
    assert told["rpt_days"]["Pa"] == pytest.approx(883 / 1440)


def test_a_fab_without_orders_has_no_bottleneck(renkei, folder):
    home = folder({"orders.csv": None, "setups.csv": SMALL["setups.csv"]})
    told = renkei("capacity", home, "--json")
    assert told.exit_code == 0
    assert json.loads(told.stdout)["bottleneck"] is None


@pytest.mark.parametrize("command", ["check", "capacity"])
def test_an_unknown_fab_is_bad_input(renkei, command):
    failed = renkei(command, "minifb")
    assert failed.exit_code == 2
    assert 'did you mean "minifab"?' in failed.stderr


@pytest.mark.parametrize("command", ["import", "check", "capacity"])
def test_help_has_an_example(renkei, command):
    assert f"renkei fab {command} " in renkei(command, "--help").stdout
