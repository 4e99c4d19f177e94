"""Skill: how much of an experienced person's work the people there do, by months of practice, training and mentors."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from renkei.alliance import Alliance
from renkei.alliance.workforce import ENGINEER_USES, TOPICS_OF, EngineerUse, Role, Topic
from renkei.months.people import Crew, Vintage


def skill(vintage: Vintage, role: Role, index: int) -> float:
    """Return one person's work as a share of an experienced one's after t months of practice, at least as trained.

    Exponential, 1 − (1 − s)·e^(−t/T): the time-constant curve of Bevis, Finniear and Towill (Int. J. Prod. Res. 8,
    1970). Hyperbolic, s + (1 − s)·t/(t + T): Thurstone's learning curve (Psychol. Monogr. 26, 1919; Mazur and Hastie,
    Psychol. Bull. 85, 1978). s: skill of a new hire, T: `skill_months`.
    """
    months = max(index - vintage.hired, 0) + vintage.gained
    start, constant = float(role.skill_start), float(role.skill_months)
    if role.learning_curve == "hyperbolic":
        learnt = start + (1 - start) * months / (months + constant)
    else:
        learnt = 1 - (1 - start) * math.exp(-months / constant)
    return max(learnt, vintage.skill)


def worth(vintage: Vintage, alliance: Alliance, topics: Sequence[Topic]) -> float:
    """Return what a person's hour counts at work that needs some topics: the mean of 1 for each learnt at a host and
    `untrained` for each other; 1 where nothing is needed."""
    untrained = alliance.workforce.untrained
    if not untrained or not topics:
        return 1.0
    parts = [1.0 if topic in vintage.topics else float(untrained.get(topic, 1.0)) for topic in topics]
    return sum(parts) / len(parts)


def strength(
    crew: Crew, alliance: Alliance, kind: str, index: int, role: str = "", topics: Sequence[Topic] = ()
) -> float:
    """Return the present people of a kind (or one role of it) in experienced persons at work that needs `topics`."""
    roles = alliance.workforce.roles
    return sum(
        v.people * skill(v, roles[v.role], index) * worth(v, alliance, topics)
        for v in crew.vintages
        if not v.cohort and roles[v.role].kind == kind and (not role or v.role == role)
    )


def engineers_of(crew: Crew, alliance: Alliance, index: int) -> dict[str, float]:
    """Return the month's engineer-months by role: present engineers by skill, and what those away do for the
    alliance."""
    roles, cohorts = alliance.workforce.roles, alliance.workforce.cohorts
    months = {role.id: 0.0 for role in roles.values() if role.kind == "engineer"}
    for v in crew.vintages:
        if v.role in months:
            share = float(cohorts[v.cohort].working) if v.cohort else 1.0
            months[v.role] += v.people * skill(v, roles[v.role], index) * share
    return months


def engineer_months(crew: Crew, alliance: Alliance, index: int) -> float:
    """Return the month's engineer-months of all roles."""
    return sum(engineers_of(crew, alliance, index).values())


def worth_of_uses(crew: Crew, alliance: Alliance, index: int) -> Mapping[EngineerUse, float]:
    """Return by use what an engineer-month there counts: the mean over those who do it, by their training.

    A use's work is spread over all who do it; nobody picks the trained ones for it, which is the cautious side.
    """
    roles, found = alliance.workforce.roles, {}
    for use in ENGINEER_USES:
        total = able = 0.0
        for v in crew.vintages:
            if roles[v.role].kind == "engineer" and use in roles[v.role].does and not v.cohort:
                months = v.people * skill(v, roles[v.role], index)
                total += months
                able += months * worth(v, alliance, TOPICS_OF[use])
        found[use] = able / total if total > 0 else 1.0
    return found


def mentored(crew: Crew, alliance: Alliance, index: int) -> Crew:
    """Return the crew after a month beside those who are back from training.

    Practice of people who are not yet veterans grows by 1 + gain · min(1, mentors · k / learners) months a month, k
    `learners_per_mentor`, each role by itself. Learning from more able colleagues: Jarosch, Oberfield and
    Rossi-Hansberg (Econometrica 89, 2021); the size is the file's guess.
    """
    terms = alliance.workforce.mentoring
    if terms is None:
        return crew
    faster = {}
    for role in alliance.workforce.roles.values():
        there = [v for v in crew.vintages if v.role == role.id and not v.cohort]
        mentors = sum(v.people for v in there if v.mentor)
        learners = sum(v.people for v in there if _learns(v, role, index))
        covered = min(1.0, mentors * float(terms.learners_per_mentor) / learners) if learners else 0.0
        faster[role.id] = float(terms.gain) * covered
    roles = alliance.workforce.roles
    vintages = tuple(
        replace(v, gained=v.gained + faster[v.role]) if not v.cohort and _learns(v, roles[v.role], index) else v
        for v in crew.vintages
    )
    return replace(crew, vintages=vintages)


def _learns(vintage: Vintage, role: Role, index: int) -> bool:
    return not vintage.mentor and index - vintage.hired < float(role.veteran_after)
