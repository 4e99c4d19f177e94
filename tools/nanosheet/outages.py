"""Breakdowns and maintenance of each family, so that its availability comes out."""

from __future__ import annotations

from dataclasses import dataclass

from nanosheet.families import Family

UP_MINUTES = 10080.0
"""From repair to the next breakdown: the week of SMT2020 for every tool."""
UNSCHEDULED = 0.6
"""Share of the lost time that is breakdown (guess)."""
REPAIR_CV = {"Litho": 2.0, "Etch": 2.0, "Films": 2.0, "CMP": 2.0, "Implant": 2.0}
REPAIR_CV_OTHERS = 1.5
"""Coefficients of variation of a repair: most are short, few take days (guess)."""

# Scheduled loss: monthly and quarterly as in SMT2020, chambers that wear also by wafers (shares of lost time: guess).
MONTHLY, QUARTERLY = (1 - UNSCHEDULED) * 0.7, (1 - UNSCHEDULED) * 0.3
MONTHLY_KIT, QUARTERLY_KIT, KIT = (1 - UNSCHEDULED) * 0.4, (1 - UNSCHEDULED) * 0.2, (1 - UNSCHEDULED) * 0.4
KIT_AREAS = {"Etch", "Films", "CMP"}
KIT_HOURS = 24.0
"""Change of a chamber's kit, with seasoning and qualification (guess)."""
MONTH_MINUTES, QUARTER_MINUTES = 30 * 1440.0, 91 * 1440.0
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
    """Return the breakdowns and maintenances of a family whose tools work so many wafers an hour at the larger size."""
    lost = 1 - family.group.availability
    area = family.group.area
    down = lost * UNSCHEDULED
    repair = UP_MINUTES * down / (1 - down)
    cv = REPAIR_CV.get(area, REPAIR_CV_OTHERS)
    found = [Outage("breakdown", "breakdown", "calendar", UP_MINUTES, repair, cv)]
    monthly, quarterly = (MONTHLY_KIT, QUARTERLY_KIT) if area in KIT_AREAS else (MONTHLY, QUARTERLY)
    for name, share, every in (("monthly", monthly, MONTH_MINUTES), ("quarterly", quarterly, QUARTER_MINUTES)):
        found.append(Outage(name, "pm", "calendar", every, every * lost * share, PM_CV))
    if area in KIT_AREAS:
        wafers = wafers_per_hour * KIT_HOURS / (lost * KIT)
        found.append(Outage("kit", "pm", "wafers", float(f"{wafers:.2g}"), KIT_HOURS * 60, PM_CV))
    return found
