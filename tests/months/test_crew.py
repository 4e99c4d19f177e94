"""People: hired, trained, back, never counted twice; payroll never slips."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import replace

import pytest

from renkei.alliance import Alliance
from renkei.months import cohorts, crew, hiring, skill
from renkei.months.calendar import months_of
from renkei.months.crew import fresh_crew
from renkei.months.people import Crew, Vintage

Build = Callable[..., Alliance]
NOBODY: frozenset[str] = frozenset()


def walk(alliance: Alliance, months: int, may_hire: bool = True, unpaid: frozenset[str] = NOBODY) -> list[Crew]:
    state, found = fresh_crew(alliance), []
    for month in months_of(alliance)[:months]:
        state = crew.step(state, alliance, month, 0, may_hire, unpaid, {})
        found.append(state)
    return found


def test_targets_move_in_straight_lines(small: Build) -> None:
    alliance = small()
    role = alliance.workforce.roles["engineer"]
    days = [dt.date(2024, 1, 1), dt.date(2024, 7, 1), dt.date(2024, 12, 31), dt.date(2026, 1, 1)]
    assert [round(hiring.target(role, alliance, day)) for day in days] == [40, 50, 60, 60]


def test_hiring_is_limited_by_the_market(small: Build) -> None:
    states = walk(small(workforce__roles__engineer__max_hires=1.5), 4)
    assert [state.headcount("engineer") for state in states] == [41, 43, 44, 46]


def test_hiring_stops_without_money(small: Build) -> None:
    state = walk(small(), 3, may_hire=False)[-1]
    assert state.headcount("engineer") == 40
    assert state.short_of_money


def test_a_cohort_goes_stays_and_returns_with_skill(small: Build) -> None:
    alliance = small(workforce__roles__engineer__skill_start=0.5)
    states = walk(alliance, 12)
    assert [state.away for state in states] == [0, 3, 3, 3, 3, 3, 0, 0, 0, 0, 0, 0]
    back = states[6].returned[0]
    assert (back.people, back.passed, back.transfers) == (3, 3, "demo")
    assert abs((back.date - dt.date(2024, 7, 31)).days) <= 1
    newest = [v for v in states[7].vintages if v.skill > 0]
    assert sum(v.people for v in newest) == 3
    assert cohorts.abroad(alliance, alliance.workforce.cohorts["first"])


def test_nobody_is_here_and_away(small: Build) -> None:
    for state in walk(small(workforce__roles__engineer__attrition_new="20 %/year"), 24):
        assert state.present("engineer") + state.away == state.headcount("engineer")
        assert min((v.people for v in state.vintages), default=0) > 0


def test_unpaid_training_makes_the_return_later(small: Build) -> None:
    late = walk(small(), 12, unpaid=frozenset({"workforce.cohorts.first"}))[-1]
    assert (late.away, late.back()) == (3, 0)


def test_fewer_go_when_fewer_are_there(small: Build) -> None:
    state = walk(small(workforce__roles__engineer__headcount=2, workforce__roles__engineer__max_hires=0), 3)[-1]
    assert state.away == 2


def test_training_is_billed_by_person_and_day(small: Build) -> None:
    alliance = small(workforce__cohorts__first__start="2024-01-01", workforce__cohorts__first__stay="2 months")
    months, state, total = months_of(alliance), fresh_crew(alliance), 0.0
    for month in months[:6]:
        total += sum(float(due.amount) for due in crew.bill(state, alliance, month) if due.cost == "training")
        state = crew.step(state, alliance, month, 0, False, NOBODY, {})
    assert total == pytest.approx(3 * 2e6 * 60 / 30.4375)


def test_working_abroad_counts_as_the_share_declared(small: Build) -> None:
    alliance = small(workforce__cohorts__first__working=0.3, workforce__roles__engineer__max_hires=0)
    states = walk(alliance, 3)
    assert skill.engineer_months(states[0], alliance, 0) == pytest.approx(40)
    assert skill.engineer_months(states[2], alliance, 2) == pytest.approx(37 + 3 * 0.3)


def test_skill_approaches_one(small: Build) -> None:
    role = small().workforce.roles["engineer"]
    new = Vintage("engineer", 0, 1)
    assert skill.skill(new, role, 0) == 0.5
    assert skill.skill(new, role, 12) == pytest.approx(1 - 0.5 / 2.718281828)
    assert skill.skill(replace(new, skill=0.9), role, 0) == 0.9


def test_attrition_has_its_rate(small: Build) -> None:
    alliance = small(
        workforce__roles__engineer__headcount=1000,
        workforce__roles__engineer__attrition_veteran="12 %/year",
        workforce__roles__engineer__max_hires=0,
        workforce__cohorts={},
    )
    assert walk(alliance, 12)[-1].headcount("engineer") == pytest.approx(1000 * 0.99**12, abs=6)


def test_new_hires_leave_sooner_than_veterans(small: Build) -> None:
    """Two years on, newcomers leave at the veterans' rate."""
    alliance = small(
        workforce__roles__engineer__attrition_new="24 %/year",
        workforce__roles__engineer__attrition_veteran="6 %/year",
        workforce__roles__engineer__targets=[],
        workforce__roles__engineer__max_hires=0,
        workforce__cohorts={},
    )
    state = Crew((Vintage("engineer", 0, 10_000), Vintage("engineer", -60, 10_000)))
    counts = []
    for month in months_of(alliance):
        counts.append([sum(v.people for v in state.vintages if v.hired == hired) for hired in (0, -60)])
        state = crew.step(state, alliance, month, 0, False, NOBODY, {})
    new, old = ([counts[at + 1][n] / counts[at][n] for at in range(35)] for n in (0, 1))
    assert new[:24] == pytest.approx([0.98] * 24, abs=2e-3)
    assert new[25:] == pytest.approx([0.995] * 10, abs=2e-3)
    assert old == pytest.approx([0.995] * 35, abs=2e-3)


def test_headcount_falls_until_payroll_is_covered(small: Build) -> None:
    alliance = small()
    month, state = months_of(alliance)[0], fresh_crew(alliance)
    wages = crew.monthly_payroll(state, alliance, month)
    assert crew.laid_off(state, alliance, month, wages + 1).headcount() == state.headcount()
    half = crew.laid_off(state, alliance, month, wages // 2)
    assert half.short_of_money
    assert crew.monthly_payroll(half, alliance, month) <= wages // 2
    assert half.headcount() == 25
    assert crew.laid_off(state, alliance, month, 0).headcount() == 0
