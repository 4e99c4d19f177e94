"""Looking up and changing terms by path, as risks do: `market.channels.*.contacts`, `fx.USD.*.rate`.

A path is made of field names, identifiers and list positions; `*` stands for any identifier or position. Identifiers
may contain dots.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from pydantic import BaseModel

_Model = TypeVar("_Model", bound=BaseModel)
Place = tuple[Any, ...]


def found(terms: Any, pattern: str) -> list[tuple[Place, Any]]:
    """Return each place that a pattern reaches, with what is there; empty where it leads nowhere."""
    return list(_found((), terms, pattern.split(".")))


def amended(terms: _Model, changes: Mapping[Place, Callable[[Any], Any]]) -> _Model:
    """Return the terms with what is at some places changed; places as `found` gives them."""
    for place, change in changes.items():
        terms = _amended(terms, place, change)
    return terms


def _found(place: Place, value: Any, steps: Sequence[str]) -> Iterator[tuple[Place, Any]]:
    if not steps:
        yield place, value
    elif isinstance(value, BaseModel):
        if steps[0] in type(value).model_fields:
            yield from _found((*place, steps[0]), getattr(value, steps[0]), steps[1:])
    elif isinstance(value, Mapping):
        for key, length in _keys(value, steps):
            yield from _found((*place, key), value[key], steps[length:])
    elif isinstance(value, tuple):
        for index, part in enumerate(value):
            if steps[0] in ("*", str(index)):
                yield from _found((*place, index), part, steps[1:])


def _keys(value: Mapping[Any, Any], steps: Sequence[str]) -> Iterator[tuple[Any, int]]:
    """Yield the keys that the first steps mean, and how many steps each takes."""
    if steps[0] == "*":
        yield from ((key, 1) for key in value)
        return
    for length in range(len(steps), 0, -1):
        if (name := ".".join(steps[:length])) in value:
            yield name, length
            return


def _amended(value: Any, place: Place, change: Callable[[Any], Any]) -> Any:
    if not place:
        return change(value)
    step, rest = place[0], place[1:]
    if isinstance(value, BaseModel):
        return value.model_copy(update={step: _amended(getattr(value, step), rest, change)})
    if isinstance(value, Mapping):
        return {**value, step: _amended(value[step], rest, change)}
    return tuple(_amended(part, rest, change) if index == step else part for index, part in enumerate(value))
