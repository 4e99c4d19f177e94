"""One promise beside what became of it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

State = Literal["done", "partly", "overdue", "ahead", "waits", "no record", "open"]
"""`partly`: begun, and its time is not over. `waits`: for milestones, without a date of its own. `no record`: its time
is over and nothing is recorded. `open`: nobody promised a date."""


@dataclass(frozen=True)
class Entry:
    """A promise of the alliance, and the record of it."""

    path: str
    """Where it is declared: `funding.tranches.grant`."""
    what: str
    partners: tuple[str, ...]
    promised: dt.date | None
    promised_until: dt.date | None
    """Last day on which the promise is kept."""
    actual: dt.date | None
    """When it was done, None while it is not."""
    state: State
    slip_days: int | None
    """Done: days after the promise's last day, 0 within its span, less than 0 before its first day. Overdue or without
    record: days since the last day."""
    planned: float | None = None
    recorded: float | None = None
    unit: str = ""
    note: str = ""


def entry(
    path: str, what: str, partners: Sequence[str], span: tuple[dt.date | None, dt.date | None], actual: dt.date | None,
    as_of: dt.date, planned: float | None = None, recorded: float | None = None, unit: str = "", note: str = "",
    waits: bool = False, must: bool = False,
) -> Entry:  # fmt: skip
    """Return the entry with its state and slip; `must`: what has no record by then is late, not merely unreported."""
    first, last = span
    begun = bool(recorded) and actual is None
    state: State
    if actual is not None:
        state = "done"
    elif last is None:
        state = "waits" if waits else "partly" if begun else "open"
    elif last >= as_of:
        state = "partly" if begun else "ahead"
    else:
        state = "overdue" if begun or must else "no record"
    slip = _slip(first, last, actual or as_of) if state in ("done", "overdue", "no record") else None
    return Entry(path, what, tuple(partners), first, last, actual, state, slip, planned, recorded, unit, note)


def _slip(first: dt.date | None, last: dt.date | None, end: dt.date) -> int | None:
    if first is None or last is None:
        return None
    return (end - last).days if end > last else min((end - first).days, 0)
