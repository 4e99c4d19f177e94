"""What the alliance says about its fab must be there."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from renkei.alliance.milestones import METRICS
from renkei.alliance.rules.names import conditions
from renkei.alliance.rules.scene import Fault, Scene, entries, named, unknown
from renkei.fab.fab import Fab

GROUPS = ("equipment.orders.*.tools", "equipment.prices")
GROUPS_OR_AREAS = (
    "equipment.suppliers.*.supplies",
    "equipment.orders.*.only",
    "equipment.orders.*.but",
    "equipment.installations",
    "equipment.licences.*.tools",
    "equipment.second_sources.*.tools",
    "planning.load_ceilings",
    "actuals.tools.*.tool_groups",
    "risks.*.effects.tools_out",
)
AREAS = ("site.phases.*.bays.*.areas",)
PRODUCTS = ("technology.development.*.product", "market.segments.*.product")
CREWS = ("workforce.crews",)


def tool_groups_exist(scene: Scene) -> Iterator[Fault]:
    """Ordered and priced tools are tools of the fab."""
    if scene.fab is not None:
        yield from _missing(scene, GROUPS, scene.fab.tool_groups, "a tool group of this fab")


def tool_groups_or_areas_exist(scene: Scene) -> Iterator[Fault]:
    """What may be named by group or by area is one of them."""
    if scene.fab is not None:
        known = groups_and_areas(scene.fab)
        yield from _missing(scene, GROUPS_OR_AREAS, known, "a tool group or area of this fab")


def areas_exist(scene: Scene) -> Iterator[Fault]:
    """Bays are for areas of the fab."""
    if scene.fab is not None:
        yield from _missing(scene, AREAS, _areas(scene.fab), "an area of this fab")


def sizes_exist(scene: Scene) -> Iterator[Fault]:
    """Orders lead to sizes that the fab declares."""
    if scene.fab is not None:
        known = scene.fab.sizes
        what = "a size of this fab" if known else "a size of this fab, which has none; name `tools` instead"
        yield from _missing(scene, ("equipment.orders.*.to_size",), known, what)


def spellings_of_makers_exist(scene: Scene) -> Iterator[Fault]:
    """`fab_suppliers` are written as the fab's tool groups write them."""
    if scene.fab is not None:
        known = {group.supplier for group in scene.fab.tool_groups.values() if group.supplier}
        what = "a supplier of the fab's tool groups"
        yield from _missing(scene, ("equipment.suppliers.*.fab_suppliers",), known, what)


def products_exist(scene: Scene) -> Iterator[Fault]:
    """Development lots and segments follow products of the fab."""
    if scene.fab is not None:
        yield from _missing(scene, PRODUCTS, scene.fab.products, "a product of this fab")


def crews_exist(scene: Scene) -> Iterator[Fault]:
    """Crews are known by the fab's names."""
    if scene.fab is not None:
        yield from _missing(scene, CREWS, scene.fab.crews, "a crew of this fab")


def conditions_name_what_the_fab_has(scene: Scene) -> Iterator[Fault]:
    """The `of` of a condition is a tool group, area, route or product of the fab where the metric asks for one."""
    if scene.fab is None:
        return
    known: dict[str, tuple[str, Iterable[str]]] = {
        "tool_group": ("a tool group or area of this fab", groups_and_areas(scene.fab)),
        "route": ("a route of this fab", scene.fab.routes),
        "product": ("a product of this fab", scene.fab.products),
    }
    for path, condition in conditions(scene):
        what, names = known.get(METRICS[condition.metric].of, ("", ()))
        if what and condition.of and condition.of not in names:
            yield unknown((*path, "of"), condition.of, what, names)


def tools_have_prices(scene: Scene) -> Iterator[Fault]:
    """Every tool that can be ordered has a price somewhere."""
    equipment = scene.alliance.equipment
    if scene.fab is None or equipment.default_price is not None:
        return
    for path, order in entries(scene.alliance, "equipment.orders.*"):
        free = sorted(
            name
            for name in (order.tools or scene.fab.tool_groups)
            if name in scene.fab.tool_groups
            and scene.fab.tool_groups[name].kind == "tool"
            and scene.fab.tool_groups[name].price_musd is None
            and name not in equipment.prices
        )
        if free:
            some = ", ".join(free[:5]) + (f" and {len(free) - 5} more" if len(free) > 5 else "")
            message = f"orders tools without a price: {some}; give equipment.prices or equipment.default_price"
            yield Fault(path, message)


def groups_and_areas(fab: Fab) -> set[str]:
    """Return the names of tool groups and of their areas."""
    return {*fab.tool_groups, *_areas(fab)}


def _areas(fab: Fab) -> set[str]:
    return {group.area for group in fab.tool_groups.values() if group.area}


def _missing(scene: Scene, patterns: tuple[str, ...], known: Iterable[str], what: str) -> Iterator[Fault]:
    names = set(known)
    for pattern in patterns:
        for path, value in entries(scene.alliance, pattern):
            for place, name in named(path, value):
                if name not in names:
                    yield unknown(place, name, what, names)
