"""`renkei fab`: import, check and size up a factory, without running it."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renkei.cli.curve import curve
from renkei.cli.errors import BAD_INPUT, exits

if TYPE_CHECKING:
    import pandas as pd

    from renkei.errors import Problem
    from renkei.fab.capacity import Capacity
    from renkei.fab.fab import Fab

app = typer.Typer(help="Import, check and size up a fab.", no_args_is_help=True, rich_markup_mode="markdown")

FabArgument = Annotated[str, typer.Argument(metavar="FAB", help="Folder of a fab, or a built-in one like `minifab`.")]
SizeOption = Annotated[str | None, typer.Option("--size", help="One of the fab's sizes; default: its first.")]
JsonOption = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.command("import")
def import_(
    folder: Annotated[
        Path, typer.Argument(metavar="DIR", help="Folder of AutoSched text tables, as SMT2020 has them.")
    ],
    out: Annotated[Path, typer.Argument(metavar="OUT", help="New folder for the fab; must not exist.")],
    orders: Annotated[
        list[str] | None,
        typer.Option("--orders", metavar="FILE", help="Order file to use, instead of the active ones; repeatable."),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """Turn AutoSched / SMT2020 text tables into a fab folder.

    Example: `renkei fab import smt2020/hvlm hvlm`
    """
    from renkei.cli.folders import refuse_unwritable
    from renkei.fab.rules import warnings
    from renkei.fab.smt2020 import import_smt2020
    from renkei.fab.writing import write_fab

    with exits():
        refuse_unwritable(out)
        fab = import_smt2020(folder, orders or None)
        write_fab(fab, out)
        doubts = warnings(fab)
    if as_json:
        _print_json({**_facts(fab), "out": str(out), "left_out": list(fab.left_out), "warnings": _rows(doubts)})
        return
    typer.echo(f"{out}: {_summary(fab)}")
    for sentence in fab.left_out:
        typer.echo(f"  left out: {sentence}")
    _print_problems("warning", doubts)


@app.command("check")
def check(
    fab: FabArgument,
    size: Annotated[str | None, typer.Option("--size", help="One of the fab's sizes; default: all of them.")] = None,
    strict: Annotated[bool, typer.Option("--strict", help="Warnings, such as overloaded groups, are errors.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Find dangling names, impossible batches, unreachable steps, overloaded groups; exit code 2 if there are errors.

    Example: `renkei fab check minifab`
    """
    from renkei.errors import InputError

    errors: list[Problem] = []
    doubts: list[Problem] = []
    sized: list[Fab] = []
    try:
        sized = _all_sizes(fab, size)
        doubts = _doubts(sized)
    except InputError as error:
        errors = list(error.problems)
    if strict:
        errors, doubts = errors + doubts, []
    if as_json:
        facts = _facts(sized[0]) if sized else {"fab": fab}
        _print_json({**facts, "errors": _rows(errors), "warnings": _rows(doubts)})
    elif errors:
        typer.echo(str(InputError(fab, errors)), err=True)
    else:
        typer.echo(f"{fab}: no errors, {_count(doubts, 'warning')}; {_summary(sized[0])}")
        _print_problems("warning", doubts)
    if errors:
        raise typer.Exit(BAD_INPUT)


def _all_sizes(name: str, size: str | None) -> list[Fab]:
    from renkei.fab.builtin import load_fab

    first = load_fab(name, size)
    others = [other for other in first.sizes if other != first.size] if size is None and "@" not in name else []
    return [first, *(load_fab(name, other) for other in others)]


def _doubts(sized: list[Fab]) -> list[Problem]:
    """Return the warnings of all sizes, each once."""
    from renkei.fab.rules import warnings

    return list(dict.fromkeys(problem for fab in sized for problem in warnings(fab)))


@app.command("capacity")
def capacity(
    fab: FabArgument,
    size: SizeOption = None,
    top: Annotated[int, typer.Option("--top", min=0, help="Show the N most loaded groups; 0: all.")] = 20,
    as_json: JsonOption = False,
) -> None:
    """Print the static load of each tool group for the declared orders, before any queueing.

    Example: `renkei fab capacity minifab --top 5`
    """
    from renkei.fab import capacity as static
    from renkei.fab.builtin import load_fab

    with exits():
        loaded = load_fab(fab, size)
    table = static.load(loaded).sort_values("total_percent", ascending=False, kind="stable")
    shown = table.head(top) if top else table
    limit = static.capacity(loaded)
    days = {name: minutes / 1440 for name, minutes in static.rpt(loaded).items()}
    if as_json:
        _print_json({**_facts(loaded), **_limit(limit), "rpt_days": days, "tool_groups": _loads(shown)})
        return
    _print_loads(loaded, shown, hidden=len(table) - len(shown))
    for name, value in days.items():
        typer.echo(f"raw process time of {name}: {value:.2f} days")
    if limit:
        starts = f"{limit.starts_per_week:,.0f} wafer starts a week now, {limit.capacity_per_week:,.0f} at 100 %"
        typer.echo(f"bottleneck {limit.bottleneck} at {limit.load_percent:.1f} %: {starts}")


def _limit(limit: Capacity | None) -> dict[str, Any]:
    names = ("bottleneck", "load_percent", "starts_per_week", "capacity_per_week")
    return {name: getattr(limit, name) if limit else None for name in names}


def _loads(table: pd.DataFrame) -> dict[str, dict[str, Any]]:
    rows = table.set_index("tool_group").to_dict("index")
    return {str(name): {str(column): _finite(value) for column, value in row.items()} for name, row in rows.items()}


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def _print_loads(fab: Fab, table: pd.DataFrame, hidden: int) -> None:
    typer.echo(f"Static load of {_name(fab)}, % of calendar time, setups not included")
    lines = [("tool group", "area", "tools", "lots/day", "process", "load/unload", "down", "PM", "total")]
    for row in table.to_dict("records"):
        maintenance = row["pm_calendar_percent"] + row["pm_count_percent"]
        handling, down = row["load_unload_percent"], row["breakdown_percent"]
        numbers = (row["lots_per_day"], row["process_percent"], handling, down, maintenance, row["total_percent"])
        lines.append((row["tool_group"], row["area"], str(row["tools"]), *(f"{number:.1f}" for number in numbers)))
    widths = [max(len(line[column]) for line in lines) for column in range(len(lines[0]))]
    for line in lines:
        aligned = (
            f"{cell:<{width}}" if place < 2 else f"{cell:>{width}}"
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        )
        typer.echo("  " + "  ".join(aligned).rstrip())
    if hidden:
        typer.echo(f"  {hidden} less loaded groups not shown; --top 0 shows all")


def _name(fab: Fab) -> str:
    return f"{fab.name}@{fab.size}" if fab.size else fab.name


def _facts(fab: Fab) -> dict[str, Any]:
    return {
        "fab": fab.name,
        "size": fab.size or None,
        "groups": len(fab.tool_groups),
        "tools": fab.tools,
        "routes": len(fab.routes),
        "steps": sum(len(route) for route in fab.routes.values()),
        "products": len(fab.products),
        "initial_lots": len(fab.initial_wip),
        "planned_lots": len(fab.lots),
    }


def _summary(fab: Fab) -> str:
    facts = _facts(fab)
    planned = f", {len(fab.lots)} planned lots" if fab.lots else ""
    return (
        f"{facts['groups']} tool groups, {facts['tools']} tools, {facts['routes']} routes, {facts['steps']} steps, "
        f"{facts['products']} products, {facts['initial_lots']} lots at the start{planned}"
    )


def _rows(problems: list[Problem]) -> list[dict[str, Any]]:
    return [
        {"file": problem.file, "line": problem.line, "field": problem.field, "message": problem.message}
        for problem in problems
    ]


def _print_problems(kind: str, problems: list[Problem]) -> None:
    for problem in problems:
        typer.echo(f"  {kind}: {problem}")


def _count(things: list[Any], word: str) -> str:
    return f"{len(things)} {word}{'' if len(things) == 1 else 's'}"


def _print_json(value: Any) -> None:
    typer.echo(json.dumps(value, ensure_ascii=False, indent=2, allow_nan=False))


app.command("curve")(curve)
