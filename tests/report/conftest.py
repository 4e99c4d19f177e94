"""Two real courses of a tiny alliance on the Mini-Fab: one that gets to run lots, one that runs out of money."""

from __future__ import annotations

from pathlib import Path

import pytest

from renkei.alliance.reading import read_alliance
from renkei.report.asked import RunAsked
from renkei.report.page import page
from renkei.report.result import Result
from renkei.report.saving import manifest
from renkei.simulate import simulate

TINY = Path(__file__).parent / "tiny.yaml"


def course(*scenarios: str) -> Result:
    alliance = read_alliance(TINY, scenarios)
    future = simulate(alliance, seed=1)
    asked = RunAsked(str(TINY), scenarios, 1, "events")
    return Result(manifest(alliance, asked, {"lot_steps": future.lot_steps}), alliance, future.tables)


@pytest.fixture(scope="session")
def tiny() -> Result:
    return course()


@pytest.fixture(scope="session")
def poor() -> Result:
    return course("no-money")


@pytest.fixture(scope="session")
def html(tiny: Result) -> str:
    return page(tiny)
