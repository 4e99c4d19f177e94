"""The parties of an alliance."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field

from renkei.alliance.base import Item

Role = Literal[
    "government",
    "manufacturer",
    "technology_owner",
    "research_institute",
    "equipment_maker",
    "material_maker",
    "customer",
    "investor",
    "bank",
    "packager",
]
Country = Annotated[str, Field(pattern=r"^[A-Z]{2}$")]
"""ISO 3166 code of two letters: JP, US, NL, BE, FR."""


class Partner(Item):
    """A party to the agreement."""

    name: Annotated[str, Field(min_length=1)]
    """As printed in reports."""
    country: Country
    """Decides the fiscal year of its payments and what counts as abroad."""
    roles: Annotated[
        tuple[Role, ...],
        Field(min_length=1),
        BeforeValidator(
            lambda value: (value,) if isinstance(value, str) else value, json_schema_input_type=Role | tuple[Role, ...]
        ),
    ]
    """What the partner brings; one role or a list."""
