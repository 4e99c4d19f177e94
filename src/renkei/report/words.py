"""Numbers and dates as reports print them: months, not days; three digits at most."""

from __future__ import annotations

import datetime as dt
import math
from typing import Any

import pandas as pd

from renkei.units import months_between

NONE = "–"
CONSTRAINTS = ("money", "site", "tools", "people", "technology", "demand")
"""In the order in which ties are broken."""


def known(value: Any) -> bool:
    """Whether a cell holds something: not None, NaN or NaT."""
    return value is not None and not (pd.api.types.is_scalar(value) and pd.isna(value))


def day(value: Any) -> dt.date | None:
    """Return a cell, date, timestamp or ISO text, as a date; None where it is empty."""
    if not known(value) or value == "":
        return None
    if isinstance(value, dt.datetime):
        return value.date()
    return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value)[:10])


def month(value: Any) -> str:
    """Return `2027-10`; one future knows no days."""
    found = day(value)
    return NONE if found is None else f"{found:%Y-%m}"


def span(first: Any, last: Any = None) -> str:
    """Return `2027-10 – 2028-03`, or one month."""
    begin, end = month(first), month(last)
    return begin if end in (NONE, begin) else f"{begin} – {end}"


def number(value: Any, digits: int = 3) -> str:
    """Return a number with at most `digits` significant digits and thousands separated."""
    if not known(value) or not math.isfinite(value):
        return NONE
    if value == 0:
        return "0"
    places = max(digits - 1 - math.floor(math.log10(abs(value))), 0)
    rounded = round(float(value), digits - 1 - math.floor(math.log10(abs(value))))
    text = f"{rounded:,.{places}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def count(value: Any) -> str:
    """Return a whole number with thousands separated."""
    return NONE if not known(value) else f"{round(value):,}"


def billions(value: Any) -> str:
    """Return yen as billions: `70.0`, `1,730`."""
    if not known(value):
        return NONE
    return f"{value / 1e9:,.0f}" if abs(value) >= 99.95e9 else f"{value / 1e9:,.1f}"


def compact(value: Any) -> str:
    """Return a count in at most five signs: `349`, `1.27k`, `113k`, `40.5M`."""
    if not known(value):
        return NONE
    size, sign = next(
        ((size, sign) for size, sign in ((1e9, "bn"), (1e6, "M"), (1e3, "k")) if abs(value) >= size * 0.9995), (1, "")
    )
    return count(value) if size == 1 else f"{number(value / size)}{sign}"


def two_digits(value: Any) -> str:
    """Return a number with at most two significant digits."""
    return number(value, 2)


def percent(value: Any) -> str:
    """Return a share as `43 %`."""
    return NONE if not known(value) else f"{100 * value:.0f} %"


def lateness(reached: Any, first: Any, last: Any = None) -> str:
    """Return how a date compares with a span, in months: `3 late`, `1 early`, `in time`; empty if one is missing."""
    came, begin = day(reached), day(first)
    if came is None or begin is None:
        return ""
    early, late = months_between(came, begin), months_between(day(last) or begin, came)
    if late > 0:
        return f"{late} late"
    return f"{early} early" if early > 0 else "in time"


def roles(names: tuple[str, ...]) -> str:
    """Return roles as words: `technology owner, research institute`."""
    return ", ".join(name.replace("_", " ") for name in names)
