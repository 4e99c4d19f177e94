"""Which lots may share a batch."""

from __future__ import annotations

from renkei.fab.fab import Fab
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup

Alike = tuple[str, str, str, str | int]
"""What lots at batch steps of one tool group have in common if they may share a batch."""


def route_families(fab: Fab) -> dict[str, str]:
    """Return the family of the products of each route that some product follows (the first product's, of several)."""
    families: dict[str, str] = {}
    for product in fab.products.values():
        families.setdefault(product.route, product.family)
    return families


def batch_key(step: Step, group: ToolGroup, family: str) -> Alike:
    """Return what lots at a step share a batch by: route and step, or family and name of the step; one setup, one
    recipe."""
    shared = (family, step.name) if group.batch_by == "family" else (step.route, step.step)
    return (step.setup, step.recipe, *shared)
