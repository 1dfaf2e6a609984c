"""What can be asked, as whoever asks reads of it: names, arguments, and when to use what.

The texts are in English, as the protocol's own are; answers come in the language asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field

from orchestration.ask.customer import explain_customer
from orchestration.ask.figures import Asked, ask_metric, list_metrics
from orchestration.ask.findings import findings_of_the_week
from orchestration.ask.limits import Limits
from orchestration.ask.marts import describe_mart, list_marts
from orchestration.ask.published import Published
from orchestration.ask.query import ask_query
from orchestration.ask.words import mart_words

Language = Annotated[
    Literal["en", "zh"], Field(description="Of definitions and sentences: English or Chinese.")
]
Cell = Annotated[
    str | None, Field(description="One value alone, such as store, west or new; all without it.")
]
Day = Annotated[date | None, Field(description="YYYY-MM-DD, included.")]
Dimension = Literal["channel", "region", "customer_type"]
Answer = dict[str, Any]


@dataclass(frozen=True)
class Tools:
    """The questions, put to what is published; the YAML below `root` defines its marts."""

    published: Published
    root: Path
    limits: Limits

    @property
    def all(self) -> list[Callable[..., Answer]]:
        return [
            self.findings_of_the_week,
            self.list_metrics,
            self.ask_metric,
            self.list_marts,
            self.describe_mart,
            self.query,
            self.explain_customer,
        ]

    def findings_of_the_week(self, language: Language = "en") -> Answer:
        """What a manager wants to know on a Monday: what changed in the last seven days, who is
        slipping away, what to do, what worked, what broke, and whether the data are whole."""
        return findings_of_the_week(self.published, self.root, language)

    def list_metrics(self, language: Language = "en") -> Answer:
        """All key figures (metrics): what each means and does not mean, how it is counted, whether
        it adds up over periods, and where it can be asked."""
        return list_metrics(self.published, language)

    def ask_metric(
        self,
        metric: Annotated[str, Field(description="A name of list_metrics, such as net_revenue.")],
        period: Literal["day", "month"] = "month",
        first_day: Day = None,
        last_day: Day = None,
        channel: Cell = None,
        region: Cell = None,
        customer_type: Cell = None,
        split_by: list[Dimension] | None = None,
        language: Language = "en",
    ) -> Answer:
        """A key figure by day or month, beside the period before, the year before and what was
        expected, with its total where it adds up. Without days: the last 13 months, or 28 days."""
        split = list(dict.fromkeys(split_by or ()))
        asked = {"channel": channel, "region": region, "customer_type": customer_type}
        cell = {
            name: value for name, value in asked.items() if value is not None and name not in split
        }
        question = Asked(metric, period, first_day, last_day, cell, split)
        return ask_metric(self.published, mart_words(self.root), question, language)

    def list_marts(self, language: Language = "en") -> Answer:
        """All published tables (marts) with what each means and how many rows it has."""
        return list_marts(self.published, self.root, language)

    def describe_mart(
        self,
        mart: Annotated[str, Field(description="A name of list_marts, such as customer_churn.")],
        language: Language = "en",
    ) -> Answer:
        """One mart: its definition, what it is not meant for, what a row of it is, its key, what it
        joins, and every column with its type and meaning. Ask it before you query."""
        return describe_mart(self.published, self.root, mart, language)

    def query(
        self,
        sql: Annotated[str, Field(description="One SELECT in DuckDB's SQL over marts.<name>.")],
        max_rows: Annotated[
            int | None,
            Field(ge=1, le=Limits.rows, description="Cut after so many rows, if these will do."),
        ] = None,
        language: Language = "en",
    ) -> Answer:
        """Rows of one SELECT over the published marts, which nothing can change. For what no metric
        answers. No file, setting, catalog, clock or chance; limits of time, memory and rows: what
        has more than a thousand is refused, unless max_rows says that the first will do."""
        return ask_query(self.published, self.root, sql, max_rows, language, self.limits)

    def explain_customer(
        self,
        customer_id: Annotated[
            str, Field(description="A customer_id, or an account_id of theirs.")
        ],
        language: Language = "en",
    ) -> Answer:
        """One customer: which accounts they are, where they stand, what raises their risk of
        leaving, and what to offer. By ids alone: no name or address is published."""
        return explain_customer(self.published, self.root, customer_id, language)
