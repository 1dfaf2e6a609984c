"""What a relation costs on DuckDB, and what a build that fails leaves: the relation of before."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from textwrap import dedent

import pytest
import yaml
from dbt_here import invoke

from orchestration.duck import connect
from orchestration.project import ROOT, Project

FILES = {
    "dbt_project.yml": f"""
        name: shop
        profile: regulars
        macro-paths: ["{ROOT / "macros"}"]
        flags: {{send_anonymous_usage_stats: false, use_colors: false}}
        models: {{shop: {{+materialized: "{{{{ var('kind', 'table') }}}}"}}}}
        seeds: {{shop: {{+column_types: {{name: string, price: "decimal(5,2)", sold_on: date}}}}}}
    """,
    "seeds/goods.csv": """\
        name,price,sold_on,note
        "it's ""good"", very",1.5,2026-01-05,007
        ,,,
        null,2,2026-01-06,"two
        lines"
    """,
    "models/prices.sql": """
        select {{ var('columns', 'price, name') }} from {{ ref('goods') }} -- and no more
    """,
    "models/prices.yml": """
        models:
          - name: prices
            config:
              contract: {enforced: true}
              post_hook: create or replace table counted as select count(*) as rows from {{ this }}
            columns:
              - {name: name, data_type: string, data_tests: [named]}
              - {name: price, data_type: "decimal(5,2)"}
    """,
    "tests/generic/named.sql": """
        {% test named(model, column_name) %} select 1 from {{ model }} where name = '' {% endtest %}
    """,
}


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    project = tmp_path_factory.mktemp("one [statement]")
    for name, text in FILES.items():
        path = project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(dedent(text), encoding="utf-8")
    return project


@pytest.fixture(scope="module")
def build(project: Path) -> Callable[..., str]:
    """Builds with these variables, and returns what dbt says and logs."""

    def run(*words: str, **variables: str) -> str:
        told = ("--log-level", "debug", "--vars", yaml.safe_dump(variables))
        return invoke(Project(project, project), ("build", *told, *words)).stdout

    return run


@pytest.fixture(scope="module")
def second_log(build: Callable[..., str]) -> str:
    """Of a build that finds the schemas and relations of the first."""
    build()
    return build()


def ask(project: Path, query: str) -> list[tuple]:
    with connect(project / "warehouse.duckdb") as connection:
        return connection.execute(query).fetchall()


def statements(log: str, node: str) -> list[str]:
    """The first words of what was sent for a node, but for what dbt-duckdb asks once of all."""
    sent = re.findall(rf"On {re.escape(node)}[.0-9a-f]*: (.*?)\n[0-9:]+  ", log, re.DOTALL)
    sent = [re.sub(r"/[*].*?[*]/", "", text) for text in sent]
    return [
        " ".join(text.lower().split()[:3])
        for text in sent
        if text != "Close" and not re.search(r"duckdb_(constraints|databases)[(]", text)
    ]


def test_a_relation_is_one_statement_and_a_contract_one_more(second_log):
    log = second_log
    assert "PASS=3" in log
    assert statements(log, "seed.shop.goods") == ["create or replace"]
    describe, create, *hook = statements(log, "model.shop.prices")
    assert (describe.split()[0], create) == ("describe", "create or replace")
    assert hook == ["begin", "create or replace", "commit", "commit"]  # dbt logs that one twice
    [check] = statements(log, "test.shop.named_prices_name")
    assert check.startswith("select count(*)")


def test_a_seed_has_its_types_its_quotes_and_its_nulls(project, second_log):
    goods = ask(project, "select name, price::varchar, sold_on::varchar, note from goods")
    assert goods == [
        ('it\'s "good", very', "1.50", "2026-01-05", "007"),
        (None, None, None, None),
        ("null", "2.00", "2026-01-06", "two\nlines"),
    ]


def test_columns_come_in_the_order_of_the_contract(project, second_log):
    described = ask(project, "select column_name from (describe prices)")
    assert described == [("name",), ("price",)]


def test_hooks_see_the_relation_which_may_be_built_empty(project, build, second_log):
    assert ask(project, "from counted") == [(3,)]
    build("--empty")
    assert ask(project, "from counted") == [(0,)]


def test_a_broken_contract_names_what_is_wrong(build):
    log = build(columns="price::double as price, name as label")
    told = [" ".join(line.split()) for line in log.splitlines() if line.strip().startswith("|")]
    assert "| label | VARCHAR | | missing in contract |" in told
    assert "| name | | VARCHAR | missing in definition |" in told
    assert "| price | DOUBLE | DECIMAL(5,2) | data type mismatch |" in told


def test_another_kind_of_relation_takes_the_place_or_leaves_it(project, build, second_log):
    query = "select table_type from information_schema.tables where table_name = 'prices'"
    kinds = [("view", "VIEW", "BASE TABLE"), ("table", "BASE TABLE", "VIEW")]
    for kind, name, name_before in kinds:
        assert "ERROR=1" in build(kind=kind, columns="price, name, 1 as more")
        assert ask(project, query) == [(name_before,)]
        assert "PASS=3" in build(kind=kind)
        assert ask(project, query) == [(name,)]


def test_a_query_that_fails_leaves_the_rows_of_before(project, build, second_log):
    assert "ERROR=1" in build(columns="price, error(name)::string as name")
    assert len(ask(project, "select price from prices")) == ask(project, "from counted")[0][0]
