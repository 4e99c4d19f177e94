"""The tables of the page and the terminal."""

from __future__ import annotations

import pandas as pd

from renkei.alliance import Alliance
from renkei.alliance.reading import read_alliance
from renkei.report import tables
from renkei.report.cash import cash_sentences
from renkei.report.result import Result


def test_milestones(tiny: Result) -> None:
    assert tables.milestones(tiny).rows == (
        ("Site ready", "2024-04", "2024-04", "in time", "2024-05 – 2024-06", "1 early"),
        ("First silicon", "2024-07 – 2024-09", "2024-07", "in time", "–", "–"),
        ("Volume", "2025-06", "not reached", "–", "–", "–"),
    )


def test_years_have_a_row_a_calendar_year(tiny: Result) -> None:
    table = tables.years(tiny)
    years = tiny.tables["years"]
    assert [row[0] for row in table.rows] == ["2024", "2025"]
    assert [row[2] for row in table.rows] == [str(n) for n in years["headcount"]]
    assert all(len(row) == len(table.columns) for row in table.rows)


def test_years_of_nothing_have_dashes(poor: Result) -> None:
    assert tables.years(poor).rows[0][7:11] == ("–", "–", "–", "–")


def test_partners(tiny: Result) -> None:
    assert ("The owner", "US", "technology owner, research institute") in tables.partners(tiny.alliance).rows


def test_clauses_name_what_carries_them(tiny: Result) -> None:
    ((text, parties, carried, source),) = tables.clauses(tiny.alliance).rows
    assert text.startswith("Engineers are trained")
    assert (parties, carried, source) == ("The maker, The owner", "workforce.cohorts.first", "a made-up agreement")


def test_every_number_has_its_source_and_guesses_are_marked(tiny: Result) -> None:
    rows = {row[0]: row[1:] for row in tables.assumptions(tiny).rows}
    assert set(rows) == set(tiny.tables["drawn"]["path"])
    stated, used, mark, source = rows["site.phases.one.build"]
    assert (stated, mark, source) == ("3 months (triangular 2, 3, 4)", "guess", "guess")
    drawn = tiny.tables["drawn"].set_index("path")["value"]["site.phases.one.build"]
    assert float(used) == float(f"{drawn:.4g}")
    assert rows["funding.tranches.grant.amount"][1:] == ("", "high", "a made-up budget")  # the block's source


def test_the_built_in_alliance_leaves_no_guess_without_a_word() -> None:
    alliance = read_alliance("japan-us-2nm")
    drawn = pd.DataFrame({"path": [], "value": []})
    rows = tables.assumptions(Result({}, alliance, {"drawn": drawn})).rows
    assert len(rows) > 400
    assert [row[0] for row in rows if row[4] == "–" and row[3] == "guess"] == []


def test_slips_are_gathered(tiny: Result) -> None:
    day = pd.Timestamp("2024-03-01")
    late = {"due": day, "happened": day, "root": "site"}
    slips = pd.DataFrame(
        [
            {
                "what": "orders.all",
                "stage": f"Mab-{n} on the floor",
                "days": 30 * n,
                **late,
                "due": day + pd.Timedelta(days=40 * n),
            }
            for n in (1, 2, 3)
        ]
        + [{"what": "funding", "stage": "payment of tools", "days": 400, **late, "root": "money"}]
    )
    table = tables.slips(Result(tiny.manifest, tiny.alliance, {**tiny.tables, "slips": slips}))
    assert table.rows == (
        ("funding", "payment of tools", "1", "2024-03", "13", "13", "money"),
        ("orders.all", "tools on the floor", "3", "2024-04 – 2024-06", "2", "3", "site"),
    )


def test_no_slips(tiny: Result) -> None:
    none = tiny.tables["slips"].iloc[:0]
    assert tables.slips(Result(tiny.manifest, tiny.alliance, {**tiny.tables, "slips": none})).rows == ()


def test_cash_that_ends_is_told(poor: Result) -> None:
    text = " ".join(cash_sentences(poor))
    assert "Cash ended in 2024-" in text
    assert "wages could no longer be paid" in text


def test_cash_that_lasts_is_told(tiny: Result) -> None:
    told = cash_sentences(tiny)
    assert told[0].startswith("Cash never ended")
    assert "building 3.0" in told[-1]


def test_cash_that_is_short_for_a_while(tiny: Result) -> None:
    months = tiny.tables["months"].copy()
    months.loc[4:5, "unpaid_jpy"] = 10
    told = cash_sentences(Result(tiny.manifest, tiny.alliance, {**tiny.tables, "months": months}))
    assert told[0] == "Cash was short at the end of 2 months, first in 2024-05: bills stayed unpaid for a while."


def test_risks_say_when_they_came_and_when_not(tiny: Result) -> None:
    data = tiny.alliance.model_dump(by_alias=True)
    data["risks"] = {
        "quake": {"name": "Earthquake", "rate": 0.1, "effects": {"standstill": 5}},
        "exit": {"name": "Exit", "probability": 0.2, "effects": {"withdraws": "owner"}},
    }
    days = pd.to_datetime(["2024-03-05", None])
    came = pd.DataFrame({"risk": ["quake"], "occurred": days[:1], "until": days[1:], "effects": ["line stands 5 days"]})
    rows = tables.risks(Result({}, Alliance.model_validate(data), {"risks": came})).rows
    assert rows == (
        ("Earthquake", "10% a year", "2024-03 – 2025-12", "line stands 5 days"),
        ("Exit", "20% in all", "did not occur", "–"),
    )
