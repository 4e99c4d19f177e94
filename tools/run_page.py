"""Run the commands and the Python of docs/floor-runs.md in order; `python -m tools.run_page` renews what they print."""

from __future__ import annotations

import contextlib
import os
import re
import shlex
import tempfile
from pathlib import Path
from typing import Any

from typer.testing import CliRunner

from renkei.cli import app

PAGE = Path(__file__).parents[1] / "docs" / "floor-runs.md"
BLOCK = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


class Pages:
    """What has been run so far: what was printed last, and the names that Python made."""

    def __init__(self) -> None:
        self.printed = ""
        self.names: dict[str, Any] = {}

    def run(self, language: str, text: str) -> None:
        """Run a block of commands or of Python in the current folder."""
        if language == "bash":
            self.printed = "".join(_command(line) for line in text.splitlines())
        elif language == "python":
            with contextlib.redirect_stdout(None):
                exec(compile(text, str(PAGE), "exec"), self.names)


def _command(line: str) -> str:
    words = shlex.split(line, comments=True)
    done = CliRunner().invoke(app, words[1:])
    if words[0] != "renkei" or done.exit_code != 0:
        raise RuntimeError(f"{line}\n{done.output}")
    return done.stdout


def renew() -> None:
    """Write what the commands print now under them into the page."""
    pages = Pages()

    def renewed(found: re.Match[str]) -> str:
        pages.run(found[1], found[2])
        return f"```text\n{pages.printed.rstrip()}\n```" if found[1] == "text" else found[0]

    text = PAGE.read_text(encoding="utf-8")
    with tempfile.TemporaryDirectory() as folder:
        os.chdir(folder)
        text = BLOCK.sub(renewed, text)
        os.chdir(PAGE.parent)
    PAGE.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    renew()
