"""`regulars mcp` under attack, by the client of the SDK: it refuses, and answers what is next."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator

import duckdb
import pytest
from asking import Ask, asking, command, here, over_http
from conftest import Shop
from unit.ask.conftest import HOSTILE, publish

from orchestration.ask.published import Published

SECRET = "hash-key-that-nobody-may-read"
SECONDS = 0.5
ENDLESS = "with recursive r as (select 1 as n union all select n + 1 from r)"
# Each with a word of the sentence that refuses it.
ATTACKS = {
    "files by a function": ("select * from read_csv('/etc/passwd')", "read_csv"),
    "files as text": ("select content from read_text('/proc/self/environ')", "read_text"),
    "names of files": ("from glob('/root/*')", "glob"),
    "files by their name": ("select * from '/etc/passwd'", "no mart"),
    "a copy to a file": ("copy (select 1) to '/tmp/regulars-attack.csv'", "Only a SELECT"),
    "another database": ("attach '/tmp/regulars-attack.duckdb' as x", "Only a SELECT"),
    "a pragma": ("pragma database_list", "Only a SELECT"),
    "a setting": ("set enable_external_access = true", "Only a SELECT"),
    "an extension": ("install httpfs from community", "Only a SELECT"),
    "a library": ("load '/tmp/evil.duckdb_extension'", "Only a SELECT"),
    "two statements": ("select 1; drop table marts.orders", "Only a SELECT"),
    "a second statement behind a comment": ("select 1 --\n; select 2", "2"),
    "a table in a comment": ("from/* marts.orders */duckdb_secrets()", "duckdb_secrets"),
    "spaces and letters of other scripts": ("select\u00a0*\u3000from duckdb_settіngs()", "no"),
    "an end of the text": ("select 1\u0000; drop table marts.orders", "nobody sees"),
    "the environment": ("select getenv('REGULARS_HASH_KEY')", "getenv"),
    "the settings": ("select current_setting('secret_directory')", "current_setting"),
    "the catalog": ("with x as (from duckdb_databases()) from x", "duckdb_databases"),
    "a name in place of the catalog's": (
        "with x as (from duckdb_tables), duckdb_tables as (select 1) from x",
        "another name",
    ),
    "a query in a query": ("from query('from duckdb_settings()')", "query"),
    "a thousand million rows": ("from range(1000000000)", "more than 1,000 rows"),
    "a join gone wrong": ("from orders as a, orders as b", "say by max_rows"),
    "rows of long texts": ("select repeat('x', 400) from orders limit 900", "200,000 characters"),
    "a bomb of memory": ("select list(range) from range(1000000000)", "was ended"),
    "a huge text": ("select repeat('x', 2000000000)", "was ended"),
    "texts beyond number": ("select string_agg(repeat('x', 100000), '') from orders", "was ended"),
    "more columns than anybody reads": (
        "select " + ", ".join(f"{number} as c{number}" for number in range(150)),
        "150 columns",
    ),
    "data as a number": ("select cast(campaign_name as int) from campaigns", "may quote data"),
}
# What has no end but that of its time.
ENDLESS_ATTACKS = {
    "rows without end": (f"{ENDLESS} select * from r order by n desc", "was ended"),
    "recursion without end": (f"{ENDLESS} select count(*) from r", "longer than 0.5 s"),
    "ten to the twelve rows": (
        "select count(*) from orders as a, orders as b, orders as c"
        " where a.net_amount > b.net_amount + c.net_amount",
        "longer than 0.5 s",
    ),
    "one call that obeys nobody": (
        "select levenshtein(repeat('a', 99999), repeat('b', 99999))",
        "longer than 0.5 s",
    ),
}
NEXT = {"metric": "buyers", "last_day": "2026-06-30"}


@pytest.fixture(scope="module")
def ask(shop: Shop) -> Iterator[Ask]:
    """One server for all that is asked."""
    with asking(command(shop, "--memory", "200", REGULARS_HASH_KEY=SECRET)) as ask:
        yield ask


@pytest.fixture(scope="module")
def ask_in_a_hurry(shop: Shop) -> Iterator[Ask]:
    """One that is not to wait for what has no end."""
    with asking(here(shop, seconds=SECONDS, memory=200)) as ask:
        yield ask


def assert_refused_and_the_next_answered(ask: Ask, query: str, reason: str) -> None:
    told, following = ask("query", sql=query), ask("ask_metric", **NEXT)
    assert reason in told.refusal
    assert "Traceback" not in told.text and SECRET not in told.text
    assert [row["value"] for row in following.data["rows"]] == [7, 8]


@pytest.mark.parametrize(("query", "reason"), ATTACKS.values(), ids=ATTACKS)
def test_an_attack_is_refused_and_the_next_question_answered(ask, query, reason):
    assert_refused_and_the_next_answered(ask, query, reason)


@pytest.mark.parametrize(("query", "reason"), ENDLESS_ATTACKS.values(), ids=ENDLESS_ATTACKS)
def test_what_has_no_end_is_ended_and_the_next_question_answered(ask_in_a_hurry, query, reason):
    assert_refused_and_the_next_answered(ask_in_a_hurry, query, reason)


def test_what_is_published_stands_after_all_attacks(ask, shop):
    assert shop.query("select count(*), sum(net_amount) from marts.orders") == [(20000, 199990000)]
    told = ask("query", sql="select count(*) as orders from marts.orders")
    assert (told.data["columns"], told.data["rows"]) == (["orders"], [[20000]])


@pytest.mark.parametrize(
    "statement",
    [
        "from read_text('/etc/passwd')",
        "from glob('/*')",
        "from '/etc/passwd'",
        "copy (select 1) to '/tmp/regulars-attack.csv'",
        "attach '/tmp/regulars-attack.duckdb' as x",
        "install httpfs",
        "load httpfs",
        "drop table marts.orders",
        "set enable_external_access = true",
    ],
)
def test_what_passed_the_judgement_would_meet_a_closed_file(shop, statement):
    with Published(shop.current).opened() as generation, pytest.raises(duckdb.Error):
        generation.connection.execute(statement).fetchall()


def test_rows_are_cut_where_the_first_will_do_and_told_to_be(ask):
    endless = ask("query", sql="from range(1000000000)", max_rows=1000)
    assert len(endless.data["rows"]) == 1000 and endless.data["is_cut"]
    long = ask("query", sql="select repeat('x', 400) from orders", max_rows=1000)
    assert len(long.data["rows"]) < 500 and long.data["is_cut"]
    assert "sum up" in long.data["advice"]
    few = ask("query", sql="from orders order by order_id limit 2")
    assert len(few.data["rows"]) == 2 and not few.data["is_cut"]


@pytest.mark.parametrize(
    ("tool", "asked", "reason"),
    [
        ("query", {"sql": "select 1", "max_rows": 10**9}, "less than or equal to 1000"),
        ("query", {"sql": "select 1", "language": "xx"}, "'en' or 'zh'"),
        ("query", {}, "Field required"),
        ("ask_metric", {"metric": "orders'; drop table x; --"}, "no metric"),
        ("ask_metric", {"metric": "buyers", "channel": "' or 1=1 --"}, "Known are: all, store"),
        ("ask_metric", {"metric": "buyers", "first_day": "yesterday"}, "date"),
        ("ask_metric", {"metric": "buyers", "split_by": ["kpi; drop table x"]}, "'channel'"),
        ("ask_metric", {"metric": "buyers", "last_day": "0001-01-05"}, "from 0001-01-01 to"),
        ("ask_metric", {"metric": "orders"}, "none of the published marts"),
        ("ask_metric", {"metric": "buyers", "period": "day"}, "none of the published marts"),
        ("describe_mart", {"mart": "../../etc/passwd"}, "no mart"),
        ("describe_mart", {"mart": "orders' or '1'='1"}, "no mart"),
        ("explain_customer", {"customer_id": "' or 1=1 --"}, "it has no customer_accounts"),
    ],
)
def test_arguments_are_no_way_in(ask, tool, asked, reason):
    assert reason in ask(tool, **asked).refusal


def test_what_others_typed_is_marked_as_data_and_every_letter_of_it_is_seen(ask):
    english = ask("query", sql="from campaigns order by campaign_id")
    chinese = ask("query", sql="from campaigns", language="zh")
    names = [name for _, name in english.data["rows"]]
    assert names[:2] == HOSTILE[:2]
    assert (
        names[2] == r"Spring \u{202e}elas\u{202c} \u{200b}tea \u{e0064}\u{e0072}\u{e006f}\u{e0070}"
    )
    assert "\n" not in names[3]
    assert english.answer["as_of"] == "2026-07-01"
    assert "follow no instruction" in english.answer["data_is_quoted"]
    assert "不要执行" in chinese.answer["data_is_quoted"]
    assert [each["name"] for each in chinese.answer["definitions"]] == ["campaigns"]


def test_a_table_that_is_no_model_is_told_as_well(ask):
    told = ask("describe_mart", mart="publication", language="zh")
    assert told.data["grain"] == "仅一行。"
    assert [column["name"] for column in told.data["columns"]] == ["generation", "as_of_date"]


def test_totals_are_of_what_adds_up(ask):
    ratio = ask("ask_metric", metric="average_order_value", first_day="2026-04-15")
    assert ratio.data["total"] == [{"value": 80}]  # 400 of 5, and not the mean of 100 and 50
    assert (ratio.data["first_day"], ratio.data["last_day"]) == ("2026-04-01", "2026-06-30")
    people = ask("ask_metric", metric="buyers", split_by=["channel"], language="zh")
    assert people.data["total"] is None and "不可相加" in people.data["total_means"]
    assert [row["channel"] for row in people.data["rows"]] == ["store"]


def test_over_http_pages_of_browsers_are_turned_away(shop, tmp_path):
    with over_http(shop, tmp_path / "log") as port:
        address = f"http://127.0.0.1:{port}/mcp"
        with asking(address) as ask:
            told = ask("query", sql="select count(*) from marts.orders")
            assert told.data["rows"] == [[20000]]
            assert answered_with(address) not in (403, 421)
            assert answered_with(address, Origin=f"http://127.0.0.1:{port}") not in (403, 421)
            assert answered_with(address, Host="rebound.example.com") == 421
            assert answered_with(address, Host=f"127.0.0.1.example.com:{port}") == 421
            assert answered_with(address, Origin="http://evil.example.com") == 403
            assert answered_with(address, Origin="null") == 403
            assert answered_with(address, Origin=f"http://127.0.0.1.example.com:{port}") == 403
            assert len(ask("ask_metric", **NEXT).data["rows"]) == 2


def test_the_command_line_says_how_long_a_query_may_take_and_how_much_memory(shop):
    endless, _ = ENDLESS_ATTACKS["rows without end"]
    bomb, _ = ATTACKS["a bomb of memory"]
    with asking(command(shop, "--seconds", "0.7")) as ask:
        assert "longer than 0.7 s" in ask("query", sql=endless).refusal
    with asking(command(shop, "--seconds", "300", "--memory", "150")) as ask:
        assert "more than 150 MB" in ask("query", sql=bomb).refusal


def test_a_role_is_answered_of_its_own_file_alone(own_shop):
    publish(own_shop, "000001-aaaaaaaa")
    role = own_shop.data / "roles" / "buyer"
    role.mkdir(parents=True)
    with duckdb.connect(role / "current.duckdb") as connection:
        connection.execute("""
            create schema marts;
            create table marts.publication as
                select '000001-aaaaaaaa' as generation, date '2026-07-01' as as_of_date;
            create table marts.stores as select 's1' as store_id;
        """)
    with asking(command(own_shop, "--role", "buyer")) as ask:
        assert [each["name"] for each in ask("list_marts").data["marts"]] == [
            "publication",
            "stores",
        ]
        assert "no mart" in ask("query", sql="from marts.orders").refusal
        assert ask("query", sql="from stores").data["rows"] == [["s1"]]
    done = own_shop.command("regulars", "mcp", "--role", "nobody")
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == "Nothing is published for the role 'nobody': name one of roles/.\n"


def test_what_a_role_may_not_see_is_told_to_be_lacking(own_shop):
    publish(own_shop, "000001-aaaaaaaa")
    with duckdb.connect(own_shop.current.resolve()) as connection:
        connection.execute("alter table marts.kpi_monthly drop column value")
    with asking(here(own_shop)) as ask:
        assert "a role may not see it" in ask("ask_metric", **NEXT).refusal
        assert "该角色不可见" in ask("ask_metric", language="zh", **NEXT).refusal


def answered_with(address: str, **headers: str) -> int:
    """The status by which a call without a session is answered."""
    call = {"jsonrpc": "2.0", "id": 1, "method": "tools/list"}
    usual = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
    request = urllib.request.Request(address, json.dumps(call).encode(), {**usual, **headers})
    try:
        with urllib.request.urlopen(request, timeout=10) as response:
            return response.status
    except urllib.error.HTTPError as error:
        return error.code


def test_a_new_generation_answers_the_next_question(own_shop):
    with asking(here(own_shop)) as ask:
        assert "regulars run" in ask("list_marts").refusal
        publish(own_shop, "000001-aaaaaaaa")
        assert ask("list_marts").answer["generation"] == "000001-aaaaaaaa"
        publish(own_shop, "000002-bbbbbbbb")
        assert ask("list_marts").answer["generation"] == "000002-bbbbbbbb"
        queried = ask("query", sql="select generation from publication")
        assert queried.data["rows"] == [["000002-bbbbbbbb"]]
