"""Fits the weights of record linkage with Splink, by expectation maximisation on the accounts.

Fellegi and Sunter (1969): of each level of each comparison, `m` is the share of pairs of one person
that reach it, `u` the share of pairs of two persons. The levels are those of dbt's macro
`identity_comparisons`, whose conditions Splink takes word for word, so that both mean the same.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

import duckdb
from splink import DuckDBAPI, Linker, SettingsCreator, block_on
from splink.comparison_level_library import CustomLevel, ElseLevel, NullLevel
from splink.comparison_library import CustomComparison
from splink.internals.splink_dataframe import SplinkDataFrame

from orchestration.digests import table_digest
from orchestration.duck import identifier
from orchestration.fit.store import Fit, Fitted, Parameter, TooFew, rounded
from orchestration.linkage_rules import LinkageRules

FEATURES = "warehouse.intermediate.int_account_features"
# Pairs drawn at random to estimate u, and pairs of one training round: more change the third digit.
SAMPLED_PAIRS = 5_000_000
# Among pairs that agree in one of these, enough are one person for the rest to be trained on them.
TRAINING = (("phone",), ("email",), ("birth_date",), ("family_name", "given_name"), ("address",))
MIN_TRAINING_PAIRS = 100
# A first guess at how many other accounts a person has, and how often it is corrected by what the
# weights then say: after ten times it no longer changes in the third digit.
FIRST_PRIOR, PRIOR_ROUNDS = 0.5, 10
# No level is impossible for a person, though none of the pairs seen has reached it: that bounds the
# weight of a single difference.
LEAST_M = 1e-4


@dataclass(frozen=True)
class Weight:
    """A row of the parameter table: probabilities from 0 to 1, of one level of one comparison.

    The comparison `prior` has the level 0 and, as `m_probability`, how many other accounts a person
    has on average; its `u_probability` is 1.
    """

    comparison: str
    level: int
    m_probability: float
    u_probability: float


@dataclass(frozen=True)
class Accounts:
    """Accounts to be linked, and the rules for it.

    `features` is a relation with the columns of `int_account_features`, one row for each account.
    """

    connection: duckdb.DuckDBPyConnection
    features: str
    rules: LinkageRules

    @cached_property
    def count(self) -> int:
        return self._asked("count(*)")

    def knows(self, column: str) -> bool:
        """Whether any account has a value there."""
        return self._asked(f"count({identifier(column)})") > 0

    def pairs_equal_in(self, columns: Sequence[str]) -> int:
        """How many pairs of accounts agree in all of these columns."""
        key = ", ".join(identifier(column) for column in columns)
        filled = " and ".join(f"{identifier(column)} is not null" for column in columns)
        [(pairs,)] = self.connection.execute(
            f"select coalesce(sum(n * (n - 1) // 2), 0) from"
            f" (select count(*) as n from {self.features} where {filled} group by {key})"
        ).fetchall()
        return pairs

    def _asked(self, expression: str) -> int:
        [(answer,)] = self.connection.execute(
            f"select {expression} from {self.features}"
        ).fetchall()
        return answer


def fit_identity(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """The weights that fit the accounts of the warehouse; they are taken as they come.

    No accounts whose persons are known are at hand on which they could be compared with the present
    ones. Raises `TooFew` as `fitted_weights` does.
    """
    accounts = Accounts(connection, FEATURES, LinkageRules.of(variables))
    fit = Fit(
        model="identity",
        parameters=_parameters_of(fitted_weights(accounts)),
        metrics={},
        as_of_date=None,
        customer_count=accounts.count,
        data_digest=table_digest(connection, FEATURES),
        is_promoted=True,
        reason="The weights that fit these accounts best.",
    )
    return Fitted([fit])


def fitted_weights(accounts: Accounts) -> list[Weight]:
    """The weights that fit these accounts.

    Comparisons of which the accounts know nothing, and levels that no pair reaches, are left out.
    Raises `TooFew` where no training rule finds enough pairs.
    """
    training = [rule for rule in TRAINING if accounts.pairs_equal_in(rule) >= MIN_TRAINING_PAIRS]
    if not training:
        raise TooFew(
            f"Fewer than {MIN_TRAINING_PAIRS} pairs of accounts share a phone, an e-mail address, "
            "a birth date, a name or an address: keep the weights that ship with the project."
        )
    told = _told_of(accounts)
    linker = _linker(*_described(told))
    linker.training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=1)
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), estimate_without_term_frequencies=True, max_pairs=SAMPLED_PAIRS
        )
    weights = list(_weights(linker.misc.save_model_to_json()))
    return [_prior(told, weights), *weights]


def _told_of(accounts: Accounts) -> Accounts:
    """The same accounts, compared only in what any of them says."""
    comparisons = accounts.rules.comparisons
    known = {name: rule for name, rule in comparisons.items() if accounts.knows(name)}
    return replace(accounts, rules=replace(accounts.rules, comparisons=known))


def _prior(accounts: Accounts, weights: Sequence[Weight]) -> Weight:
    """How many other accounts a person has, so that the weights expect as many pairs as they find.

    Each round sums the probabilities that the prior before it gives to the pairs found.
    """
    scored = score_with_splink(accounts, [Weight("prior", 0, FIRST_PRIOR, 1), *weights])
    matches = FIRST_PRIOR
    for _ in range(PRIOR_ROUNDS):
        shift = math.log2(matches / FIRST_PRIOR)
        [(expected,)] = accounts.connection.execute(
            f"select sum(1 / (1 + pow(2, -match_weight - {shift}))) from {scored.physical_name}"
        ).fetchall()
        matches = 2 * expected / accounts.count
    return Weight("prior", 0, rounded(matches, 3), 1)


def score_with_splink(
    accounts: Accounts, weights: Iterable[Weight], also_equal_in: Sequence[str] = ()
) -> SplinkDataFrame:
    """Splink's own weights of evidence, by these parameters, of the pairs that the rules find.

    Pairs that agree in one of the features `also_equal_in` are found too. The relation has
    `account_id_l`, `account_id_r` and `match_weight`, in bits.
    """
    rules, weights = accounts.rules, list(weights)
    [prior] = [weight.m_probability for weight in weights if weight.comparison == "prior"]
    data, settings = _described(accounts, weights)
    settings.probability_two_random_records_match = prior / max(
        accounts.count - 1, rules.least_population
    )
    settings.blocking_rules_to_generate_predictions = [
        block_on(*rule) for rule in (*rules.blocking_rules, *([name] for name in also_equal_in))
    ]
    return _linker(data, settings).inference.predict(threshold_match_weight=-1000)


def _linker(data: SplinkDataFrame, settings: SettingsCreator) -> Linker:
    """A linker that keeps its remarks to itself."""
    linker = Linker(data, settings)
    logging.getLogger("splink").setLevel(logging.ERROR)
    return linker


def _described(
    accounts: Accounts, weights: Sequence[Weight] = ()
) -> tuple[SplinkDataFrame, SettingsCreator]:
    """The accounts and the comparisons as Splink knows them."""
    comparisons = accounts.rules.comparisons.items()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="account_id",
        comparisons=[_comparison(name, rule, weights) for name, rule in comparisons],
    )
    accounts.connection.execute(
        f"create or replace temp view fitted_accounts as from {accounts.features}"
    )
    return DuckDBAPI(accounts.connection).register("fitted_accounts"), settings


def _comparison(name: str, rule: Mapping[str, Any], weights: Sequence[Weight]) -> CustomComparison:
    """A comparison with the conditions of dbt's levels; its highest one may count rarity."""
    found = {weight.level: weight for weight in weights if weight.comparison == name}
    highest = len(rule["levels"])
    levels = [
        CustomLevel(condition).configure(**_probabilities(found.get(highest - place)))
        for place, condition in enumerate(rule["levels"])
    ]
    if rule["rarity"]:
        levels[0].configure(tf_adjustment_column=name)
    different = ElseLevel().configure(**_probabilities(found.get(0)))
    return CustomComparison([NullLevel(name), *levels, different], output_column_name=name)


def _probabilities(weight: Weight | None) -> dict[str, float]:
    if weight is None:
        return {}
    return {"m_probability": weight.m_probability, "u_probability": weight.u_probability}


def _weights(settings: Mapping[str, Any]) -> Iterator[Weight]:
    for comparison in settings["comparisons"]:
        levels = [
            level for level in comparison["comparison_levels"] if not level.get("is_null_level")
        ]
        for place, level in enumerate(levels):
            m, u = level.get("m_probability"), level.get("u_probability")
            if m and u:
                yield Weight(
                    comparison["output_column_name"],
                    len(levels) - 1 - place,
                    rounded(max(m, LEAST_M)),
                    rounded(u),
                )


def _parameters_of(weights: Sequence[Weight]) -> list[Parameter]:
    """The weights as the store keeps them: of each level its m and its u."""
    return [
        Parameter(
            f"{weight.comparison} {weight.level} {name}",
            value,
            feature=weight.comparison,
            knot=float(weight.level),
        )
        for weight in weights
        for name, value in (("m", weight.m_probability), ("u", weight.u_probability))
    ]
