"""The JSON Schema of an alliance file, for editors and other programs."""

from __future__ import annotations

from typing import Any

from pydantic import TypeAdapter

from renkei.alliance.alliance import Alliance
from renkei.alliance.fields import FILLED


def alliance_schema() -> dict[str, Any]:
    """Return the schema (JSON Schema 2020-12) of what users write: shorthands allowed, filled-in fields left out."""
    schema = TypeAdapter(Alliance).json_schema(by_alias=True)
    models = schema["$defs"]
    for model in (schema, *models.values()):
        for name in FILLED:
            model.get("properties", {}).pop(name, None)
    dated = models["Dated"]
    models["Dated"] = {"anyOf": [dated["properties"]["date"], dated], "description": dated.get("description", "")}
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema, "title": "Renkei alliance"}
