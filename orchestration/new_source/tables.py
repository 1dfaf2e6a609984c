"""Which files are of one table, what a table tells of, and what each of its columns means."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, replace
from functools import cache, cached_property
from itertools import chain

import duckdb

from orchestration.new_source.clocks import clock_formats
from orchestration.new_source.numbers import Amounts, amounts_of, is_number
from orchestration.new_source.samples import Sample
from orchestration.new_source.times import TimeFormat, time_format
from orchestration.new_source.vocabulary import Meaning, meanings, nature_by_name, plain, status_of

NATURES = ("refunds", "sales", "accounts", "products")
ALIKE = 0.6  # of their columns, from which on two files are of one table
TRIED = 2_000  # values, evenly spread, that show what a column holds
# What systems write for nothing, as the macro words_for_nothing has it.
NOTHING = frozenset({"", "-", "null", "none", "nan", "n/a", "#n/a", "无"})
CLOCK = "ordered_time"  # the time of day, where the day of an order stands in another column
LINE = {"quantity", "unit_price", "line_total", "product_number", "product_name"}
CONTACTS = {
    "phone", "email", "full_name", "given_name", "family_name", "birth_date", "address", "union_id",
}  # fmt: skip
# A file is of a nature when it has all of one of these.
NEEDED: Mapping[str, Sequence[set[str]]] = {
    "refunds": [
        {"order_number", "refund_amount", "refunded_at"},
        {"refund_number", "refund_amount"},
        {"customer_number", "refund_amount", "refunded_at"},
    ],
    "sales": [
        *({"order_number", each} for each in sorted(LINE | {"ordered_at", "order_total"})),
        # Whoever buys at one time makes one order, where none has a number.
        *({"customer_number", "ordered_at", each} for each in ("line_total", "order_total")),
    ],
    "accounts": [{"customer_number", each} for each in sorted(CONTACTS)],
    "products": [{"product_number", each} for each in ("product_name", "category", "list_price")],
}


@dataclass(frozen=True)
class Column:
    """A column of a table: `headers` are what files call it, `values` its values in all rows.

    One that no file has is made of `parts`, where each of them has a value.
    """

    name: str
    headers: tuple[str, ...]
    values: tuple[str | None, ...]
    meaning: str | None = None
    is_optional: bool = False
    parts: tuple[Column, ...] = ()

    @property
    def reads(self) -> tuple[str, ...]:
        """The landed columns that it needs."""
        return tuple(part.name for part in self.parts) or (self.name,)

    @property
    def argument(self) -> str:
        """How a macro is told of it."""
        joined = " || ':' || ".join(part.in_a_key for part in self.parts)
        return f'"({joined})"' if self.parts else f"'{self.name}'"

    @property
    def in_a_key(self) -> str:
        """Its SQL as a part of a key: what has no time of day is of its day alone."""
        return f"coalesce({self.name}, '')" if self.meaning == CLOCK else self.name

    @cached_property
    def present(self) -> tuple[str, ...]:
        """The values that are there, trimmed."""
        return tuple(_present(self.values))

    @property
    def holds_lists(self) -> bool:
        """Whether it has lists of JSON objects."""
        return bool(self.present) and all(each.startswith("[") for each in self.present[:TRIED])

    @property
    def examples(self) -> str:
        """Three of its values, for a person."""
        return " · ".join(list(dict.fromkeys(self.present[:1_000]))[:3])

    @cached_property
    def time_format(self) -> TimeFormat | None:
        """How it writes times; None where it has none."""
        return time_format(self.present) if self.present else None

    @cached_property
    def clock_formats(self) -> tuple[str, ...]:
        """How it writes times of day without a day; none where it has none."""
        return clock_formats(self.present) if self.present else ()


@dataclass(frozen=True)
class Table:
    """Files of one shape, as one table; all rows of all samples, file after file."""

    name: str
    nature: str | None
    samples: tuple[Sample, ...]
    columns: tuple[Column, ...]

    def of(self, meaning: str) -> Column | None:
        """The column of this meaning."""
        return next((each for each in self.columns if each.meaning == meaning), None)

    def has(self, *wanted: str) -> bool:
        """Whether there is a column of each of these meanings."""
        return all(self.of(meaning) for meaning in wanted)

    @property
    def unknown(self) -> list[Column]:
        """The columns of which nothing is known."""
        return [each for each in self.columns if not each.meaning]

    @cached_property
    def file_of_row(self) -> tuple[int, ...]:
        """The number of the file of each row."""
        return tuple(chain.from_iterable([at] * len(s.rows) for at, s in enumerate(self.samples)))

    @cached_property
    def amounts(self) -> Amounts:
        """How numbers are written, the same in all columns."""
        numeric = [each for each in self.columns if holds_numbers(self.nature, each.meaning)]
        return amounts_of(chain.from_iterable(each.present for each in numeric))

    @property
    def formats(self) -> list[str]:
        return list(dict.fromkeys(sample.format for sample in self.samples))


def bare(key: str) -> str:
    """A key without what spreadsheets put around it, and without the point of floats."""
    return key.strip("\t '`=\"").removesuffix(".0")


def share_known(keys: Set[str], known: Set[str], without_zeros: bool) -> float:
    """How many of some keys are known (0-1): as they are, or all without zeros in front."""
    if without_zeros:
        bared = {each.lstrip("0") for each in known}
        if len(bared) < len(known):
            return 0  # of two things one would be made
        keys, known = {each.lstrip("0") for each in keys}, bared
    return len(keys & known) / len(keys) if keys else 0


def holds_numbers(nature: str | None, meaning: str | None) -> bool:
    """Whether columns of this meaning are amounts or counts."""
    known = meanings(nature) if nature else ()
    return any(each.name == meaning and each.holds == "number" for each in known)


def tables_of(samples: Sequence[Sample], source: str) -> list[Table]:
    """The tables that the files of a source make up, in the order of the files."""
    groups: list[tuple[str | None, list[tuple[Sample, dict[str, int]]]]] = []
    for sample in samples:
        nature, found = nature_of(sample)
        for known, members in groups:
            first, _ = members[0]
            if (
                nature == known
                and _are_written_alike(first, sample)
                and _likeness(members[0], (sample, found)) >= ALIKE
            ):
                members.append((sample, found))
                break
        else:
            groups.append((nature, [(sample, found)]))
    tables = [_table(source, nature, members) for nature, members in groups]
    return list(_with_unique_names(tables))


def _are_written_alike(one: Sample, other: Sample) -> bool:
    """Whether one description of a feed can say how both part their fields."""
    are_text = one.format == other.format == "csv"
    return not are_text or (one.delimiter, one.quote) == (other.delimiter, other.quote)


def nature_of(sample: Sample) -> tuple[str | None, dict[str, int]]:
    """What a file tells of, and which field has which meaning; None where nothing fits."""
    by_name = nature_by_name(sample.path.name.split(".")[0].casefold())
    by_headers = [(nature, False) for nature in NATURES]
    # By vague headers alone, money that is dated is sold, and not given back.
    vaguely = [(nature, True) for nature in NATURES if nature != "refunds"]
    by_file = [(by_name, False), (by_name, True)] if by_name else []
    for nature, is_vague in (*by_file, *by_headers, *vaguely):
        found = meanings_of(sample, nature, is_vague)
        if any(needed <= set(found) for needed in NEEDED[nature]) and _is_proper(nature, found):
            return nature, meanings_of(sample, nature, vaguely=True)
    return None, {}


def _is_proper(nature: str, found: Iterable[str]) -> bool:
    """Refunds have no lines; whoever has orders is no list of persons or goods."""
    others = {"refunds": LINE, "accounts": {"order_number"}, "products": {"order_number"}}
    return not set(found) & others.get(nature, set())


def meanings_of(sample: Sample, nature: str, vaguely: bool) -> dict[str, int]:
    """The place of the field of each meaning: the likeliest pairs first, each but once."""
    wanted = meanings(nature) if nature == "sales" else (*meanings(nature), *_foreign(nature))
    likely = sorted(
        (
            (likeness, meaning, at)
            for at, header in enumerate(sample.headers)
            for meaning in wanted
            if (likeness := meaning.likeness(plain(header), vaguely))
        ),
        key=lambda each: -each[0],
    )
    found: dict[str, int] = {}
    for _, meaning, at in likely:
        if meaning.name in found or at in found.values():
            continue
        values = list(_present(row[at] for row in sample.rows))
        tried = values[:: max(1, len(values) // TRIED)]
        if values and holds(meaning.holds, tried) and not _is_place(sample.headers[at], tried):
            found[meaning.name] = at
    return found


def _present(values: Iterable[str | None]) -> Iterator[str]:
    """The values that say something, trimmed."""
    trimmed = (value.strip() for value in values if value)
    return (each for each in trimmed if each.casefold() not in NOTHING)


def _is_place(header: str, values: Sequence[str]) -> bool:
    """Whether a 'State' is one of a country, and not that of an order."""
    return plain(header) == "state" and not any(map(status_of, values))


def _foreign(nature: str) -> Iterator[Meaning]:
    """The number of an order, by which other natures than sales are refused."""
    if nature in ("accounts", "products"):
        yield next(each for each in meanings("sales") if each.name == "order_number")


def holds(kind: str, values: Sequence[str]) -> bool:
    """Whether most values look like a key, words, a number, a time, an e-mail or a phone."""
    match kind:
        case "number":
            return _share(is_number, values) > 0.8
        case "time":
            return time_format(values) is not None
        case "clock":
            return bool(clock_formats(values))
        case "email":
            return _share(lambda value: "@" in value, values) > 0.5
        case "phone":
            return _share(lambda value: len(re.sub("[^0-9]", "", value)) >= 6, values) > 0.5
        case "words":
            return _share(is_number, values) < 0.5
        case "key":
            return _share(lambda value: len(value) < 40 and " " not in value, values) > 0.7
    return True


def _share(test, values: Sequence[str]) -> float:
    return sum(map(test, values)) / len(values)


def _likeness(one: tuple[Sample, dict[str, int]], other: tuple[Sample, dict[str, int]]) -> float:
    """How much of the columns of two files is the same (0-1); what means the same under another
    header counts for three quarters."""

    def said(sample: Sample, found: Mapping[str, int]) -> dict[str, str]:
        """The plain header of each meaning, and of what has none."""
        meant = {at: meaning for meaning, at in found.items()}
        headers = list(map(plain, sample.headers))
        return {f"={meant[at]}" if at in meant else h: h for at, h in enumerate(headers)}

    first, second = said(*one), said(*other)
    shared = first.keys() & second.keys()
    alike = sum(1 if first[key] == second[key] else 0.75 for key in shared)
    return alike / len(first.keys() | second.keys())


def _table(
    source: str, nature: str | None, members: Sequence[tuple[Sample, dict[str, int]]]
) -> Table:
    samples = tuple(sample for sample, _ in members)
    meant = [{at: meaning for meaning, at in found.items()} for _, found in members]
    places: dict[str, list[int | None]] = {}
    for file, sample in enumerate(samples):
        for at, header in enumerate(sample.headers):
            key = f"={meant[file][at]}" if at in meant[file] else plain(header) or header
            of_key = places.setdefault(key, [None] * len(samples))
            of_key[file] = at if of_key[file] is None else of_key[file]
    columns = []
    taken: set[str] = set()
    for key, at_of_file in places.items():
        pairs = zip(samples, at_of_file, strict=True)
        headers = [sample.headers[at] for sample, at in pairs if at is not None]
        meaning = key[1:] if key.startswith("=") else None
        values = tuple(
            None if at is None else row[at]
            for sample, at in zip(samples, at_of_file, strict=True)
            for row in sample.rows
        )
        name = _identifier(headers[0], meaning or f"column_{len(columns) + 1}", taken)
        taken.add(name)
        unique = tuple(dict.fromkeys(headers))
        columns.append(Column(name, unique, values, meaning, None in at_of_file))
    name = _table_name(source, samples, nature)
    table = _with_one_clock(Table(name, nature, samples, tuple(columns)))
    return _with_numbers(table) if nature == "sales" and not table.has("order_number") else table


def _with_one_clock(table: Table) -> Table:
    """The table with the time of day told once: by the column of the day, or by one that has the
    day as well, as a spreadsheet's cells do of which a part is shown; else by one of its own."""
    day = table.of("ordered_at")
    if day is None or day.time_format is None:
        return table
    if day.time_format.tells_hours:
        return _with_meanings(table, {CLOCK: None})
    names = next(each for each in meanings("sales") if each.name == CLOCK)
    whole = next((c for c in table.unknown if _is_called(c, names) and _has_day_of(c, day)), None)
    if whole is None or table.has(CLOCK):
        return table
    return _with_meanings(table, {"ordered_at": None}, whole)


def _with_meanings(
    table: Table, changed: Mapping[str, str | None], day: Column | None = None
) -> Table:
    """The table with other meanings of some, and with this column as that of the day."""
    columns = (
        replace(each, meaning="ordered_at")
        if each is day
        else replace(each, meaning=changed.get(each.meaning, each.meaning))
        for each in table.columns
    )
    return replace(table, columns=tuple(columns))


def _is_called(column: Column, meaning: Meaning) -> bool:
    return any(meaning.likeness(plain(header), vaguely=True) for header in column.headers)


def _has_day_of(column: Column, day: Column) -> bool:
    """Whether a column says the same days, and times of day behind them."""
    said = [(a, b[:10]) for a, b in zip(column.values, day.values, strict=True) if a and b]
    same = sum(text.startswith(other) for text, other in said)
    is_timed = column.time_format is not None and column.time_format.tells_hours
    return bool(said) and is_timed and same > 0.95 * len(said)


def _with_numbers(table: Table) -> Table:
    """The table with numbers of orders that no file gives: what a customer buys at one time.

    Each row is then a line, and its money that of the line.
    """
    who, day, clock = map(table.of, ("customer_number", "ordered_at", CLOCK))
    if not (who and day):
        return table
    parts = (who, day, clock) if clock else (who, day)
    values = tuple(
        ":".join(each or "" for each in said) if said[0] and said[1] else None
        for said in zip(*(part.values for part in parts), strict=True)
    )
    header = " + ".join(part.headers[0] for part in parts)
    made = Column("order_number", (header,), values, "order_number", parts=parts)
    columns = [
        replace(each, meaning="line_total")
        if each.meaning == "order_total" and not table.has("line_total")
        else each
        for each in table.columns
    ]
    return replace(table, columns=(made, *columns))


def _table_name(source: str, samples: Sequence[Sample], nature: str | None) -> str:
    """The words that the names of all files share, without numbers and those of the source."""
    of_files = [re.findall("[a-z]+", s.path.name.split(".")[0].casefold()) for s in samples]
    shared = [word for word in of_files[0] if all(word in words for words in of_files)]
    shared = [word for word in shared if word not in source.split("_")]
    return _identifier(" ".join(shared), nature or "table", set())


def _with_unique_names(tables: Iterable[Table]) -> Iterator[Table]:
    taken: set[str] = set()
    for table in tables:
        name, number = table.name, 2
        while name in taken:
            name, number = f"{table.name}_{number}", number + 1
        taken.add(name)
        yield replace(table, name=name)


def _identifier(header: str, otherwise: str, taken: set[str]) -> str:
    """A name that SQL takes without quotes: of the header, or `otherwise` where that gives none."""
    parted = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", header)
    name = re.sub("_+", "_", re.sub("[^a-z0-9]", "_", parted.lower())).strip("_")
    if not re.fullmatch("[a-z][a-z0-9_]*", name) or name in _reserved() or not header.isascii():
        name = otherwise
    free, number = name, 2
    while free in taken:
        free, number = f"{name}_{number}", number + 1
    return free


@cache
def _reserved() -> frozenset[str]:
    """Words that mean something in SQL, so that a column of that name would need quotes."""
    with duckdb.connect() as connection:
        words = connection.execute("select keyword_name from duckdb_keywords()").fetchall()
    spark = {"date", "timestamp", "user", "number", "count", "sum", "min", "max", "status", "from"}
    return frozenset({word for (word,) in words} | spark)
