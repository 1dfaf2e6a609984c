"""Who sees what in Superset, of the same files of `roles/` that make the files of roles.

What a role sees whole in its columns it sees on everybody's datasets and dashboards, with a rule
that leaves its rows. Superset can hide rows and no columns: marts of which a role sees less than
all columns it sees in datasets of its own, on its own file, which has nothing else.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from orchestration.project import Project
from orchestration.roles import CURRENT, View
from orchestration.superset.bundle import Bundle, Contents, database
from orchestration.superset.datasets import SCHEMA, Column, Dataset
from orchestration.superset.format import VERSION, id_of

# What became of a column's type.
MASKED = {"pseudonym": "VARCHAR", "month": "DATE"}


@dataclass(frozen=True)
class Access:
    """What one role may open."""

    view: View
    bundle: Bundle

    @property
    def name(self) -> str:
        """What role, database and rules are called in Superset."""
        return f"Regulars: {self.view.role.name}"

    def content(self, is_own_file_there: bool) -> Mapping[str, Any]:
        """The role as `bi/roles.py` makes it: its datasets, and which of their rows it sees."""
        common = list(self._common())
        conditions: dict[str, list[str]] = {}
        for dataset in common:
            mart = dataset.marts[0]
            condition = self.view.condition(mart, catalog="")
            if mart in self.view.role.marts and condition:
                conditions.setdefault(condition, []).append(dataset.id)
        own = [dataset.id for dataset in self.own()] if is_own_file_there else []
        return {
            "name": self.name,
            "datasets": [dataset.id for dataset in common] + own,
            "rows": [
                {"name": f"{self.name} {number}", "condition": condition, "datasets": datasets}
                for number, (condition, datasets) in enumerate(sorted(conditions.items()), 1)
            ],
        }

    def own(self) -> Iterator[Dataset]:
        """Datasets on the role's own file, of marts that it sees in part.

        They have names of their own: Superset on SQLite holds a name to be one table, whatever
        database that lies in.
        """
        for mart in self._marts:
            dataset = self.bundle.datasets[mart]
            if not self._sees_all_columns(dataset):
                columns = list(self._masked(dataset))
                shown = {column.name for column in columns}
                yield replace(
                    dataset,
                    name=f"{mart} of {self.view.role.name}",
                    sql=f"select * from {SCHEMA}.{mart}",
                    columns=columns,
                    figures=[],
                    time=dataset.time if dataset.time in shown else None,
                    database=self.name,
                )

    @property
    def _marts(self) -> list[str]:
        return [*self.view.role.marts, *self.view.role.whole]

    def _common(self) -> Iterator[Dataset]:
        for dataset in self.bundle.datasets.values():
            is_its = set(dataset.marts) <= set(self._marts) and self._sees_all_columns(dataset)
            if is_its and self._sees_what_is_joined(dataset):
                yield dataset

    def _sees_what_is_joined(self, dataset: Dataset) -> bool:
        """Its rule is that of the first mart: one that is seen whole would show of the others rows
        that are not the role's."""
        first, *joined = dataset.marts
        return bool(self.view.division(first)) or not any(map(self.view.division, joined))

    def _sees_all_columns(self, dataset: Dataset) -> bool:
        """Of a dataset that joins marts, of all of them: its SQL may be asked for any."""
        return all(
            self.view.mask(mart, column.name) == "show"
            for mart in dataset.marts
            for column in self.bundle.datasets[mart].columns
            if not column.sql
        )

    def _masked(self, dataset: Dataset) -> Iterator[Column]:
        for column in dataset.columns:
            mask = self.view.mask(dataset.name, column.name)
            if not column.sql and mask != "hide":
                yield replace(column, type=MASKED.get(mask, column.type))


def of_roles(roles: Sequence[Access], with_files: Sequence[Access], seen: Project) -> Contents:
    """What belongs to roles, as a bundle: datasets on the files of those that have one, where
    Superset sees them, and in `access.yaml`, which Superset passes over, who may open what."""
    contents: dict[str, Any] = {
        "metadata.yaml": {"version": VERSION},
        "access.yaml": [role.content(role in with_files) for role in roles],
    }
    for role in with_files:
        file = seen.role_files / role.view.role.name / CURRENT
        contents[f"databases/{id_of('database', role.name)}.yaml"] = database(
            role.name, f"duckdb:///{file}"
        )
        for dataset in role.own():
            contents[f"datasets/{dataset.id}.yaml"] = dataset.content()
    return contents
