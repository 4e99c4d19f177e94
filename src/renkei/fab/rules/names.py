"""Names that one table uses must be declared in another."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from renkei.errors import Problem
from renkei.fab.fab import Fab
from renkei.fab.outages import Outage
from renkei.fab.products import InitialLot, Order
from renkei.fab.routes import Step
from renkei.fab.rules.saying import unknown
from renkei.fab.tools import Qualification, SetupChange

_GROUP = "a tool group of this fab"


def all_steps(fab: Fab) -> Iterator[Step]:
    """Return the steps of all routes."""
    return (step for route in fab.routes.values() for step in route)


def tool_groups_of_steps(fab: Fab) -> Iterable[Problem]:
    """Steps are done at declared tool groups."""
    for step in all_steps(fab):
        if step.tool_group not in fab.tool_groups:
            yield unknown(step, "tool_group", step.tool_group, _GROUP, fab.tool_groups)


def tool_groups_of_other_tables(fab: Fab) -> Iterable[Problem]:
    """Outages, qualifications and setup changes concern declared tool groups."""
    rows: tuple[Outage | Qualification | SetupChange, ...] = (*fab.outages, *fab.qualifications, *fab.setups)
    for row in rows:
        if row.tool_group and row.tool_group not in fab.tool_groups:
            yield unknown(row, "tool_group", row.tool_group, _GROUP, fab.tool_groups)


def areas_of_outages(fab: Fab) -> Iterable[Problem]:
    """Outages of an area concern an area that some tool group has."""
    areas = {group.area for group in fab.tool_groups.values() if group.area}
    for outage in fab.outages:
        if outage.area and outage.area not in areas:
            yield unknown(outage, "area", outage.area, "an area of this fab", areas)


def routes_of_products(fab: Fab) -> Iterable[Problem]:
    """Products follow declared routes."""
    for product in fab.products.values():
        if product.route not in fab.routes:
            yield unknown(product, "route", product.route, "a route of this fab", fab.routes)


def products_of_orders(fab: Fab) -> Iterable[Problem]:
    """Orders and initial lots are of declared products."""
    rows: tuple[Order | InitialLot, ...] = (*fab.orders, *fab.initial_wip)
    for row in rows:
        if row.product not in fab.products:
            yield unknown(row, "product", row.product, "a product of this fab", fab.products)


def products_of_lots(fab: Fab) -> Iterable[Problem]:
    """Planned lots are of declared products; of each that is not the first lot is named."""
    names = fab.lots.columns["product"]
    for (product,) in fab.lots.kinds("product"):
        if product not in fab.products:
            row = fab.lots[int((names == product).argmax())]
            yield unknown(row, "product", product, "a product of this fab", fab.products)


def recipes_of_qualifications(fab: Fab) -> Iterable[Problem]:
    """A qualified recipe is run by some step at that tool group."""
    recipes: dict[str, set[str]] = defaultdict(set)
    for step in all_steps(fab):
        if step.recipe:
            recipes[step.tool_group].add(step.recipe)
    for row in fab.qualifications:
        if row.tool_group in fab.tool_groups and row.recipe not in recipes[row.tool_group]:
            yield _unknown_recipe(row, recipes[row.tool_group])


def _unknown_recipe(row: Qualification, known: set[str]) -> Problem:
    return unknown(row, "recipe", row.recipe, f"the recipe of a step at {row.tool_group}", known)


def crews_of_tool_groups(fab: Fab) -> Iterable[Problem]:
    """Tool groups are looked after by declared crews."""
    for group in fab.tool_groups.values():
        for column in ("repair_crew", "pm_crew", "hold_crew", "setup_crew"):
            crew = getattr(group, column)
            if crew and crew not in fab.crews:
                yield unknown(group, column, crew, "a crew of this fab", fab.crews)


def setups_of_changes(fab: Fab) -> Iterable[Problem]:
    """Setups of `setups.csv` are needed by some step, at that tool group if one is named."""
    setups: dict[str, set[str]] = defaultdict(set)
    for step in all_steps(fab):
        if step.setup:
            setups[step.tool_group].add(step.setup)
            setups[""].add(step.setup)
    for change in fab.setups:
        known = setups.get(change.tool_group, set())
        yield from _unknown_setups(change, known)


def _unknown_setups(change: SetupChange, known: set[str]) -> Iterable[Problem]:
    where = f" at {change.tool_group}" if change.tool_group else ""
    for column, setup in (("from", change.from_setup), ("to", change.to_setup)):
        if setup and setup not in known:
            yield unknown(change, column, setup, f"the setup of a step{where}", known)


def locations_of_transports(fab: Fab) -> Iterable[Problem]:
    """Moves are between locations of tool groups."""
    locations = {group.location for group in fab.tool_groups.values()}
    for move in fab.transports:
        for column, location in (("from", move.from_location), ("to", move.to_location)):
            if location not in locations:
                yield unknown(move, column, location, "the location of a tool group", locations)
