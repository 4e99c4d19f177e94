"""Import of AutoSched tables of other shapes than the public ones."""

from __future__ import annotations

import datetime as dt

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.errors import InputError
from renkei.fab import import_smt2020, read_fab, write_fab
from tests.fab.autosched import ORDER_HEAD, ROUTE_HEAD, files, order, replaced, step, table


def test_tool_groups(autosched):
    fab = import_smt2020(autosched())
    etch, implant, furnace, wait = fab.tool_groups.values()
    assert (etch.tools, etch.load, etch.unload, etch.area, etch.wake) == (2, 1, 0.5, "Area_A", "least_setup")
    assert etch.dispatch == ("priority", "setup", "cr")
    assert (implant.cascade, implant.min_run, furnace.cascade) == (True, 5, False)
    assert (wait.kind, wait.tools, wait.location) == ("delay", 0, "Delay")


def test_steps_are_counted_and_their_references_follow(autosched):
    first, implant, furnace, saving, wait, last = import_smt2020(autosched()).routes["r_1"]
    assert (first.step, first.name, first.per) == (1, "first", "wafer")
    assert (first.distribution, first.process, first.spread) == ("uniform", 0.5, 0.025)
    assert (implant.interval, implant.interval_per, implant.setup) == (0.9, "wafer", "As")
    assert (furnace.process, furnace.per, furnace.batch_min, furnace.batch_max) == (240, "batch", 75, 100)
    assert (saving.dedicate_step, saving.queue_limit_step, saving.queue_limit) == (6, 6, 240)
    assert {step.queue_limit_step for step in (first, implant, furnace, wait, last)} == {None}, "blank means none"
    assert wait.process == 120
    assert (last.rework_step, last.rework_percent, last.sampling_percent, last.setup_time) == (4, 2.5, 40, 8)


def test_cascading_by_lot_and_setups(autosched):
    fab = import_smt2020(autosched())
    (only,) = fab.routes["r_2"]
    assert (only.interval, only.interval_per, only.setup_when) == (34, "lot", "always")
    assert {(row.from_setup, row.to_setup): row.time for row in fab.setups} == {("", "As"): 72, ("As", "B"): 15}


def test_products_share_routes_and_engineering_lots_are_known(autosched):
    fab = import_smt2020(autosched())
    assert [(row.product, row.route, row.family, row.kind) for row in fab.products.values()] == [
        ("part_1", "r_1", "fam_1", "product"),
        ("eng_1", "r_1", "fam_1", "engineering"),
        ("part_2", "r_2", "fam_2", "product"),
    ]


def test_releases_count_from_the_earliest_start(autosched):
    fab = import_smt2020(autosched())
    lot, hot = fab.orders
    assert fab.start == dt.date(2019, 3, 1)
    assert (lot.order, lot.start, lot.interval, lot.releases, lot.due) == ("Lot_1", 0, 120, 500, 2 * 1440)
    assert (hot.order, hot.start, hot.priority, hot.due) == ("Hot_2", 120, 20, 720)


def test_super_hot_lots_reserve_tools(autosched):
    changes = replaced("WIP.txt", "\tO_WIP", "\tO_WIP\tyes") | replaced("order.txt", "O_Hot_2\tno", "O_Hot_2\tyes")
    fab = import_smt2020(autosched(changes))
    assert [order.reserve for order in fab.orders] == [False, True]
    assert [lot.reserve for lot in fab.initial_wip] == [False, True]


def test_initial_lots(autosched):
    old, now = import_smt2020(autosched()).initial_wip
    assert (old.order, old.step, old.start, old.due, old.wafers) == ("part_1", 4, -1440, 60, 25)
    assert (now.order, now.step, now.start, now.due) == ("O_WIP", 1, None, 1440)


def test_outages(autosched):
    area, family, weekly, quarterly = import_smt2020(autosched()).outages
    assert (area.area, area.tool_group, area.interval, area.first, area.duration) == ("Area_A", "", 10080, 7200, 120)
    assert (family.tool_group, family.first, family.first_rule) == ("Furnace_1", 10080, "exponential")
    assert (weekly.clock, weekly.interval, weekly.first, weekly.first_rule) == ("wafers", 2000, 1800, "staggered")
    assert (weekly.duration_distribution, weekly.duration, weekly.duration_spread) == ("uniform", 480, 90)
    assert (quarterly.area, quarterly.interval, quarterly.first) == ("Area_B", 91 * 1440, 80 * 1440)
    assert quarterly.interval_distribution == "constant"


def test_what_is_not_carried_is_said(autosched):
    left_out = import_smt2020(autosched()).left_out
    assert left_out[:3] == (
        "setup.txt:4: the change to P; no step needs one of its setups.",
        "pmcal.txt:4: LOOSE, which is attached to nothing.",
        "fromto.txt:3: moves from Fab to Yard, where no station family is.",
    )
    assert any("START is the start of the run" in sentence for sentence in left_out)


def test_lots_with_their_own_due_dates(autosched):
    lots = [
        order(
            f"Lot_{n}", "part_1", START=f"03/{n:02}/19 06:00:00", DUE=f"03/{n + n % 3:02}/19 18:00:00", ORDER="O_March"
        )
        for n in range(1, 21)
    ]
    lots.append(order("single", "part_2", DUE="", START="03/09/19 06:00:00"))
    fab = import_smt2020(autosched({"order.txt": table(ORDER_HEAD, *lots)}))
    assert (len(fab.orders), len(fab.lots)) == (0, 21)
    second, third = fab.lots[1:3]
    assert (second.lot, second.order, second.start, second.due) == ("Lot_2", "O_March", 1440, 3 * 1440 + 720)
    assert (third.lot, third.order, third.start, third.due) == ("Lot_3", "O_March", 2 * 1440, 2 * 1440 + 720)
    assert (third.file, third.line) == ("order.txt", 4)
    assert (fab.lots[20].order, fab.lots[20].due) == ("part_2", None)


def test_ten_products(autosched):
    parts = [{"PART": f"p_{n}", "ROUTEFILE": f"route_{n}.txt", "ROUTE": f"r_{n}"} for n in range(10)]
    routes = {
        f"route_{n}.txt": table(ROUTE_HEAD, *({"ROUTE": f"r_{n}"} | step(k, "Etch_1", n + k) for k in range(1, n + 2)))
        for n in range(10)
    }
    orders = table(ORDER_HEAD, *(order(f"L_{n}", f"p_{n}", REPEAT=1, RUNITS="day") for n in range(10)))
    changes = {"part.txt": table("PART ROUTEFILE ROUTE", *parts), "order.txt": orders, "WIP.txt": None, **routes}
    fab = import_smt2020(autosched(changes))
    assert [len(route) for route in fab.routes.values()] == list(range(1, 11))
    assert {row.releases for row in fab.orders} == {None}
    assert fab.setups == ()


def test_only_the_needed_tables_are_needed(autosched):
    optional = ("setup.txt", "downcal.txt", "pmcal.txt", "attach.txt", "fromto.txt", "WIP.txt")
    fab = import_smt2020(autosched(dict.fromkeys(optional)))
    assert (fab.setups, fab.outages, fab.transports, fab.initial_wip) == ((), (), (), ())


def test_what_is_imported_can_be_written(autosched, tmp_path):
    fab = import_smt2020(autosched())
    assert read_fab(write_fab(fab, tmp_path / "fab")) == fab


WRONG = {
    "unknown column": (replaced("part.txt", "PARTFAM", "PARTFAMILY"), "part.txt", 2, "PARTFAMILY", "does not know"),
    "unknown rule": (replaced("tool.txt", "rule_LSSU", "rule_LSU"), "tool.txt", 3, "RULE", 'did you mean "rule_LSSU"?'),
    "unknown rank": (
        {"tool.txt": files()["tool.txt"].replace("rank_CR", "rank_XY", 1)},
        "tool.txt",
        2,
        "FWLRANK",
        'no criterion "rank_XY"',
    ),
    "unknown capacity": (replaced("tool.txt", "sec\t2.0\t2.0", "sec\t3\t2.0"), "tool.txt", 3, "STNCAP", '"3"'),
    "unknown batch rule": (
        replaced("tool.txt", "crit_sameroutestep", "crit_any"),
        "tool.txt",
        4,
        "BATCHCRITF",
        "not known",
    ),
    "batches of lots": (replaced("tool.txt", "\tpiece", "\tlot"), "tool.txt", 4, "BATCHPER", '"lot" is not known'),
    "unknown unit": (replaced("route_a.txt", "4\t\thr", "4\t\tyr"), "route_a.txt", 4, "PTUNITS", '"yr" is not a unit'),
    "no unit": (
        replaced("setup.txt", "15\tmin", "15\t"),
        "setup.txt",
        3,
        "STUNITS",
        "is missing; it is the unit of STIME",
    ),
    "unknown law": (replaced("route_a.txt", "uniform", "normal"), "route_a.txt", 2, "PDIST", '"normal" is not known'),
    "uniform of one number": (replaced("route_a.txt", "0.5\t0.025", "0.5\t"), "route_a.txt", 2, "PTIME2", "half-width"),
    "unknown process unit": (replaced("route_a.txt", "per_batch", "per_box"), "route_a.txt", 4, "PTPER", "per_box"),
    "wrong interval": (replaced("route_b.txt", "per_lot", "per_piece"), "route_b.txt", 2, "BatchInterval", "per_lot"),
    "rework of wafers": (replaced("route_a.txt", "2.5\tlot", "2.5\twafer"), "route_a.txt", 7, "RWKTYPE", '"wafer"'),
    "unknown step": (
        replaced("route_a.txt", "yes\t60", "yes\t65"),
        "route_a.txt",
        5,
        "FORSTEP",
        "not a step of this route",
    ),
    "over 100 percent": (
        replaced("route_a.txt", "lot\t40", "lot\t140"),
        "route_a.txt",
        7,
        "StepPercent",
        "at most 100 %",
    ),
    "unknown family": (
        replaced("route_b.txt", "Implant_1", "Implant_2"),
        "route_b.txt",
        2,
        "STNFAM",
        'did you mean "Implant_1"?',
    ),
    "unknown part": (
        replaced("order.txt", "Hot_2\tpart_2", "Hot_2\tpart_3"),
        "order.txt",
        3,
        "PART",
        "part of the product table",
    ),
    "no date": (replaced("order.txt", "03/03/19 06:00:00", "2019-03-03"), "order.txt", 2, "DUE", "not a date like"),
    "due before start": (
        replaced("order.txt", "03/03/19", "02/03/19"),
        "order.txt",
        2,
        "DUE",
        "must not lie before START",
    ),
    "no route file": (replaced("part.txt", "route_b.txt", "route_c.txt"), "route_c.txt", None, "", "is missing"),
    "no such route": (
        replaced("part.txt", "\tr_2", "\tr_3"),
        "part.txt",
        4,
        "ROUTE",
        '"r_3" is not a route of route_b.txt',
    ),
    "two minimum runs": (
        replaced("setupgrp.txt", "\tB\t5", "\tB\t6"),
        "setupgrp.txt",
        3,
        "MINRUN",
        "= 6 differs from the 5",
    ),
    "unknown setup group": (
        replaced("setupgrp.txt", "Gas", "Gases"),
        "tool.txt",
        3,
        "SETUPGRP",
        '"Gas" is not a setup group',
    ),
    "unknown calendar type": (
        replaced("downcal.txt", "mttf_by_cal", "mttf_by_use"),
        "downcal.txt",
        2,
        "DOWNCALTYPE",
        "known",
    ),
    "unknown calendar": (replaced("attach.txt", "WK", "WEEK"), "attach.txt", 4, "CALNAME", '"WEEK" is not a calendar'),
    "unknown resource": (
        replaced("attach.txt", "Etch_1", "Etch_9"),
        "attach.txt",
        4,
        "RESNAME",
        'did you mean "Etch_1"?',
    ),
    "pieces by the day": (replaced("pmcal.txt", "pieces\tuni", "day\tuni"), "pmcal.txt", 2, "MTBPMUNITS", '"day"'),
    "step of no lot": (
        replaced("WIP.txt", "06:00:00\t40", "06:00:00\t45"),
        "WIP.txt",
        2,
        "CURSTEP",
        "is not a step of r_1",
    ),
    "lot from the future": (replaced("WIP.txt", "02/28/19", "03/28/19"), "WIP.txt", 2, "START", "must not lie after"),
    "reserved or not": (replaced("order.txt", "O_Hot_2\tno", "O_Hot_2\tperhaps"), "order.txt", 3, "HOTLOT", "perhaps"),
    "too many tools": (
        {"tool.txt": files()["tool.txt"].replace("\t2.0\tArea_B", "\t2000000\tArea_B")},
        "tool.txt",
        4,
        "STNQTY",
        "must be at most 100000",
    ),
    "two station tables": ({"tool.txt.2l": "x"}, "tool.txt", None, "", "is one of several station tables"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_carried_is_refused_by_file_and_line(autosched, case):
    changes, file, line, column, said = WRONG[case]
    with pytest.raises(InputError) as error:
        import_smt2020(autosched(changes))
    found = [(problem.file, problem.line, problem.field) for problem in error.value.problems]
    assert (file, line, column) in found, str(error.value)
    assert said in error.value.problems[found.index((file, line, column))].message


def test_no_folder(tmp_path):
    with pytest.raises(InputError, match="is not a folder of AutoSched tables"):
        import_smt2020(tmp_path / "nowhere")
    with pytest.raises(InputError, match=r"order\.txt  is missing"):
        import_smt2020(tmp_path)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_a_table_gives_a_traceback(autosched, data):
    name = data.draw(st.sampled_from(sorted(files())))
    text = files()[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    damage = data.draw(st.sampled_from(["\t", "\n", '"', "-1", "1e300", "nan", "0", "99", "", "x", "\0", "é"]))
    try:
        import_smt2020(autosched({name: text[:start] + damage + text[end:]}))
    except InputError as refused:
        seen = str(refused)
    else:
        seen = "sound"
    assert seen
