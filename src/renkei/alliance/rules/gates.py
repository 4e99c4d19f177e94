"""Gates must be able to open: no tranche waits for a milestone that waits for the same tranche."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from renkei.alliance.milestones import METRICS, Condition, Milestone
from renkei.alliance.rules.scene import Fault, Scene, entries

Thing = tuple[str, str]
"""Kind and identifier: `("tranche", "grant-2024")`."""

GATED = {
    "tranche": "funding.tranches.*",
    "phase": "site.phases.*",
    "cohort": "workforce.cohorts.*",
    "pdk": "technology.pdks.*",
}
"""Things that a metric can look at by name, and that can wait for milestones."""


def gates_can_open(scene: Scene) -> Iterator[Fault]:
    """Nothing waits for itself, directly or around corners: what can never come is found by growing what can."""
    waiting = _waiting(scene)
    open_: set[Thing] = set()
    while new := {thing for thing in waiting if thing not in open_ and _opens(scene, thing, open_)}:
        open_ |= new
    stuck = [thing for thing in waiting if thing not in open_]
    for ring in _rings(scene, stuck):
        kind, name = ring[0]
        path = (*GATED[kind].removesuffix(".*").split("."), name) if kind in GATED else ("milestones", name)
        way = " → ".join(f"{kind} {name}" for kind, name in (*ring, ring[0]))
        yield Fault(path, f"can never come: it waits for itself ({way}); break the circle")


def phases_of_planning_follow(scene: Scene) -> Iterator[Fault]:
    """The first phase of planning waits for nothing, every later one for something."""
    for at, (name, phase) in enumerate(scene.alliance.planning.phases.items()):
        if at == 0 and phase.after:
            message = "= a milestone; the first phase must be in force from the start, leave `after` out"
            yield Fault(("planning", "phases", name, "after"), message)
        if at > 0 and not phase.after:
            message = "needs `after`: without it the phases before it would never be in force"
            yield Fault(("planning", "phases", name), message)


def _waiting(scene: Scene) -> list[Thing]:
    things = [(kind, path[-1]) for kind, pattern in GATED.items() for path, _ in entries(scene.alliance, pattern)]
    return things + [("milestone", name) for name in scene.alliance.milestones]


def _opens(scene: Scene, thing: Thing, open_: set[Thing]) -> bool:
    """Return whether all (of an `any`: one) of what a thing waits for is open or waits for nothing."""
    needs = _needs(scene, thing)
    together = any if thing[0] == "milestone" and scene.alliance.milestones[thing[1]].when.any else all
    return not needs or together(need is None or need in open_ for need in needs)


def _needs(scene: Scene, thing: Thing) -> list[Thing | None]:
    """Return what a thing waits for; None for a condition that waits for nothing gated."""
    kind, name = thing
    if kind == "milestone":
        milestone: Milestone = scene.alliance.milestones[name]
        return [_looked_at(scene, condition) for condition in milestone.when.conditions]
    item: Any = {path[-1]: value for path, value in entries(scene.alliance, GATED[kind])}[name]
    return [("milestone", gate) for gate in item.after if gate in scene.alliance.milestones]


def _looked_at(scene: Scene, condition: Condition) -> Thing | None:
    kind = METRICS[condition.metric].of
    if kind == "milestone" and condition.of in scene.alliance.milestones:
        return kind, condition.of
    if kind in GATED and condition.of and condition.at_most is None:
        known = {path[-1] for path, _ in entries(scene.alliance, GATED[kind])}
        return (kind, condition.of) if condition.of in known else None
    return None


def _rings(scene: Scene, stuck: list[Thing]) -> Iterator[list[Thing]]:
    """Yield each circle of stuck things once, from its first declared member."""
    left = set(stuck)
    told: set[Thing] = set()
    for start in stuck:
        way: list[Thing] = []
        at = start
        while at not in way and at not in told:
            way.append(at)
            at = next(need for need in _needs(scene, at) if need is not None and need in left)
        if at not in told:
            ring = way[way.index(at) :]
            first = min(range(len(ring)), key=lambda i: stuck.index(ring[i]))
            yield ring[first:] + ring[:first]
        told.update(way)
