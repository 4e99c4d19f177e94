"""Progress on standard error: what is simulated, how long it still takes, and whether the floor must first be
compiled."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, ProgressColumn, TextColumn, TimeRemainingColumn

COMPILING = "compiling the floor for this machine, once: about half a minute"


def say_if_compiling(console: Console) -> None:
    """Announce the compilation that a cold cache needs."""
    from renkei.replicate import needs_compiling

    if needs_compiling():
        console.print(f"[dim]{COMPILING}[/dim]")


@contextmanager
def progress_bar(
    first: str, total: float, *columns: ProgressColumn
) -> Iterator[Callable[[float, str | None], None] | None]:
    """Show a progress bar and the time left while the block runs; `first` is said until something else is.

    Yields the function that moves it, of what is done and what to say (None: as before), or None where there is no
    terminal. `columns` stand between the bar and the time left.
    """
    console = Console(stderr=True)
    say_if_compiling(console)
    if not sys.stderr.isatty():
        yield None
        return
    left = columns or (TextColumn("time left"),)
    bar = Progress(TextColumn("{task.description}"), BarColumn(), *left, TimeRemainingColumn(),
                   console=console, transient=True)  # fmt: skip
    with bar:
        task = bar.add_task(first, total=total)
        yield lambda completed, said: bar.update(task, completed=completed, description=said)


@contextmanager
def floor_progress(days: float, replications: int) -> Iterator[Callable[[int, float], None] | None]:
    """Show a progress bar over the days of all replications while the block runs; nothing where there is no
    terminal."""
    counted = TextColumn("{task.completed:.0f}/{task.total:.0f} days")
    with progress_bar("simulating", days * replications, counted) as show:
        if show is None:
            yield None
            return
        done = [0.0] * replications

        def report(replication: int, day: float) -> None:
            done[replication] = day
            show(sum(done), None)

        yield report
