"""Days on the command line: what a run starts from, and what was known."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from renkei.errors import InputError, Problem
from renkei.units import read_date

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renkei.alliance import Alliance
    from renkei.alliance.asof import AsOf

AS_OF = "Start from what is on record at the end of this day: DATE, `last` (of the record) or `start` (no record)."
KNOWN_BY = "DATE: leave out everything published later, for hindcasts."


def read_as_of(text: str, command: str) -> AsOf:
    """Return what `--as-of` says, None if it says nothing; raises InputError."""
    if text == "last" or text == "start":
        return text  # type: ignore[return-value]
    return read_day(text, command, "--as-of", ', "last" or "start"')


def read_day(text: str, command: str, option: str, other: str = "") -> dt.date | None:
    """Return the day of an option, None if it is empty; raises InputError."""
    if not text:
        return None
    try:
        return read_date(text)
    except ValueError:
        message = f'= "{text}" is not a date; write e.g. 2024-12-31{other}'
        raise InputError("arguments", [Problem(command, None, option, message)]) from None


def read_known(alliance: str, scenarios: Sequence[str], known_by: str, command: str) -> Alliance:
    """Return an alliance as it was public by a day, or as it is; raises InputError."""
    from renkei.alliance.asof import known_by as hidden
    from renkei.alliance.reading import read_alliance

    day = read_day(known_by, command, "--known-by")
    declared = read_alliance(alliance, scenarios)
    return declared if day is None else hidden(declared, day)
