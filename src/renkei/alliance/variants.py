"""What scenarios and overrides change in an alliance's tree, before anything is checked."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from renkei.alliance.tree import Node, Path, child, dotted, nearest, planted
from renkei.errors import Problem, did_you_mean
from renkei.units.spread import SHAPES

_VALUE_KEYS = {"value", *SHAPES}


def varied(base: Node, scenarios: Sequence[str], overrides: Mapping[str, Any] | None, problems: list[Problem]) -> Node:
    """Return the tree with scenarios and overrides applied.

    Precedence, weakest first: the file; each scenario in the order given; `overrides` (a nested mapping, as in a
    scenario). Mappings are merged key by key, except that a quantity (`{triangular: …}`) is replaced as a whole, like
    every list and value; null removes the key. Names of scenarios that the file does not declare are problems.
    """
    declared = child(base, "scenarios")
    known = declared.value if declared is not None and isinstance(declared.value, dict) else {}
    for name in scenarios:
        if name not in known:
            message = f'= "{name}" is not a scenario of this alliance{did_you_mean(name, known)}'
            problems.append(Problem(base.file, None, "scenario", message))
            continue
        change = child(known[name], "overrides")
        if change is not None and isinstance(change.value, dict):
            base = _merged(base, change, (), dotted(("scenarios", name, "overrides")), problems)
    if overrides:
        base = _merged(base, planted(dict(overrides), "overrides"), (), "", problems)
    return base


def chosen(base: Node, scenarios: Sequence[str]) -> Node:
    """Return the tree with its field `scenario` saying which scenarios were applied."""
    parts = base.value if isinstance(base.value, dict) else {}
    return replace(base, value={**parts, "scenario": planted(list(scenarios), base.file)})


def _merged(base: Node, change: Node, path: Path, within: str, problems: list[Problem]) -> Node:
    old, new = base.value, change.value
    if not isinstance(old, dict) or not isinstance(new, dict) or _VALUE_KEYS & {*old, *new}:
        return _without_nulls(change)
    parts = dict(old)
    for key, part in new.items():
        here = (*path, key)
        if part.value is not None:
            parts[key] = _merged(parts[key], part, here, within, problems) if key in parts else _without_nulls(part)
        elif parts.pop(key, None) is None:
            field = f"{within}.{dotted(here)}" if within else dotted(here)
            message = f"= null removes nothing: there is no such key{did_you_mean(key, old)}"
            problems.append(Problem(part.file, part.line, field, message))
    return replace(base, value=parts)


def _without_nulls(node: Node) -> Node:
    """Return a new branch without the keys that say null: there is nothing to remove."""
    if not isinstance(node.value, dict):
        return node
    kept = {key: _without_nulls(part) for key, part in node.value.items() if part.value is not None}
    return replace(node, value=kept)


def line_of(base: Node, path: Path) -> tuple[str, int | None]:
    """Return file and line of a path, or of the nearest that exists above it."""
    node = nearest(base, path)
    return node.file, node.line
