"""A worker process: it simulates the futures it is asked for, one after the other, and answers in pickles.

Processes, because half of a future is Python, of which threads of one process run one at a time; started by hand and
not by `multiprocessing`, because that would run the user's script anew in each worker.
"""

from __future__ import annotations

import pickle
import subprocess
import sys
from collections.abc import Callable
from typing import Any

from renkei.errors import RenkeiError, RunError
from renkei.study.course import Course, Task, course

_BOOT = (
    "import pickle, sys; sys.path[:] = pickle.load(sys.stdin.buffer); from renkei.study.worker import serve; serve()"
)
Job = tuple[int, int]
"""Number and seed of a future."""


class Worker:
    """The parent's side of one worker process."""

    def __init__(self, task: Task):
        self._process = subprocess.Popen(
            [sys.executable, "-c", _BOOT],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            start_new_session=True,  # Ctrl-C is the parent's business
        )
        self._send(sys.path)
        self._send(task)

    def run(self, job: Job, told: Callable[[int], None]) -> Course:
        """Return a future; `told` hears the number of months simulated. Raises RunError, also if the process died."""
        self._send(job)
        while True:
            try:
                answer = pickle.load(self._out)
            except (EOFError, pickle.UnpicklingError):
                code = self._process.wait()
                raise RunError(f"the worker of future {job[0]} (seed {job[1]}) ended with code {code}") from None
            if isinstance(answer, int):
                told(answer)
            elif isinstance(answer, Course):
                return answer
            else:
                raise RunError(f"future {job[0]} (seed {job[1]}): {answer}")

    def stop(self) -> None:
        """End the process, whatever it is doing."""
        self._process.kill()
        self._process.wait()
        for pipe in (self._process.stdin, self._process.stdout):
            if pipe is not None:
                pipe.close()

    @property
    def _out(self) -> Any:
        assert self._process.stdout is not None
        return self._process.stdout

    def _send(self, message: Any) -> None:
        assert self._process.stdin is not None
        try:
            pickle.dump(message, self._process.stdin)
            self._process.stdin.flush()
        except BrokenPipeError:
            raise RunError(f"a worker ended with code {self._process.wait()}") from None


def serve() -> None:
    """Answer the parent until it closes the pipe: the worker's side."""
    answers, sys.stdout = sys.stdout.buffer, sys.stderr  # whatever prints must not break into the pickles

    def send(message: Any) -> None:
        pickle.dump(message, answers)
        answers.flush()

    task = pickle.load(sys.stdin.buffer)
    while True:
        try:
            number, seed = pickle.load(sys.stdin.buffer)
        except EOFError:
            return
        try:
            send(course(task, number, seed, lambda done: send(done.month.index + 1)))
        except RenkeiError as error:
            send(str(error))
