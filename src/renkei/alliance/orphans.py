"""Facts about what a scenario takes away: in a world without the cohort, it was never sent."""

from __future__ import annotations

from dataclasses import replace

from renkei.alliance.tree import Node, child

ABOUT = {
    "receipts": ("tranche", ("funding", "tranches")),
    "site": ("phase", ("site", "phases")),
    "cohorts": ("cohort", ("workforce", "cohorts")),
    "tools": ("order", ("equipment", "orders")),
    "headcount": ("role", ("workforce", "roles")),
    "customers": ("customer", ("market", "customers")),
}
"""Part of the record → the field that names what a fact is about, and where that is declared."""


def without_orphans(base: Node, varied: Node) -> Node:
    """Return the varied tree without facts about things that only the file as written declares.

    A name that neither declares stays, and is found wrong by the rules.
    """
    actuals = child(varied, "actuals")
    if actuals is None or not isinstance(actuals.value, dict):
        return varied
    parts = dict(actuals.value)
    for part, (field, where) in ABOUT.items():
        facts = parts.get(part)
        if facts is not None and isinstance(facts.value, dict):
            gone = _names(base, where) - _names(varied, where)
            kept = {key: fact for key, fact in facts.value.items() if _about(fact, field) not in gone}
            parts[part] = replace(facts, value=kept)
    assert isinstance(varied.value, dict)
    return replace(varied, value={**varied.value, "actuals": replace(actuals, value=parts)})


def _names(tree: Node, where: tuple[str, ...]) -> set[str]:
    at: Node | None = tree
    for key in where:
        at = None if at is None else child(at, key)
    return {str(key) for key in at.value} if at is not None and isinstance(at.value, dict) else set()


def _about(fact: Node, field: str) -> str:
    name = child(fact, field)
    return str(name.value) if name is not None else ""
