"""All judges, in the order in which they speak."""

from __future__ import annotations

from renkei.alliance import Alliance
from renkei.plausibility import capacity, money, people, schedule
from renkei.plausibility.judgement import Judge, Judgement, case_of

JUDGES: tuple[Judge, ...] = (
    capacity.tools_carry_the_volume,
    capacity.site_holds_the_tools,
    capacity.demand_fills_the_fab,
    people.technicians_keep_the_tools,
    people.staff_fits_the_capacity,
    people.hiring_reaches_its_targets,
    people.training_is_long_enough,
    money.funds_cover_the_cost,
    money.capital_fits_the_capacity,
    money.building_is_a_usual_share,
    schedule.building_takes_its_time,
    schedule.promises_leave_time,
    schedule.tools_take_their_lead_time,
    schedule.defects_can_get_there,
)


def judged(alliance: Alliance) -> list[Judgement]:
    """Return every doubt about an alliance at its nominal values; raises InputError if its fab cannot be read."""
    case = case_of(alliance)
    return [doubt for judge in JUDGES for doubt in judge(case)]
