"""Columns of which a hash is enough: with a key in the environment the value is nowhere landed."""

from __future__ import annotations

import hashlib
import hmac

import pytest

from orchestration.duck import connect
from orchestration.landing.keyed import USED, VARIABLE, HashKey

pytestmark = pytest.mark.usefixtures("of_any_size")
KEY, OTHER = HashKey(b"k" * 40), HashKey(b"a longer key than a block of SHA-256 " * 3)
TOKEN = "tok_4929000011112222"
# What a spreadsheet made of digits, and what they are: nothing where some were rounded away.
SPELLINGS = {
    "49290000.0": "49290000",
    "4.9290001E+7": "49290001",
    "'4,9290001e7": "49290001",
    "4.92900001111E+15": None,
    "4929000011112222.0": None,
    "5E+12": None,
}
COLUMNS = ["receipt", {"name": "card_token", "keyed": True}]
ROWS = [
    ["receipt", "card_token"],
    ["R1", TOKEN],
    ["R2", None],
    ["R3", "none"],
    ["R4", "卡号四五六七八九"],
]


@pytest.fixture
def connection():
    with connect() as connection:
        yield connection


@pytest.fixture
def keyed(shop):
    shop.describe("tenders", COLUMNS, format=["csv", "jsonl", "xlsx", "parquet"])
    shop.key = KEY
    return shop


def tokens(shop) -> list[str | None]:
    return shop.column("select card_token from raw.pos__tenders order by receipt")


@pytest.mark.parametrize("ending", ["csv", "jsonl", "xlsx", "parquet"])
def test_a_keyed_column_is_landed_as_its_hash(keyed, ending):
    keyed.deliver_rows(f"pos/tenders/a.{ending}", ROWS)
    keyed.land()
    plain = hmac.new(KEY.secret, TOKEN.encode(), hashlib.sha256).hexdigest()
    assert tokens(keyed) == [f"{KEY.id}:{plain}", None, "none", KEY.hashed("卡号四五六七八九")]
    assert not [name for name, content in keyed.stored().items() if TOKEN.encode() in content]


@pytest.mark.parametrize(
    "value",
    [TOKEN, f" {TOKEN}\t", f'="{TOKEN}"', f"'{TOKEN}", f"\ufeff{TOKEN}\u00a0\u200b\u3000"],
)
def test_what_a_spreadsheet_leaves_around_a_value_is_none_of_it(value):
    assert KEY.hashed(value) == KEY.hashed(TOKEN)


@pytest.mark.parametrize("key", [KEY, OTHER], ids=["short", "long"])
@pytest.mark.parametrize(
    "value", [TOKEN, "", "0", " unknown ", "seven77", "eight888", "é" * 9, "1E+0", *SPELLINGS]
)
def test_python_and_duckdb_hash_alike(key, value, connection):
    key.teach(connection)
    assert connection.execute(f"select {key.sql('$1')}", [value]).fetchone() == (key.hashed(value),)


@pytest.mark.parametrize(("value", "meant"), SPELLINGS.items())
def test_digits_have_one_hash_and_what_was_rounded_has_none(value, meant):
    """Two cards of the same fifteen digits are two."""
    assert KEY.hashed(value) == (meant and KEY.hashed(meant))


def test_another_key_lands_the_files_anew_under_it(keyed):
    keyed.deliver_rows("pos/tenders/a.csv", ROWS)
    keyed.land()
    assert keyed.land().total.landed == 0
    keyed.key = OTHER
    assert keyed.land().total.landed == 1
    assert {token.partition(":")[0] for token in tokens(keyed) if token and ":" in token} == {
        KEY.id,
        OTHER.id,
    }


def test_without_a_key_the_value_is_landed_and_other_feeds_know_of_none(keyed):
    keyed.describe("receipts", ["receipt"], source="shop")
    keyed.deliver_rows("pos/tenders/a.csv", ROWS)
    keyed.deliver_rows("shop/receipts/a.csv", [["receipt"], ["R1"]])
    keyed.key = None
    keyed.land()
    assert tokens(keyed)[0] == TOKEN
    keyed.key = KEY
    assert keyed.land().total.landed == 1, "tenders alone have a keyed column"


def test_once_a_key_was_used_nothing_lands_in_the_clear(keyed):
    keyed.deliver_rows("pos/tenders/a.csv", ROWS)
    keyed.land()
    keyed.key = None
    with pytest.raises(ValueError, match=f"under the key {KEY.id}: set REGULARS_HASH_KEY"):
        keyed.land()
    assert not [name for name, content in keyed.stored().items() if TOKEN.encode() in content]
    (keyed.raw / USED).unlink()
    keyed.land()
    assert TOKEN in tokens(keyed), "whoever means it has their way"


def test_a_column_that_becomes_keyed_lands_anew(keyed):
    keyed.deliver_rows("pos/tenders/a.csv", ROWS)
    keyed.land()
    columns = [{"name": "receipt", "keyed": True}, COLUMNS[1]]
    keyed.describe("tenders", columns, format=["csv", "jsonl", "xlsx", "parquet"])
    assert keyed.land().total.landed == 1


def test_a_key_that_can_be_guessed_is_refused(monkeypatch):
    monkeypatch.setenv(VARIABLE, "secret")
    with pytest.raises(ValueError, match="6 characters: take at least 32 random ones"):
        HashKey.from_environment()
    monkeypatch.setenv(VARIABLE, "")
    assert HashKey.from_environment() is None


def test_neither_an_error_nor_a_listing_shows_the_key(connection):
    KEY.teach(connection)
    with pytest.raises(Exception, match="nowhere") as error:
        connection.execute(f"select {KEY.sql('nowhere')}")
    assert KEY.secret.decode() not in str(error.value) + repr(KEY) + KEY.sql("value")
