"""What pydantic finds wrong, said in words: value, what would be right, nearest known word."""

from __future__ import annotations

from typing import Any, TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from renkei.errors import did_you_mean

M = TypeVar("M", bound=BaseModel)

_WORDS = {
    "int_parsing": "is not a whole number",
    "int_from_float": "is not a whole number",
    "int_parsing_size": "is too large a number",
    "int_type": "is not a whole number",
    "float_parsing": "is not a number",
    "float_type": "is not a number",
    "finite_number": "is not a finite number",
    "bool_parsing": "is neither yes nor no",
    "bool_type": "is neither yes nor no",
    "date_from_datetime_parsing": "is not a date like 2024-01-31",
    "date_from_datetime_inexact": "is not a date like 2024-01-31",
    "date_parsing": "is not a date like 2024-01-31",
    "date_type": "is not a date like 2024-01-31",
    "string_type": "is not a text",
}
_BOUNDS = {"greater_than_equal": "at least {ge}", "less_than_equal": "at most {le}", "greater_than": "more than {gt}",
           "less_than": "less than {lt}"}  # fmt: skip


def shown(value: Any) -> str:
    """Return a value as it stands in a message: texts in quotes, long ones shortened."""
    if not isinstance(value, str):
        return str(value)
    return f'"{value[:60]}…"' if len(value) > 60 else f'"{value}"'


def explain(error: ErrorDetails, model: type[BaseModel], field: str) -> str:
    """Return the message of one pydantic error on a field of a row: `= VALUE WHAT IS WRONG; WHAT WOULD BE RIGHT`."""
    kind = error["type"]
    if kind == "missing":
        return "is missing"
    value, context = error["input"], error.get("ctx", {})
    if kind == "value_error":
        return f"= {shown(value)} {context['error']}"
    if kind == "literal_error":
        known = [word for word in _words(model.model_fields[field].annotation) if word]
        return f"= {shown(value)} is not one of {', '.join(known)}{_nearest(value, known)}"
    if kind in _BOUNDS:
        return f"= {value} must be {_BOUNDS[kind].format(**context)}"
    return f"= {shown(value)} {_WORDS.get(kind) or error['msg']}"


def _nearest(value: Any, known: list[str]) -> str:
    hint = did_you_mean(str(value), known)
    return hint if "did you mean" in hint else ""


def _words(annotation: Any) -> list[str]:
    """Return the words of a Literal, wherever it stands in an annotation."""
    found = []
    for argument in get_args(annotation):
        found.extend([argument] if isinstance(argument, str) else _words(argument))
    return found


def repair(model: type[M], values: dict[str, Any], error: ValidationError, step: int = 1) -> M | None:
    """Return a row with harmless values in place of bad ones, or None if it has no name to be known by.

    Only for finding further problems of the same input: what needed repair is never used. `step` stands in for a bad
    step number.
    """
    bad = {str(detail["loc"][0]) for detail in error.errors() if detail["loc"]}
    repaired = {name: value for name, value in values.items() if name not in bad}
    for name in bad:
        if name == "step":
            repaired[name] = step
        elif model.model_fields[name].is_required() or name == "tools":
            repaired[name] = 1
    try:
        return model.model_validate(repaired)
    except ValidationError:
        return None
