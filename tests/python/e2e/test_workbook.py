"""The workbook tells what the marts tell, computes what it shows, and means no harm."""

from __future__ import annotations

import re
import shutil
import zipfile
from pathlib import Path

import duckdb
import openpyxl
import pytest
from conftest import Shop
from office import opened

from orchestration.artifacts import Artifacts
from orchestration.erasure.published import erase_published
from orchestration.erasure.tables import Traces
from orchestration.excel import export_workbooks, workbooks_of
from orchestration.excel.sheets import labels, sheets
from orchestration.labels import LANGUAGES, Text
from orchestration.privacy.inventory import NONE, Declarations
from orchestration.project import Project

# What a spreadsheet says where it can't compute.
ERROR = re.compile(r"^(#(REF|NAME|VALUE|DIV/0|N/A|NUM|NULL)[!?]?|Err:\d+)")
CACHED = re.compile(rb"(</f><v>)[^<]*(</v>)")


def values(path: Path) -> dict[str, list[tuple]]:
    return values_of(openpyxl.load_workbook(path, data_only=True, read_only=True))


def formulas(path: Path) -> dict[tuple[str, str], str]:
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


def table(rows: list[tuple], title: str) -> list[tuple]:
    """The rows of a table below its heads, sums included, up to the empty row after it."""
    at = next(place for place, row in enumerate(rows) if row[0] == title)
    found = []
    for row in rows[at + 2 :]:
        if row[0] is None and not any(cell is not None for cell in row):
            break
        found.append(row)
    return found


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sheet_and_table_is_there_in_both_languages(world: Shop, language: str) -> None:
    book = openpyxl.load_workbook(
        world.data / "published" / "current" / f"regulars.{language}.xlsx"
    )
    said = [getattr(sheet.title, language) for sheet in sheets()]
    assert book.sheetnames == [*said, getattr(labels()["workbook"]["definitions"], language)]
    texts = {cell for rows in values_of(book).values() for row in rows for cell in row}
    for sheet in sheets():
        worksheet = book[getattr(sheet.title, language)]
        assert worksheet.freeze_panes and worksheet.merged_cells.ranges
        assert (
            worksheet.page_setup.orientation == "landscape"
            and worksheet.sheet_properties.pageSetUpPr.fitToPage
        )
        for each in sheet.tables:
            assert getattr(each.title, language) in texts and getattr(each.note, language) in texts
    noted = [cell for sheet in book for row in sheet.iter_rows() for cell in row if cell.comment]
    bars = [rule for sheet in book for rule in sheet.conditional_formatting]
    assert len(noted) > 50 and len(bars) > 15
    other = "zh" if language == "en" else "en"
    words = [
        getattr(text, other) for text in labels()["columns"].values() if isinstance(text, Text)
    ]
    ours = [getattr(text, language) for text in labels()["columns"].values()]
    assert not (set(words) - set(ours)) & texts, "no head is in the other language"


def values_of(book: openpyxl.Workbook) -> dict[str, list[tuple]]:
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_figures_are_those_of_the_marts(world: Shop) -> None:
    shown = values(world.data / "published" / "current" / "regulars.en.xlsx")
    month = {row[0]: row for row in table(shown["Overview"], "The last month that is over")}
    [(revenue, before, last_year, expected)] = world.query("""
        select value, last_period_value, last_year_value, expected_value from marts.kpi_monthly
        where kpi = 'net_revenue' and is_complete
            and channel = 'all' and region = 'all' and customer_type = 'all'
        order by calendar_month desc limit 1
    """)
    told = month["Net revenue"]
    assert told[1] == pytest.approx(revenue) and told[2] == pytest.approx(before)
    assert told[3] == pytest.approx(revenue / before - 1)
    assert told[4] == pytest.approx(last_year) and told[6] == pytest.approx(expected)
    rate = month["Repeat rate"]
    assert rate[3] == pytest.approx((rate[1] - rate[2]) * 100), "of a rate, in points"

    segments = table(shown["RFM segments"], "Segments by recency, frequency and spend")
    asked = (
        "select count(*), sum(spend_amount), sum(frequency) from marts.customer_rfm where is_latest"
    )
    [(customers, spend, purchases)] = world.query(f"{asked} and segment_code is not null")
    total = segments[-1]
    assert (
        total[2] == customers and total[5] == pytest.approx(float(spend)) and total[4] == purchases
    )
    assert total[3] == 1

    flows = table(shown["Lifecycle"], "Live customers month by month")[1:]
    closing = [
        n
        for (n,) in world.query(
            "select closing_count from marts.customer_flows where is_month_end order by as_of_date"
        )
    ]
    assert [row[6] for row in flows] == closing[-24:], "by their formula, as the mart has them"

    regions = table(shown["Shops"], "Shops by region, the last four weeks")
    sums = dict(
        world.query("""
        select stores.region, sum(net_amount)::double
        from marts.store_daily join marts.stores using (store_id)
        where calendar_day >= (select as_of_date - 28 from marts.publication)
        group by stores.region
    """)
    )
    found = {
        row[0].removesuffix(": sum"): row[2] for row in regions if str(row[0]).endswith(": sum")
    }
    assert found == pytest.approx(sums)

    categories = table(shown["Products"], "Categories, the last four weeks")
    [(units, sales)] = world.query("""
        select sum(quantity)::double, sum(sales_amount)::double
        from marts.order_lines join marts.orders using (order_id)
        cross join marts.publication
        where order_status = 'paid' and as_of_date - orders.ordered_on between 1 and 28
    """)
    assert [categories[-1][2], categories[-1][6]] == pytest.approx([units, sales])

    channels = table(shown["Channels"], "From registration to the second purchase")
    last = {(row[0], row[1]): row for row in channels}
    for channel, month_on, share in world.query(
        "select acquisition_channel, acquired_month, activated_share from marts.aarrr_monthly"
        " where retained_count is not null and acquired_count > 0"
        " and acquisition_channel = 'search'"
        " order by 2 desc limit 12"
    ):
        assert [
            row[4]
            for key, row in last.items()
            if key[0] == "Search" and str(key[1])[:10] == str(month_on)
        ] == [pytest.approx(share)], channel


def test_every_mart_that_is_shown_is_published(world: Shop) -> None:
    published = {name for (name,) in world.query("select table_name from duckdb_tables()")}
    assert {
        mart for sheet in sheets() for table in sheet.tables for mart in table.marts
    } <= published


def test_nothing_that_is_shown_is_personal(world: Shop) -> None:
    """Of marts with a row for a person, nothing is asked for but the id that only marts know."""
    manifest = Artifacts.read(Project(world.root, world.data).target).manifest
    declarations = Declarations.of(manifest)
    columns: dict[str, list[str]] = {}
    for mart, column in world.query("select table_name, column_name from duckdb_columns()"):
        columns.setdefault(mart, []).append(column)
    asked = [(each, mart) for sheet in sheets() for each in sheet.tables for mart in each.marts]
    for each, mart in asked:
        for column in columns[mart] if "customer_id" in columns[mart] else ():
            if column != "customer_id" and declarations.kind("marts", mart, column) not in (
                None,
                NONE,
            ):
                assert not re.search(rf"\b{column}\b", each.query), f"{each.name}: {column}"


HOSTILE = [
    "=cmd|' /C calc'!A0",
    "+1+1",
    "@SUM(A1)",
    "-2+3",
    "{=1+1}",
    "https://evil.example",
    "＝1+1",
    "0012",
]


@pytest.fixture(scope="module")
def seen(world: Shop, tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Path, Path]]:
    """Workbooks of the world with names that mean harm, as they were written, and as LibreOffice
    opens them: the Chinese one with all its written values wiped, so that it has to compute them.
    """
    folder = tmp_path_factory.mktemp("office")
    database = folder / "regulars.duckdb"
    shutil.copyfile(world.current.resolve(), database)
    database.chmod(0o600)
    with duckdb.connect(database) as connection:
        listed = ", ".join("'" + name.replace("'", "''") + "'" for name in HOSTILE)
        connection.execute(f"create temp table names as select [{listed}] as names")
        for mart, column in (
            ("products", "product_name"),
            ("products", "category"),
            ("stores", "store_name"),
        ):
            connection.execute(
                f"update marts.{mart} set {column} ="
                f" (select names from names)[1 + rowid % {len(HOSTILE)}]"
            )
    written = dict(zip(LANGUAGES, workbooks_of(database, folder), strict=True))
    wiped = folder / "wiped" / written["zh"].name
    wiped.parent.mkdir()
    with zipfile.ZipFile(written["zh"]) as source, zipfile.ZipFile(wiped, "w") as target:
        for name in source.namelist():
            target.writestr(name, CACHED.sub(rb"\g<1>0\g<2>", source.read(name)))
    english, chinese = opened(folder, written["en"], wiped)
    return {"en": (written["en"], english), "zh": (written["zh"], chinese)}


def test_office_computes_what_was_written(seen: dict[str, tuple[Path, Path]]) -> None:
    written, computed = seen["zh"]
    before, after = (openpyxl.load_workbook(path, data_only=True) for path in (written, computed))
    known = formulas(written)
    assert len(known) > 1000
    for sheet, at in known:
        value = before[sheet][at].value
        assert after[sheet][at].value == pytest.approx(value, rel=1e-9, abs=1e-9), (
            f"{sheet}!{at} {known[sheet, at]}"
        )
    found = [cell.value for sheet in after for row in sheet.iter_rows() for cell in row]
    assert not [text for text in found if isinstance(text, str) and ERROR.match(text)]


def test_names_that_mean_harm_are_texts(seen: dict[str, tuple[Path, Path]]) -> None:
    """Of products and stores, as written, and as LibreOffice opens it."""
    for path in seen["en"]:
        book = openpyxl.load_workbook(path)
        cells = [cell for sheet in book for row in sheet.iter_rows() for cell in row]
        texts = [cell for cell in cells if cell.value in HOSTILE]
        assert {cell.value for cell in texts} == set(HOSTILE)
        assert {cell.data_type for cell in texts} == {"s"} and not any(c.hyperlink for c in texts)
        assert not [cell for cell in cells if cell.data_type == "f" and "cmd" in str(cell.value)]


def test_a_shop_of_which_nothing_is_known_yet_has_a_workbook(tiny: Shop, tmp_path: Path) -> None:
    """Of marts without a row, as of a source that has delivered nothing but orders."""
    database = tmp_path / "regulars.duckdb"
    with duckdb.connect() as connection:
        connection.execute(f"attach '{tiny.current}' as whole (read_only)")
        connection.execute(f"attach '{database}' as own")
        connection.execute("create schema own.marts")
        for (mart,) in tiny.query("select table_name from duckdb_tables()"):
            rows = "" if mart == "publication" else " limit 0"
            connection.execute(f"create table own.marts.{mart} as from whole.marts.{mart}{rows}")
    for path, word in zip(
        workbooks_of(database, tmp_path), ("Nothing yet.", "暂无数据。"), strict=True
    ):
        told = [cell for rows in values(path).values() for row in rows for cell in row]
        assert told.count(word) == sum(len(sheet.tables) for sheet in sheets())
        assert not formulas(path)


def test_the_same_publication_gives_the_same_bytes(world: Shop, tmp_path: Path) -> None:
    for path in export_workbooks(world.data / "published", tmp_path):
        assert path.read_bytes() == (world.data / "published" / "current" / path.name).read_bytes()


@pytest.mark.long
def test_whoever_is_erased_is_in_no_workbook(tiny: Shop, tmp_path: Path) -> None:
    """Of the person whom it would cost most to lose, on a copy of what is published."""
    published = tmp_path / "published"
    shutil.copytree(tiny.data / "published", published, symlinks=True)
    found = values(published / "current" / "regulars.en.xlsx")["Who is slipping"]
    [person, *_] = table(found, "Whom it costs most to lose")[1]
    accounts, orders = (
        frozenset(
            each
            for (each,) in tiny.query(
                f"select {column} from marts.{mart} where customer_id = '{person}'"
            )
        )
        for column, mart in (("account_id", "customer_accounts"), ("order_id", "orders"))
    )
    traces = Traces(accounts | {person}, orders, frozenset())
    assert erase_published(published, traces) == (1, 1)
    for language in LANGUAGES:
        path = published / "current" / f"regulars.{language}.xlsx"
        texts = {cell for rows in values(path).values() for row in rows for cell in row}
        assert person not in texts and path.stat().st_mode & 0o777 == 0o444
        assert len(values(path)) == len(sheets()) + 1
    with duckdb.connect(published / "current.duckdb", read_only=True) as connection:
        kinds = "select distinct constraint_type from duckdb_constraints() order by 1"
        assert connection.execute(kinds).fetchall() == [("NOT NULL",), ("PRIMARY KEY",)]


def test_what_the_system_does_not_let_be_written_is_its_own_refusal(
    world: Shop, tmp_path: Path
) -> None:
    (tmp_path / "out").touch()
    with pytest.raises(NotADirectoryError):
        export_workbooks(world.data / "published", tmp_path / "out")


def test_without_a_publication_a_sentence_says_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="regulars run"):
        export_workbooks(tmp_path, tmp_path / "out")
