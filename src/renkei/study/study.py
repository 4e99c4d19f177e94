"""A study: many futures of one alliance, and what they say together."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import pandas as pd

from renkei.alliance import Alliance
from renkei.alliance.milestones import Milestone
from renkei.errors import InputError, Problem, did_you_mean
from renkei.months.binding import CONSTRAINTS
from renkei.study.course import MONTHLY, Course
from renkei.study.spread import AT, day_quantile, label, measure_quantiles, reached_share, share_interval
from renkei.units import add_months, read_date

TABLES = (
    "futures", "milestones", "months", "years", "drawn", "milestone_quantiles", "month_quantiles", "year_quantiles",
    "binding_shares",
)  # fmt: skip
"""Names of a study's tables."""


@dataclass(frozen=True)
class Study:
    """Many futures; every table is a tidy DataFrame without index, ready for Parquet.

    `futures`: future (its number), seed, lot_steps. `milestones`: future, id, reached. `months`: future, month, the
    measures `renkei.study.course.MONTHLY`, phase, binding. `years`: future and the columns of `Future.years`. `drawn`:
    future, path, value of each uncertain quantity.
    """

    alliance: Alliance
    """As declared, before drawing."""
    seed: int
    asked: int
    """Futures asked for; fewer are there after Ctrl-C."""
    engine_seconds: float
    """Spent in the floor's engine, over all futures."""
    seconds: float
    """From start to end."""
    futures: pd.DataFrame
    milestones: pd.DataFrame
    months: pd.DataFrame
    years: pd.DataFrame
    drawn: pd.DataFrame

    def __len__(self) -> int:
        return len(self.futures)

    def probability(self, milestone: str, by: str | dt.date | None = None) -> float:
        """Return the share of futures that reached a milestone by the end of a day or month; without `by`, ever.

        `milestone` is an identifier, a name, or how a name begins: the first in the alliance's order that fits.
        `by="2027-12"` is the month's last day. Raises InputError.
        """
        return reached_share(self._days(self.milestone(milestone)), None if by is None else last_day(by))

    def quantiles(self, what: str, at: Sequence[float] = AT, by: str = "month") -> Any:
        """Return quantiles of a milestone's date, or of a measure by month or year.

        Of a milestone: {0.1: date, …}, None where fewer futures ever reached it. Of a measure: a table of
        `spread.measure_quantiles`. Raises InputError for an unknown name.
        """
        table = self.years if by == "year" else self.months
        if what in table.columns[2:] and what not in ("phase", "binding"):
            return measure_quantiles(table, by, [what], at)
        days = self._days(self.milestone(what, [*table.columns[2:]]))
        return {q: day_quantile(days, q) for q in at}

    def milestone(self, name: str, others: Sequence[str] = ()) -> Milestone:
        """Return the milestone of an identifier, a name, or the first one whose name so begins; raises InputError."""
        declared = self.alliance.milestones
        if name in declared:
            return declared[name]
        wanted = name.casefold().strip()
        exact = [m for m in declared.values() if m.name.casefold() == wanted]
        near = exact or [m for m in declared.values() if wanted and m.name.casefold().startswith(wanted)]
        if near:
            return near[0]
        message = f'= "{name}" is not a milestone of this alliance{did_you_mean(name, [*declared, *others])}'
        raise InputError("study", [Problem("study", None, "milestone", message)])

    @cached_property
    def milestone_quantiles(self) -> pd.DataFrame:
        """One row a milestone: promised, p10, p50, p90, share reached at all and by the end of the promised month (of a
        span, the last), which is `promised_until`, with 95 % intervals."""
        rows = []
        for milestone in self.alliance.milestones.values():
            days, promised = self._days(milestone), milestone.promised
            by = None if promised is None else promised.month_end
            ever = reached_share(days)
            kept = None if by is None else reached_share(days, by)
            rows.append(
                {
                    "id": milestone.id, "name": milestone.name, "headline": milestone.headline,
                    "promised": None if promised is None else promised.date, "promised_until": by,
                    **{label(q): day_quantile(days, q) for q in AT},
                    "reached": ever, **_interval("reached", ever, len(self)),
                    "by_promised": kept, **_interval("by_promised", kept, len(self)),
                }
            )  # fmt: skip
        table = pd.DataFrame(rows)
        for name in ("promised", "promised_until", *(label(q) for q in AT)):
            table[name] = pd.to_datetime(table[name]).astype("datetime64[ms]")
        shares = [name for name in table.columns if name.startswith(("reached", "by_promised"))]
        return table.astype(dict.fromkeys(shares, "float64"))

    @cached_property
    def month_quantiles(self) -> pd.DataFrame:
        """Quantiles of each measure by month; see `spread.measure_quantiles`."""
        return measure_quantiles(self.months, "month", MONTHLY)

    @cached_property
    def year_quantiles(self) -> pd.DataFrame:
        """Quantiles of each measure by calendar year."""
        return measure_quantiles(self.years, "year", list(self.years.columns[2:]))

    @cached_property
    def binding_shares(self) -> pd.DataFrame:
        """One row a calendar year: share of its months, over all futures, in which each constraint was the binding
        one."""
        counts = pd.crosstab(self.months["month"].dt.year, self.months["binding"], normalize="index")
        table = counts.reindex(columns=list(CONSTRAINTS), fill_value=0.0)
        table.columns.name = None
        return table.rename_axis("year").reset_index()

    @property
    def tables(self) -> dict[str, pd.DataFrame]:
        """All tables by name, as a result folder keeps them."""
        return {name: getattr(self, name) for name in TABLES}

    def _days(self, milestone: Milestone) -> pd.Series[Any]:
        return self.milestones.loc[self.milestones["id"] == milestone.id, "reached"]

    def __repr__(self) -> str:
        return f"<Study of {self.alliance.name}, seed {self.seed}: {len(self)} futures>"


def study_of(alliance: Alliance, seed: int, asked: int, seconds: float, courses: Sequence[Course]) -> Study:
    """Return the study of simulated futures; `seconds` it took."""
    futures = pd.DataFrame([(c.number, c.seed, c.lot_steps) for c in courses], columns=["future", "seed", "lot_steps"])
    tables = {
        name: pd.concat([getattr(c, name) for c in courses], ignore_index=True)
        for name in ("milestones", "months", "years", "drawn")
    }
    tables["years"] = tables["years"].astype(dict.fromkeys(tables["years"].columns[2:], "float64"))
    return Study(alliance, seed, asked, sum(c.engine_seconds for c in courses), seconds, futures, **tables)


def last_day(by: str | dt.date) -> dt.date:
    """Return the day that `by` means: a day itself, of a month `2027-12` the last one; raises InputError."""
    try:
        day = read_date(by)
    except ValueError as error:
        raise InputError("study", [Problem("study", None, "by", str(error))]) from None
    whole = isinstance(by, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}", by.strip())
    return add_months(day, 1) - dt.timedelta(days=1) if whole else day


def _interval(name: str, share: float | None, futures: int) -> dict[str, float | None]:
    low, high = (None, None) if share is None else share_interval(share, futures)
    return {f"{name}_low": low, f"{name}_high": high}
