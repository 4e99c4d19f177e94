"""The promises of each part of an alliance, beside the record."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping

from renkei.alliance import Alliance
from renkei.alliance.asof import happened
from renkei.alliance.equipment import Order
from renkei.alliance.funding import Tranche
from renkei.alliance.workforce import Cohort
from renkei.months.calendar import opened
from renkei.months.hiring import target
from renkei.status.entry import Entry, entry
from renkei.units import add_months, fiscal_year_span

Reached = Mapping[str, dt.date]
STAGES = ("delivered", "installed", "qualified")


def milestones(alliance: Alliance, as_of: dt.date) -> Iterator[Entry]:
    """Milestones: the promise's span against the last day by which it had happened for sure."""
    for milestone in alliance.milestones.values():
        if milestone.headline or milestone.promised is not None:
            promised, actual = milestone.promised, happened(milestone.actual)
            span = (None, None) if promised is None else (promised.date, promised.until or promised.date)
            parties = [milestone.promised_by] if milestone.promised_by else []
            yield entry(f"milestones.{milestone.id}", milestone.name, parties, span, actual, as_of, must=True)


def money(alliance: Alliance, as_of: dt.date, reached: Reached) -> Iterator[Entry]:
    """Tranches: the day or fiscal years in which they are due against what was received; what was there before."""
    for item in alliance.funding.opening_balance.values():
        day, amount = item.received or alliance.first_day, float(item.amount)
        yield entry(
            f"funding.opening_balance.{item.id}", item.kind.replace("_", " "), [item.payer], (None, None), day, as_of,
            amount, amount, item.amount.currency,
        )  # fmt: skip
    for tranche in alliance.funding.tranches.values():
        facts = [fact for fact in alliance.actuals.receipts.values() if fact.tranche == tranche.id]
        total = float(tranche.amount)
        came = sum(total if fact.amount is None else float(fact.amount) for fact in facts)
        whole = came >= total * (1 - 1e-9) or any(fact.final for fact in facts)
        actual = max((fact.date for fact in facts), default=None) if whole and facts else None
        if not facts and tranche.status == "done" and tranche.date is not None and tranche.date <= as_of:
            actual, came = tranche.date, total
        span = _due(alliance, tranche, reached)
        yield entry(
            f"funding.tranches.{tranche.id}", tranche.kind.replace("_", " "), [tranche.payer],
            span, actual, as_of, total, came, tranche.amount.currency,
            note=tranche.status, waits=bool(tranche.after),
        )  # fmt: skip


def _due(alliance: Alliance, tranche: Tranche, reached: Reached) -> tuple[dt.date | None, dt.date | None]:
    gate = opened(tranche.after, reached)
    if gate is None:
        return None, None
    if tranche.fiscal_year is not None:
        country = alliance.partners[tranche.payer].country
        first = fiscal_year_span(tranche.fiscal_year, country)[0]
        last = fiscal_year_span(tranche.until_fiscal_year or tranche.fiscal_year, country)[1]
        return max(first, gate), max(last, gate)
    day = add_months(max(gate, tranche.date or dt.date.min), float(tranche.delay))
    return day, day


def site(alliance: Alliance, as_of: dt.date, reached: Reached) -> Iterator[Entry]:
    """Phases: the start, and the readiness that start and nominal building time make."""
    owner = alliance.site.owner or alliance.workforce.employer
    facts = {fact.phase: fact for fact in alliance.actuals.site.values()}
    for phase in alliance.site.phases.values():
        fact, gate = facts.get(phase.id), opened(phase.after, reached)
        path, waits = f"site.phases.{phase.id}", gate is None
        start = None if gate is None else max(gate, phase.start)
        ready = None if start is None else add_months(start, float(phase.build))
        begun = fact.started if fact is not None else None
        yield entry(path, "ground broken", [owner], (start, start), begun, as_of, waits=waits)
        done = fact.ready if fact is not None else None
        yield entry(
            path, "ready for tools", [owner], (ready, ready), done, as_of,
            1.0, float(begun is not None), "phase", waits=waits,
        )  # fmt: skip


def training(alliance: Alliance, as_of: dt.date, reached: Reached) -> Iterator[Entry]:
    """Cohorts: leaving and coming back, with the people who did."""
    facts = {fact.cohort: fact for fact in alliance.actuals.cohorts.values()}
    for cohort in alliance.workforce.cohorts.values():
        fact, path = facts.get(cohort.id), f"workforce.cohorts.{cohort.id}"
        parties, seats, waits = [cohort.host, alliance.workforce.employer], float(cohort.seats), bool(cohort.after)
        gone = _leaves(cohort, reached)
        back = None if gone is None else add_months(gone, float(cohort.stay))
        people = float(fact.people) if fact is not None else 0.0
        left = fact.date if fact is not None else None
        yield entry(path, "sent", parties, (gone, gone), left, as_of, seats, people, "people", waits=waits)
        home = fact.returned if fact is not None else None
        yield entry(
            path, "returned", parties, (back, back), home, as_of, seats, people if home else 0.0, "people", waits=waits
        )


def _leaves(cohort: Cohort, reached: Reached) -> dt.date | None:
    gate = opened(cohort.after, reached)
    return (
        None
        if gate is None
        else add_months(max(gate, cohort.start), max(float(cohort.visa), float(cohort.language)) + float(cohort.delay))
    )


def tools(alliance: Alliance, as_of: dt.date, reached: Reached, ordered: Mapping[str, int]) -> Iterator[Entry]:
    """Orders of equipment: the agreed window, or order and nominal lead time, against the tools that came.

    Told of the furthest stage on record, with the nominal time from the dock to it added to the promise. `ordered`:
    tools by order.
    """
    for order in alliance.equipment.orders.values():
        facts = [fact for fact in alliance.actuals.tools.values() if fact.order == order.id]
        stage = max((fact.stage for fact in facts), key=STAGES.index, default=STAGES[0])
        there = [fact for fact in facts if fact.stage == stage]
        came, wanted = sum(fact.tools for fact in there), ordered.get(order.id, 0)
        actual = max((fact.date for fact in there), default=None) if came >= wanted else None
        gate = opened(order.after, reached)
        span = _window(alliance, order, gate, stage)
        yield entry(
            f"equipment.orders.{order.id}", f"tools {stage}", [order.buyer or alliance.workforce.employer], span,
            actual, as_of, float(wanted), float(came), "tools", waits=gate is None,
        )  # fmt: skip


def _window(
    alliance: Alliance, order: Order, gate: dt.date | None, stage: str
) -> tuple[dt.date | None, dt.date | None]:  # fmt: skip
    if gate is None:
        return None, None
    lead = float(order.lead_time or alliance.equipment.lead_time)
    dock = add_months(max(gate, order.date or dt.date.min), lead)
    terms = alliance.equipment.installation
    steps = {"delivered": 0.0, "installed": float(terms.install) + float(terms.hook_up)}
    steps["qualified"] = steps["installed"] + sum(float(days) for days in (terms.sl1, terms.sl2, terms.recipes))
    later = dt.timedelta(days=round(steps[stage]))
    first, last = order.deliver_from or dock, order.deliver_until or order.deliver_from or dock
    return first + later, last + later


def people(alliance: Alliance, as_of: dt.date) -> Iterator[Entry]:
    """Headcount: the latest count of each role, or of all, against the plan of that day."""
    latest: dict[str, tuple[dt.date, float]] = {}
    for fact in sorted(alliance.actuals.headcount.values(), key=lambda fact: fact.date):
        latest[fact.role or ""] = fact.date, float(fact.people)
    for name, (day, counted) in latest.items():
        roles = [role for role in alliance.workforce.roles.values() if name in ("", role.id)]
        planned = round(sum(target(role, alliance, day) for role in roles))
        path = f"workforce.roles.{name}" if name else "workforce.roles"
        caught = day if counted >= planned else None
        yield entry(
            path, "headcount", [alliance.workforce.employer], (day, day), caught, as_of, float(planned), counted,
            "people", note=f"counted {day}",
        )  # fmt: skip


def customers(alliance: Alliance, as_of: dt.date) -> Iterator[Entry]:
    """Named customers: the stage they are at; nobody promised when."""
    for customer in alliance.market.customers.values():
        facts = [fact for fact in alliance.actuals.customers.values() if fact.customer == customer.id]
        known = [(customer.since, customer.stage)] if customer.since <= as_of else []
        known += [(fact.date, fact.stage) for fact in facts]
        day, stage = max(known, default=(None, ""))
        parties = [customer.partner] if customer.partner else []
        what = alliance.market.funnel[stage].name or stage if stage else "not met yet"
        yield entry(f"market.customers.{customer.id}", what, parties, (None, None), day, as_of)


def programmes(alliance: Alliance, as_of: dt.date, reached: Reached) -> Iterator[Entry]:
    """Research programmes and demonstrated processes: what the agreement itself dates."""
    for programme in alliance.technology.programmes.values():
        gate = opened(programme.after, reached)
        start = None if gate is None else max(gate, programme.start)
        path = f"technology.programmes.{programme.id}"
        begun = start if start is not None and start <= as_of else None
        yield entry(
            path, "begins", [programme.partner], (start, start), begun, as_of, waits=gate is None,
            note="by its own date" if begun else "",
        )  # fmt: skip
    for shown in alliance.technology.demonstrations.values():
        day = shown.shown if shown.shown <= as_of else None
        path = f"technology.demonstrations.{shown.id}"
        yield entry(path, "demonstrated", [shown.owner], (shown.shown, shown.shown), day, as_of, note="by its own date")
