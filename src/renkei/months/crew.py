"""The crew: who leaves, returns, departs and is hired in a month, and what all of them cost."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.months.calendar import Month
from renkei.months.cohorts import departures, home
from renkei.months.hiring import hiring
from renkei.months.obligations import Due, due
from renkei.months.people import LONG_AGO, Crew, Vintage
from renkei.months.skill import mentored
from renkei.units import DAYS_PER_MONTH, uniform


def fresh_crew(alliance: Alliance) -> Crew:
    """Return the people of the first day, all experienced and present."""
    roles, markets = alliance.workforce.roles.values(), alliance.workforce.markets.values()
    there = tuple(Vintage(r.id, LONG_AGO, round(float(r.headcount))) for r in roles if round(float(r.headcount)))
    return Crew(there, pools={market.id: float(market.pool) for market in markets})


def payroll(crew: Crew, alliance: Alliance, month: Month) -> dict[str, Decimal]:
    """Return a month's wages by role, in the salary's currency: salaries with overhead."""
    wages = {}
    for role in alliance.workforce.roles.values():
        monthly = alliance.priced(role.salary, month.first) * (1 + role.overhead.exact) / 12
        wages[role.id] = crew.headcount(role.id) * monthly
    return wages


def bill(crew: Crew, alliance: Alliance, month: Month, unpaid: frozenset[str] = frozenset()) -> list[Due]:
    """Return the month's payroll (due at once: it never slips) and the fees of the cohorts away.

    A stay in arrears (`unpaid` of the months before) rests and is not billed again.
    """
    employer, dues = alliance.workforce.employer, []
    for role in alliance.workforce.roles.values():
        purpose = f"workforce.roles.{role.id}"
        wages = payroll(crew, alliance, month)[role.id]
        dues.append(Due(f"payroll.{role.id}", "payroll", month.first, wages, role.salary.currency, employer, purpose))
        hires = crew.hires.get(role.id, 0)
        dues.append(due(f"hiring.{role.id}", "payroll", month.first, role.hiring_cost, employer, purpose, hires))
    for stay in crew.stays:
        cohort = alliance.workforce.cohorts[stay.cohort]
        people = sum(v.people for v in crew.vintages if v.cohort == cohort.id)
        months = (min(stay.days, month.days) + stay.unbilled) / DAYS_PER_MONTH
        purpose = f"workforce.cohorts.{cohort.id}"
        if purpose in unpaid:
            continue
        dues.append(due(purpose, "training", month.first, cohort.cost, cohort.host, purpose, people * months))
    return dues


def monthly_payroll(crew: Crew, alliance: Alliance, month: Month) -> int:
    """Return a month's wages in yen."""
    return sum(
        int(wages * alliance.rate(alliance.workforce.roles[role].salary.currency, month.first))
        for role, wages in payroll(crew, alliance, month).items()
    )


def laid_off(crew: Crew, alliance: Alliance, month: Month, cash: int) -> Crew:
    """Return the crew that `cash` yen can pay this month: everyone, or fewer of each vintage in proportion."""
    dues = [item for item in bill(crew, alliance, month) if item.cost == "payroll"]
    wages = sum(item.amount * alliance.rate(item.currency, month.first) for item in dues)
    if wages <= cash:
        return replace(crew, short_of_money=False)
    kept = max(cash, 0) / float(wages)
    vintages = tuple(replace(v, people=math.floor(v.people * kept)) for v in crew.vintages)
    hires = {role: math.floor(number * kept) for role, number in crew.hires.items()}
    return replace(crew, vintages=tuple(v for v in vintages if v.people), hires=hires, short_of_money=True)


def step(
    crew: Crew, alliance: Alliance, month: Month, seed: int, may_hire: bool, unpaid: frozenset[str],
    reached: Mapping[str, dt.date],
) -> Crew:  # fmt: skip
    """Return the crew at the month's end: leavers, returns, departures, hires, a month beside mentors, in this
    order."""
    crew = _attrition(crew, alliance, month, seed)
    crew = home(crew, alliance, month, unpaid)
    crew = departures(crew, alliance, month, reached)
    return mentored(hiring(crew, alliance, month, may_hire), alliance, month.index)


def _attrition(crew: Crew, alliance: Alliance, month: Month, seed: int) -> Crew:
    """Leavers of each vintage at its monthly hazard, rounded by a draw; those away stay until they return."""
    kept = []
    for vintage in crew.vintages:
        role = alliance.workforce.roles[vintage.role]
        new = month.index - vintage.hired < float(role.veteran_after)
        rate = float(role.attrition_new if new else role.attrition_veteran) / 12
        luck = uniform(seed, f"workforce.roles.{role.id}.leavers.{vintage.hired}.{vintage.skill}", month.index)
        leavers = 0 if vintage.cohort else min(math.floor(vintage.people * rate + luck), vintage.people)
        kept.append(replace(vintage, people=vintage.people - leavers))
    return replace(crew, vintages=tuple(v for v in kept if v.people))
