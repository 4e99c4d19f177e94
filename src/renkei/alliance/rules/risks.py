"""Risks must strike something that is there, and that their effect can change."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from renkei.alliance.amending import found
from renkei.alliance.risks import DELAYABLE, SUSPENDABLE
from renkei.alliance.rules.scene import Fault, Scene, entries
from renkei.errors import did_you_mean
from renkei.units import Quantity

READ_ONCE = (
    "equipment.orders.*.share",
    "funding.opening_balance.*",
    "funding.tranches.*.probability",
    "market.talks_at_start",
    "milestones.*",
    "risks.*",
    "technology.test_chip.*",
    "technology.wafer.*",
    "workforce.roles.*.headcount",
)
"""Quantities that are settled on the first day, or that define what is counted: a factor on them would do nothing."""


def factors_reach_quantities(scene: Scene) -> Iterator[Fault]:
    """A factor is put on quantities that are looked at month by month."""
    for path, factors in entries(scene.alliance, "risks.*.effects.factors"):
        for pattern in factors:
            places = found(scene.alliance, pattern)
            if not places:
                yield Fault((*path, pattern), f"leads nowhere{_nearest(scene, pattern)}")
            elif wrong := next((place for place, value in places if not isinstance(value, Quantity)), None):
                yield Fault(
                    (*path, pattern), f"leads to {_dotted(wrong)}, which is no quantity; name one of its fields"
                )
            elif settled := next((place for place, _ in places if _settled(place)), None):
                message = f"leads to {_dotted(settled)}, which is settled on the first day; no risk can change it"
                yield Fault((*path, pattern), message)


def struck_clauses_exist(scene: Scene) -> Iterator[Fault]:
    """What is suspended or delayed is a clause that has a course of its own."""
    for field, kinds in (("suspends", SUSPENDABLE), ("delays", DELAYABLE)):
        for path, value in entries(scene.alliance, f"risks.*.effects.{field}"):
            for at, clause in enumerate(value):
                place = (*path, clause if field == "delays" else at)
                kind, name = ".".join(clause.split(".")[:2]), ".".join(clause.split(".")[2:])
                quoted = "" if field == "delays" else f'= "{clause}" '
                if kind not in kinds or not name:
                    yield Fault(
                        place, f"{quoted}cannot be struck; write one of {', '.join(f'{k}.NAME' for k in kinds)}"
                    )
                    continue
                known = [at[-1] for at, _ in found(scene.alliance, f"{kind}.*")]
                if name not in known:
                    yield Fault(place, f"{quoted}is not declared in {kind}{did_you_mean(name, known)}")


def the_manufacturer_stays(scene: Scene) -> Iterator[Fault]:
    """Without the manufacturer nothing is left to simulate."""
    employer = scene.alliance.workforce.employer
    for path, names in entries(scene.alliance, "risks.*.effects.withdraws"):
        if employer in names:
            yield Fault(path, f'= "{employer}" is the employer of the workforce; it cannot withdraw')


def _settled(place: tuple[Any, ...]) -> bool:
    for pattern in READ_ONCE:
        parts = pattern.split(".")
        if len(place) >= len(parts) and all(part in ("*", at) for part, at in zip(parts, place, strict=False)):
            return True
    return False


def _nearest(scene: Scene, pattern: str) -> str:
    """Return a hint at the first step of a pattern that leads nowhere."""
    steps = pattern.split(".")
    for length in range(len(steps), 0, -1):
        if length == 1 or found(scene.alliance, ".".join(steps[: length - 1])):
            before = ".".join(steps[: length - 1])
            known = [str(place[-1]) for place, _ in found(scene.alliance, f"{before}.*" if before else "*")]
            return f': nothing is at "{steps[length - 1]}"{did_you_mean(steps[length - 1], known)}'
    return ""


def _dotted(place: tuple[Any, ...]) -> str:
    return ".".join(str(part) for part in place)
