"""Knowledge from partners: transfer of demonstrated processes, and joint research at their sites."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from renkei.alliance import Alliance
from renkei.alliance.learning import Pool
from renkei.alliance.technology import Demonstration, Programme
from renkei.months.calendar import MINUTES_PER_DAY, Month, opened
from renkei.months.learning import Lesson, shares
from renkei.months.obligations import Due, due
from renkei.months.people import Crew
from renkei.units import DAYS_PER_MONTH, add_months, months_between, uniform

Reached = Mapping[str, dt.date]


@dataclass(frozen=True)
class Transfer:
    """Progress of the transfers, and programmes that have ended early."""

    worked: Mapping[str, float] = field(default_factory=dict)
    """Months of transfer done, by demonstration."""
    paid: Mapping[str, int] = field(default_factory=dict)
    """Monthly parts of the fee billed, by demonstration."""
    ended: frozenset[str] = frozenset()
    """Programmes that did not survive."""


def bill(
    transfer: Transfer, alliance: Alliance, month: Month, reached: Reached, unpaid: frozenset[str]
) -> tuple[Transfer, list[Due]]:
    """Return what research costs in the month: programmes, and the parts of licence fees.

    What is in arrears (`unpaid` of the months before) rests and is not billed again.
    """
    dues, paid = [], dict(transfer.paid)
    for programme in alliance.technology.programmes.values():
        key = f"technology.programmes.{programme.id}"
        if _runs(transfer, programme, alliance, month, reached) and key not in unpaid:
            dues.append(
                due(key, "research", month.first, programme.cost, programme.partner, key, 1 / 12, programme.use)
            )
    for shown in alliance.technology.demonstrations.values():
        parts, done = max(round(float(shown.fee_over)), 1), paid.get(shown.id, 0)
        key = f"technology.demonstrations.{shown.id}"
        if _begun(shown, alliance, month, reached) and done < parts and key not in unpaid:
            dues.append(due(key, "research", month.first, shown.fee, shown.owner, key, 1 / parts))
            paid[shown.id] = done + 1
    return replace(transfer, paid=paid), dues


def engineers_needed(transfer: Transfer, alliance: Alliance, crew: Crew, month: Month, reached: Reached) -> float:
    """Return the engineer-months that transfers under way ask for."""
    each = float(alliance.workforce.engineers.transfer)
    shown = alliance.technology.demonstrations.values()
    return each * sum(_lasts(transfer, item, alliance, crew, month, reached) for item in shown)


def step(
    transfer: Transfer, alliance: Alliance, crew: Crew, month: Month, reached: Reached, unpaid: frozenset[str],
    cover: float, seed: int,
) -> tuple[Transfer, dict[Pool, float], list[Lesson]]:  # fmt: skip
    """Return the transfers at the month's end, the level each pool rises to, and lessons from partners' lines.

    A month of transfer counts as far as engineers cover it, and not at all while its fee is unpaid.
    """
    worked, levels = dict(transfer.worked), dict.fromkeys(shares(alliance.technology.learning), 0.0)
    for shown in alliance.technology.demonstrations.values():
        if _begun(shown, alliance, month, reached) and f"technology.demonstrations.{shown.id}" not in unpaid:
            worked[shown.id] = worked.get(shown.id, 0.0) + cover
        eta = efficiency(shown, worked.get(shown.id, 0.0), crew, month)
        for pool in shown.pools:
            share = shares(alliance.technology.learning)[pool]
            known = float(shown.experience) * carried(alliance, shown)
            levels[pool] = max(levels[pool], eta * share * known)
    transfer = replace(transfer, worked=worked)
    lessons = []
    for programme in alliance.technology.programmes.values():
        if (
            _runs(transfer, programme, alliance, month, reached)
            and f"technology.programmes.{programme.id}" not in unpaid
        ):
            lessons += _lessons(programme, month)
    return _survivors(transfer, alliance, month, seed), levels, lessons


def carried(alliance: Alliance, shown: Demonstration) -> float:
    """Return the share of a demonstration's experience that holds for the process: the product of `shared` down to it.

    1 for the process itself, 0 for a node that it is not derived from.
    """
    nodes, at, share = alliance.technology.nodes, alliance.technology.process, 1.0
    if shown.node is None:
        return share
    while at is not None and at != shown.node:
        share *= float(nodes[at].shared)
        at = nodes[at].parent
    return share if at is not None else 0.0


def efficiency(shown: Demonstration, worked: float, crew: Crew, month: Month) -> float:
    """Return η = by_documents + by_people · min(1, returned / needed), each part once its delay has passed.

    Returned are people who passed and came back at least `delay` ago with a cohort that carries this process.
    """
    delay = float(shown.delay)
    documents = float(shown.by_documents) if worked >= delay else 0.0
    needed = max(float(shown.people_needed), 1.0)
    carriers = _carriers(shown, crew)
    returned = sum(people for date, people in carriers if add_months(date, delay) <= month.last)
    return documents + float(shown.by_people) * min(1.0, returned / needed)


def _carriers(shown: Demonstration, crew: Crew) -> list[tuple[dt.date, int]]:
    return [(r.date, r.passed) for r in crew.returned if r.transfers == shown.id]


def _begun(shown: Demonstration, alliance: Alliance, month: Month, reached: Reached) -> bool:
    gate = opened(shown.after, reached)
    return gate is not None and max(gate, shown.shown, shown.start or alliance.first_day) <= month.last


def _lasts(
    transfer: Transfer, shown: Demonstration, alliance: Alliance, crew: Crew, month: Month, reached: Reached
) -> bool:
    if not _begun(shown, alliance, month, reached):
        return False
    delay = float(shown.delay)
    fresh = any(date <= month.last and add_months(date, delay) > month.first for date, _ in _carriers(shown, crew))
    return fresh or transfer.worked.get(shown.id, 0.0) < delay


def _runs(transfer: Transfer, programme: Programme, alliance: Alliance, month: Month, reached: Reached) -> bool:
    gate, end = opened(programme.after, reached), programme.end or alliance.end
    begun = gate is not None and max(gate, programme.start) <= month.last
    return begun and end >= month.first and programme.id not in transfer.ended


def _lessons(programme: Programme, month: Month) -> list[Lesson]:
    """A month's lots of a programme, as one lesson of their weight here."""
    weight = float(programme.lots) * float(programme.efficiency)
    if weight <= 0:
        return []
    started = month.start + month.minutes / 2
    days = float(programme.cycle_time) + float(programme.delay) * DAYS_PER_MONTH
    return [Lesson(started, started + days * MINUTES_PER_DAY, programme.pools, weight, own=False)]


def _survivors(transfer: Transfer, alliance: Alliance, month: Month, seed: int) -> Transfer:
    """A programme goes on at each anniversary of its start with the chance `survives`, by its own draw."""
    ended = set(transfer.ended)
    for programme in alliance.technology.programmes.values():
        age = months_between(programme.start, month.first)
        if age > 0 and age % 12 == 0:
            luck = uniform(seed, f"technology.programmes.{programme.id}.survives", age // 12)
            ended |= {programme.id} if luck >= float(programme.survives) else set()
    return replace(transfer, ended=frozenset(ended))
