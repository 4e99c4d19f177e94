"""Each rule of an alliance: broken by one change of the small alliance, and only that rule speaks."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any, get_args, get_origin, get_type_hints

import pytest
from pydantic import BaseModel

from renkei.alliance.alliance import Alliance
from renkei.alliance.base import FabName, FabNames, Name, Names
from renkei.alliance.fields import fields, models
from renkei.alliance.reading import read_alliance
from renkei.alliance.rules import RULES, Scene, broken, fabric, names
from renkei.alliance.tree import parse, plain
from renkei.fab.builtin import load_fab
from tests.alliance.broken import SMALL, line_of, problems, replaced

FIRST = "after: first-silicon}"
GRANT = "funding.tranches.grant"
TWO_PHASES = "planning: {phases: {a: {development: 1}, b: {development: 0}}}\nmilestones:\n"
LATE_PHASE = "planning: {phases: {a: {development: 1, after: volume}}}\nmilestones:\n"
PLACE = "  hosts: {lab: {partner: tools, seats: 9}}\n  cohorts:\n    first:\n      place: lab\n"
SECOND = "  second_sources: {{other: {{tools: {}, supplier: {}}}}}\n  suppliers:\n"
MARKETS = "  markets:\n    a: {roles: engineer, pool: 9}\n    b: {roles: engineer, pool: 9}\n  cohorts:\n"
OTHER = "other: {partner: tools, supplies: Mcd, lead_time: 1}\n    everything: {"
REWARD = "reward: {payer: state, kind: grant, amount: 1 bn JPY, after: first-silicon}"
GATE = f"{REWARD}\n  reviews:\n    gate: {{tranches: grant, date: 2024-06, expects: volume}}"
TWO_GATES = f"{GATE}\n    other: {{tranches: grant, date: 2025-06, expects: volume}}"
MATCH = "{payer: maker, kind: equity, amount: 1, matching: "
TWO_MATCHES = f"a: {MATCH}{{share: 1}}}}\n    b: {MATCH}{{share: 1, tranches: a}}}}"
RECEIPT = "actuals: {receipts: {a: {tranche: grant, date: 2024-05, amount: 1 bn JPY}}}\nscenarios:\n"
GONE = "{cohort: first, date: 2024-03, people: 3}"
TWICE = f"actuals:\n  cohorts:\n    a: {GONE}\n    b: {GONE}\nscenarios:\n"
PROJECT = "projects: {two: {phases: one, start: 2024-01}}\nmilestones:\n"
LOOP = "metric: lots_finished, of: TW"
STRIKE = "risks.blow.effects"


def _risk(effects: str) -> str:
    """A risk with such effects, before the scenarios."""
    return f"risks: {{blow: {{name: A blow, rate: 0.1 /year, effects: {{{effects}}}}}}}\nscenarios:\n"


def _agreement(terms: str) -> str:
    """A long-term agreement, before the price."""
    return f"  agreements: {{lta: {{term: 12, volume: 10, {terms}}}}}\n  price: {{inc"


def _pair(*pairs: str) -> str:
    """Correlations of 0.6, before the scenarios."""
    lines = [f"  {name}: {{between: [{pair}], correlation: 0.6}}" for name, pair in zip("pq", pairs, strict=False)]
    return "\n".join(["correlations:", *lines, "scenarios:\n"])


BUILD, COST = "site.phases.one.build", "site.phases.one.cost"
PAIR = f"{BUILD}, equipment.lead_time"
LONELY = "correlated_with: builders, correlation: 0.5"


def _ladder(rungs: str) -> str:
    """A ladder of proofs, before the development lots."""
    return f"  proofs: {{{rungs}}}\n  development:\n"


def _nodes(nodes: str, more: str = "") -> str:
    """Nodes, before the development lots."""
    return f"  nodes: {{{nodes}}}\n{more}  development:\n"


CASES = [
    # rule, old, new, passage of the line, field, message
    ("partners_are_declared", "host: owner", "host: owne", "host:", "workforce.cohorts.first.host", '"owner"?'),
    ("partners_are_declared", "{payer: state, kind: grant, amount: 10", "{payer: stat, kind: grant, amount: 10",
     "payer: stat,", f"{GRANT}.payer", '= "stat" is not a partner; did you mean "state"?'),
    ("milestones_are_declared", f"1 bn JPY, {FIRST}", "1 bn JPY, after: [first-silico]}", "first-silico]",
     "funding.tranches.reward.after[0]", 'is not a milestone; did you mean "first-silicon"?'),
    ("tranches_are_declared", REWARD, GATE.replace("tranches: grant", "tranches: grand"), "tranches: grand",
     "funding.reviews.gate.tranches", '= "grand" is not a tranche; did you mean "grant"?'),
    ("money_is_matched_once", REWARD, TWO_MATCHES, "b: {", "funding.tranches.b.matching.tranches",
     '= "a" matches others itself'),
    ("money_is_reviewed_once", REWARD, TWO_GATES, "other: {tr",
     "funding.reviews.other.tranches", '= "grant" is decided on by the review "gate" already'),
    ("days_of_judgement_come_after_the_start", REWARD, GATE.replace("2024-06", "2023-06"), "gate: {",
     "funding.reviews.gate.date", "= 2023-06-01 is before the alliance's start 2024-01-01"),
    ("phases_are_declared", "milestones:\n", PROJECT.replace(": one", ": tow"), "projects:",
     "projects.two.phases", '= "tow" is not a phase of the site'),
    ("the_fab_keeps_a_phase", "milestones:\n", PROJECT, "projects:",
     "projects", "take all phases of the site; leave one for the fab's own tools"),
    ("roles_are_declared", "role: engineer, share", "role: engneer, share", "engneer", "workforce.crews.MT1.role",
     'is not a role of the workforce; did you mean "engineer"?'),
    ("demonstrations_are_declared", "transfers: shown", "transfers: shwn", "shwn",
     "workforce.cohorts.first.transfers", 'did you mean "shown"?'),
    ("suppliers_are_declared", "suppliers: everything", "suppliers: nothing", "suppliers: nothing",
     "equipment.services.field.suppliers", "is not a supplier (equipment.suppliers)"),
    ("pdks_are_declared", "needs_pdk: kit", "needs_pdk: kitt", "kitt", "market.funnel.volume.needs_pdk", '"kit"?'),
    ("segments_are_declared", "segments: {all: 1}", "segments: {al: 1}", "{al: 1}",
     "market.channels.direct.segments.al", 'is not a segment of the market; did you mean "all"?'),
    ("channels_are_declared", "channel: direct", "channel: indirect", "indirect",
     "market.customers.buyer.channel", 'did you mean "direct"?'),
    ("stages_are_declared", "stage: talk", "stage: walk", "walk", "market.customers.buyer.stage", '"talk"?'),
    ("conditions_name_what_exists", LOOP, "metric: pdk_released, of: kid", "kid",
     "milestones.first-silicon.when.all[0].of", 'is not a pdk; did you mean "kit"?'),
    ("clauses_lead_somewhere", "workforce.cohorts.first", "workforce.cohorts.frst", "frst",
     "clauses.train.implemented_by", "is not a part of this alliance: nothing is there; known: first"),
    ("clauses_lead_somewhere", "workforce.cohorts.first", "workforce.cohort", "workforce.cohort",
     "clauses.train.implemented_by", "is not a part of this alliance"),
    ("tool_groups_exist", "Me: 1}", "Mee: 1}", "Mee", "equipment.orders.all.tools.Mee", 'did you mean "Me"?'),
    ("tool_groups_or_areas_exist", "[Mab, Mcd]", "[Mab, Mcdd]", "Mcdd",
     "equipment.suppliers.everything.supplies[1]", 'is not a tool group or area of this fab; did you mean "Mcd"?'),
    ("tool_groups_or_areas_exist", "scenarios:\n", _risk("tools_out: {Mabb: {time: 2}}"), "Mabb",
     f"{STRIKE}.tools_out.Mabb", 'is not a tool group or area of this fab; did you mean "Mab"?'),
    ("correlated_values_are_uncertain", "scenarios:\n", _pair(PAIR.replace("build", "biuld")), "between:",
     "correlations.p.between", 'is not a quantity of this alliance; did you mean "site.phases.one.build"?'),
    ("correlated_values_are_uncertain", "scenarios:\n", _pair(PAIR.replace("equipment.lead_time", COST)), "between:",
     "correlations.p.between", f'= "{COST}" is certain'),
    ("correlated_values_are_uncertain", "scenarios:\n", _pair(", ".join(2 * [BUILD])), "between:",
     "correlations.p.between", "is correlated with itself"),
    ("nothing_moves_more_than_wholly", "scenarios:\n", _pair(PAIR, PAIR.replace("lead_time", "installation.install")),
     "q: {", "correlations.q.correlation", "sum to 1.2, more than 1"),
    ("common_factors_move_something_else", "build: {", f"build: {{{LONELY}, ", "builders", f"{BUILD}.correlated_with",
     '= "builders" is named by nothing else, so nothing moves together'),
    ("areas_exist", "{tool_places: 6}", "{tool_places: 6, areas: Moon}", "Moon",
     "site.phases.one.bays.hall.areas", '= "Moon" is not an area of this fab'),
    ("sizes_exist", "tools: {Mab: 2, Mcd: 2, Me: 1}", "to_size: 25k", "25k", "equipment.orders.all.to_size",
     "is not a size of this fab, which has none; name `tools` instead"),
    ("spellings_of_makers_exist", "supplies: [Mab, Mcd]", "fab_suppliers: TEL", "TEL",
     "equipment.suppliers.everything.fab_suppliers", "is not a supplier of the fab's tool groups"),
    ("products_exist", "product: Pa", "product: Pab", "Pab", "market.segments.all.product", 'did you mean "Pb"?'),
    ("crews_exist", "MT1:", "MT2:", "MT2", "workforce.crews.MT2", 'is not a crew of this fab; did you mean "MT1"?'),
    ("conditions_name_what_the_fab_has", LOOP, "metric: steps_done, of: Mee", "Mee",
     "milestones.first-silicon.when.all[0].of", 'is not a tool group or area of this fab; did you mean "Me"?'),
    ("tools_have_prices", "default_price: 5 M USD", "prices: {Mab: 5 M USD}", "all: {tools", "equipment.orders.all",
     "orders tools without a price: Mcd, Me; give equipment.prices or equipment.default_price"),
    ("gates_can_open", LOOP, "metric: funding_received, of: reward", "reward: {payer", "funding.tranches.reward",
     "waits for itself (tranche reward → milestone first-silicon → tranche reward)"),
    ("gates_can_open", LOOP, "metric: pdk_released, of: kit", "kit: {after", "technology.pdks.kit",
     "waits for itself (pdk kit → milestone first-silicon → pdk kit)"),
    ("phases_of_planning_follow", "milestones:\n", TWO_PHASES,
     "planning:", "planning.phases.b", "needs `after`"),
    ("phases_of_planning_follow", "milestones:\n", LATE_PHASE,
     "planning:", "planning.phases.a.after", "must be in force from the start"),
    ("partners_play_their_part", "employer: maker", "employer: state", "employer:", "workforce.employer",
     '= "state" has the role government; here a partner must be manufacturer'),
    ("partners_play_their_part", "partner: tools", "partner: buyer", "partner: buyer, supplies",
     "equipment.suppliers.everything.partner", "must be equipment_maker"),
    ("are_trained_elsewhere", "host: owner", "host: maker", "host:", "workforce.cohorts.first.host",
     "is the employer itself"),
    ("places_are_declared", "host: owner", "host: owner\n      place: lab", "place:", "workforce.cohorts.first.place",
     '= "lab" is not a place of a host (workforce.hosts)'),
    ("learn_at_their_host", "  cohorts:\n    first:\n", PLACE, "place: lab",
     "workforce.cohorts.first.place", '= "lab" is a place of "tools", but the cohort\'s host is "owner"'),
    ("learn_what_they_carry", "transfers: shown", "transfers: shown\n      topics: [design]", "topics:",
     "workforce.cohorts.first.topics", "has none of process, integration, but the cohort transfers shown"),
    ("are_sought_in_one_market", "  cohorts:\n", MARKETS, "b: {", "workforce.markets.b.roles",
     '= "engineer" is sought in the market "a" already'),
    ("costs_are_shared_at_most_once", "segments: {all: 1}", "paid_by: {owner: 0.6, state: 60 %}", "paid_by",
     "market.channels.direct.paid_by", "sums to 120%; the partners' shares are at most 100 % together"),
    ("currencies_have_rates", "USD: 140", "EUR: 160", "fx:", "fx",
     "has no rate for USD, which equipment.default_price uses; write `USD: YEN_FOR_ONE`"),
    ("prices_have_an_index", "default_price: 5 M USD", "default_price: {value: 5 M USD, prices_of: 2020}",
     "default_price:", "equipment.default_price", "in prices of 2020; this price follows no index, leave prices_of"),
    ("money_fits_the_ledger", "default_price: 5 M USD", "default_price: 9e14 USD", "default_price:",
     "equipment.default_price", "is 1.3e+17 yen at the rates and prices declared; must be at most 1e+16 yen; check it"),
    ("tranches_come_after_the_start", "fiscal_year: 2024", "fiscal_year: 2022", "fiscal_year: 2022",
     f"{GRANT}.fiscal_year", "ends 2023-03-31, before the alliance's start 2024-01-01; move it to"),
    ("tranches_come_after_the_start", "fiscal_year: 2024", "date: 2023-12-31", "2023-12-31", f"{GRANT}.date",
     "= 2023-12-31 is before the alliance's start 2024-01-01; move it to funding.opening_balance"),
    ("currencies_have_rates", "lead_time: 6 months}", "lead_time: 6 months, currency: EUR}", "fx:", "fx",
     "has no rate for EUR, which equipment.suppliers.everything.currency uses"),
    ("suppliers_are_declared", "  suppliers:\n", SECOND.format("Me", "nobody"), "nobody",
     "equipment.second_sources.other.supplier", '= "nobody" is not a supplier (equipment.suppliers)'),
    ("second_sources_are_others", "  suppliers:\n", SECOND.format("Mcd", "everything"), "second_sources:",
     "equipment.second_sources.other.supplier", '= "everything" is the first source of Mcd already'),
    ("countries_have_makers", "  suppliers:\n", "  shipping: {NZ: {time: 30}}\n  suppliers:\n", "NZ",
     "equipment.shipping.NZ", "is not a country that a maker of this alliance's tools is in"),
    ("countries_have_makers", "  suppliers:\n", "  licences: {act: {countries: [NX], time: 3}}\n  suppliers:\n", "NX",
     "equipment.licences.act.countries[0]", "is not a country that a maker of this alliance's tools is in; known: NL"),
    ("makers_are_told_apart", "everything: {", OTHER, "everything: {",
     "equipment.suppliers.everything.supplies[1]", '"Mcd" belongs to the supplier "other" already'),
    ("nodes_are_declared", "  development:\n", _nodes("a: {parent: b}, b: {}"), "parent: b",
     "technology.nodes.a.parent", '= "b" must be declared before "a": ancestors come first'),
    ("nodes_are_declared", "  development:\n", _nodes("a: {}, b: {}", "  process: c\n"), "process: c",
     "technology.process", 'is not a node (technology.nodes)'),
    ("proofs_are_declared", "  development:\n", _ladder("a: {modules: 1, after: b}, b: {modules: 1}"), "after: b",
     "technology.proofs.a.after", '= "b" must be declared before "a": a ladder is written from below'),
    ("customers_are_declared", "  price: {inc", _agreement("customer: byer"), "byer",
     "market.agreements.lta.customer", 'is not a customer of the market; did you mean "buyer"?'),
    ("prepayments_are_declared", "  price: {inc", _agreement("customer: buyer, prepayment: grant"), "prepayment",
     "market.agreements.lta.prepayment", '= "grant" is of kind grant; name a prepayment'),
    ("factors_reach_quantities", "scenarios:\n", _risk("factors: {market.channels.dirct.contacts: 0.5}"), "dirct",
     f"{STRIKE}.factors.market.channels.dirct.contacts",
     'leads nowhere: nothing is at "dirct"; did you mean "direct"?'),
    ("factors_reach_quantities", "scenarios:\n", _risk("factors: {market.channels.direct: 0.5}"), "direct: 0.5",
     f"{STRIKE}.factors.market.channels.direct", "leads to market.channels.direct, which is no quantity"),
    ("factors_reach_quantities", "scenarios:\n", _risk("factors: {workforce.roles.*.headcount: 0.5}"), "headcount: 0.5",
     f"{STRIKE}.factors.workforce.roles.*.headcount",
     "leads to workforce.roles.engineer.headcount, which is settled on the first day"),
    ("struck_clauses_exist", "scenarios:\n", _risk("suspends: market.channels.dirct"), "dirct",
     f"{STRIKE}.suspends", '= "market.channels.dirct" is not declared in market.channels; did you mean "direct"?'),
    ("struck_clauses_exist", "scenarios:\n", _risk("delays: {market.price: 2}"), "market.price: 2",
     f"{STRIKE}.delays.market.price", "cannot be struck; write one of funding.tranches.NAME, "),
    ("the_manufacturer_stays", "scenarios:\n", _risk("withdraws: maker"), "withdraws: maker", f"{STRIKE}.withdraws",
     '= "maker" is the employer of the workforce; it cannot withdraw'),
    ("facts_are_about_what_is_declared", "scenarios:\n", RECEIPT.replace("grant", "grnt"), "tranche: grnt",
     "actuals.receipts.a.tranche", 'is not a tranche (funding.tranches); did you mean "grant"?'),
    ("what_happened_is_told_once", "scenarios:\n", RECEIPT.replace("JPY", "USD"), "tranche: grant",
     "actuals.receipts.a.amount", "is not in the tranche's currency, JPY"),
    ("what_happened_is_told_once", "scenarios:\n", TWICE, "b: {cohort",
     "actuals.cohorts.b.cohort", '= "first" is recorded under "a" already'),
]  # fmt: skip


@pytest.mark.parametrize(("rule", "old", "new", "at", "field", "message"), CASES, ids=[f"{c[0]}-{c[4]}" for c in CASES])
def test_each_rule_names_place_and_cure(
    tmp_path: Path, rule: str, old: str, new: str, at: str, field: str, message: str
) -> None:
    text = replaced(old, new)
    found = problems(text, tmp_path)
    assert [(problem.field, problem.line) for problem in found] == [(field, line_of(at, text))], found
    assert message in found[0].message
    scene = Scene.of(_unchecked(text), load_fab("minifab"))
    assert [each.__name__ for each in RULES if list(each(scene))] == [rule]


def test_the_crews_of_a_role_share_its_people() -> None:
    """The Mini-Fab has one crew, so the second one is added to the declared fab."""
    alliance = _unchecked(SMALL)
    crews = dict(alliance.workforce.crews)
    crews["night"] = crews["MT1"].model_copy(update={"id": "night"})
    workforce = alliance.workforce.model_copy(update={"crews": crews})
    fab = load_fab("minifab")
    faults = broken(Scene.of(alliance.model_copy(update={"workforce": workforce}), fab))
    assert [fault.path for fault in faults] == [
        ("workforce", "crews", "night"),
        ("workforce", "crews", "night", "share"),
    ]
    assert 'brings the crews of role "engineer" to 120% of its people' in faults[1].message


def test_every_rule_has_a_case() -> None:
    tested = {case[0] for case in CASES} | {"share_their_crews"}
    assert {rule.__name__ for rule in RULES} == tested


def test_an_alternative_opens_a_gate(tmp_path: Path) -> None:
    """`any` waits for one of its conditions: a circle beside an open way is none."""
    way = "{any: [{metric: funding_received, of: reward}, {metric: cash, at_least: 1}]}"
    text = replaced("{all: [{metric: lots_finished, of: TW, at_least: 1}]}", way)
    (tmp_path / "alliance.yaml").write_text(text, encoding="utf-8")
    assert read_alliance(tmp_path).milestones["first-silicon"].when.any
    both = text.replace("any: [{metric: funding", "all: [{metric: funding")
    (found,) = problems(both, tmp_path)
    assert found.field == "funding.tranches.reward"


def test_names_in_an_unreadable_fab_are_not_judged(tmp_path: Path) -> None:
    text = replaced("Me: 1}", "Mee: 1}", replaced("fab: minifab", "fab: maxifab"))
    assert [problem.field for problem in problems(text, tmp_path)] == ["fab"]


def test_every_field_that_holds_a_name_is_checked() -> None:
    """A new reference in the schema needs a rule: no pattern, no peace."""
    patterns = {
        *names.PARTNERS, *names.GATES, *names.ROLES, *names.HOSTS, *names.DEMONSTRATIONS, *names.SUPPLIERS, *names.PDKS,
        *names.SEGMENTS, *names.CHANNELS, *names.STAGES, *names.NODES, *names.PROOFS, *names.CUSTOMERS,
        *names.TRANCHES, *names.PREPAYMENTS,
        *names.PHASES,
        *(pattern for pattern, _ in names.RECORDED.values()),
        *fabric.GROUPS, *fabric.GROUPS_OR_AREAS, *fabric.AREAS, *fabric.PRODUCTS,
        *fabric.CREWS, "equipment.suppliers.*.fab_suppliers",
    }  # fmt: skip
    held = {path for path in _holding_names("", Alliance) if path != "scenarios"}
    never_empty = {
        "technology.learning.changes.*.after", "workforce.markets.*.roles", "funding.reviews.*.tranches",
        "funding.tranches.*.claw_back.milestones", "funding.reviews.*.outcomes.*.reached",
        "projects.*.phases",
        "market.rivals.*.compared_at",
    }  # fmt: skip
    never_empty |= {"equipment.second_sources.*.tools"}
    unusual = never_empty | {"workforce.crews", "risks.*.effects.tools_out"}  # identifiers of the fab
    assert held | unusual == patterns


def _unchecked(text: str) -> Alliance:
    """The alliance of a text, checked by the schema only."""
    tree = parse(text, "alliance.yaml", [])
    assert tree is not None
    return Alliance.model_validate(plain(tree))


NAMES = (Name, FabName, Names, FabNames)


def _holding_names(path: str, model: type[BaseModel]) -> Iterator[str]:
    """Yield the paths of fields whose type is a name, a list of names, or a mapping from names to plain values."""
    hints = get_type_hints(model, include_extras=True)
    for field, info in fields(model).items():
        here = f"{path}.{field}" if path else field
        kind = hints[f"{field}_" if info.alias else field]
        if any(_same(kind, name) for name in NAMES):
            yield here
        for inner in _mappings(kind):
            key, value = get_args(inner)
            below = list(models(value))
            if not below and any(_same(key, name) for name in NAMES):
                yield here
            for block in below:
                yield from _holding_names(f"{here}.*", block)
        for block in models(kind):
            yield from _holding_names(here, block)


def _same(kind: Any, name: Any) -> bool:
    """Whether an annotation is that of a name, alone or as an alternative to None."""
    return kind == name or any(part == name for part in get_args(kind) if get_origin(kind) is not Annotated)


def _mappings(kind: Any) -> Iterator[Any]:
    if get_origin(kind) is Annotated:
        yield from _mappings(get_args(kind)[0])
    elif isinstance(get_origin(kind), type) and len(get_args(kind)) == 2 and "Mapping" in str(get_origin(kind)):
        yield kind
