"""What the schema of an alliance holds at a path: its model, its fields, its kind of quantity."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from renkei.alliance.alliance import Alliance
from renkei.units import Kind

FILLED = ("id", "scenario")
"""Fields that the reader fills in; nobody writes them."""


def fields(model: type[BaseModel]) -> dict[str, FieldInfo]:
    """Return the fields that a user may write, by the name they are written with."""
    return {info.alias or name: info for name, info in model.model_fields.items() if name not in FILLED}


def annotation_at(path: tuple[Any, ...]) -> Any:
    """Return the annotation of a path, None where the schema has nothing."""
    at: Any = Alliance
    for part in path:
        at = below(at, part)
    return at


def model_at(path: tuple[Any, ...]) -> type[BaseModel] | None:
    """Return the model of a path, None where there is a plain value or nothing."""
    return next(models(annotation_at(path)), None)


def field_at(path: tuple[Any, ...]) -> FieldInfo | None:
    """Return the model field of a path, None for an entry of a mapping or list."""
    model = model_at(path[:-1]) if path else None
    return fields(model).get(str(path[-1])) if model is not None else None


def kind_at(path: tuple[Any, ...]) -> Kind | None:
    """Return the kind of quantity that a path holds, None if it holds something else."""
    info = field_at(path)
    marks = [*info.metadata, *_marks(info.annotation)] if info is not None else list(_marks(annotation_at(path)))
    return next((mark for mark in marks if isinstance(mark, Kind)), None)


def below(at: Any, part: Any) -> Any:
    """Return the annotation one step down: of a model's field, or of a mapping's or list's entries; None if none."""
    for kind in alternatives(at):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            info = next((info for name, info in kind.model_fields.items() if part in (name, info.alias)), None)
            return info.annotation if info is not None else None
        origin, arguments = get_origin(kind), get_args(kind)
        if isinstance(origin, type) and issubclass(origin, Mapping) and part != "[key]":
            return arguments[1]
        if origin is tuple and isinstance(part, int):
            return arguments[0]
        if kind is Any:
            return Any
    return None


def models(at: Any) -> Iterator[type[BaseModel]]:
    """Yield the models among the alternatives of an annotation."""
    for kind in alternatives(at):
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            yield kind


def alternatives(at: Any) -> Iterator[Any]:
    """Yield the alternatives of an annotation, without Annotated and unions around them."""
    origin = get_origin(at)
    if origin is Annotated:
        yield from alternatives(get_args(at)[0])
    elif origin in (Union, UnionType):
        for part in get_args(at):
            yield from alternatives(part)
    elif at is not None:
        yield at


def _marks(at: Any) -> Iterator[Any]:
    """Yield the metadata of an annotation and of the alternatives inside it."""
    origin = get_origin(at)
    if origin is Annotated:
        yield from get_args(at)[1:]
        yield from _marks(get_args(at)[0])
    elif origin in (Union, UnionType):
        for part in get_args(at):
            yield from _marks(part)
