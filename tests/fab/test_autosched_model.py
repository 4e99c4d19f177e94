"""Import of models with an `options.def`: what becomes of its tools, routes and settings."""

from __future__ import annotations

import datetime as dt

import pytest

from renkei.fab import import_smt2020, read_fab, warnings, write_fab
from tests.fab.autosched_model import OPTIONS, route, stations


def test_the_model_becomes_a_fab(asd):
    fab = import_smt2020(asd())
    assert repr(fab) == "<Fab lvhm-e: 3 tool groups, 5 tools, 2 routes, 6 steps, 2 products>"
    assert fab.start == dt.date(2018, 1, 1)
    assert (fab.wafers_per_lot, fab.orders, len(fab.lots), len(fab.initial_wip)) == (25, (), 34, 2)
    assert len(fab.outages) == 1
    assert warnings(fab) == []


def test_ranks_may_stand_on_rows_of_their_own(asd):
    furnace, litho, planar = import_smt2020(asd()).tool_groups.values()
    assert furnace.dispatch == ("priority", "setup", "cr")
    assert litho.dispatch == ("priority", "cr")
    assert planar.dispatch == ("priority", "fifo")
    assert (furnace.tools, litho.tools, litho.wake) == (1, 2, "least_setup")


def test_batches_go_by_family_and_step_name(asd):
    fab = import_smt2020(asd())
    assert [group.batch_by for group in fab.tool_groups.values()] == ["family", "step", "step"]
    assert {product.family for product in fab.products.values()} == {"product_1"}
    assert {name: steps[0].name for name, steps in fab.routes.items()} == {
        "r_1": "001_Diffusion",
        "r_E1": "001_Diffusion",
    }
    blank = route("r_1", "mask").replace("001_Diffusion", "")
    assert import_smt2020(asd({"route_1.txt": blank})).routes["r_1"][0].name == "1"


@pytest.mark.parametrize("text", ["crit_samestepname|crit_samepartfam", "crit_samepartfam; crit_samestepname"])
def test_criteria_of_a_batch_in_any_order(asd, text):
    changed = stations().replace("crit_samepartfam|crit_samestepname", text)
    assert import_smt2020(asd({"tool.txt": changed})).tool_groups["Furnace"].batch_by == "family"


def test_setup_times_vary(asd):
    fab = import_smt2020(asd())
    plain, always = fab.routes["r_1"][1], fab.routes["r_E1"][1]
    assert (plain.setup, plain.setup_when, plain.setup_time) == ("mask", "need", None)
    assert (always.setup, always.setup_when, always.setup_time) == ("E_mask", "always", 24)
    assert (always.setup_distribution, always.setup_spread) == ("uniform", 8)
    assert [(row.from_setup, row.to_setup, row.time, row.distribution, row.spread) for row in fab.setups] == [
        ("", "mask", 15, "constant", 0),
        ("mask", "E_mask", 60, "uniform", 30),
    ]


def test_percents_may_have_their_sign(asd):
    last = import_smt2020(asd()).routes["r_1"][2]
    assert (last.sampling_percent, last.rework_percent) == (40, 2.5)


def test_what_is_not_carried_is_said(asd):
    said = import_smt2020(asd()).left_out
    assert said[-2:] == (
        "What options.def says of reports, statistics and details of the run.",
        "Files that were not read: order.txt, order_low.txt, period.txt, pmcal.txt.",
    )


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("DELAYS\tN", "DELAYS\tY", "options.def: SEQ_ADDS_SETUP_DELAYS = Y; setups delay a cascading tool's next lot"),
        (
            "(Y/N)\tY",
            "(Y/N)\tN",
            "options.def: USE_CALENDARS(Y/N) = N; tools neither break down nor are they maintained.",
        ),
    ],
)
def test_settings_that_change_the_meaning(asd, old, new, said):
    fab = import_smt2020(asd({"options.def": OPTIONS.replace(old, new)}))
    assert any(sentence.startswith(said) for sentence in fab.left_out)
    assert bool(fab.outages) == (new != "(Y/N)\tN")


def test_what_is_imported_can_be_written(asd, tmp_path):
    fab = import_smt2020(asd())
    assert read_fab(write_fab(fab, tmp_path / "fab")) == fab
