"""dbt within this process: parsed once a refresh, and heard of node by node."""

from __future__ import annotations

import gc
import json
import logging
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread, Timer
from typing import TYPE_CHECKING, Any

from orchestration import spark
from orchestration.artifacts import KEPT
from orchestration.progress import Progress
from orchestration.project import Project

if TYPE_CHECKING:
    from dbt.contracts.graph.manifest import Manifest
    from dbt_common.events.base_types import EventMsg
    from dbtlabs.proto.public.v1.fields.core_types_pb2 import NodeInfo

# Unit tests prove the SQL, not the data: they belong to `make test`, not to every refresh.
BUILD = ("build", "--exclude-resource-type", "unit_test")
# Debug events would be written by the thousand. Errors are in the log, and it is named in messages.
QUIET = ("--log-level", "none", "--log-level-file", "info")
# A view over hundreds of millions of rows is not counted.
COUNTING_SECONDS = 1.0
RESULTS = {"LogModelResult", "LogSeedResult", "LogSnapshotResult", "LogTestResult"}


class DbtBroke(Exception):
    """dbt ended before it could say what became of each node; why, on one line."""


@dataclass(frozen=True)
class Node:
    """What became of one node: `status` is dbt's, such as success, pass, fail, warn or error.

    It was the `number`-th of `total` to end, after `seconds`. Where the session is asked to look,
    `rows` is how many a table of DuckDB has, or a view that counts them in no time, and `columns`
    are their names and types. One that `is_kept` was left as it was.
    """

    unique_id: str
    name: str
    status: str
    number: int
    total: int
    seconds: float
    rows: int | None = None
    columns: tuple[tuple[str, str], ...] = ()
    is_kept: bool = False

    def __str__(self) -> str:
        return f"{self.number} of {self.total} {self.name}{' kept' if self.is_kept else ''}"


def command(words: Sequence[str], variables: Mapping[str, Any]) -> list[str]:
    """A dbt command with its variables."""
    return [*words, *(("--vars", json.dumps(variables, default=str)) if variables else ())]


def located(project: Project, target: Path) -> list[str]:
    """Where dbt finds the project and leaves its artifacts, whatever folder is the current one."""
    return [
        *("--project-dir", str(project.root)),
        *("--profiles-dir", str(project.profiles)),
        *("--target", project.engine),
        *("--target-path", str(target)),
        *("--log-path", str(project.logs)),
    ]


class Session:
    """dbt commands that share variables and a manifest; one at a time in a process.

    dbt works in a thread of its own, so that whoever waits for it hears signals, and may do with
    each node's result what it likes meanwhile.
    """

    def __init__(
        self,
        project: Project,
        variables: Mapping[str, Any],
        target: Path,
        parsed: Path | None = None,
        manifest: Manifest | None = None,
        looks: bool = False,
    ):
        """`target` gets the artifacts; in `parsed`, by default the same folder, dbt finds what it
        parsed before, and leaves what it parses, unless a `manifest` is given. One that `looks`
        tells of the rows and columns of each table."""
        self.project = project
        self.variables = variables
        self.target = target
        self.manifest = manifest
        self._looks = looks
        self._parsed = parsed or target
        self._given_up = Event()

    def parse(self, *words: str) -> Manifest:
        """The manifest, parsed unless it is here already; `words` are further options of dbt."""
        if self.manifest is None:
            for _ in self._nodes(("parse", *words), self._parsed):
                pass
        return self.manifest

    def run(self, words: Sequence[str]) -> Iterator[Node]:
        """Runs a dbt command to its end, and tells of every node as soon as that has ended.

        Raises `DbtBroke` when dbt could not begin, as with a model that can't be parsed. What it
        has to say of nodes that failed is in its artifacts. The warehouse is closed afterwards.
        """
        self.parse("--no-write-json")
        forget_what_was_compiled(self.manifest)
        yield from self._nodes(words, self.target)

    def _nodes(self, words: Sequence[str], target: Path) -> Iterator[Node]:
        heard: SimpleQueue[Node | None] = SimpleQueue()
        broke: list[str] = []
        with _surroundings(self.project), little_garbage_collection():
            thread = Thread(
                target=self._invoke, args=(words, target, heard, broke), name="dbt", daemon=True
            )
            thread.start()
            try:
                yield from iter(heard.get, None)
            except BaseException:  # whoever waited has been stopped, and dbt can't be
                self._given_up.set()
                spark.kill()
                raise
            thread.join()
        if broke:
            raise DbtBroke(broke[0])

    def _invoke(
        self,
        words: Sequence[str],
        target: Path,
        heard: SimpleQueue[Node | None],
        broke: list[str],
    ) -> None:
        """One dbt command; tells of nodes, and last of its end."""

        def listen(event: EventMsg) -> None:
            if self._given_up.is_set():
                Event().wait()  # for ever: what dbt would do next must not be done
            name = event.info.name
            if name in RESULTS:
                heard.put(_node(event, self._looks))
            elif name == "MainReportVersion" and self.manifest is not None:
                # The manifest that is written at the end then says of which command it is.
                self.manifest.metadata.invocation_id = event.info.invocation_id
            elif name == "MainEncounteredError":
                broke.append(spark.without_frames(event.info.msg))

        try:
            from dbt.cli.main import dbtRunner

            leave_plain_texts()
            arguments = [
                *(*QUIET, *command(words, self.variables)),
                *located(self.project, target),
            ]
            done = dbtRunner(self.manifest, callbacks=[listen]).invoke(arguments)
            if done.exception and not broke:
                broke.append(spark.without_frames(str(done.exception)))
            if words[0] == "parse" and done.success:
                self.manifest = done.result
        finally:
            close_warehouse()
            heard.put(None)


def run(
    project: Project,
    words: Sequence[str],
    variables: Mapping[str, Any],
    target: Path,
    progress: Progress,
) -> None:
    """Runs one dbt command to its end; raises `DbtBroke` when it could not begin."""
    for node in Session(project, variables, target).run(words):
        progress(str(node))


def close_warehouse() -> None:
    """Lets go of DuckDB's file, which dbt keeps open, and lets no one else in, until told."""
    if adapter := sys.modules.get("dbt.adapters.duckdb.connections"):
        manager = adapter.DuckDBConnectionManager
        if manager._ENV is not None:
            manager._ENV.close()
        manager.close_all_connections()


@contextmanager
def _surroundings(project: Project) -> Iterator[None]:
    """What dbt finds in its environment: where the data lies, and that it shall be quiet.

    Spark's process, which dbt starts, writes what it has to say into a file.
    """
    project.logs.mkdir(parents=True, exist_ok=True)
    settings = {
        "REGULARS_DATA": str(project.data),
        "DO_NOT_TRACK": "1",
        # Python tidies dbt's locks up behind a process that a signal has ended: no need to warn.
        "PYTHONWARNINGS": "ignore:resource_tracker:UserWarning",
    }
    before = {name: os.environ.get(name) for name in settings}
    os.environ.update(settings)
    # Where the disk of its log is full, Python would print a traceback for each line of it.
    prints, logging.raiseExceptions = logging.raiseExceptions, False
    try:
        is_spark = project.engine == "spark"
        with spark.talking_to(project.logs / "stderr.log") if is_spark else nullcontext():
            yield
    finally:
        logging.raiseExceptions = prints
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


@contextmanager
def little_garbage_collection() -> Iterator[None]:
    """Leaves the manifest alone, which is no garbage till the end, and saves a tenth of a build and
    more of what it takes to parse a project.

    Python looks through all objects whenever some hundred more have been made; dbt has a million.
    """
    usual = gc.get_threshold()
    gc.freeze()
    gc.set_threshold(20_000, *usual[1:])
    try:
        yield
    finally:
        gc.set_threshold(*usual)
        gc.unfreeze()


class PlainTexts(dict):
    """What becomes of any text without Jinja: dbt keeps those that it has met, here all are known.

    A template of it says the text, with its lines ended as Jinja does, and without the last end.
    """

    def __contains__(self, text: object) -> bool:
        return True

    def __missing__(self, text: str) -> str:
        return text.replace("\r\n", "\n").replace("\r", "\n").removesuffix("\n")


def leave_plain_texts() -> None:
    """dbt compiles a template for each text of YAML that has no Jinja, row of a unit test and name
    of a column, which is some sixth of what it takes to parse the project."""
    from dbt.clients import jinja

    jinja._render_cache = PlainTexts()


def _node(event: EventMsg, looks: bool) -> Node:
    data = event.data
    rows, columns = _seen(data.node_info) if looks else (None, ())
    total = data.num_models if event.info.name == "LogTestResult" else data.total
    return Node(
        unique_id=data.node_info.unique_id,
        name=data.node_info.node_name,
        status=data.node_info.node_status,
        number=data.index,
        total=total,
        seconds=data.execution_time,
        rows=rows,
        columns=columns,
        is_kept=KEPT in {data.status, getattr(data, "result_message", None)},
    )


def _seen(info: NodeInfo) -> tuple[int | None, tuple[tuple[str, str], ...]]:
    """Rows and columns of what dbt has just made. DuckDB knows how many rows a table has; a view
    has to be asked, and is left alone when that takes long."""
    adapter = sys.modules.get("dbt.adapters.duckdb.connections")
    is_relation = info.resource_type in {"model", "seed"}
    if not (adapter and is_relation and info.node_status == "success"):
        return None, ()

    import duckdb

    relation, columns = info.node_relation.relation_name, ()
    with adapter.DuckDBConnectionManager._ENV.conn.cursor() as cursor:
        patience = Timer(COUNTING_SECONDS, cursor.interrupt)
        try:
            described = cursor.execute(f"describe {relation}").fetchall()
            columns = tuple((name, kind) for name, kind, *_ in described)
            patience.start()
            return cursor.execute(f"select count(*) from {relation}").fetchone()[0], columns
        except duckdb.Error:  # something else was made than a table, or it takes too long
            return None, columns
        finally:
            patience.cancel()


def forget_what_was_compiled(manifest: Manifest) -> None:
    """A second command would take the ephemeral models for inserted already."""
    for node in manifest.nodes.values():
        if getattr(node, "extra_ctes_injected", False):
            node.extra_ctes_injected = False
