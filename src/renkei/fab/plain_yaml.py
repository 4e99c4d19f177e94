"""YAML of the plain kind: a mapping of texts and lists of texts, each with its line; no aliases, no tags, no nesting.

Every scalar stays text: the fields that take it decide what it means, so that `no` is not false by accident.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError
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
from renkei.fab.textfile import read_text

LONGEST = 1_000_000
"""Characters of a file; a fab's front page has a few thousand."""


@dataclass(frozen=True)
class Entry:
    """A value of the mapping: a text, a list of texts, or None where it is left empty."""

    value: str | list[str] | None
    line: int


def read_plain_yaml(path: Path, shown: str, problems: list[Problem]) -> dict[str, Entry] | None:
    """Return the top mapping of a YAML file, or None after adding to `problems` what is wrong with it."""
    text = read_text(path, shown, problems)
    if text is None:
        return None
    if len(text) > LONGEST:
        problems.append(Problem(shown, None, "", f"is longer than {LONGEST} characters, the most that is read"))
        return None
    try:
        return _Reader(shown, problems).read(text)
    except YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        what = getattr(error, "problem", None) or "is not valid YAML"
        problems.append(Problem(shown, mark.line + 1 if mark else None, "", f"is not valid YAML: {what}"))
    except _NotPlainError as error:
        problems.append(Problem(shown, error.line, "", str(error)))
    except RecursionError:
        problems.append(Problem(shown, None, "", "is nested too deeply; it is a mapping of texts and lists of texts"))
    return None


class _NotPlainError(Exception):
    def __init__(self, event: Event, message: str):
        super().__init__(message)
        self.line = event.start_mark.line + 1


class _Reader:
    """Walks the events of the parser; anything that is not plain stops it."""

    def __init__(self, shown: str, problems: list[Problem]):
        self.shown = shown
        self.problems = problems

    def read(self, text: str) -> dict[str, Entry]:
        events = (event for event in YAML(typ="safe", pure=True).parse(text) if self._is_content(event))
        entries: dict[str, Entry] = {}
        first = next(events, None)
        if first is None:
            return entries
        if not isinstance(first, MappingStartEvent):
            raise _NotPlainError(first, "must be a mapping: lines like `name: my-fab`")
        for key in events:
            if isinstance(key, MappingEndEvent):
                break
            if not isinstance(key, ScalarEvent):
                raise _NotPlainError(key, "has something nested where the name of a field is expected")
            self._store(entries, key, self._value(next(events), events))
        rest = next(events, None)
        if rest is not None:
            raise _NotPlainError(rest, "starts a second YAML document; only one is read")
        return entries

    @staticmethod
    def _is_content(event: Event) -> bool:
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise _NotPlainError(event, "uses an anchor or alias (& or *), which are not read here; write the text out")
        if tag := getattr(event, "tag", None):
            raise _NotPlainError(event, f"uses the tag {str(tag)[:60]}, which is not read here; write plain text")
        return isinstance(
            event, ScalarEvent | MappingStartEvent | MappingEndEvent | SequenceStartEvent | SequenceEndEvent
        )

    @staticmethod
    def _value(event: Event, events: object) -> str | list[str] | None:
        if isinstance(event, ScalarEvent):
            return _text(event)
        if not isinstance(event, SequenceStartEvent):
            raise _NotPlainError(event, "has a mapping where a text or a list of texts is expected")
        values = []
        for item in events:  # type: ignore[attr-defined]
            if isinstance(item, SequenceEndEvent):
                break
            if not isinstance(item, ScalarEvent):
                raise _NotPlainError(item, "is nested in a list of texts; put quotes around a text with a colon")
            values.append(_text(item) or "")
        return values

    def _store(self, entries: dict[str, Entry], key: ScalarEvent, value: str | list[str] | None) -> None:
        line = key.start_mark.line + 1
        if key.value in entries:
            message = f"is a field named twice, first in line {entries[key.value].line}; remove one"
            self.problems.append(Problem(self.shown, line, key.value, message))
        else:
            entries[key.value] = Entry(value, line)


def _text(event: ScalarEvent) -> str | None:
    if event.style is None and event.value in ("", "~", "null"):
        return None
    return str(event.value).strip()
