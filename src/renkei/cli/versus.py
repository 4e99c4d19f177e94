"""Two fabs under the same luck, from the command line: run them, print what differs."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import typer

from renkei.cli.aligned import aligned, number, percent
from renkei.cli.floor_run import SCALARS, title, warmup_lines

if TYPE_CHECKING:
    import pandas as pd

    from renkei.cli.floor import Asked
    from renkei.comparison import Compared, FloorComparison
    from renkei.fab.fab import Fab

PAIRS = 10
"""Replications of each fab unless asked for otherwise."""
SHOWN = 8
"""Lot types and tool groups at most."""
HEAD = ("", "A", "B", "B − A", "95 %", "B ÷ A", "verdict")
OF_FAB = (*SCALARS, ("on_time_fraction", "on time, %"))


def both(fab: Fab, versus: str | None, asked: Asked, versus_dispatch: str | None) -> tuple[Fab, Fab]:
    """Return the fabs A and B: `versus` by name or path, `fab` itself if None, each under its dispatch rule.

    B goes by A's rule unless it has one of its own. Raises InputError with all problems of the arguments.
    """
    from renkei.errors import InputError, Problem
    from renkei.fab.builtin import load_fab
    from renkei.replicate import check_arguments

    other = fab if versus is None else load_fab(versus)
    rule = asked.dispatch if versus_dispatch is None else versus_dispatch
    problems: list[Problem] = []
    try:
        check_arguments(fab, asked.days, asked.warmup, asked.count(PAIRS), asked.threads, asked.dispatch)
    except InputError as error:
        problems += error.problems
    try:
        other = other if rule is None else other.with_dispatch(rule)
    except ValueError as error:
        if versus_dispatch is not None:
            problems.append(Problem("renkei floor", None, "versus-dispatch", str(error)))
    if problems:
        raise InputError("arguments", problems)
    return fab if asked.dispatch is None else fab.with_dispatch(asked.dispatch), other


def tables_of(comparison: FloorComparison) -> dict[str, pd.DataFrame]:
    """Return the comparison, and the tables of both runs with a first column `fab`: A or B."""
    import pandas as pd

    from renkei.cli.floor import tables_of as of_run

    two = [of_run(run) for run in (comparison.a, comparison.b)]
    joined = {
        name: pd.concat([tables[name].assign(fab=fab) for fab, tables in zip("AB", two, strict=True)])
        for name in two[0]
    }
    return {"comparison": comparison.table} | {
        name: table[["fab", *table.columns.drop("fab")]] for name, table in joined.items()
    }


def print_comparison(comparison: FloorComparison) -> None:
    """Print measures of the whole fab, of the largest lot types, of the groups whose queues differ most."""
    a, b = comparison.a, comparison.b
    for letter, run in (("A", a), ("B", b)):
        typer.echo(f"{letter}: {title(run.fab)}, dispatch {', '.join(run.fab.dispatch)}")
    pairs = len(a.replications)
    typer.echo(f"{a.days:g} days, {a.warmup:g} of warm-up, {pairs} pair(s) of replications from seed {a.seed}\n")
    for line in aligned([HEAD, *_fab(comparison), *_lot_types(comparison), *_tool_groups(comparison)]):
        typer.echo(line)
    for line in _remarks(comparison):
        typer.echo(f"  {line}")
    for letter, run in (("A", a), ("B", b)):
        for line in warmup_lines(run.mser5, run.warmup, f" of {letter}"):
            typer.echo(line)


def _fab(comparison: FloorComparison) -> Iterator[tuple[str, ...]]:
    found = {one.measure: one for one in comparison.compared if one.section == "fab"}
    for measure, text in OF_FAB:
        if found[measure].values.a is not None or found[measure].values.b is not None:
            yield _line(text, found[measure])


def _lot_types(comparison: FloorComparison) -> Iterator[tuple[str, ...]]:
    """Cycle times of the lot types with most lots."""
    own = {(one.name, one.measure): one for one in comparison.compared if one.section == "lot_types"}
    lots = {name: _larger(one) for (name, measure), one in own.items() if measure == "completed_lots"}
    for name in sorted(lots, key=lambda name: -lots[name])[:SHOWN]:
        yield _line(f"cycle time {name}, days", own[name, "mean_cycle_time_days"])


def _tool_groups(comparison: FloorComparison) -> Iterator[tuple[str, ...]]:
    """Queues of the tool groups where they differ most; groups that one fab alone has go first."""
    own = [one for one in comparison.compared if (one.section, one.measure) == ("tool_groups", "mean_queue_lots")]

    def difference(one: Compared) -> tuple[bool, float]:
        return bool(one.only), abs(one.values.difference or 0.0)

    for one in sorted(own, key=difference, reverse=True)[:SHOWN]:
        yield _line(f"queue {one.name}, lots", one)


def _larger(one: Compared) -> float:
    return max(one.values.a or 0.0, one.values.b or 0.0)


def _line(text: str, one: Compared) -> tuple[str, ...]:
    values = one.values
    told = percent if one.measure == "on_time_fraction" else number
    half = "-" if values.half_width is None else f"± {told(values.half_width)}"
    differs = [told(values.a), told(values.b), told(values.difference), half]
    return (text, *differs, number(values.ratio, 3), one.verdict or "-")


def _remarks(comparison: FloorComparison) -> Iterator[str]:
    from renkei.comparison import ONLY_A, ONLY_B

    if len(comparison.a.replications) == 1:
        yield "one replication gives no verdict; ask for --replications 10"
    for verdict in (ONLY_A, ONLY_B):
        for section, names in comparison.only_in(verdict).items():
            if names:
                more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
                yield f"{section.replace('_', ' ')} {verdict}: {', '.join(names[:SHOWN])}{more}"
    yield "every measure is in --json and --out; of measures that do not differ, 1 in 20 looks clear by chance"
