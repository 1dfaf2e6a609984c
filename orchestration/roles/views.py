"""The SQL of what a role sees of a mart."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from orchestration.duck import identifier, literal
from orchestration.landing.keyed import HashKey
from orchestration.publish.marts import PublicationError
from orchestration.roles.role import Role

STORES = "(select store_id from {catalog}marts.stores where {condition})"
WHOLE = "whole."
# By which column a mart is divided, the nearest to a store first; a customer belongs to every
# store that they have bought in.
DIVISIONS = {
    "store_id": STORES,
    "order_id": f"(select order_id from {{catalog}}marts.orders where store_id in {STORES})",
    "customer_id": f"(select customer_id from {{catalog}}marts.orders where store_id in {STORES})",
}


@dataclass(frozen=True)
class View:
    """What a role sees; `columns` are those of each mart with their types, `personal` those
    of a person."""

    role: Role
    columns: Mapping[str, Mapping[str, str | None]]
    personal: Collection[tuple[str, str]]
    key: HashKey | None

    def __post_init__(self) -> None:
        shown = f"roles/{self.role.name}.yml"
        for mart in (*self.role.marts, *self.role.whole):
            if mart not in self.columns:
                raise PublicationError(f"{shown}: there is no mart {mart}.")
        for mart in self.role.marts:
            if self.role.rows and self.condition(mart) is None:
                raise PublicationError(
                    f"{shown}: no column of {mart} tells whose its rows are: leave it out, or name "
                    "it under `whole`, which shows all of it."
                )
        known = {name for columns in self.columns.values() for name in columns}
        known |= {f"{mart}.{name}" for mart, columns in self.columns.items() for name in columns}
        if unknown := sorted(set(self.role.masks) - known):
            raise PublicationError(f"{shown}: no mart has a column {', '.join(unknown)}.")
        for mart in (*self.role.marts, *self.role.whole):
            for column, type_ in self.columns[mart].items():
                is_day = (type_ or "date").lower().startswith(("date", "timestamp"))
                if self.mask(mart, column) == "month" and not is_day:
                    raise PublicationError(f"{shown}: {mart}.{column} is no day: it has no month.")
        if self.role.has_pseudonyms and not self.key:
            raise PublicationError(
                f"{shown} gives pseudonyms, which need a key: set REGULARS_HASH_KEY."
            )

    def query(self, mart: str) -> str:
        """The rows and columns of a mart, of the catalog `whole`."""
        masked = [self._masked(mart, column) for column in self.columns[mart]]
        selected = ", ".join(each for each in masked if each)
        if not selected:
            raise PublicationError(f"roles/{self.role.name}.yml hides every column of {mart}.")
        condition = self.condition(mart) if mart in self.role.marts else None
        rows = f" where {condition}" if condition else ""
        # In the order of what is shown, since that of what is hidden tells of it.
        return f"select {selected} from {WHOLE}marts.{identifier(mart)}{rows} order by all"

    @property
    def is_plain(self) -> bool:
        """Whether it sees columns as they are or not at all, and none that is made for it."""
        masks = {
            self.mask(mart, column)
            for mart in (*self.role.marts, *self.role.whole)
            for column in self.columns[mart]
        }
        return masks <= {"show", "hide"}

    def shown(self, mart: str) -> list[str]:
        """The columns of a mart that it sees in some form."""
        return [each for each in self.columns[mart] if self.mask(mart, each) != "hide"]

    def division(self, mart: str) -> str | None:
        """The column by which its rows of a mart are told; None where it sees all of them."""
        if not self.role.rows or mart in self.role.whole:
            return None
        columns = (*self.role.rows, *DIVISIONS)
        return next((column for column in columns if column in self.columns[mart]), None)

    def fingerprint(self) -> str:
        """Changes with all that decides what the role sees of a generation."""
        queries = [self.query(mart) for mart in (*self.role.marts, *self.role.whole)]
        key = self.role_key.id if self.role_key else ""
        return hashlib.sha256("\n".join([*queries, key]).encode()).hexdigest()[:8]

    @property
    def role_key(self) -> HashKey | None:
        """A key of the role's own: pseudonyms of two roles don't tell that they are of one."""
        if not self.key:
            return None
        secret = hmac.new(self.key.secret, f"role {self.role.name}".encode(), hashlib.sha256)
        return replace(self.key, secret=secret.digest())

    def condition(self, mart: str, catalog: str = WHOLE) -> str | None:
        """Which rows are the role's, where the marts lie in a catalog; None where all are, or
        nothing tells."""
        if not self.role.rows:
            return None
        [(column, values)] = self.role.rows.items()
        chosen = f"{identifier(column)} in ({', '.join(map(literal, values))})"
        division = self.division(mart)
        if division is None or division == column:
            return chosen if division else None
        return f"{division} in {DIVISIONS[division].format(catalog=catalog, condition=chosen)}"

    def mask(self, mart: str, column: str) -> str:
        """What is made of a column."""
        return self.role.mask(mart, column, (mart, column) in self.personal)

    def _masked(self, mart: str, column: str) -> str | None:
        """The SQL of a column as the role sees it, None where it does not."""
        name = identifier(column)
        match self.mask(mart, column):
            case "show":
                return name
            case "pseudonym":
                return f"{self.role_key.digest_sql(f'{name}::varchar')} as {name}"
            case "month":
                return f"date_trunc('month', {name})::date as {name}"
        return None
