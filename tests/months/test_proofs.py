"""The ladder of process proofs: what a lot must carry, rung above rung, and milestones that look at it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from pydantic import ValidationError

from renkei.alliance import Alliance
from renkei.months import proofs, yields
from renkei.months.analysis import Analysed, DevelopmentLot
from renkei.months.learning import Knowledge
from renkei.months.yields import Yields
from tests.test_simulate import reached, run

Build = Callable[..., Alliance]
DAY = 1440.0
EPOCH = dt.date(2024, 1, 1)
CALM = {"rate": "0 /year"}
SURE = {"s0": 0, "rate": 0}
MACRO = {"width": 3, "height": 3}


def lot(number: int, started: float, known: float, kind: str = "full_loop", wafers: int = 25) -> Analysed:
    return Analysed(DevelopmentLot("loops", kind, "Pa", number, started * DAY, known * DAY, wafers), known * DAY)


def knowledge(*steps: tuple[float, float, float]) -> Knowledge:
    """Experience of modules and integration from days on."""
    return Knowledge(history=((0.0, 0.0, 0.0), *((day * DAY, a, b) for day, a, b in steps)))


def ladder(small: Build, **rungs: dict[str, Any]) -> Alliance:
    return small(technology__proofs=rungs, technology__systematic=SURE, technology__excursions=CALM)


def shown(alliance: Alliance, known: Knowledge, *lots: Analysed, **before: list[dt.date]) -> list[tuple[str, dt.date]]:
    return proofs.shown(alliance, known, Yields(), lots, before, EPOCH, 0)


def test_a_rung_asks_generations_of_the_lots_start(small: Build) -> None:
    alliance = ladder(small, transistor={"shown_by": "pilot", "modules": 2})
    known = knowledge((50, 2 * 0.3 * 0.6, 0))
    early, late = lot(1, 40, 100, "pilot"), lot(2, 55, 110, "pilot")
    assert shown(alliance, known, early, late) == [("transistor", dt.date(2024, 4, 19))]
    assert shown(alliance, known, lot(3, 55, 110)) == []  # full loops do not show it


def test_a_rung_waits_for_those_below(small: Build) -> None:
    alliance = ladder(
        small,
        cell={"modules": 0, "lots": 2},
        macro={"modules": 0, "after": "cell"},
        chip={"modules": 0, "after": "macro"},
    )
    known = knowledge()
    assert [name for name, _ in shown(alliance, known, lot(1, 1, 10))] == ["cell"]
    names = [name for name, _ in shown(alliance, known, lot(1, 1, 10), lot(2, 2, 20))]
    assert names == ["cell", "cell", "macro", "chip"]
    later = shown(alliance, known, lot(3, 3, 70), cell=[EPOCH], macro=[])
    assert [name for name, _ in later] == ["cell", "macro", "chip"]


def test_a_structure_yields_by_its_area(small: Build) -> None:
    known = knowledge((1, 2.5, 0))
    alliance = ladder(small, macro={"structure": MACRO, "structure_yield": 0.5})
    quality = yields.quality(alliance, known, Yields(), np.array([10 * DAY]), np.array([20 * DAY]), 1.0)
    share = float(yields.good_share(alliance, alliance.technology.proofs["macro"].structure, quality)[0])  # type: ignore[arg-type]
    assert 0.9 < share < 1
    for wanted, found in ((share - 0.01, 1), (share + 0.01, 0)):
        asked = ladder(small, macro={"structure": MACRO, "structure_yield": wanted})
        assert len(shown(asked, known, lot(1, 10, 20))) == found
    larger = ladder(small, macro={"structure": {"width": 20, "height": 20}, "structure_yield": share - 0.01})
    assert shown(larger, known, lot(1, 10, 20)) == []


def test_a_lot_is_judged_by_its_density(small: Build) -> None:
    alliance = ladder(small, clean={"density": "1 /cm2"})
    known = knowledge((100, 3.0, 0))
    assert shown(alliance, known, lot(1, 0, 90)) == []
    assert len(shown(alliance, known, lot(2, 110, 190))) == 1


@pytest.mark.parametrize(
    ("proof", "said"),
    [
        ({}, "asks nothing"),
        ({"structure": MACRO}, "structure and structure_yield belong together"),
        ({"modules": 1, "structure_yield": 0.5}, "belong together"),
    ],
)
def test_a_proof_must_ask_something(small: Build, proof: dict[str, Any], said: str) -> None:
    with pytest.raises(ValidationError, match=said):
        small(technology__proofs={"x": proof})


def test_harder_rungs_come_later_and_open_gates() -> None:
    def course(wanted: float) -> dict[str, dt.date | None]:
        rungs = {
            "cell": {"modules": 0.5},
            "macro": {"after": "cell", "structure": MACRO, "structure_yield": wanted, "lots": 2},
        }
        stones = {
            "cell": {"name": "Cell", "when": {"all": [{"metric": "proof_lots", "of": "cell"}]}},
            "macro": {"name": "Macro", "when": {"all": [{"metric": "proof_lots", "of": "macro", "at_least": 2}]}},
        }
        future = run(
            technology__proofs=rungs, technology__pdks__kit__after="macro",
            milestones={**_stones(), **stones},
        )  # fmt: skip
        return reached(future)

    easy, hard, never = course(0.2), course(0.8), course(1.0)
    assert easy["cell"] == hard["cell"] == never["cell"]
    assert easy["cell"] is not None
    assert easy["macro"] is not None
    assert hard["macro"] is not None
    assert easy["cell"] <= easy["macro"] < hard["macro"]
    assert never["macro"] is None
    assert never["kit-out"] is None
    assert easy["kit-out"] is not None
    assert hard["kit-out"] is None or easy["kit-out"] < hard["kit-out"]


def _stones() -> dict[str, Any]:
    from tests.months.conftest import SMALL

    stones: dict[str, Any] = SMALL["milestones"]
    return stones
