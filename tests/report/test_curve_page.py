"""The page of an operating curve: it draws, tells its numbers, and needs no network."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import vl_convert

import renkei
from renkei.curve import OperatingCurve, operating_curve
from renkei.report.curve_page import curve_page, figures, table
from renkei.report.script import VEGA_LITE


@pytest.fixture(scope="module")
def curve() -> OperatingCurve:
    return operating_curve(renkei.load_fab("minifab"), [50, 90], days=20, warmup=5)


def test_every_figure_draws(curve: OperatingCurve) -> None:
    for figure in figures(curve):
        spec: dict[str, Any] = dict(figure.spec or {})
        drawn = str(vl_convert.vegalite_to_svg(spec | {"width": 500}, vl_version=VEGA_LITE))
        assert "aria-roledescription" in drawn, figure.id
        assert "NaN" not in drawn, figure.id
        assert "load, % of static capacity" in drawn


def test_figures_hold_the_points(curve: OperatingCurve) -> None:
    spec: dict[str, Any] = dict(figures(curve)[0].spec or {})
    rows = spec["datasets"]["rows"]
    assert [row["load"] for row in rows] == [50, 90]
    assert [row["median"] for row in rows] == [pytest.approx(p.measured["x_p50"], rel=1e-3) for p in curve.points]
    assert all(row["P5"] < row["median"] < row["P95"] for row in rows)


def test_the_declared_load_is_marked_where_the_curve_has_it(curve: OperatingCurve) -> None:
    assert figures(curve)[0].note.endswith("P95")  # declared: 91.7 %, beyond the last load
    wider = operating_curve(curve.fab, [50, 95], days=6, warmup=1)
    figure = figures(wider)[0]
    assert figure.note.endswith("dashed: the declared orders")
    assert str(float(wider.capacity.load_percent)) in str(figure.spec)
    drawn = str(vl_convert.vegalite_to_svg(dict(figure.spec or {}) | {"width": 500}, vl_version=VEGA_LITE))
    assert drawn.count("stroke-dasharray") == 1


def test_the_page_is_whole_and_asks_nobody(curve: OperatingCurve) -> None:
    html = curve_page(curve)
    places = re.findall(r'id="figure-([\w-]+)"', html)
    assert places == ["x-factor", "lot-types", "wip", "throughput"]
    embedded = re.search(r'<script type="application/json" id="figures">(.*?)</script>', html, re.DOTALL)
    assert embedded is not None
    assert set(json.loads(embedded[1])) == set(places)
    head = html.split('<script type="application/json"')[0]
    assert "Operating curve of Intel/ASU Mini-Fab" in head
    assert not re.findall(r'(?:src|href)="(?!#)', head)
    assert "2,209 wafer starts a week are 100 %" in " ".join(head.split())


def test_the_table_has_a_row_a_load(curve: OperatingCurve) -> None:
    rows = table(curve).rows
    assert [row[0] for row in rows] == ["50", "90"]
    assert {row[9] for row in rows} == {"Me"}


def test_lot_types_without_lots_leave_gaps(curve: OperatingCurve) -> None:
    """A name like a formula and a lot type without a finished lot do no harm."""
    orders = [
        order.model_copy(update={"order": "a.b[c]"}) if order.product == "TW" else order for order in curve.fab.orders
    ]
    fab = curve.fab.with_orders(tuple(orders))
    html = curve_page(operating_curve(fab, [50], days=1.5, warmup=0.5))
    assert "a․b(c)" in html
