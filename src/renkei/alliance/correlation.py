"""Correlations between pairs of uncertain values, declared beside them."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from renkei.alliance.amending import Place, amended, found
from renkei.alliance.base import Item
from renkei.units import Quantity

if TYPE_CHECKING:
    from renkei.alliance.alliance import Alliance


class Correlation(Item):
    """Two uncertain values that move together (or, below 0, against each other) from future to future."""

    between: Annotated[tuple[str, ...], Field(min_length=2, max_length=2)]
    """Paths of the two: `equipment.lead_time`, `site.phases.one.build`."""
    correlation: Annotated[float, Field(gt=-1, lt=1)]
    """Of their normal scores (Gaussian copula); near the rank correlation. The absolute values of one quantity's
    correlations, with the square of its own `correlation`, sum to 1 at most."""


def correlated(alliance: Alliance) -> Alliance:
    """Return the alliance whose quantities know with what they move, ready to be drawn.

    Each pair of correlation r has a common factor of its own, on which one loads √|r| and the other ±√|r|: with
    z = Σ ρ f + √(1 − Σ ρ²) ε two scores then correlate by r, whatever else each is correlated with (factor form of the
    Gaussian copula: Clemen and Reilly 1999). Such correlation matrices are diagonally dominant, so they always exist.
    """
    changes: dict[Place, list[tuple[str, float]]] = {}
    for item in alliance.correlations.values():
        load = math.sqrt(abs(item.correlation))
        for path, sign in zip(item.between, (1.0, math.copysign(1.0, item.correlation)), strict=True):
            for place, value in found(alliance, path):
                if isinstance(value, Quantity):
                    changes.setdefault(place, []).append((f"correlations.{item.id}", sign * load))
    return amended(alliance, {place: _loaded(tuple(loads)) for place, loads in changes.items()})


def _loaded(loads: tuple[tuple[str, float], ...]) -> Callable[[Quantity], Quantity]:
    return lambda value: replace(value, moves_with=loads)
