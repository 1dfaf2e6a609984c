"""A check as plain text, in columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from orchestration.check.findings import Entity, Findings

WIDEST = 40  # characters of a value


def lines_of(found: Findings) -> Iterator[str]:
    """All that a person reads of a check."""
    yield from _table(
        ["file", "status", "new rows", "lines refused"],
        [
            [e["file"] or "-", e["status"], f"{e['rows']:,}", f"{e['lines_quarantined']:,}"]
            for e in found.files
        ],
    )
    yield ""
    yield from _table(
        ["entity", "status", "reason", "rows", "for example"],
        [
            [o.entity, o.status, o.reason or "", f"{o.rows:,}", f"{o.file}, line {o.line}"]
            for o in found.outcomes
        ],
    )
    for entity in found.entities:
        yield ""
        yield from _of_entity(entity)
    if found.guest_share is not None:
        yield ""
        yield f"Orders that name no customer: {found.guest_share:.1%}"
    yield ""
    if found.problems:
        yield "What to look at:"
        yield from (f"  - {problem}" for problem in found.problems)
    else:
        yield "Nothing is wrong."
    if found.mostly_refused:
        yield f"Refused or held: {', '.join(found.mostly_refused)}: mend this first."


def _of_entity(entity: Entity) -> Iterator[str]:
    days = f", {entity.first_day} to {entity.last_day}" if entity.first_day else ""
    sums = "".join(f", {name} {float(amount):,.2f}" for name, amount in entity.sums.items())
    replaced = entity.replaced_within_file
    again = f", {replaced:,} replaced within their file" if replaced else ""
    yield f"{entity.name}{days}{sums}{again}"
    yield from _table(
        ["column", "null", *["sample"] * len(entity.samples)],
        [
            [name, f"{share:.1%}", *(_cut(sample[name]) for sample in entity.samples)]
            for name, share in ((n, s or 0.0) for n, s in entity.null_shares.items())
        ],
        indent="  ",
    )


def _cut(value: object) -> str:
    text = "" if value is None else " ".join(str(value).split())
    return text if len(text) <= WIDEST else f"{text[: WIDEST - 1]}…"


def _table(header: Sequence[str], rows: Sequence[Sequence[str]], indent: str = "") -> Iterator[str]:
    """Rows below a header, in columns as wide as their widest value."""
    every = [list(header), *map(list, rows)]
    widths = [max(map(len, column)) for column in zip(*every, strict=True)]
    for row in every:
        cells = (cell.ljust(width) for cell, width in zip(row, widths, strict=True))
        yield (indent + "  ".join(cells)).rstrip()
