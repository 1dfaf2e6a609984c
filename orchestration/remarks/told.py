"""All remarks of a build, in the order in which they are told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

import duckdb

from orchestration.artifacts import Artifacts
from orchestration.remarks.accepted import (
    births_to_come,
    rare_lines,
    replaced_rows,
    skipped_clocks,
    unknown_numbers,
    unknown_suppressions,
    withdrawals_from_the_unknown,
)
from orchestration.remarks.built import Built, opened
from orchestration.remarks.coverage import late_sources, why_sources_hold
from orchestration.remarks.kept import mended_tables
from orchestration.remarks.parameters import names_unknown_to_seeds, parameters_of_the_past
from orchestration.remarks.refused import (
    currencies_without_rate,
    refusals,
    refused_rows_told,
    why_files_hold,
    why_there_are_no_orders,
)
from orchestration.remarks.swapped import swapped_days_and_months
from orchestration.request import Request

# Checks of which more can be said than how many rows failed, by their names.
EXPLAINED: Mapping[str, Callable[[Built, str], Iterator[str]]] = {
    "assert_no_file_is_mostly_refused": why_files_hold,
    "assert_no_source_is_silent": why_sources_hold,
    "assert_there_are_orders": why_there_are_no_orders,
    "assert_variables_name_what_seeds_have": names_unknown_to_seeds,
}


def remarks(request: Request, artifacts: Artifacts) -> list[str]:
    """What is to be said of a build, published or held; what was refused comes last.

    A remark never fails a refresh: one that can't be made is told of.
    """
    try:
        with opened(request, artifacts) as built:
            found = refusals(built)
            return [
                *mended_tables(built),
                *parameters_of_the_past(built),
                *late_sources(built),
                *replaced_rows(built),
                *unknown_numbers(built),
                *rare_lines(built),
                *births_to_come(built),
                *withdrawals_from_the_unknown(built),
                *skipped_clocks(built),
                *unknown_suppressions(built),
                *swapped_days_and_months(built, found),
                *currencies_without_rate(built),
                *refused_rows_told(found),
            ]
    except duckdb.Error as error:
        # Its text may hold values of rows.
        return [f"What was refused can't be told ({type(error).__name__}): see quarantine_summary."]


def why_it_failed(
    request: Request, artifacts: Artifacts, check: str, compiled_sql: str
) -> Sequence[str]:
    """What is to be said of a check that failed, with what to do; nothing of most checks."""
    if check not in EXPLAINED:
        return ()
    try:
        with opened(request, artifacts) as built:
            return list(EXPLAINED[check](built, compiled_sql))
    except duckdb.Error:  # the check's own words stand then
        return ()
