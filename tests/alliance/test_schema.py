"""The schema of an alliance: what is accepted, what is refused and how."""

from __future__ import annotations

import copy
import datetime as dt
from decimal import Decimal
from typing import Any

import pytest
from pydantic import TypeAdapter, ValidationError

from renkei.alliance import Alliance
from renkei.alliance.base import Dated
from renkei.alliance.equipment import Order, Payment
from renkei.alliance.funding import COSTS, Funding, Tranche
from renkei.alliance.milestones import METRICS, Condition, Metric, Milestone
from renkei.alliance.uncertainty import drawn, quantities

TINY: dict[str, Any] = {
    "name": "tiny",
    "title": "A small alliance on the Mini-Fab",
    "start": "2024-01",
    "end": "2025-12",
    "fab": "minifab",
    "fx": {"USD": 140, "EUR": [{"start": "2024-01", "rate": 150}, {"start": "2024-07", "rate": 160}]},
    "clauses": {
        "train": {"text": "Engineers are trained at the owner's.", "implemented_by": "workforce.cohorts.first"}
    },
    "partners": {
        "state": {"name": "The state", "country": "JP", "roles": "government"},
        "maker": {"name": "The maker", "country": "JP", "roles": ["manufacturer"]},
        "owner": {"name": "The owner", "country": "US", "roles": ["technology_owner", "research_institute"]},
    },
    "funding": {
        "opening_balance": {"founders": {"payer": "maker", "amount": "2 bn JPY"}},
        "tranches": {
            "grant": {
                "payer": "state",
                "kind": "grant",
                "amount": "10 bn JPY",
                "fiscal_year": 2024,
                "reimbursed": True,
            },
            "reward": {"payer": "state", "kind": "grant", "amount": "1 bn JPY", "after": "first-silicon"},
        },
    },
    "site": {
        "phases": {
            "one": {
                "start": "2024-01-15",
                "build": {"triangular": [3, 4, 6], "unit": "months", "source": "guess", "confidence": "low"},
                "cost": "3 bn JPY",
                "bays": {"a": {"tool_places": 6}},
                "dock_tools_per_week": "2 tools/week",
            }
        }
    },
    "workforce": {
        "employer": "maker",
        "roles": {
            "engineer": {
                "kind": "engineer",
                "headcount": 5,
                "targets": [{"by": "2024-12", "people": "20 people"}],
                "max_hires": "3 people/month",
                "salary": "10 M JPY/year",
            }
        },
        "cohorts": {
            "first": {
                "role": "engineer",
                "host": "owner",
                "seats": 3,
                "start": "2024-02",
                "stay": "6 months",
                "cost": "2 M JPY/person-month",
            }
        },
    },
    "equipment": {"default_price": "5 M USD", "orders": {"all": {"tools": {"Ma_Mb": 2}, "date": "2024-01"}}},
    "technology": {
        "node": "minifab",
        "test_chip": {"width": 10, "height": "1 cm"},
        "development": {"loops": {"product": "A", "kind": "full_loop"}},
    },
    "market": {
        "segments": {
            "all": {"demand": "2 k wafers/month", "die": {"width": 8, "height": 8}, "product": "A"},
        },
        "funnel": {"talk": {"duration": 2, "probability": "50 %"}, "volume": {"duration": 3, "probability": 1}},
        "price": {"incumbent": "1000 USD/wafer", "on": "2024-01"},
    },
    "milestones": {
        "first-silicon": {
            "name": "First silicon",
            "when": {"all": [{"metric": "lots_finished", "of": "A", "at_least": 1}]},
            "promised": "2024-10",
        },
        "volume": {
            "name": "Volume",
            "when": {"any": [{"metric": "wafers_out", "at_least": "1 k wspm", "for": "3 months"}]},
            "actual": {"date": "2025-01", "until": "2025-03", "source": "a page"},
        },
    },
}


def changed(path: str, value: Any) -> dict[str, Any]:
    """The tiny alliance with one field changed; None removes it."""
    data = copy.deepcopy(TINY)
    at: Any = data
    *above, last = path.split(".")
    for key in above:
        at = at.setdefault(key, {})
    if value is None:
        del at[last]
    else:
        at[last] = value
    return data


def said(data: dict[str, Any]) -> list[tuple[str, str]]:
    """Place and text of each thing wrong."""
    with pytest.raises(ValidationError) as caught:
        Alliance.model_validate(data)
    return [(".".join(str(part) for part in error["loc"]), error["msg"]) for error in caught.value.errors()]


def test_tiny_alliance_is_read() -> None:
    alliance = Alliance.model_validate(TINY)
    assert alliance.months == 24
    assert alliance.workforce.cohorts["first"].id == "first"
    assert alliance.clauses["train"].implemented_by == ("workforce.cohorts.first",)
    assert float(alliance.technology.test_chip.height) == 10
    assert alliance.milestones["volume"].when.conditions[0].level == 1000
    assert "tiny" in repr(alliance)


def test_dump_reads_back_equal() -> None:
    alliance = Alliance.model_validate(TINY)
    assert Alliance.model_validate_json(alliance.model_dump_json(by_alias=True)) == alliance
    assert Alliance.model_validate(alliance.model_dump()) == alliance


def test_rates_hold_from_their_day() -> None:
    alliance = Alliance.model_validate(TINY)
    assert alliance.rate("EUR", dt.date(2024, 6, 30)) == 150
    assert alliance.rate("EUR", dt.date(2024, 7, 1)) == 160
    assert alliance.rate("EUR", dt.date(2020, 1, 1)) == 150
    assert alliance.rate("JPY", dt.date(2024, 1, 1)) == Decimal(1)
    price = alliance.equipment.default_price
    assert price is not None
    assert alliance.yen(price, dt.date(2024, 1, 1)) == 700_000_000


@pytest.mark.parametrize(
    ("path", "value", "place", "text"),
    [
        ("workforce.cohorts.first.stay", "-6 months", "workforce.cohorts.first.stay", "= -6 months; must be positive"),
        ("workforce.cohorts.first.stay", "12 mnths", "workforce.cohorts.first.stay", "is not a duration"),
        ("workforce.cohorts.first.stai", 1, "workforce.cohorts.first.stai", "Extra inputs are not permitted"),
        ("workforce.cohorts.first.host", None, "workforce.cohorts.first.host", "Field required"),
        ("workforce.cohorts.first.id", "x", "workforce.cohorts", 'under the key "first"'),
        ("start", "2026-01", "", "must not be before start"),
        ("end", "2323", "end", '= "2323" is not a date'),
        ("partners.owner.country", "USA", "partners.owner.country", "pattern"),
        ("partners.owner.roles", "owner", "partners.owner.roles.0", "technology_owner"),
        ("fx.EUR", [{"start": "2024-07", "rate": 1}, {"rate": 2}], "", "fx.EUR must rise in date"),
        ("funding.tranches.grant.date", "2024-05", "funding.tranches.grant", "both date and fiscal_year"),
        (
            "funding.tranches.reward.after",
            None,
            "funding.tranches.reward",
            "needs a date, a fiscal_year or a milestone",
        ),
        ("funding.tranches.grant.kind", "guaranteed_loan", "funding.tranches.grant", "`loan` terms belong to"),
        ("funding.tranches.reward.reimbursed", True, "funding.tranches.reward", "needs a fiscal_year"),
        ("funding.priorities", ["tools"], "funding", "priorities must name every cost once; missing: payroll"),
        ("site.phases.one.bays", {}, "site.phases.one.bays", "at least 1 item"),
        ("equipment.orders.all.to_size", "25k", "equipment.orders.all", "exactly one of tools, to_size"),
        ("equipment.orders.all.deliver_from", "2023-05", "equipment.orders.all", "before the order"),
        ("equipment.payment.order", 0.5, "equipment.payment", "must sum to 1"),
        ("technology.defects.floor", 6, "technology", "must be below initial"),
        ("technology.line_yield.pilot", 0.99, "technology.line_yield", "must not be above mature"),
        ("milestones.volume.when.all", [{"metric": "cash"}], "milestones.volume.when", "exactly one of all, any"),
        ("milestones.volume.actual.until", "2024-12", "milestones.volume.actual", "must not end before it begins"),
    ],
)
def test_wrong_terms_are_refused_at_their_place(path: str, value: Any, place: str, text: str) -> None:
    found = said(changed(path, value))
    assert any(where == place and text in message for where, message in found), found


def test_all_problems_come_at_once() -> None:
    data = changed("workforce.cohorts.first.stay", 0)
    data["site"]["phases"]["one"]["cost"] = "much"
    data["milestones"]["volume"]["when"]["any"][0]["metric"] = "wafer_out"
    places = {place for place, _ in said(data)}
    assert {"workforce.cohorts.first.stay", "site.phases.one.cost", "milestones.volume.when.any.0.metric"} <= places


@pytest.mark.parametrize(
    ("condition", "text"),
    [
        ({"metric": "wafer_out"}, '= "wafer_out" is not a metric; did you mean "wafers_out"?'),
        ({"metric": "steps_done"}, "metric steps_done needs `of`: a tool group"),
        ({"metric": "d0", "of": "A"}, "metric d0 takes no `of`"),
        ({"metric": "d0", "at_most": "0.5 /m2"}, '= "0.5 /m2" does not fit the metric; write a number in /cm2'),
        ({"metric": "d0", "at_most": 1, "at_least": 0}, "both at_least and at_most"),
        ({"metric": "d0", "at_most": 1, "for": "-1 months"}, "must be positive"),
    ],
)
def test_wrong_conditions(condition: dict[str, Any], text: str) -> None:
    with pytest.raises(ValidationError) as caught:
        Condition.model_validate(condition)
    assert text in str(caught.value)


def test_conditions_compare() -> None:
    low = Condition.model_validate({"metric": "d0", "at_most": "0.5 /cm2"})
    assert [low.holds(value) for value in (None, 0.4, 0.5, 0.6)] == [False, True, True, False]
    share = Condition.model_validate({"metric": "systematic_yield", "at_least": "80 %"})
    assert (share.level, share.holds(0.79), share.holds(0.8)) == (0.8, False, True)
    assert Condition.model_validate({"metric": "cash", "at_least": "1.5 bn JPY"}).level == 1.5e9
    assert Condition.model_validate({"metric": "process_frozen"}).level == 1


def test_every_metric_is_described() -> None:
    assert set(METRICS) == set(Metric)
    assert all(info.of or info.optional for info in METRICS.values())


def test_a_bare_date_is_a_dated_fact() -> None:
    read = Milestone.model_validate({"name": "m", "when": {"all": [{"metric": "cash"}]}, "promised": "2027-10"})
    assert read.promised == Dated(date=dt.date(2027, 10, 1))


def test_defaults_are_complete() -> None:
    assert Funding().priorities == COSTS
    shares = Payment()
    assert float(shares.order) + float(shares.delivery) + float(shares.acceptance) == pytest.approx(1)


def test_fiscal_years_and_gates_make_a_tranche() -> None:
    data = {
        "payer": "state",
        "kind": "grant",
        "amount": 1,
        "fiscal_year": 2026,
        "until_fiscal_year": 2027,
        "after": ["a"],
    }
    assert Tranche.model_validate(data).after == ("a",)
    with pytest.raises(ValidationError, match="until_fiscal_year = 2025 must not be before"):
        Tranche.model_validate({**data, "until_fiscal_year": 2025})


def test_order_to_a_size() -> None:
    order = Order.model_validate({"to_size": "pilot", "only": "Litho", "after": "site-ready"})
    assert (order.only, order.after) == (("Litho",), ("site-ready",))


def test_guesses_say_that_they_are() -> None:
    defaults = dict(quantities(Alliance.model_validate(TINY)))
    assert defaults["technology.learning.rate"].confidence == "low"
    defects = [value for path, value in defaults.items() if path.startswith("technology.defects")]
    assert len(defects) == 2
    assert all(value.confidence and value.source for value in defects)


def test_ledger_has_paths_of_identifiers() -> None:
    paths = [path for path, _ in quantities(Alliance.model_validate(TINY))]
    assert "workforce.cohorts.first.stay" in paths
    assert "workforce.roles.engineer.targets.0.people" in paths
    assert len(paths) == len(set(paths))


def test_a_future_draws_by_path_not_by_order() -> None:
    alliance = Alliance.model_validate(TINY)
    one, two = drawn(alliance, 1), drawn(alliance, 2)
    assert drawn(alliance, 1) == one
    each = {"technology.excursions.loss", "technology.excursions.length"}  # drawn for every excursion
    assert {path for path, value in quantities(one) if value.uncertain} == each
    build = one.site.phases["one"].build
    assert 3 < float(build) < 6
    assert build != two.site.phases["one"].build
    assert (build.source, build.confidence) == ("guess", "low")
    more = changed(
        "workforce.cohorts", {"zeroth": TINY["workforce"]["cohorts"]["first"]} | TINY["workforce"]["cohorts"]
    )
    assert drawn(Alliance.model_validate(more), 1).site == one.site


def test_correlated_values_move_together() -> None:
    late = {"triangular": [3, 4, 6], "correlated_with": "site.phases.one.build", "correlation": 0.99}
    alliance = Alliance.model_validate(changed("workforce.cohorts.first.stay", late))
    plain = {"triangular": [3, 4, 6]}
    unrelated = Alliance.model_validate(changed("workforce.cohorts.first.stay", plain))

    def distance(terms: Alliance) -> float:
        futures = [drawn(terms, seed) for seed in range(40)]
        return sum(abs(float(f.site.phases["one"].build) - float(f.workforce.cohorts["first"].stay)) for f in futures)

    assert distance(alliance) < 0.25 * distance(unrelated)


def test_frozen() -> None:
    alliance = Alliance.model_validate(TINY)
    with pytest.raises(ValidationError, match="frozen"):
        alliance.name = "other"  # type: ignore[misc]


def test_json_schema_documents_the_fields() -> None:
    schema = TypeAdapter(Alliance).json_schema()
    cohort = schema["$defs"]["Cohort"]
    assert cohort["additionalProperties"] is False
    assert cohort["properties"]["stay"]["examples"] == ["18 months"]
    assert "travel" in cohort["properties"]["delay"]["description"]
