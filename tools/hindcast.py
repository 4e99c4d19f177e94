"""Forecast from the frozen priors of January 2023 and compare with what happened.

    python -m tools.hindcast run --futures 100     # simulate, write docs/hindcast-futures.csv
    python -m tools.hindcast table                 # compare, rewrite the table of docs/hindcast.md

The forecast never sees a fact: `run` reads only the alliance, `table` only the forecast and the facts.
"""

from __future__ import annotations

import argparse
import csv
import datetime as dt
import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from renkei.alliance.reading import read_alliance
from renkei.outcome.future import Future
from renkei.simulate import simulate

ROOT = Path(__file__).parents[1]
FACTS = ROOT / "src" / "renkei" / "data" / "facts" / "rapidus.csv"
FUTURES = ROOT / "docs" / "hindcast-futures.csv"
PAGE = ROOT / "docs" / "hindcast.md"
ALLIANCE = "japan-us-2nm-2023"
END = "2027-12"
"""Last month simulated: what is not reached by then counts as later."""
BEGIN_TABLE, END_TABLE = "<!-- table -->\n", "<!-- end of table -->\n"
BN = 1e9
MONEY, ENOUGH = "public-money-2025-03", 800.0
"""Futures with about the 920 bn JPY that were approved by then."""


@dataclass(frozen=True)
class Fact:
    """What happened; dates are proleptic ordinals, so that they compare like other numbers."""

    quantity: str
    name: str
    unit: str
    low: float
    high: float
    confidence: str


@dataclass(frozen=True)
class Verdict:
    """A fact beside its forecast."""

    fact: Fact
    p10: float
    p50: float
    p90: float
    rank: float
    """Share of futures below the fact's middle."""

    @property
    def hit(self) -> bool:
        """Whether the fact lies between P10 and P90."""
        return self.p10 <= self.fact.high and self.fact.low <= self.p90


def facts(path: Path = FACTS) -> list[Fact]:
    """Return what happened, in the order of the file."""
    with path.open(encoding="utf-8", newline="") as file:
        return [
            Fact(r["quantity"], r["name"], r["unit"], _number(r["value"]), _number(r["until"]), r["confidence"])
            for r in csv.DictReader(file)
        ]


def forecast(future: Future, names: Iterable[str]) -> dict[str, str]:
    """Return a future's value of each named quantity as text: an ISO date, a number, or nothing if not reached."""
    return {name: _value(future, name) for name in names}


def verdict(fact: Fact, texts: Sequence[str]) -> Verdict:
    """Compare a fact with its forecast values; quantiles are order statistics, not reached is later than all."""
    values = sorted(math.inf if text == "" else _number(text) for text in texts)
    middle = (fact.low + fact.high) / 2
    rank = sum(value < middle for value in values) / len(values)
    return Verdict(fact, *(_quantile(values, q) for q in (0.1, 0.5, 0.9)), rank)


def compared(futures: Path = FUTURES, happened: Path = FACTS) -> list[Verdict]:
    """Return every fact beside the stored forecast."""
    return _beside(_rows(futures), facts(happened))


def compared_with_the_money(futures: Path = FUTURES, happened: Path = FACTS) -> tuple[int, list[Verdict]]:
    """Return how many futures got about the money that came, and their dates beside the facts: a diagnosis."""
    rows = [row for row in _rows(futures) if float(row[MONEY]) >= ENOUGH]
    return len(rows), _beside(rows, [fact for fact in facts(happened) if fact.unit == "date"])


def _rows(futures: Path) -> list[dict[str, str]]:
    with futures.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def _beside(rows: Sequence[dict[str, str]], happened: Sequence[Fact]) -> list[Verdict]:
    return [verdict(fact, [row[fact.quantity] for row in rows]) for fact in happened]


def tables() -> str:
    """Return the page's tables."""
    count, given = compared_with_the_money()
    rich = f"The dates of the {count} futures with at least {ENOUGH:,.0f} bn JPY of public money by 2025-03:"
    return f"{table(compared())}\n{rich}\n\n{table(given)}"


def table(verdicts: Sequence[Verdict], end: str = END) -> str:
    """Return a table of verdicts; `end`: last month simulated."""
    lines = ["| quantity | P10 | P50 | P90 | happened | futures below | in P10–P90 |", "|---|---|---|---|---|---|---|"]
    for v in verdicts:
        cells = [_text(x, v.fact.unit, end) for x in (v.p10, v.p50, v.p90)]
        happened = _text(v.fact.low, v.fact.unit, end)
        if v.fact.high != v.fact.low:
            happened += f" to {_text(v.fact.high, v.fact.unit, end)}"
        mark = "" if v.fact.confidence != "low" else " (low confidence)"
        verdict_ = "hit" if v.hit else f"**miss: {'more' if v.fact.low > v.p90 else 'less'}**"
        if v.fact.unit == "date":
            verdict_ = "hit" if v.hit else f"**miss: {'later' if v.fact.low > v.p90 else 'earlier'}**"
        lines.append(f"| {v.fact.name} | {' | '.join(cells)} | {happened}{mark} | {v.rank:.0%} | {verdict_} |")
    hits = sum(v.hit for v in verdicts)
    return "\n".join([*lines, "", f"{hits} of {len(verdicts)} lie between P10 and P90.", ""])


def page(text: str) -> str:
    """Return the page with its tables renewed."""
    before, _, rest = text.partition(BEGIN_TABLE)
    _, _, after = rest.partition(END_TABLE)
    return f"{before}{BEGIN_TABLE}{tables()}{END_TABLE}{after}"


def _run(futures: int, first_seed: int, end: str, out: Path) -> None:
    alliance = read_alliance(ALLIANCE, (), {"end": end})
    names = [fact.quantity for fact in facts()] + ["prototype", "pdk-1-0", "mass-production-start"]
    with out.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["seed", *names], lineterminator="\n")
        writer.writeheader()
        for seed in range(first_seed, first_seed + futures):
            writer.writerow({"seed": seed, **forecast(simulate(alliance, seed=seed), names)})
            file.flush()
            print(f"future {seed - first_seed + 1} of {futures}", flush=True)


def _value(future: Future, name: str) -> str:
    what, _, month = name.rpartition("-20")
    if not what:
        reached = future.milestones.set_index("id")["reached"][name]
        return "" if pd.isna(reached) else f"{reached:%Y-%m-%d}"
    known = future.months[future.months["month"] <= pd.Timestamp(f"20{month}-01")]
    last = known.iloc[-1]
    opening = {item.kind: 0.0 for item in future.alliance.funding.opening_balance.values()}
    for item in future.alliance.funding.opening_balance.values():
        opening[item.kind] += float(item.amount)
    match what:
        case "public-money":
            return f"{(opening['grant'] + _sum(known, 'received_grant_jpy')) / BN:.1f}"
        case "private-equity":
            return f"{(opening['equity'] + _sum(known, 'received_equity_jpy')) / BN:.1f}"
        case "headcount":
            return str(int(last["headcount"]))
        case "at-ibm":
            return str(int(last["abroad"]))
        case "sent-to-ibm":
            return str(int(last["abroad"] + last["trained_abroad"]))
        case "talks":
            return str(int(last["buyers_talking"] + last["buyers_in_volume"] + last["buyers_lost"]))
    raise ValueError(f"no quantity {name}")


def _sum(months: pd.DataFrame, column: str) -> float:
    return float(months[column].sum()) if column in months else 0.0


def _number(text: str) -> float:
    return float(dt.date.fromisoformat(text).toordinal()) if text.count("-") == 2 else float(text)


def _quantile(values: Sequence[float], q: float) -> float:
    """The smallest value that is not exceeded by a share q."""
    return values[max(math.ceil(q * len(values) - 1e-9) - 1, 0)]


def _text(value: float, unit: str, end: str) -> str:
    if unit == "/cm2":
        return f"{value:.3f}"
    if unit != "date":
        return f"{value:,.0f}" if value == round(value) or value >= 100 else f"{value:,.1f}"
    return f"after {end}" if math.isinf(value) else f"{dt.date.fromordinal(int(value)):%Y-%m}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run")
    run.add_argument("--futures", type=int, default=100)
    run.add_argument("--first-seed", type=int, default=1)
    run.add_argument("--end", default=END)
    run.add_argument("--out", type=Path, default=FUTURES)
    commands.add_parser("table")
    chosen = parser.parse_args()
    if chosen.command == "run":
        _run(chosen.futures, chosen.first_seed, chosen.end, chosen.out)
    else:
        PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


if __name__ == "__main__":
    main()
