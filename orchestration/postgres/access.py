"""Who sees what of the copy: groups of PostgreSQL that the files of `roles/` describe.

`regulars_reader` sees all marts. A role `west` is the group `regulars_west`; whoever is made a
member of it sees the columns that it may see, of the rows that are its. What a role sees of a
column that is not the column itself, such as a pseudonym, can't be granted: such a role gets tables
of its own, made of its file, in the schema `regulars_<role>`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from orchestration.duck import identifier, literal
from orchestration.publish.marts import PublicationError
from orchestration.roles.views import View

READER = "regulars_reader"
# PostgreSQL drops without a word what a name has beyond so many bytes.
LONGEST = 63
OF_THE_PUBLICATION = ("generation", "published_at", "as_of_date")


def group(role: str) -> str:
    return f"regulars_{role}"


def known_by(column: str, role: str) -> str:
    """The name of the function that says whose rows a role sees."""
    return f"{column}s_of_{group(role)}"


def refuse_long_names(roles: Iterable[str]) -> None:
    """Of two roles that begin alike PostgreSQL would make one, which sees what both may."""
    most = LONGEST - len(known_by("customer_id", ""))
    for role in roles:
        if len(role.encode()) > most:
            raise PublicationError(
                f"roles/{role}.yml has too long a name, of which PostgreSQL would drop the end: "
                f"choose one of {most} letters at most (a Chinese character counts for three)."
            )


def granted_to_readers(schema: str, tables: Sequence[str]) -> Iterator[str]:
    """Statements by which readers see all of a new schema, and nobody else sees any of it."""
    yield f"grant usage on schema {identifier(schema)} to {READER}"
    for table in tables:
        relation = f"{identifier(schema)}.{identifier(table)}"
        yield f"alter table {relation} enable row level security"
        yield f"grant select on {relation} to {READER}"
        yield f"create policy {READER} on {relation} for select to {READER} using (true)"


def granted_to_role(schema: str, view: View, stores: Sequence[str]) -> Iterator[str]:
    """Statements by which a role sees its rows and columns of the shared tables.

    `stores` are those of the role. Which orders and customers are theirs is asked by functions that
    answer for this role alone, since the role itself may see none of the table that tells it.
    """
    name = group(view.role.name)
    yield f"grant usage on schema {identifier(schema)} to {identifier(name)}"
    mine = f"store_id = any (array[{', '.join(map(literal, stores))}]::text[])"
    conditions = {"store_id": mine}
    for column in ("order_id", "customer_id") if view.role.rows else ():
        function = f"{identifier(schema)}.{identifier(known_by(column, view.role.name))}()"
        # The body names the schema that readers see, which this one is once it is whole.
        body = f"select {column} from marts.orders where {mine} and {column} is not null"
        yield (
            f"create function {function} returns setof text language sql stable security definer"
            f" set search_path = '' as {literal(body)}"
        )
        yield f"revoke all on function {function} from public"
        yield f"grant execute on function {function} to {identifier(name)}"
        conditions[column] = f"{column} in (select {function})"
    for mart in (*view.role.marts, *view.role.whole):
        relation = f"{identifier(schema)}.{identifier(mart)}"
        columns = ", ".join(identifier(column) for column in view.shown(mart))
        condition = _condition(view, mart, conditions)
        yield f"grant select ({columns}) on {relation} to {identifier(name)}"
        yield (
            f"create policy {identifier(name)} on {relation} for select to {identifier(name)}"
            f" using ({condition})"
        )
    relation = f"{identifier(schema)}.publication"
    yield f"grant select ({', '.join(OF_THE_PUBLICATION)}) on {relation} to {identifier(name)}"
    yield (
        f"create policy {identifier(name)} on {relation} for select to {identifier(name)}"
        " using (true)"
    )


def _condition(view: View, mart: str, conditions: Mapping[str, str]) -> str:
    division = view.division(mart)
    if division is None:
        return "true"
    if division in view.role.rows:
        values = ", ".join(map(literal, view.role.rows[division]))
        return f"{identifier(division)} in ({values})"
    return conditions[division]
