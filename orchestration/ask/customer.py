"""One customer, as the published marts know them: no name, no address, no phone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from orchestration.ask.answers import answer, in_language, one_language, plain_rows, visible
from orchestration.ask.published import Generation, Published
from orchestration.ask.refusals import labels, refused
from orchestration.ask.words import words_of
from orchestration.duck import literal, rows
from orchestration.explain import Page, explain_published

# Without these marts nothing is known of customers.
NEEDED = (
    *("customer_accounts", "customer_churn", "customer_churn_reasons"),
    *("customer_lifecycle", "customer_rfm"),
)
ASIDE = {
    "figures": ("customer_360", "select * from marts.customer_360 where customer_id = {customer}"),
    "why_they_may_have_left": (
        "customer_churn_causes",
        "select cause_name_en, cause_name_zh, explanation_en, explanation_zh, price_evidence,"
        " competition_evidence, experience_evidence, is_from_survey"
        " from marts.customer_churn_causes where customer_id = {customer}",
    ),
    "what_to_offer": (
        "play_candidates",
        "select play_name_en, play_name_zh, strategy_en, strategy_zh, offer_en, offer_zh,"
        " restriction_en, restriction_zh, channel_name_en, channel_name_zh, refusal_name_en,"
        " refusal_name_zh, expected_value_amount"
        " from marts.play_candidates where customer_id = {customer} order by priority, play",
    ),
    "links": (
        "identity_links",
        "select account_id, other_account_id, link_type, identifier_types, match_weight"
        " from marts.identity_links where customer_id = {customer} and not is_cut order by all",
    ),
}


def explain_customer(
    published: Published, root: Path, customer: str, language: str
) -> dict[str, Any]:
    """Which accounts are one customer, where they stand, why, and what to offer."""
    with published.opened() as generation:
        if missing := [mart for mart in NEEDED if mart not in generation.marts]:
            raise refused("not_told", mart=missing[0])
        found = explain_published(generation.connection, customer)
        if found is None:
            raise refused("no_customer", name=visible(customer))
        aside = {
            name: _rows(generation, query, found.customer_id, language)
            for name, (mart, query) in ASIDE.items()
            if mart in generation.marts
        }
        lines = [visible(line) for line in Page(found, language).lines()]
        data = {"customer_id": found.customer_id, "in_words": lines, **aside}
        if not data.get("what_to_offer"):
            data["what_to_offer"] = in_language(labels()["nothing_offered"], language)
        read = [*NEEDED, *(mart for mart, _ in ASIDE.values() if mart in generation.marts)]
        definitions = [words_of(root, mart).definition for mart in read]
        return answer(generation.publication, language, definitions, data)


def _rows(
    generation: Generation, query: str, customer_id: str, language: str
) -> list[dict[str, Any]]:
    """What is known of them: what is not has no value."""
    found = rows(generation.connection, query.format(customer=literal(customer_id)))
    known = [{name: value for name, value in row.items() if value is not None} for row in found]
    return plain_rows(one_language(row, language) for row in known)
