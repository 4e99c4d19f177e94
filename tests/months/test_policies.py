"""Planning policies: chase, level, technology first."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from renkei.alliance import Alliance
from renkei.months.factory import Factory
from renkei.outcome.future import Future
from tests.months.test_planning import REACHED, factory, lots, plan
from tests.test_simulate import reached, run

Build = Callable[..., Alliance]
__all__ = ["factory"]
WANTED = {"need": {"Pb": 4000.0}}


def wafers(found: Any) -> float:
    return float(found.product_planned)


def test_chase_is_what_is_done_without_a_policy(small: Build, factory: Factory) -> None:
    named = plan(small(planning__policy="chase"), factory, REACHED, **WANTED)
    assert named == plan(small(), factory, REACHED, **WANTED)


def test_level_starts_its_equal_part_of_what_it_sees(small: Build, factory: Factory) -> None:
    chased = plan(small(), factory, REACHED, need={"Pb": 70.0})
    level = small(planning__policy="level", planning__level_over=6)
    spread = plan(level, factory, REACHED, need={"Pb": 70.0 * 7})
    assert chased.product_wanted == pytest.approx(140)
    assert spread.product_wanted == pytest.approx(140)
    assert plan(level, factory, REACHED, need={"Pb": 70.0}).product_wanted == pytest.approx(20)


def test_a_level_of_no_months_is_chase(small: Build, factory: Factory) -> None:
    level = small(planning__policy="level", planning__level_over=0)
    assert plan(level, factory, REACHED, **WANTED) == plan(small(), factory, REACHED, **WANTED)


@pytest.mark.parametrize("tools", [0.02, 0.1, 0.3, 1.0])
def test_technology_first_gives_hours_to_development(small: Build, factory: Factory, tools: float) -> None:
    few = {**WANTED, "tool_minutes": plan_minutes(small, factory) * tools}
    chased = plan(small(), factory, REACHED, **few)
    first = plan(small(planning__policy="technology_first"), factory, REACHED, **few)
    assert first.development_planned >= chased.development_planned
    assert wafers(first) <= wafers(chased) + 1e-9
    if tools <= 0.02:
        assert sum(lots(first).values()) > 0
        assert first.development_planned > chased.development_planned


def plan_minutes(small: Build, factory: Factory) -> Any:
    from renkei.fab.builtin import load_fab
    from renkei.months.calendar import months_of

    fab = load_fab("minifab")
    return (
        factory.tool_array({g: float(fab.tool_groups[g].tools) for g in factory.groups}) * months_of(small())[6].minutes
    )


def roughness(future: Future) -> float:
    starts = future.months["wafer_starts"].iloc[12:]
    return float(starts.diff().abs().sum() / starts.sum())


def test_level_starts_are_smoother_and_serve_the_same_customers() -> None:
    chased, level = run(), run(planning__policy="level")
    assert roughness(level) < roughness(chased)
    assert level.months["delivered_wafers"].sum() > 0


def test_technology_first_is_never_later_with_the_kit() -> None:
    chased = reached(run())["kit-out"]
    first = reached(run(planning__policy="technology_first"))["kit-out"]
    assert chased is not None
    assert first is not None
    assert first <= chased
