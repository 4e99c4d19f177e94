"""Which tool groups hold the fab back: ranked by how much of their up-time is taken, with their part of the waiting."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

KEYS = ("utilisation_of_uptime", "occupied_of_uptime", "queue_share")


def bottlenecks(tool_groups: Mapping[str, Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return the tool groups from the tightest to the loosest, each `{tool_group, …KEYS}`.

    Ranked by `occupied_of_uptime`: process and setup ÷ up-time, the long-run utilisation that Hopp and Spearman
    (Factory Physics, 3rd ed. 2008, ch. 7) define the bottleneck by. Ties, and groups that never were up (last), go by
    `queue_share`, then in the order of the fab.
    """

    def rank(item: tuple[str, Mapping[str, Any]]) -> tuple[float, float]:
        _, row = item
        taken, waiting = row["occupied_of_uptime"], row["queue_share"]
        return (-1.0 if taken is None else taken, 0.0 if waiting is None else waiting)

    ranked = sorted(tool_groups.items(), key=rank, reverse=True)
    return [{"tool_group": name, **{key: row[key] for key in KEYS}} for name, row in ranked]
