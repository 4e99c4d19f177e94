"""What a page is made of: tiles and sentences of the first screen, then sections of figures and tables."""

from __future__ import annotations

from dataclasses import dataclass

from renkei.report.figures import Figure
from renkei.report.spans import Span
from renkei.report.tables import Table


@dataclass(frozen=True)
class Tile:
    """One number of the headline."""

    name: str
    value: str
    note: str = ""


@dataclass(frozen=True)
class Headline:
    """What the first screen says."""

    tiles: tuple[Tile, ...]
    sentences: tuple[str, ...]


@dataclass(frozen=True)
class Section:
    """One subject of the page."""

    id: str
    title: str
    sentences: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()
    tables: tuple[Table, ...] = ()
    spans: tuple[Span, ...] = ()
