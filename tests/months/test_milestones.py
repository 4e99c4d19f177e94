"""Milestones and the binding constraint."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from typing import Any

import pytest

from renkei.alliance import Alliance
from renkei.alliance.milestones import METRICS, Metric
from renkei.months import milestones
from renkei.months.binding import CONSTRAINTS, bind, days_ahead, root_of_site, root_of_tools
from renkei.months.calendar import day_of, months_of, opened
from renkei.months.construction import Building
from renkei.months.fleet import Fleet, Tool
from renkei.months.metrics import AT_END, COUNTED, DATED, TOOL_DAYS
from renkei.months.milestones import Points, Standing, counted
from renkei.months.orders import purchases

Build = Callable[..., Alliance]


def walk(alliance: Alliance, course: dict[tuple[str, str], list[Points]]) -> dict[str, dt.date]:
    """Milestones reached when metrics show these points month by month."""
    standing = Standing()
    length = max(len(points) for points in course.values())
    for month in months_of(alliance)[:length]:

        def measure(metric: Metric, of: str, index: int = month.index) -> Points:
            points = course.get((metric.value, of), [])
            return points[index] if index < len(points) else []

        standing = milestones.step(standing, alliance, month, measure)
    return dict(standing.reached)


def at_end(alliance: Alliance, values: list[float | None]) -> list[Points]:
    months = months_of(alliance)
    return [[] if value is None else [(months[n].last, value)] for n, value in enumerate(values)]


def only(when: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"m": {"name": "M", "when": when}, **more}


def test_an_exact_metric_is_reached_on_its_day(small: Build) -> None:
    alliance = small(milestones=only({"all": [{"metric": "lots_finished", "of": "Pa", "at_least": 3}]}))
    months = months_of(alliance)
    days = [dt.date(2024, 1, 9), dt.date(2024, 2, 3), dt.date(2024, 2, 17), dt.date(2024, 2, 20)]
    course = {("lots_finished", "Pa"): [counted(days, month) for month in months[:3]]}
    assert walk(alliance, course) == {"m": dt.date(2024, 2, 17)}


def test_other_metrics_are_reached_at_the_months_end(small: Build) -> None:
    alliance = small(milestones=only({"all": [{"metric": "d0", "at_most": 0.5}]}))
    assert walk(alliance, {("d0", ""): at_end(alliance, [None, 0.9, 0.4, 0.8])}) == {"m": dt.date(2024, 3, 31)}
    assert walk(alliance, {("d0", ""): at_end(alliance, [None, 0.9])}) == {}


@pytest.mark.parametrize(
    ("values", "reached"),
    [
        ([10.0, 10.0, 10.0, 0.0], "2024-03-31"),
        ([10.0, 10.0, 0.0, 10.0, 10.0, 10.0], "2024-06-30"),
        ([10.0, 10.0, None, 10.0, 10.0], ""),
        ([0.0, 10.0, 10.0, 0.0], ""),
    ],
)
def test_a_condition_must_hold_without_a_break(small: Build, values: list[float | None], reached: str) -> None:
    alliance = small(milestones=only({"all": [{"metric": "wafers_out", "at_least": 10, "for": "3 months"}]}))
    found = walk(alliance, {("wafers_out", ""): at_end(alliance, values)})
    assert found == ({"m": dt.date.fromisoformat(reached)} if reached else {})


def test_all_need_to_hold_together(small: Build) -> None:
    both = {"all": [{"metric": "lots_finished", "of": "Pa"}, {"metric": "d0", "at_most": 1}]}
    alliance = small(milestones=only(both))
    lots = [counted([dt.date(2024, 1, 5)], month) for month in months_of(alliance)[:4]]
    course = {("lots_finished", "Pa"): lots, ("d0", ""): at_end(alliance, [2, 2, 0.9, 2])}
    assert walk(alliance, course) == {"m": dt.date(2024, 3, 31)}


def test_any_takes_the_first(small: Build) -> None:
    either = {"any": [{"metric": "lots_finished", "of": "Pa"}, {"metric": "d0", "at_most": 1}]}
    alliance = small(milestones=only(either))
    lots = [counted([dt.date(2024, 2, 5)], month) for month in months_of(alliance)[:2]]
    course = {("lots_finished", "Pa"): lots, ("d0", ""): at_end(alliance, [2, 0.5])}
    assert walk(alliance, course) == {"m": dt.date(2024, 2, 5)}


def test_milestones_may_rest_on_milestones_declared_later(small: Build) -> None:
    alliance = small(
        milestones={
            "last": {"name": "L", "when": {"all": [{"metric": "milestone", "of": "first"}]}},
            **only(
                {"all": [{"metric": "d0", "at_most": 1}]}, first={"name": "F", "when": {"all": [{"metric": "cash"}]}}
            ),
        }
    )
    course = {("cash", ""): at_end(alliance, [0, 5]), ("d0", ""): at_end(alliance, [0, 0])}
    found = walk(alliance, course)
    assert found["last"] == found["first"] == dt.date(2024, 2, 29)
    assert found["m"] == dt.date(2024, 1, 31)


def test_what_is_reached_stays_reached(small: Build) -> None:
    alliance = small(milestones=only({"all": [{"metric": "cash", "at_least": 5}]}))
    assert walk(alliance, {("cash", ""): at_end(alliance, [7, 0, 0])}) == {"m": dt.date(2024, 1, 31)}


def test_every_metric_can_be_measured() -> None:
    families = [COUNTED, TOOL_DAYS.keys(), DATED.keys(), AT_END.keys()]
    assert sorted(m for family in families for m in family) == sorted(set(Metric) - {Metric.MILESTONE})
    exact = {metric for metric, info in METRICS.items() if info.exact}
    assert exact - {Metric.MILESTONE} == COUNTED | TOOL_DAYS.keys() | DATED.keys()


def test_gates_open_with_their_last_milestone() -> None:
    reached = {"a": dt.date(2024, 1, 1), "b": dt.date(2024, 3, 1)}
    assert opened((), reached) == dt.date.min
    assert opened(("a", "b"), reached) == dt.date(2024, 3, 1)
    assert opened(("a", "c"), reached) is None


def test_midnight_belongs_to_the_day_that_ends() -> None:
    epoch = dt.date(2024, 1, 1)
    assert [day_of(minute, epoch).day for minute in (0, 1, 1439, 1440, 1441)] == [1, 1, 1, 1, 2]


LIMITS = {"demand": 5.0, "technology": 4.0, "tools": 3.0, "site": 6.0, "people": 7.0, "money": math.inf}


def test_the_smallest_limit_binds() -> None:
    found = bind(LIMITS, {}, "good wafers/month")
    assert (found.constraint, found.limit) == ("tools", "tools")
    assert tuple(found.limits) == CONSTRAINTS
    assert dict(found.limits) == LIMITS


def test_a_slip_counts_for_its_root_cause() -> None:
    found = bind(LIMITS, {"tools": "money"}, "x")
    assert (found.constraint, found.limit) == ("money", "tools")


def test_ties_are_decided_in_order() -> None:
    nothing = dict.fromkeys(LIMITS, 0.0)
    assert bind(nothing, {}, "x").constraint == "money"
    assert bind(nothing | {"money": 9.0}, {}, "x").constraint == "site"
    assert bind(nothing | {"money": 9.0, "site": 1.0}, {}, "x").constraint == "tools"
    assert bind(nothing | {"money": 9.0, "site": 1.0, "tools": 1.0}, {}, "x").constraint == "people"
    late = bind(nothing | {"money": 9.0}, {"technology": "money"}, "x")
    assert (late.constraint, late.limit) == ("money", "technology")


def tool(**fields: Any) -> Tool:
    return Tool("Me-1", 0, 0, True, wanted=dt.date(2024, 1, 1), billed="order", **fields)


def test_the_root_is_what_held_a_tool_up_for_long_enough(small: Build) -> None:
    from renkei.fab.builtin import load_fab

    bought = tuple(item for item in purchases(small(), load_fab("minifab"), {}) if item.group == "Me")
    month = months_of(small())[4]
    near = tool(started_up=dt.date(2024, 5, 31))
    assert days_ahead(near, Fleet(bought, (near,)), month.last) == 10
    for days, root in ((9, "tools"), (10, "money")):
        late = tool(started_up=dt.date(2024, 5, 31), waited={"money": days})
        assert root_of_tools(Fleet(bought, (late,)), month, frozenset({"Me"})) == root
    assert root_of_tools(Fleet(bought, (late,)), month, frozenset({"Mab"})) == "tools"


def test_the_root_of_a_site() -> None:
    building = Building("one", dt.date(2024, 1, 1), length=100, built=70, billed=70, waited={"money": 29})
    assert root_of_site((building,)) == "site"
    late = Building("one", dt.date(2024, 1, 1), length=100, built=70, billed=70, waited={"money": 30})
    assert root_of_site((late,)) == "money"
