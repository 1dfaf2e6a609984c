"""Cuts what happened into the files that systems send, plants the faults, and writes down what
ought to become of every row."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import duckdb

from orchestration.duck import identifier, literal
from orchestration.world import faults
from orchestration.world.faults import CUT_LINE, Damage, damage_lines
from orchestration.world.market import REGIONS
from orchestration.world.scale import World
from orchestration.world.systems import Feed, feeds
from orchestration.world.systems.words import name_macros
from orchestration.world.workbook import write_workbook

Progress = Callable[[str], None]
GBK_REGION = REGIONS.index("south")
HEADER_LINES = {"csv": 1, "xlsx": 1, "jsonl": 0, "parquet": 0}
# Columns that say what is to become of a row, and are not delivered.
NOTES = {
    "_region": "null::bigint",
    "_kind": "null::varchar",
    "_file": "null::varchar",
    "_status": f"'{faults.ACCEPTED}'",
    "_reason": "null::varchar",
    "_turn": "0",  # among rows of one key: the repetition comes first, the ghost last
}
PLACE = "_day, _key, _turn"


def deliver(
    world: World, connection: duckdb.DuckDBPyConnection, landing: Path, progress: Progress
) -> None:
    """Writes all files below `landing`, and the tables `dirt` and `expected` of the connection.

    `dirt` has a row for each remarkable line, `expected` counts what ought to become of the rows of
    each feed.
    """
    for macro in name_macros(world):
        connection.execute(macro)
    connection.execute(
        "create table dirt (kind varchar, source_system varchar, feed varchar, file varchar,"
        " line bigint, status varchar, reason_code varchar)"
    )
    connection.execute(
        "create table expected (source_system varchar, feed varchar, entity varchar,"
        " status varchar, reason_code varchar, row_count bigint)"
    )
    for feed in feeds(world):
        progress(f"World: files of {feed.source}/{feed.table}")
        delivery = _Delivery(world, connection, landing, feed)
        for part in delivery.parts():
            delivery.write(part)


@dataclass(frozen=True)
class _Part:
    """A month of a feed, in one region where it has regions; `first` and `last` are days."""

    month: int
    region: int | None
    stem: str
    first: int
    last: int


@dataclass(frozen=True)
class _Delivery:
    world: World
    connection: duckdb.DuckDBPyConnection
    landing: Path
    feed: Feed

    def parts(self) -> Iterator[_Part]:
        if self.feed.cut == "once":
            yield _Part(0, None, self.feed.table, 0, self.world.days)
            return
        months = self.world.months
        for month in range(months[-1] + 1):
            first, last = months.searchsorted([month, month + 1])
            for region in range(len(REGIONS)) if self.feed.by_region else (None,):
                yield _Part(month, region, self._stem(month, region), int(first), int(last) - 1)

    def write(self, part: _Part) -> None:
        """Writes the files of a part."""
        self._choose(part)
        self._falsify(part)
        self._delay(part)
        self._send_again(part)
        self._repeat()
        damages = self._haunt(part)
        self._number()
        self._write_files(part, damages)
        self._note(part)

    def _stem(self, month: int, region: int | None) -> str:
        name = str(self.world.dates[0].astype("datetime64[M]") + month)
        return name if region is None else f"{REGIONS[region]}_{name}"

    def _month_at(self, share: float) -> int:
        """The month at a place among all months, 0 to 1."""
        return int(share * (self.world.months[-1] + 1))

    def _choose(self, part: _Part) -> None:
        """The rows of a part, as they ought to be."""
        blank = ", ".join(f"{value} as {name}" for name, value in NOTES.items())
        file = "date_of(_day)::varchar" if self.feed.cut == "day" else literal(part.stem)
        chosen = f"_day between {part.first} and {part.last}"
        if part.region is not None:
            chosen += f" and _region = {part.region}"
        if self.feed.silent_day is not None:
            silent = int(self.world.days * self.feed.silent_day)
            chosen += f" and _day <> {silent}"
            if part.first <= silent <= part.last:
                self._remark("silent_day", str(self.world.dates[silent]), "null", faults.WITHHELD)
        self._run("drop table if exists part")
        self._run(
            f"create temp table part as select * replace ({file} as _file,"
            f" {NOTES['_status']} as _status, 0 as _turn)"
            f" from (select {blank} where false union all by name ({self.feed.query}))"
            f" where {chosen}"
        )

    def _falsify(self, part: _Part) -> None:
        """In one month every row has a wrong value, which a rule is to refuse."""
        wrong = self.feed.wrong
        if wrong and part.month == self._month_at(wrong.at):
            values = ", ".join(f"{column} = {value}" for column, value in wrong.values.items())
            self._run(
                f"update part set {values}, _kind = '{wrong.kind}',"
                f" _status = '{faults.QUARANTINED}', _reason = '{wrong.reason}'"
            )

    def _delay(self, part: _Part) -> None:
        """Some rows come in a file of a later month."""
        arrives = part.month + faults.LATE_MONTHS
        is_due = part.month % faults.LATE_EVERY_MONTHS == 1 and arrives <= self.world.months[-1]
        if self.feed.is_late and is_due and not self._is_resent(part):
            self._run(
                f"update part set _file = '{self._stem(arrives, part.region)}_late',"
                f" _kind = coalesce(_kind, 'late') where _luck > {1 - faults.LATE_SHARE}"
            )

    def _is_resent(self, part: _Part) -> bool:
        resent = self.feed.resent
        return bool(
            resent
            and part.month == self._month_at(resent.at)
            and (resent.region is None or resent.region == part.region)
        )

    def _send_again(self, part: _Part) -> None:
        """The whole file came before, with wrong values or broken off, and is sent again."""
        if not self._is_resent(part):
            return
        resent = self.feed.resent
        self._run(f"update part set _file = '{part.stem}_{resent.kind}'")
        if resent.kind == faults.CUT:
            self._run(f"""
                insert into part
                select * exclude (place, whole) replace (
                    '{part.stem}' as _file,
                    case when place > whole then '{faults.REJECTED}' else '{faults.DUPLICATE}' end
                        as _status,
                    case when place > whole then 'invalid_json' end as _reason,
                    case when place > whole then 'truncated' else 'sent_again' end as _kind
                )
                from (
                    select *, row_number() over (order by {PLACE}) as place,
                        floor({faults.CUT_AT} * count(*) over ()) as whole
                    from part
                )
                where place <= whole + 1
            """)
            return
        is_wrong = f"_luck < {faults.WRONG_SHARE} and (" + " or ".join(
            f"{column} is distinct from {value}" for column, value in resent.wrong.items()
        )
        values = ", ".join(
            f"case when {is_wrong}) then {value} else {column} end as {column}"
            for column, value in resent.wrong.items()
        )
        self._run(f"""
            insert into part
            select * replace (
                {values},
                '{part.stem}' as _file,
                case when {is_wrong}) then '{faults.SUPERSEDED}' else '{faults.DUPLICATE}' end
                    as _status,
                case when {is_wrong}) then 'corrected' else 'sent_again' end as _kind
            )
            from part
        """)

    def _repeat(self) -> None:
        """Some rows stand twice in their file; the first of the two is the one too many."""
        if self.feed.is_repeated:
            self._run(f"""
                insert into part
                select * replace (
                    'repeated' as _kind,
                    case _status when '{faults.ACCEPTED}' then '{faults.DUPLICATE}' else _status end
                        as _status,
                    -1 as _turn
                )
                from part
                where _luck < {faults.REPEATED_SHARE} and _status <> '{faults.REJECTED}'
            """)

    def _haunt(self, part: _Part) -> dict[str, Damage]:
        """Adds ghosts, each a changed copy of another row, and says how whose lines break."""
        damages: dict[str, Damage] = {"truncated": CUT_LINE}
        for number, ghost in enumerate(self.feed.ghosts):
            turn = part.month + (part.region or 0) + number
            if self.feed.cut != "once" and turn % faults.EVERY_MONTHS:
                continue
            values = ", ".join(f"{value} as {column}" for column, value in ghost.values.items())
            self._run(f"""
                insert into part
                select * replace ({values}, '{ghost.kind}' as _kind, '{ghost.status}' as _status,
                    '{ghost.reason}' as _reason, 1 as _turn)
                from part
                where _turn = 0 and _status = '{faults.ACCEPTED}'
                order by _luck desc, {PLACE}
                limit 1 offset {number}
            """)
            if ghost.damage:
                damages[ghost.kind] = ghost.damage
        return damages

    def _number(self) -> None:
        header = HEADER_LINES[self.feed.format]
        self._run("drop table if exists numbered")
        self._run(
            f"create temp table numbered as select *, row_number() over"
            f" (partition by _file order by {PLACE}) + {header} as _line from part"
        )

    def _write_files(self, part: _Part, damages: Mapping[str, Damage]) -> None:
        columns = self._columns(part)
        broken: dict[str, dict[int, Damage]] = {}
        for (file,) in self._run("select distinct _file from numbered order by _file").fetchall():
            broken[file] = {}
        for file, line, kind in self._run(
            f"select _file, _line, _kind from numbered where _status = '{faults.REJECTED}'"
        ).fetchall():
            broken[file][line] = damages[kind]
        for file, lines in broken.items():
            path = self.landing / self._path(file)
            path.parent.mkdir(parents=True, exist_ok=True)
            self._write_file(
                path, f"select {columns} from numbered where _file = '{file}' order by _line"
            )
            if lines:
                damage_lines(path, lines)
            if part.region == GBK_REGION:
                _to_gbk(path)

    def _write_file(self, path: Path, query: str) -> None:
        if self.feed.format == "xlsx":
            write_workbook(path, self._run(query))
            return
        options = {
            "csv": f"format csv, header, delimiter '{self.feed.delimiter}'",
            "jsonl": "format json",
            "parquet": "format parquet, compression zstd",
        }[self.feed.format]
        self._run(f"copy ({query}) to {literal(path)} ({options})")

    def _columns(self, part: _Part) -> str:
        """The delivered columns, some of which had another name in former files."""
        names = [name for name, *_ in self._run("describe numbered").fetchall()]
        is_former = part.month < self._month_at(self.feed.renamed_at)
        renamed = self.feed.renamed if is_former else {}
        return ", ".join(
            f"{identifier(name)} as {identifier(renamed.get(name, name))}"
            for name in names
            if not name.startswith("_")
        )

    def _note(self, part: _Part) -> None:
        """Writes down what is remarkable in the part, and what ought to become of its rows."""
        feed = self.feed
        self._run(
            f"insert into dirt select _kind, '{feed.source}', '{feed.table}',"
            f" {self._path_sql()}, _line, _status, _reason from numbered where _kind is not null"
        )
        self._run(
            f"insert into expected select '{feed.source}', '{feed.table}', '{feed.entity}',"
            " _status, _reason, count(*) from numbered group by all"
        )
        if feed.renamed and part.month == self._month_at(feed.renamed_at):
            self._remark("renamed_column", part.stem, "1", faults.ACCEPTED)

    def _remark(self, kind: str, file: str, line: str, status: str) -> None:
        """Writes down what is remarkable in a file as a whole."""
        self._run(
            f"insert into dirt values ('{kind}', '{self.feed.source}', '{self.feed.table}',"
            f" '{self._path(file)}', {line}, '{status}', null)"
        )

    def _path(self, file: str) -> str:
        return f"{self.feed.source}/{self.feed.table}/{file}.{self.feed.format}"

    def _path_sql(self) -> str:
        return f"'{self.feed.source}/{self.feed.table}/' || _file || '.{self.feed.format}'"

    def _run(self, query: str) -> duckdb.DuckDBPyConnection:
        return self.connection.execute(query)


def _to_gbk(path: Path) -> None:
    """Rewrites a file in the encoding of the region's tills."""
    utf8 = path.with_suffix(".utf8")
    path.rename(utf8)
    with (
        utf8.open(encoding="utf-8", newline="") as source,
        path.open("w", encoding="gb18030", newline="") as target,
    ):
        while chunk := source.read(1 << 20):
            target.write(chunk)
    utf8.unlink()
