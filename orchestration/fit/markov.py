"""Fits what each channel adds on the way to a purchase, by a first-order Markov chain.

Anderl, Becker, von Wangenheim and Schumann (2016): a path steps from channel to channel and ends in
a purchase or in nothing. The removal effect of a channel is the share of the purchases that is lost
when all who come to it leave instead. It counts who passed by, and can't tell who would have bought
anyway: that takes an experiment.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import duckdb
import numpy as np

from orchestration.digests import table_digest
from orchestration.fit.store import Fit, Fitted, Parameter, TooFew, rounded

# The ends of a path, as `int_channel_transitions` calls them.
BEGIN, PURCHASE, NOTHING = "(begin)", "(purchase)", "(nothing)"
TRANSITIONS = "warehouse.intermediate.int_channel_transitions"
# With fewer paths that ended in a purchase the effect of a channel is known to a tenth at best.
MIN_PURCHASES = 100

CUSTOMERS = """
select
    (select count(distinct customer_id) from warehouse.intermediate.int_touch_paths),
    (select as_of_date from warehouse.intermediate.int_as_of_dates where is_latest)
"""

Counts = Mapping[tuple[str, str], int]


def fit_markov(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """Removal effects from the transitions of the warehouse.

    They are always promoted: a description of the paths that there were can be no worse than that
    of earlier ones. Raises `TooFew`.
    """
    found = connection.execute(f"from {TRANSITIONS}").fetchall()
    counts = {(before, after): count for before, after, count in found}
    paths = sum(count for (before, _), count in counts.items() if before == BEGIN)
    purchases = sum(count for (_, after), count in counts.items() if after == PURCHASE)
    if purchases < MIN_PURCHASES:
        raise TooFew(
            f"To fit markov, {purchases} paths ended in a purchase where {MIN_PURCHASES} are "
            "needed: keep the parameters that ship with the project until there are more."
        )
    effects = removal_effects(counts)
    [(customers, day)] = connection.execute(CUSTOMERS).fetchall()
    fit = Fit(
        model="markov",
        parameters=_parameters(effects),
        metrics={
            "path_count": float(paths),
            "purchase_share": rounded(purchases / paths),
            "channel_count": float(len(effects)),
        },
        as_of_date=day,
        customer_count=customers,
        data_digest=table_digest(connection, TRANSITIONS),
        is_promoted=True,
        reason=f"{purchases / paths:.1%} of {paths} paths ended in a purchase.",
    )
    return Fitted([fit])


def removal_effects(counts: Counts) -> dict[str, float]:
    """Of each channel, from 0 to 1, from how often each step was followed by each.

    Whoever comes to a channel at all, with the probability `reached`, buys after that with the
    probability `bought`; without the channel both are lost. `visits` is the fundamental matrix, the
    expected visits to each channel from each.
    """
    channels = sorted({after for _, after in counts} - {PURCHASE, NOTHING})
    steps = np.array([[counts.get((one, other), 0) for other in channels] for one in channels])
    ends = np.array(
        [[counts.get((one, end), 0) for end in (PURCHASE, NOTHING)] for one in channels]
    )
    begins = np.array([counts.get((BEGIN, channel), 0) for channel in channels])
    left = steps.sum(axis=1) + ends.sum(axis=1)
    visits = np.linalg.inv(np.eye(len(channels)) - steps / left[:, None])
    bought = visits @ (ends[:, 0] / left)
    reached = (begins / begins.sum() @ visits) / np.diag(visits)
    whole = begins / begins.sum() @ bought
    return dict(zip(channels, (reached * bought / whole).tolist(), strict=True))


def _parameters(effects: Mapping[str, float]) -> list[Parameter]:
    """With what a channel counts that comes later: as much as the others do on average."""
    average = sum(effects.values()) / len(effects)
    return [
        Parameter("other", rounded(average)),
        *(
            Parameter(f"removal effect of {channel}", rounded(effect), feature=channel)
            for channel, effect in effects.items()
        ),
    ]
