"""Every name that the alliance uses must be declared in it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from renkei.alliance.fields import fields
from renkei.alliance.milestones import METRICS, Of
from renkei.alliance.rules.scene import Fault, Scene, entries, named, unknown

PARTNERS = (
    "clauses.*.parties",
    "funding.opening_balance.*.payer",
    "funding.tranches.*.payer",
    "funding.tranches.*.loan.guarantor",
    "accounts.tax.to",
    "site.owner",
    "workforce.employer",
    "workforce.hosts.*.partner",
    "workforce.cohorts.*.host",
    "equipment.suppliers.*.partner",
    "equipment.orders.*.buyer",
    "projects.*.tool_partner",
    "projects.*.research_partner",
    "technology.owner",
    "technology.demonstrations.*.owner",
    "technology.programmes.*.partner",
    "market.channels.*.owner",
    "market.channels.*.paid_by",
    "market.promotion.paid_by",
    "market.customers.*.partner",
    "risks.*.effects.withdraws",
    "milestones.*.promised_by",
)
GATES = (
    "funding.tranches.*.after",
    "funding.tranches.*.claw_back.milestones",
    "funding.reviews.*.expects",
    "funding.reviews.*.outcomes.*.reached",
    "site.phases.*.after",
    "projects.*.after",
    "workforce.cohorts.*.after",
    "equipment.orders.*.after",
    "equipment.services.*.until_reached",
    "technology.demonstrations.*.after",
    "technology.programmes.*.after",
    "technology.development.*.after",
    "technology.development.*.until",
    "technology.pdks.*.after",
    "technology.learning.changes.*.after",
    "market.channels.*.after",
    "market.funnel.*.needs",
    "planning.phases.*.after",
    "risks.*.after",
)
TRANCHES = ("funding.tranches.*.matching.tranches", "funding.reviews.*.tranches")
PHASES = ("projects.*.phases",)
ROLES = (
    "workforce.markets.*.roles",
    "workforce.cohorts.*.role",
    "workforce.crews.*.role",
    "workforce.operators.role",
    "actuals.headcount.*.role",
)
HOSTS = ("workforce.cohorts.*.place",)
DEMONSTRATIONS = ("workforce.cohorts.*.transfers",)
SUPPLIERS = ("equipment.services.*.suppliers", "equipment.second_sources.*.supplier")
PDKS = ("market.funnel.*.needs_pdk",)
SEGMENTS = ("market.customers.*.segment", "market.channels.*.segments", "market.rivals.*.segments")
CHANNELS = ("market.customers.*.channel",)
STAGES = ("market.customers.*.stage", "market.rivals.*.compared_at", "actuals.customers.*.stage")
RECORDED = {
    "tranche": ("actuals.receipts.*.tranche", "a tranche (funding.tranches)"),
    "phase": ("actuals.site.*.phase", "a phase of the site"),
    "cohort": ("actuals.cohorts.*.cohort", "a cohort of the workforce"),
    "order": ("actuals.tools.*.order", "an order of equipment"),
    "customer": ("actuals.customers.*.customer", "a customer of the market"),
}
"""Kind of thing → where the record names it, and what it is called."""
NODES = ("technology.nodes.*.parent", "technology.process", "technology.demonstrations.*.node")
PROOFS = ("technology.proofs.*.after",)
CUSTOMERS = ("market.agreements.*.customer",)
PREPAYMENTS = ("market.agreements.*.prepayment",)

OF_THE_FAB: tuple[Of, ...] = ("tool_group", "route", "product")


def partners_are_declared(scene: Scene) -> Iterator[Fault]:
    """Who pays, trains, supplies, owns or buys is a partner."""
    return _dangling(scene, PARTNERS, "partner", "a partner")


def milestones_are_declared(scene: Scene) -> Iterator[Fault]:
    """Every gate waits for a milestone that exists."""
    return _dangling(scene, GATES, "milestone", "a milestone")


def tranches_are_declared(scene: Scene) -> Iterator[Fault]:
    """Payers match, and reviews decide on, tranches that exist."""
    return _dangling(scene, TRANCHES, "tranche", "a tranche")


def phases_are_declared(scene: Scene) -> Iterator[Fault]:
    """Projects are built in phases of the site."""
    return _dangling(scene, PHASES, "phase", "a phase of the site")


def roles_are_declared(scene: Scene) -> Iterator[Fault]:
    """Markets, cohorts, crews and operators are people of a role."""
    return _dangling(scene, ROLES, "role", "a role of the workforce")


def places_are_declared(scene: Scene) -> Iterator[Fault]:
    """Cohorts learn at a place that a host has."""
    return _dangling(scene, HOSTS, "place", "a place of a host (workforce.hosts)")


def demonstrations_are_declared(scene: Scene) -> Iterator[Fault]:
    """Cohorts carry the knowledge of a demonstrated process."""
    return _dangling(scene, DEMONSTRATIONS, "demonstration", "a demonstrated process (technology.demonstrations)")


def suppliers_are_declared(scene: Scene) -> Iterator[Fault]:
    """Service and second sources are given by suppliers."""
    return _dangling(scene, SUPPLIERS, "supplier", "a supplier (equipment.suppliers)")


def pdks_are_declared(scene: Scene) -> Iterator[Fault]:
    """Customers wait for design kits that somebody makes."""
    return _dangling(scene, PDKS, "pdk", "a process design kit (technology.pdks)")


def segments_are_declared(scene: Scene) -> Iterator[Fault]:
    """Customers and channels belong to segments."""
    return _dangling(scene, SEGMENTS, "segment", "a segment of the market")


def channels_are_declared(scene: Scene) -> Iterator[Fault]:
    """Customers come through channels."""
    return _dangling(scene, CHANNELS, "channel", "a channel of the market")


def stages_are_declared(scene: Scene) -> Iterator[Fault]:
    """Customers stand at a stage of the funnel."""
    return _dangling(scene, STAGES, "stage", "a stage of the funnel")


def facts_are_about_what_is_declared(scene: Scene) -> Iterator[Fault]:
    """What happened, happened to something that was agreed."""
    for kind, (pattern, what) in RECORDED.items():
        yield from _dangling(scene, (pattern,), kind, what)


def nodes_are_declared(scene: Scene) -> Iterator[Fault]:
    """Nodes are derived from nodes declared above them, and demonstrations are of ancestors of the process."""
    yield from _dangling(scene, NODES, "node", "a node (technology.nodes)")
    terms, seen = scene.alliance.technology, set[str]()
    for name, node in terms.nodes.items():
        if node.parent is not None and node.parent not in seen and node.parent in scene.declared["node"]:
            place = ("technology", "nodes", name, "parent")
            yield Fault(place, f'= "{node.parent}" must be declared before "{name}": ancestors come first')
        seen.add(name)
    family, at = set[str](), terms.process
    while at is not None and at in terms.nodes and at not in family:
        family.add(at)
        at = terms.nodes[at].parent
    for name, shown in terms.demonstrations.items():
        if shown.node in terms.nodes and shown.node not in family:
            place = ("technology", "demonstrations", name, "node")
            yield Fault(place, f'= "{shown.node}" is no ancestor of technology.process = {terms.process}; name both')


def proofs_are_declared(scene: Scene) -> Iterator[Fault]:
    """A rung of the ladder stands on rungs that are declared above it in the file, so none stands on itself."""
    yield from _dangling(scene, PROOFS, "proof", "a proof of the process (technology.proofs)")
    seen: set[str] = set()
    for name, proof in scene.alliance.technology.proofs.items():
        for at, below in enumerate(proof.after):
            if below not in seen and below in scene.declared["proof"]:
                place = ("technology", "proofs", name, "after", at)
                yield Fault(place, f'= "{below}" must be declared before "{name}": a ladder is written from below')
        seen.add(name)


def customers_are_declared(scene: Scene) -> Iterator[Fault]:
    """Long-term agreements are made with named customers."""
    return _dangling(scene, CUSTOMERS, "customer", "a customer of the market")


def prepayments_are_declared(scene: Scene) -> Iterator[Fault]:
    """What a customer pays ahead is a tranche of kind prepayment that its partner pays."""
    yield from _dangling(scene, PREPAYMENTS, "tranche", "a tranche of the funding")
    market, tranches = scene.alliance.market, scene.alliance.funding.tranches
    for name, terms in market.agreements.items():
        tranche, customer = tranches.get(terms.prepayment or ""), market.customers.get(terms.customer)
        place = ("market", "agreements", name, "prepayment")
        if tranche is not None and tranche.kind != "prepayment":
            yield Fault(place, f'= "{terms.prepayment}" is of kind {tranche.kind}; name a prepayment')
        elif tranche is not None and customer is not None and tranche.payer != customer.partner:
            yield Fault(place, f'= "{terms.prepayment}" is paid by {tranche.payer}, not by the customer\'s partner')


def conditions_name_what_exists(scene: Scene) -> Iterator[Fault]:
    """The `of` of a condition is what its metric looks at."""
    for path, condition in conditions(scene):
        kind = METRICS[condition.metric].of
        if condition.of and kind not in OF_THE_FAB and condition.of not in scene.declared[kind]:
            yield unknown((*path, "of"), condition.of, f"a {kind}", scene.declared[kind])


def clauses_lead_somewhere(scene: Scene) -> Iterator[Fault]:
    """Each sentence of the agreement names existing parts that carry it out."""
    for path, text in entries(scene.alliance, "clauses.*.implemented_by.*"):
        steps = text.split(".")
        at: Any = scene.alliance
        while steps and at is not None:
            at, steps, known = _step(at, steps)
        if at is None and not scene.suspects(tuple(text.split("."))):
            yield unknown(path, text, "a part of this alliance: nothing is there", known)


def conditions(scene: Scene) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield (path, condition) of every milestone."""
    for joined in ("all", "any"):
        yield from entries(scene.alliance, f"milestones.*.when.{joined}.*")


def _dangling(scene: Scene, patterns: tuple[str, ...], kind: str, what: str) -> Iterator[Fault]:
    known = scene.declared[kind]
    for pattern in patterns:
        for path, value in entries(scene.alliance, pattern):
            for place, name in named(path, value):
                if name not in known:
                    yield unknown(place, name, what, known)


def _step(at: Any, steps: list[str]) -> tuple[Any, list[str], list[str]]:
    """Return what is one step on, the steps left, and the names that would have been right."""
    if isinstance(at, BaseModel):
        known = list(fields(type(at)))
        return (getattr(at, steps[0]) if steps[0] in known else None), steps[1:], known
    if isinstance(at, Mapping):
        for count in range(len(steps), 0, -1):  # identifiers may contain dots
            if (name := ".".join(steps[:count])) in at:
                return at[name], steps[count:], []
        return None, steps, [str(key) for key in at]
    return None, steps, []
