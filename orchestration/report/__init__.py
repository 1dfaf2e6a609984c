"""The report: one self-contained HTML page made from the published marts."""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_report"]


def write_report(published_database: Path, page: Path, truth: Path | None = None) -> Path:
    """Write the report on `published_database` to `page`, and return `page`.

    The database is opened read-only. Readers of `page` see the old page or the new one, never a
    part. The same marts and the same truth give the same bytes. The folder `truth` of a demo world
    need not exist; see `orchestration.report.truth`.

    Raises `FileNotFoundError` when nothing is published yet.
    """
    if not published_database.exists():
        raise FileNotFoundError(f"No marts at {published_database}: run `regulars run` to publish.")
    # Loads plotly, for which a command that writes no report need not wait.
    from orchestration.report.page import write_page

    return write_page(published_database, page, truth)
