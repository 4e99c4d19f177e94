"""Matches, reviews and claw-backs that cannot be meant."""

from __future__ import annotations

from collections.abc import Iterator

from renkei.alliance.rules.scene import Fault, Scene, entries


def money_is_matched_once(scene: Scene) -> Iterator[Fault]:
    """Nobody matches a payment that is itself a match, or itself."""
    tranches = scene.alliance.funding.tranches
    for path, name in entries(scene.alliance, "funding.tranches.*.matching.tranches.*"):
        other = tranches.get(name)
        if other is not None and other.matching is not None:
            yield Fault(path, f'= "{name}" matches others itself; name only tranches without `matching`')


def money_is_reviewed_once(scene: Scene) -> Iterator[Fault]:
    """A tranche is decided on by one review."""
    owner: dict[str, str] = {}
    for path, name in entries(scene.alliance, "funding.reviews.*.tranches.*"):
        first = owner.setdefault(name, str(path[2]))
        if first != path[2]:
            yield Fault(path, f'= "{name}" is decided on by the review "{first}" already; name it once')


def days_of_judgement_come_after_the_start(scene: Scene) -> Iterator[Fault]:
    """Reviews and claw-backs of before the first month are history."""
    start = scene.alliance.first_day
    for pattern in ("funding.reviews.*.date", "funding.tranches.*.claw_back.by"):
        for path, day in entries(scene.alliance, pattern):
            if day < start:
                yield Fault(path, f"= {day} is before the alliance's start {start}; leave out what is decided already")
