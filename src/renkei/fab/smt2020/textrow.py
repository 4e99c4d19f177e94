"""One row of an AutoSched table, and what its cells say."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeVar

from pydantic import ValidationError

from renkei.errors import Problem, did_you_mean
from renkei.fab.messages import explain, repair, shown
from renkei.fab.row import Row

MINUTES = {"sec": 1 / 60, "min": 1.0, "hr": 60.0, "day": 1440.0, "week": 10080.0}
"""Minutes of each unit."""
DISTRIBUTIONS = {"": "constant", "constant": "constant", "uniform": "uniform", "exponential": "exponential"}
NO_DATE = "is not a date like 01/31/18 23:59:59 (month/day/year)"
_DAYS = ("%m/%d/%y", "%m/%d/%Y")

T = TypeVar("T")
R = TypeVar("R", bound=Row)


@dataclass(frozen=True)
class TextRow:
    """One row; each method reads a cell and reports what is wrong with it to `problems`."""

    problems: list[Problem]
    file: str
    line: int
    cells: dict[str, str]

    def fail(self, column: str, message: str) -> None:
        """Report a problem of this row."""
        self.problems.append(Problem(self.file, self.line, column, message))

    def text(self, column: str, required: bool = False) -> str:
        """Return a cell, empty if it is blank or absent; a needed column that is absent is one problem of the file."""
        value = self.cells.get(column, "")
        if required and column not in self.cells:
            problem = Problem(self.file, None, column, "is a missing column; every row needs it")
            if problem not in self.problems:
                self.problems.append(problem)
        elif required and not value:
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

    def percent(self, column: str, default: float) -> float:
        """Return a cell like `2.5` or `2.5 %` as a number of percent, at most 100."""
        bare = self.cells.get(column, "").removesuffix("%").rstrip()
        number = TextRow(self.problems, self.file, self.line, {column: bare}).number(column)
        if number is not None and number > 100:
            self.fail(column, f"= {self.text(column)} must be at most 100 %")
            return default
        return default if number is None else number

    def word(self, column: str, meanings: Mapping[str, T]) -> T:
        """Return what a cell means, in capitals or not; unknown words are problems and stand for the first meaning."""
        value = self.as_known(column, meanings)
        if value not in meanings:
            known = [word for word in meanings if word]
            self.fail(column, f"= {shown(value)} is not known here{did_you_mean(value, known) or _among(known)}")
            return next(iter(meanings.values()))
        return meanings[value]

    def as_known(self, column: str, known: Iterable[str]) -> str:
        """Return a cell as one of the words known, if it differs from that in capitals only."""
        value = self.text(column)
        return next((word for word in known if word.lower() == value.lower()), value)

    def flag(self, column: str) -> bool:
        """Return whether a cell says yes; blank means no."""
        return self.word(column, {"": False, "no": False, "yes": True})

    def minutes(self, column: str, unit_column: str, required: bool = False) -> float | None:
        """Return a time in minutes, None if blank; its unit stands in its own column."""
        number = self.number(column, required)
        if number is None:
            return None
        unit = self.as_known(unit_column, MINUTES)
        if unit not in MINUTES:
            what = f"= {shown(unit)} is not a unit of time" if unit else f"is missing; it is the unit of {column}"
            self.fail(unit_column, f"{what}{_among(MINUTES)}")
            return number
        return round(number * MINUTES[unit], 9)

    def date(self, column: str, required: bool = False) -> dt.datetime | None:
        """Return a date like 01/31/18 23:59:59 (month first), None if blank."""
        value = self.text(column, required)
        if not value:
            return None
        found = read_date(value)
        if found is None:
            self.fail(column, f"= {shown(value)} {NO_DATE}")
        return found

    def only(self, columns: Iterable[str], reason: str) -> None:
        """Report cells with content outside some columns."""
        for column, value in self.cells.items():
            if value and column not in columns:
                self.fail(column, f"= {shown(value)} has no place here; {reason}")

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


def read_date(text: str) -> dt.datetime | None:
    """Return a date like 01/31/18 23:59:59, or None; there may be hundreds of thousands of them, on few days."""
    day, _, clock = text.partition(" ")
    date, time = _day(day), _time(clock.strip())
    return None if date is None or time is None else date + time


@lru_cache(maxsize=100_000)
def _day(text: str) -> dt.datetime | None:
    for pattern in _DAYS:
        try:
            return dt.datetime.strptime(text, pattern)
        except ValueError:
            continue
    return None


@lru_cache(maxsize=100_000)
def _time(text: str) -> dt.timedelta | None:
    if not text:
        return dt.timedelta()
    try:
        clock = dt.datetime.strptime(text, "%H:%M:%S")
    except ValueError:
        return None
    return dt.timedelta(hours=clock.hour, minutes=clock.minute, seconds=clock.second)


def _among(known: Iterable[str]) -> str:
    return f"; known: {', '.join(known)}"
