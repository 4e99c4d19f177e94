"""Risks: how often they occur, together with what, and what each kind of effect does to the terms and the state."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Callable
from dataclasses import replace
from itertools import pairwise
from statistics import NormalDist
from typing import Any

import numpy as np
import pytest

from renkei.alliance import Alliance
from renkei.alliance.amending import amended, found
from renkei.alliance.technology import Technology
from renkei.alliance.uncertainty import drawn, drawn_for, moved_with, score
from renkei.months import inforce, risks, strikes
from renkei.months.calendar import CLOSED, Month, months_of
from renkei.months.risks import Occurrence
from renkei.months.standstill import Clock
from renkei.units import quantity, uniform

Build = Callable[..., Alliance]
NOBODY: frozenset[str] = frozenset()


def risk(name: str = "blow", **terms: Any) -> dict[str, Any]:
    terms.setdefault("name", name)
    terms.setdefault("effects", {})
    if "rate" not in terms:
        terms.setdefault("probability", 1)
    return {name: terms}


def course(
    alliance: Alliance, seed: int = 0, unpaid: frozenset[str] = NOBODY, reached: dict[str, dt.date] | None = None
) -> tuple[Occurrence, ...]:
    """Everything that occurs in a future."""
    so_far: tuple[Occurrence, ...] = ()
    for month in months_of(alliance):
        so_far += risks.occurrences(so_far, alliance, month, reached or {}, unpaid, seed)
    return so_far


def middle_of(alliance: Alliance, day: dt.date) -> Month:
    return next(month for month in months_of(alliance) if month.has(day))


# How often


def test_a_probability_is_the_share_of_futures_and_the_day_is_uniform(small: Build) -> None:
    alliance = small(risks=risk(probability=0.3, start="2024-07", until="2025-06-30"))
    struck = [course(alliance, seed) for seed in range(800)]
    days = [(items[0].day - dt.date(2024, 7, 1)).days for items in struck if items]
    assert len(days) / 800 == pytest.approx(0.3, abs=4 * math.sqrt(0.21 / 800))
    assert min(days) >= 0
    assert max(days) < 365
    assert np.mean(days) == pytest.approx(182, abs=30)
    assert all(len(items) <= 1 for items in struck)


def test_a_rate_is_the_mean_number_a_year(small: Build) -> None:
    alliance = small(risks=risk(rate="2 /year", duration="0.01 months"))
    numbers = [len(course(alliance, seed)) for seed in range(150)]
    assert np.mean(numbers) == pytest.approx(6, abs=0.8)
    assert np.var(numbers) == pytest.approx(6, rel=0.5)


def test_one_that_lasts_does_not_begin_again(small: Build) -> None:
    alliance = small(risks=risk(rate="20 /year", duration="6 months"))
    items = course(alliance)
    assert 4 <= len(items) <= 6
    assert all(b.day >= (a.until or dt.date.max) for a, b in pairwise(items))
    assert len(course(small(risks=risk(rate="20 /year")))) == 1


def test_it_waits_for_its_milestones(small: Build) -> None:
    alliance = small(risks=risk(rate="20 /year", duration=1, after="tools-in"))
    assert course(alliance) == ()
    items = course(alliance, reached={"tools-in": dt.date(2025, 6, 15)})
    assert items
    assert items[0].day >= dt.date(2025, 6, 15)


def test_another_risk_does_not_shift_its_luck(small: Build) -> None:
    one = risk("one", rate="1 /year", duration={"uniform": [1, 3]}, effects={"standstill": {"uniform": [1, 9]}})
    other = risk("another", rate="3 /year", duration=1)
    alone, together = course(small(risks=one), 3), course(small(risks={**other, **one}), 3)
    assert alone
    assert alone == tuple(item for item in together if item.risk == "one")


def test_each_occurrence_draws_its_own_size(small: Build) -> None:
    terms = risk(rate="5 /year", duration=0.5, effects={"standstill": {"uniform": [1, 9]}, "damage": "1 bn JPY"})
    alliance = drawn(small(risks=terms), 4)
    lengths = [float(item.effects.standstill) for item in course(alliance, 4)]
    assert len(set(lengths)) == len(lengths) > 5
    assert all(1 <= length <= 9 for length in lengths)
    again = drawn_for(alliance.risks["blow"].effects, 4, "risks.blow.effects", course(alliance, 4)[0].number)
    assert float(again.standstill) == lengths[0]


# Together with what


def test_scores_are_uniform_and_correlated_as_declared() -> None:
    def scores_of(name: str, rho: float) -> list[float]:
        return [moved_with(seed, name, 0, "climate" if rho else "", rho) for seed in range(3000)]

    a, b = scores_of("a", 0.8), scores_of("b", 0.8)
    assert np.mean(a) == pytest.approx(0.5, abs=0.02)
    assert np.var(a) == pytest.approx(1 / 12, rel=0.05)
    normal = NormalDist()
    scores = [[normal.inv_cdf(u) for u in values] for values in (a, b, scores_of("c", -0.8), scores_of("d", 0))]
    table = np.corrcoef(scores)
    assert table[0, 1] == pytest.approx(0.64, abs=0.05)
    assert table[0, 2] == pytest.approx(-0.64, abs=0.05)
    assert table[0, 3] == pytest.approx(0, abs=0.06)


def test_risks_of_one_factor_come_together_as_often_as_the_copula_says(small: Build) -> None:
    def both(rho: float) -> tuple[float, float]:
        mark = {"correlated_with": "politics", "correlation": rho} if rho else {}
        alliance = small(
            end="2024-01", risks={**risk("one", probability=0.2, **mark), **risk("two", probability=0.2, **mark)}
        )
        names = [{item.risk for item in course(alliance, seed)} for seed in range(700)]
        return sum(len(each) == 2 for each in names) / 700, sum("one" in each for each in names) / 700

    apart, alone = both(0)
    assert apart == pytest.approx(0.04, abs=0.03)
    together, one = both(0.9)
    assert alone == pytest.approx(0.2, abs=0.06)
    assert one == pytest.approx(0.2, abs=0.06)
    normal = NormalDist()
    z = np.array([normal.inv_cdf(uniform(seed, "z")) for seed in range(20_000)])
    given = [normal.cdf((0.9 * x - normal.inv_cdf(0.8)) / math.sqrt(1 - 0.81)) for x in z]
    assert together == pytest.approx(float(np.mean(np.square(given))), abs=0.05)
    assert together > apart + 0.05


def learnt(technology: Technology, seed: int) -> float:
    """The learning rate of a future."""
    rate = technology.learning.rate
    return float(rate.at(score(seed, "technology.learning.rate", rate)))


def test_a_risk_moves_with_an_uncertain_value_of_the_same_factor(small: Build) -> None:
    rate = {"uniform": [0.1, 0.5], "correlated_with": "world", "correlation": 0.9}
    mark = {"correlated_with": "world", "correlation": 0.9}
    alliance = small(
        end="2024-01", risks=risk(probability=0.3, **mark), technology__learning={"rate": rate, "half_lots": 10}
    )
    pairs = [(learnt(alliance.technology, s), bool(course(alliance, s))) for s in range(300)]
    struck = np.mean([value for value, hit in pairs if hit])
    spared = np.mean([value for value, hit in pairs if not hit])
    assert struck > spared + 0.1


# Precautions


def test_precautions_make_it_rarer_under_the_same_luck_and_milder(small: Build) -> None:
    guard = {"likelihood": 0.5, "severity": 0.5, "cost_per_year": "12 M JPY/year", "cost": "5 M JPY"}
    effects = {"standstill": 8, "damage": "4 bn JPY", "factors": {"market.price.incumbent": 0.25}}
    bare = small(risks=risk(probability=0.6, duration=4, effects=effects))
    safe = small(risks=risk(probability=0.6, duration=4, effects=effects, mitigations={"guard": guard}))
    open_, guarded = ({s for s in range(300) if course(a, s)} for a in (bare, safe))
    assert guarded < open_
    assert len(guarded) / len(open_) == pytest.approx(0.5, abs=0.1)
    item = course(safe, min(guarded))[0]
    assert (float(item.effects.standstill), float(item.effects.damage)) == (4, 2e9)
    assert float(item.effects.factors["market.price.incumbent"]) == pytest.approx(0.5)
    assert item.until is not None
    assert (item.until - item.day).days in (59, 60, 61, 62)
    key = "risks.blow.mitigations.guard"
    assert course(safe, min(open_ - guarded), frozenset({key})) == course(bare, min(open_ - guarded))


def test_precautions_cost_and_damage_is_billed_once(small: Build) -> None:
    guard = {"start": "2024-03", "until": "2024-05-31", "cost_per_year": "12 M JPY/year", "cost": "5 M JPY"}
    untaken = {"taken": False, "cost": "1 bn JPY"}
    alliance = small(
        risks=risk(probability=1, effects={"damage": "3 bn JPY"}, mitigations={"guard": guard, "wall": untaken})
    )
    (item,) = course(alliance)
    bills = [
        due
        for month in months_of(alliance)
        for due in risks.bill(alliance, month, (item,) if month.has(item.day) else (), NOBODY)
    ]
    assert sum(float(due.amount) for due in bills) == 3e9 + 3e6 + 5e6
    assert {due.cost for due in bills} == {"maintenance"}
    key = "risks.blow.mitigations.guard"
    assert risks.bill(alliance, months_of(alliance)[2], (), frozenset({key})) == []


# Effects on the terms


def struck(alliance: Alliance, day: dt.date = dt.date(2024, 3, 1)) -> list[Alliance]:
    """The terms in force month by month when its one risk occurs on a day."""
    (found_,) = alliance.risks.values()
    until = None if found_.duration is None else day + dt.timedelta(days=round(float(found_.duration) * 30.4375))
    item = Occurrence(found_.id, 0, 0.0, day, until, 1.0, 1.0, found_.effects)
    return [
        inforce.in_force(alliance, inforce.force([item] if month.last >= day else [], alliance, month))
        for month in months_of(alliance)
    ]


def test_a_factor_holds_while_it_lasts(small: Build) -> None:
    effects = {"factors": {"fx.USD.*.rate": 1.5, "workforce.roles.*.attrition_veteran": 3}}
    alliance = small(risks=risk(duration=2, effects=effects))
    terms = struck(alliance)
    assert [float(each.rate("USD", dt.date(2024, 1, 1))) for each in terms[:6]] == [100, 100, 150, 150, 100, 100]
    assert float(terms[2].workforce.roles["technician"].attrition_veteran) == pytest.approx(0.12)
    assert terms[4] == alliance


def test_a_factor_keeps_within_the_fields_limits() -> None:
    assert float(quantity("Fraction", 0.6).times(3)) == 1
    assert float(quantity("MoneyQ", "3 M USD").times(0.5)) == 1.5e6
    assert quantity("Factor", {"lognormal": [2, 0.3]}).times(2).spread.parameters == (4, quantity("Factor", 0.3).exact)


def closed(terms: list[Alliance], path: str) -> list[bool]:
    return [CLOSED in found(each, path)[0][1].after for each in terms]


def test_a_suspended_clause_waits_while_it_lasts(small: Build) -> None:
    paths = [
        "funding.tranches.grant", "site.phases.one", "workforce.cohorts.first", "equipment.orders.all",
        "technology.demonstrations.demo", "technology.development.loops", "technology.pdks.kit",
        "market.channels.office",
    ]  # fmt: skip
    terms = struck(small(risks=risk(duration=2, effects={"suspends": paths})))
    for path in paths:
        assert closed(terms, path)[:6] == [False, False, True, True, False, False], path


def test_what_lies_ahead_is_delayed_from_its_own_start(small: Build) -> None:
    changes = {"market__channels__office__start": "2024-08", "funding__tranches__grant__fiscal_year": 2025}
    delays = {"market.channels.office": 2, "funding.tranches.grant": 3, "site.phases.one": 1}
    terms = struck(small(risks=risk(effects={"delays": delays}), **changes))
    assert [i for i, shut in enumerate(closed(terms, "market.channels.office")) if shut] == [7, 8]
    assert [i for i, shut in enumerate(closed(terms, "funding.tranches.grant")) if shut] == [15, 16, 17]
    assert [i for i, shut in enumerate(closed(terms, "site.phases.one")) if shut] == [2]


def test_an_order_that_lies_ahead_moves_with_its_delivery_window(small: Build) -> None:
    order = {"tools": {"Me": 1}, "date": "2024-06", "deliver_from": "2025-01", "deliver_until": "2025-03-31"}
    terms = struck(small(equipment__orders={"all": order}, risks=risk(effects={"delays": {"equipment.orders.all": 4}})))
    moved = terms[-1].equipment.orders["all"]
    assert (moved.date, moved.deliver_from) == (dt.date(2024, 10, 1), dt.date(2025, 5, 1))
    assert moved.deliver_until == dt.date(2025, 7, 31)
    assert terms[1].equipment.orders["all"].date == dt.date(2024, 6, 1)


def test_a_partner_that_withdraws_takes_its_clauses_along(small: Build) -> None:
    programme = {"partner": "owner", "start": "2024-01", "lots": 3}
    alliance = small(
        technology__programmes={"joint": programme},
        market__channels__office__paid_by={"owner": 0.5, "state": 0.2},
        market__promotion={"spend": "1 M JPY/month", "paid_by": {"owner": 0.4}},
        risks=risk(effects={"withdraws": ["owner", "buyer"]}),
    )
    terms = struck(alliance)
    for path in ("workforce.cohorts.first", "technology.programmes.joint", "technology.demonstrations.demo"):
        assert closed(terms, path) == [False, False] + [True] * 34, path
    assert not any(closed(terms, "funding.tranches.grant"))
    assert set(terms[2].market.channels["office"].paid_by) == {"state"}
    assert terms[2].market.promotion.paid_by == {}
    assert terms[1].market.customers
    assert terms[2].market.customers == {}
    payer = struck(small(risks=risk(effects={"withdraws": "state"})))
    assert closed(payer, "funding.tranches.reward")[:3] == [False, False, True]


def test_paths_reach_identifiers_with_dots(small: Build) -> None:
    alliance = small(technology__pdks={"kit.1": {"build": 1, "engineers": 2}}, market__funnel={
        "talk": {"duration": 2, "probability": 1}})  # fmt: skip
    ((place, _),) = found(alliance, "technology.pdks.kit.1.build")
    assert place == ("technology", "pdks", "kit.1", "build")
    changed = amended(alliance, {place: lambda value: value.times(3)})
    assert float(changed.technology.pdks["kit.1"].build) == 3
    assert found(alliance, "technology.pdks.kit.2.build") == []


# The line's standstill


def test_the_floors_clock_stands_and_comes_back() -> None:
    clock = Clock().halted([(100, 150)]).halted([(300, 310)])
    assert [clock.floor(t) for t in (0, 100, 120, 150, 200, 305, 400)] == [0, 100, 100, 100, 150, 250, 340]
    assert [clock.calendar(t) for t in (0, 99, 100, 150, 250, 340)] == [0, 99, 150, 200, 310, 400]
    assert clock.stood(120, 305) == 35


def test_halts_are_cut_to_the_month_and_joined(small: Build) -> None:
    alliance = small(risks=risk(effects={"standstill": 10}))
    january, february = months_of(alliance)[:2]
    item = Occurrence("blow", 0, 28 * 1440.0, dt.date(2024, 1, 29), None, 1.0, 1.0, alliance.risks["blow"].effects)
    later = replace(item, minute=30 * 1440.0)
    assert strikes.halts([item], january) == ((28 * 1440.0, 31 * 1440.0),)
    assert strikes.halts([later, item], february) == ((31 * 1440.0, 40 * 1440.0),)
