"""Progress on standard error: what is simulated, how long it still takes, and whether the floor must first be
compiled."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

COMPILING = "compiling the floor for this machine, once: about half a minute"


def say_if_compiling(console: Console) -> None:
    """Announce the compilation that a cold cache needs."""
    from renkei.replicate import needs_compiling

    if needs_compiling():
        console.print(f"[dim]{COMPILING}[/dim]")


@contextmanager
def floor_progress(days: float, replications: int) -> Iterator[Callable[[int, float], None] | None]:
    """Show a progress bar over the days of all replications while the block runs; nothing where there is no
    terminal."""
    console = Console(stderr=True)
    say_if_compiling(console)
    if not sys.stderr.isatty():
        yield None
        return
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TextColumn("{task.completed:.0f}/{task.total:.0f} days"),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=console, transient=True) as bar:
        task = bar.add_task("simulating", total=days * replications)
        done = [0.0] * replications

        def report(replication: int, day: float) -> None:
            done[replication] = day
            bar.update(task, completed=sum(done))

        yield report
