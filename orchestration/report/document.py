"""What all pages of the report have in common: one HTML file that needs no network.

A page is a template that extends `base.html.j2`. Its scripts are part of it, and no others run: the
page says so to the browser. Its charts are drawn by charts.js from options that charts.py writes.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any

import jinja2
from markupsafe import Markup

from orchestration.labels import LANGUAGES, Text
from orchestration.privacy.files import folder_for_readers

HERE = Path(__file__).parent
STYLES = (HERE / "base.css",)
SCRIPTS = (
    HERE / "vendor" / "echarts.min.js",
    HERE / "language.js",
    HERE / "numbers.js",
    HERE / "charts.js",
)


def render(
    template: Path,
    styles: Sequence[Path] = (),
    scripts: Sequence[Path] = (),
    charts: Mapping[str, Any] | None = None,
    **context: Any,
) -> str:
    """The HTML of a page whose template says `{% extends "base.html.j2" %}`.

    Its `styles` and `scripts` come after those of all pages. `charts` are options by name; the
    template has a place for each, by the macro `chart` of `base_macros.html.j2`.
    """
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([template.parent, HERE]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    sources = [_source(script) for script in (*SCRIPTS, *scripts)]
    return environment.get_template(template.name).render(
        style=Markup("\n".join(_source(style) for style in (*STYLES, *styles))),
        scripts=[Markup(source) for source in sources],
        script_hashes=Markup(" ".join(map(_csp_hash, sources))),
        charts=json_in_html(charts or {}),
        **context,
    )


def write(html: str, page: Path) -> Path:
    """Puts the HTML in the place of the page, which readers see old or new and never in part."""
    folder_for_readers(page.parent)
    with _replacing(page) as draft:
        draft.write_bytes(html.encode("utf-8"))
        draft.chmod(0o644)
    return page


def json_in_html(value: Any) -> Markup:
    """JSON that can't end the script element it stands in, whatever its strings hold.

    A text in two languages is `{en, zh}`, or where both are the same a string.
    """
    text = json.dumps(_plain(value), ensure_ascii=False, separators=(",", ":"), allow_nan=False)
    return Markup(text.replace("&", r"\u0026").replace("<", r"\u003c").replace(">", r"\u003e"))


def _plain(value: Any) -> Any:
    """The value in what JSON has."""
    if value is None or type(value) in (str, int, bool):  # nearly all are, of a million and more
        return value
    if isinstance(value, Text):
        return value.en if value.en == value.zh else dict(zip(LANGUAGES, value, strict=True))
    if isinstance(value, Mapping):
        return {key: _plain(each) for key, each in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(each) for each in value]
    if isinstance(value, (float, Decimal)):
        # Twelve digits are a billion to a tenth of a cent; more would only be noise of arithmetic.
        return float(f"{value:.12g}") if value == value else None
    return value.isoformat() if isinstance(value, date) else value


@contextmanager
def _replacing(page: Path) -> Iterator[Path]:
    draft = page.with_name(f".{page.name}.{os.getpid()}.tmp")
    try:
        yield draft
        os.replace(draft, page)
    finally:
        draft.unlink(missing_ok=True)


def _csp_hash(script: str) -> str:
    """The source expression by which the content security policy admits this script alone."""
    digest = hashlib.sha256(script.encode("utf-8")).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


@cache
def _source(file: Path) -> str:
    return file.read_text("utf-8")
