"""The report: self-contained HTML pages made from the published marts.

`index.html` is the page of a manager, `figures.html` has all figures by subject, and `trust.html`
says how good the data, the links between accounts and the models are. `models.html`, which
`make docs` writes, has all models as dbt documents them.
"""

from __future__ import annotations

from pathlib import Path

__all__ = ["write_report"]


def write_report(
    published_database: Path,
    page: Path,
    truth: Path | None = None,
    exports: Path | None = None,
) -> Path:
    """Write the report on `published_database`, the first page to `page`, and return `page`.

    The other pages stand beside it. The database is opened read-only. Readers of a page see the old
    or the new one, never a part. The same marts and the same truth give the same bytes, but for the
    link to the page of models, if that is there (`orchestration.report.models`). The folder `truth`
    of a demo world need not exist; see `orchestration.report.truth`. `exports` is the folder of
    what was handed over, to which the first page links.

    Raises `FileNotFoundError` when nothing is published yet.
    """
    if not published_database.exists():
        raise FileNotFoundError(f"No marts at {published_database}: run `regulars run` to publish.")
    # Loads what a command that writes no report need not wait for.
    from orchestration.report.document import write
    from orchestration.report.monday.page import monday
    from orchestration.report.page import write_pages

    # The first page comes last: whether the report tells of today is seen by its age.
    first = monday(published_database, exports)
    write_pages(published_database, page.parent, truth)
    return write(first, page)
