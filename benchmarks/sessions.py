"""Twenty million events made sessions and a funnel, beside reading and copying them once."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

import duckdb

from benchmarks.timing import Ratio, best_of
from orchestration.project import ROOT

EVENTS = 20_000_000
MEMORY = "4GB"
THREADS = 2
DBT = str(Path(sys.executable).with_name("dbt"))
VIEWS = ("int_visitor_events", "int_session_pieces", "int_cut_sessions", "int_session_steps")
MODELS = (
    *("int_visitors", "int_visitor_events", "int_session_pieces", "int_cut_sessions"),
    *("int_sessions", "int_purchase_sessions"),
    *("int_session_steps", "int_funnel_counts", "int_funnel_weeks", "sessions", "funnel_daily"),
)

# A device has eight visits a year of one to nine events, a minute apart. Seven devices of ten are
# somebody's, who is logged in for half of the visits, and in some from the third event on; on three
# devices of a hundred a second person is, now and then.
EVENT_ROWS = """
create table warehouse.entities.int_events_validated as
with visits as (
    select
        visit,
        (hash(visit, 1) % ({events} // 40))::bigint as device,
        to_timestamp(1735689600 + (hash(visit, 2) % 31536000)::bigint)::timestamp as started_at,
        (hash(visit, 3) % 100)::bigint as chance,
        unnest(range((1 + hash(visit, 4) % 9)::bigint)) as place
    from range({events} // 5) as visits (visit)
)

select
    'app' as source_system,
    'app:X' || lpad((visit * 10 + place)::varchar, 11, '0') as event_id,
    case
        when device % 10 < 7 and (chance < 50 or (chance < 65 and place >= 2))
            then 'shop:U' || if(device % 33 = 0 and chance % 2 = 0, device + 1, device)
    end as account_id,
    'D' || lpad(device::varchar, 12, '0') as device_id,
    'S' || visit as session_id,
    ['search', 'cart', 'click', 'favourite', 'view', 'view', 'view'][
        1 + ((hash(visit, place, 5) % 20) // 3)::bigint
    ] as viewing,
    if(place >= 6, 'checkout', viewing) as event_type,
    if(place = 0, ['direct', 'search', 'wechat', 'douyin', 'email'][1 + chance % 5], null)
        as channel,
    ['home', 'list', 'product', 'cart', 'checkout'][1 + (hash(visit, place, 7) % 5)::bigint]
        as page_kind,
    started_at + place * interval '1' minute as occurred_at,
    (started_at + place * interval '1' minute + interval '8' hour)::date as occurred_on,
    'erp:P' || hash(visit, place) % 5000 as product_id,
    ((hash(visit, place, 9) % 100) / 3)::decimal(18, 2) as dwell_seconds,
    'row' as _row_kind,
    'stg_app__events' as _staging_model,
    visit * 10 + place as _line,
    'batch' || visit % 365 as _batch,
    started_at as _landed_at,
    visit % 365 as delivery_number,
    null::varchar as reason_code,
    'accepted' as row_status,
    false as is_replaced_within_file
from visits
"""
# Every tenth customer bought once in the app while they visited, and once in a store.
OTHER_ROWS = """
create table warehouse.intermediate.int_account_customers as
select 'shop:U' || number as account_id, md5(account_id) as customer_id
from range({events} // 40) as accounts (number);
create table warehouse.intermediate.int_account_identifiers as
select distinct account_id, 'device' as identifier_type, device_id as identifier_value
from warehouse.entities.int_events_validated
where account_id is not null;
create table warehouse.intermediate.int_identifier_verdicts as
select
    'device' as identifier_type, 'D' || number as identifier_value,
    null::varchar as refusal_reason
from range({events} // 1000) as devices (number);
create table warehouse.entities.int_orders as
select 'shop:' || event_id as order_id, account_id, 'app' as channel, occurred_at as ordered_at
from warehouse.entities.int_events_validated
where event_type = 'checkout' and account_id is not null;
create table warehouse.intermediate.int_transactions as
select
    order_id, customer_id, ordered_at::date as transacted_on, 99.90::decimal(18, 2) as net_amount,
    null::date as effective_to, true as is_purchase
from warehouse.entities.int_orders
inner join warehouse.intermediate.int_account_customers using (account_id);
create table warehouse.intermediate.int_first_purchases as
select customer_id, min(transacted_on) as first_purchase_on
from warehouse.intermediate.int_transactions
group by customer_id;
create table warehouse.intermediate.int_as_of_dates as
select date '2026-01-01' as as_of_date, true as is_latest
"""


def ratios(folder: Path, events: int = EVENTS) -> Iterator[Ratio]:
    """Wall-clock seconds of the same connection.

    Reading is hashing every column of the table of events, and writes nothing; copying writes it.
    """
    compiled = compile_models(folder, MODELS)
    with duckdb.connect() as connection:
        connection.execute(
            f"set threads = {THREADS}; set memory_limit = '{MEMORY}';"
            f" set temp_directory = '{folder / 'spilled'}'; set preserve_insertion_order = false;"
            f" attach '{folder / 'warehouse.duckdb'}' as warehouse"
        )
        for schema in ("entities", "intermediate", "marts"):
            connection.execute(f"create schema warehouse.{schema}")
        for rows in (EVENT_ROWS, OTHER_ROWS):
            connection.execute(rows.format(events=events))
        connection.execute("checkpoint warehouse")
        floors = {
            "reading them": best_of(3, lambda _: read(connection)),
            "copying them": best_of(1, lambda _: copy(connection)),
        }
        began = time.perf_counter()
        for model in MODELS:
            build(connection, model, compiled[model])
        seconds = time.perf_counter() - began
    step = f"sessions, funnel: {events / 1e6:g} million events"
    yield from (Ratio(step, floor, seconds, taken) for floor, taken in floors.items())


def compile_models(folder: Path, models: Iterable[str]) -> dict[str, str]:
    """The SQL of the models by name, as dbt runs it; in this folder, since there may be no data."""
    subprocess.run(
        [
            *(DBT, "compile", "--quiet", "--select", *models),
            *("--target-path", folder / "target", "--log-path", folder),
        ],
        cwd=ROOT,
        env={**os.environ, "REGULARS_DATA": str(folder)},
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return {path.stem: path.read_text() for path in (folder / "target").glob("compiled/**/*.sql")}


def read(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "select bit_xor(hash(events)) from warehouse.entities.int_events_validated as events"
    ).fetchone()


def copy(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute(
        "create or replace table warehouse.main.copied as"
        " from warehouse.entities.int_events_validated"
    )


def build(connection: duckdb.DuckDBPyConnection, model: str, sql: str) -> None:
    schema = "intermediate" if model.startswith("int_") else "marts"
    kind = "view" if model in VIEWS else "table"
    connection.execute(f"create {kind} warehouse.{schema}.{model} as {sql}")
