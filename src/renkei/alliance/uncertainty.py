"""Every quantity of an alliance by its path, and one drawn future of all of them.

A path is made of field names and identifiers, `workforce.cohorts.albany-1.stay`; what has no identifier counts from 0.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from statistics import NormalDist
from typing import Any, TypeVar

from pydantic import BaseModel

from renkei.units import Quantity, uniform

_Model = TypeVar("_Model", bound=BaseModel)
_NORMAL = NormalDist()


def quantities(terms: BaseModel) -> Iterator[tuple[str, Quantity]]:
    """Yield each quantity with its path, in the order of declaration: the ledger of assumptions."""
    yield from _walk("", terms)


def drawn(terms: _Model, seed: int) -> _Model:
    """Return the same terms with each uncertain value replaced by the one that (seed, path) draws.

    What belongs to single events (`drawn_each` of its block) stays uncertain: see `drawn_for`.

    Values that share `correlated_with` share a factor: their normal scores correlate with it (and with the value of
    that path, if there is one) by `correlation`, a Gaussian copula.
    """
    rebuilt: _Model = _rebuilt("", terms, lambda path, value: value.at(score(seed, path, value)), once=True)
    return rebuilt


def drawn_for(terms: _Model, seed: int, path: str, event: int) -> _Model:
    """Return a block of terms at `path` as drawn for one event of it, told by its number."""
    rebuilt: _Model = _rebuilt(path, terms, lambda at, value: value.at(score(seed, at, value, event)), once=False)
    return rebuilt


def score(seed: int, path: str, value: Quantity, event: int = 0) -> float:
    """Return the uniform number in (0, 1) that belongs to a value of this path."""
    loads = ((value.correlated_with, value.correlation),) if value.correlated_with else ()
    return _moved(seed, path, event, (*loads, *value.moves_with))


def moved_with(seed: int, path: str, event: int, factor: str, correlation: float) -> float:
    """Return the uniform number of an address, moved with a named common factor: a one-factor Gaussian copula.

    u = Φ(ρ·z + √(1 − ρ²)·Φ⁻¹(own)), z the factor's normal score, one for the whole future; u is uniform whatever ρ is
    (Clemen and Reilly 1999). Without a factor: the address's own number.
    """
    return _moved(seed, path, event, ((factor, correlation),) if factor else ())


def _moved(seed: int, path: str, event: int, loads: tuple[tuple[str, float], ...]) -> float:
    """Return the uniform number of an address that moves with several factors: u = Φ(Σ ρ·z + √(1 − Σ ρ²)·Φ⁻¹(own))."""
    own = uniform(seed, path, event)
    if not loads:
        return own
    shared = sum(load * _NORMAL.inv_cdf(uniform(seed, factor)) for factor, load in loads)
    rest = math.sqrt(max(1 - sum(load**2 for _, load in loads), 0.0))
    return min(max(_NORMAL.cdf(shared + rest * _NORMAL.inv_cdf(own)), 1e-15), 1 - 1e-15)


def _walk(path: str, value: Any) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, Quantity):
        yield path, value
        return
    for name, part in _parts(value):
        yield from _walk(_joined(path, name), part)


def _rebuilt(path: str, value: Any, change: Callable[[str, Quantity], Quantity], once: bool) -> Any:
    """Change every quantity below a path; with `once`, not those that are drawn at each event."""
    if isinstance(value, Quantity):
        return change(path, value)
    each = getattr(type(value), "drawn_each", ()) if once else ()
    parts = {
        name: part if name in each else _rebuilt(_joined(path, name), part, change, once)
        for name, part in _parts(value)
    }
    if isinstance(value, BaseModel):
        return value.model_copy(update=parts)
    if isinstance(value, Mapping):
        return parts
    return tuple(parts.values()) if isinstance(value, tuple) else value


def _parts(value: Any) -> Iterator[tuple[Any, Any]]:
    if isinstance(value, BaseModel):
        yield from ((name, getattr(value, name)) for name in type(value).model_fields)
    elif isinstance(value, Mapping):
        yield from value.items()
    elif isinstance(value, tuple):
        yield from enumerate(value)


def _joined(path: str, name: Any) -> str:
    return f"{path}.{name}" if path else str(name)
