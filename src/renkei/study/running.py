"""Running the futures of a study, several at a time, in worker processes of this machine."""

from __future__ import annotations

import os
import queue
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass

from renkei.errors import RunError
from renkei.study.course import Course, Task, course
from renkei.study.worker import Job, Worker

LOOK = 0.5
"""Seconds between two looks at the progress."""


@dataclass(frozen=True)
class StudyProgress:
    """How far a study is: for a progress line."""

    done: int
    """Futures."""
    futures: int
    share: float
    """Of all months of all futures."""
    seconds: float
    """Since the start."""


Told = Callable[[StudyProgress], None]


class Tally:
    """Months simulated by each future under way; written by several threads."""

    def __init__(self, futures: int, months: int):
        self.futures, self.months, self.began = futures, months, time.perf_counter()
        self._done: dict[int, int] = {}
        self._lock = threading.Lock()

    def note(self, number: int, months: int) -> None:
        """Note that a future has come so far."""
        with self._lock:
            self._done[number] = months

    def progress(self, done: int) -> StudyProgress:
        """Return how far all of them are."""
        with self._lock:
            share = sum(self._done.values()) / (self.futures * self.months)
        return StudyProgress(done, self.futures, share, time.perf_counter() - self.began)


def default_workers(futures: int) -> int:
    """Return as many workers as this process may use cores, at most one a future."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(min(cores, futures), 1)


def run_futures(
    task: Task,
    jobs: Sequence[Job],
    workers: int,
    progress: Told | None = None,
) -> list[Course]:
    """Return the futures in the order of `jobs`; the same whatever the number of workers.

    After Ctrl-C, those before the first unfinished one: which futures are kept must not depend on how long they took.
    KeyboardInterrupt goes on if there is none. With one worker they run in this process.
    """
    tally = Tally(len(jobs), task.alliance.months)
    done: dict[int, Course] = {}
    try:
        if workers == 1:
            _one_by_one(task, jobs, done, tally, progress)
        else:
            _side_by_side(task, jobs, done, tally, progress, workers)
    except KeyboardInterrupt:
        if jobs[0][0] not in done:
            raise
    kept: list[Course] = []
    for number, _ in jobs:
        if number not in done:
            break
        kept.append(done[number])
    return kept


def _one_by_one(task: Task, jobs: Sequence[Job], done: dict[int, Course], tally: Tally, progress: Told | None) -> None:
    for number, seed in jobs:

        def told(months: int, number: int = number) -> None:
            tally.note(number, months)
            if progress is not None:
                progress(tally.progress(len(done)))

        done[number] = course(task, number, seed, lambda at: told(at.month.index + 1))
        if progress is not None:
            progress(tally.progress(len(done)))


def _side_by_side(
    task: Task, jobs: Sequence[Job], done: dict[int, Course], tally: Tally, progress: Told | None, workers: int
) -> None:
    """Each thread lends itself a free worker process for a future; all end with the block, whatever happens."""
    staff = [Worker(task) for _ in range(workers)]
    free: queue.SimpleQueue[Worker] = queue.SimpleQueue()
    for worker in staff:
        free.put(worker)

    def run(job: Job) -> None:
        worker = free.get()
        try:
            done[job[0]] = worker.run(job, lambda months: tally.note(job[0], months))
        finally:
            free.put(worker)

    with ThreadPoolExecutor(workers) as pool:
        pending: set[Future[None]] = {pool.submit(run, job) for job in jobs}
        try:
            while pending:
                ended, pending = wait(pending, LOOK if progress is not None else None, FIRST_COMPLETED)
                for future in ended:
                    future.result()
                if progress is not None:
                    progress(tally.progress(len(done)))
        finally:
            for waiting in pending:
                waiting.cancel()
            for worker in staff:
                worker.stop()
            _let_end(pending)


def _let_end(pending: set[Future[None]]) -> None:
    """Wait for threads whose workers were ended; that they then fail is expected."""
    for future in pending:
        if not future.cancelled():
            try:
                future.result()
            except (RunError, ValueError, OSError):  # the worker's pipe is closed
                continue
