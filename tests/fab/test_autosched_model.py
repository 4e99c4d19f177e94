"""Import of models with an `options.def`, order lists and development lots."""

from __future__ import annotations

import datetime as dt
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.errors import InputError
from renkei.fab import import_smt2020, read_fab, warnings, write_fab
from renkei.fab.capacity import load
from renkei.fab.products import PlannedLot
from renkei.fab.releases import release_streams
from tests.fab.autosched import ORDER_HEAD, order, table
from tests.fab.autosched_model import LIST_HEAD, OPTIONS, lots, model, route, stations

DAY = 1440


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


def test_lists_of_lots_from_several_files(asd):
    """In the order of ORDER_FILES; orders of several lots are lot types."""
    fab = import_smt2020(asd())
    assert list(dict.fromkeys(lot.order for lot in fab.lots)) == ["O_E0", "O_E1", "O_Lot", "O_Hot"]
    third, fourth = fab.lots[2:4]
    assert third == PlannedLot(
        lot="E_2", product="part_E1", order="O_E0", wafers=3, start=DAY + 480, due=9 * DAY + 541 + 4 / 60
    )
    assert (third.file, third.line, fourth.priority, fourth.wafers) == ("E_order_high.txt", 4, 20, 4)
    hot = fab.lots[-1]
    assert (hot.lot, hot.order, hot.priority, hot.start, hot.due) == ("Hot_1", "O_Hot", 20, 240, 2 * DAY + 250.5)
    assert (hot.file, hot.line) == ("order_high.txt", 15)


def test_super_hot_lots_are_release_lines_of_their_own(asd):
    text = model()["order_high.txt"].replace("O_Lot\tno", "O_Lot\tyes", 3)
    lines = import_smt2020(asd({"order_high.txt": text})).lots.release_lines
    assert [(line.order, line.reserve, len(line.rows)) for line in lines[2:]] == [
        ("O_Lot", True, 3),
        ("O_Lot", False, 9),
        ("O_Hot", False, 2),
    ]


def test_due_dates_are_those_of_each_lot(asd):
    """Not an offset from START that all share."""
    fab = import_smt2020(asd())
    offsets = {lot.due - lot.start for lot in fab.lots if lot.order == "O_Lot"}
    assert offsets == {DAY + 10.5, 2 * DAY + 10.5, 3 * DAY + 10.5}


def test_lots_at_the_start_come_from_an_order_file_too(asd):
    first, second = import_smt2020(asd()).initial_wip
    assert (first.lot, first.order, first.step, first.start, first.due) == ("Init_1", "O_WIP", 2, None, -2 * DAY)
    assert (second.product, second.step, second.wafers) == ("part_E1", 3, 4)


def test_order_files_of_ones_own_choice(asd):
    """The inactive periodic plan instead of the lists; without WIP.txt there are no lots at the start."""
    fab = import_smt2020(asd(), orders=["order.txt", "E_order_high.txt"])
    assert [(row.order, row.interval, row.releases) for row in fab.orders] == [("Lot", 240, 100)]
    assert (len(fab.lots), fab.initial_wip) == (20, ())
    assert fab.orders[0].start == dt.timedelta(days=424, hours=6) / dt.timedelta(minutes=1)
    late = import_smt2020(asd(), orders=["order_low.txt"])
    assert [lot.lot for lot in late.lots] == [f"Late_{n}" for n in range(9)]


def test_without_options_the_usual_names_count(asd):
    """The earliest START is minute 0 then, and files of all kinds are looked for."""
    orders = dict.fromkeys(["options.def", "order.txt", "order_low.txt", "pmcal.txt"])
    fab = import_smt2020(asd(orders))
    assert fab.orders == ()
    assert list(dict.fromkeys(lot.file for lot in fab.lots)) == ["order_high.txt", "E_order_high.txt"]
    assert len(fab.initial_wip) == 2


def test_several_lists_without_options_are_ambiguous(asd):
    with pytest.raises(InputError) as error:
        import_smt2020(asd({"options.def": None, "pmcal.txt": None}))
    (problem,) = error.value.problems
    assert problem.file == "order.txt"
    assert "several lists of orders (order.txt, order_high.txt, order_low.txt)" in problem.message
    assert "name the order files with --orders" in problem.message
    home = asd({"options.def": None, "pmcal.txt": None})
    assert len(import_smt2020(home, orders=["order_high.txt"]).lots) == 14


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


def wide(files):
    """The same tables in UTF-16 with a byte order mark, Windows line ends, cells padded with blanks, comments."""
    padded = {
        name: text.replace("\t", "  \t ").replace("\n", ' \t ~ a comment, "quoted\r\n') for name, text in files.items()
    }
    return {name: ("~ head\r\n\r\n" + text).encode("utf-16") for name, text in padded.items()}


def test_encoding_blanks_and_comments_do_not_matter(asd):
    expected = import_smt2020(asd())
    assert import_smt2020(asd(wide(model()))) == expected
    assert import_smt2020(asd({"part.txt": b"\xef\xbb\xbf" + model()["part.txt"].encode()})) == expected


def test_a_comment_may_end_a_row(asd):
    text = model()["order_high.txt"].replace("Lot_1\tpart_1\t10", "Lot_1\tpart_1\t10 ~ was 20").splitlines()
    cut = text[2].index(" ~ was 20")
    text[2] = text[2][:cut] + text[2][cut + len(" ~ was 20") :] + "\t~\tcancelled\t?"
    assert import_smt2020(asd({"order_high.txt": "\n".join(text)})) == import_smt2020(asd())
    whole = model()["order_high.txt"].replace("Lot_3\t", "~Lot_3\t")
    assert len(import_smt2020(asd({"order_high.txt": whole})).lots) == 33


def test_a_tilde_inside_a_name_is_no_comment(asd):
    text = model()["order_high.txt"].replace("Lot_1\t", "Lot~1\t")
    assert import_smt2020(asd({"order_high.txt": text})).lots[21].lot == "Lot~1"


def test_what_is_imported_can_be_written(asd, tmp_path):
    fab = import_smt2020(asd())
    assert read_fab(write_fab(fab, tmp_path / "fab")) == fab


def test_the_load_is_that_of_the_lists(asd):
    """A lot every four hours and two hot ones, 20 development lots in 10 groups over nine days."""
    fab = import_smt2020(asd())
    span = 11 * 240 / DAY
    streams = release_streams(fab)
    assert streams["part_1", 25] == pytest.approx(14 / 12 * 11 / span)
    assert sum(rate for (part, _), rate in streams.items() if part == "part_E1") == pytest.approx(20 * 0.9 / 9)
    litho = load(fab).set_index("tool_group").loc["Litho"]
    done = 1 / (1 - 0.4 * 0.025)
    assert litho["lots_per_day"] == pytest.approx(sum(streams.values()) * done)
    assert litho["process_percent"] == pytest.approx(
        100 * done * 0.5 * sum(w * r for (_, w), r in streams.items()) / (2 * DAY)
    )


def in_model(name, old, new):
    text = model()[name]
    assert text.count(old) == 1, f"{old!r} occurs {text.count(old)} times in {name}"
    return {name: text.replace(old, new)}


WRONG = {
    "second part of a family": (
        {"tool.txt": stations().replace("\nLitho\tLitho", "\n\tLitho")},
        (
            "tool.txt",
            5,
            "RULE",
            '"rule_HotLotFIRST" has no place here; a row without STNFAM only goes on with the FWLRANK',
        ),
    ),
    "rank twice": (
        {"tool.txt": stations().replace("rank_RSETUP", "rank_HP")},
        ("tool.txt", 3, "FWLRANK", 'names "priority" twice'),
    ),
    "unknown rank in a later row": (
        {"tool.txt": stations().replace("rank_RSETUP", "rank_SETUP2")},
        ("tool.txt", 3, "FWLRANK", 'no criterion "rank_SETUP2"'),
    ),
    "half a batch criterion": (
        in_model("tool.txt", "crit_samepartfam|", ""),
        ("tool.txt", 2, "BATCHCRITF", "known: crit_sameroutestep, crit_samepartfam|crit_samestepname"),
    ),
    "family that is missing": (
        in_model("part.txt", "Engineering\tproduct_1", "Engineering\t"),
        ("part.txt", 3, "family", "is missing; route r_E1 has batches of one family"),
    ),
    "other batch sizes in a family": (
        {"route_E1.txt": model()["route_E1.txt"].replace("\t75\t100", "\t75\t125")},
        ("route_E1.txt", 2, "batch_max", "= 125 must be 100 as at route_1.txt:2"),
    ),
    "uniform setup of one number": (
        in_model("setup.txt", "\t1\t0.5", "\t1\t"),
        ("setup.txt", 3, "STIME2", "is missing; a uniform time has a half-width"),
    ),
    "half-width above the mean": (
        in_model("setup.txt", "\t1\t0.5", "\t1\t1.5"),
        ("setup.txt", 3, "spread", "= 90 must be at most the mean, time = 60"),
    ),
    "half-width without law": (
        in_model("setup.txt", "uniform\t1", "\t1"),
        ("setup.txt", 3, "STIME2", "has no meaning for a constant time"),
    ),
    "half-width without time": (
        in_model("route_E1.txt", "uniform\t24\t8", "uniform\t\t8"),
        ("route_E1.txt", 3, "STIME", "is missing; STIME2 is its half-width"),
    ),
    "more than a hundred percent": (
        in_model("route_1.txt", "40 %", "140 %"),
        ("route_1.txt", 4, "StepPercent", "= 140 % must be at most 100 %"),
    ),
    "flag that is none": (
        {"order_high.txt": model()["order_high.txt"].replace("O_Hot\tno\n", "O_Hot\tmaybe\n", 1)},
        ("order_high.txt", 14, "HOTLOT", '"maybe" is not known here'),
    ),
    "lot of no part": (
        in_model("order_high.txt", "Hot_1\tpart_1", "Hot_1\tpart_7"),
        ("order_high.txt", 15, "PART", '"part_7" is not a part of the product table'),
    ),
    "lot without wafers": (
        in_model("E_order_high.txt", "E_4\tpart_E1\t10\t5", "E_4\tpart_E1\t10\t0"),
        ("E_order_high.txt", 6, "PIECES", "= 0 must be at least 1 wafer"),
    ),
    "lot of half a wafer": (
        in_model("E_order_high.txt", "E_4\tpart_E1\t10\t5", "E_4\tpart_E1\t10\t0.5"),
        ("E_order_high.txt", 6, "PIECES", "is not a whole number"),
    ),
    "lot without start": (
        in_model("order_high.txt", "Hot_1\tpart_1\t20\t25\t01/01/18 04:00:00", "Hot_1\tpart_1\t20\t25\t"),
        ("order_high.txt", 15, "START", "is missing"),
    ),
    "lot before the start": (
        in_model("order_high.txt", "Hot_1\tpart_1\t20\t25\t01/01/18", "Hot_1\tpart_1\t20\t25\t12/31/17"),
        ("order_high.txt", 15, "START", "must not lie before the start of the simulation, 2018-01-01 00:00:00"),
    ),
    "due before start": (
        in_model("order_high.txt", "25\t01/02/18 00:00:00\t01/03/18", "25\t01/02/18 00:00:00\t01/01/18"),
        ("order_high.txt", 8, "DUE", "must not lie before START = 01/02/18 00:00:00"),
    ),
    "date that is none": (
        in_model("order_high.txt", "Hot_1\tpart_1\t20\t25\t01/01/18", "Hot_1\tpart_1\t20\t25\t01.01.18"),
        ("order_high.txt", 15, "START", '"01.01.18 04:00:00" is not a date like'),
    ),
    "hour that is none": (
        in_model("order_high.txt", "Hot_1\tpart_1\t20\t25\t01/01/18 04", "Hot_1\tpart_1\t20\t25\t01/01/18 44"),
        ("order_high.txt", 15, "START", '"01/01/18 44:00:00" is not a date like'),
    ),
    "several releases of a single lot": (
        {"order_high.txt": table(ORDER_HEAD, order("L", "part_1", START="01/01/18", **{"RPT#": 5}))},
        ("order_high.txt", 2, "RPT#", "= 5 needs REPEAT"),
    ),
    "released and there": (
        {"WIP.txt": table(ORDER_HEAD + " CURSTEP", order("L", "part_1", REPEAT=1, RUNITS="hr", CURSTEP=1))},
        ("WIP.txt", 2, "CURSTEP", "stands beside REPEAT"),
    ),
    "cell beyond the header": (
        in_model("order_high.txt", "O_Hot\tno\nHot_1", "O_Hot\tno\t\tlate\nHot_1"),
        ("order_high.txt", 14, "", '"late" stands beyond the 8 columns of the header'),
    ),
    "no active list": (
        {
            "options.def": OPTIONS.replace("file\torder_high", "file\t~")
            .replace("\tfile\tWIP", "~")
            .replace("file\tE_", "~")
        },
        ("options.def", 15, "ORDER_FILES", "has no active file"),
    ),
    "no active stations": (
        in_model("options.def", "file\ttool.txt", "none"),
        ("options.def", 8, "STATION_FILES", "has no active file; the model needs one"),
    ),
    "two station tables": (
        in_model("options.def", "file\ttool.txt", "file\ttool.txt\n\tfile\tother.txt"),
        ("options.def", 9, "STATION_FILES", "= other.txt is a second active file"),
    ),
    "active file that is missing": (
        in_model("options.def", "order_high.txt\n~", "order_hihg.txt\n~"),
        ("order_hihg.txt", None, "", "is missing"),
    ),
    "files not understood": (
        in_model("options.def", "FROMTO_FILES\tnone", "FROMTO_FILES\tall"),
        ("options.def", 14, "FROMTO_FILES", '"all" is not understood'),
    ),
    "start that is no date": (
        in_model("options.def", "01/01/18 00:00:00", "2018-01-01"),
        ("options.def", 3, "SIM_START", '"2018-01-01" is not a date like'),
    ),
    "row of no key": (
        {"options.def": "\tfile\torder.txt\n" + OPTIONS},
        ("options.def", 1, "", "goes on with a key, but none stands above"),
    ),
    "half a character": (
        {"part.txt": "PART".encode("utf-16") + b"\x00"},
        ("part.txt", 1, "", "is not UTF-16, as its first bytes say"),
    ),
    "UTF-16 without its mark": (
        {"part.txt": model()["part.txt"].encode("utf-16-le")},
        ("part.txt", 1, "", "contains a NUL character"),
    ),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_cannot_be_carried_is_refused_by_file_and_line(asd, case):
    changes, (file, line, column, said) = WRONG[case]
    with pytest.raises(InputError) as error:
        import_smt2020(asd(changes))
    found = [(problem.file, problem.line, problem.field) for problem in error.value.problems]
    assert (file, line, column) in found, str(error.value)
    assert any(
        said in problem.message
        for problem in error.value.problems
        if (problem.file, problem.line, problem.field) == (file, line, column)
    ), str(error.value)


def test_a_mistake_of_many_lots_is_told_once(asd):
    """A part that is not there and no date, in nine lots; due dates before the start, in nine more."""
    unknown = table(LIST_HEAD, *(lot | {"DUE": "2018-02-01"} for lot in lots("Lot", "part_9", 9)))
    early = table(LIST_HEAD, *(lot | {"DUE": "01/01/17"} for lot in lots("E", "part_E1", 9)))
    with pytest.raises(InputError) as error:
        import_smt2020(asd({"order_high.txt": unknown, "E_order_high.txt": early}))
    assert [(problem.file, problem.line, problem.field) for problem in error.value.problems] == [
        ("order_high.txt", 2, "DUE"),
        ("E_order_high.txt", 2, "DUE"),
        ("order_high.txt", 2, "PART"),
    ]
    assert error.value.problems[0].message.endswith("; nor are 8 more")
    assert error.value.problems[1].message.endswith("; so do 8 more")


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_no_damage_to_a_table_gives_a_traceback(asd, data):
    name = data.draw(st.sampled_from(sorted(model())))
    text = model()[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 8)))
    damage = data.draw(
        st.sampled_from(["\t", "\n", '"', "~", "-1", "1e300", "nan", "0", "99", "", "x", "\0", "é", "%"])
    )
    encoding = data.draw(st.sampled_from(["utf-8", "utf-16", "latin-1"]))
    try:
        import_smt2020(asd({name: (text[:start] + damage + text[end:]).encode(encoding)}))
    except InputError as refused:
        seen = str(refused)
    else:
        seen = "sound"
    assert seen


def test_170_000_lots_are_imported_in_seconds(asd):
    """A lot every 1,551 s for more than eight years, all with due dates of their own."""
    days = [(dt.date(2018, 1, 1) + dt.timedelta(days=n)).strftime("%m/%d/%y") for n in range(3200)]

    def date(seconds):
        return f"{days[seconds // 86400]} {seconds // 3600 % 24:02}:{seconds // 60 % 60:02}:{seconds % 60:02}"

    rows = (
        f"L\tpart_1\t10\t25\t{date(1551 * n)}\t{date(1551 * n + 4_000_000 + n % 977)}\tO_{n % 10}\tno\n"
        for n in range(170_000)
    )
    home = asd({"order_high.txt": ("\t".join(LIST_HEAD.split()) + "\n" + "".join(rows)).encode("utf-16")})
    start = time.process_time()
    fab = import_smt2020(home)
    assert time.process_time() - start < 15  # 3 s on a slow machine
    assert len(fab.lots) == 170_020
    assert fab.lots[-1].start == pytest.approx(1551 * 169_999 / 60)
    assert release_streams(fab)["part_1", 25] == pytest.approx(DAY * 60 / 1551)
