"""What the customers who could be drawn did of late, as sums, from the published marts."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from orchestration.duck import connect, literal, rows

METRICS = ("orders", "buyers", "revenue")
OF_A_CUSTOMER = {
    "orders": "count(*) filter (where is_purchase and {when})",
    "buyers": "max(if(is_purchase and {when}, 1, 0))",
    "revenue": "coalesce(sum(net_amount) filter (where {when}), 0)",
}
HAPPENED = "avg(if(y <> 0, 1, 0))"
# Of a share, who did not is an event too.
EVENTS = {metric: HAPPENED for metric in METRICS} | {"buyers": f"least({HAPPENED}, 1 - {HAPPENED})"}
# Everybody who had bought by the first day, and been silent for as long as is asked; what they did
# from it on, beside what they had done in as many days before.
SUMS = """
with customers as (
    select
        customer_id,
        {now}::double as y,
        {before}::double as x
    from published.marts.orders
    where customer_id is not null and ordered_on < {today}
    group by customer_id
    having max(if(is_purchase and ordered_on < {first}, ordered_on, null)) <= {first} - {silent}
)
select
    count(*) as customers,
    coalesce(avg(y), 0) as mean,
    coalesce(var_samp(y), 0) as variance,
    coalesce(nullif(corr(x, y), 'nan'), 0) as correlation,
    coalesce({events}, 0) as event_share
from customers
"""
ARRIVALS = """
select count(*) / {days} as arrivals_a_day
from (
    select customer_id, min(ordered_on) as first_on from published.marts.orders
    where customer_id is not null and is_purchase group by customer_id
)
where first_on >= {today} - {days} and first_on < {today}
"""


@dataclass(frozen=True)
class History:
    """Of the customers who could be drawn: how many there are and how many come a day, and of one
    of them the mean and variance of the metric, and its correlation with the days before. Events
    are those who did it at all, of shares the fewer of them and of who did not."""

    customers: int
    mean: float
    variance: float
    correlation: float
    arrivals_a_day: float
    event_share: float = 1


def history(published: Path, metric: str, days: int, silent_days: int = 0) -> History:
    """What they did in the latest `days`, by the marts that are published.

    Customers who are silent do not arrive: nobody knows how many will be by then. Raises
    `ValueError` where nothing is published, or nobody is that silent.
    """
    database = published / "current.duckdb"
    if not database.exists():
        raise ValueError("Nothing is published yet: `regulars run` publishes.")
    with connect() as connection:
        connection.execute(f"attach {literal(database)} as published (read_only)")
        [publication] = rows(connection, "select as_of_date from published.marts.publication")
        today = f"date {literal(publication['as_of_date'])}"
        first = f"({today} - {days})"
        now = f"ordered_on >= {first}"
        before = f"ordered_on < {first} and ordered_on >= {first} - {days}"
        of_a_customer = OF_A_CUSTOMER[metric]
        [found] = rows(
            connection,
            SUMS.format(
                now=of_a_customer.format(when=now),
                before=of_a_customer.format(when=before),
                today=today,
                first=first,
                silent=silent_days,
                events=EVENTS[metric],
            ),
        )
        [arrived] = rows(connection, ARRIVALS.format(days=days, today=today))
    if not found["customers"]:
        raise ValueError(f"No customer had bought {days} days ago, silent for {silent_days} days.")
    return History(**found, arrivals_a_day=0 if silent_days else arrived["arrivals_a_day"])
