"""`renkei.study`: simulate many futures of an alliance."""

from __future__ import annotations

import time

from renkei.alliance import Alliance
from renkei.alliance.asof import AsOf, resolved
from renkei.errors import InputError, Problem
from renkei.simulate import StartFloor
from renkei.study.course import Task
from renkei.study.running import Told, default_workers, run_futures
from renkei.study.seeds import future_seed
from renkei.study.study import Study, study_of

MOST_FUTURES = 1_000_000
"""More than anybody waits for; a slip of the hand ends at once."""


def study(
    alliance: Alliance,
    futures: int = 100,
    seed: int = 0,
    workers: int | None = None,
    progress: Told | None = None,
    start_floor: StartFloor | None = None,
    as_of: AsOf = None,
) -> Study:
    """Return a study of `futures` futures; number k has the seed `seeds.future_seed(seed, k)`.

    Every uncertain value of the alliance is drawn anew in each future, and so is the floor's luck. Up to `workers`
    futures run at a time, each in a process of its own (default: as many as there are cores); the study does not
    depend on their number. `progress` is called every half second. Ctrl-C ends it with the futures before the first
    unfinished one, if there are any (`len(study) < study.asked`). `start_floor` stands in for the event-level floor.
    `as_of`: every future starts from what is on record at the end of that day; see `renkei.simulate`.
    Raises InputError for wrong numbers, RunError if a future fails.
    """
    found = []
    if not 1 <= futures <= MOST_FUTURES:
        found.append(Problem("study", None, "futures", f"= {futures}; must be 1 to {MOST_FUTURES:,}"))
    if workers is not None and workers < 1:
        found.append(Problem("study", None, "workers", f"= {workers}; must be at least 1"))
    if found:
        raise InputError("study", found)
    began = time.perf_counter()
    jobs = [(number, future_seed(seed, number)) for number in range(futures)]
    task = Task(alliance, start_floor, resolved(alliance, as_of) or "start")
    courses = run_futures(task, jobs, min(workers or default_workers(futures), futures), progress)
    return study_of(alliance, seed, futures, time.perf_counter() - began, courses)
