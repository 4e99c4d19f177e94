"""Projects whose end is known: small studies hold what happened within P10 to P90, without being told."""

from __future__ import annotations

import pytest
from tools import backtest
from tools.backtest import PROJECTS, dates, happened, page, stored, verdicts

from renkei.alliance.reading import read_alliance
from renkei.alliance.uncertainty import quantities


@pytest.mark.slow
@pytest.mark.parametrize(("name", "end"), [("jasm-kumamoto", "2024-01"), ("tsmc-fab18", "2019-08")])
def test_the_building_is_ready_when_it_was(name: str, end: str) -> None:
    """Ten futures, few months of floor: the site's actual span meets P10–P90."""
    found = {v.fact.quantity: v for v in verdicts(name, dates(name, range(1, 11), end))}
    assert found["site-ready"].hit
    assert found["site-ready"].p10 < found["site-ready"].p90


@pytest.mark.parametrize("name", PROJECTS)
def test_the_stored_study_holds_what_happened(name: str) -> None:
    rows = stored(name)
    assert len(rows) >= 20
    assert [v.fact.name for v in verdicts(name, rows) if not v.hit] == []


@pytest.mark.slow
@pytest.mark.parametrize("name", PROJECTS)
def test_a_fresh_study_holds_what_happened(name: str) -> None:
    """The same as the stored one with today's model, on other seeds."""
    assert [v.fact.name for v in verdicts(name, dates(name, range(101, 113), PROJECTS[name])) if not v.hit] == []


@pytest.mark.parametrize("name", PROJECTS)
def test_nothing_that_happened_is_an_input(name: str) -> None:
    """A simulation without the actual dates is the same; every uncertain value has a spread and a source."""
    alliance = read_alliance(name)
    assert len(happened(alliance)) >= 2
    hidden = {key: item.model_copy(update={"actual": None}) for key, item in alliance.milestones.items()}
    assert dict(quantities(alliance.model_copy(update={"milestones": hidden}))) == dict(quantities(alliance))
    assert all(value.uncertain for path, value in quantities(alliance) if path.endswith((".build", "learning.rate")))


def test_the_page_tells_the_study() -> None:
    """Where it does not: `python -m tools.backtest table`."""
    shown = backtest.PAGE.read_text(encoding="utf-8")
    assert page(shown) == shown
