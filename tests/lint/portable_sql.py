"""Refuses SQL that DuckDB and Spark do not read alike, and says what to write instead.

Reads the text of models, macros and tests only, so that it takes milliseconds and needs no Java:
`python tests/lint/portable_sql.py`. It skips macros/portable/, where the engines differ.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
FOLDERS = ("models", "macros", "tests/singular", "tests/generic")

RANK = "rank in a CTE and filter on the rank"
MACRO = "write a macro for it in macros/portable"

# In what is left of a file without comments, Jinja and text literals.
SQL = {
    r"\bqualify\b": RANK,
    r"\bdistinct on\b": RANK,
    r"\blimit\b": RANK,
    r"\brecursive\b": "use the materialization connected_components, or a model per step",
    r"::": "use cast(… as …)",
    r"\bas (varchar|text|char|bool|(tiny|small|huge|u?big)?int(eger)?[1-8]?|float[48]?|real|numeric"
    r"|datetime|timestamptz|json)\b(?<!bigint)\s*(\([0-9, ]*\))?\s*\)": (
        "use string, bigint, double, decimal(p,s), date, timestamp or boolean"
    ),
    r"\* *(exclude|replace|except)\b": "name the columns",
    r"\b(group|order) by all\b": "name the columns",
    r",\s*(from|where|group by)\b": "take the last comma away",
    r"\basof\b": "join on a range",
    r"[\[\]{}]": "no lists or structs: make rows of a CTE",
    r'"': "name it in lower case, without quotes",
    r"//": "use floor(a / b)",
    r"\b(any_value|first|last|arbitrary|mode)\s*\(": "use min_by or max_by with a total order",
    r"\b(random|rand|uuid|gen_random_uuid)\s*\(": "derive it from a key",
    r"\b(current_date|current_timestamp|now|today|getdate|get_current_timestamp)\b": (
        "use int_as_of_dates, the clock is no input"
    ),
    r"\b(date_?diff|datesub|date_sub)\b": "use the macro days_between",
    r"\b(date_?add|add_months)\b": "add an interval, and cast to date",
    r"\bregexp_extract\b": "use the macro regex_part",
    r"\bregexp_replace\b": "use the macro regex_replace_all",
    r"\b(regexp_matches|regexp_like|regexp_full_match|rlike|similar to)\b": (
        "use the macro regex_matches"
    ),
    r"\b(try_)?(strptime|to_date|to_timestamp)\b": "use the macro utc_instant or parse_date",
    r"\b(timezone|to_utc_timestamp|from_utc_timestamp|at time zone)\b": (
        "use the macro to_utc or local_date"
    ),
    r"\b(string_agg|listagg|group_concat|array_agg|collect_list|array_to_string|array_join)\b": (
        "use the macro join_array"
    ),
    r"\b(round|bround)\s*\(": (
        "use the macro round_half_up for a double, and a cast for a decimal"
    ),
    r"\b[lr]?trim\s*\(": "use the macro trimmed",
    r"\bavg\s*\(": "divide a sum, cast to double, by the count",
    r"\b(median|quantile\w*|approx_\w+)\s*\(": "use percentile_cont … within group",
    r"\b(hash|xxhash64|md5_number)\s*\(": (
        "use the macro hash_key, or hash_64 for what is not stored"
    ),
    r"\bconcat(_ws)?\s*\(": "use || with coalesce",
    r"\b(unnest|explode|lateral|string_split|flatten)\b": MACRO,
    r"\b(strftime|date_format|to_char|dayofweek|weekday|isodow|months_between)\b": MACRO,
    r"\b(json_extract\w*|get_json_object)\b|->": MACRO,
    r"\b(tablesample|using sample|pivot|unpivot)\b": "write it out",
}
# In Jinja as well: what depends on the engine belongs into macros/portable.
EVERYWHERE = {
    r"\btarget\.(type|name)\b": MACRO,
    # Spark reads the name of a window and a minus behind it as one name.
    r"\bover \w+ -": "put the function and its window in brackets",
}

# Ties change what these return; ranks and running sums treat equal values alike.
NEED_A_TIE_BREAKER = re.compile(r"row_number|ntile|lag|lead|(first|last|nth)_value")

COMMENT = r"{#.*?#}|/\*.*?\*/|--[^\n]*"
TEXT = r"'(?:[^']|'')*'"
# In the arguments of an audit, on a line of its own or after a brace.
KEY = re.compile(r"(?:^ +|\{)key: \[([^\]]*)\]", re.MULTILINE)
# A column that a query groups by, or selects the distinct values of, tells its rows apart as well.
GROUPED = re.compile(r"\bgroup by ([^()]*)|\bselect distinct\s+(.*?)\s+from\b", re.DOTALL)
# What stands between two parentheses, itself with two levels of them.
INSIDE = r"(?:[^()]|\((?:[^()]|\([^()]*\))*\))*"
WINDOW = re.compile(rf"\b(\w+)\s+as\s*\(\s*((?:partition|order) by {INSIDE})\)", re.IGNORECASE)
OVER = re.compile(
    rf"\b(?P<function>\w+)\s*\({INSIDE}\)\s*(?:filter\s*\({INSIDE}\)\s*)?"
    rf"over\s*(?:\((?P<window>{INSIDE})\)|(?P<name>\w+))",
    re.IGNORECASE,
)
TERM = re.compile(r"(?:[^(),]|\((?:[^()]|\([^()]*\))*\))+")
FRAME = re.compile(r"\b(rows|range|groups)\s+(between|unbounded|current|[0-9]).*", re.DOTALL)


def findings(sql: str, keys: set[str]) -> Iterator[tuple[int, str]]:
    """Each fault of a file as line and sentence; `keys` are columns that tell rows apart."""
    code = _blanked(COMMENT, sql)
    plain = _blanked(TEXT, _blanked(r"{{.*?}}", _blanked(r"{%.*?%}", code), "x"), "x")
    for text, rules in ((plain, SQL), (code, EVERYWHERE)):
        for pattern, instead in rules.items():
            for found in re.finditer(pattern, text, re.IGNORECASE):
                yield _line(text, found), f"{_shown(found[0])}: {instead}"
    for found in re.finditer(TEXT, _blanked(r"{%.*?%}", code)):
        if "\\" in found[0]:
            yield _line(code, found), f"{found[0]}: Spark reads a backslash twice, write [0-9], [.]"
        if "''" in found[0][1:-1]:
            yield _line(code, found), f"{found[0]}: Spark 3.5 drops a doubled quote, use a seed"
    yield from _windows(code, keys | _names(" , ".join(map("".join, GROUPED.findall(code)))))


def _windows(code: str, keys: set[str]) -> Iterator[tuple[int, str]]:
    """Orders that leave the place of nulls, or the order of equal rows, to the engine.

    Whether a column of a key makes this order total is for its author to know; a text can't tell.
    """
    named = dict(WINDOW.findall(code))
    for found in OVER.finditer(code):
        window = found["window"] if found["name"] is None else named.get(found["name"], "")
        _, _, order = FRAME.sub("", _shown(window.lower())).partition("order by ")
        terms = [term.strip() for term in TERM.findall(order) if term.strip()]
        if not all(term.endswith("nulls last") for term in terms):
            yield _line(code, found), f"order by {_shown(order)}: say nulls last of each term"
        needs_one = NEED_A_TIE_BREAKER.fullmatch(found["function"].lower())
        if needs_one and not (terms and _names(terms[-1].split()[0]) & keys):
            what = f"{found['function']} over order by {_shown(order) or 'nothing'}"
            yield _line(code, found), f"{what}: end it with a column of a key, for ties"


def keys_of(root: Path) -> set[str]:
    """Every column of a key that an audit of the project names."""
    yamls = [*(root / "models").rglob("*.yml"), *(root / "seeds").rglob("*.yml")]
    listed = [columns for path in yamls for columns in KEY.findall(path.read_text())]
    return _names(" , ".join(listed))


def faults(root: Path) -> Iterator[str]:
    """Every fault of the tree, as `path:line: what: what to write instead`."""
    keys = keys_of(root)
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.sql")):
            if path.parent.name != "portable":
                for line, sentence in findings(path.read_text(), keys):
                    yield f"{path.relative_to(root)}:{line}: {sentence}"


def _blanked(pattern: str, text: str, filler: str = " ") -> str:
    """The text with each match filled up, so that lines keep their numbers."""
    return re.sub(pattern, lambda found: re.sub(r"[^\n]", filler, found[0]), text, flags=re.DOTALL)


def _line(text: str, found: re.Match[str]) -> int:
    return text.count("\n", 0, found.start()) + 1


def _shown(text: str) -> str:
    return " ".join(text.split())


def _names(text: str) -> set[str]:
    return set(re.findall(r"\w+", text))


if __name__ == "__main__":
    found = list(faults(ROOT))
    print(*found, sep="\n", end="\n" if found else "")
    sys.exit(bool(found))
