"""Whatever happens to the lines of a file on its way, each of them is counted to the end.

Every sample file of the project, of the tiny example and of the sources that come with it, is sent
in many versions, of which records are fused, dropped, doubled or put into another order at random.
What they become is followed from the lander to the entities.
"""

from __future__ import annotations

import csv
import io
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest
import yaml
from conftest import ROOT, Shop
from engines.every_source import FOLDER, SOURCES, expected

from orchestration.duck import identifier, literal
from orchestration.landing import Feed, land, read_feeds

VERSIONS = 12  # of each sample file; there are more than forty
DEMO = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["sources"]
SWITCHED_ON = {**DEMO, **{source: expected(source)["entities"] for source in SOURCES}}
FEEDS = {
    (feed.source, feed.table): feed for feed in read_feeds(ROOT / "models/staging", SWITCHED_ON)
}


@dataclass(frozen=True)
class Sample:
    """A text file of a feed, and where it lies below a landing folder."""

    path: Path
    name: str

    @property
    def feed(self) -> Feed:
        source, table, *_ = Path(self.name).parts
        return FEEDS[source, table].of_file(self.path.name)

    def records(self) -> list[str]:
        """Its records, the header first if there is one, each of whole lines."""
        with self.path.open(encoding=self.feed.encoding, newline="") as stream:
            lines = stream.read().splitlines(keepends=True)
        if self.path.suffix == ".jsonl" or not self.feed.quote:
            return lines
        reader, ends = csv.reader(lines, delimiter=self.feed.delimiter), [0]
        ends += [reader.line_num for _ in reader]
        return ["".join(lines[a:b]) for a, b in zip(ends, ends[1:], strict=False)]


def samples() -> Iterator[Sample]:
    """All but workbooks and Parquet, whose rows the lander's own tests move about."""
    landing = [*(FOLDER.glob("*/landing")), ROOT / "examples/tiny/landing"]
    for folder in sorted(landing):
        source = [folder.parent.name] if folder.is_relative_to(FOLDER) else []
        for path in sorted(folder.rglob("*.*")):
            if path.suffix in {".csv", ".txt", ".jsonl"}:
                yield Sample(path, "/".join([*source, *path.relative_to(folder).parts]))


def mutated(records: list[str], chance: random.Random) -> str:
    """The file after one to three of what may happen to its records."""
    records = [record.rstrip("\r\n") + "\n" for record in records]
    for _ in range(chance.randint(1, 3)):
        place, other = chance.randrange(len(records)), chance.randrange(len(records))
        match chance.choice(["fuse", "drop", "double", "reorder"]):
            case "fuse":
                records[place] = records[place].removesuffix("\n")
            case "drop" if len(records) > 1:
                del records[place]
            case "double":
                records.insert(other, records[place])
            case "reorder":
                records[place], records[other] = records[other], records[place]
    return "".join(records)


@dataclass(frozen=True)
class Delivered:
    """A shop that was sent all versions; `contents` are these by file, `held` what was not read."""

    shop: Shop
    contents: dict[str, str]
    held: frozenset[str]

    def landed(self, relation: str, columns: list[str], files: str) -> set[tuple]:
        """The different rows of a feed, as landed from files of a kind of name."""
        paths = self.shop.data / "raw" / relation / "*.parquet"
        chosen = ", ".join(map(identifier, columns))
        with duckdb.connect() as connection:
            return set(
                connection.execute(
                    f"select distinct {chosen} from read_parquet({literal(paths)})"
                    f" where _file like {literal(files)}"
                ).fetchall()
            )


def _keeps_its_header(text: str, records: list[str], sample: Sample) -> bool:
    """Of JSON lines, any file does."""
    return sample.path.suffix == ".jsonl" or text.startswith(records[0].rstrip("\r\n") + "\n")


@pytest.fixture(scope="module")
def delivered(tmp_path_factory: pytest.TempPathFactory) -> Delivered:
    """Every sample as it is, and its versions beside it, landed at once."""
    shop, chance = Shop(tmp_path_factory.mktemp("mutations") / "data"), random.Random(2026)
    contents, landing = {}, shop.data / "landing"
    for sample in samples():
        target, records = landing / sample.name, sample.records()
        target.parent.mkdir(parents=True, exist_ok=True)
        target.with_stem(f"{target.stem}_as_it_is").write_bytes(sample.path.read_bytes())
        for number in range(VERSIONS):
            text = mutated(records, chance)
            kind = "moved" if _keeps_its_header(text, records, sample) else "beheaded"
            version = target.with_stem(f"{target.stem}_{kind}_{number}")
            version.write_bytes(text.encode(sample.feed.encoding))
            contents[version.relative_to(landing).as_posix()] = text
    assert len(contents) >= 500
    report = land(FEEDS.values(), landing, shop.data / "raw", datetime.now(UTC), lambda told: None)
    return Delivered(shop, contents, frozenset(outcome.file for outcome in report.held))


def test_every_line_is_accepted_or_set_aside(delivered: Delivered) -> None:
    ledger = (delivered.shop.data / "raw" / "deliveries.jsonl").read_text().splitlines()
    landed = [event for event in map(json.loads, ledger) if event["file"] in delivered.contents]
    assert {event["file"] for event in landed} == set(delivered.contents)
    for event in landed:
        if event["status"] == "held":
            assert event["file"] in delivered.held
            continue
        parts = ("lines_header", "lines_blank", "lines_accepted", "lines_quarantined")
        lines = io.StringIO(delivered.contents[event["file"]], newline=None).readlines()
        assert event["lines_physical"] == sum(event[part] for part in parts) == len(lines)


def test_a_header_that_is_none_is_told(delivered: Delivered) -> None:
    """Fused with a record, it is another header; in the place of a record, there is none."""
    ledger = (delivered.shop.data / "raw" / "deliveries.jsonl").read_text().splitlines()
    beheaded = [event for event in map(json.loads, ledger) if "_beheaded_" in (event["file"] or "")]
    assert len(beheaded) > 50
    silent = [
        event["file"]
        for event in beheaded
        if event["status"] == "landed" and event["rows_accepted"] and not event["columns_added"]
    ]
    assert silent == []


@pytest.mark.parametrize("feed", sorted({sample.feed.relation for sample in samples()}))
def test_no_row_is_invented(delivered: Delivered, feed: str) -> None:
    """A row is word for word one of the files before; but for what it takes from the row before it,
    which may be another's now."""
    [columns] = [each.columns for each in FEEDS.values() if each.relation == feed]
    names = [column.name for column in columns if not column.fill_down]
    moved = delivered.landed(feed, names, "%_moved_%")
    assert moved
    assert moved <= delivered.landed(feed, names, "%_as_it_is.%")


def test_every_row_is_settled_once_for_each_that_reads_it(delivered: Delivered) -> None:
    """landed = accepted + quarantined + superseded + duplicate + ignored, batch by batch."""
    shop = delivered.shop
    words = ("--vars", json.dumps({"sources": SWITCHED_ON}), "--select")
    shop.build("duckdb", *words, "+path:models/entities")
    done = shop.dbt("duckdb", "test", *words, "assert_every_landed_row_is_settled")
    assert done.returncode == 0 and "1 of 1 PASS" in done.stdout, done.stdout
    statuses = {
        status
        for (status,) in shop.query(
            "select distinct row_status from entities.int_order_lines_validated", shop.warehouse
        )
    }
    assert statuses == {"accepted", "quarantined", "superseded", "duplicate", "ignored"}
