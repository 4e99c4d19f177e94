"""Shifts: how many of a crew are on duty in each."""

from __future__ import annotations

import math

from renkei.fab.tools import Crew

NO_LIMIT = -1


def people_by_shift(crew: Crew, average: float | None) -> list[int]:
    """Return the people on duty in each shift of a crew (one number if it has no shifts), NO_LIMIT for None.

    `average` people are on duty on the average; they are spread in proportion to the shifts that the fab declares, in
    whole people, the largest remainders rounded up (Hamilton's method).
    """
    if average is None:
        return [NO_LIMIT] * max(len(crew.shifts), 1)
    if not crew.shifts:
        return [int(average)]
    total, declared = round(average * len(crew.shifts)), sum(crew.shifts)
    exact = [total * people / declared if declared else average for people in crew.shifts]
    found = [math.floor(people) for people in exact]
    for place in sorted(range(len(exact)), key=lambda place: found[place] - exact[place])[: total - sum(found)]:
        found[place] += 1
    return found
