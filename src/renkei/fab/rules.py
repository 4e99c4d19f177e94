"""Rules a fab must keep."""

from __future__ import annotations

from renkei.errors import Problem
from renkei.fab.fab import Fab


def check(fab: Fab) -> list[Problem]:
    return []
