"""Readers see whole, immutable generations of the marts, one at a time."""

from __future__ import annotations

import errno
import json
import os
import shutil
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta, timezone
from pathlib import Path

import duckdb
import pytest

from orchestration.publish.generations import (
    Generation,
    generations,
    publish,
    published_fingerprint,
    rollback,
)
from orchestration.publish.marts import Mart, PublicationError, marts_of
from orchestration.publish.stage import PublicationFacts

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)
FACTS = PublicationFacts(date(2026, 2, 28), None, "c0ffee", "1.11.16", "duckdb")
MARTS = [Mart("sales", ["customer_id", "sold_on"]), Mart("shops", ["shop"])]
SALES = """
    select
        i // 3 as customer_id,
        date '2026-01-01' + (i % 3)::integer as sold_on,
        (i * 0.37)::decimal(18, 2) as amount,
        i / 7.0::double as ratio,
        case when i % 5 > 0 then md5(i::varchar) end as note,
        timestamptz '2026-01-01 00:00:00+00' + to_seconds(i) as sold_at,
        [i, i + 1] as basket,
        {'shop': 'a', 'till': i} as place,
    from range({count}) as rows(i)
    order by {order}
"""


def make_warehouse(path: Path, count: int = 10, order: str = "i", shop: str = "mall") -> Path:
    path.unlink(missing_ok=True)
    with duckdb.connect(path) as connection:
        connection.execute("set TimeZone = 'UTC'")
        connection.execute("create schema marts")
        sales = SALES.replace("{count}", str(count)).replace("{order}", order)
        connection.execute(f"create table marts.sales as {sales}")
        connection.execute("create table marts.shops as select $shop as shop", {"shop": shop})
        connection.execute("create table marts.no_model_makes_this as select 1 as x")
    return path


@pytest.fixture
def warehouse(tmp_path: Path) -> Path:
    return make_warehouse(tmp_path / "warehouse.duckdb")


@pytest.fixture
def published(tmp_path: Path) -> Path:
    return tmp_path / "published"


def publish_shop(shop: str, published: Path, days: int = 0) -> Generation:
    warehouse = make_warehouse(published.parent / "warehouse.duckdb", shop=shop)
    facts = replace(FACTS, as_of_date=FACTS.as_of_date + timedelta(days))
    return publish(MARTS, warehouse, published, facts, NOON + timedelta(days))


def read(published: Path, query: str) -> list[tuple]:
    with duckdb.connect(published / "current.duckdb", read_only=True) as connection:
        return connection.execute(query).fetchall()


def shop_seen(published: Path) -> str:
    return read(published, "select shop from marts.shops")[0][0]


def test_marts_are_copied_with_types_and_rows_in_the_order_of_the_key(warehouse, published):
    shuffled = make_warehouse(warehouse, count=1000, order="hash(i)")
    publish(MARTS, shuffled, published, FACTS, NOON)
    with duckdb.connect(warehouse, read_only=True) as connection:
        types = connection.execute("describe marts.sales").fetchall()
        rows = connection.execute("from marts.sales order by customer_id, sold_on").fetchall()
    described = read(published, "describe marts.sales")
    assert [column[:2] for column in described] == [column[:2] for column in types]
    assert {name for name, _, null, *_ in described if null == "NO"} == {"customer_id", "sold_on"}
    assert read(published, "from marts.sales") == rows
    assert read(published, f"from '{published}/current/sales.parquet'") == rows


def test_only_marts_of_the_manifest_and_the_publication_are_published(warehouse, published):
    publish(MARTS, warehouse, published, FACTS, NOON)
    tables = read(published, "select table_name from duckdb_tables() order by all")
    assert tables == [("publication",), ("sales",), ("shops",)]
    assert sorted(path.name for path in (published / "current").iterdir()) == [
        "SHA256SUMS",
        "publication.parquet",
        "regulars.duckdb",
        "sales.parquet",
        "shops.parquet",
    ]


def test_a_generation_keeps_what_it_depended_on_and_a_rollback_brings_it_back(warehouse, published):
    assert published_fingerprint(published) is None
    for fingerprint in ("spring", "summer"):
        publish(MARTS, warehouse, published, FACTS, NOON, fingerprint=fingerprint)
        assert published_fingerprint(published) == fingerprint
    rollback(published)
    assert published_fingerprint(published) == "spring"
    publish(MARTS, warehouse, published, FACTS, NOON)
    assert published_fingerprint(published) is None


def test_the_publication_says_what_readers_see(warehouse, published):
    in_shanghai = datetime(2026, 3, 1, 9, tzinfo=timezone(timedelta(hours=8)))
    publish(MARTS, warehouse, published, replace(FACTS, known_at=in_shanghai), NOON)
    with duckdb.connect(published / "current.duckdb", read_only=True) as connection:
        rows = connection.execute("from marts.publication")
        columns = {name: str(type_) for name, type_, *_ in rows.description}
        row = dict(zip(columns, rows.fetchone(), strict=True))
    digests = json.loads(row.pop("digests"))
    digest = row.pop("digest")
    assert json.loads(row.pop("months")).keys() == {"sales", "shops"}
    assert row == {
        "generation": f"000001-{digest[:8]}",
        "published_at": datetime(2026, 3, 1, 12),
        "as_of_date": date(2026, 2, 28),
        "known_at": datetime(2026, 3, 1, 1),
        "code_version": "c0ffee",
        "dbt_version": "1.11.16",
        "engine": "duckdb",
        "reporting_currency": None,
        "duckdb_version": duckdb.__version__,
        "mart_count": 2,
        "row_count": 11,
        "row_counts": '{"sales": 10, "shops": 1}',
    }
    assert digests.keys() == {"sales", "shops"}
    assert {len(text) for text in (*digests.values(), digest)} == {32}
    assert columns["published_at"] == columns["known_at"] == "TIMESTAMP"
    assert columns["mart_count"] == columns["row_count"] == "BIGINT"


def test_marts_of_a_real_build_are_published_with_their_descriptions(good, published):
    manifest = json.loads((good.target / "manifest.json").read_text())
    publish(marts_of(manifest), good.warehouse, published, FACTS, NOON)
    assert read(published, "from marts.customers") == [(1, 3), (2, 7)]
    comments = read(
        published,
        """
        select comment from duckdb_tables() where table_name = 'customers'
        union all
        select comment from duckdb_columns() where comment is not null
        """,
    )
    said = "Who buys. One row per customer. Key: customer_id."
    told = read(
        published,
        "select count(*), count(comment) from duckdb_columns() where table_name = 'publication'",
    )
    assert [comments[0], comments[1]] == [(said,), ("The person's number.",)]
    assert told[0][0] == told[0][1] == len(comments) - 2, "a publication tells what it tells"


def test_equal_rows_make_equal_bytes_whatever_the_threads_and_the_order(tmp_path, warehouse):
    bytes_made, digests_made = set(), set()
    for order in ("i", "hash(i)"):
        make_warehouse(warehouse, count=130_000, order=order)
        for threads in (1, 2, 4):
            published = tmp_path / f"{order}{threads}" / "published"
            settings = {"threads": threads}
            generation = publish(MARTS, warehouse, published, FACTS, NOON, settings)
            bytes_made.add((published / "current" / "sales.parquet").read_bytes())
            digests_made.add(
                (generation.id, read(published, "select digest from marts.publication")[0])
            )
    assert len(bytes_made) == len(digests_made) == 1


def test_any_duckdb_since_1_2_can_read_what_is_published(warehouse, published):
    publish(MARTS, warehouse, published, FACTS, NOON)
    query = "select database_name, tags['storage_version'] from duckdb_databases() where path <> ''"
    assert read(published, query) == [("regulars", "v1.0.0+")], "the name is that of no generation"


def test_what_is_made_of_a_generation_lies_beside_it_and_goes_with_it(warehouse, published):
    def told(folder: Path) -> list[Path]:
        """What could be read from the marts, as a workbook is made of them."""
        with duckdb.connect(folder / "regulars.duckdb", read_only=True) as connection:
            [(count,)] = connection.execute("select count(*) from marts.sales").fetchall()
        (folder / "told.txt").write_text(str(count))
        return [folder / "told.txt"]

    first = publish(MARTS, warehouse, published, FACTS, NOON, beside=told)
    file = published / "current" / "told.txt"
    assert file.read_text() == "10" and file.stat().st_mode & 0o777 == 0o444
    publish(MARTS, make_warehouse(warehouse, count=20), published, FACTS, NOON, beside=told)
    assert file.read_text() == "20"
    assert rollback(published).id == first.id and file.read_text() == "10"


def test_a_key_is_declared_and_one_of_two_columns_is_told(warehouse, published):
    publish(MARTS, warehouse, published, FACTS, NOON)
    keys = "select table_name, constraint_type from duckdb_constraints() order by all"
    assert read(published, keys) == [
        ("sales", "NOT NULL"),
        ("sales", "NOT NULL"),
        ("shops", "NOT NULL"),
        ("shops", "PRIMARY KEY"),
    ]
    comment = "select comment from duckdb_tables() where table_name = 'sales'"
    assert read(published, comment) == [("Key: customer_id, sold_on.",)]


def test_a_mart_of_too_many_rows_gets_an_index_only_where_it_is_sorted_otherwise(
    warehouse, published, monkeypatch
):
    monkeypatch.setattr("orchestration.publish.files.MOST_KEYED_ROWS", 0)
    marts = [MARTS[0], Mart("shops", ["shop"], sorted_by=["shop"])]
    publish(marts, warehouse, published, FACTS, NOON)
    indexes = "select table_name, index_name from duckdb_indexes()"
    assert read(published, indexes) == [("shops", "shops_key")]
    keys = "select count(*) from duckdb_constraints() where constraint_type = 'PRIMARY KEY'"
    assert read(published, keys) == [(0,)]


def test_pointers_are_relative_so_that_the_data_folder_can_be_moved(warehouse, published):
    generation = publish(MARTS, warehouse, published, FACTS, NOON)
    assert os.readlink(published / "current") == f"generations/{generation.id}"
    assert os.readlink(published / "current.duckdb") == "current/regulars.duckdb"
    moved = published.rename(published.with_name("moved"))
    assert shop_seen(moved) == "mall"


def test_what_is_published_cannot_be_written(warehouse, published):
    generation = publish(MARTS, warehouse, published, FACTS, NOON)
    files = list((published / "generations" / generation.id).iterdir())
    assert {path.stat().st_mode & 0o777 for path in files} == {0o444}


def test_the_same_marts_are_published_again_since_freshness_is_news(published):
    first, second = publish_shop("a", published), publish_shop("a", published, days=1)
    assert (first.id[:6], second.id[:6]) == ("000001", "000002")
    assert first.id[6:] == second.id[6:]
    assert second == Generation(second.id, date(2026, 3, 1), NOON + timedelta(1), True)


def file_of(generation: Generation, mart: str, published: Path) -> Path:
    return published / "generations" / generation.id / f"{mart}.parquet"


def is_linked(mart: str, published: Path, one: Generation, other: Generation) -> bool:
    return file_of(one, mart, published).samefile(file_of(other, mart, published))


def digests(published: Path) -> dict[str, str]:
    return json.loads(read(published, "select digests from marts.publication")[0][0])


def test_a_mart_with_the_same_rows_is_the_file_of_the_last_generation(published):
    first = publish_shop("a", published)
    sales, made = read(published, "from marts.sales"), digests(published)
    second = publish_shop("b", published)
    assert is_linked("sales", published, first, second)
    assert not is_linked("shops", published, first, second)
    assert read(published, "from marts.sales") == sales
    assert digests(published)["sales"] == made["sales"]
    assert digests(published)["shops"] != made["shops"]


def test_a_generation_is_whole_when_the_one_it_was_linked_from_is_gone(published):
    made = [publish_shop("a", published, days) for days in range(4)]
    assert is_linked("sales", published, made[1], made[3])
    assert not file_of(made[0], "sales", published).exists()
    assert len(read(published, f"from '{published}/current/sales.parquet'")) == 10


def test_a_damaged_file_is_not_linked(published):
    first = publish_shop("a", published)
    for mart, damage in {"sales": b"", "shops": b"PAR1 no more"}.items():
        file = file_of(first, mart, published)
        file.unlink()
        file.write_bytes(damage)
    second = publish_shop("a", published)
    assert read(published, f"from '{published}/current/shops.parquet'") == [("a",)]
    assert second.id[6:] == first.id[6:]


def test_what_a_file_holds_is_compared_and_not_what_was_said_of_it(published):
    first = publish_shop("a", published)
    file = file_of(first, "shops", published)
    told = "select decode(value) from parquet_kv_metadata($1) where decode(key) = 'layout'"
    [(layout,)] = duckdb.execute(told, [str(file)]).fetchall()
    file.unlink()
    kept = f"kv_metadata {{layout: '{layout}'}}"
    duckdb.execute(f"copy (select 'b' as shop) to '{file}' (format parquet, {kept})")
    publish_shop("a", published)
    assert read(published, f"from '{published}/current/shops.parquet'") == [("a",)]


def test_another_order_is_written_anew(warehouse, published):
    first = publish(MARTS, warehouse, published, FACTS, NOON)
    by_day = [replace(MARTS[0], sorted_by=["sold_on"]), MARTS[1]]
    second = publish(by_day, warehouse, published, FACTS, NOON)
    assert not is_linked("sales", published, first, second)
    assert is_linked("shops", published, first, second)
    for relation in ("marts.sales", f"'{published}/current/sales.parquet'"):
        rows = read(published, f"select sold_on, customer_id from {relation}")
        assert rows == sorted(rows)


def test_what_is_sorted_by_something_else_is_found_by_its_key(warehouse, published):
    sales = Mart("sales", ["amount"], sorted_by=["customer_id"])
    for _ in range(2):
        publish([sales], make_warehouse(warehouse, 9000), published, FACTS, NOON)
        plan = read(published, "explain analyze from marts.sales where amount = 3.70")
        assert "Index Scan" in plan[0][1]


def test_what_is_asked_besides_is_found_by_an_index(warehouse, published):
    sales = Mart("sales", ["customer_id", "amount"], found_by=["amount"])
    for _ in range(2):
        publish([sales], make_warehouse(warehouse, 9000), published, FACTS, NOON)
        plan = read(published, "explain analyze from marts.sales where amount = 3.70")
        assert "Index Scan" in plan[0][1]


def test_a_disk_without_links_gets_copies(published, monkeypatch):
    def refuse(*paths: Path) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refuse)
    first, second = publish_shop("a", published), publish_shop("a", published)
    assert not is_linked("sales", published, first, second)
    one, other = (file_of(generation, "sales", published) for generation in (first, second))
    assert one.read_bytes() == other.read_bytes()


def test_three_generations_are_kept(published):
    made = [publish_shop(shop, published, days) for days, shop in enumerate("abcde")]
    kept = generations(published)
    assert [generation.id for generation in kept] == [made[4].id, made[3].id, made[2].id]
    assert [generation.as_of_date.day for generation in kept] == [4, 3, 2]
    assert [generation.is_current for generation in kept] == [True, False, False]
    ids = [generation.id for generation in kept]
    assert set(os.listdir(published / "generations")) == {*ids, *(f"{id}.duckdb" for id in ids)}


def test_nothing_is_listed_before_the_first_publication(published):
    assert generations(published) == []


def test_a_damaged_generation_is_left_out_unless_readers_see_it(published):
    first, second = publish_shop("mall", published), publish_shop("pier", published, days=1)

    def damage(generation: Generation) -> None:
        file = published / "generations" / generation.id / "publication.parquet"
        file.chmod(0o644)
        file.write_bytes(b"PAR1")

    damage(first)
    assert generations(published) == [second]
    third = publish_shop("quay", published, days=2)
    assert [each.id for each in generations(published)] == [third.id, second.id]
    damage(third)
    with pytest.raises(duckdb.Error):
        generations(published)


def test_rollback_goes_back_one_by_one_and_then_says_that_there_is_no_more(published):
    made = [publish_shop(shop, published) for shop in "abc"]
    assert rollback(published) == replace(made[1], is_current=True)
    assert shop_seen(published) == "b"
    assert rollback(published).id == made[0].id
    assert shop_seen(published) == "a"
    with pytest.raises(PublicationError, match="no earlier generation to roll back to: publish"):
        rollback(published)
    assert shop_seen(published) == "a"


def test_after_a_rollback_the_next_publication_leaves_out_what_was_rolled_back(published):
    for shop in ("good", "bad"):
        publish_shop(shop, published)
    rollback(published)
    assert [generation.id[:6] for generation in generations(published)] == ["000001"]
    assert publish_shop("better", published).id.startswith("000003")
    assert shop_seen(published) == "better"
    rollback(published)
    assert shop_seen(published) == "good"


def test_a_generation_that_was_never_pointed_at_is_not_gone_to_and_goes(published):
    first, second = publish_shop("a", published), publish_shop("b", published)
    (published / "current").unlink()
    (published / "current").symlink_to(f"generations/{first.id}")  # as before the flip to b
    with pytest.raises(PublicationError, match="no earlier generation"):
        rollback(published)
    third = publish_shop("c", published)
    assert [generation.id for generation in generations(published)] == [third.id, first.id]
    assert second.id not in os.listdir(published / "generations")


def test_rollback_mends_a_pointer_to_what_is_gone(published):
    first, second = publish_shop("a", published), publish_shop("b", published)
    shutil.rmtree(published / "generations" / second.id)
    assert rollback(published).id == first.id
    assert shop_seen(published) == "a"


def test_a_lost_pointer_for_duckdb_is_made_again(warehouse, published):
    publish(MARTS, warehouse, published, FACTS, NOON)
    (published / "current.duckdb").unlink()
    publish(MARTS, warehouse, published, FACTS, NOON)
    assert shop_seen(published) == "mall"


def test_a_reader_keeps_the_generation_it_opened(published):
    publish_shop("first", published)
    with duckdb.connect(published / "current.duckdb", read_only=True) as reader:
        for shop in "abcd":  # long enough for the file of the reader to be removed
            publish_shop(shop, published)
            assert reader.execute("select shop from marts.shops").fetchall() == [("first",)]
            assert reader.execute("select count(note) from marts.sales").fetchone() == (8,)
            assert shop_seen(published) == shop


def test_nothing_is_left_beside_what_is_published(warehouse, published):
    publish(MARTS, warehouse, published, FACTS, NOON)
    publish(MARTS, warehouse, published, FACTS, NOON)
    rollback(published)
    assert sorted(os.listdir(published.parent)) == ["published", "warehouse.duckdb"]
    assert sorted(os.listdir(published)) == ["current", "current.duckdb", "generations"]


def test_files_of_others_are_left_alone(warehouse, published):
    (published / "generations" / "of mine").mkdir(parents=True)
    (published / "generations" / "notes.txt").touch()
    for _ in range(4):
        publish(MARTS, warehouse, published, FACTS, NOON)
    assert {"of mine", "notes.txt"} <= set(os.listdir(published / "generations"))


@pytest.mark.parametrize("damage", ["missing", "not a database", "no such mart"])
def test_a_warehouse_that_cannot_be_read_leaves_readers_what_they_had(published, damage):
    before = publish_shop("a", published)
    warehouse = published.parent / "warehouse.duckdb"
    marts = MARTS
    if damage == "missing":
        warehouse.unlink()
    elif damage == "not a database":
        warehouse.write_bytes(b"\0" * 50_000)
    else:
        marts = [*MARTS, Mart("forgotten", ["id"])]
    with pytest.raises(PublicationError, match="regulars (run|publish)"):
        publish(marts, warehouse, published, FACTS, NOON)
    assert generations(published) == [before]
    assert shop_seen(published) == "a"
    assert not (published / ".publishing").exists()


def test_readers_may_be_served_from_another_disk(published, monkeypatch):
    """Where `published/` is a link or a mount, no rename leads into it, nor a hard link."""

    def within(rename):
        def renamed(path, target):
            if {path.is_relative_to(published), Path(target).is_relative_to(published)} != {True}:
                raise OSError(errno.EXDEV, "Invalid cross-device link")
            return rename(path, target)

        return renamed

    for name in ("rename", "replace"):
        monkeypatch.setattr(Path, name, within(getattr(Path, name)))
    publish_shop("a", published)
    publish_shop("b", published, days=1)
    assert shop_seen(published) == "b"
    rollback(published)
    assert shop_seen(published) == "a"
    assert {path.name for path in published.iterdir()} == {
        "current",
        "current.duckdb",
        "generations",
    }


def test_a_publication_of_nothing_is_refused(warehouse, published):
    with pytest.raises(PublicationError, match="nothing to publish"):
        publish([], warehouse, published, FACTS, NOON)
