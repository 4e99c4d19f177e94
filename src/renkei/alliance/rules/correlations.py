"""What moves together must be there, be uncertain, and not move more than wholly."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from renkei.alliance.amending import found
from renkei.alliance.rules.scene import Fault, Scene
from renkei.alliance.uncertainty import quantities
from renkei.errors import did_you_mean
from renkei.units import Quantity


def correlated_values_are_uncertain(scene: Scene) -> Iterator[Fault]:
    """Both ends of a correlation are different uncertain quantities, and no pair is declared twice."""
    pairs: set[frozenset[str]] = set()
    for item in scene.alliance.correlations.values():
        path = ("correlations", item.id, "between")
        for end in item.between:
            if why := _unfit(scene, end):
                yield Fault(path, f'= "{end}" {why}')
        if frozenset(item.between) in pairs or len(set(item.between)) < 2:
            twice = (
                "is correlated with itself" if len(set(item.between)) < 2 else "are correlated twice; keep one entry"
            )
            yield Fault(path, f"= {', '.join(item.between)} {twice}")
        pairs.add(frozenset(item.between))


def nothing_moves_more_than_wholly(scene: Scene) -> Iterator[Fault]:
    """The correlations of one value, and the square of that with its common factor, sum to 1 at most."""
    sums: Counter[str] = Counter()
    for item in scene.alliance.correlations.values():
        for end in dict.fromkeys(item.between):
            values = [value for _, value in found(scene.alliance, end) if isinstance(value, Quantity)]
            own = sum(value.correlation**2 for value in values)
            before = sums[end] or own
            sums[end] = before + abs(item.correlation)  # type: ignore[assignment]
            if sums[end] > 1 + 1e-9 >= before:
                message = (
                    f"= {item.correlation}; with this the correlations of {end} sum to {sums[end]:.3g}, more than 1"
                )
                yield Fault(("correlations", item.id, "correlation"), message)


def common_factors_move_something_else(scene: Scene) -> Iterator[Fault]:
    """A common factor that only one value or risk names moves nothing together: most likely it is misspelt."""
    values = dict(quantities(scene.alliance))
    named = {path: value.correlated_with for path, value in values.items() if value.correlated_with}
    risks = {name: risk.correlated_with for name, risk in scene.alliance.risks.items() if risk.correlated_with}
    counts = Counter([*named.values(), *risks.values()])
    lonely = [factor for factor, times in counts.items() if times == 1 and factor not in values]
    for factor in lonely:
        known = [other for other in counts if other != factor]
        message = f'= "{factor}" is named by nothing else, so nothing moves together{did_you_mean(factor, known)}'
        for path in (path for path, name in named.items() if name == factor):
            yield Fault((*found(scene.alliance, path)[0][0], "correlated_with"), message)
        for risk in (name for name, value in risks.items() if value == factor):
            yield Fault(("risks", risk, "correlated_with"), message)


def _unfit(scene: Scene, path: str) -> str:
    """Return why a path is no end of a correlation, empty if it is one."""
    places = found(scene.alliance, path)
    if not places:
        known = [name for name, value in quantities(scene.alliance) if value.uncertain]
        return f"is not a quantity of this alliance{did_you_mean(path, known)}"
    if len(places) > 1 or not isinstance(places[0][1], Quantity):
        return "is not one quantity; name a single one"
    return "" if places[0][1].uncertain else "is certain: only uncertain values can move together"
