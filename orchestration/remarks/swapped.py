"""Feeds whose days and months seem to be declared the wrong way round."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from orchestration.duck import identifier, literal, literal_path
from orchestration.landing.feeds import yaml_of
from orchestration.progress import counted
from orchestration.remarks.built import Built
from orchestration.remarks.refused import Refusal

UNREADABLE = "time_unreadable"
OPTIONS = ("timestamp_format", "date_format")


def swapped_days_and_months(built: Built, found: Iterable[Refusal]) -> Iterator[str]:
    """Feeds of which refused lines hold days that are read once day and month change places."""
    batches: dict[tuple[str, str], set[str]] = defaultdict(set)
    for each in found:
        if each.reason == UNREADABLE:
            batches[each.source, each.feed].add(each.batch)
    for (source, feed), refused in sorted(batches.items()):
        for declared, swapped in swaps(built.described(source, feed)).items():
            for column, count in _readable(built, source, feed, refused, declared, swapped).items():
                yield (
                    f"{source} {feed}: {counted(count, 'value')} of {column} that only {swapped} "
                    f"reads, but {declared} is declared in {yaml_of(source)}: if that is wrong, "
                    "days up to the twelfth are read wrongly and are not refused."
                )


def swaps(described: Mapping[str, Any]) -> dict[str, str]:
    """Each declared format with a day and a month in figures, and the same with both swapped."""
    declared = [each for option in OPTIONS for each in _listed(described.get(option))]
    swapped = {
        each: each.replace("%d", "%\0").replace("%m", "%d").replace("%\0", "%m")
        for each in declared
        if "%d" in each and "%m" in each
    }
    return {each: other for each, other in swapped.items() if other not in declared}


def _listed(formats: str | list[str] | None) -> list[str]:
    return formats if isinstance(formats, list) else [formats] if formats else []


def _readable(
    built: Built, source: str, feed: str, batches: Iterable[str], declared: str, swapped: str
) -> dict[str, int]:
    """By column, how many values of refused lines only the swapped format reads.

    All declared columns are tried, since a staging model may call them as it likes.
    """
    folder = built.request.project.raw / f"{source}__{feed}"
    files = [literal_path(folder / f"{batch}.parquet") for batch in sorted(batches)]
    refused = " union ".join(
        f"select _batch, _line from {table}"
        f" where row_status = 'quarantined' and reason_code = {literal(UNREADABLE)}"
        for table in built.validated.values()
    )
    counts = ", ".join(
        f"count(*) filter (try_strptime(trim({name}), {literal(swapped)}) is not null"
        f" and try_strptime(trim({name}), {literal(declared)}) is null) as {name}"
        for name in map(identifier, built.columns(source, feed))
    )
    [by_column] = built.ask(
        f"select {counts} from read_parquet([{', '.join(files)}])"
        f" semi join ({refused}) as refused using (_batch, _line)"
    )
    return {column: count for column, count in by_column.items() if count}
