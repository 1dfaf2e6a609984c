"""The files of a source: its YAML, and of each entity a model with its YAML and a unit test."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import jinja2
import yaml

from orchestration.landing.xlsx_file import EVERY_SHEET
from orchestration.new_source.decisions import FACTS_OF_ORDERS, Decisions
from orchestration.new_source.delivered import pattern_of
from orchestration.new_source.facts import Model
from orchestration.new_source.invented import Invented
from orchestration.new_source.jinja import plain
from orchestration.new_source.staging import Staging
from orchestration.new_source.tables import Column, Table

GRAINS = {
    "orders": "order", "order_lines": "order line", "order_adjustments": "kind of money and order",
    "refunds": "refund", "accounts": "account", "products": "product",
}  # fmt: skip
# What a file may lack without being held for it.
DISPENSABLE = {
    "contact_email", "contact_phone", "contact_name", "address", "channel", "cancelled_at", "phone",
    "email", "full_name", "gender", "city", "postcode", "membership_tier", "union_id", "birth_date",
    "acquisition_channel", "brand", "category", "department",
}  # fmt: skip
# What tells of a person, by the kinds of orchestration.privacy.inventory.
PERSONAL = {
    "contact": ("contact_email", "contact_phone", "phone", "email", "address", "postcode"),
    "identity": (
        "contact_name",
        "full_name",
        "given_name",
        "family_name",
        "birth_date",
        "union_id",
    ),
    "trait": ("gender", "city"),
    "key": ("customer_number",),
}
KINDS = {meaning: kind for kind, meanings in PERSONAL.items() for meaning in meanings}
YEAR_PIVOT = 68  # as everywhere since POSIX: 69 is 1969
WIDTH = 100

_TEMPLATES = jinja2.Environment(
    loader=jinja2.FileSystemLoader(Path(__file__).with_name("templates")),
    # The files are full of the usual brackets.
    block_start_string="<%",
    block_end_string="%>",
    variable_start_string="<<",
    variable_end_string=">>",
    keep_trailing_newline=True,
    undefined=jinja2.StrictUndefined,
)


def files_of(decisions: Decisions, staged: Staging, landing: Path) -> Iterator[tuple[str, str]]:
    """The name and the text of each file of the source's folder; its files lie below `landing`."""
    yield f"_{decisions.name}__sources.yml", _sources(decisions, staged, landing)
    for model in staged.models:
        name = f"stg_{decisions.name}__{model.entity}"
        yield f"{name}.sql", _sql(decisions, model)
        yield f"{name}.yml", _model_yaml(decisions, staged, model)


def _sources(decisions: Decisions, staged: Staging, landing: Path) -> str:
    used = {table.name: _columns_used(table, staged) for table in decisions.tables}
    tables = [
        {
            "name": table.name,
            "meta": _lines(_file_meta(table, landing) | _value_meta(decisions, staged, table)),
            "columns": [
                {"name": each.name, "meta": _column_meta(each, table, staged)}
                for each in used[table.name]
            ],
        }
        for table in decisions.tables
        if used[table.name]
    ]
    files = sorted(sample.path.name for table in decisions.tables for sample in table.samples)
    # dbt renders what a description says between braces.
    such_as = ", ".join(files[:3]).replace("{", "(").replace("}", ")")
    return _TEMPLATES.get_template("sources.yml.j2").render(
        source=decisions.name,
        description=_flow(f"Files such as {such_as}."),
        meta=_flow({"time_zone": decisions.time_zone}),
        tables=tables,
    )


def _columns_used(table: Table, staged: Staging) -> list[Column]:
    """The columns that a model reads, or by which rows are told apart."""
    read = {name for model in staged.models if model.table is table for name in model.reads}
    told = _in_conditions(table, staged)
    used = [c for c in table.columns if c.name in read or c.name in told]
    # The first column that is filled down says where an order begins.
    return sorted(used, key=lambda column: column.meaning != "order_number")


def _in_conditions(table: Table, staged: Staging) -> set[str]:
    """The words of the conditions by which rows are told apart, columns among them."""
    return set(re.findall("[a-z0-9_]+", " ".join(staged.rows.get(table.name, {}).values())))


def _file_meta(table: Table, landing: Path) -> dict[str, Any]:
    """What the lander reads of a table's files."""
    meta: dict[str, Any] = {"format": table.formats if len(table.formats) > 1 else table.formats[0]}
    if pattern := pattern_of(table, landing):
        meta["files"] = pattern
    texts = [each for each in table.samples if each.format in ("csv", "jsonl")]
    encodings = {each.path.name: each.encoding for each in texts}
    # What is plain ASCII so far says nothing of what is to come.
    usual = next((each for each in encodings.values() if each != "ascii"), "utf-8")
    if usual != "utf-8":
        meta["encoding"] = usual
    others = {name: each for name, each in encodings.items() if each not in (usual, "ascii")}
    if others:
        meta["encodings"] = others
    if any(len(sample.sheets) > 1 for sample in table.samples):
        meta["sheet"] = EVERY_SHEET
    for sample in texts:
        if sample.delimiter != ",":
            meta["delimiter"] = sample.delimiter
        if sample.quote != '"':
            meta["quote"] = sample.quote
    return meta


def _value_meta(decisions: Decisions, staged: Staging, table: Table) -> dict[str, Any]:
    """What staging reads of a table's values."""
    meta = _time_meta(decisions, table)
    if not table.amounts.is_plain:
        meta["amounts"] = table.amounts.meta
    if rows := staged.rows.get(table.name):
        meta["rows"] = dict(rows)
    return meta


def _time_meta(decisions: Decisions, table: Table) -> dict[str, Any]:
    meta: dict[str, Any] = {}
    times = decisions.times[table.name]
    for key, is_date in (("timestamp_format", False), ("date_format", True)):
        formats = [
            each
            for meaning, format_ in times.items()
            if (meaning == "birth_date") == is_date
            for each in format_.formats
        ]
        formats = list(dict.fromkeys(formats))
        if formats:
            meta[key] = formats[0] if len(formats) == 1 else formats
        if any("%y" in each for each in formats):
            meta["year_pivot"] = YEAR_PIVOT
    clocks = list(dict.fromkeys(clock for each in times.values() for clock in each.beside))
    if clocks:
        meta["clock_format"] = clocks[0] if len(clocks) == 1 else clocks
    names = sorted({name for each in times.values() for name in each.zone_names})
    if names:
        meta["zone_names"] = {
            name: "UTC" if name in ("UTC", "GMT", "Z") else decisions.time_zone for name in names
        }
    return meta


def _column_meta(column: Column, table: Table, staged: Staging) -> str:
    meta: dict[str, Any] = {}
    if column.meaning in KINDS:
        meta["pii"] = KINDS[column.meaning]
    if column.headers != (column.name,):
        meta["header"] = column.headers[0] if len(column.headers) == 1 else list(column.headers)
    if column.is_optional or column.meaning in DISPENSABLE:
        meta["optional"] = True
    of_order = ("order_number", *FACTS_OF_ORDERS)
    if table.name in staged.fill_down and column.meaning in of_order:
        meta["fill_down"] = True
    return _flow(meta) if meta else ""


def _sql(decisions: Decisions, model: Model) -> str:
    facts = [_aliased(fact.sql, fact.name) for fact in model.facts]
    if model.has_row_kind:
        facts.append(f"{{{{ row_kind('{model.entity}', feed) }}}} as _row_kind")
    return _TEMPLATES.get_template("model.sql.j2").render(
        source=decisions.name,
        table=model.table.name,
        facts=facts,
        adjustments=model.adjustments,
        rest=model.rest,
        line_key=model.line_key,
        reads_feed=_reads_feed(model),
    )


def _reads_feed(model: Model) -> bool:
    """Whether the SQL asks how the feed writes its values."""
    sql = [
        *(fact.sql for fact in model.facts),
        *(call for _, call in model.adjustments),
        model.rest,
    ]
    return model.has_row_kind or any(", feed" in each for each in sql)


def _aliased(sql: str, name: str) -> str:
    """The column with its name, on a line of its own where it would be too long."""
    line = f"{sql} as {name}"
    is_long = len(line) + 9 > WIDTH and "\n" not in sql
    return f"{sql}\n            as {name}" if is_long else line


def _model_yaml(decisions: Decisions, staged: Staging, model: Model) -> str:
    rows = [_invented(decisions, model, number) for number in (0, 1)]
    columns = [c for c in model.table.columns if c.name in _read_in_test(staged, model)]
    foretold = {} if model.adjustments else {f.name: f.expected for f in model.facts if f.expected}
    expected = [{n: value(row) for n, value in foretold.items()} for row in rows if foretold]
    feed = {"time_zone": decisions.time_zone, **_value_meta(decisions, staged, model.table)}
    return _TEMPLATES.get_template("model.yml.j2").render(
        model=f"stg_{decisions.name}__{model.entity}",
        about=model.about,
        grain=GRAINS[model.entity.split("__")[0]],
        entity=model.entity,
        source=decisions.name,
        table=model.table.name,
        rows_per_landed_row=len(model.adjustments),
        test=f"{decisions.name}_{model.entity}_are_read_as_their_files_write_them",
        feed=_flow(feed) if _reads_feed(model) else "",
        given=[_flow({c.name: row.text(c) for c in columns}) for row in rows],
        expected=[_flow({n: v for n, v in row.items() if v is not None}) for row in expected],
    )


def _read_in_test(staged: Staging, model: Model) -> set[str]:
    return model.reads | (_in_conditions(model.table, staged) if model.has_row_kind else set())


def _invented(decisions: Decisions, model: Model, number: int) -> Invented:
    words = {
        "order_status": next((w for r in decisions.sales for w in r.statuses), "paid"),
        "currency": decisions.currency,
    }
    return Invented(
        model.table, decisions.times[model.table.name], decisions.time_zone, words, number
    )


def _lines(meta: Mapping[str, Any]) -> list[str]:
    """A mapping as YAML, a key a line; the conditions of rows have a line each."""
    lines = []
    for key, value in meta.items():
        if isinstance(value, dict) and key == "rows":
            lines += [f"{key}:", *(f"  {name}: {_flow(text)}" for name, text in value.items())]
        else:
            lines.append(f"{key}: {_flow(value)}")
    return lines


def _flow(value: object) -> str:
    """YAML on one line, of which dbt renders nothing."""
    text = yaml.safe_dump(
        value, default_flow_style=True, width=100_000, allow_unicode=True, sort_keys=False
    )
    return plain(text.removesuffix("...\n").strip())
