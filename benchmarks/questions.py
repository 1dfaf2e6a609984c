"""How long readers wait: twenty questions that people and BI tools ask of what is published.

    python -m benchmarks.questions /a/data/folder --readers 8

Each reader has a connection of its own, and asks all questions in turns, each time of another
customer, order, month, store or product. Told are the median and the 95th percentile of each, in
milliseconds by the clock, answer fetched. Nothing is warmed but by what was asked before.

    python -m benchmarks.questions /a/data/folder --beside "regulars run --full-refresh"

asks on until that command ends, such as a refresh of that folder or of another one.
"""

from __future__ import annotations

import argparse
import random
import shlex
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import duckdb
import numpy as np

# What a question is asked about: a sample of each, from the marts themselves.
SUBJECTS: Mapping[str, str] = {
    "customer": "select customer_id from marts.customers using sample 200 rows (reservoir, 1)",
    "order_id": "select order_id from marts.orders using sample 200 rows (reservoir, 1)",
    "month": "select distinct calendar_month::varchar from marts.segment_month",
    "store": "select store_id from marts.stores",
    "product": "select item_id from marts.product_affinities using sample 200 rows (reservoir, 1)",
    "city": "select distinct city from marts.customers where city is not null",
    "segment": "select distinct segment_code from marts.segment_value_at_risk",
}

QUESTIONS: Mapping[str, str] = {
    "who is this customer": "select * from customer_360 where customer_id = $customer",
    "what did they buy": "select * from orders where customer_id = $customer order by ordered_on",
    "how did they score, month by month": """
        select as_of_date, segment_name_en, r_score, f_score, m_score from customer_rfm
        where customer_id = $customer order by as_of_date""",
    "where did they stand, month by month": """
        select as_of_date, state_name_en, stage_name_en from customer_lifecycle
        where customer_id = $customer order by as_of_date""",
    "which tags do they bear": "select * from customer_tags where customer_id = $customer",
    "what may they be worth": "select * from customer_ltv where customer_id = $customer",
    "what is recommended to them": """
        select * from customer_recommendations where customer_id = $customer""",
    "an order": "select * from orders where order_id = $order_id",
    "lines of an order": "select * from order_lines where order_id = $order_id",
    "segments and what they are worth": "select * from segment_value_at_risk",
    "customers by state, over the months": "select * from customer_flows",
    "cohorts": "select * from cohort_retention",
    "top products of a month": """
        select product_name, net_amount, margin_amount
        from product_month inner join products using (product_id)
        where calendar_month = $month::date and sales_rank <= 20
        order by sales_rank, product_id""",
    "buyers of a month, by segment": """
        select segment_name_en, buyer_count, new_buyer_count, net_amount from segment_month
        where calendar_month = $month::date order by segment_code""",
    "buyers by month": """
        select calendar_month, sum(buyer_count) as buyers, sum(net_amount) as net_amount
        from segment_month group by calendar_month order by calendar_month""",
    "the league of stores in a month": """
        select store_id, net_amount, purchase_count, buyer_count from store_month
        where calendar_month = $month::date order by net_amount desc, store_id""",
    "a store, day by day": """
        select calendar_day, net_amount, expected_amount from store_daily
        where store_id = $store order by calendar_day desc limit 90""",
    "key figures of ninety days": """
        select calendar_day, value, last_year_value from kpi_daily
        where kpi = 'net_revenue' and channel = 'all' and region = 'all' and customer_type = 'all'
        order by calendar_day desc limit 90""",
    "whom to win back in a city": """
        select customer_id, expected_value_amount
        from winback_candidates where city = $city
        order by expected_value_amount desc limit 100""",
    "what goes with this": """
        select other_item_id, lift from product_affinities
        where item_kind = 'product' and item_id = $product order by affinity_rank limit 10""",
}


def waits(
    published: Path, readers: int, rounds: int, is_going_on: Callable[[], bool] = lambda: False
) -> Iterator[tuple[str, float, float]]:
    """Of each question, the median and 95th percentile of the wait in milliseconds.

    Each reader asks all of them in so many rounds, and on while something else goes on.
    """
    with duckdb.connect(published, read_only=True) as connection:
        connection.execute("use marts")
        subjects = {name: _column(connection, query) for name, query in SUBJECTS.items()}

        def read(reader: int) -> list[dict[str, float]]:
            chance, own = random.Random(reader), connection.cursor()
            own.execute("use marts")
            found = []
            while len(found) < rounds or is_going_on():
                found.append(_asked(own, subjects, chance))
            return found

        with ThreadPoolExecutor(readers) as pool:
            found = [waited for each in pool.map(read, range(readers)) for waited in each]
    for name in QUESTIONS:
        median, late = np.percentile([waited[name] for waited in found], [50, 95])
        yield name, float(median), float(late)


def _column(connection: duckdb.DuckDBPyConnection, query: str) -> list[str]:
    return [value for (value,) in connection.execute(query).fetchall()] or [""]


def _asked(connection: duckdb.DuckDBPyConnection, subjects, chance: random.Random) -> dict:
    """Milliseconds of each question, asked once, in an order of its own."""
    waited = {}
    for name in chance.sample(list(QUESTIONS), len(QUESTIONS)):
        query = QUESTIONS[name]
        about = {key: chance.choice(of) for key, of in subjects.items() if f"${key}" in query}
        began = time.perf_counter()
        connection.execute(query, about).fetchall()
        waited[name] = 1000 * (time.perf_counter() - began)
    return waited


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("data", type=Path, help="a data folder in which something is published")
    parser.add_argument("--readers", type=int, default=1)
    parser.add_argument("--rounds", type=int, default=20, help="of all questions, of each reader")
    parser.add_argument("--beside", help="a command beside which they ask, until it ends")
    asked = parser.parse_args()
    print(f"{'question':<44}{'median ms':>10}{'p95 ms':>10}")
    published = asked.data / "published" / "current.duckdb"
    if asked.beside:
        beside = subprocess.Popen(shlex.split(asked.beside), stdout=sys.stderr)
        found = waits(published, asked.readers, asked.rounds, lambda: beside.poll() is None)
    else:
        found = waits(published, asked.readers, asked.rounds)
    for name, median, late in found:
        print(f"{name:<44}{median:>10.1f}{late:>10.1f}")


if __name__ == "__main__":
    main()
