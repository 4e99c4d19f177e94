"""What the rules look at: the alliance, its fab, and every name that is declared."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from pydantic import BaseModel

from renkei.alliance.alliance import Alliance
from renkei.errors import did_you_mean
from renkei.fab.fab import Fab

_DECLARED = {
    "partner": ("partners",),
    "tranche": ("funding", "tranches"),
    "phase": ("site", "phases"),
    "role": ("workforce", "roles"),
    "cohort": ("workforce", "cohorts"),
    "place": ("workforce", "hosts"),
    "order": ("equipment", "orders"),
    "customer": ("market", "customers"),
    "supplier": ("equipment", "suppliers"),
    "demonstration": ("technology", "demonstrations"),
    "pdk": ("technology", "pdks"),
    "segment": ("market", "segments"),
    "channel": ("market", "channels"),
    "stage": ("market", "funnel"),
    "proof": ("technology", "proofs"),
    "node": ("technology", "nodes"),
    "milestone": ("milestones",),
}


class Fault(NamedTuple):
    """What a rule found: where in the alliance, and what is wrong there."""

    path: tuple[Any, ...]
    message: str


@dataclass(frozen=True)
class Scene:
    """An alliance with its fab (None if that cannot be read)."""

    alliance: Alliance
    fab: Fab | None
    declared: Mapping[str, frozenset[str]]
    """Kind of thing → identifiers, those of broken blocks too: they are known, though not usable."""
    broken: Collection[tuple[Any, ...]] = ()
    """Paths of what is wrong already and was taken out."""

    @staticmethod
    def of(alliance: Alliance, fab: Fab | None, written: Any = None, broken: Collection[tuple[Any, ...]] = ()) -> Scene:
        """Return the scene of an alliance; `written` is the file's content, if it was read from one."""
        declared = {
            kind: frozenset(_keys(alliance, path)) | frozenset(_keys(written, path)) for kind, path in _DECLARED.items()
        }
        return Scene(alliance, fab, declared, broken)

    def suspects(self, path: tuple[Any, ...]) -> bool:
        """Return whether something above or below a path is broken, so that what is wrong there may be a sequel."""
        return any(path[: len(other)] == other or other[: len(path)] == path for other in self.broken if other)


Rule = Callable[[Scene], Iterable[Fault]]


def entries(terms: Any, pattern: str) -> Iterator[tuple[tuple[Any, ...], Any]]:
    """Yield (path, value) of what a pattern like `funding.tranches.*.payer` reaches; nothing where a part is unset."""
    yield from _reached((), terms, pattern.split("."))


def unknown(path: tuple[Any, ...], name: str, what: str, known: Iterable[str]) -> Fault:
    """Return the fault of a name that is not declared, with the nearest that is."""
    quoted = "" if path and path[-1] == name else f'= "{name}" '
    return Fault(path, f"{quoted}is not {what}{did_you_mean(name, known)}")


def named(path: tuple[Any, ...], value: Any) -> Iterator[tuple[tuple[Any, ...], str]]:
    """Yield (path, name) of each name in a value: a text, a list of texts, or the keys of a mapping."""
    if isinstance(value, str):
        if value:
            yield path, value
    elif isinstance(value, Mapping):
        yield from (((*path, key), str(key)) for key in value)
    elif isinstance(value, tuple):
        yield from (((*path, at), str(name)) for at, name in enumerate(value))


def _reached(path: tuple[Any, ...], value: Any, parts: list[str]) -> Iterator[tuple[tuple[Any, ...], Any]]:
    if value is None:
        return
    if not parts:
        yield path, value
    elif parts[0] == "*":
        for key, item in value.items() if isinstance(value, Mapping) else enumerate(value):
            yield from _reached((*path, key), item, parts[1:])
    else:
        yield from _reached((*path, parts[0]), getattr(value, parts[0]), parts[1:])


def _keys(at: Any, path: tuple[str, ...]) -> Iterable[str]:
    for part in path:
        at = getattr(at, part, None) if isinstance(at, BaseModel) else at.get(part) if isinstance(at, dict) else None
    return [str(key) for key in at] if isinstance(at, Mapping) else ()
