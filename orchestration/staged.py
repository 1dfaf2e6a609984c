"""How the project reads its sources, as the last build did: the SQL of staging, ready to be asked.

Whose a landed row is, staging says and nothing else does: which column is an account number, and in
which spelling. So the rows of a person are found, and what of a sale is needed is known, without a
further description of each source.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from orchestration.artifacts import read_artifact
from orchestration.duck import connect, identifier, literal
from orchestration.landing.feeds import Feed
from orchestration.project import Project
from orchestration.warehouse import attach

LANDER_COLUMNS = {"_file": "varchar", "_line": "bigint", "_batch": "varchar"} | {
    "_landed_at": "timestamp"
}
CONTACTS = "models/intermediate/identity/int_order_contacts.sql"
IDENTITY_FOLDER = "models/intermediate/identity/"


@dataclass(frozen=True)
class Staging:
    """A staging model: it reads the landed rows of one feed, and gives those of one entity."""

    model: str
    relation: str
    entity: str
    sql: str


@dataclass(frozen=True)
class Rules:
    """`contacts` is the SQL of int_order_contacts, which gives contacts in their one form."""

    stagings: tuple[Staging, ...]
    contacts: str
    identity_tables: tuple[str, ...]

    def of_feed(self, relation: str) -> list[Staging]:
        return [rule for rule in self.stagings if rule.relation == relation]

    def write(self, path: Path) -> None:
        """Keeps the rules, for a landing that finds no build any more."""
        fresh = path.with_suffix(".new")
        fresh.write_text(json.dumps(asdict(self), ensure_ascii=False), encoding="utf-8")
        fresh.replace(path)


def read_rules(project: Project, kept: Path | None = None) -> Rules:
    """The rules of the last build, or those that were `kept` where there is none any more.

    Raises `ValueError`, which says what to do, where there are neither, and `NoArtifacts` where
    what the build has left is damaged.
    """
    manifest = project.target / "manifest.json"
    if project.engine == "duckdb" and manifest.exists():
        return _of_build(project, read_artifact(manifest))
    if kept and kept.exists():
        found = json.loads(kept.read_text(encoding="utf-8"))
        stagings = tuple(Staging(**each) for each in found["stagings"])
        return Rules(stagings, found["contacts"], tuple(found["identity_tables"]))
    raise ValueError(
        "How the sources are to be read is known once DuckDB has built the warehouse: "
        "`regulars run --target duckdb` first."
    )


def _of_build(project: Project, manifest: dict) -> Rules:
    compiled = project.target / "compiled" / manifest["metadata"]["project_name"]
    models = [node for node in manifest["nodes"].values() if node["resource_type"] == "model"]
    stagings = []
    for node in models:
        parents = [manifest["sources"].get(id) for id in node["depends_on"]["nodes"]]
        path = compiled / node["original_file_path"]
        if len(parents) != 1 or not parents[0] or not path.exists():
            continue
        [source] = parents
        prefix = f"stg_{source['source_name']}__"
        entity = node["name"].removeprefix(prefix).split("__")[0]
        stagings.append(
            Staging(node["name"], source["identifier"], entity, path.read_text(encoding="utf-8"))
        )
    if not (compiled / CONTACTS).exists():
        raise ValueError(
            f"The last build has left no {CONTACTS}, by which contacts are told: `regulars run`."
        )
    return Rules(
        tuple(sorted(stagings, key=lambda rule: rule.model)),
        (compiled / CONTACTS).read_text(encoding="utf-8"),
        tuple(
            node["name"]
            for node in models
            if node["original_file_path"].startswith(IDENTITY_FOLDER)
        ),
    )


class Staged:
    """Landed rows as staging reads them, in a DuckDB of their own in memory.

    Tables are `warehouse.raw.<relation>` and `warehouse.staging.<model>`, as dbt names them.
    """

    def __init__(self, rules: Rules, temporary: Path):
        self.rules, self.temporary = rules, temporary
        self.connection = connect(temp_directory=str(temporary), preserve_insertion_order="true")
        self.connection.execute("attach ':memory:' as warehouse")
        for schema in ("raw", "staging", "entities", "reference"):
            self.connection.execute(f"create schema warehouse.{schema}")
        self.connection.execute("use warehouse")

    def close(self) -> None:
        self.connection.close()

    def take(self, feed: Feed, files: Sequence[Path]) -> None:
        """Stages the rows of Parquet files of a feed, in the place of what was staged of it."""
        empty = [f"cast(null as varchar) as {identifier(column.name)}" for column in feed.columns]
        empty += [f"cast(null as {kind}) as {name}" for name, kind in LANDER_COLUMNS.items()]
        rows = f"select {', '.join(empty)} where false"
        if files:
            listed = ", ".join(literal(str(path)) for path in files)
            rows += (
                f" union all by name select * from read_parquet([{listed}], union_by_name = true)"
            )
        self.stage(feed.relation, f"view raw.{identifier(feed.relation)} as {rows}")

    def stage(self, relation: str, made_as: str) -> None:
        """Makes the landed rows of a feed, and puts the staging models over them."""
        kind = made_as.partition(" ")[0]
        for other in {"view", "table"} - {kind}:
            found = self.connection.execute(
                f"select 1 from duckdb_{other}s() where schema_name = 'raw'"
                f" and {other}_name = $1 and database_name = 'warehouse'",
                [relation],
            ).fetchone()
            if found:
                self.connection.execute(f"drop {other} raw.{identifier(relation)}")
        self.connection.execute(f"create or replace {made_as}")
        for rule in self.rules.of_feed(relation):
            self.connection.execute(
                f"create or replace view staging.{identifier(rule.model)} as {rule.sql}"
            )

    def columns(self, rule: Staging) -> list[str]:
        described = self.connection.execute(f"describe staging.{identifier(rule.model)}")
        return [name for name, *_ in described.fetchall()]

    def contacts(self, warehouse: Path, typed: Iterable[str]) -> set[tuple[str, str, str]]:
        """What is typed as phones or e-mail addresses, each with its type and its one form.

        The rules of e-mail domains are those of the warehouse.
        """
        attach(self.connection, warehouse, "built")
        self.connection.execute(
            "create or replace table reference.email_domain_rules as"
            " from built.reference.email_domain_rules"
        )
        self.connection.execute("detach built")
        self.connection.execute(
            "create or replace table entities.int_orders (order_id varchar, source_system varchar,"
            " account_id varchar, ordered_on date, contact_phone varchar, contact_email varchar)"
        )
        self.connection.execute(
            "insert into entities.int_orders select typed, null, null, null, typed, typed"
            " from (select unnest($1::varchar[]) as typed)",
            [list(typed)],
        )
        rows = f"select order_id, identifier_type, identifier_value from ({self.rules.contacts})"
        return set(self.connection.execute(rows).fetchall())
