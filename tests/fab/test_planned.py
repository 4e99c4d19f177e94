"""Planned lots: `lots.csv`, their columns, what is wrong with them, and how many they are a day."""

from __future__ import annotations

import time
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from renkei.errors import InputError
from renkei.fab import check, read_fab, write_fab
from renkei.fab.capacity import capacity, load, raw_time, rpt
from renkei.fab.planned import PlannedLots
from renkei.fab.planned_sheet import build_planned
from renkei.fab.products import PlannedLot
from renkei.fab.releases import release_streams
from renkei.fab.sheet import RawSheet, build_rows
from renkei.fab.tables import LOTS

HEAD = "lot,product,order,priority,wafers,start,due,note\n"
TWO = "product,route,kind\nchip,main,\nprobe,main,engineering\n"


def test_planned_lots_are_read(folder):
    text = HEAD + "a,chip,rush,20,4,90.5,500,first\nb,chip,,,,60,,\na,chip,rush,20,,7e1,400,\n"
    lots = read_fab(folder({"lots.csv": text})).lots
    assert repr(lots) == "<3 planned lots>"
    assert list(lots) == [
        PlannedLot(lot="a", product="chip", order="rush", priority=20, wafers=4, start=90.5, due=500, note="first"),
        PlannedLot(lot="b", product="chip", order="chip", start=60),
        PlannedLot(lot="a", product="chip", order="rush", priority=20, start=70, due=400),
    ]
    assert (lots[1].file, lots[1].line) == ("lots.csv", 3)
    assert lots[1:] == PlannedLots.of(list(lots)[1:])
    assert lots != PlannedLots.of(reversed(lots))


def test_release_lines_are_sorted_by_start(folder):
    rows = ["chip,a,10,30", "chip,b,10,20", "chip,a,20,10", "probe,a,10,0", "chip,a,10,10", "chip,a,10,30,"]
    text = "product,order,priority,start\n" + "".join(row.rstrip(",") + "\n" for row in rows)
    lines = read_fab(folder({"lots.csv": text, "products.csv": TWO})).lots.release_lines
    assert [(line.order, line.product, line.priority, line.rows.tolist()) for line in lines] == [
        ("a", "chip", 10, [4, 0, 5]),
        ("b", "chip", 10, [1]),
        ("a", "chip", 20, [2]),
        ("a", "probe", 10, [3]),
    ]


BROKEN = {
    "no start": ("a,chip,,,,,,", "start", "is missing"),
    "no product": ("a,,,,,9,,", "product", "is missing"),
    "unknown product": ("a,chop,,,,9,,", "product", '"chop" is not a product of this fab; did you mean "chip"?'),
    "start before 0": ("a,chip,,,,-9,,", "start", "= -9 must be at least 0"),
    "start is no number": ("a,chip,,,,1h,,", "start", '"1h" is not a number'),
    "endless due": ("a,chip,,,,9,inf,", "due", "is not a finite number"),
    "due before start": ("a,chip,,,,9,8,", "due", "= 8.0 must not lie before start = 9.0"),
    "no wafers": ("a,chip,,,0,9,,", "wafers", "= 0 must be at least 1"),
    "half a wafer": ("a,chip,,,2.5,9,,", "wafers", '"2.5" is not a whole number'),
    "odd priority": ("a,chip,,high,,9,,", "priority", '"high" is not a whole number'),
    "cells too many": ("a,chip,,,,9,,,9", "", "has 9 cells where the header has 8"),
}


@pytest.mark.parametrize("case", BROKEN)
def test_broken_rows_are_refused_by_line(folder, case):
    row, column, said = BROKEN[case]
    with pytest.raises(InputError) as error:
        read_fab(folder({"lots.csv": f"{HEAD}a,chip,,,,1,,\n{row}\nb,chip,,,,2,,\n"}))
    (problem,) = error.value.problems
    assert (problem.file, problem.line, problem.field) == ("lots.csv", 3, column)
    assert said in problem.message


def test_of_many_equal_mistakes_one_is_shown(folder):
    rows = "".join(f"a,{'chop' if n % 2 else 'chip'},,,,100,{n},\n" for n in range(1000))
    with pytest.raises(InputError) as error:
        read_fab(folder({"lots.csv": HEAD + rows}))
    assert [(problem.line, problem.field) for problem in error.value.problems] == [(3, "product"), (2, "due")]
    assert error.value.problems[1].message.endswith("must not lie before start = 100.0; so are 49 more")


def test_a_broken_row_does_not_hide_others(folder):
    with pytest.raises(InputError) as error:
        read_fab(folder({"lots.csv": f"{HEAD}a,chip,,,x,1,,\nb,chop,,,,2,,\n"}))
    assert [(problem.line, problem.field) for problem in error.value.problems] == [(2, "wafers"), (3, "product")]


cells = st.fixed_dictionaries(
    {"product": st.sampled_from(["chip", "chip", ""]), "start": st.sampled_from(["0", "12.5", "1e3", "-1", "x", ""])},
    optional={
        "order": st.sampled_from(["o", "p"]),
        "priority": st.sampled_from(["20", " 7", "1.0", "1.5", "1e7", "nan"]),
        "wafers": st.sampled_from(["3", "25.0", "0", "-2", "1e10"]),
        "due": st.sampled_from(["-5", "1e12", "1e13", "inf", "nan", "2_0"]),
        "confidence": st.sampled_from(["low", "none"]),
        "reserve": st.sampled_from(["yes", "no", "true", "perhaps"]),
    },
)


@given(st.lists(cells, max_size=6))
def test_columns_say_what_single_rows_say(rows):
    """Reading by columns only saves time: values and complaints are those of the model, row by row."""
    numbered = tuple(
        (line, {name: cell.strip() for name, cell in row.items() if cell}) for line, row in enumerate(rows, 2)
    )
    sheet = RawSheet("lots.csv", tuple(LOTS.columns), numbered, sound=True)
    quick, slow = [], []
    lots, built = build_planned(sheet, quick)
    expected = build_rows(LOTS, sheet, slow)
    assert (list(lots), quick, built.doubtful) == (list(expected.rows), slow, expected.doubtful)
    assert [lot.line for lot in lots] == [row.line for row in expected.rows]


lots = st.builds(
    PlannedLot,
    lot=st.sampled_from(["", "a", "b,c", 'd"']),
    product=st.just("chip"),
    order=st.sampled_from(["x", "y"]),
    priority=st.sampled_from([10, 20]),
    wafers=st.none() | st.integers(1, 9),
    start=st.floats(0, 1e9),
    due=st.none() | st.floats(1e9, 1e11),
    confidence=st.sampled_from(["", "low"]),
    reserve=st.booleans(),
)


@settings(max_examples=50, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(lots, min_size=1, max_size=5))
def test_planned_lots_survive_writing(tmp_path_factory, folder, rows):
    fab = replace(read_fab(folder()), lots=PlannedLots.of(rows))
    assert read_fab(write_fab(fab, tmp_path_factory.mktemp("fabs") / "out")) == fab


def test_rules_name_lots_made_in_python(folder):
    fab = read_fab(folder())
    (problem,) = check(replace(fab, lots=PlannedLots.of([PlannedLot(product="chop", start=0)])))
    assert (problem.file, problem.line, problem.field) == ("PlannedLot", None, "product")


def test_a_batch_must_fit_the_lots_of_the_list(folder):
    with pytest.raises(InputError, match=r"batch_max = 30 must be at least a lot's 40 wafers"):
        read_fab(folder({"lots.csv": "product,wafers,start\nchip,40,0\n"}))


def planned(folder, *rows):
    text = "product,wafers,start\n" + "".join(f"{product},{wafers},{start}\n" for product, wafers, start in rows)
    return read_fab(folder({"lots.csv": text, "products.csv": TWO, "orders.csv": "order,product\n"}))


def test_a_list_has_the_rate_of_its_span(folder):
    """Products every 100 minutes; development lots twice as long, two at a time."""
    regular = [("chip", 10 if n % 2 else 4, 100 * n) for n in range(11)]
    groups = [("probe", 5, 400 * n) for n in range(6) for _ in range(2)]
    fab = planned(folder, *regular, *groups)
    assert release_streams(fab) == {
        ("chip", 4): pytest.approx(14.4 * 6 / 11),
        ("chip", 10): pytest.approx(14.4 * 5 / 11),
        ("probe", 5): pytest.approx(2 * 1440 / 400),
    }
    assert capacity(fab).starts_per_week == pytest.approx(7 * 14.4 * (6 * 4 + 5 * 10) / 11)
    expected = (6 * raw_time(fab, "main", 4) + 5 * raw_time(fab, "main", 10)) / 11
    assert rpt(fab) == {"chip": pytest.approx(expected), "probe": pytest.approx(raw_time(fab, "main", 5))}


def test_a_list_loads_as_the_order_it_spells_out(folder):
    interval = read_fab(folder())
    listed = replace(interval.with_orders(()), lots=planned(folder, *(("chip", 10, 120 * n) for n in range(200))).lots)
    assert np.allclose(load(listed).iloc[:, 3:].to_numpy(), load(interval).iloc[:, 3:].to_numpy())


def test_a_single_lot_has_no_rate(folder):
    assert release_streams(planned(folder, ("chip", 10, 5), ("chip", 10, 5))) == {}


def test_other_orders_stand_in_for_the_list(folder):
    fab = planned(folder, ("chip", 10, 0), ("chip", 10, 60))
    assert len(fab.with_orders(()).lots) == 0


def test_tens_of_thousands_of_lots_are_read_and_written_in_no_time(folder, tmp_path):
    rows = (
        f"L_{n},{'chip' if n % 3 else 'probe'},o_{n % 7},10,10,{25.75 * n},{25.75 * n + 6e4},\n" for n in range(30_000)
    )
    home = folder({"lots.csv": HEAD + "".join(rows), "products.csv": TWO})
    start = time.process_time()
    fab = read_fab(home)
    write_fab(fab, tmp_path / "out")
    assert time.process_time() - start < 3  # 0.5 s on a slow machine
    assert len(fab.lots) == 30_000
    assert (tmp_path / "out" / "lots.csv").read_text().splitlines()[-1] == "L_29999,chip,o_4,10,772474.25,832474.25"
