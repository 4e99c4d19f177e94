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

    Values that share `correlated_with` share a factor: their normal scores correlate with it (and with the value of
    that path, if there is one) by `correlation`, a Gaussian copula.
    """
    rebuilt: _Model = _rebuilt("", terms, lambda path, value: value.at(score(seed, path, value)))
    return rebuilt


def score(seed: int, path: str, value: Quantity) -> float:
    """Return the uniform number in (0, 1) that belongs to a value of this path."""
    own = uniform(seed, path)
    if not value.correlated_with:
        return own
    shared = _NORMAL.inv_cdf(uniform(seed, value.correlated_with))
    rest = math.sqrt(1 - value.correlation**2)
    return min(max(_NORMAL.cdf(value.correlation * shared + rest * _NORMAL.inv_cdf(own)), 1e-15), 1 - 1e-15)


def _walk(path: str, value: Any) -> Iterator[tuple[str, Quantity]]:
    if isinstance(value, Quantity):
        yield path, value
        return
    for name, part in _parts(value):
        yield from _walk(_joined(path, name), part)


def _rebuilt(path: str, value: Any, change: Callable[[str, Quantity], Quantity]) -> Any:
    if isinstance(value, Quantity):
        return change(path, value)
    parts = {name: _rebuilt(_joined(path, name), part, change) for name, part in _parts(value)}
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
