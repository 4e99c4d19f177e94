"""The reference page of the alliance format, made from the schema's own documentation (docs/alliance-format.md)."""

from __future__ import annotations

import inspect
from collections.abc import Iterator, Mapping
from enum import Enum
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from renkei.alliance.alliance import Alliance
from renkei.alliance.base import Terms
from renkei.alliance.fields import alternatives, fields, kind_at, models
from renkei.alliance.milestones import METRICS
from renkei.units import Quantity

_INTRODUCTION = """\
# The alliance format

An alliance is one file, `alliance.yaml`. This page is made from the program: `renkei schema --markdown` prints it,
`renkei schema` prints the same as JSON Schema for editors, `renkei check FILE` finds everything that is wrong with a
file. `renkei list` names the built-in alliances; `japan-us-2nm` is the longest example.

```yaml
name: two-partners
start: 2024-01
end: 2026-12
fab: minifab                      # a built-in fab, or the path of a fab's folder relative to this file
partners:
  state: {name: The state, country: JP, roles: government}
  maker: {name: The maker, country: JP, roles: manufacturer}
funding:
  tranches:
    grant: {payer: state, kind: grant, amount: 10 bn JPY, fiscal_year: 2024}
    reward: {payer: state, kind: grant, amount: 1 bn JPY, after: first-silicon}
milestones:
  first-silicon:
    name: First silicon
    when: {all: [{metric: lots_finished, of: Pa, at_least: 1}]}
    promised: 2024-10
# … site, workforce, technology, market: see below
scenarios:
  no-reward:
    overrides: {funding: {tranches: {reward: null}}}
```

**Plain YAML.** Mappings, lists, texts, numbers; no anchors, aliases or tags, at most 2,000,000 characters. Whatever has
a name is a mapping from identifier to block (`tranches: {grant: {…}}`), so that scenarios can change one entry.

**Quantities** are a text with a unit, `70 bn JPY`, `18 months`, `0.33 /cm2`, `12 %`, or a number in the field's unit.
Any of them can be a mapping with its source, or uncertain:
`{value: 70 bn JPY, source: "…", confidence: high}`, `{triangular: [12, 15, 24], unit: months}`, `uniform: [low, high]`,
`lognormal: [median, sigma]`, `normal: [mean, sd]`, `choice: [a, b]` with `weights`. Values with the same
`correlated_with: NAME` move together by their `correlation` with that common factor: two of them correlate by the
product. Single pairs stand under [`correlations`](#correlations). `confidence: low` marks a guess. `prices_of: 2022`
beside an amount of money says that it is in prices of that calendar year; it follows `inflation` to the day of payment.

**Every block** takes `source`, `confidence` (high, medium, low) and `note`; they hold for the numbers in it that have
none of their own.

**Dates** are `2023-04-25` or a month, `2023-04`, which means its first day.

**Scenarios** merge their `overrides` into the file key by key before anything is checked; a quantity, a list or a
text is replaced, `null` removes the key. Precedence, weakest first: the file, the scenarios in the order given
(`--scenario a,b`), overrides given in Python.

**Gates.** `after: milestone` (or a list: all of them) holds something back until milestones are reached. Nothing may
wait for itself, around whatever corners.

In the tables, **bold** fields must be given. `→` names what an identifier refers to.
"""

_REFERS = {
    "payer": "partner", "guarantor": "partner", "owner": "partner", "employer": "partner", "host": "partner",
    "to": "partner", "partner": "partner", "supplier": "supplier", "buyer": "partner", "parties": "partners",
    "promised_by": "partner", "role": "role", "place": "place of a host",
    "transfers": "demonstration", "needs_pdk": "pdk", "segment": "segment", "channel": "channel", "stage": "stage",
    "customer": "customer", "prepayment": "tranche", "compared_at": "stages",
    "parent": "node", "process": "node",
    "suppliers": "suppliers", "after": "milestones", "until_reached": "milestones", "needs": "milestones",
}  # fmt: skip


def reference() -> str:
    """Return the whole page as Markdown."""
    parts = [_INTRODUCTION]
    seen: set[type[BaseModel]] = set()
    for path, model in _blocks((), Alliance):
        if model not in seen:
            seen.add(model)
            parts.append(_section(path, model))
    parts.append(_metrics())
    return "\n".join(parts)


def _blocks(path: tuple[Any, ...], model: type[BaseModel]) -> Iterator[tuple[tuple[Any, ...], type[BaseModel]]]:
    """Yield every model with the path where it is first met, `*` standing for an identifier."""
    yield path, model
    for name, info in fields(model).items():
        if name == "overrides":
            continue
        for kind in alternatives(info.annotation):
            arguments = get_args(kind)
            step: tuple[Any, ...] = (name,)
            inner: Any = kind
            if _is_mapping(kind):
                step, inner = (name, "*"), arguments[1]
            elif get_origin(kind) is tuple:
                step, inner = (name, 0), arguments[0]
            for below in models(inner):
                yield from _blocks((*path, *step), below)


def _section(path: tuple[Any, ...], model: type[BaseModel]) -> str:
    shown = "".join(f"[{part}]" if isinstance(part, int) else f".{part}" for part in path).lstrip(".")
    lines = [f"## `{shown.replace('[0]', '[]')}`" if path else "## The file", "", _text(inspect.getdoc(model)), ""]
    common = () if model is Terms else tuple(Terms.model_fields)
    rows = [_row(path, name, info) for name, info in fields(model).items() if name not in common]
    return "\n".join([*lines, "| field | takes | default | meaning |", "| --- | --- | --- | --- |", *rows, ""])


def _row(path: tuple[Any, ...], name: str, info: FieldInfo) -> str:
    needed = info.is_required()
    shown = f"**`{name}`**" if needed else f"`{name}`"
    cells = (shown, _takes(path, name, info), "" if needed else _default(info), _text(info.description))
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"


def _takes(path: tuple[Any, ...], name: str, info: FieldInfo) -> str:
    kind = kind_at((*path, name))
    if kind is not None:
        return f"{kind.noun}, `{kind.example}`"
    words = {_word(name, kind) for kind in alternatives(info.annotation) if kind is not type(None)}
    return " or ".join(sorted(words))


def _word(name: str, kind: Any) -> str:
    origin, arguments = get_origin(kind), get_args(kind)
    if origin is Literal:
        return ", ".join(f"`{word}`" for word in arguments if word)
    if name in _REFERS:
        return f"→ {_REFERS[name]}"
    if _is_mapping(kind):
        inner = next(models(arguments[1]), None)
        return "identifier → block" if inner is not None else "name → value"
    if origin is tuple:
        words = sorted({_word("", part) for part in alternatives(arguments[0])})
        return "list of texts" if words == ["text"] else f"list of {' or '.join(words)}"
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        return "date or block" if kind.__name__ == "Dated" else "block"
    if isinstance(kind, type) and issubclass(kind, Enum):
        return "a metric, see the end of the page"
    return {str: "text", int: "whole number", float: "number", bool: "`true` or `false`"}.get(kind, "date")


def _default(info: FieldInfo) -> str:
    value = info.default
    if value is PydanticUndefined or value in (None, "", (), {}):
        return ""
    if isinstance(value, Quantity):
        return f"{value}{' (guess)' if value.confidence == 'low' else ''}"
    if isinstance(value, (str, int, float)):
        return str(value).lower() if isinstance(value, bool) else str(value)
    if isinstance(value, tuple) and isinstance(value[0], BaseModel):
        return "; ".join(_given(part) for part in value)
    if isinstance(value, tuple):
        return ", ".join(str(part) for part in value)
    return "its defaults"


def _given(block: BaseModel) -> str:
    """Return what a block that is a default was given, as a user would write it."""
    fields_set = ", ".join(f"{name}: {getattr(block, name)}" for name in sorted(block.model_fields_set))
    return f"`{{{fields_set}}}`"


def _metrics() -> str:
    lines = ["## Metrics of conditions", "", "| metric | unit | `of` | meaning |", "| --- | --- | --- | --- |"]
    for metric, info in METRICS.items():
        of = info.of.replace("_", " ") + (" (optional)" if info.of and info.optional else "")
        lines.append(f"| `{metric.value}` | {info.unit} | {of} | {info.meaning}{'' if info.exact else '; month-end'} |")
    return "\n".join([*lines, ""])


def _is_mapping(kind: Any) -> bool:
    origin = get_origin(kind)
    return isinstance(origin, type) and issubclass(origin, Mapping)


def _text(text: str | None) -> str:
    return " ".join((text or "").split())
