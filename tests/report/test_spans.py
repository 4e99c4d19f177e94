"""Spans of the binding constraint and their sentences."""

from __future__ import annotations

import datetime as dt

from renkei.report.spans import Bound, spans

WAFERS = "good wafers/month"


def bound(month: int, constraint: str, limit: str = "", unit: str = WAFERS, **limits: float) -> Bound:
    return Bound(dt.date(2024, month, 1), constraint, limit or constraint, limits, unit)


def test_months_in_a_row_are_one_span() -> None:
    found = spans([bound(1, "site"), bound(2, "site"), bound(3, "money"), bound(4, "site")])
    assert [(s.constraint, s.months, s.when) for s in found] == [
        ("site", 2, "2024-01 – 2024-02"),
        ("money", 1, "2024-03"),
        ("site", 1, "2024-04"),
    ]


def test_sentence_names_what_was_allowed_and_what_would_have_been_next() -> None:
    limits = {"tools": 4000.0, "people": 9000.0}
    (span,) = spans([bound(month, "demand", demand=1000.0 + month, **limits) for month in (1, 2, 3)])
    assert span.sentence() == (
        "Demand: customers had not ordered more. Allowed: 1,000 good wafers/month; "
        "next would have been tools, at 4,000."
    )


def test_sentence_of_a_slip_names_its_root() -> None:
    (span,) = spans([bound(1, "money", "tools", tools=0.0, money=50.0, technology=0.0)])
    assert span.constraint == "money"
    assert span.sentence() == (
        "Money: installed and qualified tools were too few, and the root of that is money. "
        "Allowed: 0 good wafers/month; as tight: technology."
    )


def test_numbers_are_of_the_unit_of_most_months() -> None:
    lots = "development lots/month"
    (span,) = spans(
        [
            bound(1, "people", unit=lots, people=7.0),
            bound(2, "people", unit=lots, people=9.0),
            bound(3, "people", people=500.0),
        ]
    )
    assert span.allowed == "8 development lots/month"


def test_without_any_limit() -> None:
    (span,) = spans([bound(1, "demand")])
    assert span.sentence() == "Demand: customers had not ordered more. Allowed: any number."
