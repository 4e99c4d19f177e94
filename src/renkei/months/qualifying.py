"""Qualifying: SL2 and recipe qualification, by engineers and on test wafers, until a tool is on the floor."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from renkei.months.calendar import Month
from renkei.months.fleet import Fleet, Tool
from renkei.months.orders import Purchase


def qualify(fleet: Fleet, month: Month, cover: float) -> Fleet:
    """Return the fleet after the month's SL2 and recipe qualifications; `cover`: share of engineers' work done."""
    return replace(fleet, tools=tuple(_qualifying(tool, fleet.of(tool), month, cover) for tool in fleet.tools))


def test_wafers(before: Fleet, after: Fleet) -> dict[str, float]:
    """Return the test wafers that are to run on the floor in a month, by tool group: in step with the work done on
    tools that declare it."""
    wafers: dict[str, float] = {}
    for old, new in zip(before.tools, after.tools, strict=True):
        purchase = after.of(new)
        if purchase.installation.wafers_on_floor and new.work_done > old.work_done:
            number = float(purchase.installation.test_wafers) * (new.work_done - old.work_done) / _work(purchase)
            wafers[purchase.group] = wafers.get(purchase.group, 0.0) + number
    return wafers


def work_left(tool: Tool, purchase: Purchase) -> float:
    """Return the days of SL2 and recipe qualification that a tool still has before it."""
    return _work(purchase) - tool.work_done


def engineers_needed(fleet: Fleet, month: Month) -> float:
    """Return the engineer-months that tools in SL2 and recipe qualification ask for in the month."""
    total = 0.0
    for tool in fleet.tools:
        if tool.qualified is None and tool.installed is not None:
            purchase = fleet.of(tool)
            days, length = _work_ahead(tool, purchase, month), _work(purchase)
            total += days / length * _effort(tool, purchase) if length else 0.0
    return total


def _work(purchase: Purchase) -> float:
    return (float(purchase.installation.sl2) + float(purchase.installation.recipes)) * purchase.effort


def _effort(tool: Tool, purchase: Purchase) -> float:
    terms = purchase.installation
    return float(terms.engineers if tool.number == 1 else terms.engineers_repeat) * purchase.effort


def _work_ahead(tool: Tool, purchase: Purchase, month: Month) -> float:
    """Return the days of SL2 and recipe qualification that could be done in the month."""
    if tool.started_up is None or tool.started_up > month.last or tool.qualified is not None:
        return 0.0
    calendar = (month.last - month.within(tool.started_up)).days + 1
    return min(float(calendar), _work(purchase) - tool.work_done)


def _qualifying(tool: Tool, purchase: Purchase, month: Month, cover: float) -> Tool:
    """SL2 and recipe qualification, slowed by the engineers that are there."""
    if tool.started_up is None or tool.qualified is not None or tool.started_up > month.last:
        return tool
    since, left = month.within(tool.started_up), _work(purchase) - tool.work_done
    calendar = (month.last - since).days + 1
    speed = cover if _effort(tool, purchase) > 0 else 1.0
    done = min(calendar * speed, left)
    if done < left - 1e-9:
        return replace(tool, work_done=tool.work_done + done).late("people", round(calendar * (1 - speed)))
    days = left / speed if speed > 0 else 0.0
    tool = tool.late("people", round(days - left))
    qualified = since + dt.timedelta(days=min(int(days), calendar - 1))
    return replace(tool, work_done=tool.work_done + done, qualified=qualified)
