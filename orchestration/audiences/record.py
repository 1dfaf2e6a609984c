"""Records an export as what a source delivers: a campaign, and who was assigned to which arm.

The files lie in the landing folder of the source `regulars`, so that they land with the next run.
A person is assigned once: the campaign is the audience, and its experiment lasts as long.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from orchestration.audiences.members import Members
from orchestration.duck import identifier, literal

SOURCE = "regulars"
# The columns of its files as the YAML of the source has them.
TOUCHES = (
    *("touch_no", "campaign_code", "account_id", "touch_type", "arm", "coupon_code"),
    *("order_id", "occurred_at"),
)

CAMPAIGN = """
select
    $audience as campaign_code,
    $audience as campaign_name,
    string_agg(distinct play, '_or_' order by play) as objective,
    any_value(channel) as channel,
    case when $control_share > 0 then 'randomised' else 'targeted' end as assignment,
    any_value(as_of_date) as starts_on,
    nullif($control_share, 0)::varchar as control_share
from members
having count(*) > 0
"""

# Who has another account there already was assigned by it.
ASSIGNED = """
select
    $audience || '-assigned-' || account_id as touch_no,
    $audience as campaign_code,
    account_id,
    'assigned' as touch_type,
    arm,
    null as coupon_code,
    null as order_id,
    as_of_date || ' 00:00:00' as occurred_at
from members
where customer_id not in (
    select accounts.customer_id
    from recorded
    inner join warehouse.intermediate.int_account_customers as accounts using (account_id)
)
"""


def record(members: Members, landing: Path, control_share: float) -> int:
    """Adds to the landing folder who was assigned for the first time, and returns how many.

    `control_share` is what lot was to leave out: by it the sizes of the arms are judged.
    """
    folder = landing / SOURCE
    audience: dict[str, object] = {"audience": members.audience}
    campaign = folder / "campaigns" / f"{members.audience}.csv"
    if not campaign.exists():
        members.connection.execute(
            f"create or replace temp table rows as {CAMPAIGN}",
            audience | {"control_share": control_share},
        )
        add_rows(members.connection, campaign)
    recorded = read_rows(folder / "touches", f"????-??-??-{members.audience}.csv", TOUCHES)
    members.connection.execute(f"create or replace temp table recorded as {recorded}")
    members.connection.execute(f"create or replace temp table rows as {ASSIGNED}", audience)
    return add_rows(
        members.connection, folder / "touches" / f"{members.day}-{members.audience}.csv"
    )


def read_rows(folder: Path, pattern: str, columns: tuple[str, ...]) -> str:
    """The query of the rows of some files that this module wrote, all of them texts."""
    if not any(folder.glob(pattern)):
        nothing = ", ".join(f"null::varchar as {identifier(column)}" for column in columns)
        return f"select {nothing} where false"
    types = ", ".join(f"{literal(column)}: 'varchar'" for column in columns)
    return (
        f"from read_csv({literal(folder / pattern)}, header = true, auto_detect = false,"
        f" delim = ',', quote = '\"', escape = '\"', columns = {{{types}}})"
    )


def add_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> int:
    """Adds the table `rows` to the file of a day, whatever was written to it before."""
    [(count,)] = connection.execute("select count(*) from rows").fetchall()
    if count:
        names = tuple(column[0] for column in connection.execute("from rows").description)
        connection.execute(f"insert into rows by name {read_rows(path.parent, path.name, names)}")
        _write_rows(connection, path)
    return count


def _write_rows(connection: duckdb.DuckDBPyConnection, path: Path) -> None:
    """Writes the table `rows` at once: the lander leaves hidden files alone."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}")
    connection.execute(f"copy (from rows order by all) to {literal(draft)} (format csv, header)")
    draft.replace(path)
