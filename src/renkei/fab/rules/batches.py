"""Batches: they can form, and lots that share one are alike."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator

from renkei.errors import Problem
from renkei.fab.batches import Alike, batch_key, route_families
from renkei.fab.fab import Fab
from renkei.fab.products import InitialLot, Order
from renkei.fab.routes import Step
from renkei.fab.rules.names import all_steps
from renkei.fab.rules.saying import place, wrong

_LARGE = 20_000
"""Wafers of a batch up to which sums are tried one by one."""


def families_are_told_apart(fab: Fab) -> Iterable[Problem]:
    """Where batches go by family, steps have names, products have families, and a route is of one family."""
    routes = {step.route for step in _family_steps(fab)}
    for step in _family_steps(fab):
        if not step.name:
            yield wrong(step, "name", f"is missing; batches at {step.tool_group} are of steps of one name")
    families = route_families(fab)
    for product in fab.products.values():
        if product.route not in routes:
            continue
        if not product.family:
            yield wrong(product, "family", f"is missing; route {product.route} has batches of one family")
        elif product.family != families[product.route]:
            other = families[product.route]
            cure = f'must be "{other}" as of others of route {product.route}, or give each family its own route'
            yield wrong(product, "family", f'= "{product.family}" {cure}')


def _family_steps(fab: Fab) -> Iterator[Step]:
    for step in all_steps(fab):
        if step.batch_max is not None and fab.tool_groups[step.tool_group].batch_by == "family":
            yield step


def batches_of_a_family_are_alike(fab: Fab) -> Iterable[Problem]:
    """Steps whose lots share batches agree on the wafers of a batch."""
    first: dict[tuple[str, Alike], Step] = {}
    for sort, step in _sorted(fab):
        if fab.tool_groups[step.tool_group].batch_by == "step":
            continue
        other = first.setdefault(sort, step)
        for column in ("batch_min", "batch_max"):
            mine, theirs = getattr(step, column), getattr(other, column)
            if mine != theirs:
                have, need = ("is empty; " if mine is None else f"= {mine} "), ("empty" if theirs is None else theirs)
                message = f"{have}must be {need} as at {place(other)}, with which it shares batches"
                yield wrong(step, column, message)


def _sorted(fab: Fab) -> Iterator[tuple[tuple[str, Alike], Step]]:
    """Return the steps of batches, each with its tool group and what lots share a batch by."""
    families = route_families(fab)
    for step in all_steps(fab):
        if step.batch_min is not None or step.batch_max is not None:
            key = batch_key(step, fab.tool_groups[step.tool_group], families.get(step.route, ""))
            yield (step.tool_group, key), step


def batches_can_form(fab: Fab) -> Iterable[Problem]:
    """Some number of lots fills a batch to its minimum without passing its maximum."""
    carriers = _lot_sizes(fab)
    for step in all_steps(fab):
        if step.per == "batch" and step.batch_min is None and step.batch_max is None:
            yield wrong(step, "batch_max", "is missing; per = batch needs batch_min and batch_max, in wafers")
    sizes: dict[tuple[str, Alike], set[int]] = defaultdict(set)
    for sort, step in _sorted(fab):
        sizes[sort] |= carriers[step.route]
    for sort, step in _sorted(fab):
        yield from _check_batch(fab, step, sorted(sizes[sort]))


def _lot_sizes(fab: Fab) -> dict[str, set[int]]:
    """Return the wafers a lot can have on each route."""
    sizes: dict[str, set[int]] = defaultdict(set)
    rows: tuple[Order | InitialLot, ...] = (*fab.orders, *fab.initial_wip)
    for row in rows:
        sizes[fab.products[row.product].route].add(row.wafers or fab.wafers_per_lot)
    for product, wafers in fab.lots.kinds("product", "wafers"):
        sizes[fab.products[product].route].add(wafers or fab.wafers_per_lot)
    return defaultdict(lambda: {fab.wafers_per_lot}, sizes)


def _check_batch(fab: Fab, step: Step, carriers: list[int]) -> Iterable[Problem]:
    if step.batch_min is None or step.batch_max is None:
        column, other = ("batch_min", "batch_max") if step.batch_min is None else ("batch_max", "batch_min")
        yield wrong(step, column, f"is missing; {other} = {getattr(step, other)} needs both, in wafers")
        return
    if fab.tool_groups[step.tool_group].cascade:
        yield wrong(
            step, "batch_max", f"= {step.batch_max} at {step.tool_group}, whose tools cascade; they take single lots"
        )
    if step.per != "batch":
        yield wrong(step, "per", f"= {step.per} must be batch where batch_min and batch_max are given")
    if step.batch_min > step.batch_max:
        yield wrong(step, "batch_min", f"= {step.batch_min} must be at most batch_max = {step.batch_max}")
    elif step.batch_max < carriers[-1]:
        message = f"= {step.batch_max} must be at least a lot's {carriers[-1]} wafers (batches are counted in wafers)"
        yield wrong(step, "batch_max", message)
    elif not _fills(carriers, step.batch_min, step.batch_max):
        lots = " or ".join(map(str, carriers))
        message = (
            f"= {step.batch_min} is reached by no number of lots of {lots} wafers within batch_max = {step.batch_max}"
        )
        yield wrong(step, "batch_min", message)


def _fills(carriers: list[int], least: int, most: int) -> bool:
    """Return whether lots of these sizes can add up to a number of wafers from `least` to `most`."""
    common = math.gcd(*carriers)
    if len(carriers) == 1 or most > _LARGE:  # large sums of several sizes reach every multiple of the common divisor
        return most // common * common >= least
    reached = 1  # bit n: n wafers can be reached
    for size in carriers:
        lots = size
        while lots <= most:
            reached |= reached << lots
            lots *= 2
    return bool((reached & ((1 << (most + 1)) - 1)) >> least)
