"""The kinds of chart: the rows of a panel as an option of Apache ECharts that charts.js draws.

The YAML of a panel names one of `KINDS` and gives its arguments: columns of the answer, and colours
by column or by code, which are also the order in which they are stacked. A column `x` that isn't in
the answer is named by `x_en` and `x_zh`, and told apart by `x_code`.

An option is JSON. What JSON can't say, charts.js reads from what ECharts doesn't know of:
`{en, zh}` is a text, `{"form": ".1%"}` writes a number or a `day`, a colour is a CSS variable, and
`height` is in pixels. `names` are rows of bars below their names, which take as many lines as they
need. A series has the `form` of its numbers or `tells` lines of `[label, place in the value, form]`
to the pointer, and its `label` writes what stands `at` a place in a `form`; a `heatmap` writes a
`cell`, a `custom` one is drawn as a `mark`, and an `unlisted` one has no button beside the chart.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from orchestration.labels import Text
from orchestration.report.panels import Panel, Row

Colours = Mapping[str, str]
Option = dict[str, Any]

PEOPLE, MONEY = "slate", "teal"
RISEN, FALLEN, STAYED = "risen", "fallen", "stayed"


def draw(panel: Panel, rows: list[Row]) -> Option:
    """The chart of a panel that has one, and rows, in both languages.

    Raises `ValueError` when no such kind, or no such argument of it, is known.
    """
    kind, arguments = panel.chart["kind"], {**panel.chart}
    del arguments["kind"]
    if kind not in KINDS:
        raise ValueError(
            f"Panel {panel.name}: no chart is called '{kind}', but {', '.join(KINDS)}."
        )
    try:
        return KINDS[kind](panel, rows, **arguments)
    except TypeError as error:
        raise ValueError(f"Panel {panel.name}: {error}") from error


def share_bars(panel: Panel, rows: list[Row], names: str, bars: Mapping[str, str]) -> Option:
    """Per row the shares of people and of money, each labelled with the absolute number."""
    room_for_text = 1.25 * max(row[share] or 0 for row in rows for share in bars) or 1
    return {
        "names": [panel.name_of(row, names) for row in rows],
        "xAxis": {"type": "value", "max": room_for_text, "show": False},
        "series": [
            {
                "type": "bar",
                "name": panel.label(share),
                "color": colour(tint),
                "data": [[row[share], place, row[absolute]] for place, row in enumerate(rows)],
                "label": {
                    "show": True,
                    "position": "right",
                    "color": colour("muted"),
                    "at": 2,
                    "form": "compact",
                },
                "tells": [
                    [panel.label(share), 0, _form(panel, rows, share)],
                    [panel.label(absolute), 2, _form(panel, rows, absolute)],
                ],
            }
            for (share, absolute), tint in zip(bars.items(), (PEOPLE, MONEY), strict=True)
        ],
    }


def stacked_bars(
    panel: Panel,
    rows: list[Row],
    names: str,
    value: str,
    colours: Colours,
    parts: str | None = None,
    largest: int | None = None,
) -> Option:
    """A bar per name, stacked of its `parts`, or else of the columns that have colours.

    Rows of one name and part add up. With `largest`, so many bars, the longest first.
    """
    bars = {_code(row, names): panel.name_of(row, names) for row in rows}
    titles, sums = _stacks(panel, rows, names, value, colours, parts)
    totals = {code: sum(sums.get((code, part), 0) for part in titles) for code in bars}
    codes = list(bars)
    if largest:
        codes = sorted(codes, key=lambda code: -totals[code])[:largest]
    return {
        "names": [bars[code] for code in codes],
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "none"}},
        "xAxis": _counts(panel.label(value), max(totals[code] for code in codes), gap=28),
        "series": [
            {
                "type": "bar",
                "name": titles[part],
                "color": tint,
                "stack": "all",
                "data": [sums.get((code, part), 0) for code in codes],
            }
            for part, tint in _coloured(titles, colours)
        ],
    }


def stacked_columns(
    panel: Panel,
    rows: list[Row],
    dates: str,
    value: str,
    colours: Colours,
    parts: str | None = None,
) -> Option:
    """A column per date, stacked of its `parts`, or else of the columns that have colours.

    What is below zero hangs from it. Dates are categories: their spacing is uneven.
    """
    days = sorted({row[dates] for row in rows})
    titles, sums = _stacks(panel, rows, dates, value, colours, parts)
    tallest = max(sum(sums.get((day, part), 0) for part in titles) for day in days)
    return {
        "height": 340,
        "tooltip": {"trigger": "axis", "axisPointer": {"type": "shadow"}},
        "xAxis": {
            "type": "category",
            "data": [day.isoformat() for day in days],
            "axisLabel": {"formatter": {"form": "day"}, "showMaxLabel": True},
            "splitLine": {"show": False},
        },
        "yAxis": _counts(panel.label(value), tallest, gap=60),
        "series": [
            {
                "type": "bar",
                "name": titles[part],
                "color": tint,
                "stack": "all",
                "barCategoryGap": "18%",
                "data": [sums.get((day, part), 0) for day in days],
            }
            for part, tint in _coloured(titles, colours)
        ],
    }


def heat_map(
    panel: Panel,
    rows: list[Row],
    across: str,
    value: str,
    up: str | None = None,
    down: str | None = None,
    detail: str | None = None,
    square: int | None = None,
) -> Option:
    """Numbers in a grid, to the right by whole numbers, and from 1 `up` or by lines `down`.

    A `square` begins with 1 and has at least so many cells each way, and what is missing in it is
    0; otherwise what is missing is a hole. The pointer also tells the `detail`.
    """
    cells = {(row[up or down], row[across]): row for row in rows}
    places = [row[across] for row in rows]
    last = max(square, *itertools.chain(*cells)) if square else max(places)
    xs = range(1 if square else min(places), last + 1)
    names = {row[down]: _line(panel, row, down) for row in rows} if down else {}
    ys = xs if up else sorted(names)
    nothing = {value: 0 if square else None, detail: None}
    found = [
        (column, line, cells.get((y, x), nothing))
        for line, y in enumerate(ys)
        for column, x in enumerate(xs)
    ]
    asked = [value, *filter(None, [detail])]
    # What the pointer tells comes after the places of the cell in the grid.
    told = [
        [panel.label(column), 2 + at, _form(panel, rows, column)] for at, column in enumerate(asked)
    ]
    return {
        "height": 420 if up else 28 * len(ys) + 70,
        "xAxis": _classes(panel.label(across), list(xs), gap=26),
        "yAxis": {
            **_classes(
                panel.label(up) if up else None, list(ys) if up else list(names.values()), 30
            ),
            "inverse": not up,
        },
        "series": [
            {
                "type": "heatmap",
                "cell": ".0%"
                if _form(panel, rows, value).endswith("%")
                else _form(panel, rows, value),
                "data": [
                    [column, line, *(cell[each] for each in asked)] for column, line, cell in found
                ],
                "tells": told,
                "places": [panel.label(across), panel.label(up or down)],
            }
        ],
    }


def flows(panel: Panel, rows: list[Row], before: str, after: str, value: str) -> Option:
    """What it was before on the left and after on the right; a band is those who took that way."""
    left = {_code(row, before): panel.name_of(row, before) for row in rows}
    right = {_code(row, after): panel.name_of(row, after) for row in rows}
    order = [{code: place for place, code in enumerate(side)} for side in (left, right)]
    ways = sorted(
        ((_code(row, before), _code(row, after), row[value]) for row in rows),
        key=lambda way: (order[0][way[0]], order[1][way[1]]),
    )
    starts, ends = (_sums((way[side], way[2]) for way in ways) for side in (0, 1))
    # Two lines of a name fit between the middles of two ends.
    most = max(len(left), len(right))
    gap = min(0.06, 0.6 / most)
    scale = (1 - gap * (most - 1)) / sum(starts.values())
    tops = [
        _tops({code: side[code] for code in order[at]}, scale, gap)
        for at, side in enumerate((starts, ends))
    ]
    told = panel.label(value), _form(panel, rows, value)
    return {
        "height": 540,
        "series": [
            {
                "type": "custom",
                "coordinateSystem": "none",
                "mark": "band",
                "data": [
                    {
                        "name": _joined(left[old], " → ", right[new]),
                        "value": [*places, number],
                        "itemStyle": {"color": colour(_direction(old, new))},
                    }
                    for (old, new, number), places in zip(
                        ways, _bands(ways, tops, scale), strict=True
                    )
                ],
                "tells": [[told[0], 4, told[1]]],
            },
            {
                "type": "custom",
                "coordinateSystem": "none",
                "mark": "end",
                "color": colour(MONEY),
                "data": [
                    {
                        "name": titles[code],
                        "value": [side, top, top + sums[code] * scale, sums[code]],
                    }
                    for side, (titles, sums) in enumerate(((left, starts), (right, ends)))
                    for code, top in tops[side].items()
                ],
                "tells": [[told[0], 3, told[1]]],
            },
        ],
    }


def lines(
    panel: Panel,
    rows: list[Row],
    across: str,
    colours: Colours,
    limit: str | None = None,
    chosen: str | None = None,
    from_zero: bool = False,
    tick_each: bool = False,
) -> Option:
    """Shares as lines over a number; another line is the `limit`, a dotted one what is `chosen`."""
    marks = [{"yAxis": rows[0][limit], "lineStyle": {"type": "solid"}}] if limit else []
    marks += [
        {"xAxis": row[across], "lineStyle": {"type": [3, 4], "width": 1.5, "color": colour("ink")}}
        for row in rows
        if chosen and row[chosen]
    ]
    series = [
        {
            "type": "line",
            "name": panel.label(share),
            "color": colour(tint),
            "symbol": "circle",
            "symbolSize": 7 if tick_each else 5,
            "form": _form(panel, rows, share),
            "data": [[row[across], row[share]] for row in rows],
        }
        for share, tint in colours.items()
    ]
    series[0]["markLine"] = {
        "symbol": "none",
        "silent": True,
        "animation": False,
        "label": {"show": False},
        "lineStyle": {"color": colour("muted"), "width": 1},
        "data": marks,
    }
    places = [row[across] for row in rows]
    return {
        "height": 300,
        "tooltip": {"trigger": "axis"},
        "xAxis": {
            "type": "value",
            "min": min(places),
            "max": max(places),
            "name": panel.label(across),
            "nameGap": 26,
            "splitLine": {"show": False},
            **({"axisLabel": {"customValues": places}} if tick_each else {}),
        },
        "yAxis": {
            "type": "value",
            "scale": not from_zero,
            "axisLabel": {"formatter": {"form": ".0%" if from_zero else ".1%"}},
        },
        "series": series,
    }


KINDS = {
    kind.__name__: kind
    for kind in (share_bars, stacked_bars, stacked_columns, heat_map, flows, lines)
}


def colour(name: str) -> str:
    """A colour of base.css, which differs by theme."""
    return f"var(--{name})"


def _form(panel: Panel, rows: list[Row], column: str) -> str:
    """How numbers of the column are written, which are to the cent where the table's are."""
    to_the_cent = any(isinstance(row[column], (float, Decimal)) for row in rows)
    return panel.format(column) or (",.2f" if to_the_cent else ",")


def _code(row: Row, column: str) -> Any:
    """What tells the values of a column apart: its code, where names stand beside it."""
    return row[column] if column in row else row[f"{column}_code"]


def _stacks(
    panel: Panel, rows: list[Row], names: str, value: str, colours: Colours, parts: str | None
) -> tuple[dict[Any, Text], dict[tuple[Any, Any], int]]:
    """What the parts of a stack are called, and the sums by name and part."""
    if parts:
        titles = {_code(row, parts): panel.name_of(row, parts) for row in rows}
        sums = _sums(((_code(row, names), _code(row, parts)), row[value]) for row in rows)
    else:
        titles = {part: panel.label(part) for part in colours}
        sums = _sums(((_code(row, names), part), row[part]) for row in rows for part in colours)
    return titles, sums


def _sums(numbers: Iterable[tuple[Any, int]]) -> dict[Any, int]:
    sums: dict[Any, int] = {}
    for key, number in numbers:
        sums[key] = sums.get(key, 0) + number
    return sums


def _tops(numbers: Mapping[Any, int], scale: float, gap: float) -> dict[Any, float]:
    """Where each of the numbers begins, when they stand below each other with gaps."""
    heights = (number * scale + gap for number in numbers.values())
    return dict(zip(numbers, itertools.accumulate(heights, initial=0.0), strict=False))


def _bands(
    ways: list[tuple[Any, Any, int]], tops: list[dict[Any, float]], scale: float
) -> Iterator[list[float]]:
    """Top and bottom of each band at either end, where those of one end lie below each other."""
    reached = [dict(side) for side in tops]
    for *way, number in ways:
        places = []
        for side, code in zip(reached, way, strict=True):
            places += [side[code], side[code] + number * scale]
            side[code] += number * scale
        yield places


def _direction(old: Any, new: Any) -> str:
    """Codes of what is better are greater."""
    if old == new:
        return STAYED
    return RISEN if new > old else FALLEN


def _coloured(codes: Iterable[str], colours: Colours) -> list[tuple[str, str]]:
    """The codes that occur, in the order of the colours; those without one are grey and last."""
    known = [code for code in colours if code in codes]
    others = sorted(set(codes) - colours.keys())
    return [(code, colour(colours.get(code, "grey"))) for code in (*known, *others)]


def _counts(title: Text, highest: int, gap: int) -> Option:
    """An axis of whole numbers only: there is no half customer."""
    few = {"interval": 1} if highest < 5 else {}
    return {
        "type": "value",
        "name": title,
        "nameGap": gap,
        "axisLabel": {"formatter": {"form": ","}},
        **few,
    }


def _classes(title: Text | None, names: Sequence[Any], gap: int) -> Option:
    """An axis along which each line of a grid is named."""
    return {
        "type": "category",
        "data": names,
        "splitLine": {"show": False},
        **({"name": title, "nameGap": gap} if title else {}),
    }


def _line(panel: Panel, row: Row, column: str) -> str | Text:
    """What stands beside a line of a grid: a month, or the name of a code."""
    code = row[column]
    return f"{code:%Y-%m}" if isinstance(code, date) else panel.name_of(row, column)


def _joined(before: Text, between: str, after: Text) -> Text:
    return Text(f"{before.en}{between}{after.en}", f"{before.zh}{between}{after.zh}")
