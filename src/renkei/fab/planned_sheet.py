"""`lots.csv`: read and written by columns, for it may have hundreds of thousands of rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from renkei.errors import Problem
from renkei.fab.planned import FIELDS, Array, PlannedLots, arrays
from renkei.fab.products import PlannedLot
from renkei.fab.sheet import Built, RawSheet, build_rows, number_cell
from renkei.fab.tables import LOTS

_BOUNDS = {"priority": (-1e6, 1e6), "wafers": (1, 1e9), "start": (0, 1e12), "due": (-1e12, 1e12)}
"""Numbers that need no second look; they lie within what `PlannedLot` accepts."""
_EMPTY = {"priority": 10.0, "wafers": 0.0, "start": np.nan, "due": np.inf}
"""What an empty cell stands for; nan: nothing."""
_WHOLE = ("priority", "wafers")
_FLAGS = {"": False, "no": False, "yes": True}


def build_planned(sheet: RawSheet, problems: list[Problem]) -> tuple[PlannedLots, Built[PlannedLot]]:
    """Return the planned lots of a sheet, and those rows of it that needed a second look.

    Numbers are read by columns. A row in which that fails is read as a `PlannedLot`, which says what is wrong with it.
    """
    texts = {name: [cells.get(name, "") for _, cells in sheet.rows] for name in FIELDS}
    numbers = {name: _numbers(texts[name], empty) for name, empty in _EMPTY.items()}
    sure = np.array([product != "" for product in texts["product"]], bool)
    sure &= np.array([mark in ("", "high", "medium", "low") for mark in texts["confidence"]], bool)
    sure &= np.array([flag in _FLAGS for flag in texts["reserve"]], bool)
    for name, column in numbers.items():
        sure &= _is_plain(name, texts[name], column)
    doubted = tuple(row for row, plain in zip(sheet.rows, sure, strict=True) if not plain)
    built = build_rows(LOTS, replace(sheet, rows=doubted), problems)
    columns: dict[str, Sequence[object]] = {
        **texts,
        **{name: np.where(sure, column, 0).tolist() for name, column in numbers.items()},
        "reserve": [_FLAGS.get(flag, False) for flag in texts["reserve"]],
    }
    columns["file"] = [sheet.file] * len(sheet.rows)
    columns["line"] = [line for line, _ in sheet.rows]
    lots = PlannedLots(arrays(columns)).only(sure)
    if built.rows:
        lots = lots.joined(PlannedLots.of(built.rows))
        lots = lots.only(np.argsort(lots.columns["line"], kind="stable"))
    return lots, built


def _numbers(texts: list[str], empty: float) -> Array:
    """Return cells as numbers, nan where they are none."""
    try:
        return np.array([float(text) if text else empty for text in texts], np.float64)
    except ValueError:
        return np.array([_number(text) if text else empty for text in texts], np.float64)


def _number(text: str) -> float:
    try:
        return float(text)
    except ValueError:
        return np.nan


def _is_plain(name: str, texts: list[str], column: Array) -> Array:
    least, most = _BOUNDS[name]
    whole = column == np.floor(column) if name in _WHOLE else True
    blank = np.array([not text for text in texts], bool)
    return np.where(blank, not np.isnan(_EMPTY[name]), (column >= least) & (column <= most) & whole)


def planned_text(lots: PlannedLots) -> str:
    """Return the text of `lots.csv`; columns that only hold defaults are left out."""
    cells = {name: _cells(name, lots.columns[name]) for name in LOTS.columns.values()}
    kept = {name: column for name, column in cells.items() if any(column)}
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(kept)
    writer.writerows(zip(*kept.values(), strict=True))
    return stream.getvalue()


def _cells(name: str, column: Array) -> list[str]:
    if name == "reserve":
        return ["yes" if flag else "" for flag in column.tolist()]
    if name not in _EMPTY:
        return list(column)
    empty = _EMPTY[name]
    return ["" if value == empty else number_cell(float(value)) for value in column.tolist()]
