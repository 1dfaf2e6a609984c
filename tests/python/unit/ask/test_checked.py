"""What a query may be, by the tree that DuckDB's parser makes of it."""

from __future__ import annotations

from collections.abc import Iterator

import duckdb
import pytest

from orchestration.ask.checked import functions, marts_read
from orchestration.ask.refusals import Refused, labels
from orchestration.labels import LANGUAGES

MARTS = {"orders", "customers", "publication"}

# Queries as analysts write them, and the marts that they read.
ALLOWED = {
    "from marts.orders": ["orders"],
    "select count(*) from Marts.ORDERS": ["orders"],
    "select * from regulars.marts.orders limit 3": ["orders"],
    "with orders as (select * from marts.orders) select count(*) from orders": ["orders"],
    "select o.* exclude (order_id) from orders as o join customers using (customer_id)": [
        "customers",
        "orders",
    ],
    "select date_trunc('month', ordered_on) as m, sum(net_amount) from orders group by all": [
        "orders"
    ],
    "from (select channel, net_amount from orders) pivot (sum(net_amount) for channel in ('a'))": [
        "orders"
    ],
    "select order_id from orders qualify row_number() over (partition by customer_id) = 1": [
        "orders"
    ],
    "select (select as_of_date from publication) - interval 7 day": ["publication"],
    "with recursive n as (select 1 as i union all select i + 1 from n where i < 9) from n": [],
    "select list_transform([1, 2], lambda x: x + 1), [x for x in [1]], {'a': 1}": [],
    "select 'a' || 'b' ilike 'A%', interval 3 month, extract(year from date '2026-01-01')": [],
    "select o.user from orders as o": ["orders"],
    "from range(10) union all by name values (1)": [],
    "select case when a in (1, 2) then try_cast(b as decimal(9, 2)) end from orders -- ; drop": [
        "orders"
    ],
}

# What is refused, by the refusal.
REFUSED = {
    "no_select": [
        "copy (select 1) to '/tmp/x'",
        "attach '/tmp/x.db' as y",
        "attach ':memory:' as y",
        "pragma database_list",
        "set memory_limit = '100GB'",
        "reset threads",
        "install httpfs",
        "load httpfs",
        "drop table marts.orders",
        "select 1; drop table marts.orders",
        "insert into marts.orders from marts.orders",
        "create macro f() as 1",
        "create temp table t as select 1",
        "update marts.orders set net_amount = 0",
        "delete from marts.orders",
        "truncate marts.orders",
        "call pragma_version()",
        "export database '/tmp/x'",
        "explain analyze select 1",
        "prepare p as select 1",
        "checkpoint",
        "vacuum",
        "begin",
        "use temp",
        "set variable x = 1",
    ],
    "one_statement": ["select 1; select 2", "", "-- select 1", "/* */ ;"],
    "no_sql": ["selec 1", "ｓｅｌｅｃｔ 1", "select 1 into t", "select " + "1+" * 3000 + "1"],
    "unseen_characters": ["select 1\x00; drop table x", "select '\x1b[2J'", "select '\ud800'"],
    "long_query": ["select '" + "x" * 20_000 + "'"],
    "deep_query": ["select " + "abs(" * 300 + "1" + ")" * 300],
    "show": [
        "describe marts.orders",
        "summarize orders",
        "show all tables",
        "from (show databases)",
    ],
    "part_of_sql": ["select $1", "select ? from orders", "select default"],
    "no_mart": [
        "select * from '/etc/passwd'",
        'select * from "/etc/passwd"',
        "from 'https://example.org/x.parquet'",
        "from duckdb_settings",
        "from information_schema.tables",
        "from pg_catalog.pg_class",
        "from sqlite_master",
        "from warehouse.intermediate.int_accounts",
        "from regulars.main.orders",
        "from other.marts.orders",
        "from temp.orders",
        "select * from orders where exists (from duckdb_tables)",
        # A Cyrillic letter in the name of a mart.
        "from marts.оrders",
    ],
    "bad_name": [
        "with x as (from duckdb_tables), duckdb_tables as (select 1) from x",
        "from duckdb_tables, (with duckdb_tables as (select 1) from duckdb_tables) as x",
        "with recursive duckdb_views as (select 1 union all from duckdb_views) from duckdb_views",
    ],
    "table_function": [
        "from read_csv('/etc/passwd')",
        "from read_text('/etc/passwd')",
        "from read_blob('/etc/passwd')",
        "from read_json_auto('/etc/passwd')",
        "from read_parquet('s3://bucket/x')",
        "from glob('/*')",
        "from sniff_csv('/etc/passwd')",
        "from parquet_metadata('/x')",
        "from duckdb_secrets()",
        "from duckdb_settings()",
        "from duckdb_logs()",
        "from pragma_database_size()",
        "from query('select 1')",
        "from query_table('marts.orders')",
        "from json_execute_serialized_sql('{}')",
        "from test_all_types()",
        "from repeat_row(1, num_rows = 9)",
        "select/**/*/**/from/* from marts.orders */duckdb_settings()",
        "select\u00a0*\u2003from\u3000duckdb_settings()",
        "select * from orders, lateral (from glob(orders.order_id))",
    ],
    "clock_or_session": [
        "select now()",
        "select current_date",
        "select CURRENT_USER",
        "select current_database()",
        "select random() from orders",
        "select order_id from orders where ordered_on > today()",
    ],
    "function": [
        "select getenv('HOME')",
        "select system.main.getenv('HOME') from orders",
        "select current_setting('memory_limit')",
        "select getvariable('x')",
        "select version()",
        "select sleep_ms(100000)",
        "select pg_sleep(100)",
        "select write_log('x')",
        "select nextval('s')",
        "select uuid()",
        "select json_serialize_plan('select 1')",
        "select parse_path('/etc/passwd')",
        "select txid_current()",
    ],
}

# Every place in which an expression may stand.
PLACES = [
    "with x as (select {}) from x",
    "select (select {})",
    "select 1 from orders where {} = ''",
    "select 1 from orders group by {}",
    "select count(*) from orders having {} = ''",
    "select 1 from orders qualify row_number() over (order by {}) = 1",
    "select sum(1) over (partition by {}) from orders",
    "select sum(1) over (rows between cast({} as int) preceding and current row) from orders",
    "select count(*) filter (where {} = '') from orders",
    "select string_agg(order_id, ',' order by {}) from orders",
    "select 1 order by {}",
    "select 1 limit cast({} as int)",
    "select 1 offset cast({} as int)",
    "select distinct on ({}) 1 from orders",
    "select case when true then {} end",
    "select case {} when 'x' then 1 end",
    "select cast({} as int)",
    "select {} between 'a' and 'b'",
    "select 'a' in ('b', {})",
    "select [{}], {{'a': {}}}",
    "select list_transform([1], lambda x: {})",
    "select [{} for x in [1]]",
    "select columns(lambda c: {} = '') from orders",
    "select * replace ({} as order_id) from orders",
    "select 1 from orders as a join orders as b on {} = ''",
    "from (values ({}))",
    "values ({})",
    "from range(cast({} as int))",
    "from unnest([{}])",
    "from orders pivot (count({}) for channel in ('a'))",
    "select 1 union select {}",
    "with recursive r as (select 1 as n union all select length({}) from r) from r",
    "select 1 from orders group by grouping sets (({}), ())",
    "select sum(1) over w from orders window w as (order by {})",
    "select struct_extract({{'a': {}}}, 'a')",
]


def put(expression: str, place: str) -> str:
    return place.replace("{}", expression).replace("{{", "{").replace("}}", "}")


@pytest.fixture(scope="module")
def connection() -> Iterator[duckdb.DuckDBPyConnection]:
    with duckdb.connect() as connection:
        yield connection


@pytest.mark.parametrize(("query", "marts"), ALLOWED.items(), ids=range(len(ALLOWED)))
def test_what_analysts_write_is_allowed(connection, query, marts):
    assert marts_read(connection, query, MARTS) == marts


@pytest.mark.parametrize(
    ("code", "query"),
    [(code, query) for code, queries in REFUSED.items() for query in queries],
    ids=lambda each: ascii(each)[:60],
)
def test_what_is_not_allowed_is_refused_with_a_sentence(connection, code, query):
    with pytest.raises(Refused) as refused:
        marts_read(connection, query, MARTS)
    beginning = labels()["refusals"][code].zh.partition("{")[0]
    assert refused.value.reason.zh.startswith(beginning)
    assert "{" not in refused.value.reason.en + refused.value.reason.zh


@pytest.mark.parametrize("place", PLACES)
def test_no_place_of_a_query_hides_a_function(connection, place):
    marts_read(connection, put("lower('1')", place), MARTS)
    with pytest.raises(Refused, match="getenv"):
        marts_read(connection, put("getenv('HOME')", place), MARTS)


@pytest.mark.parametrize("place", [place for place in PLACES if place.startswith("select")])
def test_no_place_of_a_query_hides_a_table(connection, place):
    with pytest.raises(Refused, match="duckdb_settings"):
        marts_read(connection, put("(select max(name) from duckdb_settings)", place), MARTS)


def test_what_may_be_called_reads_and_reveals_nothing(connection):
    """By the names of all that DuckDB has; what a later one adds is not among them."""
    reaching = connection.execute(
        """
        select distinct function_name from duckdb_functions()
        where function_type in ('table', 'pragma', 'table_macro')
            or regexp_matches(
                function_name,
                'read|file|glob|env|setting|current|session|sleep|log$|secret|pg_|inet|version|'
                || 'variable|seed|uuid|random|parse_|sql|plan'
            )
        """
    )
    reached = {name for (name,) in reaching.fetchall()} & functions()
    assert reached == {"range", "generate_series", "unnest", "histogram", "repeat", "log"}


def test_every_refusal_has_a_sentence_in_both_languages():
    for code, sentence in labels()["refusals"].items():
        assert all(getattr(sentence, language) for language in LANGUAGES), code
        assert not sentence.zh.isascii(), code
