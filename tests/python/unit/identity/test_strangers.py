"""Ten thousand unrelated people who have names and a birth date in common: the models over them."""

from __future__ import annotations

import duckdb
from conftest import ROOT, Compile

MODELS = (
    *("int_account_features", "int_account_blocks", "int_identity_candidate_pairs"),
    *("int_identity_comparisons", "int_identity_predictions", "int_identity_judgements"),
)
# All are called Wang, and were born on one day; twenty share each given name, which are a block.
STRANGERS = f"""
    attach ':memory:' as warehouse;
    use warehouse;
    create schema intermediate;
    create schema entities;
    create table entities.int_accounts as
        select
            printf('shop:%05d', number) as account_id, 'shop' as source_system,
            date '2025-01-01' as registered_on, date '1988-08-08' as birth_date,
            cast(null as text) as address, cast(null as text) as city,
            cast(null as text) as postcode
        from range(10000) as numbers (number);
    create table intermediate.int_account_names as
        select
            account_id, 'name' || cast(right(account_id, 5) as int) % 500 as given_name,
            'wang' as family_name, cast(null as text) as given_hanzi,
            given_name || ' wang' as name_key
        from entities.int_accounts;
    create table intermediate.int_account_nodes as
        select account_id, account_id as node from entities.int_accounts;
    create table intermediate.int_linking_identifiers
        (account_id text, identifier_type text, identifier_value text);
    create table intermediate.int_identity_evidence (account_id text, other_account_id text,
        identifier_types text, evidence_weight double, links_alone boolean, is_expired boolean);
    create table intermediate.int_identity_overrides
        (account_id text, other_account_id text, decision text);
    create table intermediate.int_identity_weights as
        select *, log2(m_probability / u_probability) as match_weight
        from read_csv('{ROOT / "seeds" / "identity_weights.csv"}');
"""


def test_ten_thousand_strangers_of_one_surname_and_birth_date_are_not_linked(
    compiled: Compile,
) -> None:
    connection, queries = duckdb.connect(), compiled(MODELS)
    connection.execute(STRANGERS)
    for model in MODELS:
        connection.execute(f"create table intermediate.{model} as {queries[model]}")
    [(pairs, links, greatest)] = connection.execute(
        "select count(*), count(*) filter (where refusal_reason is null), max(match_weight)"
        " from intermediate.int_identity_judgements"
    ).fetchall()
    assert pairs > 10_000, "else nobody was compared"
    assert (links, greatest < 0) == (0, True)
