"""What becomes of the columns and rows that staging models hand to an entity, on each engine.

Eight small entities in one project, built in one dbt invocation an engine. Each has the contract of
CONTRACT; what the sources deliver of it stands in STAGING.
"""

from __future__ import annotations

import json
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml
from conftest import ROOT, Shop

from orchestration.duck import connect
from orchestration.project import Project
from orchestration.warehouse import attach

CONTRACT = {
    "source_system": "string",
    "sale_id": "string",
    "amount": "decimal(18,2)",
    "sold_on": "date",
    "_row_kind": "string",
    "_staging_model": "string",
    "_line": "bigint",
    "_batch": "string",
    "_landed_at": "timestamp",
    "delivery_number": "bigint",
}
LINEAGE = (
    "cast(2 as bigint) as _line, 'first' as _batch,"
    " cast('2026-02-01 10:00:00' as timestamp) as _landed_at"
)
AMOUNT = "cast('1.50' as decimal(18,2)) as amount"
STAGING = {
    "stg_till__misspelt": f"select 'a' as sale_id, cast(1 as decimal(18,2)) as amuont, {LINEAGE}",
    "stg_till__mistyped": f"select 'a' as sale_id, '1' as amount, {LINEAGE}",
    "stg_till__untraced": f"select 'a' as sale_id, {LINEAGE.replace('_batch', '_version')}",
    # Which rows are which: asked of what is not declared, declared of what nobody has, not asked.
    "stg_till__undeclared": "select 'a' as sale_id,"
    f" {{{{ row_kind('undeclared', {{'rows': {{'sales': 'true'}}}}) }}}} as _row_kind, {LINEAGE}",
    "stg_till__mislabelled": "select 'a' as sale_id,"
    " {{ row_kind('mislabelled', {'rows': {'mislabelled': 'true', 'refund': 'true'}}) }}"
    f" as _row_kind, {LINEAGE}",
    "stg_till__unasked": "select box_no as sale_id, _line, _batch, _landed_at"
    " from {{ source('till', 'boxes') }}",
    "stg_till__sales": f"select 'a' as sale_id, {AMOUNT}, {LINEAGE}",
    # In another order of columns; without an amount, which is a reason to refuse it.
    "stg_kiosk__sales": f"select {LINEAGE.replace('(2 as', '(3 as')}, 'it''s' as sale_id",
}
WRONG = ("misspelt", "mistyped", "untraced", "undeclared", "mislabelled", "unasked")
ENTITIES = (*WRONG, "unheard_of", "sales")
BOXES = {
    **{"name": "boxes", "identifier": "till__boxes", "columns": [{"name": "box_no"}]},
    "config": {"meta": {"rows": {"unasked": "box_no <> ''"}}},
}
VALIDATED = """
with validated as (
    select *, case when amount is null then 'amount_unreadable' end as reason_code
    from {{ ref('int_sales_delivered') }}
),
{{ deduplicated('validated', 'sales', 'sale_id') }}
select * from deduplicated
"""
LEDGER = {
    **{"event": 1, "source": "till", "feed": "sales", "file": "till/a.csv", "status": "landed"},
    **{"batch": "first", "delivery_order": "a", "landed_at": "2026-02-01T10:00:00"},
}


@dataclass(frozen=True)
class Built:
    """A warehouse, and what dbt said of each model."""

    warehouse: Path
    messages: dict[str, str]

    def rows(self, query: str) -> list[tuple]:
        with connect() as connection:
            attach(connection, self.warehouse)
            return connection.execute(query).fetchall()


@pytest.fixture(scope="module")
def built(engine: str, tmp_path_factory: pytest.TempPathFactory) -> Built:
    root = tmp_path_factory.mktemp("entities") / "project"
    shop = Shop(root.with_name("data"), root)
    (root / "models").mkdir(parents=True)
    for name, text in _files().items():
        (root / name).write_text(text)
    for folder in ("staging/landing", "entities/deliveries", "entities/quarantine"):
        shutil.copytree(ROOT / "models" / folder, root / "models" / folder)
    (shop.data / "raw").mkdir(parents=True)
    (shop.data / "raw" / "deliveries.jsonl").write_text(json.dumps(LEDGER) + "\n")
    done = shop.dbt(engine, "run")
    project = Project(root, shop.data, engine)
    results = json.loads((project.target / "run_results.json").read_text())["results"]
    assert done.returncode != 0, f"{len(WRONG)} of the entities are wrong"
    return Built(
        project.warehouse,
        {each["unique_id"].split(".")[-1]: each["message"] or "" for each in results},
    )


def _files() -> dict[str, str]:
    settings = {
        "name": "bazaar",
        "profile": "regulars",
        "docs-paths": [f"{ROOT}/models"],
        "macro-paths": [f"{ROOT}/macros", f"{ROOT}/tests/generic"],
        "flags": {"send_anonymous_usage_stats": False},
        "on-run-start": ["{{ register_raw() }}"],
        "models": {"bazaar": {"+materialized": "table"}},
        "vars": {
            "sources": {"till": [*WRONG, "sales"], "kiosk": ["sales"]},
            "entities": ["sales"],
            "known_at": None,
        },
    }
    columns = [{"name": name, "data_type": kind} for name, kind in CONTRACT.items()]
    delivered = [
        {
            "name": f"int_{entity}_delivered",
            "config": {"contract": {"enforced": True}},
            "columns": columns,
        }
        for entity in ENTITIES
    ]
    validated = {"name": "int_sales_validated", "config": {"meta": {"key": "sale_id"}}}
    return {
        "dbt_project.yml": yaml.safe_dump(settings),
        "profiles.yml": (ROOT / "profiles.yml").read_text(),
        "models/sources.yml": yaml.safe_dump(
            {"sources": [{"name": "till", "schema": "raw", "tables": [BOXES]}]}
        ),
        "models/entities.yml": yaml.safe_dump({"models": [*delivered, validated]}),
        "models/int_sales_validated.sql": VALIDATED,
        "models/sold.sql": "select * from {{ accepted('sales') }} as sales",
        **{
            f"models/int_{entity}_delivered.sql": f"{{{{ union_sources('{entity}') }}}}"
            for entity in ENTITIES
        },
        **{f"models/{name}.sql": query for name, query in STAGING.items()},
    }


@pytest.mark.parametrize(
    "entity, sentence",
    [
        (
            "misspelt",
            "stg_till__misspelt has the column amuont, which the contract of misspelt"
            " (models/entities/misspelt/misspelt.yml) does not know: is amount meant?",
        ),
        (
            "mistyped",
            "stg_till__mistyped.amount is a string, where the contract of mistyped"
            " (models/entities/mistyped/mistyped.yml) wants a decimal(18,2): cast it.",
        ),
        (
            "untraced",
            "stg_till__untraced lacks the column _batch, in which the lander says where a row came"
            " from: select it.",
        ),
    ],
)
def test_what_the_contract_does_not_know_stops_dbt_with_a_sentence(
    built: Built, entity: str, sentence: str
) -> None:
    assert sentence in built.messages[f"int_{entity}_delivered"]


@pytest.mark.parametrize(
    "model, sentence",
    [
        (
            "stg_till__undeclared",
            "stg_till__undeclared asks which rows of its feed are undeclared, and `rows` in the"
            " YAML of its source does not say: it declares sales.",
        ),
        (
            "stg_till__mislabelled",
            "The feed that stg_till__mislabelled reads declares `rows` of refund, which till does"
            " not deliver: name refund at till in the variable `sources`, or count those rows to"
            " `ignored`.",
        ),
        (
            "int_unasked_delivered",
            "stg_till__unasked reads a feed that declares which rows are of it, and takes all of"
            " them: select {{ row_kind('unasked', feed) }} as _row_kind.",
        ),
    ],
)
def test_rows_that_are_declared_amiss_stop_dbt_with_a_sentence(
    built: Built, model: str, sentence: str
) -> None:
    assert sentence in built.messages[model]


def test_an_entity_that_nobody_delivers_is_empty_and_typed(built: Built) -> None:
    described = built.rows("describe warehouse.main.int_unheard_of_delivered")
    types = {"string": "VARCHAR"}
    assert {name: kind for name, kind, *_ in described} == {
        name: types.get(kind, kind.upper()) for name, kind in CONTRACT.items()
    }
    assert built.rows("from warehouse.main.int_unheard_of_delivered") == []


def test_a_source_says_only_what_it_has(built: Built) -> None:
    """Its name, and what it lacks, are filled in."""
    assert built.rows(
        "select source_system, sale_id, amount::varchar, sold_on, _line, delivery_number"
        " from warehouse.main.int_sales_delivered order by _line"
    ) == [("till", "a", "1.50", None, 2, 1), ("kiosk", "it's", None, None, 3, 1)]


def test_readers_get_the_accepted_rows_alone(built: Built) -> None:
    assert built.rows(
        "select sale_id, row_status from warehouse.main.int_sales_validated order by 1"
    ) == [("a", "accepted"), ("it's", "quarantined")]
    assert built.rows("select sale_id from warehouse.main.sold") == [("a",)]


def test_what_was_refused_is_there_as_json_with_file_and_line(built: Built) -> None:
    [(*where, row)] = built.rows(
        "select entity, source_system, entity_key, reason_code, file, line, delivered_row"
        " from warehouse.main.quarantine"
    )
    assert where == ["sales", "kiosk", "it's", "amount_unreadable", "till/a.csv", 3]
    assert json.loads(row) == {
        **{"source_system": "kiosk", "sale_id": "it's", "amount": None, "sold_on": None}
    }
