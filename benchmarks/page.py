"""Where `make proof` and `make claims` write their tables: between two marks of a page."""

TABLE_BEGINS, TABLE_ENDS = "<!-- make proof writes this table -->\n", "<!-- until here -->\n"


def between_marks(page: str, table: str, name: str = "", by: str = "make proof") -> str:
    """The page with this table in place of the one before; of several, the one of this name."""
    begins = TABLE_BEGINS.replace(" -->", f": {name} -->") if name else TABLE_BEGINS
    begins = begins.replace("make proof", by)
    before, _, rest = page.partition(begins)
    _, _, after = rest.partition(TABLE_ENDS)
    return before + begins + table + TABLE_ENDS + after


def silent(text: str) -> None:
    """Says nothing of what a step tells while it goes on."""
