"""Import of order files: lists of lots, and which of several files count."""

from __future__ import annotations

import datetime as dt
import time

import pytest

from renkei.errors import InputError
from renkei.fab import import_smt2020
from renkei.fab.capacity import load
from renkei.fab.products import PlannedLot
from renkei.fab.releases import release_streams
from tests.fab.autosched_model import LIST_HEAD, model

DAY = 1440


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
