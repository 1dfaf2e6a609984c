"""The kinds of chart: the rows of a panel drawn as a plotly figure in one language.

The YAML of a panel names one of `KINDS` and gives its arguments: columns of the answer, and colours
by column or by code, which are also the order in which they are stacked. A column `x` that isn't in
the answer is named by `x_en` and `x_zh`, and told apart by `x_code`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

import plotly.graph_objects as go

from orchestration.report.labels import compact
from orchestration.report.panels import Panel, Row, Words

INK, MUTED, RULE = "#1f2933", "#5f6c7b", "#e6e9ee"
PALETTE = {
    "teal": "#0f766e",
    "mint": "#5fb3a8",
    "sky": "#6ea8e0",
    "slate": "#a9b8c9",
    "amber": "#f0b65a",
    "yellow": "#f2d16b",
    "orange": "#ec9a4a",
    "red": "#c94a44",
    "violet": "#8c7bc0",
    "lilac": "#c0b4e0",
    "grey": "#c3cad3",
}
PEOPLE, MONEY = PALETTE["slate"], PALETTE["teal"]
RISEN, FALLEN, STAYED = "rgba(15,118,110,.45)", "rgba(240,182,90,.6)", "rgba(195,202,211,.45)"
PALE_TO_DEEP = [[0, "#f3f8f7"], [0.5, "#7cc0b6"], [1, "#0b5d56"]]

Colours = Mapping[str, str]


def draw(panel: Panel, rows: list[Row], language: str) -> go.Figure:
    """The figure of a panel that has a chart, and rows.

    Raises `ValueError` when no such kind, or no such argument of it, is known.
    """
    kind, arguments = panel.chart["kind"], {**panel.chart}
    del arguments["kind"]
    if kind not in KINDS:
        raise ValueError(
            f"Panel {panel.name}: no chart is called '{kind}', but {', '.join(KINDS)}."
        )
    try:
        return KINDS[kind](rows, Words(panel, language), **arguments)
    except TypeError as error:
        raise ValueError(f"Panel {panel.name}: {error}") from error


def share_bars(rows: list[Row], words: Words, names: str, bars: Mapping[str, str]) -> go.Figure:
    """Per row the shares of people and of money, each labelled with the absolute number."""
    traces = [
        go.Bar(
            name=words(share),
            orientation="h",
            x=[row[share] for row in rows],
            y=list(range(len(rows))),
            text=[compact(row[absolute], words.language) for row in rows],
            customdata=[f"{row[absolute]:,.0f}" for row in rows],
            textposition="outside",
            cliponaxis=False,
            marker_color=colour,
            hovertemplate=f"{words(share)}: %{{x:{words.format(share)}}}<br>"
            f"{words(absolute)}: %{{customdata}}<extra></extra>",
        )
        for (share, absolute), colour in zip(bars.items(), (PEOPLE, MONEY), strict=True)
    ]
    figure = _figure(traces, height=52 * len(rows) + 110, barmode="group", bargap=0.35)
    room_for_text = 1.4 * max(row[share] for row in rows for share in bars)
    figure.update_xaxes(range=[0, room_for_text], tickformat=".0%", nticks=6)
    return _named_rows(figure, [words.name(row, names) for row in rows])


def stacked_bars(
    rows: list[Row],
    words: Words,
    names: str,
    value: str,
    colours: Colours,
    parts: str | None = None,
    largest: int | None = None,
) -> go.Figure:
    """A bar per name, stacked of its `parts`, or else of the columns that have colours.

    Rows of one name and part add up. With `largest`, so many bars, the longest first.
    """
    bars = {_code(row, names): words.name(row, names) for row in rows}
    titles, sums = _stacks(rows, words, names, value, colours, parts)
    codes = list(bars)
    if largest:
        totals = {code: sum(sums.get((code, part), 0) for part in titles) for code in codes}
        codes = sorted(codes, key=lambda code: -totals[code])[:largest]
    traces = [
        go.Bar(
            name=titles[part],
            orientation="h",
            x=[sums.get((code, part), 0) for code in codes],
            y=list(range(len(codes))),
            marker_color=colour,
            hovertemplate=f"%{{x:,}}<extra>{titles[part]}</extra>",
        )
        for part, colour in _coloured(titles, colours)
    ]
    figure = _figure(traces, height=60 * len(codes) + 120, barmode="stack", bargap=0.4)
    longest = max(map(sum, zip(*(bar.x for bar in traces), strict=True)))
    figure.update_xaxes(title_text=words(value), **_count_ticks(longest))
    return _named_rows(figure, [bars[code] for code in codes])


def stacked_columns(
    rows: list[Row],
    words: Words,
    dates: str,
    value: str,
    colours: Colours,
    parts: str | None = None,
) -> go.Figure:
    """A column per date, stacked of its `parts`, or else of the columns that have colours.

    What is below zero hangs from it. Dates are categories: their spacing is uneven.
    """
    days = sorted({row[dates] for row in rows})
    titles, sums = _stacks(rows, words, dates, value, colours, parts)
    traces = [
        go.Bar(
            name=titles[part],
            x=[day.isoformat() for day in days],
            y=[sums.get((day, part), 0) for day in days],
            marker_color=colour,
            hovertemplate="%{y:,}",
        )
        for part, colour in _coloured(titles, colours)
    ]
    figure = _figure(traces, height=380, barmode="relative", bargap=0.18, hovermode="x unified")
    labelled = days[:: -math.ceil(len(days) / 6)]
    figure.update_xaxes(
        type="category",
        tickvals=[day.isoformat() for day in labelled],
        ticktext=[f"{day:%m-%d}<br>{day:%Y}" for day in labelled],
        tickangle=0,
        showgrid=False,
    )
    tallest = max(map(sum, zip(*(bar.y for bar in traces), strict=True)))
    return figure.update_yaxes(title_text=words(value), **_count_ticks(tallest))


def heat_map(
    rows: list[Row],
    words: Words,
    across: str,
    value: str,
    up: str | None = None,
    down: str | None = None,
    detail: str | None = None,
    square: int | None = None,
) -> go.Figure:
    """Numbers in a grid, to the right by whole numbers, and from 1 `up` or by lines `down`.

    A `square` begins with 1 and has at least so many cells each way, and what is missing in it is
    0; otherwise what is missing is a hole. The pointer also tells the `detail`.
    """
    cells = {(row[up or down], row[across]): row for row in rows}
    places = [row[across] for row in rows]
    last = max(square, *itertools.chain(*cells)) if square else max(places)
    xs = range(1 if square else min(places), last + 1)
    names = {row[down]: _line(row, words, down) for row in rows} if down else {}
    ys = xs if up else sorted(names)
    nothing = {value: 0 if square else None, detail: None}
    grid = [[cells.get((y, x), nothing) for x in xs] for y in ys]
    values = [[cell[value] for cell in line] for line in grid]
    told = f"<br>{words(detail)}: %{{customdata}}" if detail else ""
    heat = go.Heatmap(
        x=list(xs),
        y=list(ys) if up else [names[y] for y in ys],
        z=values,
        text=[[_brief(number, words.format(value)) for number in line] for line in values],
        customdata=[[_money(cell[detail]) for cell in line] for line in grid] if detail else None,
        texttemplate="%{text}",
        textfont={"size": 11} if down else None,
        hovertemplate=f"{words(up or down)}: %{{y}}<br>{words(across)}: %{{x}}"
        f"<br>{words(value)}: %{{z:{words.format(value)}}}{told}<extra></extra>",
        hoverongaps=False,
        colorscale=PALE_TO_DEEP,
        zmin=0,
        showscale=False,
        xgap=3 if up else 2,
        ygap=3 if up else 2,
    )
    figure = _figure([heat], height=480 if up else 28 * len(ys) + 90)
    figure.update_xaxes(title_text=words(across), dtick=1, showgrid=False)
    if up:
        return figure.update_yaxes(title_text=words(up), dtick=1, showgrid=False)
    return figure.update_yaxes(type="category", autorange="reversed", showgrid=False)


def flows(rows: list[Row], words: Words, before: str, after: str, value: str) -> go.Figure:
    """What it was before on the left and after on the right; a band is those who took that way."""
    left = {_code(row, before): words.name(row, before) for row in rows}
    right = {_code(row, after): words.name(row, after) for row in rows}
    places = {code: len(left) + place for place, code in enumerate(right)}
    ways = [(_code(row, before), _code(row, after)) for row in rows]
    bands = go.Sankey(
        arrangement="fixed",  # or a finger that scrolls the page would drag a node along
        node={
            "label": [*left.values(), *right.values()],
            "color": MONEY,
            "line": {"width": 0},
            "thickness": 10,
            "pad": 34,  # two lines of a name
            "hovertemplate": f"%{{label}}<br>{words(value)}: %{{value:,}}<extra></extra>",
        },
        link={
            "source": [list(left).index(code) for code, _ in ways],
            "target": [places[code] for _, code in ways],
            "value": [row[value] for row in rows],
            "color": [
                STAYED if old == new else RISEN if new > old else FALLEN for old, new in ways
            ],
            "hovertemplate": "%{source.label} → %{target.label}"
            f"<br>{words(value)}: %{{value:,}}<extra></extra>",
        },
    )
    return _figure([bands], height=560).update_layout(margin_b=24)


def lines(
    rows: list[Row],
    words: Words,
    across: str,
    colours: Colours,
    limit: str | None = None,
    chosen: str | None = None,
    from_zero: bool = False,
    tick_each: bool = False,
) -> go.Figure:
    """Shares as lines over a number; another line is the `limit`, a dotted one what is `chosen`."""
    traces = [
        go.Scatter(
            name=words(share),
            mode="lines+markers",
            x=[row[across] for row in rows],
            y=[row[share] for row in rows],
            line={"color": PALETTE[colour]},
            marker={"size": 8 if tick_each else 5},
            hovertemplate=f"%{{y:{words.format(share)}}}",
        )
        for share, colour in colours.items()
    ]
    figure = _figure(traces, height=320, hovermode="x unified")
    if limit:
        figure.add_hline(y=rows[0][limit], line={"color": MUTED, "width": 1})
    for row in rows:
        if chosen and row[chosen]:
            figure.add_vline(x=row[across], line={"color": INK, "width": 1, "dash": "dot"})
    ticks = [row[across] for row in rows] if tick_each else None
    figure.update_xaxes(title_text=words(across), tickvals=ticks, showgrid=False)
    scale = {"tickformat": ".0%", "rangemode": "tozero"} if from_zero else {"tickformat": ".1%"}
    return figure.update_yaxes(nticks=6, **scale)


KINDS = {
    kind.__name__: kind
    for kind in (share_bars, stacked_bars, stacked_columns, heat_map, flows, lines)
}


def _code(row: Row, column: str) -> Any:
    """What tells the values of a column apart: its code, where names stand beside it."""
    return row[column] if column in row else row[f"{column}_code"]


def _stacks(
    rows: list[Row], words: Words, names: str, value: str, colours: Colours, parts: str | None
) -> tuple[dict[Any, str], dict[tuple[Any, Any], int]]:
    """What the parts of a stack are called, and the sums by name and part."""
    if parts:
        titles = {_code(row, parts): words.name(row, parts) for row in rows}
        sums = _sums(((_code(row, names), _code(row, parts)), row[value]) for row in rows)
    else:
        titles = {part: words(part) for part in colours}
        sums = _sums(((_code(row, names), part), row[part]) for row in rows for part in colours)
    return titles, sums


def _sums(numbers: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    sums: dict[Any, int] = {}
    for key, number in numbers:
        sums[key] = sums.get(key, 0) + number
    return sums


def _coloured(codes: Iterable[str], colours: Colours) -> list[tuple[str, str]]:
    """The codes that occur, in the order of the colours; those without one are grey and last."""
    known = [code for code in colours if code in codes]
    others = sorted(set(codes) - colours.keys())
    return [(code, PALETTE[colours.get(code, "grey")]) for code in (*known, *others)]


def _named_rows(figure: go.Figure, names: list[str]) -> go.Figure:
    """First row on top; positions rather than names as the axis, so that equal names stay apart."""
    return figure.update_yaxes(
        tickvals=list(range(len(names))),
        ticktext=names,
        ticklabelstandoff=6,
        showgrid=False,
        range=[len(names) - 0.5, -0.5],
    )


def _count_ticks(maximum: int) -> dict[str, Any]:
    """Whole numbers only: there is no half customer."""
    step = {"dtick": 1} if maximum < 5 else {"nticks": 6}
    return {"tickformat": ",", "rangemode": "tozero", **step}


def _brief(number: float | None, style: str) -> str:
    """A number that fits into a cell: a share as whole per cent, without the sign."""
    if number is None:
        return ""
    return f"{number * 100:.0f}" if style.endswith("%") else f"{number:{style}}"


def _line(row: Row, words: Words, column: str) -> str:
    """What stands beside a line of a grid: a month, or the name of a code."""
    code = row[column]
    return f"{code:%Y-%m}" if isinstance(code, date) else words.name(row, column)


def _money(amount: float | None) -> str:
    return "–" if amount is None else f"{amount:,.2f}"


def _figure(traces: list[Any], height: int, **layout: Any) -> go.Figure:
    figure = go.Figure(traces)
    figure.update_layout(
        template=go.layout.Template(),
        height=height,
        margin={"l": 8, "r": 8, "t": 8, "b": 8},
        paper_bgcolor="rgba(0,0,0,0)",
        plot_bgcolor="rgba(0,0,0,0)",
        font={"color": INK, "size": 13},
        hoverlabel={"bgcolor": "#ffffff", "bordercolor": RULE, "font": {"color": INK, "size": 13}},
        legend={"orientation": "h", "x": 0, "y": 1, "yanchor": "bottom", "traceorder": "normal"},
        **layout,
    )
    axis = {
        "automargin": True,
        "fixedrange": True,
        "gridcolor": RULE,
        "zeroline": False,
        "ticks": "",
        "tickfont": {"color": MUTED},
        "title": {"font": {"color": MUTED, "size": 13}, "standoff": 12},
    }
    return figure.update_xaxes(**axis).update_yaxes(**axis)
