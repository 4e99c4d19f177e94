"""`fab.yaml`: the fab's name, defaults, sizes, and what was left out."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError, field_validator

from renkei.errors import InputError, Problem, did_you_mean
from renkei.fab.dispatch import parse_dispatch
from renkei.fab.fab import Fab
from renkei.fab.messages import explain
from renkei.fab.plain_yaml import Entry, read_plain_yaml
from renkei.fab.row import Wafers

FILE = "fab.yaml"


def _several(given: Any) -> Any:
    """A single text stands for a list of one."""
    return (given,) if isinstance(given, str) else given


Texts = Annotated[tuple[str, ...], BeforeValidator(_several)]


class FrontPage(BaseModel):
    """The fields of `fab.yaml`."""

    model_config = ConfigDict(
        frozen=True, extra="forbid", use_attribute_docstrings=True, str_strip_whitespace=True, from_attributes=True
    )

    name: Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9-]*$")]
    """Identifier: lower case, digits, `-`."""
    title: str = ""
    description: str = ""
    start: dt.date = dt.date(2024, 1, 1)
    wafers_per_lot: Wafers = 25
    dispatch: Annotated[tuple[str, ...], BeforeValidator(parse_dispatch)] = ("priority", "setup", "fifo")
    sizes: Texts = ()
    left_out: Texts = ()
    sources: Texts = ()

    @field_validator("sizes")
    @classmethod
    def _distinct(cls, sizes: tuple[str, ...]) -> tuple[str, ...]:
        twice = [size for position, size in enumerate(sizes) if size in sizes[:position]]
        if twice:
            raise ValueError(f'names "{twice[0]}" twice')
        return sizes


def read_front_page(folder: Path, problems: list[Problem]) -> FrontPage:
    """Return `fab.yaml` of a folder; what is wrong goes to `problems`, and defaults stand in for it."""
    entries = read_plain_yaml(folder / FILE, FILE, problems)
    if entries is None:
        return FrontPage(name="unnamed")
    known = FrontPage.model_fields
    for name, entry in entries.items():
        if name not in known:
            problems.append(Problem(FILE, entry.line, name, f"is not a field of a fab{did_you_mean(name, known)}"))
    given = {name: entry.value for name, entry in entries.items() if name in known and entry.value is not None}
    try:
        return FrontPage.model_validate(given)
    except ValidationError as error:
        bad = {str(detail["loc"][0]) for detail in error.errors()}
        problems.extend(_problems(error, entries))
        return FrontPage.model_validate({"name": "unnamed"} | {k: v for k, v in given.items() if k not in bad})


def front_page_of(fab: Fab) -> FrontPage:
    """Return what stands on a fab's front page; raises InputError for what could not be read back, like a bad name."""
    try:
        return FrontPage.model_validate(fab)
    except ValidationError as error:
        raise InputError(fab.name, _problems(error, {})) from None


def _problems(error: ValidationError, entries: dict[str, Entry]) -> list[Problem]:
    found = []
    for detail in error.errors(include_url=False):
        name = str(detail["loc"][0])
        line = entries[name].line if name in entries else None
        found.append(Problem(FILE, line, name, _explain(detail, name)))
    return found


def _explain(detail: Any, name: str) -> str:
    if detail["type"] == "string_pattern_mismatch":
        return f'= "{detail["input"]}" must be lower case letters, digits and "-", like "my-fab"'
    if detail["type"] == "tuple_type":
        return f"= {detail['input']} must be a list of texts"
    return explain(detail, FrontPage, name)
