"""The alliance as it was simulated, defaults and scenarios included, as YAML and back."""

from __future__ import annotations

import io
from typing import Any

from pydantic import ValidationError
from ruamel.yaml import YAML

from renkei.alliance import Alliance
from renkei.alliance.explaining import explained
from renkei.alliance.tree import parse, plain
from renkei.errors import InputError, Problem


def resolved_yaml(alliance: Alliance) -> str:
    """Return the alliance as YAML that reads back as an equal one; scenarios are applied, so none is left to choose."""
    data = alliance.model_dump(mode="json", by_alias=True, exclude={"scenarios", "scenario"})
    writer = YAML()
    writer.width = 160
    writer.default_flow_style = False
    text = io.StringIO()
    writer.dump(_kept(data), text)
    names = ", ".join(alliance.scenario) or "none"
    head = f"# {alliance.name} as it was simulated; scenarios applied: {names}; defaults of the model are filled in."
    return f"{head}\n{text.getvalue()}"


def read_resolved(text: str, shown: str, scenario: tuple[str, ...]) -> Alliance:
    """Return the alliance of such a YAML without looking at its fab; raises InputError with every problem."""
    problems: list[Problem] = []
    tree = parse(text, shown, problems)
    if tree is None or problems:
        raise InputError(shown, problems)
    try:
        return Alliance.model_validate({**plain(tree), "scenario": scenario})
    except ValidationError as error:
        raise InputError(shown, sorted(problem for _, problem in explained(error, tree))) from None


def _kept(value: Any) -> Any:
    """Return the data without identifiers (the keys are they), nulls and empty texts."""
    if isinstance(value, dict):
        parts = {key: _kept(part) for key, part in value.items() if key != "id"}
        return {key: part for key, part in parts.items() if part not in (None, "")}
    return [_kept(part) for part in value] if isinstance(value, list) else value
