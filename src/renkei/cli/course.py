"""A future in the terminal: progress while it is simulated, then partners, milestones, years and what held it back."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.console import Console

    from renkei.alliance import Alliance
    from renkei.report.result import Result
    from renkei.report.tables import Table
    from renkei.simulate import Progress


@contextmanager
def course_progress(alliance: Alliance) -> Iterator[Callable[[Progress], None] | None]:
    """Show the simulated month and the time left on standard error while the block runs; nothing without a terminal."""
    from renkei.cli.progress import progress_bar

    with progress_bar(f"simulating {alliance.start:%Y-%m}", alliance.months) as show:
        if show is None:
            yield None
            return

        def report(done: Progress) -> None:
            show(done.month.index + 1, f"simulating {done.month.first:%Y-%m}")

        yield report


def print_course(result: Result) -> None:
    """Print who the partners are, milestones, years, what bound when, and that this is one possible course."""
    from rich.console import Console
    from rich.markup import escape

    from renkei.report import tables
    from renkei.report.sections import bounds_of, headline
    from renkei.report.spans import spans

    console = Console(highlight=False)
    alliance = result.alliance
    console.print(f"[bold]{escape(alliance.title or alliance.name)}[/bold]")
    period = f"{alliance.start:%Y-%m} to {alliance.end:%Y-%m}"
    console.print(f"scenario {escape(result.scenario)}, {period}, seed {result.manifest['seed']}")
    console.print("[yellow]One possible course of many: another seed gives other months.[/yellow]\n")
    _print_partners(console, alliance)
    told = [tables.milestones(result), tables.years(result), tables.binding(spans(bounds_of(result)))]
    told += [tables.risks(result)] if alliance.risks else []
    for table in told:
        _print_table(console, table)
    for sentence in headline(result).sentences:
        console.print(escape(sentence))


def _print_partners(console: Console, alliance: Alliance) -> None:
    """Print the partners under their roles, a line a role: name and country."""
    from rich.markup import escape
    from rich.padding import Padding

    from renkei.report.words import roles

    groups: dict[str, list[str]] = {}
    for partner in alliance.partners.values():
        groups.setdefault(roles(partner.roles), []).append(f"{partner.name} ({partner.country})")
    console.print("[bold]Partners[/bold]")
    for role, names in groups.items():
        console.print(Padding(f"[dim]{escape(role)}:[/dim] {escape(', '.join(names))}", (0, 0, 0, 2)))
    console.print()


def _print_table(console: Console, table: Table) -> None:
    from rich.markup import escape
    from rich.table import Table as Grid

    note = f"  [dim]{escape(table.note)}[/dim]" if table.note else ""
    console.print(f"[bold]{escape(table.title)}[/bold]{note}")
    grid = Grid(
        box=None, padding=(0, 2, 0, 0) if len(table.columns) < 10 else (0, 1, 0, 0), header_style="dim", pad_edge=False
    )
    for place, column in enumerate(table.columns):
        words = (
            [*column.name.split(), column.unit]
            if column.right
            else [" ".join(filter(None, (column.name, column.unit)))]
        )
        words = [word for word in words if word]
        widest = max(len(text) for text in (*words, *(row[place] for row in table.rows)))
        least = widest if column.right else None  # numbers are never cut
        grid.add_column(escape("\n".join(words)), justify="right" if column.right else "left", min_width=least)
    for row in table.rows:
        grid.add_row(*(escape(cell) for cell in row))
    console.print(grid if table.rows else "  none")
    console.print()
