"""What pydantic finds wrong with an alliance, said in words: place, value, what would be right, nearest known word."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails

from renkei.alliance.fields import field_at, fields, kind_at, model_at
from renkei.alliance.tree import Node, Path, dotted, nearest, reaches
from renkei.errors import Problem, did_you_mean
from renkei.units import echo

_NO_MAPPING = "is not a mapping; write lines like `key: value` below it"
_WORDS = {
    "int_parsing": "is not a whole number",
    "int_type": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_parsing_size": "is too large a number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "finite_number": "is not a finite number",
    "bool_parsing": "is neither yes nor no",
    "bool_type": "is neither yes nor no",
    "string_type": "is not a text; put quotes around it",
    "dict_type": _NO_MAPPING,
    "mapping_type": _NO_MAPPING,
    "model_type": _NO_MAPPING,
    "model_attributes_type": _NO_MAPPING,
    "tuple_type": "is not a list; write [a, b]",
}
_BOUNDS = {
    "greater_than_equal": "at least {ge}",
    "less_than_equal": "at most {le}",
    "greater_than": "more than {gt}",
    "less_than": "less than {lt}",
}
_PATTERNS = {
    "^[A-Z]{2}$": "is not a country; write its two capital letters, e.g. JP",
    "^[a-z0-9][a-z0-9-]*$": "is not a name; use lower-case letters, digits and -",
    "^[A-Za-z0-9][A-Za-z0-9_.+-]*$": "is not an identifier; use letters, digits, - _ . +",
}
_QUOTED = re.compile(r"'([^']*)'")
_STARTS_WITH_FIELD = re.compile(r"([a-z_0-9]+)((?:\.\w+|\[\d+\])*) (=|must\b)")


def explained(error: ValidationError, tree: Node) -> list[tuple[Path, Problem]]:
    """Return a problem with its path for each thing that pydantic found wrong, at the line of its place in the tree."""
    found: dict[Problem, Path] = {}
    details = error.errors()
    for detail in details:
        if detail["type"] == "too_short" and any(_inside(other["loc"], detail["loc"]) for other in details):
            continue  # only its bad entries are missing
        path, message = _said(detail, tree)
        node = nearest(tree, path)
        found.setdefault(Problem(node.file, node.line, dotted(path), message), path)
    return [(path, problem) for problem, path in found.items()]


def _inside(location: tuple[int | str, ...], block: tuple[int | str, ...]) -> bool:
    return len(location) > len(block) and location[: len(block)] == block


def _said(detail: ErrorDetails, tree: Node) -> tuple[Path, str]:
    """Return the path of one error in the file, and its message."""
    kind, value, context = detail["type"], detail["input"], detail.get("ctx", {})
    if kind == "missing":
        path = (*_place(detail["loc"][:-1], tree), detail["loc"][-1])
        return path, f"is missing{_purpose(path)}"
    path = _place(detail["loc"], tree)
    if kind == "extra_forbidden":
        model = model_at(path[:-1])
        return path, f"is not a known field{_known(path, fields(model)) if model else ''}"
    if value is None:
        return path, "is empty; write a value, or leave the key out"
    if kind == "value_error":
        return _moved(path, str(context["error"]))
    return path, _plainly(kind, value, context, detail["msg"])


def _known(path: Path, names: Collection[str]) -> str:
    """Return the nearest field; at the top of the file, where nothing else tells them, all of them if none is near."""
    near = did_you_mean(str(path[-1]), names)
    return near if near or len(path) > 1 else f"; known: {', '.join(sorted(names))}"


def _place(location: tuple[int | str, ...], tree: Node) -> Path:
    """Return the part of pydantic's location that is in the file: marks of unions and of keys are left out."""
    path: Path = ()
    for part in location:
        if reaches(tree, (*path, part)):
            path = (*path, part)
    return path


def _plainly(kind: str, value: Any, context: Mapping[str, Any], message: str) -> str:
    shown = echo(value)
    if kind in ("literal_error", "enum"):
        known = _QUOTED.findall(str(context.get("expected", "")))
        hint = did_you_mean(str(value), known)
        return f"= {shown} is not one of {', '.join(known)}{'' if hint.startswith('; known') else hint}"
    if kind in _BOUNDS:
        return f"= {shown} must be {_BOUNDS[kind].format(**context)}"
    if kind == "too_short":
        return "is empty; needs at least one entry"
    if kind == "string_too_short":
        return '= "" is empty; write a text'
    if kind == "string_pattern_mismatch":
        return f"= {shown} {_PATTERNS.get(str(context['pattern'])) or 'must match ' + str(context['pattern'])}"
    return f"= {shown} {_WORDS.get(kind) or message}"


def _moved(path: Path, text: str) -> tuple[Path, str]:
    """Let a message about a whole block that begins with one of its fields stand at that field."""
    match = _STARTS_WITH_FIELD.match(text)
    model = model_at(path)
    if match is None or model is None or match.group(1) not in fields(model):
        return path, text
    steps = re.findall(r"\.\w+|\[\d+\]", match.group(2))
    inner = tuple(int(step[1:-1]) if step.startswith("[") else step[1:] for step in steps)
    return (*path, match.group(1), *inner), text[match.start(3) :]


def _purpose(path: Path) -> str:
    """Return what a missing field is for: its example, or the first sentence of its documentation."""
    kind, info = kind_at(path), field_at(path)
    if kind is not None:
        return f'; write e.g. "{kind.example}"'
    sentence = ((info.description if info else "") or "").replace("\n", " ").split(". ")[0].strip(" .")
    return f"; {sentence[0].lower()}{sentence[1:]}" if sentence else ""
