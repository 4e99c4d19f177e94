"""Exchange rates given and walking, and amounts in prices of a year."""

from __future__ import annotations

import datetime as dt
import math
import statistics
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from renkei.alliance import Alliance
from renkei.alliance.exchange import walked
from renkei.alliance.rules.scene import Scene
from renkei.alliance.rules.sense import money_fits_the_ledger
from renkei.alliance.uncertainty import drawn
from renkei.errors import RunError
from renkei.months.calendar import months_of
from renkei.months.crew import bill, fresh_crew
from renkei.months.ledger import Ledger, Posting
from renkei.months.money import fresh_money, owe, receive
from renkei.months.obligations import due
from renkei.units import Quantity, quantity
from tests.alliance.broken import problems, replaced
from tests.months.conftest import SMALL, changed


def alliance(**changes: Any) -> Alliance:
    return Alliance.model_validate(changed(SMALL, **changes))


def walking(volatility: float = 0.03, **more: Any) -> dict[str, Any]:
    return {"USD": [{"rate": 100}, {"start": "2024-07", "rate": 150, "walk": {"volatility": volatility, **more}}]}


def rates(terms: Alliance, seed: int, currency: str = "USD") -> list[float]:
    known = walked(terms, seed)
    return [float(known.rate(currency, month.first)) for month in months_of(terms)]


def test_a_walk_begins_at_its_rate_and_moves_every_month() -> None:
    found = rates(alliance(fx=walking()), 3)
    assert found[:7] == [100] * 6 + [150]
    assert len(set(found[6:])) == 30
    assert min(found) > 0


def test_no_walk_leaves_what_a_rate_may_be() -> None:
    wild = alliance(fx=walking(1, drift="100000 %/year"))
    assert all(1e-6 <= rate <= 1e6 for seed in range(20) for rate in rates(wild, seed))
    assert max(rates(wild, 0)) == 1e6


@pytest.mark.parametrize(
    ("fx", "said"),
    [
        ({"USD": 1e10}, "must be at most 1,000,000"),
        ({"USD": 1e-9}, "must be at least 1e-06"),
        ({"USD": {"rate": 150, "walk": {"volatility": "300 %/month"}}}, "must be at most 1 /month"),
    ],
)
def test_rates_that_no_currency_has_are_refused(fx: dict[str, Any], said: str) -> None:
    with pytest.raises(ValueError, match=said):
        alliance(fx=fx)


@pytest.mark.parametrize("change", ["-100 %/year", "900 %/year"])
def test_price_changes_that_no_index_has_are_refused(change: str) -> None:
    with pytest.raises(ValueError, match="must be at"):
        alliance(inflation={"JPY": change})


def test_an_amount_that_the_ledger_cannot_hold_is_refused_where_it_is_written() -> None:
    terms = alliance(fx={"USD": 1e6}, equipment__default_price="2e10 USD")
    faults = list(money_fits_the_ledger(Scene.of(terms, None)))
    assert [fault.path for fault in faults] == [("equipment", "default_price")]
    assert "is 2.0e+16 yen at the rates and prices declared; must be at most 1e+16 yen" in faults[0].message
    terms = alliance(fx={"USD": 1e6}, equipment__default_price="9e9 USD")
    assert not list(money_fits_the_ledger(Scene.of(terms, None)))


def test_the_ledger_stops_before_64_bits_do() -> None:
    most = Posting(dt.date(2024, 1, 1), "cash.any", "grant", 2**60, Decimal(2**60), "JPY", "state", "grant")
    full = Ledger().posted([most])
    with pytest.raises(RunError, match=r"cash\.any comes to .* check fx, inflation"):
        full.posted([replace(most, yen=1)])


def test_a_walk_without_volatility_follows_its_drift() -> None:
    found = rates(alliance(fx=walking(0, drift="12 %/year")), 0)
    assert found[18] == pytest.approx(150 * math.exp(0.12), rel=1e-6)


def test_the_walk_has_the_declared_mean_and_spread() -> None:
    terms = alliance(fx=walking(0.05))
    ends = [rates(terms, seed)[18] for seed in range(400)]
    assert statistics.mean(ends) == pytest.approx(150, rel=3 * 0.05 * math.sqrt(12) / 20)
    logs = [math.log(rate / 150) for rate in ends]
    assert statistics.stdev(logs) == pytest.approx(0.05 * math.sqrt(12), rel=0.15)


def test_more_volatility_spreads_the_same_luck_wider() -> None:
    calm, wild = (rates(alliance(fx=walking(v)), 7) for v in (0.01, 0.04))
    assert statistics.pstdev(map(math.log, wild[6:])) > statistics.pstdev(map(math.log, calm[6:]))


def test_a_walk_shifts_nobodys_luck() -> None:
    price = {"triangular": [1, 2, 3], "unit": "bn JPY"}
    plain, walks = (
        walked(drawn(alliance(fx=fx, site__phases__one__cost=price), 5), 5).site.phases["one"].cost.exact
        for fx in ({"USD": 100}, walking())
    )
    assert plain == walks


def test_a_later_rate_ends_the_walk() -> None:
    fx = {"USD": [{"rate": 100, "walk": {"volatility": 0.1}}, {"start": "2024-04-15", "rate": 200}]}
    found = rates(alliance(fx=fx), 1)
    assert found[0] == 100
    assert found[4:] == [200] * 32
    assert walked(alliance(fx=fx), 1).rate("USD", dt.date(2024, 4, 15)) == 200


def test_currencies_with_a_common_factor_move_together() -> None:
    def moves(correlation: float) -> float:
        walk = {"volatility": 0.05, "correlated_with": "yen", "correlation": correlation}
        fx = {name: {"rate": 100, "walk": walk} for name in ("USD", "EUR")}
        pairs = []
        for seed in range(8):
            usd, eur = (rates(alliance(fx=fx), seed, name) for name in ("USD", "EUR"))
            pairs += [(math.log(usd[n + 1] / usd[n]), math.log(eur[n + 1] / eur[n])) for n in range(len(usd) - 1)]
        return statistics.correlation(*zip(*pairs, strict=True))

    assert moves(0.95) == pytest.approx(0.95**2, abs=0.06)
    assert abs(moves(0.1)) < 0.15


def test_prices_of_a_year_follow_the_index() -> None:
    terms = alliance(inflation={"JPY": [{"year": 2023, "rate": 0.1}, {"year": 2025, "rate": 0.5}]})
    money = quantity("MoneyQ", {"value": "100 JPY", "prices_of": 2022})
    days = [dt.date(year, 6, 1) for year in (2022, 2023, 2024, 2025)]
    assert [terms.priced(money, day) for day in days] == [100, 110, 121, Decimal("181.5")]
    assert terms.priced(quantity("MoneyQ", {"value": 110, "prices_of": 2023}), days[0]) == pytest.approx(100)
    assert terms.yen(quantity("MoneyQ", 100), days[3]) == 100


def test_wages_bills_and_grants_follow_the_index() -> None:
    salary = {"value": "12 M JPY/year", "prices_of": 2023}
    grant = {"payer": "state", "kind": "grant", "amount": {"value": 1200, "prices_of": 2023}, "fiscal_year": 2024}
    terms = alliance(
        inflation={"JPY": "10 %/year"}, workforce__roles__engineer__salary=salary, funding__tranches={"g": grant}
    )
    months = months_of(terms)
    wages = next(item for item in bill(fresh_crew(terms), terms, months[12]) if item.key == "payroll.engineer")
    overhead = 1 + terms.workforce.roles["engineer"].overhead.exact
    assert wages.amount == 40 * 1_000_000 * overhead * Decimal("1.21")
    cost = due("k", "research", months[0].first, quantity("MoneyQ", {"value": 100, "prices_of": 2023}), "x", "y")
    assert owe(fresh_money(terms, 0), terms, [cost]).open[0].yen == 110
    books, flows = fresh_money(terms, 0), []
    for month in months[:18]:
        books = receive(books, terms, month, {})
        flows.append(books.received.get("grant", 0))
    assert flows == [0] * 3 + [110] * 9 + [121] * 3 + [0] * 3


def test_a_price_year_is_kept_through_text() -> None:
    money = quantity("MoneyQ", {"uniform": [1, 2], "unit": "bn JPY", "prices_of": 2020})
    again: Quantity = quantity("MoneyQ", money.plain())
    assert (again.prices_of, again.at(0.5).prices_of) == (2020, 2020)


RATE, COST, PRICE = "  USD: 140\n", "cost: 3 bn JPY", "default_price: 5 M USD"


@pytest.mark.parametrize(
    ("old", "new", "field", "message"),
    [
        (RATE, "  USD: {rate: 140, walk: {volatility: -1 %/month}}\n", "fx.USD", "must not be negative"),
        (RATE, "  USD: {rate: 140, walk: {volatility: 1 %/month, correlation: 0.5}}\n", "fx.USD", "both"),
        (RATE, f"{RATE}inflation:\n  JPY: [{{year: 2025, rate: 0.1}}, {{year: 2024, rate: 0}}]\n", "", "rise in year"),
        (COST, "cost: {value: 3 bn JPY, prices_of: 2023}", "inflation", "has no index for JPY"),
        (COST, "cost: {value: 3 bn JPY, prices_of: soon}", "site.phases.one.cost", "a year between"),
        (PRICE, "default_price: {value: 5 M USD, prices_of: 2023}", "equipment.default_price", "no index"),
        (
            "stay: 6 months",
            "stay: {value: 6 months, prices_of: 2023}",
            "workforce.cohorts.first.stay",
            "belongs to money",
        ),
    ],
)
def test_what_is_wrong_with_rates_and_prices_is_said(
    old: str, new: str, field: str, message: str, tmp_path: Path
) -> None:
    found = problems(replaced(old, new), tmp_path)
    assert len(found) == 1
    assert found[0].field.startswith(field)
    assert message in found[0].message
