"""What weights of record linkage cost where it is known who is who, by hand."""

from __future__ import annotations

from dataclasses import replace
from math import log2

import duckdb
import pytest

from orchestration.fit.identity import (
    Accounts,
    Weight,
    _verdict,
    fitted_weights,
    likelihood_ratio_cost,
)
from orchestration.fit.store import TooFew
from orchestration.linkage_rules import LinkageRules

CITY = {"city": {"rarity": False, "levels": ["city_l = city_r"]}}
# Three bits for a city that is equal, and three against another.
THREE_BITS = [Weight("city", 1, 0.8, 0.1), Weight("city", 0, 0.1, 0.8)]


def accounts_of(people: int) -> Accounts:
    """Two accounts of each person, with a phone and a city of their own."""
    connection = duckdb.connect()
    connection.execute(
        f"""
        create table features as
        select
            'a' || number as account_id, 'p' || number // 2 as phone, 'c' || number // 2 as city,
            1.0 as city_share, cast(null as text) as email, cast(null as text) as national_id,
            cast(null as text) as union_id, cast(null as text) as name_key,
            cast(null as text) as birth_date, cast(null as text) as address,
            cast(null as text) as family_name, cast(null as text) as given_name
        from range({2 * people}) as numbers (number)
        """
    )
    return Accounts(connection, "features", LinkageRules(CITY, [], 1000))


def test_weights_that_say_nothing_cost_a_bit_a_pair() -> None:
    assert likelihood_ratio_cost(accounts_of(100), []) == 1


def test_a_cost_is_the_mean_of_pairs_of_one_person_and_of_strangers() -> None:
    """Of the 200 × 199 ordered pairs of strangers, 200 live in one city after all."""
    right, wrong = log2(1 + 1 / 8), log2(1 + 8)
    strangers = (39_600 * right + 200 * wrong) / 39_800
    cost = likelihood_ratio_cost(accounts_of(100), THREE_BITS)
    assert cost == pytest.approx((right + strangers) / 2, rel=1e-5)


def test_the_last_weight_of_a_level_counts() -> None:
    worse = [Weight("city", 1, 0.1, 0.8), Weight("city", 0, 0.8, 0.1)]
    accounts = accounts_of(100)
    assert likelihood_ratio_cost(accounts, [*worse, *THREE_BITS]) == likelihood_ratio_cost(
        accounts, THREE_BITS
    )


def test_where_nothing_but_a_phone_is_known_there_is_nothing_to_learn() -> None:
    """Pairs that agree in it, by which they are found, have nothing else to compare."""
    phone = {"phone": {"rarity": False, "levels": ["phone_l = phone_r"]}}
    accounts = replace(accounts_of(200), rules=LinkageRules(phone, [], 1000))
    with pytest.raises(TooFew, match="nothing else is known"):
        fitted_weights(accounts)


def test_where_too_few_are_told_weights_are_not_judged() -> None:
    with pytest.raises(TooFew, match="Fewer than 100 pairs"):
        likelihood_ratio_cost(accounts_of(99), THREE_BITS)


@pytest.mark.parametrize(("after", "is_promoted"), [(0.9, True), (0.901, False), (1.2, False)])
def test_new_weights_must_cost_a_tenth_less(after: float, is_promoted: bool) -> None:
    assert _verdict(THREE_BITS, 1.0, after)[1] is is_promoted


def test_weights_by_which_the_equal_are_strangers_are_not_used() -> None:
    upside_down = [Weight("city", 1, 0.1, 0.8), Weight("city", 0, 0.8, 0.1)]
    reason, is_promoted = _verdict(upside_down, 1.0, 0.1)
    assert (is_promoted, "city" in reason) == (False, True)
