"""Skill: two learning curves, mentors, and what training is worth at the work that needs it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.months.calendar import months_of
from renkei.months.crew import fresh_crew, step
from renkei.months.people import LONG_AGO, Crew, Vintage
from renkei.months.skill import engineer_months, engineers_of, mentored, skill, strength, worth, worth_of_uses

Build = Callable[..., Alliance]
HALF = {"workforce__untrained": {"equipment": 0.5, "process": 0.6, "integration": 0.2}}


def people(*trained: str, there: int = 10, back: int = 0) -> Crew:
    """Veterans without training, and as many as `back` who passed in some topics."""
    topics = frozenset(trained)
    return Crew(
        (Vintage("engineer", LONG_AGO, there), Vintage("engineer", LONG_AGO, back, 1.0, "", topics))  # type: ignore[arg-type]
    )


@pytest.mark.parametrize("curve", ["exponential", "hyperbolic"])
def test_skill_rises_from_the_start_to_one(small: Build, curve: str) -> None:
    role = small(workforce__roles__engineer__learning_curve=curve).workforce.roles["engineer"]
    course = [skill(Vintage("engineer", 0, 1), role, month) for month in range(600)]
    assert course[0] == 0.5
    assert course == sorted(course)
    assert course[-1] == pytest.approx(1, abs=0.02)


def test_hyperbolic_skill_is_half_way_after_its_time(small: Build) -> None:
    role = small(workforce__roles__engineer__learning_curve="hyperbolic").workforce.roles["engineer"]
    assert skill(Vintage("engineer", 0, 1), role, 12) == pytest.approx(0.75)


def test_without_the_clause_training_makes_no_difference(small: Build) -> None:
    assert set(worth_of_uses(people("equipment", back=5), small(), 0).values()) == {1.0}
    assert worth(Vintage("engineer", 0, 1), small(), ("equipment",)) == 1.0


def test_each_topic_serves_its_work(small: Build) -> None:
    alliance = small(**HALF)
    nobody = worth_of_uses(people(), alliance, 0)
    assert nobody == pytest.approx({"holds": 0.6, "qualification": 0.5, "analysis": 0.4, "transfer": 0.4, "pdk": 1.0})
    fitters = worth_of_uses(people("equipment", there=10, back=10), alliance, 0)
    assert fitters == pytest.approx({**nobody, "qualification": 0.75})
    integrators = worth_of_uses(people("integration", there=0, back=10), alliance, 0)
    assert integrators == pytest.approx({**nobody, "analysis": 0.8, "transfer": 0.8})


@given(trained=st.integers(0, 50), more=st.integers(0, 50))
def test_more_trained_people_never_lower_the_worth(trained: int, more: int) -> None:
    from tests.months.conftest import SMALL, changed

    alliance = Alliance.model_validate(changed(SMALL, **HALF))
    less = worth_of_uses(people("equipment", back=trained), alliance, 0)["qualification"]
    assert worth_of_uses(people("equipment", back=trained + more), alliance, 0)["qualification"] >= less - 1e-12


def test_technicians_trained_on_equipment_repair_more(small: Build) -> None:
    alliance = small(**HALF)
    plain = Crew((Vintage("technician", LONG_AGO, 10),))
    taught = Crew((Vintage("technician", LONG_AGO, 10, 0.0, "", frozenset({"equipment"})),))
    found = [strength(crew, alliance, "technician", 0, "", ("equipment",)) for crew in (plain, taught)]
    assert found == pytest.approx([5, 10])


def test_mentors_make_newcomers_learn_faster(small: Build) -> None:
    alliance = small(workforce__mentoring={"gain": 0.5, "learners_per_mentor": 4}, workforce__cohorts={})
    new = Vintage("engineer", 0, 20)
    gained = []
    for mentors in (0, 1, 5, 9):
        state = Crew((new, replace(new, people=mentors, skill=0.9, topics=frozenset({"process"}))))
        for index in range(12):
            state = mentored(state, alliance, index)
        gained.append(next(v.gained for v in state.vintages if not v.topics))
    assert gained == pytest.approx([0, 12 * 0.5 * 4 / 20, 6, 6])
    role = alliance.workforce.roles["engineer"]
    assert skill(replace(new, gained=6.0), role, 12) == skill(new, role, 18)


def test_mentoring_needs_people_who_are_back(small: Build) -> None:
    terms = {"workforce__mentoring": {}, "workforce__roles__engineer__targets": [{"by": "2024-02-28", "people": 80}]}
    with_, without = small(**terms), small(**{**terms, "workforce__mentoring": None})
    months, states = months_of(with_), [fresh_crew(with_), fresh_crew(without)]
    strengths = []
    for month in months[:20]:
        states = [step(s, a, month, 0, True, frozenset(), {}) for s, a in zip(states, (with_, without), strict=True)]
        strengths.append([engineer_months(s, a, month.index) for s, a in zip(states, (with_, without), strict=True)])
    assert strengths[5][0] == strengths[5][1], "the cohort is still away"
    assert all(more >= less for more, less in strengths)
    assert strengths[-1][0] > strengths[-1][1]
    assert states[0].headcount() == states[1].headcount()


def test_engineers_are_counted_by_role(small: Build) -> None:
    alliance = small(
        workforce__roles__designer={"kind": "engineer", "headcount": 7, "max_hires": 0, "salary": 1, "does": ["pdk"]}
    )
    by_role = engineers_of(fresh_crew(alliance), alliance, 0)
    assert by_role == {"engineer": 40, "designer": 7}
    assert engineer_months(fresh_crew(alliance), alliance, 0) == 47
