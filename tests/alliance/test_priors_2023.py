"""The frozen priors of January 2023: nothing later is in them, and nobody changes a number."""

from __future__ import annotations

import hashlib
import re

import pytest

from renkei.alliance import Alliance
from renkei.alliance.builtin import alliance_file
from renkei.alliance.reading import read_alliance
from renkei.alliance.uncertainty import drawn, quantities
from tests.alliance.test_builtin import CLAUSES, _numbers, _told

NAME = "japan-us-2nm-2023"
FROZEN = "594af846d94dc9bcd84f547b7f0bab747598930f426c0571024c20d4a2b397a7"
"""Of the file without comments and blank lines; a new one is only right when the format has changed, not a number."""
KNOWN = 2023 * 12 + 1
"""January 2023, in months."""


@pytest.fixture(scope="module")
def alliance() -> Alliance:
    return read_alliance(NAME)


def test_the_numbers_are_those_that_were_frozen() -> None:
    lines = alliance_file(NAME).read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.strip() and not line.lstrip().startswith("#")]
    assert hashlib.sha256("\n".join(told).encode()).hexdigest() == FROZEN


def test_no_source_is_later_than_january_2023() -> None:
    """Every date in a source: a year until 2023, and of 2023 only January. Plans say so with "planned", not a date."""
    text = alliance_file(NAME).read_text(encoding="utf-8")
    sources = re.findall(r'source: (?:"([^"]*)"|([^",}\n]*))', text)
    dates = [found for pair in sources for found in re.findall(r"\b(20[0-4]\d)(?:-(\d\d))?\b", "".join(pair))]
    plans = {("2024", ""), ("2025", ""), ("2027", ""), ("2026", "")}
    late = [d for d in dates if d not in plans and int(d[0]) * 12 + int(d[1] or 1) > KNOWN]
    assert len(dates) > 50
    assert late == []


def test_nothing_that_happened_later_is_declared(alliance: Alliance) -> None:
    assert all(milestone.actual is None for milestone in alliance.milestones.values())
    assert {tranche.status for tranche in alliance.funding.tranches.values()} == {"planned"}
    assert all(float(tranche.probability) < 1 for tranche in alliance.funding.tranches.values())
    assert not alliance.market.customers
    assert all(order.deliver_from is None for order in alliance.equipment.orders.values())


def test_every_clause_of_the_agreement_has_its_place(alliance: Alliance) -> None:
    assert set(alliance.clauses) == CLAUSES


def test_it_is_less_sure_than_the_model_case(alliance: Alliance) -> None:
    """What is drawn is wider: the ratio of P90 to P10 of what decides, over futures."""
    now = read_alliance("japan-us-2nm")
    for path in ("site.phases.iim1.build", "technology.learning.rate", "technology.defects.initial"):
        assert _width(alliance, path) > 1.2 * _width(now, path), path
    uncertain = [path for path, value in quantities(alliance) if value.uncertain]
    assert len(uncertain) > 100


def test_every_number_has_a_source_or_is_marked_a_guess(alliance: Alliance) -> None:
    bare = [path for path, value, source, trust in _numbers("", alliance, "", "") if not _told(value, source, trust)]
    assert bare == []


def _width(alliance: Alliance, path: str) -> float:
    values = sorted(float(dict(quantities(drawn(alliance, seed)))[path]) for seed in range(40))
    return values[35] / values[4]
