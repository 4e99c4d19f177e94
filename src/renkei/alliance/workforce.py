"""Workforce: roles, hiring, cohorts trained at partners, crews, and what engineers are used for."""

from __future__ import annotations

from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from renkei.alliance.base import NOTHING, Gate, Item, Name, Named, Terms, guess
from renkei.units import (
    Date,
    Effort,
    Factor,
    Fraction,
    Lag,
    MoneyPerPersonMonth,
    MoneyPerYear,
    MoneyQ,
    Months,
    Number,
    People,
    PeoplePerMonth,
    PerYear,
    quantity,
)

EngineerUse = Literal["holds", "qualification", "analysis", "transfer", "pdk"]
ENGINEER_USES: tuple[EngineerUse, ...] = get_args(EngineerUse)


class Target(Terms):
    """A headcount to be reached by a day."""

    by: Date
    people: People


class Role(Item):
    """A kind of staff of the manufacturer."""

    kind: Literal["engineer", "technician", "operator", "staff"]
    """Engineers work on technology, qualification and holds, technicians repair and maintain, staff only costs."""
    headcount: People = quantity("People", 0)
    """On the first day, all experienced."""
    targets: tuple[Target, ...] = ()
    """Headcount targets in order of date; the last one is kept. Between them the target moves in a straight line."""
    max_hires: PeoplePerMonth
    """What the market yields at most."""
    hiring_cost: MoneyQ = quantity("MoneyQ", 0)
    """Per hire, paid as payroll."""
    salary: MoneyPerYear
    """Per person, without overhead."""
    overhead: Number = guess("Number", 0.35)
    """Share of the salary that social charges and workplace add."""
    attrition_new: PerYear = guess("PerYear", "10 %/year")
    attrition_veteran: PerYear = guess("PerYear", "4 %/year")
    veteran_after: Months = guess("Months", 24)
    skill_start: Fraction = guess("Fraction", 0.5)
    """Work of a new hire as a share of an experienced one's."""
    skill_months: Months = guess("Months", 12)
    """Time constant of the approach to 1."""

    @model_validator(mode="after")
    def _targets_in_order(self) -> Role:
        dates = [target.by for target in self.targets]
        if dates != sorted(set(dates)):
            raise ValueError("targets must rise in date, each date once")
        return self


class Cohort(Item):
    """People sent to a partner's site to learn, and back."""

    role: Name
    """Role whose people go; fewer go when fewer are there."""
    host: Name
    """Partner that trains them; in another country than the fab they count as trained abroad."""
    seats: People
    start: Date
    after: Gate = ()
    delay: Lag = quantity("Lag", 0)
    """Visa, language, travel before the stay begins."""
    stay: Months
    pass_rate: Fraction = guess("Fraction", 0.95)
    """Share that comes back able; the others come back as they went."""
    skill_after: Fraction = guess("Fraction", 0.9)
    """Skill of those who pass, at least."""
    cost: MoneyPerPersonMonth
    """Paid as training, salaries go on."""
    topics: tuple[Literal["process", "equipment", "integration", "design"], ...] = ("process",)
    transfers: Name | None = None
    """Demonstrated process (technology.demonstrations) whose knowledge the returned carry."""
    working: Fraction = guess("Fraction", 0)
    """Share of their time that serves the alliance's own development while they are away."""


class Crew(Item):
    """Which staff fill a crew that the fab names (crews.csv); the identifier is the fab's crew name."""

    role: Name
    share: Fraction = quantity("Fraction", 1)
    """Share of the role's present people in this crew; the shares of one role sum to 1 at most."""
    people_per_post: Factor = quantity("Factor", 4.4, "168 h a week / (40 h less leave, training, handover)", "medium")
    """Staff for one post manned round the clock; 1 for a day crew."""


class EngineerBudget(Terms):
    """What engineers' months are spent on; nobody is counted twice in a month."""

    priority: tuple[EngineerUse, ...] = ENGINEER_USES
    """Who is served first when engineers are few; each use once."""
    hold: Effort = guess("Effort", 0.02)
    """Per engineering hold on a lot (24 h elapsed, part of them work)."""
    analysis_full_loop: Effort = guess("Effort", 1.5)
    """Per analysed full-loop or pilot lot."""
    analysis_short_loop: Effort = guess("Effort", 0.3)
    """Per analysed short-loop lot."""
    transfer: Effort = guess("Effort", 10)
    """Per month and demonstrated process, as long as its transfer lasts."""

    @model_validator(mode="after")
    def _each_once(self) -> EngineerBudget:
        if sorted(self.priority) != sorted(ENGINEER_USES):
            raise ValueError(f"priority must name each of {', '.join(ENGINEER_USES)} once")
        return self


class Workforce(Terms):
    """The manufacturer's people."""

    employer: Name
    """Partner that employs them."""
    roles: Annotated[Named[Role], Field(min_length=1)]
    cohorts: Named[Cohort] = NOTHING
    crews: Named[Crew] = NOTHING
    """By the fab's crew name: the crews that these people fill; any other crew has what the fab declares."""
    engineers: EngineerBudget = EngineerBudget()
    tools_per_technician: Number = guess("Number", 7)
    """Rule of thumb for the planned need: tools that one technician on duty looks after."""
    automation: Factor = guess("Factor", 1)
    """People needed for repair, maintenance and operation as a share of the usual."""
