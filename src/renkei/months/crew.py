"""The crew: hiring, attrition, skill, cohorts abroad and their return."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal

from renkei.alliance import Alliance
from renkei.alliance.workforce import Cohort, Role
from renkei.months.calendar import Month, opened
from renkei.months.obligations import Due, due
from renkei.units import DAYS_PER_MONTH, add_months, uniform

LONG_AGO = -1200
"""Month of hire of those who are experienced on the first day."""


@dataclass(frozen=True)
class Vintage:
    """People of a role who were hired in the same month."""

    role: str
    hired: int
    people: int
    skill: float = 0.0
    """Skill they have at least, from training."""
    cohort: str = ""
    """Cohort they are away with; empty: present."""


@dataclass(frozen=True)
class Stay:
    """A cohort at its host."""

    cohort: str
    left: dt.date
    days: int
    """Days still to stay after the latest month."""
    unbilled: int = 0
    """Days of the month of departure, billed with the next."""


@dataclass(frozen=True)
class Returned:
    """People back from a host."""

    cohort: str
    date: dt.date
    people: int
    passed: int
    transfers: str = ""
    """Demonstrated process whose knowledge they carry."""


@dataclass(frozen=True)
class Crew:
    """All people of the manufacturer."""

    vintages: tuple[Vintage, ...]
    stays: tuple[Stay, ...] = ()
    returned: tuple[Returned, ...] = ()
    gone: frozenset[str] = frozenset()
    """Cohorts that have left once."""
    hire_rest: Mapping[str, float] = field(default_factory=dict)
    hires: Mapping[str, int] = field(default_factory=dict)
    """Hired in the latest month, by role."""
    short_of_money: bool = False
    """Hiring stopped, or people had to go, for want of money in the latest month."""

    def headcount(self, role: str = "") -> int:
        """Return the people employed, of one role or all, wherever they are."""
        return sum(v.people for v in self.vintages if not role or v.role == role)

    def present(self, role: str) -> int:
        """Return the people of a role who are not away."""
        return sum(v.people for v in self.vintages if v.role == role and not v.cohort)

    @property
    def away(self) -> int:
        """People at hosts."""
        return sum(v.people for v in self.vintages if v.cohort)

    def back(self, cohort: str = "") -> int:
        """Return the people that came back from training so far, of one cohort or all."""
        return sum(r.people for r in self.returned if not cohort or r.cohort == cohort)


def fresh_crew(alliance: Alliance) -> Crew:
    """Return the people of the first day, all experienced and present."""
    roles = alliance.workforce.roles.values()
    return Crew(tuple(Vintage(r.id, LONG_AGO, round(float(r.headcount))) for r in roles if round(float(r.headcount))))


def payroll(crew: Crew, alliance: Alliance) -> dict[str, Decimal]:
    """Return a month's wages by role, in the salary's currency: salaries with overhead."""
    wages = {}
    for role in alliance.workforce.roles.values():
        monthly = role.salary.exact * (1 + role.overhead.exact) / 12
        wages[role.id] = crew.headcount(role.id) * monthly
    return wages


def bill(crew: Crew, alliance: Alliance, month: Month, unpaid: frozenset[str] = frozenset()) -> list[Due]:
    """Return the month's payroll (due at once: it never slips) and the fees of the cohorts away.

    A stay in arrears (`unpaid` of the months before) rests and is not billed again.
    """
    employer, dues = alliance.workforce.employer, []
    for role in alliance.workforce.roles.values():
        purpose = f"workforce.roles.{role.id}"
        wages = payroll(crew, alliance)[role.id]
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
        for role, wages in payroll(crew, alliance).items()
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
    """Return the crew at the month's end: leavers, returns, departures, hires, in this order."""
    crew = _attrition(crew, alliance, month, seed)
    crew = _home(crew, alliance, month, unpaid)
    crew = _departures(crew, alliance, month, reached)
    return _hiring(crew, alliance, month, may_hire)


def skill(vintage: Vintage, role: Role, index: int) -> float:
    """Return one person's work as a share of an experienced one's: exponential approach to 1, at least as trained."""
    months = max(index - vintage.hired, 0)
    learnt = 1 - (1 - float(role.skill_start)) * math.exp(-months / float(role.skill_months))
    return max(learnt, vintage.skill)


def strength(crew: Crew, alliance: Alliance, kind: str, index: int, role: str = "") -> float:
    """Return the present people of a kind (or one role of it) in experienced persons."""
    roles = alliance.workforce.roles
    return sum(
        v.people * skill(v, roles[v.role], index)
        for v in crew.vintages
        if not v.cohort and roles[v.role].kind == kind and (not role or v.role == role)
    )


def engineer_months(crew: Crew, alliance: Alliance, index: int) -> float:
    """Return the month's engineer-months: present engineers by skill, and what cohorts away work for the alliance."""
    roles, cohorts = alliance.workforce.roles, alliance.workforce.cohorts
    away = sum(
        v.people * skill(v, roles[v.role], index) * float(cohorts[v.cohort].working)
        for v in crew.vintages
        if v.cohort and roles[v.role].kind == "engineer"
    )
    return strength(crew, alliance, "engineer", index) + away


def target(role: Role, alliance: Alliance, on: dt.date) -> float:
    """Return the people wanted on a day: straight lines between the declared targets, the last one kept."""
    since, people = alliance.first_day, float(role.headcount)
    for goal in role.targets:
        if on <= goal.by:
            span = max((goal.by - since).days, 1)
            return people + (float(goal.people) - people) * min(max((on - since).days, 0) / span, 1)
        since, people = goal.by, float(goal.people)
    return people


def abroad(alliance: Alliance, cohort: Cohort) -> bool:
    """Whether a cohort's host is in another country than the employer."""
    return alliance.partners[cohort.host].country != alliance.partners[alliance.workforce.employer].country


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


def _home(crew: Crew, alliance: Alliance, month: Month, unpaid: frozenset[str]) -> Crew:
    """A paid month counts for the stay; whose stay ends comes back, the share that passed with more skill."""
    stays, vintages, returned = [], list(crew.vintages), list(crew.returned)
    for stay in crew.stays:
        cohort = alliance.workforce.cohorts[stay.cohort]
        if f"workforce.cohorts.{cohort.id}" in unpaid:
            stays.append(stay)
            continue
        if stay.days > month.days:
            stays.append(replace(stay, days=stay.days - month.days, unbilled=0))
            continue
        away = [v for v in vintages if v.cohort == cohort.id]
        people = sum(v.people for v in away)
        passed = round(people * float(cohort.pass_rate))
        vintages = [v for v in vintages if v.cohort != cohort.id] + _trained(away, passed, float(cohort.skill_after))
        back = month.first + dt.timedelta(days=max(stay.days - 1, 0))
        returned.append(Returned(cohort.id, back, people, passed, cohort.transfers or ""))
    return replace(crew, vintages=tuple(vintages), stays=tuple(stays), returned=tuple(returned))


def _trained(away: list[Vintage], passed: int, skill_after: float) -> list[Vintage]:
    back = []
    for vintage in away:
        able = min(passed, vintage.people)
        passed -= able
        back.append(replace(vintage, people=able, skill=max(vintage.skill, skill_after), cohort=""))
        back.append(replace(vintage, people=vintage.people - able, cohort=""))
    return [v for v in back if v.people]


def _departures(crew: Crew, alliance: Alliance, month: Month, reached: Mapping[str, dt.date]) -> Crew:
    for cohort in alliance.workforce.cohorts.values():
        gate = opened(cohort.after, reached)
        if cohort.id in crew.gone or gate is None:
            continue
        day = add_months(max(gate, cohort.start), float(cohort.delay))
        if day <= month.last:
            crew = _sent(crew, cohort, month.within(day), month)
    return crew


def _sent(crew: Crew, cohort: Cohort, day: dt.date, month: Month) -> Crew:
    """The newest of the role go, as many as there are seats; they count as present no more."""
    seats, vintages = round(float(cohort.seats)), []
    for vintage in sorted(crew.vintages, key=lambda v: -v.hired):
        going = min(seats, vintage.people) if vintage.role == cohort.role and not vintage.cohort else 0
        seats -= going
        vintages.append(replace(vintage, people=vintage.people - going))
        vintages.append(replace(vintage, people=going, cohort=cohort.id))
    if seats == round(float(cohort.seats)):
        return crew
    total, begun = (add_months(day, float(cohort.stay)) - day).days, (month.last - day).days + 1
    begun = min(begun, total - 1)
    stay = Stay(cohort.id, day, total - begun, begun)
    return replace(
        crew, vintages=tuple(v for v in vintages if v.people), stays=crew.stays + (stay,), gone=crew.gone | {cohort.id}
    )


def _hiring(crew: Crew, alliance: Alliance, month: Month, may_hire: bool) -> Crew:
    hires, rest, new = {}, dict(crew.hire_rest), []
    wanted_any = False
    for role in alliance.workforce.roles.values():
        missing = round(target(role, alliance, month.last)) - crew.headcount(role.id)
        possible = float(role.max_hires) + rest.get(role.id, 0.0)
        number = min(max(missing, 0), math.floor(possible)) if may_hire else 0
        rest[role.id] = possible - math.floor(possible)
        wanted_any = wanted_any or missing > 0
        hires[role.id] = number
        if number:
            new.append(Vintage(role.id, month.index, number))
    stopped = crew.short_of_money or (wanted_any and not may_hire)
    return replace(crew, vintages=crew.vintages + tuple(new), hires=hires, hire_rest=rest, short_of_money=stopped)
