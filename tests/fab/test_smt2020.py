"""The SMT2020 high-volume, low-mix tables against published and independently computed numbers (semantics in docs)."""

import math

import pytest

from renkei.fab import check, read_fab, warnings, write_fab
from renkei.fab.capacity import capacity, load, rpt, visits_per_day

pytestmark = pytest.mark.smt2020


def test_the_tables_become_a_consistent_fab(hvlm):
    assert (len(hvlm.tool_groups), hvlm.tools) == (106, 1043)
    assert sum(group.cascade for group in hvlm.tool_groups.values()) == 45
    assert [len(hvlm.routes[name]) for name in ("r_3", "r_4")] == [583, 343]
    assert len(hvlm.initial_wip) == 2255
    assert hvlm.tool_groups["Delay_32"].kind == "delay"
    assert hvlm.tool_groups["Implant_128"].min_run == 7
    assert hvlm.tool_groups["DE_BE_13"].wake == "least_setup"
    assert hvlm.tool_groups["DE_BE_11"].dispatch == ("priority", "setup", "fifo")
    assert check(hvlm) == []
    assert warnings(hvlm) == []


def test_details_that_engines_got_wrong_elsewhere(hvlm):
    route = hvlm.routes["r_3"]
    chain = [13]
    while target := route[chain[-1] - 1].dedicate_step:
        chain.append(target)
    assert chain == [13, 113, 351, 362, 390]
    assert {step.batch_max - step.batch_min for step in route if step.batch_max} == {25}
    assert sum(step.queue_limit is not None for step in route) == 41
    assert sum(step.rework_step is not None for step in route) == 7
    assert {step.per for step in route if step.interval_per == "lot"} == {"lot"}
    staggered = next(row for row in hvlm.outages if row.outage == "DefMet_BE_33_MN")
    assert (staggered.first_rule, staggered.first, staggered.interval) == ("staggered", 27.3 * 1440, 30 * 1440)
    assert (staggered.duration, staggered.duration_spread) == (pytest.approx(13.76 * 60), pytest.approx(2.75 * 60))
    pieces = next(row for row in hvlm.outages if row.outage == "DE_BE_11_WK")
    assert (pieces.clock, pieces.interval) == ("wafers", 2000)
    lot_3 = hvlm.orders[0]
    assert (lot_3.interval, lot_3.releases) == (51.69, 200_000)
    assert lot_3.due == pytest.approx(53 * 1440 + 20 * 60 + 7 + 47 / 60)
    assert hvlm.initial_wip[0].start is None


def test_raw_process_times(hvlm):
    # days of process, load, unload, transport, rework: 23.988 + 0.692 + 2.469 + 0.005; 14.069 + 0.414 + 1.497 + 0.004
    assert {name: minutes / 1440 for name, minutes in rpt(hvlm).items()} == {
        "part_3": pytest.approx(27.154, rel=5e-3),
        "part_4": pytest.approx(15.984, rel=5e-3),
    }


def test_bottleneck_and_capacity(hvlm):
    limit = capacity(hvlm)
    assert limit.bottleneck == "Litho_BE_110"
    assert limit.load_percent == pytest.approx(97.9, abs=0.05)
    assert limit.capacity_per_week == pytest.approx(10_228, abs=1)
    assert limit.starts_per_week == pytest.approx(10_000, rel=2e-3)


@pytest.mark.parametrize(
    ("group", "lots", "process", "down", "pm_calendar", "pm_count"),
    [
        ("DE_FE_86", 1172.85, 79.53, 2.25, 0.0, 9.21),
        ("DefMet_FE_43", 337.55, 77.62, 0.35, 3.17, 0.0),
        ("Diffusion_FE_125", 28.57, 54.86, 1.48, 6.04, 0.0),
        ("Implant_128", 457.79, 58.90, 5.66, 0.0, 14.01),
        ("Litho_BE_110", 516.36, 84.30, 6.54, 7.02, 0.0),
        ("Planar_BE_75", 371.81, 55.73, 1.96, 0.0, 18.01),
        ("TF_BE_40", 371.81, 68.40, 4.31, 0.0, 10.51),
        ("WE_FE_108", 2231.40, 76.04, 2.15, 0.0, 8.81),
    ],
)
def test_static_load_of_families(hvlm, group, lots, process, down, pm_calendar, pm_count):
    row = load(hvlm).set_index("tool_group").loc[group]
    assert row["lots_per_day"] == pytest.approx(lots, abs=0.01)
    assert row["process_percent"] + row["load_unload_percent"] == pytest.approx(process, abs=0.01)
    assert row["breakdown_percent"] == pytest.approx(down, abs=0.01)
    assert row["pm_calendar_percent"] == pytest.approx(pm_calendar, abs=0.01)
    assert row["pm_count_percent"] == pytest.approx(pm_count, abs=0.01)


def test_the_delay_is_visited_but_not_loaded(hvlm):
    assert visits_per_day(hvlm)["Delay_32"] == pytest.approx(972.73, abs=0.01)
    assert "Delay_32" not in set(load(hvlm)["tool_group"])


def test_every_family_of_the_reference_table(hvlm, smt2020_folder):
    reference = smt2020_folder.parents[1] / "reference" / "smt2020_hvlm_load.csv"
    if not reference.is_file():
        pytest.skip(f"no table {reference.name} beside the SMT2020 files")
    import pandas as pd

    expected = pd.read_csv(reference).set_index("toolgroup")
    visits = visits_per_day(hvlm)
    assert set(visits) == set(expected.index)
    for name, lots in expected["lots_per_day"].items():
        assert math.isclose(visits[name], lots, abs_tol=0.01), name
    total = load(hvlm).set_index("tool_group")["total_percent"]
    assert total.to_numpy() == pytest.approx(expected["total_excl_setup_pct"][total.index].to_numpy(), abs=0.01)


def test_the_imported_fab_survives_writing(hvlm, tmp_path):
    assert read_fab(write_fab(hvlm, tmp_path / "hvlm")) == hvlm
