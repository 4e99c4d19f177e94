"""Learning by experiment: generations, pools, transfer; analysis and its engineers."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from renkei.alliance import Alliance
from renkei.alliance.learning import Learning
from renkei.months import analysis, learning, transfer
from renkei.months.analysis import Analysis, DevelopmentLot
from renkei.months.calendar import months_of
from renkei.months.crew import fresh_crew
from renkei.months.engineers import Pool, share
from renkei.months.learning import Knowledge, Lesson
from renkei.months.people import Returned
from renkei.months.transfer import Transfer

Build = Callable[..., Alliance]
TERMS = Learning.model_validate({"rate": 0.3, "half_lots": 25, "modules": 0.6})
DAY = 1440.0


def stream(lots_a_day: float, cycle_days: float, days: int, pools: tuple[str, ...] = ("integration",)) -> list[Lesson]:
    """Lots started evenly, each known a cycle after its start."""
    starts = np.arange(0, days, 1 / lots_a_day) * DAY
    return [Lesson(float(s), float(s) + cycle_days * DAY, pools) for s in starts]  # type: ignore[arg-type]


def learnt(lessons: list[Lesson], until_days: float, frozen: bool = False, terms: Learning = TERMS) -> Knowledge:
    return learning.step(Knowledge(), terms, lessons, until_days * DAY, frozen)


def test_a_steady_stream_gains_by_the_formula_each_generation() -> None:
    known = learnt(stream(1, 100, 2000), 1500)
    pool = known.pools["integration"]
    assert pool.length == pytest.approx(100 * DAY)
    assert pool.last_lots == pytest.approx(100, abs=1)
    # The first lot alone closes the first generation; then a hundred lots in each hundred days.
    expected = 0.4 * 0.3 * (1 / 26 + 14 * 100 / 125)
    assert pool.generations == 15
    assert pool.experience == pytest.approx(expected, rel=0.01)


def test_more_lots_saturate_and_shorter_cycles_do_not() -> None:
    few, many = learnt(stream(0.25, 100, 1500), 1500), learnt(stream(5, 100, 1500), 1500)
    assert 1.5 < many.experience / few.experience < 2.2
    fast = learnt(stream(5, 50, 1500), 1500)
    assert fast.experience / many.experience == pytest.approx(2, rel=0.1)


def test_lots_started_before_the_last_fix_but_one_only_repeat() -> None:
    first = [Lesson(0.0, 100 * DAY, ("integration",)), *stream(1, 100, 200)]
    late = [Lesson(0.0, (250 + n) * DAY, ("integration",)) for n in range(40)]
    assert learnt(first, 290).experience == learnt([*first, *late], 290).experience


def test_partners_lots_always_count_and_do_not_set_the_pace() -> None:
    own = stream(1, 50, 400, ("modules",))
    partner = [Lesson(n * DAY, (n + 200) * DAY, ("modules",), 0.5, own=False) for n in range(100)]
    both, alone = learnt([*own, *partner], 400), learnt(own, 400)
    assert both.experience > alone.experience
    assert both.pools["modules"].length == pytest.approx(50 * DAY)


def test_without_own_lots_partners_set_the_pace() -> None:
    partner = [Lesson(n * 10 * DAY, (n * 10 + 120) * DAY, ("modules",), 0.5, own=False) for n in range(100)]
    pool = learnt(partner, 1000).pools["modules"]
    assert pool.length == pytest.approx(120 * DAY)
    assert pool.last_lots == pytest.approx(6)
    assert pool.generations == 8  # at day 130, when two half lots make one, then every 120 days


def test_pools_learn_from_their_own_lots() -> None:
    known = learnt(stream(1, 30, 300, ("modules",)), 300)
    assert known.pools["integration"].experience == 0
    assert known.generations == 0
    assert known.pools["modules"].generations > 8
    assert known.at(0) == (0, 0)
    assert known.at(300 * DAY) == (known.experience, 0)


def test_a_frozen_process_learns_slower() -> None:
    lessons = stream(1, 50, 400)
    assert learnt(lessons, 400, frozen=True).experience == pytest.approx(0.7 * learnt(lessons, 400).experience)


def test_steps_may_be_cut_anywhere() -> None:
    lessons = stream(0.7, 45, 600, ("modules", "integration"))
    whole, cut = learnt(lessons, 600), Knowledge()
    for month in range(20):
        since, until = month * 30 * DAY, (month + 1) * 30 * DAY
        cut = learning.step(cut, TERMS, [item for item in lessons if since <= item.started < until], until, False)
    assert cut.experience == pytest.approx(whole.experience)
    assert cut.generations == whole.generations


@settings(max_examples=40, deadline=None)
@given(st.floats(0.1, 5), st.floats(0.1, 5), st.floats(20, 120))
def test_more_lots_never_teach_less(rate: float, more: float, cycle: float) -> None:
    fewer = learnt(stream(rate, cycle, 500), 700).experience
    # A tenth of a generation: where a generation ends differs by a lot or two.
    assert learnt(stream(rate + more, cycle, 500), 700).experience >= fewer - 0.1 * 0.3 * 0.4


def test_what_comes_over_is_not_learnt_again() -> None:
    known = learning.raised(learnt(stream(1, 50, 300, ("modules",)), 300), {"modules": 0.2}, 300 * DAY)
    own = learnt(stream(1, 50, 300, ("modules",)), 300).pools["modules"].experience
    assert known.pools["modules"].experience == pytest.approx(max(own, 0.2))
    assert learning.raised(known, {"modules": 0.1}, 301 * DAY).pools == known.pools


def test_a_process_change_takes_its_share_once() -> None:
    known = learnt(stream(1, 50, 300), 300)
    after = learning.reduced(known, "new", 0.25, ("integration",), 300 * DAY)
    assert after.experience == pytest.approx(0.75 * known.experience)
    assert after.changed == {"new"}
    assert sum(after.at(301 * DAY)) == pytest.approx(after.experience)


def test_analysis_queues_for_engineers(small: Build) -> None:
    alliance = small()
    month = months_of(alliance)[0]
    lots = [DevelopmentLot("loops", "full_loop", "Pa", n, 0.0, n * DAY, 25) for n in range(4)]
    state, known, used = analysis.step(Analysis(), alliance, month, lots, 3.0)
    # 1.5 engineer-months each, 3 a month: the second is done as the month ends.
    assert [round(item.known / DAY) for item in known] == [16, 31]
    assert used == pytest.approx(3.0)
    assert len(state.queue) == 2
    assert analysis.backlog(state, alliance) == pytest.approx(3.0)


def test_analysis_takes_its_time_even_with_many_engineers(small: Build) -> None:
    alliance = small()
    first, second = months_of(alliance)[:2]
    lots = [DevelopmentLot("loops", "full_loop", "Pa", n, 0.0, 20 * DAY, 25) for n in range(3)]
    state, known, _ = analysis.step(Analysis(), alliance, first, lots, 1e6)
    assert known == []
    state, known, _ = analysis.step(state, alliance, second, [], 1e6)
    assert [item.known for item in known] == [34 * DAY] * 3
    assert analysis.backlog(state, alliance) == 0


def test_without_engineers_nothing_is_analysed(small: Build) -> None:
    alliance = small()
    lots = [DevelopmentLot("loops", "full_loop", "Pa", 1, 0.0, DAY, 25)]
    state, known, used = analysis.step(Analysis(), alliance, months_of(alliance)[0], lots, 0.0)
    assert (known, used, len(state.queue)) == ([], 0.0, 1)


@given(st.floats(0, 100), st.lists(st.floats(0, 60), min_size=5, max_size=5))
def test_engineers_are_never_counted_twice(available: float, needs: list[float]) -> None:
    uses = ("holds", "qualification", "analysis", "transfer", "pdk")
    grants = share([Pool(available)], dict(zip(uses, needs, strict=True)), uses)  # type: ignore[arg-type]
    assert sum(grants.granted.values()) + grants.left == pytest.approx(available)
    assert grants.left >= -1e-9
    for use, need in zip(uses, needs, strict=True):
        assert grants.granted[use] <= need  # type: ignore[index]


def test_first_in_priority_is_served_first() -> None:
    grants = share([Pool(10)], {"analysis": 8, "pdk": 8}, ("pdk", "analysis", "holds", "qualification", "transfer"))
    assert (grants.granted["pdk"], grants.granted["analysis"]) == (8, 2)
    assert grants.cover("analysis") == 0.25
    assert grants.cover("transfer") == 1.0


def test_transfer_waits_for_documents_and_people(small: Build) -> None:
    alliance = small(
        technology__demonstrations__demo__by_people=0.4, technology__demonstrations__demo__by_documents=0.3
    )
    shown, months = alliance.technology.demonstrations["demo"], months_of(alliance)
    crew = fresh_crew(alliance)
    assert transfer.efficiency(shown, 2.9, crew, months[6]) == 0
    assert transfer.efficiency(shown, 3.0, crew, months[6]) == 0.3
    back = replace(crew, returned=(Returned("first", dt.date(2024, 8, 1), 2, 2, "demo"),))
    assert transfer.efficiency(shown, 3.0, back, months[9]) == 0.3
    assert transfer.efficiency(shown, 3.0, back, months[10]) == pytest.approx(0.3 + 0.4 * 2 / 3)


def test_unpaid_or_unattended_transfer_stands_still(small: Build) -> None:
    alliance = small()
    month, crew = months_of(alliance)[0], fresh_crew(alliance)
    for unpaid, cover, worked in ((set(), 1.0, 1.0), (set(), 0.5, 0.5), ({"technology.demonstrations.demo"}, 1.0, 0.0)):
        state, _, _ = transfer.step(Transfer(), alliance, crew, month, {}, frozenset(unpaid), cover, 0)
        assert state.worked.get("demo", 0.0) == worked


def test_a_programme_sends_lessons_until_it_ends(small: Build) -> None:
    programme = {"partner": "owner", "start": "2024-02", "lots": 4, "efficiency": 0.5, "survives": 0.5}
    alliance = small(technology__programmes={"joint": programme})
    ended = []
    for seed in range(60):
        state, lessons = Transfer(), 0
        for month in months_of(alliance):
            state, _, found = transfer.step(state, alliance, fresh_crew(alliance), month, {}, frozenset(), 1.0, seed)
            lessons += len(found)
            assert all(item.weight == 2 and not item.own for item in found)
        ended.append(lessons)
    # 35 months, with a half chance to go on at each of two anniversaries.
    assert set(ended) <= {13, 25, 35}
    assert 15 < ended.count(13) < 45


def test_knowledge_of_the_start_is_what_a_lot_carries() -> None:
    known = learnt(stream(1, 50, 300), 300)
    times = [entry[0] for entry in known.history]
    assert times == sorted(times)
    assert math.isclose(sum(known.at(times[-1] - 1)), sum(known.history[-2][1:]))
