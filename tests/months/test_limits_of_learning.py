"""Which of lots, cycle time and engineers limits learning: each in its turn, and several sources at once."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

from renkei.alliance import Alliance
from renkei.months import analysis, learning, transfer
from renkei.months.analysis import Analysis, DevelopmentLot
from renkei.months.calendar import months_of
from renkei.months.crew import fresh_crew
from renkei.months.learning import Knowledge, Lesson
from renkei.months.transfer import Transfer
from tests.test_simulate import run

Build = Callable[..., Alliance]
DAY = 1440.0


def learnt(alliance: Alliance, lots_a_month: float, cycle_days: float, engineers: float) -> float:
    """Experience after three years of full loops that queue for their analysis."""
    state, known = Analysis(), Knowledge()
    terms, number = alliance.technology.learning, 0
    for month in months_of(alliance):
        spacing = month.minutes / lots_a_month
        ends = np.arange(month.start + spacing / 2, month.end, spacing)
        lots = [
            DevelopmentLot("loops", "full_loop", "Pa", number + n, end - cycle_days * DAY, end, 25)
            for n, end in enumerate(ends.tolist())
            if end >= cycle_days * DAY
        ]
        number += len(lots)
        state, done, _ = analysis.step(state, alliance, month, lots, engineers)
        lessons = [Lesson(item.lot.started, item.known, ("modules", "integration")) for item in done]
        known = learning.step(known, terms, lessons, month.end, False)
    return known.experience


def test_few_lots_limit() -> None:
    """With 3 lots a month, lots are what more of helps; engineers stand idle."""
    alliance = Alliance.model_validate(_small())
    base = learnt(alliance, 3, 60, 30)
    assert learnt(alliance, 6, 60, 30) > 1.3 * base
    assert learnt(alliance, 3, 60, 300) == pytest.approx(base)


def test_few_engineers_limit() -> None:
    """Twelve engineers analyse eight lots a month: more lots only queue."""
    alliance = Alliance.model_validate(_small())
    base = learnt(alliance, 8, 60, 12)
    assert learnt(alliance, 30, 60, 12) <= base
    assert learnt(alliance, 30, 60, 45) > 1.3 * base


def test_long_cycles_limit() -> None:
    """With lots and engineers in plenty, only quicker cycles help: experience goes as the number of generations."""
    alliance = Alliance.model_validate(_small())
    base = learnt(alliance, 100, 90, 300)
    assert learnt(alliance, 200, 90, 300) < 1.08 * base
    assert learnt(alliance, 100, 90, 900) == pytest.approx(base)
    quick = learnt(alliance, 100, 38, 300)
    assert quick / base == pytest.approx((90 + 14) / (38 + 14), rel=0.2)


def test_partners_work_in_parallel_without_double_credit(small: Build) -> None:
    """Programmes add lots to the same generations: together they give more than each, and less than their sum."""

    def gain(*names: str) -> float:
        known = {"ibm": 6, "nstc": 4, "imec": 2}
        terms: dict[str, Any] = {
            name: {"partner": "owner", "start": "2024-01", "lots": known[name], "efficiency": 0.5, "cycle_time": 40}
            for name in names
        }
        alliance = small(technology__programmes=terms)
        state, knowledge, crew = Transfer(), Knowledge(), fresh_crew(alliance)
        for month in months_of(alliance):
            state, _, lessons = transfer.step(state, alliance, crew, month, {}, frozenset(), 1.0, 0)
            knowledge = learning.step(knowledge, alliance.technology.learning, lessons, month.end, False)
        return knowledge.experience

    single = [gain("ibm"), gain("nstc"), gain("imec")]
    assert gain("ibm", "nstc") > max(single)
    assert gain("ibm", "nstc", "imec") > gain("ibm", "nstc")
    assert gain("ibm", "nstc", "imec") < sum(single)


def test_two_demonstrations_of_the_same_count_once(small: Build) -> None:
    one = small().technology.demonstrations["demo"].model_dump(exclude={"id"})
    better = {**one, "experience": 2}

    def level(**shown: Any) -> float:
        alliance = small(technology__demonstrations=shown, workforce__cohorts={})
        state, crew = Transfer(), fresh_crew(alliance)
        for month in months_of(alliance)[:8]:
            state, levels, _ = transfer.step(state, alliance, crew, month, {}, frozenset(), 1.0, 0)
        return levels["modules"]

    assert level(a=one, b=one) == level(a=one) > 0
    assert level(a=one, b=better) == level(b=better) == pytest.approx(2 * level(a=one))


def test_a_derived_node_inherits_what_its_ancestors_leave(small: Build) -> None:
    nodes = {"seven": {}, "five": {"parent": "seven", "shared": 0.6}, "two": {"parent": "five", "shared": 0.5}}
    one = small().technology.demonstrations["demo"].model_dump(exclude={"id"})

    def level(node: str | None, shared: float = 0.5) -> float:
        terms = {**nodes, "two": {"parent": "five", "shared": shared}}
        alliance = small(
            technology__nodes=terms, technology__process="two", workforce__cohorts={},
            technology__demonstrations={"demo": {**one, "node": node} if node else one},
        )  # fmt: skip
        state, crew = Transfer(), fresh_crew(alliance)
        for month in months_of(alliance)[:8]:
            state, levels, _ = transfer.step(state, alliance, crew, month, {}, frozenset(), 1.0, 0)
        return levels["modules"]

    own = level(None)
    assert own == level("two") > 0
    assert level("five") == pytest.approx(0.5 * own)
    assert level("seven") == pytest.approx(0.3 * own)
    assert level("seven", 0.2) < level("seven", 0.9)


def test_a_delay_of_transfer_is_never_earlier(small: Build) -> None:
    def known_by(delay: float) -> list[float]:
        terms = {"partner": "owner", "start": "2024-01", "lots": 8, "efficiency": 0.5, "delay": delay}
        alliance = small(technology__programmes={"joint": terms})
        state, knowledge, course = Transfer(), Knowledge(), []
        for month in months_of(alliance):
            state, _, lessons = transfer.step(state, alliance, fresh_crew(alliance), month, {}, frozenset(), 1.0, 0)
            knowledge = learning.step(knowledge, alliance.technology.learning, lessons, month.end, False)
            course.append(knowledge.experience)
        return course

    soon, late = known_by(1), known_by(9)
    assert all(a >= b for a, b in zip(soon, late, strict=True))
    assert soon[-1] > late[-1]


def test_volume_teaches_and_more_of_it_more() -> None:
    ends = [run(technology__learning__lots_from_volume=share).months["experience"].iloc[-1] for share in (0, 0.1, 0.5)]
    assert ends[0] < ends[1] < ends[2]


def test_a_process_change_resets_a_part_in_the_course() -> None:
    change = {"new": {"after": "kit-out", "loss": 0.3}}
    usual, changed = run(), run(technology__learning__changes=change)
    falls = changed.months["experience"].diff()
    assert (usual.months["experience"].diff().iloc[1:] >= 0).all()
    assert (falls < 0).sum() == 1
    at = falls.idxmin()
    assert changed.months["experience"][at] < 0.8 * usual.months["experience"][at]


def _small() -> dict[str, Any]:
    from tests.months.conftest import SMALL

    return SMALL
