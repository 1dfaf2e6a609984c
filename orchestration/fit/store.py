"""What was fitted, version by version, as Parquet tables that the models read as a source."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from pathlib import Path

from orchestration.disk import sync
from orchestration.duck import connect, literal, literal_path, rows

VERSIONS = {
    "model": "varchar",
    "version": "bigint",
    "status": "varchar",
    "reason": "varchar",
    "as_of_date": "date",
    "customer_count": "bigint",
    "data_digest": "varchar",
    "fitted_at": "timestamp",
}
PARAMETERS = {
    "model": "varchar",
    "version": "bigint",
    "parameter": "varchar",
    "feature": "varchar",
    "knot": "double",
    "value": "double",
    "standard_error": "double",
}
METRICS = {
    "model": "varchar",
    "version": "bigint",
    "metric": "varchar",
    "value": "double",
}
# The last digits of a fit depend on the machine.
DIGITS = 9
CURRENT, RETIRED, REJECTED = "current", "retired", "rejected"


class TooFew(Exception):
    """Why nothing could be fitted, and what to do: one sentence."""


@dataclass(frozen=True)
class Parameter:
    """One number of a model; `feature` and `knot` say to which term of a score it belongs."""

    parameter: str
    value: float
    standard_error: float | None = None
    feature: str | None = None
    knot: float | None = None


@dataclass(frozen=True)
class Fit:
    """A new set of parameters, and whether it is good enough to score with.

    `data_digest` tells the rows that it was fitted on from others, `customer_count` how many
    customers they are of (accounts, for record linkage, which knows no day), `as_of_date` the day
    that they end before. `reason` is a sentence: why the set is promoted, or rejected.
    """

    model: str
    parameters: Sequence[Parameter]
    metrics: Mapping[str, float]
    as_of_date: date | None
    customer_count: int
    data_digest: str
    is_promoted: bool
    reason: str


@dataclass(frozen=True)
class Table:
    """A further table of a fit, such as its backtest; `columns` have SQL's types."""

    columns: Mapping[str, str]
    rows: Sequence[Sequence[object]]


@dataclass(frozen=True)
class Fitted:
    """What came of fitting: new parameters, and tables that take the place of those before."""

    fits: Sequence[Fit]
    tables: Mapping[str, Table] = field(default_factory=dict)


@dataclass(frozen=True)
class Version:
    """A row of the table of versions; `status` is current, retired or rejected.

    `fitted_at` is an instant in UTC, None for what a release fitted that did not note it: with it a
    warehouse as of a past instant is scored with what was fitted by then.
    """

    model: str
    version: int
    status: str
    reason: str
    as_of_date: date | None
    customer_count: int
    data_digest: str
    fitted_at: datetime | None = None


class Store:
    """The parameters in the folder `parameters/` of the data.

    Nothing that was fitted is ever changed but for its status: of each model one version is current
    at most, and the models score with it. Where none is, the project's defaults hold.
    """

    def __init__(self, folder: Path):
        self.folder = folder

    def record(self, fit: Fit) -> Version:
        """Keeps the fit as the next version of its model.

        A fit of the same data with the same parameters as one that is kept already adds none. The
        versions are written last: what a kill leaves of none of them goes with the next fit.
        """
        versions = self.versions()
        if known := self._same(fit, versions):
            return known
        whole = {(version.model, version.version) for version in versions}
        status = CURRENT if fit.is_promoted else REJECTED
        number = 1 + max((v.version for v in versions if v.model == fit.model), default=0)
        fresh = Version(
            *(fit.model, number, status, fit.reason),
            *(fit.as_of_date, fit.customer_count, fit.data_digest),
            datetime.now(UTC).replace(tzinfo=None),
        )
        if fit.is_promoted:
            versions = [_retired(version, fit.model) for version in versions]
        self._append(
            "model_parameters",
            PARAMETERS,
            whole,
            [
                (fit.model, number, p.parameter, p.feature, p.knot, p.value, p.standard_error)
                for p in fit.parameters
            ],
        )
        self._append(
            "model_metrics",
            METRICS,
            whole,
            [(fit.model, number, name, value) for name, value in sorted(fit.metrics.items())],
        )
        write_table(
            self._path("model_versions"),
            VERSIONS,
            [tuple(vars(version).values()) for version in [*versions, fresh]],
        )
        return fresh

    def versions(self) -> list[Version]:
        """All versions, the oldest of each model first."""
        return [Version(**row) for row in self._read("model_versions", "model, version")]

    def parameters(self, model: str, version: int) -> list[Parameter]:
        """The parameters of one version, in the order of their names."""
        found = self._read("model_parameters", "parameter")
        names = ("parameter", "value", "standard_error", "feature", "knot")
        return [
            Parameter(**{name: row[name] for name in names})
            for row in found
            if (row["model"], row["version"]) == (model, version)
        ]

    @property
    def parameters_file(self) -> Path:
        """The parameters of all versions, for SQL; it is there once there is a version."""
        return self._path("model_parameters")

    def keep(self, fitted: Fitted) -> list[Version]:
        """Keeps what came of a fit; the versions that its parameters have now."""
        for name, table in fitted.tables.items():
            write_table(self._path(name), table.columns, table.rows)
        return [self.record(fit) for fit in fitted.fits]

    def _same(self, fit: Fit, versions: Sequence[Version]) -> Version | None:
        latest = [version for version in versions if version.model == fit.model][-1:]
        for version in latest:
            kept = self.parameters(version.model, version.version)
            same = sorted(fit.parameters, key=lambda parameter: parameter.parameter) == kept
            if same and version.data_digest == fit.data_digest:
                return version
        return None

    def _append(
        self,
        table: str,
        columns: Mapping[str, str],
        whole: Collection[tuple[str, int]],
        values: Sequence[Sequence[object]],
    ) -> None:
        """Adds rows to those of the versions that are whole."""
        kept = [
            tuple(row.values())
            for row in self._read(table, "all")
            if (row["model"], row["version"]) in whole
        ]
        write_table(self._path(table), columns, [*kept, *values])

    def _read(self, table: str, order: str) -> list[dict]:
        if not self._path(table).exists():
            return []
        with connect() as connection:
            return rows(
                connection,
                f"select * from read_parquet({literal_path(self._path(table))}) order by {order}",
            )

    def _path(self, table: str) -> Path:
        return self.folder / f"{table}.parquet"


def _retired(version: Version, model: str) -> Version:
    if version.model == model and version.status == CURRENT:
        return replace(version, status=RETIRED)
    return version


def rounded(number: float, digits: int = DIGITS) -> float:
    """A number as parameters and metrics are kept: with so many significant digits."""
    return float(f"{number:.{digits}g}")


def write_table(path: Path, columns: Mapping[str, str], values: Iterable[Sequence[object]]) -> None:
    """Writes a Parquet file by one rename, with the columns' SQL types, also without rows."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    told = list(zip(*values, strict=True)) or [()] * len(columns)
    lists = ", ".join(
        f"unnest(${at}::{sql_type}[]) as {name}"
        for at, (name, sql_type) in enumerate(columns.items(), start=1)
    )
    with connect() as connection:
        connection.execute(
            f"copy (select {lists}) to {literal(fresh)} (format parquet)", list(map(list, told))
        )
    sync(fresh)
    fresh.replace(path)
    sync(path.parent)
