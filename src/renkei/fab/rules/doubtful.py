"""A fab with doubtful rows, made whole enough for the other rules to be tried on it."""

from __future__ import annotations

from collections.abc import Collection, Set
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from renkei.fab.fab import Fab
from renkei.fab.routes import Step
from renkei.fab.row import Row
from renkei.fab.tools import ToolGroup

Place = tuple[str, int | None]
"""File and line of a row."""

_NOWHERE = "?"
"""Tool group that stands in for those of which nothing is known."""


def without(places: Set[Place], fab: Fab) -> Fab:
    """Return a fab in which nothing refers to a doubtful row or to a name that is not declared, losing little else."""

    def sure(row: Row) -> bool:
        return (row.file, row.line) not in places

    groups = {name: group for name, group in fab.tool_groups.items() if sure(group)}
    routes = {name: _at_known_groups(route, groups) for name, route in fab.routes.items() if route}
    products = {name: row for name, row in fab.products.items() if sure(row) and row.route in routes}
    return replace(
        fab,
        tool_groups={**groups, _NOWHERE: ToolGroup(tool_group=_NOWHERE, tools=1)},
        routes=routes,
        products=products,
        orders=tuple(row for row in fab.orders if row.product in products and sure(row)),
        lots=fab.lots.only(_sure_lots(fab, products, places)),
        initial_wip=tuple(row for row in fab.initial_wip if row.product in products and sure(row)),
        qualifications=tuple(row for row in fab.qualifications if row.tool_group in groups),
    )


def _sure_lots(fab: Fab, products: Collection[str], places: Set[Place]) -> npt.NDArray[np.bool_]:
    files = {file for file, _ in places}
    columns = (fab.lots.columns[name].tolist() for name in ("product", "file", "line"))
    return np.array(
        [
            product in products and not (file in files and (file, line) in places)
            for product, file, line in zip(*columns, strict=True)
        ],
        bool,
    )


def _at_known_groups(route: tuple[Step, ...], groups: dict[str, ToolGroup]) -> tuple[Step, ...]:
    lost = {step.step for step in route if step.tool_group not in groups}
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
