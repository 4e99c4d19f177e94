"""Studies of the small alliance on a stand-in floor, and one on the real one."""

from __future__ import annotations

import datetime as dt
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from typer.testing import CliRunner

import renkei
from renkei.alliance import Alliance
from renkei.alliance.base import Dated
from renkei.cli import app
from renkei.errors import InputError, RunError
from renkei.months.binding import CONSTRAINTS
from renkei.report.words import lateness
from renkei.simulate import simulate
from renkei.study import Study
from renkei.study.course import Task
from renkei.study.running import StudyProgress, run_futures
from renkei.study.seeds import future_seed
from renkei.study.summary import summary
from tests.months.conftest import SMALL, changed
from tests.test_simulate import belt

TINY = str(Path(__file__).parents[1] / "report" / "tiny.yaml")
UNSURE = {
    "site__phases__one__build": {"triangular": [2, 4, 9], "unit": "months"},
    "equipment__lead_time": {"uniform": [1, 9]},
    "funding__tranches__grant__probability": 0.5,
    "end": "2025-12",
}


def alliance(**changes: Any) -> Alliance:
    return Alliance.model_validate(changed(SMALL, **(UNSURE | changes)))


@pytest.fixture(scope="module")
def study() -> Study:
    return renkei.study(alliance(), futures=8, seed=5, workers=1, start_floor=belt)


def test_seeds_have_addresses() -> None:
    seeds = {future_seed(seed, number) for seed in range(20) for number in range(50)}
    assert len(seeds) == 1000
    assert all(0 <= seed < 2**53 for seed in seeds)
    assert (future_seed(0, 0), future_seed(7, 3)) == (7491832511699834, 8029073370341180)


def test_the_same_futures_whatever_the_number_of_workers(study: Study) -> None:
    other = renkei.study(alliance(), futures=8, seed=5, workers=2, start_floor=belt)
    for name, table in study.tables.items():
        pd.testing.assert_frame_equal(table, other.tables[name])


def test_more_futures_leave_the_first_ones_as_they_were(study: Study) -> None:
    few = renkei.study(alliance(), futures=3, seed=5, workers=1, start_floor=belt)
    same = study.months[study.months["future"] < 3].reset_index(drop=True)
    pd.testing.assert_frame_equal(few.months, same)


def test_a_future_is_what_run_makes_of_its_seed(study: Study) -> None:
    alone = simulate(alliance(), seed=int(study.futures["seed"][7]), start_floor=belt)
    assert study.months[study.months["future"] == 7]["cash_jpy"].to_list() == alone.months["cash_jpy"].to_list()
    dates = study.milestones[study.milestones["future"] == 7].set_index("id")["reached"]
    assert dates.equals(alone.milestones.set_index("id")["reached"])


def test_futures_differ_as_their_uncertain_values_do(study: Study) -> None:
    values = study.drawn[study.drawn["path"] == "site.phases.one.build"]["value"]
    assert values.nunique() == 8
    assert values.between(2, 9).all()
    ready = study.milestones[study.milestones["id"] == "site-ready"]["reached"]
    order = values.reset_index(drop=True).rank()
    assert ready.reset_index(drop=True).rank().corr(order) > 0.9


def test_probability_and_quantiles_of_a_milestone_agree(study: Study) -> None:
    days = study.quantiles("Site")
    assert days[0.1] <= days[0.5] <= days[0.9]
    assert study.probability("site-ready", by=days[0.5]) >= 0.5
    assert study.probability("site-ready") == 1.0
    assert study.probability("site-ready", by="2024-01") == 0.0
    assert study.probability("first sil", by="2025-12") == study.probability("first-silicon")


def test_a_month_means_its_last_day(study: Study) -> None:
    month = f"{study.quantiles('site-ready')[0.5]:%Y-%m}"
    assert study.probability("site-ready", by=month) >= 0.5


def test_what_is_never_reached_has_a_share_and_no_date() -> None:
    never = alliance(milestones__revenue__when={"all": [{"metric": "good_dies", "at_least": 1e12}]})
    found = renkei.study(never, futures=2, workers=1, start_floor=belt)
    assert found.probability("revenue") == 0
    assert found.quantiles("revenue") == {0.1: None, 0.5: None, 0.9: None}
    row = next(row for row in summary(found)["milestones"] if row["id"] == "revenue")
    assert (row["p50"], row["reached"]["probability"]) == (None, 0)
    assert row["by_promised"] == {"probability": None, "ci95": None}


def test_measures_have_quantiles_by_month_and_year(study: Study) -> None:
    months = study.quantiles("cash_jpy", at=(0.0, 0.5, 1.0))
    assert len(months) == 24
    assert (months["p0"] <= months["p50"]).all()
    assert (months["p50"] <= months["p100"]).all()
    assert study.quantiles("revenue_jpy", by="year")["year"].to_list() == [2024, 2025]


def test_binding_shares_are_shares_of_all_months(study: Study) -> None:
    shares = study.binding_shares
    assert list(shares.columns) == ["year", *CONSTRAINTS]
    assert shares[list(CONSTRAINTS)].sum(axis=1).to_list() == pytest.approx([1, 1])
    first = study.months[study.months["month"].dt.year == 2024]
    assert shares["site"][0] == pytest.approx((first["binding"] == "site").mean())


def test_json_is_whole_and_plain(study: Study) -> None:
    data = json.loads(json.dumps(summary(study), allow_nan=False))
    assert {row["id"] for row in data["milestones"]} == set(study.alliance.milestones)
    assert len(data["months"]) == 24
    assert data["years"][0]["cash_jpy"]["measured"] == 8
    promised = next(row for row in data["milestones"] if row["id"] == "first-silicon")
    low, high = promised["by_promised"]["ci95"]
    assert low <= promised["by_promised"]["probability"] <= high


def test_unknown_names_are_refused_with_a_hint(study: Study) -> None:
    with pytest.raises(InputError, match='did you mean "revenue"'):
        study.probability("revenu e")
    with pytest.raises(InputError, match='did you mean "cash_jpy"'):
        study.quantiles("cash_jp")
    with pytest.raises(InputError, match="is not a date"):
        study.probability("revenue", by="soon")
    with pytest.raises(InputError, match="2 problems"):
        renkei.study(alliance(), futures=0, workers=0)


def test_progress_ends_at_all_of_it() -> None:
    seen: list[StudyProgress] = []
    renkei.study(alliance(), futures=2, workers=1, progress=seen.append, start_floor=belt)
    assert [p.share for p in seen] == sorted(p.share for p in seen)
    assert (seen[-1].share, seen[-1].done) == (1.0, 2)


@pytest.mark.parametrize("workers", [1, 2])
def test_ctrl_c_keeps_the_futures_before_the_first_unfinished_one(workers: int) -> None:
    def stop(progress: StudyProgress) -> None:
        if progress.done >= 2:
            raise KeyboardInterrupt

    jobs = [(number, future_seed(0, number)) for number in range(40)]
    kept = run_futures(Task(alliance(), belt), jobs, workers, stop)
    assert 1 <= len(kept) < 40
    assert [course.number for course in kept] == list(range(len(kept)))


def test_ctrl_c_before_anything_is_done_goes_on() -> None:
    def stop(_: StudyProgress) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        run_futures(Task(alliance(), belt), [(0, 1), (1, 2)], 2, stop)


def broken(*_: Any) -> Any:
    raise RunError("the floor is gone")


@pytest.mark.parametrize("workers", [1, 2])
def test_a_future_that_fails_is_named(workers: int) -> None:
    with pytest.raises(RunError, match="the floor is gone"):
        renkei.study(alliance(), futures=3, workers=workers, start_floor=broken)


def test_command_line_writes_tables_once(tmp_path: Path) -> None:
    out = tmp_path / "study"
    words = ["study", TINY, "--scenario", "no-money", "--futures", "2", "--workers", "1", "--out", str(out)]
    done = CliRunner().invoke(app, [*words, "--json"])
    assert done.exit_code == 0
    data = json.loads(done.stdout)
    assert (data["futures"], data["scenario"]) == (2, ["no-money"])
    facts = json.loads((out / "manifest.json").read_text())
    assert (facts["kind"], facts["futures"], facts["seed"]) == ("study", 2, 0)
    assert {path.name for path in out.iterdir()} >= {"alliance.yaml", "futures.parquet", "months.parquet"}
    assert pd.read_parquet(out / "milestones.parquet")["future"].nunique() == 2
    again = CliRunner().invoke(app, words)
    assert again.exit_code == 2
    assert "exists already" in again.stderr


def test_command_line_prints_milestones_years_and_constraints(tmp_path: Path) -> None:
    words = ["study", TINY, "--scenario", "no-money", "--futures", "2", "--workers", "1", "--out", str(tmp_path / "s")]
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0
    assert "Volume" in done.stdout
    assert "What held it back" in done.stdout
    assert max(len(line) for line in done.stdout.splitlines()[:-1]) <= 120


def promising(study: Study, milestone: str, promised: str | dict[str, str]) -> pd.Series[Any]:
    """The row of a milestone, had that been its promise."""
    said, declared = Dated.model_validate(promised), study.alliance.milestones
    milestones = {**declared, milestone: declared[milestone].model_copy(update={"promised": said})}
    other = study.alliance.model_copy(update={"milestones": milestones})
    return replace(study, alliance=other).milestone_quantiles.set_index("id").loc[milestone]


@pytest.mark.parametrize("written", ["{0:%Y-%m}", "{0:%Y-%m}-01", "{0:%Y-%m-%d}", "span"])
def test_a_promise_is_kept_in_a_study_when_a_run_calls_it_in_time(study: Study, written: str) -> None:
    reached = study.milestones.dropna(subset=["reached"])
    late = reached[reached["reached"].dt.day > 1]  # after the first day of its month
    assert len(late) > 2
    for item in late.itertuples():
        text = written.format(item.reached)
        promised = {"date": "2024-01", "until": f"{item.reached:%Y-%m}"} if written == "span" else text
        row, said = promising(study, item.id, promised), Dated.model_validate(promised)
        days = study.milestones.loc[study.milestones["id"] == item.id, "reached"]
        verdicts = [lateness(day, said.date, said.until) for day in days]
        assert row["by_promised"] == sum(v != "" and "late" not in v for v in verdicts) / len(study) > 0
        assert row["by_promised"] == study.probability(item.id, by=f"{item.reached:%Y-%m}")
        assert (row["promised_until"] + dt.timedelta(days=1)).day == 1
