"""The command line: one small file a command, imported only when it is called."""

from __future__ import annotations

import importlib
import sys
from typing import Annotated, Any

import typer
from typer.core import TyperCommand, TyperGroup

COMMANDS = {
    "run": ("renkei.cli.run", "run", "Simulate an alliance: one possible course, month by month."),
    "study": ("renkei.cli.study", "study", "Simulate many futures: how surely, how soon, what holds back."),
    "floor": ("renkei.cli.floor", "floor", "Run a fab alone, with replications and intervals."),
    "fab": ("renkei.cli.fab", "app", "Import, check and measure fabs."),
    "new": ("renkei.cli.new", "new", "Start an alliance of your own: a commented file that runs."),
    "check": ("renkei.cli.check", "check", "Check an alliance file; all problems at once."),
    "status": ("renkei.cli.status", "status", "Tell what was promised, what happened and what is late."),
    "list": ("renkei.cli.listing", "list_", "List the built-in alliances and fabs."),
    "schema": ("renkei.cli.schema", "schema", "Print the JSON Schema of an alliance file."),
    "report": ("renkei.cli.report", "report", "Write the report of a result folder anew."),
    "clean": ("renkei.cli.clean", "clean", "Delete compiled kernels of older versions."),
}


class LazyCommand(TyperCommand):
    """A command known by name and summary; its module is imported when it is called."""

    def make_context(self, info_name: str | None, args: list[str], parent: Any = None, **extra: Any) -> Any:
        """Import the real command and let it take over."""
        module, attribute, _ = COMMANDS[str(self.name)]
        found = getattr(importlib.import_module(module), attribute)
        if not isinstance(found, typer.Typer):
            function, found = found, typer.Typer(add_completion=False, rich_markup_mode="markdown")
            found.command(name=self.name)(function)
        command = typer.main.get_command(found)
        command.name = self.name
        return command.make_context(info_name, args, parent=parent, **extra)


class LazyGroup(TyperGroup):
    """Commands are listed from the table above, so that `renkei --help` is quick."""

    def list_commands(self, _ctx: Any) -> list[str]:
        """Return the names of all commands, in the order of the table."""
        return list(COMMANDS)

    def get_command(self, _ctx: Any, cmd_name: str) -> Any:
        """Return a command that is imported when called."""
        return LazyCommand(cmd_name, help=COMMANDS[cmd_name][2]) if cmd_name in COMMANDS else None


app = typer.Typer(
    cls=LazyGroup,
    name="renkei",
    help="Plan and simulate a semiconductor production alliance, from the agreement to single lots on the fab floor.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


def _say_version(asked: bool) -> None:
    if asked:
        from renkei import __version__

        typer.echo(f"renkei {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", callback=_say_version, is_eager=True)
    ] = False,
) -> None:
    pass


def main() -> None:
    """Entry point of the command `renkei`."""
    try:
        app()
    except OSError as error:  # of what is printed to, or of a disk; a pipe that is closed ends silently
        where = f"{error.filename}: " if error.filename else ""
        sys.stderr.write(f"renkei: {where}{error.strerror or error}\n")
        raise SystemExit(1) from None
