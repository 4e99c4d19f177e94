"""People and the ramp: training that comes too late starves it, and the month says that people bind."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
import pytest

from renkei.alliance import Alliance
from renkei.outcome.future import Future
from renkei.simulate import simulate
from tests.months.conftest import SMALL, changed
from tests.test_simulate import reached, run

EFFORT = {"install": 10, "sl1": 5, "sl2": 5, "recipes": 5, "engineers": 8, "engineers_repeat": 8}
"""Tools that take as many engineers as there are."""


def cohort(role: str, start: str, **terms: Any) -> dict[str, Any]:
    usual = {"role": role, "host": "owner", "seats": 4, "stay": "4 months", "cost": 0, "topics": ["equipment"]}
    return {**usual, "start": start, "pass_rate": 1, **terms}


def trained(start: str, **changes: Any) -> dict[str, Any]:
    """Few engineers who qualify tools slowly unless they have learnt to, and a cohort that learns it."""
    return {
        "workforce__roles__engineer__headcount": 8,
        "workforce__roles__engineer__max_hires": 0,
        "workforce__untrained": {"equipment": 0.2},
        "workforce__cohorts": {"fitters": cohort("engineer", start, seats=8)},
        "site__phases__one__start": "2024-04-01",
        "equipment__installation": EFFORT,
        **changes,
    }


@pytest.fixture(scope="module")
def futures() -> tuple[Future, Future]:
    return run(**trained("2024-01-01")), run(**trained("2025-03-01"))


def qualified(future: Future, day: str) -> int:
    return int((future.tools["qualified"] <= pd.Timestamp(day)).sum())


def test_late_training_leaves_tools_unqualified(futures: tuple[Future, Future]) -> None:
    early, late = futures
    assert qualified(early, "2024-10-01") > qualified(late, "2024-10-01")
    days = [reached(future) for future in futures]
    for name in ("tools-in", "first-silicon"):
        first, second = (day[name] or dt.date.max for day in days)
        assert first < second


def test_late_training_makes_people_the_constraint(futures: tuple[Future, Future]) -> None:
    early, late = futures
    count = [int((future.binding["constraint"] == "people").sum()) for future in (early, late)]
    assert count[1] > count[0]
    waiting = late.binding.set_index("month").loc["2024-11-01"]
    assert waiting["constraint"] == "people"
    lost = [future.tools.loc[future.tools["root"] == "people", "days_lost"].sum() for future in (early, late)]
    assert lost[1] > lost[0]


def test_training_earlier_is_never_later() -> None:
    """Under the same luck, a later return of the same cohort never brings the tools in earlier."""
    days = [
        reached(run(**trained(start, end="2025-12")))["tools-in"] or dt.date.max
        for start in ("2024-01-01", "2024-05-01", "2024-09-01")
    ]
    assert days == sorted(days)
    assert days[0] < days[-1]


def fitted(**changes: Any) -> Future:
    """The small alliance on the real floor, its technicians few."""
    terms = {"workforce__roles__technician__headcount": 9, "workforce__roles__technician__max_hires": 0}
    return simulate(Alliance.model_validate(changed(SMALL, **{"end": "2025-03", **terms, **changes})), seed=3)


def test_untrained_technicians_repair_more_slowly() -> None:
    """On the real floor: fewer posts filled with skill, so tools wait for people longer."""
    untrained = {"workforce__untrained": {"equipment": 0.4}, "workforce__crews__MT1": {"role": "technician"}}
    early = fitted(**untrained, workforce__cohorts={"a": cohort("technician", "2024-01-01", seats=9, stay="3 months")})
    never = fitted(**untrained, workforce__cohorts={})
    people = [future.crews.set_index("month").loc["2024-08":, "people"].mean() for future in (early, never)]  # type: ignore[misc]
    assert people[0] > people[1]
    waits = [future.crews["waited_minutes"].sum() / future.crews["busy_minutes"].sum() for future in (early, never)]
    assert waits[0] < waits[1]


def test_operators_limit_what_is_started() -> None:
    def starts(**operators: Any) -> float:
        role = {"kind": "operator", "headcount": 10, "max_hires": 0, "salary": "4 M JPY/year"}
        change = {"workforce__operators": {"role": "operator", **operators}} if operators else {}
        future = run(workforce__roles__operator=role, end="2025-12", **change)
        return float(future.months["lots_started"].sum())

    free, plenty = starts(), starts(moves_per_hour=100)
    few, fewer = starts(moves_per_hour=0.02), starts(moves_per_hour=0.01)
    assert free == plenty
    assert fewer < few < plenty
    assert starts(moves_per_hour=0.01, automated="50 %") == few


def test_without_operators_people_bind() -> None:
    role = {"kind": "operator", "headcount": 1, "max_hires": 0, "salary": "4 M JPY/year"}
    future = run(
        workforce__roles__operator=role,
        workforce__operators={"role": "operator", "moves_per_hour": 0.01},
        end="2025-06",
    )
    assert future.binding["constraint"].value_counts().index[0] == "people"
