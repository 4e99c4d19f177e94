"""What is said about people must fit together: where they learn, what they learn, and that nobody is counted twice."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator

from renkei.alliance.rules.scene import Fault, Scene, entries, named
from renkei.alliance.workforce import TOPICS_OF

_ROUNDING = 1e-9


def are_trained_elsewhere(scene: Scene) -> Iterator[Fault]:
    """A cohort goes to a partner other than its employer."""
    employer = scene.alliance.workforce.employer
    for path, host in entries(scene.alliance, "workforce.cohorts.*.host"):
        if host == employer:
            yield Fault(path, f'= "{host}" is the employer itself; name the partner that trains them')


def learn_at_their_host(scene: Scene) -> Iterator[Fault]:
    """The place where a cohort learns belongs to its host."""
    hosts = scene.alliance.workforce.hosts
    for path, cohort in entries(scene.alliance, "workforce.cohorts.*"):
        place = hosts.get(cohort.place or "")
        if place is not None and place.partner != cohort.host:
            message = f'= "{place.id}" is a place of "{place.partner}", but the cohort\'s host is "{cohort.host}"'
            yield Fault((*path, "place"), message)


def learn_what_they_carry(scene: Scene) -> Iterator[Fault]:
    """Who is to bring a demonstrated process home learns process or integration."""
    needed = TOPICS_OF["transfer"]
    for path, cohort in entries(scene.alliance, "workforce.cohorts.*"):
        if cohort.transfers is not None and not set(needed) & set(cohort.topics):
            message = f"has none of {', '.join(needed)}, but the cohort transfers {cohort.transfers}"
            yield Fault((*path, "topics"), message)


def are_sought_in_one_market(scene: Scene) -> Iterator[Fault]:
    """A role's people come from one labour market."""
    owner: dict[str, str] = {}
    for path, roles in entries(scene.alliance, "workforce.markets.*.roles"):
        for place, name in named(path, roles):
            first = owner.setdefault(name, str(path[2]))
            if first != path[2]:
                yield Fault(place, f'= "{name}" is sought in the market "{first}" already; name it once')


def share_their_crews(scene: Scene) -> Iterator[Fault]:
    """The crews of one role take all its people at most."""
    shares: dict[str, float] = defaultdict(float)
    for path, crew in entries(scene.alliance, "workforce.crews.*"):
        shares[crew.role] += float(crew.share)
        if shares[crew.role] > 1 + _ROUNDING:
            message = f'brings the crews of role "{crew.role}" to {shares[crew.role]:.0%} of its people; at most 100 %'
            yield Fault((*path, "share"), message)
