"""Hiring: the labour market yields what it can, and rivals take their part."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.alliance.workforce import LabourMarket
from renkei.months import crew
from renkei.months.calendar import months_of
from renkei.months.crew import fresh_crew
from renkei.months.hiring import matches
from renkei.months.people import Crew

Build = Callable[..., Alliance]
some = st.floats(0.0, 1e4)


def market(**terms: Any) -> dict[str, Any]:
    return {"island": {"roles": ["engineer"], "pool": 1000, "seeking": "1 %/month", **terms}}


def walk(alliance: Alliance, months: int, may_hire: bool = True) -> list[Crew]:
    state, found = fresh_crew(alliance), []
    for month in months_of(alliance)[:months]:
        state = crew.step(state, alliance, month, 0, may_hire, frozenset(), {})
        found.append(state)
    return found


@given(pool=some, openings=some, rivals=some)
def test_nobody_is_matched_twice(pool: float, openings: float, rivals: float) -> None:
    """Matches here exceed neither seekers nor openings; what rivals get beside them fits as well."""
    terms = LabourMarket.model_validate({"roles": "engineer", "pool": 1, "seeking": 0.02})
    here, there = matches(terms, pool, openings, rivals), matches(terms, pool, rivals, openings)
    assert 0 <= here <= openings + 1e-9
    assert here + there <= pool * 0.02 + 1e-9


@given(pool=some, openings=some, rivals=some, more=some)
def test_more_seekers_help_and_more_rivals_hurt(pool: float, openings: float, rivals: float, more: float) -> None:
    terms = LabourMarket.model_validate({"roles": "engineer", "pool": 1, "seeking": 0.02})
    usual = matches(terms, pool, openings, rivals)
    assert matches(terms, pool + more, openings, rivals) >= usual - 1e-9
    assert matches(terms, pool, openings, rivals + more) <= usual + 1e-9
    assert matches(terms, pool, openings + more, rivals) >= usual - 1e-9


def test_a_wide_market_leaves_recruiting_the_limit(small: Build) -> None:
    wide = small(workforce__markets=market(pool=1_000_000))
    heads = [[state.headcount("engineer") for state in walk(alliance, 12)] for alliance in (wide, small())]
    assert all(abs(one - other) <= 1 for one, other in zip(*heads, strict=True))
    assert heads[0][-1] == heads[1][-1] == 60


def test_a_small_market_and_rivals_slow_hiring(small: Build) -> None:
    target = {"workforce__roles__engineer__targets": [{"by": "2024-01-31", "people": 90}]}
    heads = [
        walk(small(**target, **extra), 12)[-1].headcount("engineer")
        for extra in (
            {},
            {"workforce__markets": market()},
            {"workforce__markets": market(rivals={"chips": {"openings": 20}})},
            {"workforce__markets": market(rivals={"chips": {"openings": 20, "until": "2024-06-30"}})},
        )
    ]
    free, alone, crowded, half = heads
    assert free == 40 + 12 * 3
    assert crowded < half < alone < free


def test_a_pool_runs_dry_unless_people_come(small: Build) -> None:
    target = [{"by": "2024-01-31", "people": 90}]
    dry = small(workforce__markets=market(pool=10, seeking=1), workforce__roles__engineer__targets=target)
    states = walk(dry, 24)
    assert states[-1].headcount("engineer") <= 50
    assert states[-1].headcount("engineer") + states[-1].pools["island"] == pytest.approx(50)
    fed = small(workforce__markets=market(pool=10, seeking=1, inflow=2), workforce__roles__engineer__targets=target)
    assert walk(fed, 24)[-1].headcount("engineer") > states[-1].headcount("engineer")


def test_roles_of_one_market_share_it(small: Build) -> None:
    roles = ["engineer", "technician"]
    alliance = small(
        workforce__markets=market(roles=roles, pool=100, seeking=0.02),
        workforce__roles__engineer__targets=[{"by": "2024-01-31", "people": 90}],
        workforce__roles__technician__targets=[{"by": "2024-01-31", "people": 90}],
    )
    states = walk(alliance, 12)
    hired = sum(state.hires[role] for state in states for role in roles)
    assert 0 < hired <= 12 * 2
    assert hired == pytest.approx(100 - states[-1].pools["island"])
