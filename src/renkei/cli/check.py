"""`renkei check`: is an alliance file right, in all its scenarios?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from renkei.cli.errors import BAD_INPUT

if TYPE_CHECKING:
    from renkei.alliance import Alliance
    from renkei.errors import Problem


def check(
    alliance: Annotated[str, typer.Argument(metavar="ALLIANCE", help="A file, its folder, or a built-in alliance.")],
    scenario: Annotated[
        str, typer.Option("--scenario", help="Scenarios to apply, A,B; default: none, then each one alone.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Find everything that is wrong with an alliance file, each with line, field, value and cure; exit code 2.

    What is allowed and not plausible is told as warnings, with the yardstick and its source; they leave exit code 0.

    Example: `renkei check japan-us-2nm`
    """
    from renkei.errors import InputError

    read: Alliance | None = None
    problems: tuple[Problem, ...] = ()
    try:
        read = _read(alliance, scenario)
    except InputError as error:
        source, problems = error.source, error.problems
    if as_json:
        rows = [{"file": p.file, "line": p.line, "field": p.field, "message": p.message} for p in problems]
        facts = _facts(read) if read else {"alliance": alliance}
        doubts = _doubts(alliance, read) if read else []
        typer.echo(json.dumps({**facts, "errors": rows, "warnings": doubts}, ensure_ascii=False, indent=2))
    elif read is None:
        typer.echo(str(InputError(source, problems)), err=True)
    else:
        typer.echo(_summary(alliance, _facts(read)))
        _print_doubts(_doubts(alliance, read))
    if problems:
        raise typer.Exit(BAD_INPUT)


def _doubts(asked: str, read: Alliance) -> list[dict[str, Any]]:
    """Return what is not plausible, with its place in the file."""
    from renkei.alliance.reading import place_of
    from renkei.alliance.tree import dotted
    from renkei.plausibility import judged

    rows = []
    for doubt in judged(read):
        file, line = place_of(asked, doubt.path)
        place = {"file": file, "line": line, "field": dotted(doubt.path)}
        rows.append({**place, "message": doubt.message, "yardstick": doubt.yardstick, "source": doubt.source})
    return rows


def _print_doubts(doubts: list[dict[str, Any]]) -> None:
    if not doubts:
        typer.echo("plausible by every yardstick")
        return
    typer.echo(f"{len(doubts)} warning{'s' if len(doubts) != 1 else ''}: allowed, and not what is usual")
    for doubt in doubts:
        typer.echo(f"  {doubt['file']}:{doubt['line']}  {doubt['field']}: {doubt['message']}")
        typer.echo(f"    usual: {doubt['yardstick']} ({doubt['source']})")


def _read(alliance: str, scenario: str) -> Alliance:
    """Return the alliance; without a choice, every scenario is read alone too, and all their problems are raised."""
    from renkei.alliance.reading import outline, read_alliance
    from renkei.errors import InputError

    if scenario:
        return read_alliance(alliance, scenario)
    read = read_alliance(alliance)
    problems: list[Problem] = []
    for name in outline(alliance).scenarios:
        try:
            read_alliance(alliance, (name,))
        except InputError as error:
            problems += error.problems
    if problems:
        raise InputError(alliance, dict.fromkeys(problems))
    return read


def _facts(alliance: Alliance) -> dict[str, Any]:
    from renkei.alliance.uncertainty import quantities

    values = [value for _, value in quantities(alliance)]
    terms = alliance.equipment.domestic
    return {
        "alliance": alliance.name,
        "start": alliance.start.isoformat(),
        "end": alliance.end.isoformat(),
        "fab": alliance.fab,
        "scenario": list(alliance.scenario),
        "scenarios": list(alliance.scenarios),
        "partners": len(alliance.partners),
        "clauses": len(alliance.clauses),
        "milestones": len(alliance.milestones),
        "quantities": len(values),
        "uncertain": sum(value.uncertain for value in values),
        "domestic_share": _domestic_share(alliance),
        "domestic_minimum": float(terms.minimum) if terms is not None else None,
    }


def _domestic_share(alliance: Alliance) -> float | None:
    from renkei.fab.builtin import load_fab
    from renkei.months.orders import domestic_share, purchases, sizes_of

    sizes = {size: load_fab(alliance.fab, size) for size in sizes_of(alliance)}
    return domestic_share(alliance, purchases(alliance, load_fab(alliance.fab), sizes))


def _origin(facts: dict[str, Any]) -> str:
    """What is said about an agreed share of domestic makers; empty where none is agreed."""
    share, minimum = facts["domestic_share"], facts["domestic_minimum"]
    if minimum is None or share is None:
        return ""
    kept = "kept" if share >= minimum else "not kept"
    return f"; domestic makers get {share:.0%} of the tools' value at list prices, {minimum:.0%} agreed: {kept}"


def _summary(shown: str, facts: dict[str, Any]) -> str:
    scenarios = f"; scenarios {', '.join(facts['scenarios'])}" if facts["scenarios"] else ""
    return (
        f"{shown}: no problems; {facts['partners']} partners, {facts['clauses']} clauses, "
        f"{facts['milestones']} milestones, {facts['quantities']} quantities of which {facts['uncertain']} uncertain, "
        f"fab {facts['fab']}, {facts['start'][:7]} to {facts['end'][:7]}{scenarios}{_origin(facts)}"
    )
