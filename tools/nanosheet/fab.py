"""The whole fab: routes, releases, tool counts of both sizes, ready to be written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from nanosheet import monitors, plan, qualification, routes
from nanosheet.families import FAMILIES
from nanosheet.flow import Flow


@dataclass(frozen=True)
class NanosheetFab:
    """What the tables are written from."""

    flows: dict[str, Flow]
    releases: list[plan.Release]
    work: dict[str, dict[str, dict[str, float]]]
    """Tools' worth of work by size, family, kind of lot."""
    tools: dict[str, dict[str, int]]
    """Tools by size and family."""
    recipes: dict[tuple[str, int], str]
    """Recipe by route and step number."""
    shares: dict[str, float | None]
    """Share of a family's tools that is qualified for a recipe; None: all."""

    @property
    def passes(self) -> Counter[str]:
        """Steps of the full route by family."""
        return Counter(op.family.name for op in self.flows["gaa-full"].ops)

    def utilisation(self, family: str, size: str) -> float:
        """Planned share of available time that the family's tools work."""
        busy = sum(self.work[size][family].values())
        return busy / self.tools[size][family] / FAMILIES[family].group.availability


def all_flows() -> dict[str, Flow]:
    """Return every route by name, in the order in which the files are read: recipes are numbered in it."""
    full = routes.full("gaa-full")
    found = [full, routes.full("gaa-dev", dense=True), routes.pilot("pilot")]
    found += [routes.short_front("shortloop-feol"), routes.short_back("shortloop-beol")]
    passes = Counter(op.family.name for op in full.ops)
    found += [monitor.flow(passes) for monitor in monitors.MONITORS]
    return {flow.route: flow for flow in sorted(found, key=lambda flow: flow.route)}


def design() -> NanosheetFab:
    """Plan the fab."""
    flows = all_flows()
    releases = plan.started(flows)
    of_size = {size: [release for release in releases if release.size == size] for size in plan.SIZES}
    work = {size: plan.loads(flows, of_size[size]) for size in plan.SIZES}
    tools = {
        size: {family: plan.tools_needed(family, size, sum(work[size][family].values())) for family in FAMILIES}
        for size in plan.SIZES
    }
    recipes = qualification.recipe_names(flows.values())
    by_recipe = {size: qualification.work_by_recipe(flows, of_size[size], recipes) for size in plan.SIZES}
    shares = {
        family: qualification.share_for(
            (tools[size][family], list(by_recipe[size][family].values())) for size in plan.SIZES
        )
        for family in FAMILIES
    }
    return NanosheetFab(flows, releases, work, tools, recipes, shares)
