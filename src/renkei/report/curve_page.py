"""The operating curve as a page: charts and their numbers in one HTML file that asks no network for anything."""

from __future__ import annotations

import renkei
from renkei.curve import OperatingCurve, Point
from renkei.report import charts
from renkei.report.figures import Figure
from renkei.report.page import rendered
from renkei.report.tables import Column, Table
from renkei.report.words import number, percent

TEMPLATE = "curve.html.j2"


def curve_page(curve: OperatingCurve) -> str:
    """Return the page of an operating curve, about 1 MB, nearly all of it the script that draws."""
    drawn = figures(curve)
    specs = {figure.id: figure.spec for figure in drawn if figure.spec is not None}
    return rendered(TEMPLATE, specs, curve=curve, figures=drawn, table=table(curve), version=renkei.__version__)


def figures(curve: OperatingCurve) -> tuple[Figure, ...]:
    """Return the X-factor of regular lots and of each lot type, WIP and throughput over the load."""
    points = curve.points
    x = [
        {"load": p.load_percent, "P5": p.measured["x_p5"], "median": p.measured["x_p50"], "mean": p.measured["x_mean"],
         "P95": p.measured["x_p95"]}
        for p in points
    ]  # fmt: skip
    types = list(points[0].lot_types)
    by_type = [{"load": p.load_percent, **{name: p.lot_types[name]["x_p50"] for name in types}} for p in points]
    wip = [{"load": p.load_percent, "lots": p.measured["mean_wip_lots"]} for p in points]
    flow = [{"load": p.load_percent, "lots a day": p.measured["throughput_lots_per_day"]} for p in points]
    declared = curve.capacity.load_percent
    inside = points[0].load_percent <= declared <= points[-1].load_percent
    own = f"of {', '.join(curve.regular)}; the shade reaches from P5 to P95"
    own += "; dashed: the declared orders" if inside else ""
    shaded = charts.over_load(x, ("median", "mean"), ("P5", "P95"), mark=declared if inside else None)
    return (
        Figure("x-factor", "X-factor of regular lots", shaded, own, wide=True),
        Figure("lot-types", "X-factor by lot type", charts.over_load(by_type, types), "median", wide=True),
        Figure("wip", "WIP", charts.over_load(wip, ("lots",), zero=True), "mean, lots"),
        Figure("throughput", "Throughput", charts.over_load(flow, ("lots a day",), zero=True), "lots a day"),
    )


def table(curve: OperatingCurve) -> Table:
    """Return a row a load."""
    columns = ("load", "starts", "static load", "P5", "median", "P95", "mean", "throughput", "WIP")
    units = ("%", "wafers/week", "%", "", "", "", "", "lots/day", "lots")
    heads = [Column(name, unit, True) for name, unit in zip(columns, units, strict=True)]
    rows = tuple(_row(point) for point in curve.points)
    note = "X-factors of regular lots; static load: that of the busiest group, with its calendar downtime as it is"
    return Table("Numbers", (*heads, Column("busiest group"), Column("its up-time taken", right=True)), rows, note)


def _row(point: Point) -> tuple[str, ...]:
    told = [point.measured[key] for key in ("x_p5", "x_p50", "x_p95", "x_mean")]
    flow = point.measured["throughput_lots_per_day"], point.measured["mean_wip_lots"]
    return (
        f"{point.load_percent:g}", number(point.starts_per_week, 5), number(point.static_load_percent),
        *map(number, told), *(number(value, 4) for value in flow),
        point.bottleneck["tool_group"], percent(point.bottleneck["occupied_of_uptime"]),
    )  # fmt: skip
