"""For each reason for which rows and lines are refused: what to change, in which file."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping

from orchestration.landing.feeds import yaml_of
from orchestration.progress import counted
from orchestration.project import Project
from orchestration.remarks.built import listed

# The reason that says nothing without the currencies.
WITHOUT_RATE = "currency_without_rate"
# What says how much one file may ask for.
LIMITS = "the variable `landing_limits`"

# {yaml} is the source's, {model} the SQL of the staging model.
CURES: Mapping[str, str] = {
    "row_kind_unknown": "no condition of `rows` in {yaml} is true of them: add their kind to it",
    "key_missing": "the column of the key is empty, or a number such as 1.38E+10 has lost digits "
    "in a spreadsheet: is it the right column in {model}? Rows that "
    "continue the one above want `fill_down: true` in {yaml}, totals `ignored` in its `rows`",
    "time_unreadable": "give their form in `timestamp_format` (or `date_format`) in {yaml}; a row "
    "of totals is rightly refused, or `ignored` in its `rows`",
    "before_first_day": "is `timestamp_format` in {yaml} right, with its `year_pivot`?",
    "after_delivery": "are day and month in the right order in `timestamp_format` in {yaml}?",
    "status_unknown": "give the words a meaning in `order_status` in {model}",
    "type_unknown": "give the words a meaning in {model}",
    "currency_missing": "name the currency in {model}",
    WITHOUT_RATE: "set `reporting_currency` in dbt_project.yml, or add rates of their days to "
    "seeds/exchange_rates.csv",
    "order_missing": "their order was refused, or is in no file: see the orders first",
    "campaign_missing": "their campaign was refused, or is in no file: see the campaigns first",
    "account_missing": "they name nobody: is the column of the number right in {model}?",
    "product_missing": "is the column of the product right in {model}?",
    "ends_before_start": "are the columns of the first and the last day the right way round in "
    "{model}?",
    "share_unreadable": "say in `amounts` in {yaml} how numbers are written; a tenth is 0.1: "
    "divide per cents in {model}",
    "amount_unreadable": "say in `amounts` in {yaml} how numbers are written",
    "quantity_unreadable": "say in `amounts` in {yaml} how numbers are written",
    "quantity_contradicts_amount": "of a return both are below zero: is a sign lost in {model}?",
    "amount_beyond_reason": "if they are real, raise `beyond_reason_ratio` in dbt_project.yml",
    "quantity_beyond_reason": "if they are real, raise `beyond_reason_ratio` in dbt_project.yml",
    "amount_not_positive": "refunds are above zero: is the sign right in {model}? Rows that give "
    "nothing back can be `ignored` in `rows` in {yaml}",
    "amount_in_cents": "the payments are many times their orders: divide them in {model}",
    "unclosed_quote": "if the system writes no quotes, say `quote: none` in {yaml}",
    "malformed_quote": "if the system writes no quotes, say `quote: none` in {yaml}",
    "fused_records": "if the system writes no quotes, say `quote: none` in {yaml}",
    "wrong_field_count": "are `delimiter` and `quote` in {yaml} right?",
    "undecodable_text": "is `encoding` in {yaml} right?",
    "line_too_long": f"if it is no damage, raise `line_characters` of {LIMITS}",
    "cell_too_long": f"if it is no damage, raise `cell_characters` of {LIMITS}",
    "too_many_keys": f"if it is no damage, raise `record_keys` of {LIMITS}",
    "invalid_json": "ask the sender for one JSON object a line",
    "ambiguous_key": "ask the sender for unique keys, or correct `header:` in {yaml}",
}


def cure(project: Project, source: str, entity: str | None, reason: str) -> str:
    """What to do about rows of an entity, or lines of no entity, that were refused for a reason."""
    known = CURES.get(reason, "seeds/quarantine_reasons.csv says what it means")
    told = known.format(yaml=yaml_of(source), model=model_of(project, source, entity))
    return told if told.endswith("?") else f"{told}."


def model_of(project: Project, source: str, entity: str | None) -> str:
    """The file that delivers an entity, or the pattern of those that do."""
    name = f"stg_{source}__{entity or '*'}"
    found = [path.name for path in (project.staging_models / source).glob(f"{name}.sql")]
    return f"models/staging/{source}/{found[0] if len(found) == 1 else f'{name}__*.sql'}"


def without_rate(currencies: Iterable[tuple[str, int]], reporting_currency: str) -> str:
    """How many orders are in which currencies that can't be converted, and what to do.

    What is no code may be any text of a file, and is not repeated.
    """
    counts: Counter[str] = Counter()
    for currency, count in currencies:
        counts[currency if re.fullmatch("[A-Z]{3}", currency) else "no currency's code"] += count
    by_count = sorted(counts.items(), key=lambda each: (-each[1], each[0]))
    orders = listed(f"{counted(count, 'order')} in {currency}" for currency, count in by_count)
    return f"{orders}; reporting_currency is {reporting_currency}: {CURES[WITHOUT_RATE]}."
