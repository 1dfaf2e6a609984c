"""The experiments that `make proof` simulates go through the SQL of the models."""

from __future__ import annotations

import pytest

from benchmarks import experiments
from orchestration.duck import rows

# Of 400 people every fourth buys; who is treated buys once more if their number ends with a one.
AUDIENCE = """
create table audience as
select
    place, place as person_id, (place % 4 = 0)::int as orders_0,
    (place % 4 = 0)::int + (place % 10 = 1)::int as orders_1,
    10 * (place % 4 = 0)::int as revenue_0,
    10 * ((place % 4 = 0)::int + (place % 10 = 1)::int) as revenue_1,
    place % 2 as earlier_orders, 10 * (place % 2) as earlier_revenue, 'lapsed' as recency
from range(400) as people (place)
"""


def test_the_models_are_made_of_the_tables_that_a_simulation_makes(compiled) -> None:
    """A model that reads another column would stop the proof, and nothing else tells."""
    queries = compiled(experiments.MODELS)
    connection = experiments.warehouse(queries)
    connection.execute(AUDIENCE)
    [truth] = rows(connection, experiments.TRUTH)
    assert (truth["orders"], truth["revenue"]) == (0.1, 1.0)
    experiments.draw(connection, queries, "C01", "sms", 400)
    experiments._build(connection, queries, experiments.FROM_SUMS)
    found = experiments._found(connection, "C01", 400, truth)
    assert 0.92 <= found.covered <= 0.98
    # A tenth more with a standard error of .047: a claim is as likely as not.
    assert 0.4 <= found.claims <= 0.65
    assert (found.verdict, found.verdict_share) == ("no_effect", pytest.approx(1 - found.claims))
