"""Real dates, calendar months and fiscal years."""

from __future__ import annotations

import calendar
import datetime as dt
import math
import re
from typing import Annotated, Any

from pydantic import BeforeValidator, WithJsonSchema

DAYS_PER_MONTH = 365.25 / 12
"""Mean length of a month, for rates; durations are added as calendar months."""

_ISO = re.compile(r"([0-9]{4})-([0-9]{2})(?:-([0-9]{2}))?")
_FISCAL_YEARS = {"JP": (4, 0), "IN": (4, 0), "GB": (4, 0), "CA": (4, 0), "US": (10, -1), "AU": (7, -1)}
"""Country → first month of the fiscal year, and in which year (0 the same, −1 the year before) fiscal year N begins."""

FIRST_YEAR, LAST_YEAR = 1900, 2200
"""What else is written is a slip of the hand, from which durations would lead out of the calendar."""


def read_date(value: Any) -> dt.date:
    """Return the date of `2023-04-25`, of a month `2023-04` (its first day) or of a date; else raise ValueError."""
    if isinstance(value, dt.datetime):
        return value.date()
    if isinstance(value, dt.date):
        return value
    match = _ISO.fullmatch(value.strip()) if isinstance(value, str) else None
    if match is None:
        raise ValueError(f'= {_echo(value)} is not a date; write e.g. "2023-04-25" or "2023-04"')
    year, month, day = (int(part or 1) for part in match.groups())
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError(f"= {value.strip()} lies outside the years {FIRST_YEAR} to {LAST_YEAR}")
    try:
        return dt.date(year, month, day)
    except ValueError as error:
        raise ValueError(f"= {value.strip()} is not a date: {error}") from None


Date = Annotated[
    dt.date,
    BeforeValidator(read_date),
    WithJsonSchema(
        {"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}(-[0-9]{2})?$", "examples": ["2023-04-25", "2023-04"]}
    ),
]
"""A real date; a month `2023-04` means its first day."""


def first_of_month(day: dt.date) -> dt.date:
    """Return the first day of the date's month."""
    return day.replace(day=1)


def add_months(day: dt.date, months: float) -> dt.date:
    """Return the date `months` later, earlier when negative: whole calendar months, then 365.25/12 days times the rest.

    The day is cut to the length of the month reached: 31 January + 1 month = 28 February.
    """
    whole = math.floor(months)
    index = day.year * 12 + day.month - 1 + whole
    year, month = index // 12, index % 12 + 1
    moved = dt.date(year, month, min(day.day, calendar.monthrange(year, month)[1]))
    return moved + dt.timedelta(days=round((months - whole) * DAYS_PER_MONTH))


def months_between(first: dt.date, second: dt.date) -> int:
    """Return the number of calendar months from the month of `first` to that of `second`."""
    return (second.year - first.year) * 12 + second.month - first.month


def fiscal_year_span(year: int, country: str) -> tuple[dt.date, dt.date]:
    """Return first and last day of a country's fiscal year.

    FY2023 begins in 2023-04 in Japan (JP), India (IN), the United Kingdom (GB: the government's year, 1 April) and
    Canada (CA), in 2022-10 in the United States (US), in 2022-07 in Australia (AU), and with the calendar year
    elsewhere: the European Union, Germany, France, the Netherlands, Belgium, Taiwan, Korea.
    """
    month, shift = _FISCAL_YEARS.get(country, (1, 0))
    first = dt.date(year + shift, month, 1)
    return first, add_months(first, 12) - dt.timedelta(days=1)


def _echo(value: Any) -> str:
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= 60 else text[:57] + "…"
