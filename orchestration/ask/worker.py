"""The process of one query: it is checked, answered, and gone.

A query that is out of memory leaves DuckDB unable to go on, and one long call of a function obeys
no interruption; so each query has a process of its own, which whoever asked may end. It has no
secrets in its environment, writes no file, and comes last when others want the processor.
"""

from __future__ import annotations

import json
import os
import resource
import sys
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb

from orchestration.ask.answers import plain, visible
from orchestration.ask.checked import SCHEMA, marts_read
from orchestration.ask.limits import Limits
from orchestration.ask.published import Published
from orchestration.ask.refusals import Refused, refused
from orchestration.duck import first_line

FETCHED = 100


def main() -> None:
    """Reads one question as JSON, and writes one answer."""
    asked = json.load(sys.stdin)
    limits = Limits(**asked["limits"])
    _confine(limits)
    file, query, may_cut = Path(asked["file"]), asked["query"], asked["may_cut"]
    json.dump(_told(lambda: _answer(file, query, limits, may_cut)), sys.stdout)


def _told(ask: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    """The answer, or why there is none."""
    try:
        return ask()
    except Refused as refused:
        return {"refused": tuple(refused.reason)}
    except duckdb.InterruptException:
        return {"code": "too_slow"}
    except (duckdb.OutOfMemoryException, MemoryError):
        return {"code": "too_much_memory"}
    except UnicodeEncodeError:
        return {"code": "unseen_characters"}
    except duckdb.Error as error:
        return {"code": "wrong", "reason": visible(first_line(error))}


def _confine(limits: Limits) -> None:
    os.nice(5)
    seconds = int(limits.seconds * limits.threads) + 5
    for kind, limit in (
        (resource.RLIMIT_AS, limits.address_space),
        (resource.RLIMIT_CPU, seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(kind, (limit, limit))


def _answer(file: Path, query: str, limits: Limits, may_cut: bool) -> dict[str, Any]:
    settings = {
        "threads": limits.threads,
        "memory_limit": f"{limits.memory}MB",
        "python_enable_replacements": "false",
    }
    with Published(file).opened(**settings) as generation:
        connection = generation.connection
        marts = marts_read(connection, query, generation.marts)
        connection.execute(f"set schema = '{SCHEMA}'")
        connection.execute("set lock_configuration = true")
        interruption = threading.Timer(limits.seconds, connection.interrupt)
        interruption.daemon = True
        interruption.start()
        columns, rows, is_cut = _fetched(connection.execute(query), limits, may_cut)
        interruption.cancel()
    return {
        "generation": generation.publication.generation,
        "as_of": generation.publication.as_of_date.isoformat(),
        "marts": marts,
        "columns": columns,
        "rows": rows,
        "is_cut": is_cut,
    }


def _fetched(
    answer: duckdb.DuckDBPyConnection, limits: Limits, may_cut: bool
) -> tuple[list[str], list[list[Any]], bool]:
    """The rows, and whether there are others; of more than may be shown the first, where whoever
    asked has said that these will do. No more are made than are shown."""
    columns = [visible(column[0]) for column in answer.description]
    if len(columns) > limits.columns:
        raise refused("many_columns", count=str(len(columns)), limit=str(limits.columns))
    rows: list[list[Any]] = []
    characters = 0
    while fetched := answer.fetchmany(FETCHED):
        for values in fetched:
            row = [plain(value) for value in values]
            characters += len(json.dumps(row))
            if len(rows) == limits.rows or characters > limits.characters:
                if not may_cut:
                    raise _too_much(len(rows) == limits.rows, limits)
                return columns, rows, True
            rows.append(row)
    return columns, rows, False


def _too_much(are_rows: bool, limits: Limits) -> Refused:
    if are_rows:
        return refused("many_rows", limit=f"{limits.rows:,}")
    return refused("long_answer", limit=f"{limits.characters:,}")


if __name__ == "__main__":
    main()
