"""Tables as other programs and other hands write them: the same fab, or one clear problem."""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from typing import Any

import pytest

from renkei.errors import InputError
from renkei.fab import Fab, import_smt2020
from tests.fab.autosched import files, replaced
from tests.fab.autosched_model import model

Rows = list[list[str]]
WORDS = re.compile(r"[a-z][A-Za-z]*(_[A-Za-z]+)*")
NAMES = {
    "LOT",
    "PART",
    "PARTFAM",
    "PARTGRP",
    "ROUTE",
    "ROUTEFILE",
    "STNFAM",
    "STN",
    "STNGRP",
    "SETUP",
    "NEWSETUP",
    "CURSETUP",
    "ORDER",
}
NAMES |= {"CALNAME", "RESNAME", "DOWNCALNAME", "PMCALNAME", "SETUPGRP", "STNFAMLOC", "FROMLOC", "TOLOC", "DESC"}


def joined(rows: Rows) -> str:
    return "".join("\t".join(row) + "\n" for row in rows)


def in_another_order(rows: Rows) -> str:
    order = list(range(len(rows[0])))
    random.Random(3).shuffle(order)
    return joined([[(row + [""] * len(order))[place] for place in order] for row in rows])


def in_scientific_notation(rows: Rows) -> str:
    """Numbers, not dates, percents or the names of steps."""
    named = {*NAMES, "STEP", "FORSTEP", "RWKSTEP", "STEP_CQT", "CURSTEP"}

    def cell(column: str, text: str) -> str:
        return f"{float(text):e}" if re.fullmatch(r"\d+(\.\d+)?", text) and column not in named else text

    return joined([rows[0], *([cell(*pair) for pair in zip(rows[0], row, strict=False)] for row in rows[1:])])


def in_capitals(rows: Rows) -> str:
    """Words that mean something, not names."""

    def cell(column: str, text: str) -> str:
        return text.upper() if column not in NAMES and WORDS.match(text) else text

    return joined([rows[0], *([cell(*pair) for pair in zip(rows[0], row, strict=False)] for row in rows[1:])])


SHAPES: dict[str, Callable[[Rows], Any]] = {
    "columns in another order": in_another_order,
    "column names in small letters": lambda rows: joined([[name.lower() for name in rows[0]], *rows[1:]]),
    "words in capitals": in_capitals,
    "numbers like 1e3": in_scientific_notation,
    "lines end with CR LF": lambda rows: joined(rows).replace("\n", "\r\n"),
    "lines end with CR": lambda rows: joined(rows).replace("\n", "\r"),
    "blank lines": lambda rows: "\n \t\n" + joined(rows).replace("\n", "\n\n\t\t\n  \n"),
    "no end of the last line": lambda rows: joined(rows)[:-1],
    "blanks around cells": lambda rows: joined([[f"  {cell}\u00a0 " for cell in row] for row in rows]),
    "tabs behind the last cell": lambda rows: joined([[*row, "", "", ""] for row in rows]),
    "quotes": lambda rows: joined([[f'"{cell}"' for cell in row] for row in rows]),
    "comments": lambda rows: "~ made by hand\n" + joined(rows).replace("\n", "\t~ 1\t2\n~\tpart\tof\n"),
    "UTF-16": lambda rows: joined(rows).encode("utf-16"),
    "UTF-8 with a mark": lambda rows: joined(rows).encode("utf-8-sig"),
}


def reshaped(tables: dict[str, Any], shape: Callable[[Rows], Any]) -> dict[str, Any]:
    def rows(text: str) -> Rows:
        return [line.split("\t") for line in text.splitlines()]

    return {name: text if name == "options.def" else shape(rows(text)) for name, text in tables.items()}


def alike(one: Fab, other: Fab) -> bool:
    """Rows are equal wherever they stand; planned lots are compared as rows."""
    return list(one.lots) == list(other.lots) and all(
        getattr(one, name) == getattr(other, name)
        for name in one.__dataclass_fields__
        if name not in ("lots", "left_out")
    )


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("tables", [files, model], ids=["plain", "options.def"])
def test_the_same_fab_in_another_shape(asd, tables, shape):
    blank = dict.fromkeys({*files(), *model()} - {*tables()})
    assert alike(
        import_smt2020(asd({**blank, **tables()})), import_smt2020(asd(blank | reshaped(tables(), SHAPES[shape])))
    )


def problems(home) -> list[str]:
    with pytest.raises(InputError) as error:
        import_smt2020(home)
    return [str(problem) for problem in error.value.problems]


@pytest.mark.parametrize(
    ("file", "column"),
    [
        ("route_b.txt", "PTIME"), ("part.txt", "ROUTEFILE"), ("order.txt", "PIECES"), ("downcal.txt", "MTTF"),
        ("pmcal.txt", "MTTR"), ("attach.txt", "RESNAME"), ("WIP.txt", "CURSTEP"), ("WIP.txt", "LOT"),
    ],
)  # fmt: skip
def test_a_missing_column_is_one_problem(autosched, file, column):
    rows = [line.split("\t") for line in files()[file].splitlines()]
    place = rows[0].index(column)
    without = joined([row[:place] + row[place + 1 :] for row in rows])
    found = problems(autosched({file: without}))
    assert [line for line in found if line.startswith(f"{file}  {column} is a missing column; ")] == found


NOT_UNDERSTOOD = {
    "rule": ("tool.txt", "rule_LSSU", "rule_FIRST", 'RULE = "rule_FIRST" is not known here; did you mean "rule_Hot'),
    "wake": ("tool.txt", "wake_LeastSetupTime", "best", 'WAKERESRANK = "best" is not known here; known: wake_Least'),
    "batches": ("tool.txt", "crit_sameroutestep", "same", 'BATCHCRITF = "same" is not known here; known: crit_samer'),
    "rework of wafers": ("route_a.txt", "2.5\tlot", "2.5\twafer", 'RWKTYPE = "wafer" is not known here; known: lot'),
    "rework to nowhere": (
        "route_a.txt",
        "40\t2.5",
        "\t2.5",
        "RWKSTEP is missing; REWORK = 2.5 needs a step to go back",
    ),
    "half a batch": ("route_a.txt", "75\t100", "\t100", "BATCHMN is missing; BATCHMX = 100 needs both, in wafers"),
    "half a window": ("route_a.txt", "60\t4\thr", "\t4\thr", "STEP_CQT is missing; CQT = 240 needs the step it ends"),
    "no unit": ("route_a.txt", "8\tmin", "8\t", "STUNITS is missing; it is the unit of STIME; known: sec, min, hr,"),
    "comma": ("route_a.txt", "1.2\t", "1,2\t", 'PTIME = "1,2" is not a number of at least 0'),
    "clock": ("pmcal.txt", "mtbpm_by_pieces", "by_lots", 'PMCALTYPE = "by_lots" is not known here; known: mtbpm_by'),
    "date": ("order.txt", "03/01/19 08:00:00", "2019-03-01", 'START = "2019-03-01" is not a date like 01/31/18 23:59'),
}


@pytest.mark.parametrize("case", NOT_UNDERSTOOD)
def test_what_is_not_understood_is_said_in_the_names_of_the_file(autosched, case):
    file, old, new, said = NOT_UNDERSTOOD[case]
    place, _, rest = problems(autosched({file: files()[file].replace(old, new, 1)}))[0].partition("  ")
    assert re.fullmatch(rf"{file}:\d+", place)
    assert rest.startswith(said)


def test_tools_of_three_lots_are_not_known(autosched):
    found = problems(autosched(replaced("tool.txt", "\t2.0\t2.0\t", "\t3\t2.0\t")))
    assert found[0] == 'tool.txt:3  STNCAP = "3" is not known here; tools hold 1 lot, or 2 one behind the other'
