"""Where `make proof` writes its tables: between two marks of a page."""

TABLE_BEGINS, TABLE_ENDS = "<!-- make proof writes this table -->\n", "<!-- until here -->\n"


def between_marks(page: str, table: str, name: str = "") -> str:
    """The page with this table in place of the one before; of several, the one of this name."""
    begins = TABLE_BEGINS.replace(" -->", f": {name} -->") if name else TABLE_BEGINS
    before, _, rest = page.partition(begins)
    _, _, after = rest.partition(TABLE_ENDS)
    return before + begins + table + TABLE_ENDS + after


def silent(text: str) -> None:
    """Says nothing of what a step tells while it goes on."""
