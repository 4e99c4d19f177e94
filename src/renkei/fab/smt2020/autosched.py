"""AutoSched text tables: tab separated, upper-case heads, each time column with its unit column."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from pydantic import ValidationError

from renkei.errors import Problem, did_you_mean
from renkei.fab.messages import explain, repair, shown
from renkei.fab.row import Row
from renkei.fab.textfile import read_text, split_rows

MINUTES = {"sec": 1 / 60, "min": 1.0, "hr": 60.0, "day": 1440.0, "week": 10080.0}
"""Minutes of each unit."""
NO_MEANING = ("IGNORE", "DESC", "TRACE")
"""Columns that carry no meaning for the floor, in any table."""
DISTRIBUTIONS = {"": "constant", "constant": "constant", "uniform": "uniform", "exponential": "exponential"}
_DATES = ("%m/%d/%y %H:%M:%S", "%m/%d/%Y %H:%M:%S", "%m/%d/%y", "%m/%d/%Y")

T = TypeVar("T")
R = TypeVar("R", bound=Row)


@dataclass
class Folder:
    """A folder of tables, with what has been found wrong and what had to be left out."""

    path: Path
    problems: list[Problem] = field(default_factory=list)
    left_out: dict[str, None] = field(default_factory=dict)
    """An ordered set of sentences."""

    def leave_out(self, sentence: str) -> None:
        self.left_out[sentence] = None

    def rows(
        self, file: str, columns: Iterable[str], no_meaning: Iterable[str] = (), required: bool = True
    ) -> list[TextRow]:
        """Return the rows of a table; content in a column that is not among `columns` or `no_meaning` is a problem."""
        if not required and not (self.path / file).exists():
            return []
        text = read_text(self.path / file, file, self.problems)
        if text is None:
            return []
        lines, _ = split_rows(text, file, self.problems, delimiter="\t")
        line, header = lines[0] if lines else (1, [])
        known = (*columns, *no_meaning, *NO_MEANING)
        rows = [TextRow(self, file, line, dict(zip(header, cells, strict=False))) for line, cells in lines[1:]]
        self._check_header(file, line, header, known, rows)
        return rows

    def _check_header(
        self, file: str, line: int, header: list[str], known: tuple[str, ...], rows: list[TextRow]
    ) -> None:
        if not header:
            self.problems.append(Problem(file, None, "", "is empty; its first row must name columns"))
        for position, column in enumerate(header):
            if column and column in header[:position]:
                self.problems.append(Problem(file, line, column, "is a column named twice; remove one"))
            filled = next((row for row in rows if row.cells.get(column)), None)
            if column not in known and filled:
                hint = did_you_mean(column, known)
                message = f"= {shown(filled.cells[column])} is in a column the importer does not know{hint}"
                self.problems.append(Problem(file, filled.line, column, message))


@dataclass(frozen=True)
class TextRow:
    """One row; each method reads a cell and reports what is wrong with it."""

    folder: Folder
    file: str
    line: int
    cells: dict[str, str]

    def fail(self, column: str, message: str) -> None:
        """Report a problem of this row."""
        self.folder.problems.append(Problem(self.file, self.line, column, message))

    def text(self, column: str, required: bool = False) -> str:
        """Return a cell, empty if it is blank or absent."""
        value = self.cells.get(column, "")
        if required and not value:
            self.fail(column, "is missing")
        return value

    def number(self, column: str, required: bool = False) -> float | None:
        """Return a cell as a number that is not negative, None if blank."""
        value = self.text(column, required)
        if not value:
            return None
        try:
            number = float(value)
        except ValueError:
            number = math.nan
        if not math.isfinite(number) or number < 0:
            self.fail(column, f"= {shown(value)} is not a number of at least 0")
            return None
        return number

    def whole(self, column: str, required: bool = False) -> int | None:
        """Return a cell as a whole number, None if blank."""
        number = self.number(column, required)
        if number is not None and not number.is_integer():
            self.fail(column, f"= {shown(self.text(column))} is not a whole number")
            return None
        return None if number is None else int(number)

    def word(self, column: str, meanings: Mapping[str, T]) -> T:
        """Return what a cell means; unknown words are problems and stand for the first meaning."""
        value = self.text(column)
        if value not in meanings:
            known = [word for word in meanings if word]
            self.fail(column, f"= {shown(value)} is not known here{did_you_mean(value, known) or _among(known)}")
            return next(iter(meanings.values()))
        return meanings[value]

    def minutes(self, column: str, unit_column: str, required: bool = False) -> float | None:
        """Return a time in minutes, None if blank; its unit stands in its own column."""
        number = self.number(column, required)
        if number is None:
            return None
        unit = self.text(unit_column)
        if unit not in MINUTES:
            self.fail(unit_column, f"= {shown(unit)} is not a unit of time{_among(MINUTES)}")
            return number
        return round(number * MINUTES[unit], 9)

    def date(self, column: str, required: bool = False) -> dt.datetime | None:
        """Return a date like 01/31/18 23:59:59 (month first), None if blank."""
        value = self.text(column, required)
        if not value:
            return None
        for pattern in _DATES:
            try:
                return dt.datetime.strptime(value, pattern)
            except ValueError:
                continue
        self.fail(column, f"= {shown(value)} is not a date like 01/31/18 23:59:59 (month/day/year)")
        return None

    def build(self, model: type[R], values: dict[str, Any], columns: Mapping[str, str]) -> R:
        """Return the row as a model, reporting values out of bounds; `columns` says where each field comes from."""
        placed = values | {"file": self.file, "line": self.line}
        try:
            return model.model_validate(placed)
        except ValidationError as error:
            for detail in error.errors(include_url=False):
                name = str(detail["loc"][0])
                self.fail(columns.get(name, name), explain(detail, model, name))
            repaired = repair(model, placed, error)
            if repaired is None:
                raise
            return repaired

    def distribution(self, column: str, spread_column: str, given: bool) -> str:
        """Return the law of a time; `given` says whether its second parameter is there."""
        law = self.word(column, DISTRIBUTIONS)
        if law == "uniform" and not given:
            self.fail(spread_column, "is missing; a uniform time has a half-width")
        if law != "uniform" and given:
            self.fail(spread_column, f"= {self.text(spread_column)} has no meaning for a {law} time; leave it blank")
        return law


def _among(known: Iterable[str]) -> str:
    return f"; known: {', '.join(known)}"
