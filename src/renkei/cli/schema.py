"""`renkei schema`: what an alliance file may say, for editors and for readers."""

from __future__ import annotations

import json
from typing import Annotated

import typer

from renkei.cli.errors import exits


def schema(
    markdown: Annotated[bool, typer.Option("--markdown", help="Print the reference page instead.")] = False,
) -> None:
    """Print the JSON Schema of an alliance file; editors that know YAML check and complete with it.

    Example: `renkei schema > alliance.schema.json`
    """
    with exits():
        if markdown:
            from renkei.alliance.reference import reference

            typer.echo(reference(), nl=False)
            return
        from renkei.alliance.json_schema import alliance_schema

        typer.echo(json.dumps(alliance_schema(), ensure_ascii=False, indent=2))
