"""The table of verdicts at the end of the long validation."""

from __future__ import annotations

from pathlib import Path

import pytest

from .verdicts import Record, Verdict, as_markdown, as_text

ROWS = pytest.StashKey[list[Verdict]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--verdicts=FILE` writes the table as Markdown too, for docs/trust.md."""
    parser.addoption("--verdicts", type=Path, metavar="FILE", help="write the verdicts of the slow tests as Markdown")


def pytest_configure(config: pytest.Config) -> None:
    """Begin with an empty table."""
    config.stash[ROWS] = []


@pytest.fixture
def verdict(request: pytest.FixtureRequest) -> Record:
    """Hand in a row of the table; what tests of the fast suite hand in is not shown."""
    slow = request.node.get_closest_marker("slow") is not None
    return request.config.stash[ROWS].append if slow else lambda _: None


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    """Print the table if there is one."""
    rows = config.stash[ROWS]
    if not rows:
        return
    terminalreporter.section("verdicts")
    terminalreporter.write_line(as_text(rows))
    if config.option.verdicts:
        config.option.verdicts.write_text(as_markdown(rows), encoding="utf-8")
