"""Shops that refresh after changes drawn by chance, beside full refreshes of the same files."""

from __future__ import annotations

import json
import random
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from conftest import Shop

from orchestration.digests import table_digest
from orchestration.duck import connect, identifier, literal_path
from orchestration.progress import silent
from orchestration.project import Project
from orchestration.refresh import Refresh

BUILD = ("build", "--exclude-resource-type", "unit_test")


@dataclass
class Living:
    """A shop whose files, seeds and variables change from day to day."""

    shop: Shop
    manifest: Any
    variables: dict[str, Any] = field(default_factory=dict)

    def build(self, data: Path, **variables: Any) -> dict[str, str]:
        """Builds into a data folder; what dbt says of each node, by its name; `failed` of those
        that were not made, or not in order."""
        told = json.dumps(self.variables | variables)
        done = Shop(data, self.shop.root).dbt(
            "duckdb", *BUILD, "--vars", told, manifest=self.manifest
        )
        return {
            each.node.name: "failed"
            if each.status in {"fail", "error", "skipped"}
            else each.message
            for each in done.result.results
        }

    def refresh(self, **variables: Any) -> dict[str, str]:
        Refresh(Project(self.shop.root, self.shop.data)).land(silent)
        return self.build(self.shop.data, **variables)

    def anew(self, folder: Path) -> dict[str, str]:
        """Makes a warehouse of what has landed, in a folder of its own."""
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir()
        (folder / "raw").symlink_to(self.shop.data / "raw")
        return self.build(folder, self_audit_share=None)


Change = Callable[[Living, random.Random], None]


def live(
    living: Living, chance: random.Random, changes: Sequence[Change], steps: int, folder: Path
) -> None:
    """A history of so many refreshes; after each, nothing differs from a full refresh.

    Some make part of what they keep anew, and compare.
    """
    for step in range(steps):
        drawn = chance.choices(changes, k=chance.choice([1, 1, 2]))
        for change in drawn:
            change(living, chance)
        now = failures(living.refresh(self_audit_share=chance.choice([0, 0, 0.3])))
        told = f"step {step}: {', '.join(each.__name__ for each in drawn)}"
        assert now == failures(living.anew(folder)), told
        if not now:
            assert differences(living.shop.data, folder) == [], told


def failures(told: Mapping[str, str]) -> set[str]:
    return {name for name, message in told.items() if message == "failed"}


def differences(data: Path, other: Path) -> list[str]:
    """The relations whose columns or rows are others in the two data folders."""
    these, those = digests(data), digests(other)
    return sorted(
        name for name in these.keys() | those.keys() if these.get(name) != those.get(name)
    )


def digests(data: Path) -> Mapping[str, str]:
    """The digest of every table and view that a build makes."""
    with connect() as connection:
        connection.execute(
            f"attach {literal_path(data / 'warehouse.duckdb')} as warehouse (read_only)"
        )
        connection.execute("use warehouse")
        found = connection.execute(
            "select table_schema, table_name from information_schema.tables"
            " where table_catalog = 'warehouse' and table_schema not in ('raw', 'kept')"
            " and table_name <> 'last_build' order by all"
        ).fetchall()
        names = [".".join(map(identifier, each)) for each in found]
        return {name: table_digest(connection, name) for name in names}
