"""`renkei status`: promised, actual and slip of every clause and partner."""

from __future__ import annotations

import datetime as dt
import json
from typing import TYPE_CHECKING, Annotated

import typer

from renkei.cli.aligned import aligned
from renkei.cli.errors import exits
from renkei.cli.run import DEFAULT

if TYPE_CHECKING:
    from collections.abc import Sequence

    from renkei.status import Status
    from renkei.status.entry import Entry


def status(
    alliance: Annotated[
        str, typer.Argument(metavar="ALLIANCE", help="Built-in name, file, or folder with an alliance.yaml.")
    ] = DEFAULT,
    as_of: Annotated[
        str, typer.Option(help="Day at whose end it is told, from the record up to then; default: today.")
    ] = "",
    known_by: Annotated[str, typer.Option(help="DATE: leave out everything published later.")] = "",
    scenario: Annotated[str, typer.Option(help="Named scenarios of the alliance, with commas.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False,
) -> None:
    """Tell where an alliance stands: promised, actual and slip of every clause and partner, what is overdue or next.

    Example: `renkei status japan-us-2nm --as-of 2026-02-28`
    """
    from renkei.cli.asof import read_day, read_known
    from renkei.status import status as standing

    scenarios = tuple(name.strip() for name in scenario.split(",") if name.strip())
    with exits():
        day = read_day(as_of, "renkei status", "--as-of") or dt.date.today()
        found = standing(read_known(alliance, scenarios, known_by, "renkei status"), day)
    if as_json:
        typer.echo(json.dumps(found.to_json(), ensure_ascii=False, indent=1, allow_nan=False))
    else:
        _print(found)


def _print(found: Status) -> None:
    alliance = found.alliance
    typer.echo(f"{alliance.title or alliance.name}, as of {found.as_of}\n")
    typer.echo("Clauses")
    clauses = [(c.text, c.state, _slip(c.slip_days), _done(c.entries)) for c in found.clauses]
    _table(("", "state", "worst slip", "done"), [(_cut(text), *rest) for text, *rest in clauses])
    typer.echo("\nPromises")
    rows = [_line(e, alliance.partners[e.partners[0]].name if e.partners else "") for e in found.entries]
    _table(("", "by", "promised", "actual", "slip", "recorded", "state"), rows, left=2)
    typer.echo("\nPartners")
    partners = found.partners.items()
    _table(
        ("", "done", "late", "no record", "next"), [(_cut(alliance.partners[n].name), *_counts(m)) for n, m in partners]
    )
    for title, some in (("Overdue, or without a record", found.overdue), ("Next, within a year", found.next)):
        typer.echo(f"\n{title}")
        _table(
            ("", "promised", "slip", "state"), [(_cut(_name(e)), _span(e), _slip(e.slip_days), e.state) for e in some]
        )


def _table(head: Sequence[str], rows: Sequence[Sequence[str]], left: int = 1) -> None:
    for line in aligned([head, *rows], left) if rows else ("  none",):
        typer.echo(line)


def _line(e: Entry, by: str) -> tuple[str, ...]:
    return (_cut(_name(e), 46), _cut(by, 24), _span(e), _day(e.actual), _slip(e.slip_days), _share(e), e.state)


def _name(e: Entry) -> str:
    return e.what if e.path.startswith("milestones.") else f"{e.path.split('.', 1)[1]}: {e.what}"


def _span(e: Entry) -> str:
    if e.promised is None or e.promised_until is None:
        return "-"
    first, last = f"{e.promised:%Y-%m}", f"{e.promised_until:%Y-%m}"
    return first if first == last else f"{first}…{last}"


def _day(day: dt.date | None) -> str:
    return "-" if day is None else day.isoformat()


def _slip(days: int | None) -> str:
    return "-" if days is None else f"{days:+,d} d"


def _share(e: Entry) -> str:
    if e.planned is None or e.recorded is None:
        return "-"
    if len(e.unit) == 3 and e.unit.isupper():  # money
        return f"{e.recorded / 1e9:,.1f}/{e.planned / 1e9:,.1f} bn"
    return f"{e.recorded:,.0f}/{e.planned:,.0f}"


def _done(some: Sequence[Entry]) -> str:
    return f"{sum(e.state == 'done' for e in some)}/{len(some)}"


def _counts(some: Sequence[Entry]) -> tuple[str, ...]:
    ahead = [e for e in some if e.state == "ahead" and e.promised_until is not None]
    late = sum(e.state == "overdue" for e in some)
    silent = sum(e.state == "no record" for e in some)
    first = min((e.promised_until for e in ahead if e.promised_until), default=None)
    return _done(some), str(late), str(silent), "-" if first is None else f"{first:%Y-%m}"


def _cut(text: str, width: int = 60) -> str:
    return text if len(text) <= width else f"{text[: width - 1]}…"
