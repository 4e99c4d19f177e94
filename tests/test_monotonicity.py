"""More of a good thing never makes the milestones later: every lever, whole runs, paired seeds.

Each lever has a scarcer and a fuller setting of the small alliance, run on the stand-in floor under the same seeds
(common random numbers). Compared is the mean date of each milestone over the seeds; a milestone that is not reached
counts as a month after the end. Single pairs may differ the other way (Graham 1966: scheduling anomalies), which is
allowed and counted; the mean may not. Each lever must also move something: else the test could not fail.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from functools import cache
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from renkei.alliance import Alliance
from renkei.simulate import simulate
from tests.months.conftest import SMALL, changed
from tests.test_simulate import belt

MILESTONES = ("site-ready", "tools-in", "first-silicon", "kit-out", "revenue", "steady")
SEEDS, FEW = range(1, 21), range(1, 3)
"""All seeds for `make validate`, few for every day."""
EVERY_DAY = ("more money", "tools ordered earlier", "more channels")
"""Levers that the fast suite looks at, with few seeds."""
LATEST = float(dt.date(2027, 1, 31).toordinal())
TOLERANCE = 0.5
"""Days by which the mean may be later: milestones are days, means of 20 of them are not exact."""

UNSURE: dict[str, Any] = {
    "site__phases__one__build": {"triangular": [2, 3, 6], "unit": "months"},
    "equipment__lead_time": {"triangular": [1, 2, 4], "unit": "months"},
    "equipment__installation__install": {"triangular": [5, 10, 30], "unit": "days"},
    "technology__learning__rate": {"lognormal": [0.3, 0.35]},
    "workforce__roles__engineer__attrition_new": {"triangular": [5, 10, 20], "unit": "%/year"},
    "market__funnel__shuttle__probability": 0.7,
    "market__channels__office__contacts": "0.5 /month",
}
"""What makes twenty seeds twenty futures."""


class Lever(NamedTuple):
    """Two settings of one clause, the scarcer first; `around` holds for both, so that the clause binds."""

    less: Mapping[str, Any]
    more: Mapping[str, Any]
    around: Mapping[str, Any] = {}
    moves: str = ""
    """A milestone that must come earlier in the mean."""


POOR = {"funding__opening_balance__founders__amount": "2 bn JPY"}
GRANT = "funding__tranches__grant"
ONE_OF_EACH = {"tools": {"Mab": 1, "Mcd": 1, "Me": 1}, "date": "2024-01"}
"""Extra tools stand in an order of their own: in one order they would wait at the dock before the last kind."""
FEW_ENGINEERS = {
    "workforce__roles__engineer__headcount": 2,
    "workforce__roles__engineer__targets": [{"by": "2024-02-01", "people": 30}],
    "workforce__cohorts": {},
}
TRAINED = {
    "workforce__roles__engineer__headcount": 8,
    "workforce__roles__engineer__max_hires": 0,
    "workforce__untrained": {"equipment": 0.1},
    "workforce__cohorts__first__seats": 8,
    "workforce__cohorts__first__start": "2024-01-01",
    "workforce__cohorts__first__stay": "3 months",
    "workforce__cohorts__first__transfers": None,
    "workforce__cohorts__first__topics": ["equipment"],
    "equipment__installation__engineers": 8,
    "equipment__installation__engineers_repeat": 8,
}
ONE_COHORT = {
    "role": "engineer", "host": "owner", "place": "lab", "seats": 3, "start": "2024-01-01", "stay": "4 months",
    "cost": 0, "topics": ["equipment"],
}  # fmt: skip
COHORTS = {**{name: value for name, value in TRAINED.items() if "cohorts" not in name},
           "workforce__cohorts": {"a": ONE_COHORT, "b": ONE_COHORT}}  # fmt: skip
FAR = {
    "equipment__suppliers": {
        "far": {"partner": "owner", "supplies": ["Mab", "Mcd", "Me"], "lead_time": 4},
        "near": {"partner": "maker", "lead_time": 5},
    }
}


def quake(share: float, months: float) -> dict[str, Any]:
    """A risk that puts so many of the first machines out of use, before customers' lots are through."""
    effects = {"tools_out": {"Mab": {"share": share, "time": months}}}
    day = {"start": "2024-09-01", "until": "2024-09-30"}
    return {"risks": {"quake": {"name": "Quake", "probability": 1, **day, "effects": effects}}}


LEVERS = {
    "more money": Lever(
        {f"{GRANT}__amount": "4 bn JPY"}, {f"{GRANT}__amount": "12 bn JPY"}, POOR, "first-silicon"
    ),
    "money earlier": Lever(
        {f"{GRANT}__fiscal_year": 2025}, {f"{GRANT}__fiscal_year": 2024}, POOR, "tools-in"
    ),
    "a bigger opening balance": Lever(
        {"funding__opening_balance__founders__amount": "1 bn JPY"},
        {"funding__opening_balance__founders__amount": "9 bn JPY"},
        moves="tools-in",
    ),
    "ground broken earlier": Lever(
        {"site__phases__one__start": "2024-07-15"}, {"site__phases__one__start": "2024-01-15"}, moves="site-ready"
    ),
    "a faster dock": Lever(
        {"site__phases__one__dock_tools_per_week": 0.5}, {"site__phases__one__dock_tools_per_week": 7}, moves="tools-in"
    ),
    "tools ordered earlier": Lever(
        {"equipment__orders__all__date": "2024-07"}, {"equipment__orders__all__date": "2024-01"}, moves="tools-in"
    ),
    "quicker installation": Lever(
        {"equipment__installation__sl1": 40}, {"equipment__installation__sl1": 5}, moves="tools-in"
    ),
    "more tools": Lever(
        {"equipment__orders": {"all": ONE_OF_EACH}},
        {"equipment__orders": {"all": ONE_OF_EACH, "extra": {"tools": {"Mab": 1, "Mcd": 1}, "date": "2024-01"}}},
        {"milestones__tools-in__when": {"all": [{"metric": "tools_qualified", "at_least": 3}]}},
    ),
    "more engineers": Lever(
        {"workforce__roles__engineer__headcount": 3, "workforce__roles__engineer__targets": []},
        {"workforce__roles__engineer__headcount": 40, "workforce__roles__engineer__targets": []},
        moves="kit-out",
    ),
    "quicker hiring": Lever(
        {"workforce__roles__engineer__max_hires": 0},
        {"workforce__roles__engineer__max_hires": 5},
        {"workforce__roles__engineer__headcount": 4},
        "kit-out",
    ),
    "more seats abroad": Lever(
        {"workforce__cohorts__first__seats": 1},
        {"workforce__cohorts__first__seats": 3},
        {
            "workforce__cohorts__first__stay": "2 months",
            "technology__demonstrations__demo__experience": 4,
            "milestones__steady__when": {"all": [{"metric": "d0", "at_most": 1.5}]},
        },
        "steady",
    ),
    "quicker analysis": Lever(
        {"technology__learning__analysis_time": 60}, {"technology__learning__analysis_time": 14}, moves="kit-out"
    ),
    "fewer generations before the kit": Lever(
        {"technology__pdks__kit__generations": 6}, {"technology__pdks__kit__generations": 2}, moves="kit-out"
    ),
    "faster learning": Lever(
        {"technology__learning__rate": 0.15}, {"technology__learning__rate": 0.5},
        {"milestones__steady__when": {"all": [{"metric": "d0", "at_most": 1.5}]}}, "steady",
    ),
    "more development lots": Lever(
        {"technology__development__loops__ceiling": 0.7}, {"technology__development__loops__ceiling": 40},
        moves="kit-out",
    ),
    "more channels": Lever(
        {"market__channels__office__contacts": "0.05 /month"}, {"market__channels__office__contacts": "2 /month"},
        {"market__customers": None}, "revenue",
    ),
    "better conversion": Lever(
        {"market__channels__office__conversion": 0.2}, {"market__channels__office__conversion": 3},
        {"market__customers": None, "market__channels__office__contacts": "1 /month"}, "revenue",
    ),
    "a customer who comes earlier": Lever(
        {"market__customers__first-buyer__since": "2026-02"}, {"market__customers__first-buyer__since": "2024-03"},
        {"market__channels__office__until": "2024-02", "market__funnel__shuttle__probability": 1}, "revenue",
    ),
    "more people in the labour market": Lever(
        {"workforce__markets": {"here": {"roles": "engineer", "pool": 30}}},
        {"workforce__markets": {"here": {"roles": "engineer", "pool": 9000}}}, FEW_ENGINEERS, "kit-out",
    ),
    "fewer rivals for people": Lever(
        {"workforce__markets": {"here": {"roles": "engineer", "pool": 500, "rivals": {"fab": {"openings": 90}}}}},
        {"workforce__markets": {"here": {"roles": "engineer", "pool": 500}}}, FEW_ENGINEERS, "kit-out",
    ),
    "more seats at the host": Lever(
        {"workforce__hosts": {"lab": {"partner": "owner", "seats": 3}}},
        {"workforce__hosts": {"lab": {"partner": "owner", "seats": 9}}}, COHORTS, "tools-in",
    ),
    "shorter visas of cohorts": Lever(
        {"workforce__cohorts__first__visa": 9}, {"workforce__cohorts__first__visa": 0}, TRAINED, "tools-in",
    ),
    "a cohort that learns what is needed": Lever(
        {"workforce__cohorts__first__topics": ["process"]}, {"workforce__cohorts__first__topics": ["equipment"]},
        TRAINED, "tools-in",
    ),
    "more operators": Lever(
        {"workforce__roles__operator__headcount": 2}, {"workforce__roles__operator__headcount": 60},
        {"workforce__roles__operator__kind": "operator", "workforce__roles__operator__max_hires": 0,
         "workforce__roles__operator__salary": 1,
         "workforce__operators": {"role": "operator", "moves_per_hour": 0.02}}, "kit-out",
    ),
    "a larger allotment": Lever(
        {"equipment__suppliers__far__yearly_tools": 2}, {"equipment__suppliers__far__yearly_tools": 50}, FAR,
        "tools-in",
    ),
    "surer deliveries": Lever(
        {"equipment__suppliers__far__slip_chance": 0.8}, {"equipment__suppliers__far__slip_chance": 0}, FAR,
        "tools-in",
    ),
    "more installation crews": Lever(
        {"equipment__suppliers__far__install_crews": 1}, {"equipment__suppliers__far__install_crews": 9}, FAR,
        "tools-in",
    ),
    "quicker export licences": Lever(
        {"equipment__licences": {"act": {"countries": ["US"], "time": 12}}},
        {"equipment__licences": {"act": {"countries": ["US"], "time": 2}}}, FAR, "tools-in",
    ),
    "surer export licences": Lever(
        {"equipment__licences": {"act": {"countries": ["US"], "time": 2, "refused": 0.6}}},
        {"equipment__licences": {"act": {"countries": ["US"], "time": 2, "refused": 0.1}}}, FAR, "tools-in",
    ),
    "a second source": Lever(
        {}, {"equipment__second_sources": {"near": {"tools": ["Mab", "Mcd", "Me"], "supplier": "near"}}},
        {**FAR, "equipment__licences": {"act": {"countries": ["US"], "time": 2, "refused": 0.5}}}, "tools-in",
    ),
    "tools out of use for a shorter time": Lever(quake(1, 6), quake(1, 1), moves="revenue"),
    "fewer tools out of use": Lever(quake(1, 4), quake(0.5, 4), moves="revenue"),
    "a shorter way": Lever(
        {"equipment__shipping": {"US": {"time": 90}}}, {"equipment__shipping": {"US": {"time": 5}}}, FAR, "tools-in",
    ),
}  # fmt: skip


@cache
def dates(lever: str, more: bool, seeds: range) -> Any:
    """Return the ordinals of the milestones, shape (seeds, milestones)."""
    terms = LEVERS[lever]
    changes = {**UNSURE, **terms.around, **(terms.more if more else terms.less)}
    alliance = Alliance.model_validate(changed(SMALL, **changes))
    rows = []
    for seed in seeds:
        days = simulate(alliance, seed=seed, start_floor=belt).milestones.set_index("id")["reached"]
        rows.append([LATEST if pd.isna(days[name]) else float(days[name].toordinal()) for name in MILESTONES])
    return np.array(rows)


def assert_never_later(lever: str, seeds: range) -> None:
    """Whatever has more: no mean date is later, the lever moves something, and what it is for comes earlier."""
    gain = dates(lever, False, seeds) - dates(lever, True, seeds)
    mean = dict(zip(MILESTONES, gain.mean(axis=0), strict=True))
    assert {name: days for name, days in mean.items() if days < -TOLERANCE} == {}
    assert np.abs(gain).max() > 0, "the lever moves nothing"
    moved = LEVERS[lever].moves
    if moved:
        assert mean[moved] > 5, mean


@pytest.mark.parametrize("lever", EVERY_DAY)
def test_more_is_never_later_with_few_seeds(lever: str) -> None:
    assert_never_later(lever, FEW)


@pytest.mark.slow
@pytest.mark.parametrize("lever", LEVERS)
def test_more_is_never_later(lever: str) -> None:
    assert_never_later(lever, SEEDS)


def test_the_seeds_are_different_futures() -> None:
    found = dates(EVERY_DAY[0], True, FEW)
    assert all(len(set(found[:, column])) == len(FEW) for column in range(2))
