"""What is wrong in a model with an `options.def` is told by file, line and column."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.errors import InputError
from renkei.fab import import_smt2020
from tests.fab.autosched import ORDER_HEAD, order, table
from tests.fab.autosched_model import LIST_HEAD, OPTIONS, lots, model, stations


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
        ("part.txt", 3, "PARTFAM", "is missing; route r_E1 has batches of one family"),
    ),
    "other batch sizes in a family": (
        {"route_E1.txt": model()["route_E1.txt"].replace("\t75\t100", "\t75\t125")},
        ("route_E1.txt", 2, "BATCHMX", "= 125 must be 100 as at route_1.txt:2"),
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
