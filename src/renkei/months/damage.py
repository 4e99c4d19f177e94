"""Damage to single tools: a risk puts a share of a group out of use while the rest of the line goes on."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from renkei.fab.fab import Fab
from renkei.months.calendar import MINUTES_PER_DAY, Month, minute_of
from renkei.months.fleet import Away, Fleet, Tool
from renkei.months.risks import Occurrence
from renkei.units import add_months, uniform


@dataclass(frozen=True)
class Moves:
    """Tools that leave the floor and come back in a month: (minute, tool group, tools), in order of time."""

    leaves: tuple[tuple[float, str, int], ...]
    returns: tuple[tuple[float, str, int], ...]


def struck(fleet: Fleet, fab: Fab, occurred: Sequence[Occurrence], month: Month, seed: int) -> Fleet:
    """Return the fleet after what occurs in the month has put tools out of use.

    Of n tools of a group that run on the day, ⌊share · n + u⌋ are hit, u a uniform draw of the occurrence and group, so
    that the mean is share · n and a larger share never hits fewer. Which ones is drawn too; hit ones are not hit again.
    """
    for item in occurred:
        if not month.has(item.day):
            continue
        for name, out in item.effects.tools_out.items():
            until = add_months(item.day, float(out.time))
            for group in _groups(fab, name):
                hit = _hit(fleet, group, item, float(out.share), seed) if until > item.day else frozenset()
                away = Away(item.day, until)
                fleet = replace(
                    fleet,
                    tools=tuple(replace(t, away=(*t.away, away)) if t.id in hit else t for t in fleet.tools),
                )
    return fleet


def minutes_out(tool: Tool, month: Month) -> float:
    """Return the minutes of a month in which a tool is known at its start to be out of use."""
    days = 0
    for time in tool.away:
        if time.since < month.first < time.until:
            days += min((time.until - month.first).days, month.days)
    return float(days * MINUTES_PER_DAY)


def moves(fleet: Fleet, month: Month) -> Moves:
    """Return which tools leave the floor and come back in a month, each at the beginning of the day."""
    times = [(time, fleet.of(tool).group) for tool in fleet.tools for time in tool.away]
    leaves = [(minute_of(time.since, month.epoch), group) for time, group in times if month.has(time.since)]
    returns = [(minute_of(time.until, month.epoch), group) for time, group in times if month.has(time.until)]
    return Moves(_counted(leaves), _counted(returns))


def _groups(fab: Fab, name: str) -> list[str]:
    """Return the tool group of a name, or those of an area."""
    groups = fab.tool_groups.values()
    return [group.tool_group for group in groups if name in (group.tool_group, group.area)]


def _hit(fleet: Fleet, group: str, item: Occurrence, share: float, seed: int) -> frozenset[str]:
    path = f"risks.{item.risk}.tools_out.{group}"
    there = [tool.id for tool in fleet.tools if fleet.of(tool).group == group and tool.runs(item.day)]
    number = min(math.floor(share * len(there) + uniform(seed, path, item.number)), len(there))
    return frozenset(sorted(there, key=lambda name: uniform(seed, f"{path}.{name}", item.number))[:number])


def _counted(moved: Iterable[tuple[float, str]]) -> tuple[tuple[float, str, int], ...]:
    counts: dict[tuple[float, str], int] = {}
    for key in moved:
        counts[key] = counts.get(key, 0) + 1
    return tuple((minute, group, count) for (minute, group), count in sorted(counts.items()))
