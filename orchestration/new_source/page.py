"""What a person sees of the guesses, with values of the files beside each."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from orchestration.new_source.sales import money_of, sales_of
from orchestration.new_source.tables import Table

WIDEST = 60  # characters of examples on a line


def told(tables: Iterable[Table]) -> Iterator[str]:
    """Each file, each table with its columns, and which money is which."""
    tables = list(tables)
    for table in tables:
        yield ""
        yield f"{table.name}: {table.nature or 'not recognised'}"
        for sample in table.samples:
            yield f"  {sample.path.name}: {sample.described}"
            if len(sample.sheets) > 1:
                yield f"    sheets, read as one list: {', '.join(sample.sheets)}"
            if sample.sheets_left_out:
                others = ", ".join(sample.sheets_left_out)
                yield f"    other sheets are not read, save them as files of their own: {others}"
        known = [column for column in table.columns if column.meaning]
        widths = [
            max((len(text) for text in texts), default=0)
            for texts in (
                [" / ".join(column.headers) for column in known],
                [column.meaning.replace("_", " ") for column in known],
            )
        ]
        for column in known:
            header = " / ".join(column.headers).ljust(widths[0])
            meaning = column.meaning.replace("_", " ").ljust(widths[1])
            yield f"    {header}  {meaning}  {_cut(column.examples)}"
        if table.unknown:
            yield f"    not used: {', '.join(column.headers[0] for column in table.unknown)}"
    for sales in sales_of(tables):
        where = sales.orders.name if sales.lines in (None, sales.orders) else sales.lines.name
        yield f"{where}: {money_of(sales).agreement}"


def _cut(text: str) -> str:
    flat = " ".join(text.split())
    return flat if len(flat) <= WIDEST else f"{flat[: WIDEST - 1]}…"
