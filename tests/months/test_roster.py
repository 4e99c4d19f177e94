"""The roster: people on duty by crew, the makers' field engineers beside them, loadings by operators."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.fab.builtin import load_fab
from renkei.fab.tools import Crew
from renkei.months import roster
from renkei.months.engineers import Pool, share
from renkei.months.scene import Scene, scene_of
from renkei.months.world import World, fresh_world

Build = Callable[..., Alliance]
NOBODY: frozenset[str] = frozenset()
GRANTS = share([Pool(10)], {}, ("holds", "qualification", "analysis", "transfer", "pdk"))


def set_up(small: Build, docked: dt.date | None = None, **changes: Any) -> tuple[World, Scene]:
    """The first day; with `docked`, all tools came in and were qualified on that day."""
    scene = scene_of(small(**changes), 0, load_fab)
    world = fresh_world(scene)
    if docked is not None:
        tools = tuple(replace(tool, docked=docked, installed=docked, qualified=docked) for tool in world.fleet.tools)
        world.fleet = replace(world.fleet, tools=tools)
    return world, scene


def people(small: Build, month: int = 6, **changes: Any) -> int | None:
    world, scene = set_up(small, dt.date(2024, 3, 1), **changes)
    return roster.crews(world, scene, scene.months[month], GRANTS, NOBODY)["MT1"]


def service(**terms: Any) -> dict[str, Any]:
    return {"field": {"share": 1, "cost": 0, **terms}}


def test_posts_are_people_by_share_and_shift(small: Build) -> None:
    technicians = {"workforce__roles__technician__headcount": 44}
    assert people(small, **technicians) == 10
    assert people(small, **technicians, workforce__crews={"MT1": {"role": "technician", "share": 0.5}}) == 5
    assert people(small, **technicians, workforce__crews={"MT1": {"role": "technician", "people_per_post": 1}}) == 44


def test_automation_needs_fewer_people(small: Build) -> None:
    found = [people(small, workforce__roles__technician__headcount=44, workforce__automation=a) for a in (1, 0.5)]
    assert found == [10, 20]


def test_field_engineers_come_when_they_may_enter(small: Build) -> None:
    """The tools came in on 1 March 2024, the fourth month's first day after visas of three months is in June."""
    usual = {"workforce__roles__technician__headcount": 44, "workforce__tools_per_technician": 1}
    own = people(small, **usual)
    assert own == 10
    with_ = [people(small, month, **usual, equipment__services=service(visa=3)) for month in range(2, 8)]
    assert with_ == [10, 10, 10, 15, 15, 15]
    begun = [
        people(small, month, **usual, equipment__services=service(visa=3, start="2024-02-01")) for month in range(2, 8)
    ]
    assert begun == [10, 10, 15, 15, 15, 15]


def test_interpreters_make_field_engineers_worth_less(small: Build) -> None:
    usual = {"workforce__roles__technician__headcount": 44, "workforce__tools_per_technician": 0.5}
    found = [people(small, **usual, equipment__services=service(language=share)) for share in (1, 0.5, 0)]
    assert found == [20, 15, 10]


def test_operators_handle_so_many_loadings(small: Build) -> None:
    role = {"kind": "operator", "headcount": 44, "max_hires": 0, "salary": 0}
    terms = {"role": "operator", "moves_per_hour": 12}
    world, scene = set_up(small, workforce__roles__operator=role, workforce__operators=terms)
    june = scene.months[5]
    assert roster.moves(world, scene, june) == pytest.approx(10 * 12 * 24 * 30)
    half = {**terms, "automated": 0.5}
    world, scene = set_up(small, workforce__roles__operator=role, workforce__operators=half)
    assert roster.moves(world, scene, june) == pytest.approx(2 * 10 * 12 * 24 * 30)
    world, scene = set_up(small, workforce__roles__operator=role, workforce__operators={**terms, "automated": 1})
    assert roster.moves(world, scene, june) == math.inf
    assert roster.moves(*set_up(small), june) == math.inf


def test_a_fab_with_crews_by_area_gets_them_by_area(small: Build) -> None:
    """Two crews that the fab names, from one role by share; each area waits for its own people only."""
    fab = load_fab("minifab")
    groups = {
        name: group.model_copy(update={"repair_crew": "litho" if group.area == "Litho" else "rest"})
        for name, group in fab.tool_groups.items()
    }
    crews = {name: Crew(crew=name) for name in ("litho", "rest", "unclaimed")}
    fab = replace(fab, tool_groups=groups, crews=crews)
    terms = {"litho": {"role": "technician", "share": 0.25}, "rest": {"role": "technician", "share": 0.75}}
    service_ = service(share=1)
    usual = {"workforce__roles__technician__headcount": 88, "workforce__crews": terms}
    counts = []
    for more in ({}, {"equipment__services": service_, "workforce__tools_per_technician": 1}):
        scene = scene_of(small(**usual, **more), 0, lambda *_: fab)
        day = dt.date(2024, 3, 1)
        world = fresh_world(scene)
        tools = tuple(replace(tool, docked=day, installed=day, qualified=day) for tool in world.fleet.tools)
        world.fleet = replace(world.fleet, tools=tools)
        counts.append(roster.crews(world, scene, scene.months[6], GRANTS, NOBODY))
    assert counts[0] == {"litho": 5, "rest": 15, "unclaimed": None}
    assert counts[1] == {"litho": 5 + 1, "rest": 15 + 4, "unclaimed": None}, (
        "the makers' people go where their tools are"
    )


@given(posts=st.dictionaries(st.sampled_from("abcdef"), st.floats(0, 50), max_size=6))
def test_whole_posts_keep_their_sum(posts: dict[str, float]) -> None:
    found = roster.whole(posts)
    assert sum(found.values()) == round(sum(posts.values()))
    assert all(abs(found[name] - posts[name]) < 1 + 1e-9 for name in posts)
