"""Breakdowns and maintenance of each family, so that its availability comes out."""

from __future__ import annotations

from dataclasses import dataclass

from nanosheet.families import Family

UNSCHEDULED = 0.5
"""Share of the lost time that is breakdown (guess)."""
WEEKLY, QUARTERLY, KIT = 0.2, 0.1, 0.2
"""Shares that are weekly, quarterly, and wafer-count maintenance (guess); a family without kits does it weekly."""
KIT_AREAS = {"Etch", "Films", "CMP"}
KIT_HOURS = 8.0
"""Change of a chamber kit with seasoning (guess)."""

# Days from repair to the next breakdown, and the coefficient of variation of a repair (guess: clusters fail often, long repairs are rare).
UP_DAYS = {"Litho": 3.5, "Metro": 10.0, "Etch": 3.0, "Wet": 4.0, "Films": 3.0, "Thermal": 5.0, "Implant": 2.5, "CMP": 2.5,
           "Inspect": 7.0, "Test": 7.0, "Other": 14.0}
REPAIR_CV = {"Litho": 1.8, "Etch": 2.0, "Films": 2.0, "CMP": 1.8, "Implant": 2.0}
REPAIR_CV_OTHERS = 1.5
PM_CV = 0.3
"""Coefficient of variation of a maintenance (guess)."""


@dataclass(frozen=True)
class Outage:
    """One row of `outages.csv`; minutes, or wafers between maintenances."""

    name: str
    kind: str
    clock: str
    interval: float
    duration: float
    cv: float


def outages(family: Family, wafers_per_hour: float) -> list[Outage]:
    """Return the breakdowns and maintenances of a family whose tools work so many wafers an hour in the long run, at the larger size."""
    lost = 1 - family.group.availability
    area = family.group.area
    kit = area in KIT_AREAS
    up = UP_DAYS[area] * 1440
    down = lost * UNSCHEDULED
    found = [Outage("breakdown", "breakdown", "calendar", up, up * down / (1 - down), REPAIR_CV.get(area, REPAIR_CV_OTHERS))]
    for name, share, days in (("weekly", WEEKLY if kit else WEEKLY + KIT, 7.0), ("quarterly", QUARTERLY, 91.0)):
        found.append(Outage(name, "pm", "calendar", days * 1440, days * 1440 * lost * share, PM_CV))
    if kit:
        wafers = wafers_per_hour * KIT_HOURS / (lost * KIT)
        found.append(Outage("kit", "pm", "wafers", float(f"{wafers:.2g}"), KIT_HOURS * 60, PM_CV))
    return found
