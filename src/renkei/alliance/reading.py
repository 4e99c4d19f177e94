"""Reading an alliance (docs/alliance-format.md): all problems of the file and of its fab are found, then raised."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

from pydantic import ValidationError

from renkei.alliance.alliance import Alliance
from renkei.alliance.builtin import alliance_file, builtin_alliances
from renkei.alliance.explaining import explained
from renkei.alliance.orphans import without_orphans
from renkei.alliance.rules import Fault, broken
from renkei.alliance.rules.scene import Scene
from renkei.alliance.salvage import salvaged
from renkei.alliance.tree import Node, child, dotted, nearest, parse, plain, reaches
from renkei.alliance.variants import chosen, varied
from renkei.errors import InputError, Problem
from renkei.fab.builtin import builtin_fabs, load_fab
from renkei.fab.fab import Fab
from renkei.fab.textfile import read_text


def read_alliance(
    path_or_name: str | Path, scenarios: str | Sequence[str] = (), overrides: Mapping[str, Any] | None = None
) -> Alliance:
    """Return an alliance by built-in name, file, or folder with an `alliance.yaml`; checked together with its fab.

    `scenarios` (a sequence, or a text `"a,b"`) are applied in the order given, then `overrides`, a nested mapping as
    in a scenario (precedence: `renkei.alliance.variants.varied`). The path of a user's fab becomes relative to the
    working directory, so that `load_fab(alliance.fab)` reads it. Raises InputError with every problem: file, line,
    field, value and cure.
    """
    if isinstance(scenarios, str):
        scenarios = [name.strip() for name in scenarios.split(",") if name.strip()]
    shown, tree = _tree(path_or_name)
    problems: list[Problem] = []
    tree = chosen(without_orphans(tree, varied(tree, scenarios, overrides, problems)), scenarios)
    tree = _with_fab_path(tree, Path(shown).parent)
    alliance, found = _validated(tree)
    problems += found
    if problems:
        problems = sorted(set(problems), key=lambda problem: (problem.file, problem.line or 0, problem.field))
        raise InputError(shown, problems)
    assert alliance is not None
    return alliance


def place_of(path_or_name: str | Path, path: tuple[Any, ...]) -> tuple[str, int | None]:
    """Return file and line of a path of an alliance, or of the nearest written above it; raises InputError."""
    node = nearest(_tree(path_or_name)[1], path)
    return node.file, node.line


class Outline(NamedTuple):
    """What a list of alliances shows."""

    title: str
    scenarios: Mapping[str, str]
    """Name → title."""


def outline(path_or_name: str | Path) -> Outline:
    """Return title and scenarios of an alliance without checking it; raises InputError where it is no YAML."""
    tree = _tree(path_or_name)[1]
    scenarios = child(tree, "scenarios")
    names = scenarios.value if scenarios is not None and isinstance(scenarios.value, dict) else {}
    return Outline(_text(tree, "title"), {name: _text(node, "title") for name, node in names.items()})


def _text(node: Node, key: str) -> str:
    part = child(node, key)
    return str(part.value) if part is not None and isinstance(part.value, (str, int, float)) else ""


def _tree(path_or_name: str | Path) -> tuple[str, Node]:
    """Return the file's name for messages and its tree; raises InputError if it is no plain YAML."""
    path = alliance_file(path_or_name)
    name = str(path_or_name)
    shown = f"{name}/{path.name}" if name in builtin_alliances() else str(path)
    problems: list[Problem] = []
    text = read_text(path, shown, problems)
    tree = parse(text, shown, problems) if text is not None else None
    if tree is None or problems:
        raise InputError(shown, problems)
    return shown, tree


def _with_fab_path(tree: Node, folder: Path) -> Node:
    """Make the path of a fab's folder relative to the working directory; leave names, and what is not there."""
    fab = child(tree, "fab")
    parts = tree.value if isinstance(tree.value, dict) else {}
    if fab is None or not isinstance(fab.value, str) or fab.value in builtin_fabs():
        return tree
    try:
        path = folder / fab.value
        found = path.exists()
    except (OSError, ValueError):
        found = False
    return replace(tree, value={**parts, "fab": replace(fab, value=str(path))}) if found else tree


def _validated(tree: Node) -> tuple[Alliance | None, list[Problem]]:
    """Return the alliance, or None and what is wrong; what schema errors hide is searched on a salvaged one."""
    problems: list[Problem] = []
    touched: set[tuple[Any, ...]] = set()
    alliance: Alliance | None
    try:
        alliance = Alliance.model_validate(plain(tree))
    except ValidationError as error:
        found = explained(error, tree)
        problems = [problem for _, problem in found]
        alliance, touched = salvaged(tree, [path for path, _ in found])
    if alliance is None:
        return None, problems
    fab = _fab(alliance, tree, problems)
    faults = broken(Scene.of(alliance, fab, plain(tree), touched))
    return alliance, problems + [_located(fault, tree) for fault in faults]


def _fab(alliance: Alliance, tree: Node, problems: list[Problem]) -> Fab | None:
    """Return the fab, or None after adding its own problems: then names in it cannot be checked."""
    try:
        return load_fab(alliance.fab)
    except InputError as error:
        place = child(tree, "fab") or tree
        if error.problems[0].file == alliance.fab:
            message = f'= "{alliance.fab}" {error.problems[0].message}'
            problems.append(Problem(place.file, place.line, "fab", message))
        else:
            problems.append(Problem(place.file, place.line, "fab", f'= "{alliance.fab}" has problems of its own'))
            problems.extend(replace(problem, file=f"{alliance.fab}/{problem.file}") for problem in error.problems)
        return None


def _located(fault: Fault, tree: Node) -> Problem:
    path = fault.path
    while path and isinstance(path[-1], int) and not reaches(tree, path):
        path = path[:-1]  # one name written instead of a list of names
    node = nearest(tree, path)
    return Problem(node.file, node.line, dotted(path), fault.message)
