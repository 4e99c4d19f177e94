"""The roster: who is on duty in a month, own people and the makers' field engineers, and what they can look after."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Mapping

from renkei.alliance.equipment import Service
from renkei.alliance.workforce import REPAIR_TOPICS, TOPICS_OF
from renkei.months.calendar import Month, opened
from renkei.months.engineers import Grants
from renkei.months.scene import Scene
from renkei.months.skill import strength
from renkei.months.world import World
from renkei.units import add_months


def crews(world: World, scene: Scene, month: Month, grants: Grants, unpaid: frozenset[str]) -> dict[str, float | None]:
    """Return people on duty by crew: own staff by share and posts, and field engineers beside the technicians.

    A fab that names crews by area gets them by area, and one that declares shifts spreads them over those: the number
    is the average on duty, `people_per_post`.
    """
    alliance, posts = scene.alliance, dict[str, float]()
    holding = scene.factory.crews_of("hold_crew")
    for name, terms in alliance.workforce.crews.items():
        role = alliance.workforce.roles[terms.role]
        topics = TOPICS_OF["holds"] if name in holding else REPAIR_TOPICS
        own = strength(world.crew, alliance, role.kind, month.index, role.id, topics) * float(terms.share)
        own /= float(terms.people_per_post)
        if name in holding:
            posts[name] = own * grants.cover("holds")
        else:
            posts[name] = own / float(alliance.workforce.automation) + vendor_posts(world, scene, month, unpaid, name)
    sizes: dict[str, int] = {}
    for staff in alliance.workforce.roles:
        sizes |= whole({name: posts[name] for name in posts if alliance.workforce.crews[name].role == staff})
    return {name: sizes.get(name, declared.average) for name, declared in scene.factory.fab.crews.items()}


def whole(posts: Mapping[str, float]) -> dict[str, int]:
    """Return whole posts of the same rounded sum, the largest remainders rounded up (Hamilton's method)."""
    found = {name: math.floor(number) for name, number in posts.items()}
    left = round(sum(posts.values())) - sum(found.values())
    for name in sorted(posts, key=lambda name: found[name] - posts[name])[: max(left, 0)]:
        found[name] += 1
    return found


def moves(world: World, scene: Scene, month: Month) -> float:
    """Return the loadings that operators on duty handle in the month, with those that need nobody; infinite without
    `workforce.operators`."""
    terms = scene.alliance.workforce.operators
    if terms is None:
        return math.inf
    by_hand = 1 - float(terms.automated)
    if by_hand <= 0:
        return math.inf
    kind = scene.alliance.workforce.roles[terms.role].kind
    posts = strength(world.crew, scene.alliance, kind, month.index, terms.role) / float(terms.people_per_post)
    posts /= float(scene.alliance.workforce.automation)
    return posts * float(terms.moves_per_hour) * month.days * 24 / by_hand


def services(world: World, scene: Scene, month: Month) -> frozenset[str]:
    """Return the makers' services in force: from their start (or the first tool), once their people may enter, until
    their end."""
    found = set()
    docked = [tool.docked for tool in world.fleet.tools if tool.docked is not None]
    for service in scene.alliance.equipment.services.values():
        begun = bool(docked) and _there(service, min(docked)) <= month.last
        ended = bool(service.until_reached) and opened(service.until_reached, world.reached) is not None
        if begun and not ended and (service.until is None or service.until >= month.first):
            found.add(service.id)
    return frozenset(found)


def vendor_posts(world: World, scene: Scene, month: Month, unpaid: frozenset[str], crew: str = "") -> float:
    """Return the makers' field engineers on duty, in all or beside one crew: their share of the technicians that their
    tools need, worth less where they work through interpreters."""
    equipment, posts = scene.alliance.equipment, 0.0
    for name in services(world, scene, month):
        terms = equipment.services[name]
        if f"equipment.services.{name}" in unpaid:
            continue
        tools = sum(
            _part(scene, world.fleet.of(tool).group, crew)
            for tool in world.fleet.tools
            if tool.qualified is not None and (not terms.suppliers or world.fleet.of(tool).supplier in terms.suppliers)
        )
        need = tools / float(scene.alliance.workforce.tools_per_technician)
        posts += float(terms.share) * float(terms.language) * need
    return posts


def _part(scene: Scene, group: str, crew: str) -> float:
    """The part of a group's repair and maintenance that one crew does; all of it without a crew's name."""
    terms = scene.factory.fab.tool_groups[group]
    crews_there = [name for name in (terms.repair_crew, terms.pm_crew) if name]
    return crews_there.count(crew) / len(crews_there) if crew and crews_there else float(not crew)


def technician_share(world: World, scene: Scene, month: Month) -> float:
    """Return tools that the technicians on duty look after, as a share of all that will come; 1 where none are
    declared."""
    workforce = scene.alliance.workforce
    repairing = [terms for terms in workforce.crews.values() if workforce.roles[terms.role].kind == "technician"]
    total = sum(scene.most_tools.values())
    if not repairing or not total:
        return 1.0
    posts = sum(
        strength(world.crew, scene.alliance, "technician", month.index, terms.role, REPAIR_TOPICS)
        * float(terms.share) / float(terms.people_per_post)
        for terms in repairing
    ) / float(workforce.automation)  # fmt: skip
    posts += vendor_posts(world, scene, month, world.money.unpaid)
    return min(posts * float(workforce.tools_per_technician) / total, 1.0)


def _there(service: Service, first_tool: dt.date) -> dt.date:
    """The day from which a service's people are on site: visas are asked for at its start, or with the first tool."""
    if service.start is None:
        return add_months(first_tool, float(service.visa))
    return max(add_months(service.start, float(service.visa)), first_tool)
