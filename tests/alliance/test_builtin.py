"""The built-in alliance japan-us-2nm: complete, sourced, of the right order of money."""

from __future__ import annotations

import datetime as dt
import json
import math
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from pydantic import BaseModel
from typer.testing import CliRunner

from renkei.alliance import Alliance
from renkei.alliance.base import Terms
from renkei.alliance.builtin import builtin_alliances
from renkei.alliance.json_schema import alliance_schema
from renkei.alliance.reading import outline, read_alliance
from renkei.alliance.reference import reference
from renkei.alliance.uncertainty import drawn
from renkei.cli import app
from renkei.fab.builtin import load_fab
from renkei.fab.fab import Fab
from renkei.units import Quantity

NAME = "japan-us-2nm"
CLAUSES = {
    "seventy-billion", "continued-assistance", "joint-training", "sales-channels", "develop-two-nanometres",
    "produce-two-nanometres", "improve-technologies", "research-worldwide", "nstc", "ibm", "domestic-equipment",
    "digital-market", "seven-nanometre-demonstration",
}  # fmt: skip
MILESTONES = [
    "Site ready", "First EUV tool in", "First EUV exposure", "Pilot line start", "Functional transistor", "Prototype",
    "PDK 1.0", "Risk production", "Mass production, start", "Mass production, volume",
]  # fmt: skip
BN = 10**9


@pytest.fixture(scope="module")
def alliance() -> Alliance:
    return read_alliance(NAME)


@pytest.fixture(scope="module")
def sizes() -> tuple[Fab, Fab]:
    return load_fab("nanosheet-2nm", "pilot"), load_fab("nanosheet-2nm", "25k")


@pytest.mark.parametrize("name", builtin_alliances())
def test_every_built_in_alliance_is_right_in_every_scenario(name: str) -> None:
    for scenario in ("", *outline(name).scenarios):
        assert read_alliance(name, scenario).name == name


def test_it_covers_the_years_that_the_parties_promise(alliance: Alliance) -> None:
    assert (alliance.start, alliance.end) == (dt.date(2023, 1, 1), dt.date(2032, 3, 1))


def test_every_clause_of_the_agreement_has_its_place(alliance: Alliance) -> None:
    """That the paths lead somewhere is a rule; here: no clause of the model case is missing or empty-handed."""
    assert set(alliance.clauses) == CLAUSES
    assert all(clause.implemented_by and clause.source for clause in alliance.clauses.values())
    makers = {alliance.equipment.suppliers[path.rpartition(".")[2]].partner
              for path in alliance.clauses["domestic-equipment"].implemented_by}  # fmt: skip
    assert len(makers) >= 8
    assert {alliance.partners[maker].country for maker in makers} == {"JP"}


def test_the_milestones_are_those_of_the_model_case(alliance: Alliance) -> None:
    assert [milestone.name for milestone in alliance.milestones.values() if milestone.headline] == MILESTONES


def test_public_facts_are_kept(alliance: Alliance) -> None:
    milestones = alliance.milestones
    assert milestones["first-euv-in"].actual.date == dt.date(2024, 12, 14)  # type: ignore[union-attr]
    assert milestones["pilot-line-start"].actual.date == dt.date(2025, 4, 1)  # type: ignore[union-attr]
    assert milestones["functional-transistor"].actual.date == dt.date(2025, 7, 10)  # type: ignore[union-attr]
    promised = milestones["mass-production-start"].promised
    assert promised is not None
    assert (promised.date, promised.until) == (dt.date(2027, 10, 1), dt.date(2028, 3, 31))
    assert alliance.site.phases["iim1"].start == dt.date(2023, 9, 1)
    albany = [cohort for cohort in alliance.workforce.cohorts.values() if cohort.host == "ibm"]
    assert sum(float(cohort.seats) for cohort in albany) == 150
    assert sum(float(role.max_hires) for role in alliance.workforce.roles.values()) <= 34


def test_money_done_or_approved_is_two_trillion(alliance: Alliance) -> None:
    """model.md, Funding: no totals, no needs, no targets; planned money apart."""
    funding = alliance.funding
    opening = sum(float(item.amount) for item in funding.opening_balance.values())
    firm = sum(float(t.amount) for t in funding.tranches.values() if t.status != "planned")
    planned = {name: float(t.amount) / BN for name, t in funding.tranches.items() if t.status == "planned"}
    back_end = sum(float(t.amount) for t in funding.tranches.values() if t.eligible == "back_end")
    assert opening == pytest.approx(77.3 * BN)
    assert opening + firm == pytest.approx(1997.4 * BN)
    assert back_end == pytest.approx(180.5 * BN)
    assert sum(planned.values()) == pytest.approx(150 + 930 + 2000 + (1000 - 7.3 - 167.6))
    assert all(float(t.probability) == 1 for t in funding.tranches.values() if t.status != "planned")


def test_tools_and_building_cost_what_such_fabs_cost(alliance: Alliance, sizes: tuple[Fab, Fab]) -> None:
    """IBS, 2023-12: 560 M USD per 1,000 wafers a month for a 2 nm fab; estimates are ±40 %."""
    pilot, full = sizes
    prices = {name: group.price_musd or 0 for name, group in full.tool_groups.items()}
    factor = float(alliance.equipment.orders["pilot-line"].price_factor)
    tools = factor * sum(prices[name] * group.tools for name, group in full.tool_groups.items())
    building = sum(float(phase.cost) for phase in alliance.site.phases.values()) / 152e6
    assert (tools + building) / 25 == pytest.approx(560, rel=0.25)
    assert 0.15 < building / (tools + building) < 0.30
    assert alliance.equipment.default_price is None
    assert all(price > 0 for price in prices.values())
    assert 0.15 < sum(prices[n] * g.tools for n, g in pilot.tool_groups.items()) / (tools / factor) < 0.30


def test_needs_are_of_the_public_order(alliance: Alliance, sizes: tuple[Fab, Fab]) -> None:
    """Without the second fab: below the public 7 trillion yen, of the order of the 5 to the start of production."""
    years = 9.25
    prices = {name: group.price_musd or 0 for name, group in sizes[1].tool_groups.items()}
    tools = 1.1 * 152e6 * sum(prices[name] * group.tools for name, group in sizes[1].tool_groups.items())
    building = sum(float(phase.cost) for phase in alliance.site.phases.values())
    research = sum(
        float(p.cost) * ((p.end or alliance.end) - p.start).days / 365.25
        for p in alliance.technology.programmes.values()
    )
    licence = sum(float(d.fee) for d in alliance.technology.demonstrations.values())
    payroll = sum(
        float(r.targets[-1].people) * 0.7 * float(r.salary) * (1 + float(r.overhead)) * years
        for r in alliance.workforce.roles.values()
    )
    wafers = 152 * 12 * (3000 + 1500) * 10_000 * 3
    total = (tools + building + research + licence + payroll + wafers) / 1e12
    assert 3.5 < total < 7, total


def test_the_site_has_places_for_every_tool(alliance: Alliance, sizes: tuple[Fab, Fab]) -> None:
    bays = {phase: sum(bay.tool_places for bay in p.bays.values()) for phase, p in alliance.site.phases.items()}
    assert sum(bays.values()) >= sizes[1].tools
    assert bays["iim1"] >= 2 * sizes[0].tools


def test_orders_lead_to_25k_and_the_pilot_has_one_of_each(alliance: Alliance, sizes: tuple[Fab, Fab]) -> None:
    """The same arithmetic as the declaration says: what is missing, its share, rounded up."""
    have = dict.fromkeys(sizes[0].tool_groups, 0)
    after: dict[str, dict[str, int]] = {}
    for name, order in alliance.equipment.orders.items():
        target = {"pilot": sizes[0], "25k": sizes[1]}.get(order.to_size)
        for group in have:
            missing = target.tool_groups[group].tools - have[group] if target and group not in order.but else 0
            have[group] += order.tools.get(group, 0) + max(0, math.ceil(missing * float(order.share) - 1e-9))
        after[name] = dict(have)
    assert min(after["first-of-each"].values()) == 1
    assert after["pilot-line"] == {name: group.tools for name, group in sizes[0].tool_groups.items()}
    assert after["twenty-five-thousand"] == {name: group.tools for name, group in sizes[1].tool_groups.items()}


def test_every_tool_has_a_declared_maker(alliance: Alliance, sizes: tuple[Fab, Fab]) -> None:
    suppliers = alliance.equipment.suppliers.values()
    spellings = {name: supplier for supplier in suppliers for name in supplier.fab_suppliers}
    for group in sizes[1].tool_groups.values():
        maker = alliance.partners[spellings[group.supplier].partner]
        assert (maker.country, "equipment_maker" in maker.roles) == (group.country, True)


def test_every_number_has_a_source_or_is_marked_a_guess(alliance: Alliance) -> None:
    bare = [
        path
        for path, quantity, source, confidence in _numbers("", alliance, "", "")
        if not _told(quantity, source, confidence)
    ]
    assert bare == []


def test_guesses_are_of_low_confidence(alliance: Alliance) -> None:
    wrong = [
        path
        for path, value, source, confidence in _numbers("", alliance, "", "")
        if isinstance(value, Quantity) and source.startswith("guess") and confidence != "low"
    ]
    assert wrong == []


def test_the_agreement_alone_differs_only_in_money(alliance: Alliance) -> None:
    agreement = read_alliance(NAME, "agreement")
    assert agreement.scenario == ("agreement",)
    assert not agreement.funding.tranches
    assert agreement.funding.opening_balance == alliance.funding.opening_balance
    funding = agreement.funding.model_copy(update={"tranches": alliance.funding.tranches})
    actuals = agreement.actuals.model_copy(update={"receipts": alliance.actuals.receipts})
    assert agreement.model_copy(update={"funding": funding, "actuals": actuals, "scenario": ()}) == alliance


def test_committed_money_is_not_planned() -> None:
    assert {tranche.status for tranche in read_alliance(NAME, "committed").funding.tranches.values()} == {
        "done",
        "approved",
    }


def test_a_drawn_future_keeps_the_rules(alliance: Alliance) -> None:
    """Extremes of what is uncertain are values like any others: the schema accepts each of them."""
    for seed in range(3):
        future = drawn(alliance, seed)
        assert Alliance.model_validate(future.model_dump(by_alias=True)) == future


def test_the_alliance_fits_its_json_schema() -> None:
    """Key by key: every field of the file is a property of the schema at its place."""
    schema = alliance_schema()
    assert set(json.loads(json.dumps(schema))["properties"]) >= {"partners", "funding", "milestones"}
    assert "id" not in schema["$defs"]["Cohort"]["properties"]
    after = schema["$defs"]["Tranche"]["properties"]["after"]
    assert {"array", "string"} <= {part.get("type") for part in after["anyOf"]}


def test_check_says_what_is_right_and_what_is_wrong(tmp_path: Any) -> None:
    run = CliRunner()
    good = run.invoke(app, ["check", NAME, "--json"])
    assert good.exit_code == 0, good.output
    facts = json.loads(good.stdout)
    assert facts["errors"] == []
    assert facts["scenarios"][0] == "agreement"
    (tmp_path / "alliance.yaml").write_text("name: x\n", encoding="utf-8")
    bad = run.invoke(app, ["check", str(tmp_path)])
    assert bad.exit_code == 2
    assert "alliance.yaml:1  partners is missing" in bad.output


def test_check_tells_the_share_of_domestic_makers(tmp_path: Path) -> None:
    """Two of five tools, at the same price each, are of a maker at home."""
    run, text = CliRunner(), Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")
    text = text.replace("country: NL", "country: JP").replace("supplies: [Mab, Mcd]", "supplies: Mab")
    for agreed, verdict in ((0.3, "kept"), (0.5, "not kept")):
        with_ = text.replace("  default_price:", f"  domestic: {{minimum: {agreed}}}\n  default_price:")
        (tmp_path / "alliance.yaml").write_text(with_, encoding="utf-8")
        said = run.invoke(app, ["check", str(tmp_path)])
        assert f"40% of the tools' value at list prices, {agreed:.0%} agreed: {verdict}" in said.output
    facts = json.loads(run.invoke(app, ["check", str(tmp_path), "--json"]).stdout)
    assert (facts["domestic_share"], facts["domestic_minimum"]) == (pytest.approx(0.4), 0.5)
    assert "agreed" not in run.invoke(app, ["check", NAME]).output


def test_the_pages_say_what_the_program_says(alliance: Alliance) -> None:
    docs = Path(__file__).parents[2] / "docs"
    assert (docs / "alliance-format.md").read_text(encoding="utf-8") == reference(), "renkei schema --markdown"
    case = (docs / "model-case.md").read_text(encoding="utf-8")
    for clause in alliance.clauses.values():
        assert all(f"`{path}`" in case for path in clause.implemented_by), clause.id


def test_list_and_schema() -> None:
    run = CliRunner()
    shown = json.loads(run.invoke(app, ["list", "--json"]).stdout)
    assert NAME in [entry["name"] for entry in shown["alliances"]]
    assert {"minifab", "nanosheet-2nm"} <= {entry["name"] for entry in shown["fabs"]}
    assert json.loads(run.invoke(app, ["schema"]).stdout)["title"] == "Renkei alliance"


def _numbers(path: str, value: Any, source: str, confidence: str) -> Iterator[tuple[str, Any, str, str]]:
    """Yield each number with the source and confidence that hold for it: its own, else those of the blocks around."""
    if isinstance(value, Terms):
        source, confidence = value.source or source, value.confidence or confidence
    if isinstance(value, Quantity):
        yield path, value, value.source or source, value.confidence or confidence
    elif isinstance(value, BaseModel):
        for name in value.model_fields_set & set(type(value).model_fields):
            yield from _numbers(f"{path}.{name}", getattr(value, name), source, confidence)
        for name in set(type(value).model_fields) - value.model_fields_set:
            if isinstance(default := getattr(value, name), (Quantity, BaseModel)):
                yield from _numbers(f"{path}.{name}", default, source, confidence)
    elif isinstance(value, Mapping):
        if isinstance(value.get("source"), str):  # a block as written, in a scenario
            source, confidence = value["source"], value.get("confidence", confidence)
        for key, part in value.items():
            yield from _numbers(f"{path}.{key}", part, source, confidence)
    elif isinstance(value, tuple):
        for at, part in enumerate(value):
            yield from _numbers(f"{path}.{at}", part, source, confidence)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield path, value, source, confidence


def _told(value: Any, source: str, confidence: str) -> bool:
    """Whether a number is told with source and confidence; 0 and 1 that nobody wrote mean "none" and "as it is"."""
    neutral = isinstance(value, Quantity) and not value.uncertain and float(value) in (0, 1)
    return neutral or bool(source and confidence)
