"""A dataset of each mart, described as the mart is; `bi/datasets.yml` adds what charts need."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orchestration.duck import literal
from orchestration.labels import LANGUAGES
from orchestration.publish.marts import Mart, marts_of
from orchestration.superset.figures import Comparison, Figure, SemanticLayer
from orchestration.superset.format import DATABASE, VERSION, id_of

SCHEMA = "marts"


@dataclass(frozen=True)
class Column:
    """A column of a dataset; one that the mart has not is made of others by `sql`."""

    name: str
    type: str
    description: str
    sql: str | None = None

    @property
    def is_time(self) -> bool:
        return self.type.startswith(("DATE", "TIMESTAMP"))

    def content(self) -> Mapping[str, Any]:
        return {
            "column_name": self.name,
            "type": self.type,
            "is_dttm": self.is_time,
            "is_active": True,
            "groupby": True,
            "filterable": True,
            "expression": self.sql,
            "description": self.description,
        }


@dataclass(frozen=True)
class Dataset:
    """A mart as Superset shows it, or a mart with columns of others joined by `sql`.

    `marts` are those that it shows; `time` is the column that a period is chosen by.
    """

    name: str
    description: str
    columns: Sequence[Column]
    figures: Sequence[Figure]
    marts: Sequence[str]
    time: str | None = None
    sql: str | None = None
    database: str = DATABASE

    @property
    def id(self) -> str:
        return id_of("dataset", f"{self.database} {self.name}")

    def content(self) -> Mapping[str, Any]:
        """The dataset in Superset's format."""
        return {
            "table_name": self.name,
            "main_dttm_col": self.time,
            "description": self.description,
            "schema": SCHEMA,
            "sql": self.sql,
            "filter_select_enabled": True,
            "uuid": self.id,
            "columns": [column.content() for column in self.columns],
            "metrics": list(self._metrics()),
            "version": VERSION,
            "database_uuid": id_of("database", self.database),
        }

    def _metrics(self) -> Iterator[Mapping[str, Any]]:
        """Superset has one name for all readers of a metric, so each language has its own."""
        for language in LANGUAGES:
            for figure in self.figures:
                yield {
                    "metric_name": in_language(figure.name, language),
                    "verbose_name": getattr(figure.label, language),
                    "description": getattr(figure.meaning, language),
                    "expression": figure.sql,
                }


def in_language(figure: str, language: str) -> str:
    """The name of the metric whose label is of a language."""
    return figure if language == LANGUAGES[0] else f"{figure}_{language}"


def datasets_of(
    manifest: Mapping[str, Any], additions: Mapping[str, Any], words: Mapping[str, Any]
) -> Mapping[str, Dataset]:
    """All datasets by name. `additions` is what bi/datasets.yml says, `words` names of codes."""
    nodes = {
        node["alias"]: node
        for node in manifest["nodes"].values()
        if node["resource_type"] == "model"
    }
    layer = SemanticLayer(manifest)
    plain = {mart.name: _plain(mart, nodes[mart.name], layer) for mart in marts_of(manifest)}
    made = dict(plain)
    for name, said in additions.items():
        whole = _joined(name, said, plain) if "mart" in said else plain[name]
        extra = [*_named(said, words, layer), *_calculated(said)]
        figures = [*whole.figures, *_figures_of_cells(said, layer)]
        made[name] = replace(whole, columns=[*whole.columns, *extra], figures=figures)
    return made


def _plain(mart: Mart, node: Mapping[str, Any], layer: SemanticLayer) -> Dataset:
    columns = [
        Column(name, _type(column["data_type"]), " ".join(column["description"].split()))
        for name, column in node["columns"].items()
    ]
    return Dataset(
        name=mart.name,
        description=" ".join(mart.description.split()),
        columns=columns,
        figures=list(layer.of_mart(mart.name)),
        marts=[mart.name],
        time=next((column.name for column in columns if column.is_time), None),
    )


def _type(type_: str) -> str:
    return "VARCHAR" if type_ == "string" else type_.upper()


def _joined(name: str, said: Mapping[str, Any], plain: Mapping[str, Dataset]) -> Dataset:
    """A mart beside names of what it has only keys of."""
    mart = plain[said["mart"]]
    columns, selected, joins = list(mart.columns), [f"{mart.name}.*"], []
    for other, shared in said["join"].items():
        chosen = [column for column in plain[other].columns if column.name in shared["columns"]]
        columns += chosen
        selected += [f"{other}.{column.name}" for column in chosen]
        joins.append(f"left join {SCHEMA}.{other} using ({shared['by']})")
    sql = [f"select {', '.join(selected)}", f"from {SCHEMA}.{mart.name}", *joins]
    return replace(
        mart,
        name=name,
        columns=columns,
        marts=[mart.name, *said["join"]],
        sql="\n".join(sql),
    )


def _figures_of_cells(said: Mapping[str, Any], layer: SemanticLayer) -> Iterator[Figure]:
    """The key figures of a mart that holds them in cells."""
    if "comparisons" in said:
        yield from layer.of_cells(
            [
                Comparison(name, each["column"], each["label"], each["of"])
                for name, each in said["comparisons"].items()
            ]
        )


def _named(
    said: Mapping[str, Any], words: Mapping[str, Any], layer: SemanticLayer
) -> Iterator[Column]:
    """What people call the codes of a column, in each language, and the code where none says."""
    for column, kind in said.get("named", {}).items():
        names = layer.labels() if kind == "metrics" else words[kind]
        for language in LANGUAGES:
            cases = [
                f"when {literal(code)} then {literal(getattr(text, language))}"
                for code, text in names.items()
            ]
            code = f"cast({column} as varchar)"
            sql = f"case {code} {' '.join(cases)} else {code} end"
            yield Column(f"{column}_name_{language}", "VARCHAR", f"What {column} is called.", sql)


def _calculated(said: Mapping[str, Any]) -> Iterator[Column]:
    for name, each in said.get("columns", {}).items():
        yield Column(name, each["type"], each["description"], each["sql"])
