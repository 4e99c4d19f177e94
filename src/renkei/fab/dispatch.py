"""Dispatch rules: ranked lists of criteria like `priority, setup, fifo`, read left to right."""

from __future__ import annotations

import re
from collections.abc import Iterable

from renkei.errors import did_you_mean

CRITERIA = ("priority", "setup", "fifo", "lifo", "edd", "cr", "spt")
"""Criteria a lot can be ranked by: priority (larger first), setup time needed, arrival in the queue (first or last in),
due date, critical ratio, process time (smaller first)."""

ALIASES = {"hp": "priority", "rsetup": "setup", "sptf": "spt"}
"""Names of AutoSched that differ from ours; its prefix `rank_` may be left out."""


def parse_dispatch(rule: str | Iterable[str]) -> tuple[str, ...]:
    """Return the criteria of a ranked list given as `priority, setup, fifo`, `rank_HP;rank_FIFO` or a sequence.

    Raises ValueError naming the criterion that is unknown or named twice.
    """
    words = re.split(r"[\s,;]+", rule.strip()) if isinstance(rule, str) else list(rule)
    criteria = tuple(_criterion(word) for word in words if word)
    for position, criterion in enumerate(criteria):
        if criterion in criteria[:position]:
            raise ValueError(f'names "{criterion}" twice; a criterion ranks only once')
    return criteria


def _criterion(word: str) -> str:
    name = str(word).lower().removeprefix("rank_")
    name = ALIASES.get(name, name)
    if name not in CRITERIA:
        raise ValueError(f'has no criterion "{word}"{did_you_mean(name, CRITERIA)}')
    return name
