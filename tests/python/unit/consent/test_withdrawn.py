"""A no works at the next export, before any build: of a warehouse small enough to write down."""

from __future__ import annotations

import json
from pathlib import Path

import duckdb
import pytest

from orchestration.consent import NotKnown, Withdrawn, withdrawn_since_build
from orchestration.project import Project

BEFORE, NEW, ODD = "b1", "b2", "b3"
ANSWERS = {
    BEFORE: [
        ("crm:M1", "marketing", "sms", "withdrawn"),
        ("crm:M2", "marketing", "sms", "granted"),
    ],
    NEW: [
        ("crm:M2", "marketing", "sms", "withdrawn"),
        ("crm:M3", None, None, "withdrawn"),
        ("crm:M1", "marketing", "email", "granted"),
    ],
    ODD: [
        ("crm:M1", "marketing", "sms", "withdrawn"),
        ("crm:M2", "advertising", "email", "withdrawn"),
        ("crm:M4", "marketing", "text", "unsubscribed"),
    ],
}


def model(name: str, schema: str, *parents: str) -> dict:
    return {
        "name": name,
        "schema": schema,
        "resource_type": "model",
        "depends_on": {"nodes": list(parents)},
    }


MANIFEST = {
    "nodes": {
        "model.union": model("int_consents_delivered", "entities", "model.stg"),
        "model.stg": model("stg_crm__consents", "staging", "source.consents"),
    },
    "sources": {"source.consents": {"source_name": "crm", "name": "consents"}},
}


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """Four customers whom the build knows, of whom x has said no; nothing has landed since."""
    project = Project(tmp_path, tmp_path)
    for folder in (project.target, project.raw / "crm__consents"):
        folder.mkdir(parents=True)
    (project.target / "manifest.json").write_text(json.dumps(MANIFEST))
    (project.target / "run_results.json").write_text("{}")
    (project.root / "dbt_project.yml").write_text("vars: {consent_purposes: [marketing]}")
    deliver(project, BEFORE)
    with duckdb.connect(project.warehouse) as connection:
        connection.execute(f"""
            create schema raw; create schema staging; create schema entities;
            create schema intermediate; create schema reference;
            create view raw.crm__consents as
            from read_parquet('{project.raw}/crm__consents/*.parquet');
            create view staging.stg_crm__consents as
            select account_id, purpose, channel, consent_status, _batch from raw.crm__consents;
            create table entities.int_consents_validated as from staging.stg_crm__consents;
            create table reference.contact_channels as
            select unnest(['sms', 'email']) as channel;
            create table intermediate.int_consent_answers as
            select 'x' as customer_id, 'marketing' as purpose, 'sms' as channel,
                'withdrawn' as answer;
            create table entities.int_current_deliveries as select '{BEFORE}' as batch;
            create table intermediate.int_account_customers (account_id text, customer_id text);
            insert into intermediate.int_account_customers
            values ('crm:M1', 'x'), ('crm:M2', 'w'), ('crm:M3', 'y'), ('crm:M4', 'z')
        """)
    return project


def deliver(project: Project, batch: str) -> None:
    """Lands the answers of a batch as a file."""
    rows = ", ".join(
        str((*(each or "" for each in answer), batch)).replace("''", "null")
        for answer in ANSWERS[batch]
    )
    names = "account_id, purpose, channel, consent_status, _batch"
    duckdb.execute(f"""
        copy (select * from (values {rows}) as answers ({names}))
        to '{project.raw}/crm__consents/{batch}.parquet'
    """)
    events = [
        {"source": "crm", "feed": "consents", "file": f"{batch}.csv", "status": "landed"},
        {"source": "crm", "feed": "members", "file": f"{batch}.csv", "status": "landed"},
        {"source": "crm", "feed": "members", "file": "c.csv", "status": "held"},
    ]
    with project.ledger.open("a") as ledger:
        for event in events:
            name = batch if event["feed"] == "consents" else f"members of {batch}"
            ledger.write(json.dumps({**event, "batch": name}) + "\n")


def test_a_no_that_has_landed_since_the_build_forbids(project):
    deliver(project, NEW)
    withdrawn = withdrawn_since_build(project)
    assert withdrawn.forbids("w", "marketing", "sms")
    assert not withdrawn.forbids("w", "marketing", "email")
    assert not withdrawn.forbids("x", "marketing", "email")
    assert withdrawn.forbids("y", "personalisation", "push"), "a no that names nothing is to all"


def test_what_nobody_knows_is_a_no_to_all_and_what_stands_is_not_told_again(project):
    deliver(project, ODD)
    withdrawn = withdrawn_since_build(project)
    assert withdrawn.forbids("w", "personalisation", "email")
    assert not withdrawn.forbids("w", "marketing", "sms")
    assert withdrawn.forbids("z", "marketing", "email"), "neither the status nor the channel"
    assert not withdrawn.forbids("z", "personalisation", "email")
    assert "x" not in withdrawn.by_customer, "the build obeys it already"


def test_what_a_file_says_again_after_a_correction_counts_again(project):
    """The file had a no, the build knew its correction alone, and the correction was taken back."""
    deliver(project, NEW)
    with duckdb.connect(project.warehouse) as connection:
        connection.execute(f"""
            create or replace table entities.int_consents_validated as
            from staging.stg_crm__consents;
            insert into entities.int_current_deliveries values ('{NEW}')
        """)
    assert not withdrawn_since_build(project)
    with duckdb.connect(project.warehouse) as connection:
        connection.execute(f"delete from entities.int_current_deliveries where batch = '{NEW}'")
    assert withdrawn_since_build(project).forbids("w", "marketing", "sms")


def test_while_a_file_of_consents_is_held_the_export_is_refused(project):
    held = {"source": "crm", "feed": "consents", "file": "new.csv", "status": "held"}
    for status in ("held", "withdrawn"):
        with project.ledger.open("a") as ledger:
            ledger.write(json.dumps({**held, "status": status, "batch": None}) + "\n")
        if status == "held":
            with pytest.raises(NotKnown, match="new.csv may say who has withdrawn"):
                withdrawn_since_build(project)
    assert not withdrawn_since_build(project), "it was taken out of the landing folder"


def test_where_nothing_has_landed_since_nothing_is_withdrawn(project):
    assert not withdrawn_since_build(project)
    with project.ledger.open("a") as ledger:
        ledger.write('{"event": 9, "sour')
    assert not withdrawn_since_build(project), "what a killed run left is no event"


def test_of_what_can_not_be_read_before_a_build_the_export_is_refused(project):
    deliver(project, NEW)
    with duckdb.connect(project.warehouse) as connection:
        connection.execute("""
            create or replace view raw.crm__consents as
            from entities.int_consents_validated where false
        """)
    with pytest.raises(NotKnown, match="the warehouse does not know yet: `regulars run`"):
        withdrawn_since_build(project)
    with duckdb.connect(project.warehouse) as connection:
        connection.execute("drop schema staging cascade")
    with pytest.raises(NotKnown):
        withdrawn_since_build(project)


def test_nobody_said_anything():
    assert not Withdrawn.of(()).forbids("x", "marketing", "sms")
