"""Fits the weights of record linkage with Splink, by expectation maximisation on the accounts.

Fellegi and Sunter (1969): of each level of each comparison, `m` is the share of pairs of one person
that reach it, `u` the share of pairs of two persons. The levels are those of dbt's macro
`identity_comparisons`, whose conditions Splink takes word for word, so that both mean the same.

Nobody knows whose the accounts of a shop are. Whether new weights are better than the present ones
is asked of pairs that need no weights to be told: `likelihood_ratio_cost`.
"""

from __future__ import annotations

import logging
import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import md5
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
# Pairs of strangers to count u on, and pairs of one training round: ten times as many change a
# weight by a tenth of a bit.
SAMPLED_PAIRS = 500_000
# Among pairs that agree in one of these, enough are one person for the rest to be trained on them.
TRAINING = (("phone",), ("email",), ("birth_date",), ("family_name", "given_name"), ("address",))
MIN_TRAINING_PAIRS = 100
# A first guess at how many other accounts a person has, and how often it is corrected by what the
# weights then say: after ten times it no longer changes in the third digit.
FIRST_PRIOR, PRIOR_ROUNDS = 0.5, 10
# No level is impossible for a person, though none of the pairs seen has reached it: that bounds the
# weight of a single difference.
LEAST_M = 1e-4
# What two accounts share that are one person, as good as always, and the comparisons which that
# answers: by the others, weights are judged.
SAME = {
    ("phone",): ("phone",),
    ("email",): ("email",),
    ("national_id",): (),
    ("union_id",): (),
    ("name_key", "birth_date"): ("given_name", "family_name", "birth_date"),
    ("name_key", "address"): ("given_name", "family_name", "address"),
    ("birth_date", "address"): ("birth_date", "address"),
}
# Other weights make other customers; for less than this part of the cost it isn't worth it.
LEAST_GAIN = 0.1


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

    def levelled(self, pairs: str) -> str:
        """A table of the level of each comparison, -1 where a value is missing, and of the share
        of its value, for the pairs of accounts of a query."""
        described = self.connection.execute(f"describe {self.features}").fetchall()
        sides = ", ".join(
            f"features.{name} as {name}_l, others.{name} as {name}_r" for name, *_ in described
        )
        levels = ", ".join(
            f"{_level(name, rule)} as {name}_level, {name}_share_l as {name}_share"
            for name, rule in self.rules.comparisons.items()
        )
        query = (
            f"select {levels} from (select {sides} from ({pairs}) as pairs"
            f" inner join {self.features} as features on pairs.account_id = features.account_id"
            f" inner join {self.features} as others on other_account_id = others.account_id)"
        )
        # Distances are what costs: each pair is compared once, whoever asks.
        table = f"levelled_{md5(query.encode()).hexdigest()}"
        self.connection.execute(f"create temp table if not exists {table} as {query}")
        return table

    @cached_property
    def sample(self) -> str:
        """A query of accounts in an order that has nothing to do with them, by `place` from 0."""
        return (
            f"select account_id, row_number() over (order by md5(account_id)) - 1 as place"
            f" from {self.features} order by place limit {SAMPLED_PAIRS}"
        )

    @cached_property
    def strangers(self) -> str:
        """A query of pairs of accounts at random, of which hardly any are one person."""
        count = min(self.count, SAMPLED_PAIRS)
        distances = max(1, min(SAMPLED_PAIRS // count, count - 1))
        return (
            f"with sampled as ({self.sample}), placed as ("
            f"select account_id, (place + unnest(range(1, {distances + 1}))) % {count} as place"
            " from sampled)"
            " select placed.account_id, others.account_id as other_account_id"
            " from placed inner join sampled as others using (place)"
        )

    def equal_in(self, columns: Sequence[str]) -> str:
        """A query of the pairs of sampled accounts that agree in all of these columns."""
        equal = " and ".join(f"accounts.{name} = others.{name}" for name in columns)
        return (
            "select accounts.account_id, others.account_id as other_account_id"
            f" from {self.features} as accounts semi join ({self.sample}) using (account_id)"
            f" inner join {self.features} as others"
            f" on accounts.account_id < others.account_id and {equal}"
        )

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
    """The weights that fit the accounts of the warehouse; in use where they tell better who is who.

    Raises `TooFew` as `fitted_weights` and `likelihood_ratio_cost` do.
    """
    accounts = _told_of(Accounts(connection, FEATURES, LinkageRules.of(variables)))
    weights = fitted_weights(accounts)
    before = likelihood_ratio_cost(accounts, present := present_weights(connection))
    after = likelihood_ratio_cost(accounts, [*present, *weights])
    reason, is_promoted = _verdict(weights, before, after)
    fit = Fit(
        model="identity",
        parameters=_parameters_of(weights),
        metrics={"likelihood_ratio_cost": after, "likelihood_ratio_cost_before": before},
        as_of_date=None,
        customer_count=accounts.count,
        data_digest=table_digest(connection, FEATURES),
        is_promoted=is_promoted,
        reason=reason,
    )
    return Fitted([fit])


def present_weights(connection: duckdb.DuckDBPyConnection) -> list[Weight]:
    """The weights by which the accounts of the warehouse were linked."""
    rows = connection.execute(
        "select comparison, level, m_probability, u_probability"
        " from warehouse.intermediate.int_identity_weights"
    ).fetchall()
    return [Weight(*row) for row in rows]


def _verdict(weights: Sequence[Weight], before: float, after: float) -> tuple[str, bool]:
    """Why the weights are used, or are not, and whether."""
    if odd := _odd_comparison(weights):
        return f"Equal values of {odd} speak against one person, or others for one.", False
    costs = f"{after:.4f} bits a pair, the present weights {before:.4f}"
    if after > before * (1 - LEAST_GAIN):
        return f"They cost {costs}: too little is gained for other customers.", False
    return f"They cost {costs}, where it is known who is who.", True


def _odd_comparison(weights: Sequence[Weight]) -> str | None:
    """A comparison whose highest level weighs nothing, or whose lowest does: what was found in two
    groups of pairs were no persons."""
    levels = defaultdict(dict)
    for weight in weights:
        if weight.comparison != "prior":
            levels[weight.comparison][weight.level] = weight.m_probability - weight.u_probability
    for comparison, gains in levels.items():
        if gains[max(gains)] <= 0 or (0 in gains and gains[0] >= 0):
            return comparison
    return None


def likelihood_ratio_cost(accounts: Accounts, weights: Iterable[Weight]) -> float:
    """What the weights cost, in bits a pair, where it is known who is who; 1 is what none cost.

    The mean over pairs of one person of log2(1 + 2^-weight), and of two persons of
    log2(1 + 2^weight), half of each: a proper score of likelihood ratios (Brümmer and du Preez
    2006). One person are those that agree in one of `SAME`, by the comparisons that this leaves;
    two persons are pairs at random. Of a level that comes twice, the last weight counts. Raises
    `TooFew` where too few pairs are one person.
    """
    found = {(weight.comparison, weight.level): weight for weight in weights}
    terms = {name: _term(name, rule, found) for name, rule in accounts.rules.comparisons.items()}

    def costs(pairs: str, answered: Sequence[str], sign: str) -> str:
        asked = [term for name, term in terms.items() if name not in answered]
        weight = " + ".join(asked) or "0"
        return f"select log2(1 + pow(2, {sign}({weight}))) as cost from {accounts.levelled(pairs)}"

    one_person = " union all ".join(
        costs(accounts.equal_in(shared), answered, "-") for shared, answered in SAME.items()
    )
    two_persons = costs(accounts.strangers, (), "")
    [(one, pairs)] = accounts.connection.execute(
        f"select avg(cost), count(*) from ({one_person})"
    ).fetchall()
    [(two,)] = accounts.connection.execute(f"select avg(cost) from ({two_persons})").fetchall()
    if pairs < MIN_TRAINING_PAIRS:
        raise TooFew(
            f"Fewer than {MIN_TRAINING_PAIRS} pairs of accounts share an identifier, or two of "
            "name, birth date and address: keep the weights that ship with the project."
        )
    return rounded((one + two) / 2, 6)


def _level(name: str, rule: Mapping[str, Any]) -> str:
    """SQL: the level of a comparison, as the models have it."""
    highest = len(rule["levels"])
    cases = " ".join(
        f"when {condition} then {highest - place}" for place, condition in enumerate(rule["levels"])
    )
    return f"case when {name}_l is null or {name}_r is null then -1 {cases} else 0 end"


def _term(name: str, rule: Mapping[str, Any], weights: Mapping[tuple[str, int], Weight]) -> str:
    """SQL: what a comparison weighs, in bits; nothing where a value or the weight is missing."""
    highest = len(rule["levels"])
    cases = "when false then 0"
    for level in range(highest + 1):
        if weight := weights.get((name, level)):
            bits = f"log2({weight.m_probability} / {weight.u_probability})"
            if rule["rarity"] and level == highest:
                bits = f"log2({weight.m_probability}) - log2({name}_share)"
            cases += f" when {name}_level = {level} then {bits}"
    return f"case {cases} else 0 end"


def fitted_weights(accounts: Accounts) -> list[Weight]:
    """The weights that fit these accounts.

    Comparisons of which the accounts know nothing, and levels that no pair reaches, are left out.
    Raises `TooFew` where no training rule finds enough pairs.
    """
    told = _told_of(accounts)
    training = [
        rule
        for rule in TRAINING
        # What pairs agree in teaches nothing: something else must be left to compare.
        if set(told.rules.comparisons) - set(rule)
        and told.pairs_equal_in(rule) >= MIN_TRAINING_PAIRS
    ]
    if not training:
        raise TooFew(
            f"Fewer than {MIN_TRAINING_PAIRS} pairs of accounts share a phone, an e-mail address, "
            "a birth date, a name or an address, or nothing else is known of them: keep the "
            "weights that ship with the project."
        )
    shares = shares_of_levels(told, told.strangers)
    linker = _linker(*_described(told, {at: {"u_probability": u} for at, u in shares.items()}))
    for rule in training:
        linker.training.estimate_parameters_using_expectation_maximisation(
            block_on(*rule), estimate_without_term_frequencies=True, max_pairs=SAMPLED_PAIRS
        )
    weights = list(_weights(linker.misc.save_model_to_json()))
    return [_prior(told, weights), *weights]


def shares_of_levels(accounts: Accounts, pairs: str) -> dict[tuple[str, int], float]:
    """Of each comparison and level, the share of the pairs with both values that reach it.

    Those that none reaches are left out. `pairs` is a query, as `Accounts.strangers`: the same on
    every machine, which the pairs that Splink draws are not.
    """
    levelled = accounts.levelled(pairs)
    shares = {}
    for name in accounts.rules.comparisons:
        counted = accounts.connection.execute(
            f"select {name}_level, count(*) from {levelled} where {name}_level >= 0 group by all"
        ).fetchall()
        total = sum(count for _, count in counted)
        shares |= {(name, level): count / total for level, count in counted}
    return shares


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
    known = {
        (weight.comparison, weight.level): {
            "m_probability": weight.m_probability,
            "u_probability": weight.u_probability,
        }
        for weight in weights
    }
    data, settings = _described(accounts, known)
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
    accounts: Accounts, known: Mapping[tuple[str, int], Mapping[str, float]]
) -> tuple[SplinkDataFrame, SettingsCreator]:
    """The accounts and the comparisons as Splink knows them."""
    comparisons = accounts.rules.comparisons.items()
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="account_id",
        comparisons=[_comparison(name, rule, known) for name, rule in comparisons],
    )
    accounts.connection.execute(
        f"create or replace temp view fitted_accounts as from {accounts.features}"
    )
    return DuckDBAPI(accounts.connection).register("fitted_accounts"), settings


def _comparison(
    name: str, rule: Mapping[str, Any], known: Mapping[tuple[str, int], Mapping[str, float]]
) -> CustomComparison:
    """A comparison with the conditions of dbt's levels; its highest one may count rarity."""
    highest = len(rule["levels"])
    levels = [
        CustomLevel(condition).configure(**known.get((name, highest - place), {}))
        for place, condition in enumerate(rule["levels"])
    ]
    if rule["rarity"]:
        levels[0].configure(tf_adjustment_column=name)
    different = ElseLevel().configure(**known.get((name, 0), {}))
    return CustomComparison([NullLevel(name), *levels, different], output_column_name=name)


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
