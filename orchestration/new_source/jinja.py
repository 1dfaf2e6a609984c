"""What delivered words dbt would take for Jinja, where they are written into its YAML and SQL."""

from __future__ import annotations

import re

_MARKS = re.compile(r"\{[{%#]")


def plain(text: str) -> str:
    """The text, which comes from somebody's files; `ValueError` where dbt would render it.

    It is not escaped: the lander reads the same YAML, and renders nothing.
    """
    if found := _MARKS.search(text):
        raise ValueError(
            f"{text}: dbt takes what follows on {found[0]} for Jinja. Write it otherwise where the "
            "files are made, or rename the column or the file."
        )
    return text
