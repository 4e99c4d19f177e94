"""Chart forms that the figures are made of; each returns a Vega-Lite specification with its data inside.

Months are written without a time zone, so that they read the same everywhere; `currentColor` follows the page, light
or dark.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

import altair as alt

from renkei.report.words import known
from renkei.units import add_months

Spec = dict[str, Any]
Row = Mapping[str, Any]
PALETTE = (
    "#3f86c8",
    "#e08b2c",
    "#2f9e77",
    "#9a73c9",
    "#c8554b",
    "#4fb3c2",
    "#b59a2a",
    "#8a8f98",
    "#d678a8",
    "#6b9e3c",
    "#a0785a",
    "#5f6fa8",
)
COLOURS = {
    "money": "#c8554b",
    "site": "#b58a3a",
    "tools": "#3f86c8",
    "people": "#9a73c9",
    "technology": "#2f9e77",
    "demand": "#8a8f98",
}
"""One colour a constraint, the same in every figure."""
INK = "currentColor"
FAINT = "#8886"
MONTH = "month"
ROWS = "rows"
FUTURES = "futures"
TICKS = tuple(step * 10.0**power for power in range(-3, 7) for step in (1, 2, 5))
"""Of logarithmic axes."""

_DATA = alt.NamedData(name=ROWS)
"""Stands for the rows until the specification is finished: altair copies a chart many times."""


def when(day: dt.date) -> str:
    """Return a moment that JavaScript reads in the reader's own time zone."""
    return f"{day:%Y-%m-%d}T00:00:00"


def label(text: str) -> str:
    """Return a series name that is also a plain Vega field name."""
    return text.translate(str.maketrans(".[]'\"\\", "․()’”/"))


def rows_of(months: Sequence[dt.date], series: Mapping[str, Sequence[Any]]) -> list[Row]:
    """Return one row a month, values with four digits, without what is not known."""
    columns = {label(name): values for name, values in series.items()}
    return [
        {MONTH: when(day), **{name: _short(values[i]) for name, values in columns.items() if known(values[i])}}
        for i, day in enumerate(months)
    ]


def lines(
    months: Sequence[dt.date], series: Mapping[str, Sequence[Any]], log: bool = False, steps: bool = False,
    beside: Mapping[str, str] | None = None,
) -> Spec:  # fmt: skip
    """Return lines over the months with a cross-hair that tells all values.

    `beside`: series → the one whose colour it shares, drawn dashed: what was wanted beside what was.
    """
    names = [label(name) for name in series]
    pairs = {label(name): label(other) for name, other in (beside or {}).items() if name in series}
    rows = rows_of(months, series)
    folded = _folded(names)
    scale = alt.Scale(type="log" if log else "linear", nice=not log)
    line = folded.mark_line(interpolate="step-after" if steps else "linear", strokeWidth=2).encode(
        x=_months(), y=_amount(scale, TICKS if log else None), color=_colour(names, pairs)
    )
    if pairs:
        dashes = alt.Scale(domain=names, range=[[5, 4] if name in pairs else [1, 0] for name in names])
        line = line.encode(strokeDash=alt.StrokeDash("series:N", scale=dashes, legend=_legend(names)))
    return _spec(alt.layer(line, _cross_hair(names), data=_DATA), rows, "stroke")


def stack(months: Sequence[dt.date], series: Mapping[str, Sequence[Any]]) -> Spec:
    """Return stacked areas over the months with a cross-hair that tells all values."""
    names, rows = [label(name) for name in series], rows_of(months, series)
    mark = _folded(names).mark_area(opacity=0.85, interpolate="step-after")
    drawn = mark.encode(x=_months(), y=_amount(), color=_colour(names), order=alt.Order("place:Q"))
    return _spec(alt.layer(drawn, _cross_hair(names), data=_DATA), rows)


def curves(
    months: Sequence[dt.date], series: Mapping[str, Sequence[Any]], marks: Sequence[tuple[str, dt.date, float]]
) -> Spec:
    """Return shares in percent over the months as steps; each mark (series, day, share) is a diamond of its colour."""
    names, y = [label(name) for name in series], alt.Scale(domain=[0, 100])
    points = [{MONTH: when(day), "marked": label(name), "at": _short(share)} for name, day, share in marks]
    steps = _folded(names).mark_line(interpolate="step-after", strokeWidth=2)
    line = steps.encode(x=_months(), y=_amount(y), color=_colour(names))
    diamond = (
        alt.Chart()
        .transform_filter("isValid(datum.marked)")
        .mark_point(shape="diamond", size=80, filled=True, opacity=1, strokeWidth=1)
    )
    tips = [alt.Tooltip("marked:N", title="promised"), alt.Tooltip(f"{MONTH}:T", title="by", format="%Y-%m")]
    told = alt.Tooltip("at:Q", title="there by then, %")
    shown = diamond.encode(
        x=_months(), y=alt.Y("at:Q", scale=y), color=_colour(names, field="marked:N", legend=False),
        stroke=alt.value(INK), tooltip=[*tips, told],
    )  # fmt: skip
    hair = _cross_hair(names, "!isValid(datum.marked)")
    return _spec(alt.layer(line, hair, shown, data=_DATA), [*rows_of(months, series), *points], "stroke")


def fan(
    months: Sequence[dt.date], low: Sequence[Any], middle: Sequence[Any], high: Sequence[Any], number: Sequence[int],
    log: bool = False,
) -> Spec:  # fmt: skip
    """Return the median over the months in a shade from P10 to P90; the cross-hair also tells the number of futures."""
    rows = rows_of(months, {"P10": low, "P50": middle, "P90": high, FUTURES: number})
    scale = alt.Scale(type="log" if log else "linear", nice=not log)
    ticks = TICKS if log else None
    base = alt.Chart(width="container", height=220).transform_filter("isValid(datum.P50)")
    shade = base.mark_area(opacity=0.22, color=PALETTE[0])
    shade = shade.encode(x=_months(), y=_amount(scale, ticks, "P10:Q"), y2="P90:Q")
    line = base.mark_line(strokeWidth=2, color=PALETTE[0]).encode(x=_months(), y=_amount(scale, ticks, "P50:Q"))
    return _spec(alt.layer(shade, line, _cross_hair(["P90", "P50", "P10", FUTURES]), data=_DATA), rows)


def ranges(rows: Sequence[Row]) -> Spec:
    """Return bars from P10 to P90 by `period` with a line at P50; rows hold `period`, P10, P50, P90, futures."""
    names = ["P90", "P50", "P10", FUTURES]
    values = [{"period": row["period"], **{n: _short(row[n]) for n in names if known(row[n])}} for row in rows]
    x = alt.X("period:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True))
    tips = [alt.Tooltip("period:O", title="year"), *_tips(names)]
    base = _told(alt.Chart(width="container", height=220).transform_filter("isValid(datum.P50)"), names)
    bar = base.mark_bar(opacity=0.35, color=PALETTE[0])
    tick = base.mark_tick(thickness=3, bandSize=22, color=PALETTE[0])
    drawn = (
        bar.encode(x=x, y=_amount(field="P10:Q"), y2="P90:Q", tooltip=tips),
        tick.encode(x=x, y=_amount(field="P50:Q"), tooltip=tips),
    )
    return _spec(alt.layer(*drawn, data=_DATA), values)


def bars(rows: Sequence[Row], names: Sequence[str], top: float | None = None) -> Spec:
    """Return stacked bars by `period` (texts in order), up to `top`; rows hold `period` and a value by series name."""
    fold = [label(name) for name in names]
    values = [{"period": row["period"], **{label(n): _short(row[n]) for n in names if known(row[n])}} for row in rows]
    chart = _told(_folded(fold, _DATA), fold).mark_bar(opacity=0.9)
    tips = [alt.Tooltip("period:O", title="period"), *_tips(fold)]
    scale = None if top is None else alt.Scale(domain=[0, top], clamp=True)
    drawn = chart.encode(
        x=alt.X("period:O", axis=alt.Axis(title=None, labelAngle=0, labelOverlap=True)),
        y=_amount(scale), color=_colour(fold), order=alt.Order("place:Q"), tooltip=tips,
    )  # fmt: skip
    return _spec(drawn, values)


def over_load(
    rows: Sequence[Row], names: Sequence[str], band: tuple[str, str] | None = None, zero: bool = False,
    mark: float | None = None,
) -> Spec:  # fmt: skip
    """Return lines of `names` over `load`, percent of capacity; between the two values of `band` lies a shade.

    `zero`: the upright axis begins at 0. `mark`: a load at which a dashed rule stands.
    """
    fold, edges = [label(name) for name in names], [label(name) for name in band or ()]
    columns = ("load", *names, *(band or ()))
    values = [{label(c): _short(row[c]) for c in columns if known(row.get(c))} for row in rows]
    x = alt.X("load:Q", axis=alt.Axis(title="load, % of static capacity", grid=False), scale=alt.Scale(zero=False))
    y = alt.Scale(zero=zero)
    layers = [_folded(fold).mark_line(point=True, strokeWidth=2).encode(x=x, y=_amount(y), color=_colour(fold))]
    if edges:
        shade = alt.Chart().mark_area(opacity=0.18, color=PALETTE[0])
        low = alt.Y(f"{edges[0]}:Q", axis=alt.Axis(title=None), scale=y)
        layers.insert(0, shade.encode(x=x, y=low, y2=f"{edges[1]}:Q"))
    if mark is not None:
        rule = alt.Chart().transform_aggregate(n="count()").transform_calculate(load=str(float(mark)))
        layers.append(rule.mark_rule(color=INK, strokeDash=[5, 4], opacity=0.6).encode(x=x))
    tips = [alt.Tooltip("load:Q", title="load, %"), *_tips([*fold, *edges])]
    at = _told(alt.Chart(), [*fold, *edges]).mark_rule(color=INK, strokeWidth=12, opacity=0.0)
    layers.append(at.encode(x=x, tooltip=tips))
    return _spec(alt.layer(*layers, data=_DATA), values, "stroke")


def ribbon(rows: Sequence[Row], names: Sequence[str]) -> Spec:
    """Return a band of one cell a month, coloured by `constraint`; tooltip: every limit in `names`."""
    chart = alt.Chart(_DATA, width="container", height=46)
    tips = [
        alt.Tooltip("month_name:N", title="month"),
        alt.Tooltip("constraint:N", title="binding"),
        alt.Tooltip("unit:N", title="limits in"),
    ]
    tips += [alt.Tooltip(f"{name}:N", title=name) for name in names]
    scale = alt.Scale(domain=list(COLOURS), range=list(COLOURS.values()))
    drawn = chart.mark_rect().encode(
        x=alt.X("from:T", axis=_time_axis()),
        x2="to:T",
        color=alt.Color("constraint:N", scale=scale, legend=alt.Legend(title=None)),
        tooltip=tips,
    )
    return _spec(drawn, rows)


def ladder(rows: Sequence[Row], order: Sequence[str], kinds: Mapping[str, str], first: dt.date) -> Spec:
    """Return spans (`milestone`, `kind`, `from`, `to`, `text`), those of a milestone below each other, from `first` on.

    `kinds` gives the colours.
    """
    base = alt.Chart(_DATA, width="container", height=alt.Step(12))
    where = {
        "y": alt.Y("milestone:N", sort=list(order), axis=alt.Axis(title=None, labelLimit=170, grid=True)),
        "yOffset": alt.YOffset("kind:N", sort=list(kinds)),
    }
    colour = alt.Color(
        "kind:N",
        scale=alt.Scale(domain=list(kinds), range=list(kinds.values())),
        legend=alt.Legend(title=None, columns=3),
    )
    tips = [alt.Tooltip("milestone:N"), alt.Tooltip("kind:N", title="what"), alt.Tooltip("text:N", title="when")]
    spans = base.mark_bar(cornerRadius=2).encode(
        x=alt.X("from:T", axis=_time_axis(), scale=alt.Scale(domainMin={"expr": f"toDate('{when(first)}')"})),
        x2="to:T", color=colour, tooltip=tips, **where,
    )  # fmt: skip
    texts = base.transform_filter("datum.kind == 'simulated'").mark_text(align="left", dx=4, fontSize=11, color=INK)
    return _spec(alt.layer(spans, texts.encode(x=alt.X("to:T"), text="text:N", **where)), rows)


def month_span(first: dt.date, last: dt.date) -> dict[str, str]:
    """Return `from` and `to` of whole months, for ribbon and ladder."""
    return {"from": when(first.replace(day=1)), "to": when(add_months(last.replace(day=1), 1))}


def _folded(names: Sequence[str], data: Any = alt.Undefined) -> alt.Chart:
    """Return a chart with a row for each series and value; a layer brings the data of its own."""
    chart = alt.Chart(data, width="container", height=220)
    places = "{" + ", ".join(f"{name!r}: {place}" for place, name in enumerate(names)) + "}"
    folded: alt.Chart = chart.transform_fold(list(names), as_=["series", "value"])
    return folded.transform_filter("isValid(datum.value)").transform_calculate(place=f"{places}[datum.series]")


def _cross_hair(names: Sequence[str], rows: str = "true") -> alt.Chart:
    """Return a rule that follows the pointer and tells every value of its month; `rows`: those that it goes by."""
    at = alt.selection_point(fields=[MONTH], nearest=True, on="pointerover", clear="pointerout", empty=False)
    month = alt.Tooltip(f"{MONTH}:T", format="%Y-%m")
    drawn: alt.Chart = (
        _told(alt.Chart().transform_filter(rows) if rows != "true" else alt.Chart(), names)
        .mark_rule(color=INK, strokeWidth=1)
        .encode(
            x=_months(),
            tooltip=[month, *_tips(names)],
            opacity=alt.condition(at, alt.value(0.5), alt.value(0.0)),
        )
        .add_params(at)
    )
    return drawn


def _told(chart: alt.Chart, names: Sequence[str]) -> alt.Chart:
    """Return the chart with each value also as a text, a dash where it is not known."""
    for place, name in enumerate(names):
        text = f"isValid(datum[{name!r}]) ? format(datum[{name!r}], ',.4~r') : '–'"
        chart = chart.transform_calculate(**{f"text{place}": text})
    return chart


def _tips(names: Sequence[str]) -> list[alt.Tooltip]:
    return [alt.Tooltip(f"text{place}:N", title=name) for place, name in enumerate(names)]


def _months() -> alt.X:
    return alt.X(f"{MONTH}:T", axis=_time_axis())


def _time_axis() -> alt.Axis:
    return alt.Axis(title=None, format="%Y", tickCount={"interval": "year", "step": 1}, labelOverlap=True, grid=False)


def _amount(scale: alt.Scale | None = None, ticks: Sequence[float] | None = None, field: str = "value:Q") -> alt.Y:
    """Return the upright axis; its unit stands in the figure's caption, where it cannot run into the legend."""
    text = "abs(datum.value) < 10000 ? format(datum.value, ',.3~r') : format(datum.value, '~s')"
    axis = alt.Axis(title=None, tickCount=5, labelExpr=text, values=ticks or alt.Undefined)
    return alt.Y(field, axis=axis, scale=scale or alt.Undefined)


def _colour(
    names: Sequence[str], beside: Mapping[str, str] | None = None, field: str = "series:N", legend: bool = True
) -> alt.Color:
    first = [name for name in names if name not in (beside or {})]
    places = [first.index((beside or {}).get(name, name)) for name in names]
    own = [PALETTE[place % len(PALETTE)] for place in places]
    colours = [COLOURS[name] for name in names] if set(names) <= set(COLOURS) else own
    told = _legend(names) if legend and len(names) > 1 else None
    return alt.Color(field, scale=alt.Scale(domain=list(names), range=colours), legend=told)


def _legend(names: Sequence[str]) -> alt.Legend:
    """Return a legend whose columns have room for the longest name on a narrow screen."""
    longest = max(len(name) for name in names)
    return alt.Legend(title=None, columns=3 if longest <= 14 else 2 if longest <= 26 else 1)


def _short(value: Any) -> float | int:
    number = float(f"{float(value):.4g}")
    return int(number) if number.is_integer() else number


def _spec(chart: Any, rows: Sequence[Row], symbol: str = "square") -> Spec:
    """Return the specification with its data; `symbol` stands in the legend."""
    text = {"labelColor": INK, "titleColor": INK, "labelFontSize": 11, "titleFontSize": 11, "titleFontWeight": "normal"}
    lines_ = {"domainColor": FAINT, "tickColor": FAINT, "gridColor": FAINT, "gridOpacity": 0.4}
    legend = {**text, "orient": "top", "columns": 3, "symbolType": symbol, "labelLimit": 330, "padding": 0}
    styled = chart.configure(
        background="transparent", font="system-ui, sans-serif", padding={"left": 2, "right": 8, "top": 4, "bottom": 2}
    )
    styled = styled.configure_axis(**text, **lines_).configure_legend(**legend).configure_view(stroke=None)
    spec: Spec = styled.to_dict(validate=False)  # seconds for nothing: the forms are fixed, and tests draw each of them
    del spec["$schema"]  # an address that nobody needs to ask; the page names the language itself
    return {**spec, "datasets": {ROWS: list(rows)}}
