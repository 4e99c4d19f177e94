"""Stable keys of names, so that a random stream does not shift when something else is added to the fab."""

from __future__ import annotations

import hashlib

import numpy as np

from renkei.fab.fab import Fab
from renkei.fab.planned import PlannedLine
from renkei.fab.products import InitialLot, Order
from renkei.floor import chance
from renkei.floor import records as r

DISTRIBUTIONS = {
    "constant": chance.CONSTANT,
    "uniform": chance.UNIFORM,
    "exponential": chance.EXPONENTIAL,
    "erlang": chance.ERLANG,
    "hyperexponential": chance.HYPEREXPONENTIAL,
    "lognormal": chance.LOGNORMAL,
}
PER = {"lot": r.PER_LOT, "wafer": r.PER_WAFER, "batch": r.PER_BATCH}
CLOCKS = {"calendar": r.CALENDAR, "busy": r.BUSY_TIME, "wafers": r.WAFERS}


def key_of(*names: str) -> np.uint64:
    """Return a 64-bit key of a list of names."""
    digest = hashlib.blake2b("\x1f".join(names).encode(), digest_size=8).digest()
    return np.uint64(int.from_bytes(digest, "little"))


class Index:
    """Rows of the plan by name: groups, orders, recipes, setups, crews, locations, routes, priorities, lot types,
    products."""

    def __init__(self, fab: Fab):
        self.groups = {name: row for row, name in enumerate(fab.tool_groups)}
        self.crews = {name: row for row, name in enumerate(fab.crews)}
        self.locations = {
            name: row for row, name in enumerate(dict.fromkeys(g.location for g in fab.tool_groups.values()))
        }
        self.products = {name: row for row, name in enumerate(fab.products)}
        lots: list[Order | PlannedLine | InitialLot] = [*fab.orders, *fab.lots.release_lines, *fab.initial_wip]
        used = {fab.products[row.product].route for row in lots}
        self.routes: dict[str, int] = {}
        first = 0
        for name in (route for route in fab.routes if route in used or not used):
            self.routes[name] = first
            first += len(fab.routes[name])
        self.step_count = first
        steps = [step for name in self.routes for step in fab.routes[name]]
        with_rules = {q.tool_group + "\x1f" + q.recipe for q in fab.qualifications}
        self.recipes = {
            (group, recipe): row
            for row, (group, recipe) in enumerate(
                dict.fromkeys((s.tool_group, s.recipe) for s in steps if s.tool_group + "\x1f" + s.recipe in with_rules)
            )
        }
        self.setups = {
            pair: row for row, pair in enumerate(dict.fromkeys((s.tool_group, s.setup) for s in steps if s.setup))
        }
        priorities = {row.priority for row in lots}
        self.classes = {priority: row for row, priority in enumerate(sorted(priorities or {10}, reverse=True))}
        lot_types = [row.order or row.product for row in lots]
        self.lot_types = {name: row for row, name in enumerate(dict.fromkeys(lot_types))}

    def crew(self, name: str) -> int:
        """Return the row of a crew, NONE for the empty name."""
        return self.crews[name] if name else r.NONE
