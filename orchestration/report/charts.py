"""Rows of a panel drawn as a plotly figure in one language."""

from __future__ import annotations

import itertools
import math
from collections.abc import Iterable, Mapping
from typing import Any

import plotly.graph_objects as go

from orchestration.report.labels import Words

Row = Mapping[str, Any]

INK, MUTED, RULE, GREY = "#1f2933", "#5f6c7b", "#e6e9ee", "#c3cad3"
PEOPLE, MONEY = "#a9b8c9", "#0f766e"
RISEN, FALLEN, STAYED = "rgba(15,118,110,.45)", "rgba(240,182,90,.6)", "rgba(195,202,211,.45)"
PALE_TO_DEEP = [[0, "#f3f8f7"], [0.5, "#7cc0b6"], [1, "#0b5d56"]]

# Codes in the order in which they are stacked, bottom first.
STATES = {
    "active": "#0f766e",
    "reactivated": "#5fb3a8",
    "new": "#6ea8e0",
    "dormant": "#f0b65a",
    "lost": GREY,
}
STAGES = {
    "maturity": "#0f766e",
    "growth": "#5fb3a8",
    "acquisition": "#6ea8e0",
    "decline": "#f0b65a",
}
LEVELS = {"red": "#c94a44", "orange": "#ec9a4a", "yellow": "#f2d16b"}
CAUGHT_AT = {"landing": "#8c7bc0", "validation": "#c0b4e0"}
METHODS = {"regulars": "#0f766e", "splink": "#6ea8e0", "exact rules": "#f0b65a"}
RATES = {"precision": "#0f766e", "recall": "#6ea8e0"}


def segments(rows: list[Row], words: Words) -> go.Figure:
    return _share_bars(rows, words, "segment")


def churn_levels(rows: list[Row], words: Words) -> go.Figure:
    return _share_bars(rows, words, "level")


def recency_frequency(rows: list[Row], words: Words) -> go.Figure:
    nobody = {"customers": 0, "average_amount": None}
    cells = {(row["r_score"], row["f_score"]): row for row in rows}
    scores = range(1, max(5, *itertools.chain(*cells)) + 1)
    grid = [[cells.get((r, f), nobody) for f in scores] for r in scores]
    heat = go.Heatmap(
        x=list(scores),
        y=list(scores),
        z=[[cell["customers"] for cell in line] for line in grid],
        customdata=[[_money(cell["average_amount"]) for cell in line] for line in grid],
        texttemplate="%{z:,}",
        hovertemplate=f"R %{{y}} · F %{{x}}<br>{words('customers')}: %{{z:,}}"
        f"<br>{words('average_amount')}: %{{customdata}}<extra></extra>",
        colorscale=PALE_TO_DEEP,
        showscale=False,
        xgap=3,
        ygap=3,
    )
    figure = _figure([heat], height=480)
    figure.update_xaxes(title_text=words("f_score"), dtick=1, showgrid=False)
    figure.update_yaxes(title_text=words("r_score"), dtick=1, showgrid=False)
    return figure


def segment_transitions(rows: list[Row], words: Words) -> go.Figure:
    """Segments before on the left and after on the right; a band is those who took that way."""
    before = {row["from_segment_code"]: words.name(row, "from_segment") for row in rows}
    after = {row["to_segment_code"]: words.name(row, "to_segment") for row in rows}
    places = {code: len(before) + place for place, code in enumerate(after)}
    ways = [(row["from_segment_code"], row["to_segment_code"]) for row in rows]
    bands = go.Sankey(
        arrangement="fixed",  # or a finger that scrolls the page would drag a segment along
        node={
            "label": [*before.values(), *after.values()],
            "color": MONEY,
            "line": {"width": 0},
            "thickness": 10,
            "pad": 34,  # two lines of a name
            "hovertemplate": f"%{{label}}<br>{words('customers')}: %{{value:,}}<extra></extra>",
        },
        link={
            "source": [list(before).index(left) for left, _ in ways],
            "target": [places[right] for _, right in ways],
            "value": [row["customers"] for row in rows],
            "color": [
                STAYED if left == right else RISEN if right > left else FALLEN
                for left, right in ways
            ],
            "hovertemplate": "%{source.label} → %{target.label}"
            f"<br>{words('customers')}: %{{value:,}}<extra></extra>",
        },
    )
    return _figure([bands], height=560).update_layout(margin_b=24)


def lifecycle_states(rows: list[Row], words: Words) -> go.Figure:
    return _stacked_columns(rows, words, "state", STATES)


def lifecycle_stages(rows: list[Row], words: Words) -> go.Figure:
    return _stacked_columns(rows, words, "stage", STAGES)


def cohort_retention(rows: list[Row], words: Words) -> go.Figure:
    shares = {(row["cohort_month"], row["months_since"]): row["retained_share"] for row in rows}
    cohorts = sorted({row["cohort_month"] for row in rows})
    months = range(1, max(row["months_since"] for row in rows) + 1)
    grid = [[shares.get((cohort, month)) for month in months] for cohort in cohorts]
    heat = go.Heatmap(
        x=list(months),
        y=[f"{cohort:%Y-%m}" for cohort in cohorts],
        z=grid,
        text=[["" if share is None else f"{share * 100:.0f}" for share in line] for line in grid],
        texttemplate="%{text}",
        textfont={"size": 11},
        hovertemplate=f"{words('cohort_month')}: %{{y}}<br>{words('months_since')}: %{{x}}"
        f"<br>{words('retained_share')}: %{{z:.1%}}<extra></extra>",
        hoverongaps=False,
        colorscale=PALE_TO_DEEP,
        zmin=0,
        showscale=False,
        xgap=2,
        ygap=2,
    )
    figure = _figure([heat], height=28 * len(cohorts) + 90)
    figure.update_xaxes(title_text=words("months_since"), dtick=1, showgrid=False)
    return figure.update_yaxes(type="category", autorange="reversed", showgrid=False)


def churn_reasons(rows: list[Row], words: Words) -> go.Figure:
    names = {row["level_code"]: words.name(row, "level") for row in rows}
    counts = {(row["reason_code"], row["level_code"]): row["customers"] for row in rows}
    reasons = {row["reason_code"]: words.name(row, "reason") for row in rows}
    series = [
        (names[level], colour, [counts.get((reason, level), 0) for reason in reasons])
        for level, colour in LEVELS.items()
        if level in names
    ]
    return _stacked_bars(list(reasons.values()), series, words("customers"))


def churn_causes(rows: list[Row], words: Words) -> go.Figure:
    series = [
        (words(source), colour, [row[source] for row in rows])
        for source, colour in (("not_surveyed", PEOPLE), ("surveyed", MONEY))
    ]
    return _stacked_bars([words.name(row, "cause") for row in rows], series, words("customers"))


def churn_windows(rows: list[Row], words: Words) -> go.Figure:
    """Who counts as lost by each window, and who comes back; the chosen one is dotted."""
    windows = [row["window_days"] for row in rows]
    lines = [
        go.Scatter(
            name=words(share),
            mode="lines+markers",
            x=windows,
            y=[row[share] for row in rows],
            line={"color": colour},
            marker={"size": 5},
            hovertemplate="%{y:.1%}",
        )
        for share, colour in (("lost_share", PEOPLE), ("return_share", MONEY))
    ]
    figure = _figure(lines, height=320, hovermode="x unified")
    figure.add_hline(y=rows[0]["return_rate_max"], line={"color": MUTED, "width": 1})
    for row in rows:
        if row["is_chosen"]:
            figure.add_vline(x=row["window_days"], line={"color": INK, "width": 1, "dash": "dot"})
    figure.update_xaxes(title_text=words("window_days"), showgrid=False)
    return figure.update_yaxes(tickformat=".0%", rangemode="tozero", nticks=6)


def quarantine(rows: list[Row], words: Words) -> go.Figure:
    """The ten most frequent reasons over all sources; the table has them one by one."""
    reasons = {row["reason_code"]: words.name(row, "reason") for row in rows}
    counts = {(reason, stage): 0 for reason in reasons for stage in CAUGHT_AT}
    for row in rows:
        counts[row["reason_code"], row["caught_at"]] += row["row_count"]
    totals = {reason: sum(counts[reason, stage] for stage in CAUGHT_AT) for reason in reasons}
    top = sorted(reasons, key=lambda reason: -totals[reason])[:10]
    series = [
        (words.value("caught_at", stage), colour, [counts[reason, stage] for reason in top])
        for stage, colour in CAUGHT_AT.items()
    ]
    return _stacked_bars([reasons[reason] for reason in top], series, words("row_count"))


def identity_quality(rows: list[Row], words: Words) -> go.Figure:
    """Per data set F1 of each method, as dots: an axis of bars would have to begin at 0.

    What has no threshold stands as it is, what has several at the one that suits it best.
    """
    best: dict[tuple[str, str, str], Row] = {}
    for row in sorted(rows, key=lambda row: (row["threshold"] is None, row["f1"])):
        best[row["dataset"], row["identifiers"], row["method"]] = row
    sets = list(dict.fromkeys((row["dataset"], row["identifiers"]) for row in rows))
    names = [
        f"{words.value('dataset', dataset)}, {words.value('identifiers', identifiers)}"
        for dataset, identifiers in sets
    ]
    methods = {row["method"] for row in rows}
    dots = []
    for method in [*filter(methods.__contains__, METHODS), *sorted(methods - METHODS.keys())]:
        at = [place for place, one in enumerate(sets) if (*one, method) in best]
        dots.append(
            go.Scatter(
                name=words.lines(words.value("method", method)),
                mode="markers",
                x=[best[*sets[place], method]["f1"] for place in at],
                y=at,
                marker={"size": 13, "color": METHODS.get(method, GREY)},
                hovertemplate=f"{words('f1')}: %{{x:.2%}}",
            )
        )
    figure = _figure(dots, height=60 * len(sets) + 110)
    figure.update_xaxes(title_text=words("f1"), tickformat=".1%", nticks=6)
    return _named_rows(figure, [words.lines(name) for name in names])


def identity_thresholds(rows: list[Row], words: Words) -> go.Figure:
    lines = [
        go.Scatter(
            name=words(rate),
            mode="lines+markers",
            x=[row["threshold"] for row in rows],
            y=[row[rate] for row in rows],
            line={"color": colour},
            marker={"size": 8},
            hovertemplate="%{y:.2%}",
        )
        for rate, colour in RATES.items()
    ]
    figure = _figure(lines, height=320, hovermode="x unified")
    thresholds = [row["threshold"] for row in rows]
    figure.update_xaxes(title_text=words("threshold"), tickvals=thresholds, showgrid=False)
    return figure.update_yaxes(tickformat=".1%", nticks=6)


def _share_bars(rows: list[Row], words: Words, column: str) -> go.Figure:
    """Per row the share of customers beside the share of spend, labelled with the absolutes."""
    measures = (("customer_share", "customers", PEOPLE), ("amount_share", "amount", MONEY))
    bars = [
        go.Bar(
            name=words(share),
            orientation="h",
            x=[row[share] for row in rows],
            y=list(range(len(rows))),
            text=[words.compact(row[absolute]) for row in rows],
            customdata=[f"{row[absolute]:,.0f}" for row in rows],
            textposition="outside",
            cliponaxis=False,
            marker_color=colour,
            hovertemplate=f"{words(share)}: %{{x:.1%}}<br>"
            f"{words(absolute)}: %{{customdata}}<extra></extra>",
        )
        for share, absolute, colour in measures
    ]
    figure = _figure(bars, height=52 * len(rows) + 110, barmode="group", bargap=0.35)
    room_for_text = 1.4 * max(row[share] for row in rows for share, *_ in measures)
    figure.update_xaxes(range=[0, room_for_text], tickformat=".0%", nticks=6)
    return _named_rows(figure, [words.name(row, column) for row in rows])


def _stacked_columns(
    rows: list[Row], words: Words, column: str, colours: Mapping[str, str]
) -> go.Figure:
    """Customers per date as a stack of codes. Dates are categories: their spacing is uneven."""
    dates = sorted({row["as_of_date"] for row in rows})
    names = {row["code"]: words.name(row, column) for row in rows}
    counts = {(row["code"], row["as_of_date"]): row["customers"] for row in rows}
    known = [code for code in colours if code in names]
    bars = [
        go.Bar(
            name=names[code],
            x=[date.isoformat() for date in dates],
            y=[counts.get((code, date), 0) for date in dates],
            marker_color=colours.get(code, GREY),
            hovertemplate="%{y:,}",
        )
        for code in [*known, *sorted(names.keys() - colours.keys())]
    ]
    figure = _figure(bars, height=380, barmode="stack", bargap=0.18, hovermode="x unified")
    labelled = dates[:: -math.ceil(len(dates) / 6)]
    figure.update_xaxes(
        type="category",
        tickvals=[date.isoformat() for date in labelled],
        ticktext=[f"{date:%m-%d}<br>{date:%Y}" for date in labelled],
        tickangle=0,
        showgrid=False,
    )
    tallest = max(map(sum, zip(*(bar.y for bar in bars), strict=True)))
    figure.update_yaxes(title_text=words("customers"), **_count_ticks(tallest))
    return figure


def _stacked_bars(
    names: list[str], series: Iterable[tuple[str, str, list[int]]], axis_title: str
) -> go.Figure:
    bars = [
        go.Bar(
            name=name,
            orientation="h",
            x=values,
            y=list(range(len(names))),
            marker_color=colour,
            hovertemplate=f"%{{x:,}}<extra>{name}</extra>",
        )
        for name, colour, values in series
    ]
    figure = _figure(bars, height=60 * len(names) + 120, barmode="stack", bargap=0.4)
    longest = max(map(sum, zip(*(bar.x for bar in bars), strict=True)))
    figure.update_xaxes(title_text=axis_title, **_count_ticks(longest))
    return _named_rows(figure, names)


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
