"""The refused rows of the files that count, by feed and reason, and what follows from them."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from orchestration.duck import literal, literal_path
from orchestration.progress import counted
from orchestration.remarks.built import Built, listed, named
from orchestration.remarks.cures import WITHOUT_RATE, cure, without_rate

# How many lines list refused rows.
MOST_LINES = 10


@dataclass(frozen=True)
class Refusal:
    """Rows of one file that were refused as one entity for one reason, the first at `line`.

    `entity` is None for lines that are no record. A consequence is what only lacks another row.
    """

    source: str
    feed: str
    entity: str | None
    batch: str
    file: str
    reason: str
    count: int
    line: int
    is_consequence: bool


def refusals(built: Built) -> list[Refusal]:
    """Whatever was refused of the files that count, as far as the build has come."""
    if not built.files:
        return []
    return [
        Refusal(
            source=each["source_system"],
            feed=built.event(each["batch"]).feed,
            entity=each["entity"],
            batch=each["batch"],
            file=built.files[each["batch"]],
            reason=each["reason_code"],
            count=each["row_count"],
            line=each["line"],
            is_consequence=each["reason_code"] in built.variables["consequential_reasons"],
        )
        for each in [*_refused_rows(built), *_rejected_lines(built)]
    ]


def _refused_rows(built: Built) -> list[dict[str, Any]]:
    queries = [
        f"select {literal(entity)} as entity, source_system, _batch as batch, reason_code,"
        f" count(*) as row_count, min(_line) as line from {table}"
        " where row_status = 'quarantined' group by source_system, _batch, reason_code"
        for entity, table in built.validated.items()
    ]
    return built.ask(" union all ".join(queries)) if queries else []


def _rejected_lines(built: Built) -> list[dict[str, Any]]:
    """From the landed files themselves: dbt has a view of them, which Spark's folder lacks."""
    files = sorted((built.request.project.raw / "rejected_lines").glob("*.parquet"))
    current = [literal_path(file) for file in files if file.stem in built.files]
    if not current:
        return []
    sources = ", ".join(map(literal, built.request.sources))
    return built.ask(
        "select null as entity, source as source_system, _batch as batch, reason_code,"
        " count(*) as row_count, min(line) as line"
        f" from read_parquet([{', '.join(current)}]) where source in ({sources})"
        " group by source, _batch, reason_code"
    )


def refused_rows_told(found: Iterable[Refusal]) -> list[str]:
    """A line for each feed, with reasons and where to look; causes before consequences."""
    groups: dict[tuple, list[Refusal]] = defaultdict(list)
    for each in found:
        groups[each.source, each.feed, each.entity].append(each)
    entities = Counter((source, feed) for source, feed, entity in groups if entity)
    lines = []
    for group in sorted(groups.values(), key=_weight):
        first = group[0]
        is_shared = first.entity and entities[first.source, first.feed] > 1
        as_entity = f" as {first.entity}" if is_shared else ""
        rows = counted(_total(group), "row" if first.entity else "line")
        lines.append(f"{first.source} {first.feed}: {rows} refused{as_entity}: {reasons(group)}")
    if len(lines) > MOST_LINES:
        lines[MOST_LINES:] = [f"… and {len(lines) - MOST_LINES} more: entities.quarantine"]
    return lines


def reasons(group: Iterable[Refusal]) -> str:
    """Each reason with its number and an example, the most frequent first."""
    told = []
    for reason, rows in _by_reason(group):
        example = min(rows, key=lambda each: (each.file, each.line))
        told.append(f"{reason} {_total(rows):,} ({named([example.file])}, line {example.line:,})")
    return listed(told)


def _by_reason(group: Iterable[Refusal]) -> list[tuple[str, list[Refusal]]]:
    """The refusals of each reason, the most frequent reason first."""
    found: dict[str, list[Refusal]] = defaultdict(list)
    for each in group:
        found[each.reason].append(each)
    return sorted(found.items(), key=lambda each: (-_total(each[1]), each[0]))


def _weight(group: Sequence[Refusal]) -> tuple:
    """Sorts causes before consequences, then by how many rows there are."""
    first = group[0]
    return _follows(group), -_total(group), first.source, first.feed, first.entity or ""


def _follows(group: Iterable[Refusal]) -> bool:
    return all(each.is_consequence for each in group)


def _total(group: Iterable[Refusal]) -> int:
    return sum(each.count for each in group)


def currencies_without_rate(built: Built) -> Iterator[str]:
    """In which currencies the orders are that can't be converted, with both cures."""
    found = built.rows(
        "int_orders_validated",
        "select upper(currency) as currency, count(*) as row_count from {table}"
        f" where row_status = 'quarantined' and reason_code = {literal(WITHOUT_RATE)}"
        " group by all order by currency",
    )
    if found:
        counts = [(each["currency"], each["row_count"]) for each in found]
        yield f"{WITHOUT_RATE}: {without_rate(counts, built.variables['reporting_currency'])}"


def why_there_are_no_orders(built: Built, compiled_sql: str) -> Iterator[str]:
    """What became of the orders that were delivered; nothing where there were none."""
    statuses = built.rows(
        "int_orders_validated",
        "select row_status, count(*) as row_count from {table}"
        " where delivery_number is not null group by row_status",
    )
    became = {each["row_status"]: each["row_count"] for each in statuses}
    if refused := became.get("quarantined"):
        orders = [each for each in refusals(built) if each.entity == "orders"]
        yield (
            f"No order was accepted: {refused:,} of {counted(sum(became.values()), 'row')} were "
            f"refused: {reasons(orders)}."
        )
        yield from currencies_without_rate(built)
    elif ignored := became.get("ignored"):
        yield (
            f"No order was accepted: {counted(ignored, 'row')} ignored as their feed declares: "
            "correct the condition of orders in its `rows`."
        )


def why_files_hold(built: Built, compiled_sql: str) -> Iterator[str]:
    """The files of which too much was refused, feed by feed, with what to do; causes first."""
    held: dict[tuple, list[dict[str, Any]]] = defaultdict(list)
    for row in built.ask(compiled_sql):
        held[row["source_system"], row["entity"], built.event(row["batch"]).feed].append(row)
    found = refusals(built)
    told = []
    for (_, entity, feed), rows in held.items():
        batches = {row["batch"] for row in rows}
        group = [each for each in found if each.batch in batches and each.entity in {entity, None}]
        told.append((group, _held(built, feed, entity, rows, group)))
    yield from (sentence for _, sentence in sorted(told, key=lambda each: _weight(each[0])))
    if any(each.reason == WITHOUT_RATE for group, _ in told for each in group):
        yield from currencies_without_rate(built)


def _held(
    built: Built,
    feed: str,
    entity: str | None,
    rows: Sequence[dict[str, Any]],
    group: Sequence[Refusal],
) -> str:
    refused, total = (sum(row[name] for row in rows) for name in ("rows_refused", "row_count"))
    source, files = rows[0]["source_system"], [built.files[row["batch"]] for row in rows]
    [(reason, _), *_] = _by_reason(group)
    mend = cure(built.request.project, source, entity, reason)
    return (
        f"{source} {feed}: {refused:,} of {counted(total, 'row')} of {named(files)} were refused"
        f"{f' as {entity}' if entity else ''}: {reasons(group)}. For {reason}: {mend} Where "
        f"they are refused rightly, name {listed(sorted(files))} in the variable "
        "refused_rightly, or raise refused_max_share."
    )
