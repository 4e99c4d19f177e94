"""Do the dates leave the time that others needed?"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator

from renkei.alliance.milestones import Metric
from renkei.plausibility.judgement import Case, Judgement

BUILD = (9.0, 30.0)
"""Months from breaking ground to move-in."""
PRODUCTION_DAYS = 584
"""Mean days from construction start to production in Japan."""
LEAD = (2.0, 24.0)
PRODUCTION = (Metric.REVENUE_WAFERS, Metric.WAFERS_OUT)


def building_takes_its_time(case: Case) -> Iterator[Judgement]:
    """Breaking ground to move-in of a fab that is for volume."""
    if not case.real:
        return
    for phase in case.alliance.site.phases.values():
        months = float(phase.build)
        if not BUILD[0] <= months <= BUILD[1]:
            yield Judgement(
                ("site", "phases", phase.id, "build"),
                f"= {months:g} months from breaking ground to move-in",
                "TSMC Fab 18 12–14, Rapidus 15.5, JASM 18 months",
                "Digitimes, 2018-01-26; Digitimes, 2024-12-19; Taiwan News, 2023-12-30",
            )


def promises_leave_time(case: Case) -> Iterator[Judgement]:
    """Promised days of production against the first ground-breaking and the base rate of 635 fabs."""
    phases = case.alliance.site.phases.values()
    begins = min(phase.start for phase in phases)
    if not case.real or begins <= case.alliance.first_day:
        return
    for milestone in case.alliance.milestones.values():
        metrics = {condition.metric for condition in milestone.when.conditions}
        promised = milestone.promised
        if promised is None or not metrics & set(PRODUCTION):
            continue
        days = ((promised.until or promised.date) - begins).days
        if days < PRODUCTION_DAYS:
            yield Judgement(
                ("milestones", milestone.id, "promised"),
                f"leaves {days} days from breaking ground ({begins}) to production",
                f"{PRODUCTION_DAYS} days on average in Japan, 654 in Taiwan, 682 worldwide, 736 in the United States",
                "CSET, No Permits, No Fabs: 635 fabs, 1990–2020 (via Tom's Hardware, 2024-02-17)",
            )


def tools_take_their_lead_time(case: Case) -> Iterator[Judgement]:
    """Lead times of makers, and windows of delivery against the order."""
    for supplier in case.alliance.equipment.suppliers.values():
        if not LEAD[0] <= float(supplier.lead_time) <= LEAD[1]:
            yield _lead(("equipment", "suppliers", supplier.id, "lead_time"), float(supplier.lead_time))
    for order in case.alliance.equipment.orders.values():
        if order.date is not None and order.deliver_from is not None and case.real:
            months = (order.deliver_from - order.date) / dt.timedelta(days=365.25 / 12)
            if months < LEAD[0]:
                yield _lead(("equipment", "orders", order.id, "deliver_from"), months)


def _lead(path: tuple[str, ...], months: float) -> Judgement:
    return Judgement(
        path, f"means {months:.1f} months from order to delivery",
        "3–6 months in normal years, 10–18 in the shortage of 2021–22",
        "Nikkei Asia via SemiMedia, 2022-04-08; TheElec, 2021",
    )  # fmt: skip


def defects_can_get_there(case: Case) -> Iterator[Judgement]:
    """A milestone's defect density that lies at or below the floor of learning is never reached."""
    floor = float(case.alliance.technology.defects.floor)
    for milestone in case.alliance.milestones.values():
        for condition in milestone.when.conditions:
            if condition.metric is Metric.D0 and condition.at_most is not None and condition.at_most <= floor:
                yield Judgement(
                    ("milestones", milestone.id, "when"),
                    f"asks for at most {condition.at_most:g} defects per cm²",
                    f"learning ends at {floor:g} per cm² (technology.defects.floor)",
                    case.alliance.technology.defects.floor.source or "the alliance's own terms",
                )
