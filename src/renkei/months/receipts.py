"""Money that came, as recorded: until the as-of date it replaces what a recorded tranche would pay."""

from __future__ import annotations

from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.actuals import Receipt
from renkei.alliance.funding import Tranche
from renkei.months.calendar import Month


def recorded(alliance: Alliance, tranche: Tranche) -> list[Receipt]:
    """Return the receipts of a tranche by date; none unless the run starts from the record."""
    if alliance.actuals.as_of is None:
        return []
    found = [fact for fact in alliance.actuals.receipts.values() if fact.tranche == tranche.id]
    return sorted(found, key=lambda fact: fact.date)


def in_month(facts: list[Receipt], tranche: Tranche, month: Month) -> list[tuple[Receipt, Decimal]]:
    """Return what came in a month, with its amount; what came before the first month comes on its first day."""
    return [
        (fact, tranche.amount.exact if fact.amount is None else fact.amount.exact)
        for fact in facts
        if month.has(fact.date) or (month.index == 0 and fact.date < month.first)
    ]


def settled(alliance: Alliance, facts: list[Receipt], month: Month) -> bool:
    """Whether the record alone says what comes of the tranche in the month: it is past, or nothing more comes."""
    as_of = alliance.actuals.as_of
    if not facts or as_of is None:
        return False
    return month.last <= as_of or any(fact.final and fact.date <= month.last for fact in facts)
