"""Workforce: roles, labour markets, cohorts trained at partners, crews, operators, and what engineers are used for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, Literal, get_args

from pydantic import Field, model_validator

from renkei.alliance.base import NOTHING, Gate, Item, Name, Named, Names, Terms, guess
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
    PerMonth,
    PerYear,
    quantity,
)

EngineerUse = Literal["holds", "qualification", "analysis", "transfer", "pdk"]
ENGINEER_USES: tuple[EngineerUse, ...] = get_args(EngineerUse)
Topic = Literal["process", "equipment", "integration", "design"]
TOPICS_OF: Mapping[EngineerUse, tuple[Topic, ...]] = {
    "holds": ("process",),
    "qualification": ("equipment",),
    "analysis": ("process", "integration"),
    "transfer": ("process", "integration"),
    "pdk": ("design",),
}
"""What somebody must have learnt to do a use's work as well as those who developed it."""
REPAIR_TOPICS: tuple[Topic, ...] = ("equipment",)
"""The same for technicians at repair and maintenance."""


class Target(Terms):
    """A headcount to be reached by a day."""

    by: Date
    people: People


class Role(Item):
    """A kind of staff of the manufacturer."""

    kind: Literal["engineer", "technician", "operator", "staff"]
    """Engineers do what `does` says, technicians repair and maintain, operators move lots (`operators`), staff only
    costs."""
    does: tuple[EngineerUse, ...] = ENGINEER_USES
    """What engineers of this role are used for: process engineers holds, qualification, analysis and transfer, design
    enablement the design kits; all of it, unless said otherwise."""
    headcount: People = quantity("People", 0)
    """On the first day, all experienced."""
    targets: tuple[Target, ...] = ()
    """Headcount targets in order of date; the last one is kept. Between them the target moves in a straight line."""
    max_hires: PeoplePerMonth
    """What the employer's recruiting can take on at most; `markets` may yield less."""
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
    learning_curve: Literal["exponential", "hyperbolic"] = "exponential"
    """Exponential: 1 − (1 − start)·e^(−t/T); hyperbolic: start + (1 − start)·t/(t + T), quick first, slow at the
    end."""

    @model_validator(mode="after")
    def _targets_in_order(self) -> Role:
        dates = [target.by for target in self.targets]
        if dates != sorted(set(dates)):
            raise ValueError("targets must rise in date, each date once")
        return self

    @model_validator(mode="after")
    def _engineers_do(self) -> Role:
        if self.kind != "engineer" and self.does != ENGINEER_USES:
            raise ValueError(f"`does` belongs to engineers; this role's kind is {self.kind}")
        if len(set(self.does)) != len(self.does):
            raise ValueError("does must name each use once")
        return self


class Rival(Item):
    """Another employer of the region that looks for the same people."""

    openings: PeoplePerMonth
    start: Date | None = None
    until: Date | None = None


class LabourMarket(Item):
    """People of a region who could fill some roles; hiring above `max_hires` and above what it yields is impossible.

    Of the pool, `seeking` look for work in a month: U. For V openings here and C at rivals, U · (1 − e^(−(V + C)/U))
    matches come about (urn-ball matching), V/(V + C) of them here.
    """

    region: str = ""
    roles: Annotated[Names, Field(min_length=1)]
    """Roles that these people can fill, in one market each."""
    pool: People
    """Able people in reach on the first day; who is hired leaves it."""
    seeking: PerMonth = guess("PerMonth", "1 %/month")
    """Share of the pool that looks for a new employer in a month."""
    inflow: PeoplePerMonth = quantity("PeoplePerMonth", 0)
    """Graduates and people who move to the region."""
    rivals: Named[Rival] = NOTHING


class Host(Item):
    """A partner's place where cohorts learn; a cohort that finds no place waits until others have gone home."""

    partner: Name
    seats: People
    """Trainees at the same time."""
    trainers: People | None = None
    """The partner's people who teach; None: enough."""
    trainees_per_trainer: Factor = guess("Factor", 5)


class Mentoring(Terms):
    """People back from training teach those at home: their skill grows up to 1 + `gain` times as fast."""

    gain: Fraction = guess("Fraction", 0.5)
    learners_per_mentor: Factor = guess("Factor", 4)
    """People not yet veterans that one returned person of their role takes along."""


class Cohort(Item):
    """People sent to a partner's site to learn, and back."""

    role: Name
    """Role whose people go; fewer go when fewer are there."""
    host: Name
    """Partner that trains them; in another country than the fab they count as trained abroad."""
    place: Name | None = None
    """The host's place (`hosts`), whose seats are shared with other cohorts; None: as many places as needed."""
    seats: People
    start: Date
    after: Gate = ()
    delay: Lag = quantity("Lag", 0)
    """Preparation and travel before the stay begins."""
    visa: Lag = quantity("Lag", 0)
    """After `start` too, beside the language course."""
    language: Lag = quantity("Lag", 0)
    """Course before the stay; the stay begins `delay` after the longer of the two."""
    stay: Months
    pass_rate: Fraction = guess("Fraction", 0.95)
    """Share that comes back able; the others come back as they went."""
    skill_after: Fraction = guess("Fraction", 0.9)
    """Skill of those who pass, at least."""
    cost: MoneyPerPersonMonth
    """Paid as training, salaries go on."""
    topics: tuple[Topic, ...] = ("process",)
    """What they learn: work that needs it is done at full worth by those who passed (`untrained`)."""
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


class Operators(Terms):
    """People who bring lots to tools and load them; starts are cut to the moves they can handle."""

    role: Name
    moves_per_hour: Factor = guess("Factor", 12)
    """Loadings that one operator on duty handles."""
    automated: Fraction = quantity("Fraction", 0)
    """Share of moves that transport systems and load ports handle."""
    people_per_post: Factor = quantity("Factor", 4.4, "168 h a week / (40 h less leave, training, handover)", "medium")


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
    markets: Named[LabourMarket] = NOTHING
    hosts: Named[Host] = NOTHING
    cohorts: Named[Cohort] = NOTHING
    mentoring: Mentoring | None = None
    untrained: Mapping[Topic, Fraction] = NOTHING
    """By topic: what work that needs it is worth when done by somebody without that training; topics left out: as much
    as anybody's. Engineers: process for holds, process and integration for analysis and transfer, equipment for
    qualification, design for design kits; technicians: equipment for repair and maintenance."""
    crews: Named[Crew] = NOTHING
    """By the fab's crew name: the crews that these people fill; any other crew has what the fab declares."""
    operators: Operators | None = None
    engineers: EngineerBudget = EngineerBudget()
    tools_per_technician: Number = guess("Number", 7)
    """Rule of thumb for the planned need: tools that one technician on duty looks after."""
    automation: Factor = guess("Factor", 1)
    """People needed for repair, maintenance and operation as a share of the usual."""
