"""People of a crew by shift."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from renkei.build.shifts import NO_LIMIT, people_by_shift
from renkei.fab.tools import Crew


def test_shifts_are_read_from_text() -> None:
    assert Crew(crew="c", shifts="6 4; 3,0").shifts == (6, 4, 3, 0)
    assert Crew(crew="c", shifts="6 4 2").average == 4


@pytest.mark.parametrize(
    ("shifts", "average", "people"),
    [
        ((), 5, [5]),
        ((), None, [NO_LIMIT]),
        ((2, 1), None, [NO_LIMIT, NO_LIMIT]),
        ((6, 4, 2), 4, [6, 4, 2]),
        ((6, 4, 2), 6, [9, 6, 3]),
        ((6, 4, 2), 1, [2, 1, 0]),
        ((1, 0, 0), 2, [6, 0, 0]),
        ((0, 0), 3, [3, 3]),
    ],
)
def test_people_are_spread_in_proportion(shifts: tuple[int, ...], average: float | None, people: list[int]) -> None:
    assert people_by_shift(Crew(crew="c", shifts=shifts), average) == people


@given(st.lists(st.integers(0, 50), min_size=1, max_size=21), st.floats(0, 200))
def test_no_one_is_lost(shifts: list[int], average: float) -> None:
    people = people_by_shift(Crew(crew="c", shifts=tuple(shifts)), average)
    assert sum(people) == round(average * len(shifts))
    assert min(people) >= 0


@given(st.lists(st.integers(0, 50), min_size=1, max_size=21))
def test_the_declared_average_gives_the_declared_shifts(shifts: list[int]) -> None:
    crew = Crew(crew="c", shifts=tuple(shifts))
    assert people_by_shift(crew, crew.average) == shifts
