"""Correlations between pairs of uncertain values: as declared, for any value several at once, nothing else moved."""

from __future__ import annotations

from statistics import NormalDist
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

import renkei
from renkei.alliance import Alliance
from renkei.alliance.correlation import correlated
from renkei.alliance.uncertainty import drawn, quantities
from renkei.simulate import simulate
from tests.months.conftest import SMALL, changed
from tests.test_simulate import belt

BUILD, LEAD, INSTALL, RATE = (
    "site.phases.one.build",
    "equipment.lead_time",
    "equipment.installation.install",
    "technology.learning.rate",
)
SPREADS: dict[str, Any] = {
    "site__phases__one__build": {"uniform": [3, 9], "unit": "months"},
    "equipment__lead_time": {"lognormal": [6, 0.3], "unit": "months"},
    "equipment__installation__install": {"normal": [20, 2], "unit": "days"},
    "technology__learning__rate": {"triangular": [0.1, 0.3, 0.5]},
}
NORMAL = NormalDist()


def alliance(*pairs: tuple[str, str, float], **more: Any) -> Alliance:
    terms = {f"p{n}": {"between": list(pair[:2]), "correlation": pair[2]} for n, pair in enumerate(pairs)}
    return Alliance.model_validate(changed(SMALL, **SPREADS, **more, correlations=terms))


def futures(terms: Alliance, paths: tuple[str, ...], number: int = 1500) -> NDArray[np.float64]:
    """Drawn values, shape (paths, futures)."""
    ready = correlated(terms)
    rows = [dict(quantities(drawn(ready, seed))) for seed in range(number)]
    return np.array([[float(row[path]) for row in rows] for path in paths])


def ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Normal scores of each row by rank."""
    order = values.argsort(axis=1).argsort(axis=1)
    return np.vectorize(NORMAL.inv_cdf)((order + 0.5) / values.shape[1])


def test_pairs_correlate_as_declared_and_others_do_not() -> None:
    terms = alliance((BUILD, LEAD, 0.6), (LEAD, INSTALL, -0.3))
    table = np.corrcoef(ranks(futures(terms, (BUILD, LEAD, INSTALL, RATE))))
    wanted = np.array([[1, 0.6, 0, 0], [0.6, 1, -0.3, 0], [0, -0.3, 1, 0], [0, 0, 0, 1]])
    assert np.abs(table - wanted).max() < 0.06


def test_each_value_keeps_its_distribution_and_all_others_their_luck() -> None:
    paths = (BUILD, LEAD, INSTALL, RATE)
    plain, joined = futures(alliance(), paths), futures(alliance((BUILD, LEAD, 0.9)), paths)
    assert (plain[2:] == joined[2:]).all()
    assert (plain[:2] != joined[:2]).any(axis=1).all()
    assert joined[0].mean() == pytest.approx(6, abs=0.15)
    assert joined[0].std() == pytest.approx(6 / np.sqrt(12), rel=0.05)
    assert np.log(joined[1]).std() == pytest.approx(0.3, rel=0.06)


def test_a_pair_adds_to_a_common_factor() -> None:
    """Both have 0.6 with a common factor, 0.36 between them, and a pair of 0.3 beside it."""
    loaded = {
        name: value | {"correlated_with": "supply", "correlation": 0.6}
        for name, value in SPREADS.items()
        if name in ("site__phases__one__build", "equipment__lead_time")
    }
    terms = Alliance.model_validate(
        changed(SMALL, **(SPREADS | loaded), correlations={"p": {"between": [BUILD, LEAD], "correlation": 0.3}})
    )
    table = np.corrcoef(ranks(futures(terms, (BUILD, LEAD))))
    assert table[0, 1] == pytest.approx(0.66, abs=0.05)


def test_a_study_draws_them_together() -> None:
    """Late buildings with late tools: the day on which all tools are in spreads wider."""
    spreads = []
    for pairs in ((), ((BUILD, LEAD, 0.95),), ((BUILD, LEAD, -0.95),)):
        study = renkei.study(alliance(*pairs, end="2025-12"), futures=40, workers=1, start_floor=belt)
        wide = study.drawn.pivot(index="future", columns="path", values="value")
        spreads.append(float(np.corrcoef(ranks(wide[[BUILD, LEAD]].to_numpy().T))[0, 1]))
    assert spreads[1] > 0.85
    assert spreads[2] < -0.85
    assert abs(spreads[0]) < 0.4


def test_a_run_without_correlations_is_what_it_was() -> None:
    terms = Alliance.model_validate(SMALL)
    assert correlated(terms) == terms
    assert simulate(terms, 3, start_floor=belt).drawn.equals(simulate(correlated(terms), 3, start_floor=belt).drawn)


@pytest.mark.parametrize("value", [1, -1, 2])
def test_a_correlation_lies_within_one(value: float) -> None:
    with pytest.raises(ValueError, match="correlation"):
        alliance((BUILD, LEAD, value))
