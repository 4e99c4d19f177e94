"""The figures: every specification draws, with the data of the course in it."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest
import vl_convert

from renkei.report import charts
from renkei.report.figures import KINDS, Figure, constraint_ribbon, milestone_ladder
from renkei.report.result import Result
from renkei.report.script import VEGA_LITE
from renkei.report.sections import bounds_of, sections


def figures(result: Result) -> dict[str, Figure]:
    return {figure.id: figure for part in sections(result) for figure in part.figures}


def rows_in(spec: dict[str, Any]) -> list[dict[str, Any]]:
    return list(spec["datasets"][spec["data"]["name"]])


def svg(spec: dict[str, Any]) -> str:
    return str(vl_convert.vegalite_to_svg(spec | {"width": 600}, vl_version=VEGA_LITE))


def test_every_figure_draws(tiny: Result) -> None:
    drawn = {name: svg(figure.spec) for name, figure in figures(tiny).items() if figure.spec is not None}
    assert set(drawn) >= {
        "milestones", "binding", "cash", "received", "spent", "headcount", "training", "tools", "wafers", "wip",
        "cycle-time", "x-factor", "d0", "yields", "generations", "lots", "buyers", "wanted", "funding",
    }  # fmt: skip
    for name, text in drawn.items():
        assert "aria-roledescription" in text, name
        assert "NaN" not in text, name


def test_a_course_of_nothing_still_draws(poor: Result) -> None:
    found = figures(poor)
    assert found["wafers"].spec is None
    assert found["d0"].spec is not None  # the process' own density is known without wafers
    for figure in found.values():
        if figure.spec is not None:
            svg(figure.spec)


def test_ribbon_has_a_cell_a_month_with_all_limits(tiny: Result) -> None:
    spec = constraint_ribbon(bounds_of(tiny)).spec
    assert spec is not None
    rows = rows_in(spec)
    assert [row["month_name"] for row in rows] == [f"{2024 + i // 12}-{i % 12 + 1:02}" for i in range(24)]
    assert all({"money", "site", "tools", "people", "technology", "demand", "unit"} <= set(row) for row in rows)
    assert svg(spec).count('aria-roledescription="rect mark"') == 24


def test_ladder_has_promise_course_and_fact_of_each_milestone(tiny: Result) -> None:
    spec = milestone_ladder(tiny).spec
    assert spec is not None
    rows = {(row["milestone"], row["kind"]): row for row in rows_in(spec)}
    assert rows["Site ready", "promised"]["text"] == "2024-04"
    assert rows["Site ready", "actual"]["text"] == "2024-05 – 2024-06"
    assert rows["First silicon", "promised"]["to"].startswith("2024-10-01")
    assert rows["Volume", "simulated"]["text"] == "not reached"
    assert ("First silicon", "actual") not in rows
    assert set(KINDS) == {kind for _, kind in rows}


def test_lines_hold_the_numbers_of_the_table(tiny: Result) -> None:
    spec = figures(tiny)["tools"].spec
    assert spec is not None
    rows = rows_in(spec)
    assert [row["qualified"] for row in rows] == tiny.tables["months"]["tools"].tolist()


def test_people_stand_beside_those_wanted(tiny: Result) -> None:
    """Targets are straight lines: 30 engineers at the start, 60 at 2024-12-01, kept from there on."""
    spec = figures(tiny)["wanted"].spec
    assert spec is not None
    rows = rows_in(spec)
    assert [row["engineer"] for row in rows] == tiny.tables["months"]["headcount_engineer"].tolist()
    wanted = [row["engineer, wanted"] for row in rows]
    assert wanted[5] == pytest.approx(30 + 30 * 181 / 335, rel=1e-3)
    assert wanted[11:] == [60] * 13
    assert [row["technician, wanted"] for row in rows] == [20] * 24
    assert "stroke-dasharray" in svg(spec)


def test_no_figure_names_an_address(tiny: Result) -> None:
    assert "http" not in str([figure.spec for figure in figures(tiny).values()])


@pytest.mark.parametrize("name", ["a.b", "x[0]", "it's", 'say "hi"', "back\\slash"])
def test_series_may_have_any_name(name: str) -> None:
    months = [dt.date(2024, 1, 1), dt.date(2024, 2, 1)]
    for form in (charts.lines, charts.stack):
        text = svg(form(months, {name: [1.0, 2.0], "other": [2.0, None]}))
        assert text.count('aria-label="month: ') >= 2
    assert 'aria-roledescription="bar"' in svg(charts.bars([{"period": "2024 Q1", name: 3.0}], [name]))


def test_what_is_not_known_is_left_out() -> None:
    rows = charts.rows_of([dt.date(2024, 1, 1), dt.date(2024, 2, 1)], {"x": [None, 1.23456789]})
    assert rows == [{"month": "2024-01-01T00:00:00"}, {"month": "2024-02-01T00:00:00", "x": 1.235}]
