"""Dispatch rules: ranked lists of criteria like `priority, 0.7*cr + 0.3*spt, fifo`, read left to right."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable

from renkei.errors import did_you_mean

CRITERIA = (
    "priority",
    "setup",
    "fifo",
    "lifo",
    "edd",
    "cr",
    "spt",
    "odd",
    "slack",
    "srpt",
    "cqt",
    "fsvct",
    "fsmct",
    "fbfs",
    "lbfs",
    "random",
)
"""Criteria a lot can be ranked by; docs/floor.md, "Dispatch rules", defines the value of each, its unit and source."""

ALIASES = {
    "hp": "priority",
    "hotlotfirst": "priority",
    "rsetup": "setup",
    "lssu": "setup",
    "sptf": "spt",
    "mst": "slack",
    "ls": "slack",
    "cqtfirst": "cqt",
}
"""Names in use elsewhere that differ from ours; AutoSched's prefixes `rank_` and `rule_` may be left out."""

_NUMBER = r"(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"
_TERM = re.compile(rf"([+-]?)(?:({_NUMBER})\*)?([A-Za-z]\w*)")


def parse_dispatch(rule: str | Iterable[str]) -> tuple[str, ...]:
    """Return the criteria of a ranked list given as `priority, setup, fifo`, `rank_HP;rank_FIFO` or a sequence.

    A criterion may be a weighted sum like `0.7*cr + 0.3*spt`; sums come back with weights and blanks written one way.
    Raises ValueError naming the criterion that is unknown or named twice, or the sum that cannot be read.
    """
    text = rule if isinstance(rule, str) else ", ".join(map(str, rule))
    words = re.split(r"[\s,;]+", re.sub(r"\s*([+*-])\s*", r"\1", text.strip()))
    criteria = tuple(_criterion(word) for word in words if word)
    for position, criterion in enumerate(criteria):
        if criterion in criteria[:position]:
            raise ValueError(f'names "{criterion}" twice; a criterion ranks only once')
    return criteria


def terms(criterion: str) -> tuple[tuple[float, str], ...]:
    """Return weight and name of each term of one criterion; one that is no sum has one term of weight 1.

    Raises ValueError for a sum that cannot be read.
    """
    text = criterion.replace(" ", "")
    found, place = [], 0
    while place < len(text):
        match = _TERM.match(text, place)
        if match is None or (place > 0 and not match[1]):
            raise ValueError(f'has a sum "{criterion}" that cannot be read; write sums like "0.7*cr + 0.3*spt"')
        weight = float(match[2] or 1.0)
        if not 0 < weight < math.inf:
            raise ValueError(f'has a weight {match[2]} in "{criterion}"; a weight must be a finite number other than 0')
        found.append((-weight if match[1] == "-" else weight, _name(match[3])))
        place = match.end()
    return tuple(found)


def _criterion(word: str) -> str:
    if not re.search(r"[+*-]", word):
        return _name(word)
    found = terms(word)
    names = [name for _, name in found]
    twice = [name for place, name in enumerate(names) if name in names[:place]]
    if twice:
        raise ValueError(f'names "{twice[0]}" twice in the sum "{word}"')
    return " ".join(_written(place, *term) for place, term in enumerate(found))


def _written(place: int, weight: float, name: str) -> str:
    """Return a term of a sum as text."""
    size = "" if abs(weight) == 1 else f"{repr(abs(weight)).removesuffix('.0')}*"
    if place == 0:
        return f"{'-' if weight < 0 else ''}{size}{name}"
    return f"{'-' if weight < 0 else '+'} {size}{name}"


def _name(word: str) -> str:
    name = word.lower().removeprefix("rank_").removeprefix("rule_")
    name = ALIASES.get(name, name)
    if name not in CRITERIA:
        near = did_you_mean(name, [*CRITERIA, *ALIASES]) or f"; known: {', '.join(CRITERIA)}"
        raise ValueError(f'has no criterion "{word}"{near}')
    return name
