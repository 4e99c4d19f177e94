"""The built-in fab `nanosheet-2nm`: what its generator writes, and what the tables promise."""

from __future__ import annotations

import csv
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from renkei.fab import capacity
from renkei.fab.builtin import load_fab
from renkei.fab.fab import Fab
from renkei.fab.routes import Step

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "src" / "renkei" / "data" / "fabs" / "nanosheet-2nm"
CELLS = {"euv_cell": 22, "arfi_cell": 38, "krf_cell": 28, "iline_cell": 8}
MONTH_DAYS = 365.25 / 12
FULL_FLOW = {"regular", "hot", "development"}


@pytest.fixture(scope="module")
def large() -> Fab:
    return load_fab("nanosheet-2nm@25k")


@pytest.fixture(scope="module")
def pilot() -> Fab:
    return load_fab("nanosheet-2nm@pilot")


def full_route(fab: Fab) -> tuple[Step, ...]:
    return fab.routes["gaa-full"]


def test_the_committed_tables_are_what_the_generator_writes(tmp_path: Path) -> None:
    script = ROOT / "tools" / "make_nanosheet.py"
    subprocess.run([sys.executable, str(script), "--out", str(tmp_path)], check=True, capture_output=True)
    written = {path.relative_to(tmp_path): path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()}
    committed = {path.relative_to(FOLDER): path.read_bytes() for path in FOLDER.rglob("*") if path.is_file()}
    assert written.keys() == committed.keys()
    assert [name for name in written if written[name] != committed[name]] == []


def test_every_row_says_where_it_comes_from() -> None:
    for path in FOLDER.rglob("*.csv"):
        with path.open(encoding="utf-8", newline="") as file:
            for line, row in enumerate(csv.DictReader(file), start=2):
                assert row["source"], f"{path.name}:{line}"
                assert row["confidence"] in {"high", "medium", "low"}, f"{path.name}:{line}"


def test_the_full_flow_has_the_steps_and_exposures_of_its_class(large: Fab) -> None:
    steps = full_route(large)
    assert 1200 <= len(steps) <= 1500
    exposures = Counter(step.tool_group for step in steps if step.tool_group in CELLS)
    assert exposures == CELLS
    assert 90 <= exposures.total() <= 105


def test_the_pilot_route_is_that_of_the_first_silicon(pilot: Fab) -> None:
    steps = pilot.routes["pilot"]
    assert 290 <= len(steps) <= 310
    modules = list(dict.fromkeys(step.module for step in steps))
    assert modules[1] == "sheet stack"
    assert modules[-2:] == ["metal M0", "test at M0"]


def test_short_loops_are_short(pilot: Fab) -> None:
    assert 70 <= len(pilot.routes["shortloop-feol"]) <= 130
    assert 70 <= len(pilot.routes["shortloop-beol"]) <= 130


def test_nothing_is_batched(large: Fab) -> None:
    assert all(step.batch_min is None and step.per == "wafer" for steps in large.routes.values() for step in steps)


def test_it_scales_by_adding_tools_only(pilot: Fab, large: Fab) -> None:
    assert pilot.routes == large.routes
    assert pilot.outages == large.outages
    assert pilot.qualifications == large.qualifications
    assert 80 <= len(large.tool_groups) <= 105
    assert all(1 <= pilot.tool_groups[name].tools <= group.tools for name, group in large.tool_groups.items())
    assert 174 <= pilot.tools <= 200
    assert 900 <= large.tools <= 1050


def test_equipment_costs_what_such_a_fab_costs(large: Fab) -> None:
    total = sum(group.tools * (group.price_musd or 0) for group in large.tool_groups.values())
    assert total / 25 == pytest.approx(440, rel=0.15)
    assert all(group.price_musd and group.supplier and group.country for group in large.tool_groups.values())
    assert {"JP", "US", "NL"} <= {group.country for group in large.tool_groups.values()}


@pytest.mark.parametrize(("size", "wspm"), [("pilot", 3000), ("25k", 25000)])
def test_wafer_starts_are_those_of_the_size(size: str, wspm: int) -> None:
    fab = load_fab("nanosheet-2nm", size)
    starts = sum(
        (order.wafers or 25) * 1440 * MONTH_DAYS / order.interval
        for order in fab.orders
        if order.order in FULL_FLOW and order.interval
    )
    assert starts == pytest.approx(wspm, rel=1e-4)


def test_the_bottlenecks_are_the_planned_ones_and_nothing_is_overloaded(large: Fab) -> None:
    load = capacity.load(large).set_index("tool_group")["total_percent"]
    assert load["euv_cell"] == load.max()
    assert 85 <= load["arfi_cell"] <= 90
    assert 85 <= load["euv_cell"] <= 90


def test_the_pilot_line_has_room(pilot: Fab) -> None:
    assert capacity.load(pilot)["total_percent"].max() < 90


def test_outages_leave_the_availability_of_the_estimates(large: Fab) -> None:
    table = capacity.load(large).set_index("tool_group")
    lost = table[["breakdown_percent", "pm_calendar_percent", "pm_count_percent"]].sum(axis=1)
    for name, group in large.tool_groups.items():
        said = float(group.note.split("availability ")[1].split(";")[0])
        assert 100 - lost[name] == pytest.approx(100 * said, abs=0.3), name


def test_raw_process_time_is_that_of_a_long_flow(large: Fab) -> None:
    days = capacity.rpt(large)["logic"] / 1440
    assert 35 <= days <= 50


def test_monitors_take_their_share_of_the_work(pilot: Fab, large: Fab) -> None:
    assert monitor_share(large) == pytest.approx(0.10, abs=0.02)
    assert 0.24 <= monitor_share(pilot) <= 0.40


def monitor_share(fab: Fab) -> float:
    """Return the share of the tools' process time that monitors take."""
    products = [order for order in fab.orders if fab.products[order.product].kind != "monitor"]
    busy = process_tools(fab)
    return 1 - process_tools(fab.with_orders(tuple(products))) / busy


def process_tools(fab: Fab) -> float:
    """Return how many tools the declared orders keep processing."""
    table = capacity.load(fab)
    return float((table["process_percent"] * table["tools"]).sum()) / 100


def test_recipes_are_qualified_on_about_half_of_the_tools(large: Fab) -> None:
    shares = {qualification.tools for qualification in large.qualifications}
    assert shares <= {"40%", "51%", "60%"}
    qualified = {(qualification.tool_group, qualification.recipe) for qualification in large.qualifications}
    assert {(step.tool_group, step.recipe) for steps in large.routes.values() for step in steps} == qualified


def test_a_dedicated_layer_returns_to_a_scanner_that_may_print_it(large: Fab) -> None:
    steps = full_route(large)
    pairs = [(step, steps[step.dedicate_step - 1]) for step in steps if step.dedicate_step]
    assert len(pairs) == 3
    assert all(first.tool_group == "euv_cell" == then.tool_group for first, then in pairs)
    assert all(first.recipe == then.recipe for first, then in pairs)


def test_rework_goes_back_to_the_coat_or_the_linked_cell(large: Fab) -> None:
    steps = full_route(large)
    checks = [step for step in steps if step.rework_step]
    assert {step.tool_group for step in checks} == {"overlay_diffraction", "overlay_image", "cdsem_adi"}
    for step in checks:
        back = steps[(step.rework_step or 0) - 1]
        assert back.tool_group in {"coat_soc", *CELLS}
        assert back.layer == step.layer
        assert 0 < step.rework_percent <= 2


def test_queue_time_limits_point_forward_to_the_next_steps(large: Fab) -> None:
    limits = [step for step in full_route(large) if step.queue_limit_step]
    assert len(limits) >= 30
    assert all(step.step < (step.queue_limit_step or 0) <= step.step + 3 for step in limits)


def test_only_measurements_hold_lots(large: Fab) -> None:
    held = [step for step in full_route(large) if step.hold_percent]
    areas = {large.tool_groups[step.tool_group].area for step in held}
    assert areas == {"Metro", "Inspect", "Test"}
    assert all(large.tool_groups[step.tool_group].hold_crew == "engineers" for step in held)
