"""A fab with dangling names, made whole enough for the other rules to be tried on it."""

from __future__ import annotations

from dataclasses import replace

from renkei.fab.fab import Fab
from renkei.fab.routes import Step
from renkei.fab.tools import ToolGroup

_NOWHERE = "?"
"""Tool group that stands in for those that are not declared."""


def without_dangling(fab: Fab) -> Fab:
    """Return a fab whose steps, products and orders refer only to what is declared, losing as little as possible."""
    groups = {**fab.tool_groups, _NOWHERE: ToolGroup(tool_group=_NOWHERE, tools=1)}
    products = {name: product for name, product in fab.products.items() if product.route in fab.routes}
    return replace(
        fab,
        tool_groups=groups,
        routes={name: _at_known_groups(route, fab) for name, route in fab.routes.items()},
        products=products,
        orders=tuple(order for order in fab.orders if order.product in products),
        initial_wip=tuple(lot for lot in fab.initial_wip if lot.product in products),
        qualifications=tuple(row for row in fab.qualifications if row.tool_group in fab.tool_groups),
    )


def _at_known_groups(route: tuple[Step, ...], fab: Fab) -> tuple[Step, ...]:
    lost = {step.step for step in route if step.tool_group not in fab.tool_groups}
    stand_in = {
        "tool_group": _NOWHERE, "per": "lot", "interval": None, "batch_min": None, "batch_max": None,
        "dedicate_step": None,
    }  # fmt: skip
    return tuple(
        step.model_copy(update=stand_in)
        if step.step in lost
        else step.model_copy(update={"dedicate_step": None})
        if step.dedicate_step in lost
        else step
        for step in route
    )
