"""Which tools may run which recipe: `1-3 7` names tools, `50%` gives a share of the tools that are there."""

from __future__ import annotations

import math

from renkei.build.names import Index
from renkei.fab.fab import Fab

GOLDEN_RATIO = 0.6180339887498949


def named_tools(text: str) -> list[int]:
    """Return the tool numbers of a text like `1-3 7`."""
    numbers: list[int] = []
    for part in text.replace(",", " ").split():
        first, _, last = part.partition("-")
        numbers.extend(range(int(first), int(last or first) + 1))
    return numbers


def share_of(text: str) -> float | None:
    """Return the share meant by a text like `50%`, None if it names tools."""
    return float(text.strip()[:-1]) / 100 if text.strip().endswith("%") else None


def qualified_tools(text: str, ordinal: int, present: list[int]) -> list[int]:
    """Return the tools of `present` (numbers, 1-based) that may run a group's recipe number `ordinal` (0-based).

    A share takes ceil(share × n) neighbours, at least one, starting at a place that moves by the golden ratio from
    recipe to recipe, so that recipes overlap in a chain over all tools (long chains are nearly as good as full
    flexibility: Jordan and Graves, Management Science 41(4), 1995).
    """
    share = share_of(text)
    if share is None:
        named = set(named_tools(text))
        return [number for number in present if number in named]
    if not present:
        return []
    count = max(1, math.ceil(share * len(present) - 1e-9))
    start = int(len(present) * ((ordinal * GOLDEN_RATIO) % 1.0))
    return [present[(start + place) % len(present)] for place in range(min(count, len(present)))]


def recipe_rules(fab: Fab, index: Index) -> list[tuple[int, str, int, str]]:
    """Return (recipe row, tool group, ordinal of the recipe in its group, rule) of every recipe with a rule."""
    rules = {(q.tool_group, q.recipe): q.tools for q in fab.qualifications}
    ordinals: dict[str, int] = {}
    found = []
    for (group, recipe), row in index.recipes.items():
        ordinal = ordinals[group] = ordinals.get(group, -1) + 1
        found.append((row, group, ordinal, rules[group, recipe]))
    return found
