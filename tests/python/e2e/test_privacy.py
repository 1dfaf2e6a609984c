"""No personal data outside the private warehouse, by canaries: the values in the tiny example."""

from __future__ import annotations

import csv
import json
import stat
from collections.abc import Iterable
from pathlib import Path

import duckdb
from conftest import ROOT

from orchestration.privacy.inventory import personal_columns
from orchestration.project import Project

FILES = Path(__file__).resolve().parents[3] / "examples" / "tiny" / "landing"


def canaries() -> set[str]:
    """Phones, addresses and names of the example's people, as delivered and as normalised."""
    found = set()
    with (FILES / "crm/members/members.csv").open(encoding="utf-8") as file:
        for member in csv.DictReader(file, delimiter=";"):
            found |= {
                member[key] for key in ("mobile", "email", "full_name", "birthday", "address")
            }
    for user in _objects_of("shop/users/users.jsonl"):
        personal = ("mobile", "email", "unionid", "nick_name", "address")
        found |= {user[key] for key in personal if key in user}
    for order in _objects_of("shop/orders/orders.jsonl"):
        found |= {order[key] for key in ("contact_phone", "contact_email") if key in order}
    found = {value for value in found if value}
    digits = {"".join(filter(str.isdigit, value)) for value in found}
    found |= {value[-11:] for value in digits if len(value) >= 11}
    return found | {value.lower() for value in found}


def _objects_of(file: str) -> Iterable[dict]:
    """The objects of a JSON lines file, without the line that is cut off."""
    for line in (FILES / file).read_text(encoding="utf-8").splitlines():
        if line.endswith("}"):
            yield json.loads(line)


def values_of(tiny) -> set[str]:
    """Every distinct value of the published database and of its Parquet files, as text."""
    values = set()
    with duckdb.connect(tiny.current, read_only=True) as connection:
        marts = [
            name
            for (name,) in connection.execute(
                "select name from (show tables from marts)"
            ).fetchall()
        ]
        files = [str(path) for path in (tiny.data / "published").glob("generations/*/*.parquet")]
        for relation in [*(f"marts.{mart}" for mart in marts), *(f"'{file}'" for file in files)]:
            columns = connection.execute(f"select column_name from (describe from {relation})")
            for (column,) in columns.fetchall():
                rows = connection.execute(f'select distinct "{column}"::varchar from {relation}')
                values |= {value for (value,) in rows.fetchall() if value}
    assert len(files) == len(marts) > 10
    return values


def test_published_marts_hold_no_contact_data(tiny):
    values = values_of(tiny)
    assert "pos:R1016" in values, "what is published would be found"
    # A short nickname may stand inside another word, so that whole values are compared as well.
    assert not values & canaries()
    long = {canary for canary in canaries() if len(canary) > 6}
    assert not [value for value in values for canary in long if canary in value]


def contact_data_in(files: Iterable[Path]) -> list[tuple[str, bytes]]:
    """The phones and addresses that stand in files, each with the file's name."""
    known = [canary.encode() for canary in canaries() if "@" in canary or canary.isdigit()]
    placeholder = b"13800000000"  # stands in the seed, and belongs to nobody
    return [
        (path.name, canary)
        for path in files
        for canary in known
        if canary != placeholder and canary in path.read_bytes()
    ]


def test_no_file_but_the_private_ones_holds_contact_data(tiny):
    """The report, logs, compiled SQL and manifest; deliveries, raw rows and the warehouse are
    private, and what is published is read above."""
    private = {"landing", "raw", "warehouse.duckdb", "published"}
    files = [
        path
        for path in tiny.data.rglob("*")
        if path.is_file() and path.relative_to(tiny.data).parts[0] not in private
    ]
    assert any(b"int_account_identifiers" in path.read_bytes() for path in files)
    assert len(files) > 20
    assert not contact_data_in(files)


def test_what_is_personal_is_declared_and_told_in_the_document(tiny):
    """Nothing of the tiny example looks personal, by name or by value, and is not declared; the
    inventory of docs/privacy.md is what the command says."""
    done = tiny.command("regulars", "privacy")
    assert done.returncode == 0, done.stderr
    document = (ROOT / "docs" / "privacy.md").read_text(encoding="utf-8")
    told = document.partition("<!-- regulars privacy -->\n")[2].partition("<!-- end -->")[0]
    assert told == done.stdout


def test_marts_hold_traits_and_keys_and_a_visitor_by_a_hash(tiny):
    found = [each for each in personal_columns(Project(ROOT, tiny.data)) if each.schema == "marts"]
    told = {(each.table, each.column) for each in found if each.kind not in ("trait", "key")}
    assert told == {("sessions", "visitor_id")}


def test_files_are_their_owner_s_but_for_what_is_published(tiny):
    for path in tiny.data.iterdir():
        if path.name not in {"published", "report", "refresh.lock"}:
            below = [path, *path.rglob("*")]
            modes = {each.name: stat.S_IMODE(each.stat().st_mode) for each in below}
            assert set(modes.values()) <= {0o600, 0o700}, path.name
    [current] = (tiny.data / "published").glob("current.duckdb")
    assert stat.S_IMODE(current.stat().st_mode) == 0o444
    for folder in (current.resolve().parent, tiny.data / "published", tiny.data / "report"):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o755
    pages = list((tiny.data / "report").glob("*.html"))
    assert len(pages) == 3
    assert {stat.S_IMODE(page.stat().st_mode) for page in pages} == {0o644}
