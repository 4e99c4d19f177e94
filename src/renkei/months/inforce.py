"""The terms in force: what the risks that have occurred make of the declared ones for a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from renkei.alliance import Alliance
from renkei.alliance.amending import Place, amended, found
from renkei.alliance.funding import Tranche
from renkei.alliance.risks import SUSPENDABLE
from renkei.months.calendar import CLOSED, Month
from renkei.months.risks import Occurrence, middle
from renkei.units import add_months, fiscal_year_span

OWNED = {
    "funding.tranches": "payer",
    "workforce.cohorts": "host",
    "technology.programmes": "partner",
    "technology.demonstrations": "owner",
    "market.channels": "owner",
}
"""Clauses that end with the partner that bears them → the field that names it."""


@dataclass(frozen=True)
class Force:
    """What holds besides the declared terms in a month."""

    factors: tuple[tuple[str, float], ...] = ()
    """Pattern and factor, in order of occurrence."""
    closed: frozenset[str] = frozenset()
    """Clauses of which nothing happens."""
    withdrawn: frozenset[str] = frozenset()
    """Partners that are gone."""
    later: tuple[tuple[str, float], ...] = ()
    """Orders of tools that lay ahead, and by how many months they come later."""

    @property
    def nothing(self) -> bool:
        """Whether the declared terms hold unchanged."""
        return self == Force()


def force(occurred: Sequence[Occurrence], alliance: Alliance, month: Month) -> Force:
    """Return what the occurrences so far mean for a month: what lasts on the day in its middle holds for all of it.

    A delayed clause is closed from the occurrence, or from its own start if that lies ahead, for as many months.
    """
    day = middle(month)
    factors, closed, withdrawn, later = [], set[str](), set[str](), list[tuple[str, float]]()
    for item in occurred:
        if item.lasts(day):
            factors += [(path, float(factor)) for path, factor in item.effects.factors.items()]
            closed |= set(item.effects.suspends)
            withdrawn |= set(item.effects.withdraws)
        for path, months in item.effects.delays.items():
            clause = _clause(alliance, path)
            start = None if clause is None else _start(alliance, clause)
            if path.startswith("equipment.orders.") and start is not None and start > item.day:
                later.append((path, float(months)))
            elif clause is not None:
                since = max(item.day, start or item.day)
                closed |= {path} if since <= day < add_months(since, float(months)) else set()
    for partner in withdrawn:
        closed |= borne_by(alliance, partner)
    return Force(tuple(factors), frozenset(closed), frozenset(withdrawn), tuple(later))


def borne_by(alliance: Alliance, partner: str) -> set[str]:
    """Return the clauses that end when a partner leaves."""
    return {
        f"{kind}.{item.id}"
        for kind, field in OWNED.items()
        for _, item in found(alliance, f"{kind}.*")
        if getattr(item, field) == partner
    }


def in_force(alliance: Alliance, force_: Force) -> Alliance:
    """Return the alliance with factors multiplied in, closed clauses waiting for ever, and without what left."""
    for pattern, factor in force_.factors:
        places = {place: _times(factor) for place, _ in found(alliance, pattern)}
        alliance = amended(alliance, places)
    for path, months in force_.later:
        alliance = amended(alliance, {_place(path): _later(months)})
    alliance = amended(alliance, {_place(path): _shut for path in sorted(force_.closed) if _clause(alliance, path)})
    return amended(alliance, dict(_departures(alliance, force_.withdrawn))) if force_.withdrawn else alliance


def _clause(alliance: Alliance, path: str) -> Any:
    """Return the clause at a path of the kinds that can be suspended, None if it is none."""
    if not path.startswith(tuple(f"{kind}." for kind in SUSPENDABLE)):
        return None
    return next((item for _, item in found(alliance, path)), None)


def _place(path: str) -> Place:
    """Return the place of a clause: part, kind, identifier (which may have dots)."""
    return tuple(path.split(".", 2))


def _start(alliance: Alliance, clause: Any) -> dt.date | None:
    """Return the declared start of a clause, None if it has none but milestones."""
    if isinstance(clause, Tranche) and clause.fiscal_year is not None:
        return fiscal_year_span(clause.fiscal_year, alliance.partners[clause.payer].country)[0]
    for field in ("start", "date"):
        day = getattr(clause, field, None)
        if isinstance(day, dt.date):
            return day
    return None


def _shut(clause: Any) -> Any:
    return clause.model_copy(update={"after": (*clause.after, CLOSED)})


def _times(factor: float) -> Callable[[Any], Any]:
    return lambda value: value.times(factor)


def _later(months: float) -> Callable[[Any], Any]:
    def moved(order: Any) -> Any:
        days = {name: getattr(order, name) for name in ("date", "deliver_from", "deliver_until")}
        return order.model_copy(update={name: add_months(day, months) for name, day in days.items() if day is not None})

    return moved


def _departures(alliance: Alliance, gone: frozenset[str]) -> Iterator[tuple[Place, Callable[[Any], Any]]]:
    """Yield what the leaving of partners changes besides closed clauses: customers, shared costs, makers' services."""
    yield ("market", "customers"), lambda known: {name: c for name, c in known.items() if c.partner not in gone}
    yield ("market", "promotion", "paid_by"), lambda shares: _without(shares, gone)
    for channel in alliance.market.channels:
        yield ("market", "channels", channel, "paid_by"), lambda shares: _without(shares, gone)
    makers = {item.id for item in alliance.equipment.suppliers.values() if item.partner in gone}
    if makers:
        yield ("equipment", "services"), lambda services: _served(services, makers)


def _without(shares: Mapping[str, Any], gone: frozenset[str]) -> dict[str, Any]:
    return {name: share for name, share in shares.items() if name not in gone}


def _served(services: Mapping[str, Any], gone: set[str]) -> dict[str, Any]:
    """Return the services without the makers that left; one that only they gave ends."""
    left = {name: (item, tuple(s for s in item.suppliers if s not in gone)) for name, item in services.items()}
    return {
        name: item.model_copy(update={"suppliers": makers})
        for name, (item, makers) in left.items()
        if makers or not item.suppliers
    }
