"""`renkei list`: what is shipped."""

from __future__ import annotations

import json
from typing import Annotated, Any

import typer

from renkei.cli.errors import exits


def list_(as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False) -> None:
    """List the built-in alliances with their scenarios, and the built-in fabs with their sizes.

    Example: `renkei list`
    """
    with exits():
        alliances, fabs = _alliances(), _fabs()
    if as_json:
        typer.echo(json.dumps({"alliances": alliances, "fabs": fabs}, ensure_ascii=False, indent=2))
        return
    typer.echo("Alliances: renkei run NAME [--scenario A,B]")
    for alliance in alliances:
        typer.echo(f"  {alliance['name']:<16} {alliance['title']}")
        for name, title in alliance["scenarios"].items():
            typer.echo(f"    --scenario {name:<20} {title}")
    typer.echo("Fabs: renkei floor NAME")
    for fab in fabs:
        sizes = f" (sizes {', '.join(fab['sizes'])})" if fab["sizes"] else ""
        typer.echo(f"  {fab['name']:<16} {fab['title']}{sizes}")


def _alliances() -> list[dict[str, Any]]:
    from renkei.alliance.builtin import builtin_alliances
    from renkei.alliance.reading import outline

    found = [(name, outline(name)) for name in builtin_alliances()]
    return [{"name": name, "title": page.title, "scenarios": dict(page.scenarios)} for name, page in found]


def _fabs() -> list[dict[str, Any]]:
    from renkei.fab.builtin import builtin_fabs, load_fab

    found = [(name, load_fab(name)) for name in builtin_fabs()]
    return [{"name": name, "title": fab.title, "sizes": list(fab.sizes)} for name, fab in found]
