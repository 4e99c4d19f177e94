"""YAML as a tree whose every part knows its file and line: mappings, lists, texts, numbers; no aliases, no tags.

Plain numbers become numbers; everything else stays text, so that `no` is not false and a date is not guessed: the
field that takes a value decides what it means.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError
from ruamel.yaml.events import (
    AliasEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from renkei.errors import Problem

LONGEST = 2_000_000
"""Characters of a file; the built-in alliance has about 100,000."""
DEEPEST = 40
"""Mappings and lists inside each other; an alliance needs about ten."""

Scalar: TypeAlias = str | int | float | None
Path: TypeAlias = tuple[Any, ...]
"""Keys and positions from the top."""

_INTEGER = re.compile(r"[+-]?[0-9]{1,30}")
_FLOAT = re.compile(r"[+-]?(?:[0-9]{1,30}\.[0-9]{0,30}|\.[0-9]{1,30}|[0-9]{1,30}(?=[eE]))(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Node:
    """A value and the place of its key (of the value itself in a list)."""

    value: Scalar | dict[str, Node] | list[Node]
    file: str
    line: int | None


def parse(text: str, shown: str, problems: list[Problem]) -> Node | None:
    """Return the tree of a YAML text, or None after adding to `problems` why there is none.

    Keys named twice are added too; the first one counts.
    """
    if len(text) > LONGEST:
        problems.append(Problem(shown, None, "", f"is longer than {LONGEST:,} characters, the most that is read"))
        return None
    try:
        return _Reader(shown, problems).read(text)
    except _NotPlainError as error:
        problems.append(Problem(shown, error.line, "", str(error)))
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = mark.line + 1 if mark is not None else None
        problems.append(Problem(shown, line, "", f"is not valid YAML: {error.problem or error.context}"))
    except Exception as error:  # the YAML library raises what it likes on damaged text
        problems.append(Problem(shown, None, "", f"is not valid YAML: {type(error).__name__}: {error!s:.80}"))
    return None


def plain(node: Node) -> Any:
    """Return the tree as mappings, lists and values, places left out."""
    if isinstance(node.value, dict):
        return {key: plain(part) for key, part in node.value.items()}
    if isinstance(node.value, list):
        return [plain(part) for part in node.value]
    return node.value


def planted(value: Any, file: str) -> Node:
    """Return the tree of a Python value, which has no lines."""
    if isinstance(value, dict):
        return Node({str(key): planted(part, file) for key, part in value.items()}, file, None)
    if isinstance(value, (list, tuple)):
        return Node([planted(part, file) for part in value], file, None)
    return Node(value, file, None)


def nearest(node: Node, path: Path) -> Node:
    """Return the node of a path, or the last one on the way that exists."""
    for key in path:
        below = child(node, key)
        if below is None:
            return node
        node = below
    return node


def reaches(node: Node, path: Path) -> bool:
    """Return whether a path leads to a node."""
    at: Node | None = node
    for key in path:
        at = child(at, key) if at is not None else None
    return at is not None


def child(node: Node, key: Any) -> Node | None:
    """Return the part of a mapping or list, None if there is none."""
    if isinstance(node.value, dict):
        return node.value.get(key)
    if isinstance(node.value, list) and isinstance(key, int) and 0 <= key < len(node.value):
        return node.value[key]
    return None


def dotted(path: Path) -> str:
    """Return a path as messages show it: `equipment.orders.pilot`, `milestones.volume.when.all[0]`."""
    shown = ""
    for key in path:
        shown += f"[{key}]" if isinstance(key, int) else f".{key}" if shown else str(key)
    return shown


class _NotPlainError(Exception):
    def __init__(self, event: Event, message: str):
        super().__init__(message)
        self.line = event.start_mark.line + 1


class _Reader:
    """Builds the tree from the parser's events."""

    def __init__(self, shown: str, problems: list[Problem]):
        self.shown = shown
        self.problems = problems

    def read(self, text: str) -> Node | None:
        events = (event for event in YAML(typ="safe", pure=True).parse(text) if self._is_content(event))
        first = next(events, None)
        if not isinstance(first, MappingStartEvent):
            self.problems.append(Problem(self.shown, 1, "", "must be a mapping: lines like `name: my-alliance`"))
            return None
        top = self._node(first, 1, events, ())
        if (rest := next(events, None)) is not None:
            raise _NotPlainError(rest, "starts a second YAML document; only one is read")
        return top

    @staticmethod
    def _is_content(event: Event) -> bool:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _NotPlainError(event, "uses an anchor or alias (& or *), which are not read here; write the text out")
        if tag := getattr(event, "tag", None):
            raise _NotPlainError(event, f"uses the tag {str(tag)[:60]}, which is not read here; write plain text")
        kinds = (ScalarEvent, MappingStartEvent, MappingEndEvent, SequenceStartEvent, SequenceEndEvent)
        return isinstance(event, kinds)

    def _node(self, event: Event, line: int, events: Iterator[Event], path: Path) -> Node:
        if isinstance(event, ScalarEvent):
            return Node(_scalar(event), self.shown, line)
        if len(path) > DEEPEST:
            raise _NotPlainError(event, f"is nested more than {DEEPEST} deep; an alliance needs about ten")
        if isinstance(event, SequenceStartEvent):
            return Node(self._list(events, path), self.shown, line)
        return Node(self._mapping(events, path), self.shown, line)

    def _list(self, events: Iterator[Event], path: Path) -> list[Node]:
        parts: list[Node] = []
        for event in events:
            if isinstance(event, SequenceEndEvent):
                break
            parts.append(self._node(event, _line(event), events, (*path, len(parts))))
        return parts

    def _mapping(self, events: Iterator[Event], path: Path) -> dict[str, Node]:
        parts: dict[str, Node] = {}
        for event in events:
            if isinstance(event, MappingEndEvent):
                break
            if not isinstance(event, ScalarEvent):
                raise _NotPlainError(event, "has something nested where the name of a field is expected")
            key = str(event.value)
            node = self._node(next(events), _line(event), events, (*path, key))
            if key in parts:
                message = f"is named twice, first in line {parts[key].line}; remove one"
                self.problems.append(Problem(self.shown, _line(event), dotted((*path, key)), message))
            else:
                parts[key] = node
        return parts


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1


def _scalar(event: ScalarEvent) -> Scalar:
    text = str(event.value)
    if event.style is not None:
        return text.strip() if event.style in "|>" else text
    if text in ("", "~", "null"):
        return None
    if _INTEGER.fullmatch(text):
        return int(text)
    if _FLOAT.fullmatch(text):
        return float(text) if math.isfinite(float(text)) else text
    return text
