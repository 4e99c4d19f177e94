"""Tools out of use: how many a risk hits, for how long, and what the planner then counts with."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from typing import Any

import pytest

from renkei.alliance.risks import Effects
from renkei.fab.builtin import load_fab
from renkei.months import damage
from renkei.months.calendar import months_of
from renkei.months.fleet import Away, Fleet, fresh_fleet
from renkei.months.orders import purchases
from renkei.months.risks import Occurrence
from tests.months.test_risks import Build

FAB = load_fab("minifab")
DAY = dt.date(2024, 6, 10)


def fleet_of(small: Build, tools: int) -> Fleet:
    """So many qualified tools of Mab and one of Me."""
    alliance = small(equipment__orders__all__tools={"Mab": tools, "Me": 1}, site__phases__one__bays__a__tool_places=99)
    fresh = fresh_fleet(purchases(alliance, FAB, {}))
    return replace(fresh, tools=tuple(replace(tool, qualified=dt.date(2024, 3, 1)) for tool in fresh.tools))


def quake(number: int = 0, **out: Any) -> Occurrence:
    effects = Effects.model_validate({"tools_out": out})
    return Occurrence("quake", number, 0.0, DAY, None, 1.0, 1.0, effects)


def hit(fleet: Fleet) -> set[str]:
    return {tool.id for tool in fleet.tools if tool.away}


def test_the_share_hit_is_the_mean_and_a_larger_share_never_hits_fewer(small: Build) -> None:
    fleet, month = fleet_of(small, 3), months_of(small())[5]
    counts = []
    for number in range(400):
        some, more = (
            hit(damage.struck(fleet, FAB, [quake(number, Mab={"share": share, "time": 2})], month, seed=7))
            for share in (0.4, 0.7)
        )
        assert some <= more
        assert all(name.startswith("Mab") for name in more)
        counts.append(len(some))
    assert set(counts) == {1, 2}
    assert sum(counts) / 400 == pytest.approx(1.2, abs=0.08)


def test_tools_leave_and_come_back_and_the_planner_learns_of_it_a_month_later(small: Build) -> None:
    months = months_of(small())
    fleet = damage.struck(fleet_of(small, 2), FAB, [quake(Mab={"time": 2})], months[5], seed=1)
    assert fleet.qualified(DAY - dt.timedelta(days=1)) == {"Mab": 2, "Me": 1}
    assert fleet.qualified(DAY) == fleet.qualified(dt.date(2024, 8, 9)) == {"Me": 1}
    assert fleet.qualified(dt.date(2024, 8, 10)) == {"Mab": 2, "Me": 1}
    assert [damage.minutes_out(fleet.tools[0], months[index]) / 1440 for index in (4, 5, 6, 7, 8)] == [0, 0, 31, 9, 0]
    start = (DAY - dt.date(2024, 1, 1)).days * 1440
    assert damage.moves(fleet, months[5]).leaves == ((start, "Mab", 2),)
    assert damage.moves(fleet, months[7]).returns == ((start + 61 * 1440, "Mab", 2),)
    assert "Mab" in fleet.first_running(months[5])
    assert "Mab" not in fleet.first_running(months[6])
    assert fleet.first_running(months[7])["Mab"] == dt.date(2024, 8, 10)


def test_what_is_out_is_not_hit_again_and_an_area_means_its_groups(small: Build) -> None:
    month = months_of(small())[5]
    fleet = fleet_of(small, 2)
    away = (Away(dt.date(2024, 5, 1), dt.date(2024, 12, 1)),)
    fleet = replace(fleet, tools=(replace(fleet.tools[0], away=away), *fleet.tools[1:]))
    groups = {name: group.model_copy(update={"area": "hall"}) for name, group in FAB.tool_groups.items()}
    fab = replace(FAB, tool_groups=groups)
    struck = damage.struck(fleet, fab, [quake(hall={"time": 1})], month, seed=1)
    assert [len(tool.away) for tool in struck.tools] == [1, 1, 1]
    assert struck.tools[0].away == away
    other = months_of(small())[6]
    assert damage.struck(fleet, fab, [quake(hall={"time": 1})], other, seed=1) == fleet
