"""The standing of an alliance: entries, and what they mean for clauses and partners."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

from renkei.alliance import Alliance
from renkei.alliance.asof import happened, until
from renkei.fab.builtin import load_fab
from renkei.months.orders import purchases, sizes_of
from renkei.status import entries
from renkei.status.entry import Entry
from renkei.units import add_months

NEXT_MONTHS = 12
LATE = ("overdue", "no record")


@dataclass(frozen=True)
class ClauseStatus:
    """A sentence of the agreement and the entries that carry it out."""

    id: str
    text: str
    parties: tuple[str, ...]
    entries: tuple[Entry, ...]

    @property
    def state(self) -> str:
        """The whole clause in a word: kept, late, under way, ahead, or not tracked (nothing of it has a date)."""
        return summed(self.entries)

    @property
    def slip_days(self) -> int | None:
        """The worst slip of its entries; those without a record do not count."""
        known = [e.slip_days for e in self.entries if e.slip_days is not None and e.state != "no record"]
        return max(known, default=None)


@dataclass(frozen=True)
class Status:
    """Where an alliance stood at the end of a day."""

    alliance: Alliance
    as_of: dt.date
    entries: tuple[Entry, ...]

    @property
    def clauses(self) -> tuple[ClauseStatus, ...]:
        """The agreement's sentences in their order, each with the entries at or below its paths."""
        return tuple(
            ClauseStatus(clause.id, clause.text, clause.parties, self.of(clause.implemented_by))
            for clause in self.alliance.clauses.values()
            if clause.said is None or clause.said <= self.as_of
        )

    @property
    def partners(self) -> dict[str, tuple[Entry, ...]]:
        """Entries by partner; partners that promised nothing datable are left out."""
        found = {name: tuple(e for e in self.entries if name in e.partners) for name in self.alliance.partners}
        return {name: mine for name, mine in found.items() if mine}

    @property
    def overdue(self) -> list[Entry]:
        """What is late on the day, the latest first; without record among it: perhaps only unreported."""
        late = [e for e in self.entries if e.state in LATE]
        return sorted(late, key=lambda e: (LATE.index(e.state), -(e.slip_days or 0)))

    @property
    def next(self) -> list[Entry]:
        """What is promised for the coming year, in order."""
        last = add_months(self.as_of, NEXT_MONTHS)
        coming = [e for e in self.entries if e.state in ("ahead", "partly") and (e.promised_until or last) <= last]
        return sorted(coming, key=lambda e: e.promised_until or last)

    def of(self, paths: Sequence[str]) -> tuple[Entry, ...]:
        """Return the entries at or below some paths of the alliance."""
        return tuple(e for e in self.entries if any(e.path == p or e.path.startswith(f"{p}.") for p in paths))

    def to_json(self) -> dict[str, Any]:
        """Return what `renkei status --json` prints; dates as ISO text."""
        rows = [_row(e) for e in self.entries]
        place = {id(e): number for number, e in enumerate(self.entries)}

        def numbers(some: Sequence[Entry]) -> list[int]:
            return [place[id(e)] for e in some]

        return {
            "alliance": self.alliance.name,
            "as_of": self.as_of.isoformat(),
            "entries": rows,
            "clauses": [
                {
                    "id": c.id, "text": c.text, "parties": list(c.parties), "state": c.state,
                    "slip_days": c.slip_days, "entries": numbers(c.entries),
                }
                for c in self.clauses
            ],
            "partners": {
                name: {"name": self.alliance.partners[name].name, "state": summed(mine), "entries": numbers(mine)}
                for name, mine in self.partners.items()
            },
            "overdue": numbers(self.overdue),
            "next": numbers(self.next),
        }  # fmt: skip


def status(alliance: Alliance, as_of: dt.date) -> Status:
    """Return where an alliance stands at the end of a day, from its promises and its record up to then.

    Promises are the file's dates and windows, durations at their nominal value; what waits for milestones is promised
    once they are on record. Raises InputError if the fab cannot be read.
    """
    told = alliance.model_copy(update={"actuals": until(alliance.actuals, as_of)})
    known = {name: _seen(milestone, as_of) for name, milestone in told.milestones.items()}
    told = told.model_copy(update={"milestones": known})
    reached = {m.id: day for m in known.values() if (day := happened(m.actual)) is not None}
    fab = load_fab(alliance.fab, None)
    ordered: dict[str, int] = {}
    for bought in purchases(told, fab, {size: load_fab(alliance.fab, size) for size in sizes_of(told)}):
        ordered[bought.order.id] = ordered.get(bought.order.id, 0) + bought.tools
    found = [
        *entries.milestones(told, as_of), *entries.money(told, as_of, reached), *entries.site(told, as_of, reached),
        *entries.training(told, as_of, reached), *entries.people(told, as_of),
        *entries.tools(told, as_of, reached, ordered), *entries.programmes(told, as_of, reached),
        *entries.customers(told, as_of),
    ]  # fmt: skip
    return Status(told, as_of, tuple(found))


def summed(some: Sequence[Entry]) -> str:
    """Return a word for entries together."""
    states = {e.state for e in some}
    if not states:
        return "not tracked"
    if "overdue" in states:
        return "late"
    if states == {"done"}:
        late = any((e.slip_days or 0) > 0 for e in some)
        return "kept, late" if late else "kept"
    if "no record" in states and not states & {"done", "partly"}:
        return "no record"
    return "under way" if states & {"done", "partly", "no record"} else "ahead"


def _seen(milestone: Any, as_of: dt.date) -> Any:
    day = happened(milestone.actual)
    return milestone if day is None or day <= as_of else milestone.model_copy(update={"actual": None})


def _row(e: Entry) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, dt.date) else value for key, value in asdict(e).items()}
