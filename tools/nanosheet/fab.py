"""The whole fab: routes, releases, tool counts of every size, ready to be written."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

from nanosheet import monitors, plan, qualification
from nanosheet.families import FAMILIES
from nanosheet.flow import Flow
from nanosheet.line import Line, families_of


@dataclass(frozen=True)
class LogicFab:
    """What the tables are written from."""

    line: Line
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
        return Counter(op.family.name for op in self.flows[self.line.full].ops)

    def utilisation(self, family: str, size: str) -> float:
        """Planned share of available time that the family's tools work."""
        busy = sum(self.work[size][family].values())
        return busy / self.tools[size][family] / FAMILIES[family].group.availability


def all_flows(line: Line) -> dict[str, Flow]:
    """Return every route by name, in the order in which the files are read: recipes are numbered in it."""
    found = line.flows()
    passes = Counter(op.family.name for flow in found if flow.route == line.full for op in flow.ops)
    found += [monitor.flow(passes) for monitor in monitors.MONITORS if monitor.watches_any(passes)]
    return {flow.route: flow for flow in sorted(found, key=lambda flow: flow.route)}


def design(line: Line) -> LogicFab:
    """Plan a fab."""
    flows = all_flows(line)
    families = families_of(flows)
    releases = line.started(flows)
    of_size = {size: [release for release in releases if release.size == size] for size in line.sizes}
    work = {size: plan.loads(flows, of_size[size]) for size in line.sizes}
    tools = {
        size: {family: plan.tools_needed(family, wspm, sum(work[size][family].values())) for family in families}
        for size, wspm in line.sizes.items()
    }
    recipes = qualification.recipe_names(flows.values())
    by_recipe = {size: qualification.work_by_recipe(flows, of_size[size], recipes) for size in line.sizes}
    shares = {
        family: qualification.share_for(
            (tools[size][family], list(by_recipe[size][family].values())) for size in line.sizes
        )
        for family in families
    }
    return LogicFab(line, flows, releases, work, tools, recipes, shares)
