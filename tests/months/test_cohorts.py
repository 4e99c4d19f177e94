"""Cohorts: a host's places are shared, papers take their time, and who comes back knows what was taught."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import pytest

from renkei.alliance import Alliance
from renkei.alliance.workforce import Host
from renkei.months import crew
from renkei.months.calendar import months_of
from renkei.months.cohorts import places
from renkei.months.crew import fresh_crew
from renkei.months.people import Crew

Build = Callable[..., Alliance]


def walk(alliance: Alliance, months: int) -> list[Crew]:
    state, found = fresh_crew(alliance), []
    for month in months_of(alliance)[:months]:
        state = crew.step(state, alliance, month, 0, True, frozenset(), {})
        found.append(state)
    return found


def two(**terms: Any) -> dict[str, Any]:
    """Two cohorts for the same place, the second a month after the first."""
    usual = {"role": "engineer", "host": "owner", "seats": 6, "stay": "4 months", "cost": 0, "place": "lab"}
    return {"a": {**usual, "start": "2024-02-01"}, "b": {**usual, "start": "2024-03-01", **terms}}


def lab(**terms: Any) -> dict[str, Any]:
    return {"lab": {"partner": "owner", **terms}}


@pytest.mark.parametrize(
    ("terms", "there"), [({"seats": 9}, 9), ({"seats": 9, "trainers": 2}, 9), ({"seats": 20, "trainers": 2}, 10)]
)
def test_a_host_takes_what_seats_and_trainers_allow(terms: dict[str, Any], there: int) -> None:
    assert places(Host.model_validate({"partner": "owner", **terms})) == there


def test_cohorts_share_a_place_if_there_is_room(small: Build) -> None:
    states = walk(small(workforce__hosts=lab(seats=12), workforce__cohorts=two()), 4)
    assert [state.away for state in states] == [0, 6, 12, 12]
    assert not any(state.waiting for state in states)


@pytest.mark.parametrize("host", [{"seats": 6}, {"seats": 100, "trainers": 2, "trainees_per_trainer": 4}])
def test_a_cohort_without_a_place_waits_for_the_one_before(small: Build, host: dict[str, Any]) -> None:
    states = walk(small(workforce__hosts=lab(**host), workforce__cohorts=two()), 12)
    assert [state.away for state in states] == [0, 6, 6, 6, 6, 6, 6, 6, 0, 0, 0, 0]
    assert [sorted(state.waiting) for state in states[1:5]] == [[], ["b"], ["b"], []]
    first, second = states[-1].returned
    stay = next(stay for stay in states[6].stays if stay.cohort == "b")
    assert first.date <= stay.left
    assert stay.planned == dt.date(2024, 3, 1)
    assert (second.cohort, second.people) == ("b", 6)


def test_a_place_is_never_overfull_and_more_seats_are_never_later(small: Build) -> None:
    many = {
        f"c{n}": {
            "role": "engineer", "host": "owner", "seats": 4, "stay": "3 months", "cost": 0, "place": "lab",
            "start": f"2024-0{1 + n}",
        }
        for n in range(6)
    }  # fmt: skip
    ends = []
    for seats in (4, 8, 12):
        states = walk(small(workforce__hosts=lab(seats=seats), workforce__cohorts=many), 30)
        assert max(state.away for state in states) <= seats
        assert states[-1].back() == 24
        ends.append(max(r.date for r in states[-1].returned))
    assert ends == sorted(ends, reverse=True)
    assert ends[0] > ends[-1]


def test_a_cohort_larger_than_its_host_goes_as_far_as_there_are_seats(small: Build) -> None:
    states = walk(small(workforce__hosts=lab(seats=4), workforce__cohorts={"a": two()["a"]}), 3)
    assert states[-1].away == 4


def test_a_host_without_places_takes_nobody(small: Build) -> None:
    states = walk(small(workforce__hosts=lab(seats=9, trainers=0), workforce__cohorts=two()), 6)
    assert {state.away for state in states} == {0}
    assert states[-1].waiting == {"a", "b"}


def test_nobody_overtakes_at_a_full_place(small: Build) -> None:
    cohorts = {**two(), "c": {**two()["b"], "seats": 1, "start": "2024-04-01"}}
    states = walk(small(workforce__hosts=lab(seats=7), workforce__cohorts=cohorts), 6)
    assert states[3].waiting == {"b", "c"}
    assert states[4].gone == {"a", "b", "c"}


@pytest.mark.parametrize(
    ("terms", "month"),
    [({}, 2), ({"visa": 2}, 4), ({"language": 3}, 5), ({"visa": 2, "language": 3}, 5), ({"delay": 1, "visa": 2}, 5)],
)
def test_papers_and_language_take_their_time(small: Build, terms: dict[str, Any], month: int) -> None:
    cohort = {**two(**terms)["b"], "start": "2024-02-01"}
    states = walk(small(workforce__hosts=lab(seats=9), workforce__cohorts={"b": cohort}), 9)
    assert [state.away > 0 for state in states].index(True) == month - 1


def test_those_who_passed_know_the_topics(small: Build) -> None:
    cohort = {**two(topics=["equipment", "design"], pass_rate=0.5)["b"]}
    state = walk(small(workforce__hosts=lab(seats=9), workforce__cohorts={"b": cohort}), 12)[-1]
    taught = sum(v.people for v in state.vintages if v.topics == {"equipment", "design"})
    assert (taught, state.returned[0].passed, state.returned[0].people) == (3, 3, 6)
