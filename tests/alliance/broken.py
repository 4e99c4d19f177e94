"""The small alliance, broken in one place: what reading it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from renkei.alliance.reading import read_alliance
from renkei.errors import InputError, Problem

SMALL = Path(__file__).with_name("small.yaml").read_text(encoding="utf-8")


def replaced(old: str, new: str, text: str = SMALL) -> str:
    """The text with one passage replaced; it must be there exactly once."""
    assert text.count(old) == 1, old
    return text.replace(old, new)


def line_of(passage: str, text: str) -> int:
    """Line of a passage that is there exactly once."""
    assert text.count(passage) == 1, passage
    return text[: text.index(passage)].count("\n") + 1


def problems(text: str, folder: Path, scenarios: str = "") -> list[Problem]:
    """Everything that reading the text finds wrong; it must find something."""
    file = folder / "alliance.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(InputError) as caught:
        read_alliance(file, scenarios)
    assert all(problem.file in (str(file), "overrides") for problem in caught.value.problems)
    return list(caught.value.problems)
