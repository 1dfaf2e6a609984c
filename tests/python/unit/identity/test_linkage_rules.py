"""Python fits with the rules that dbt renders; a retailer's own take their place."""

from __future__ import annotations

from orchestration.linkage_rules import LinkageRules
from orchestration.project import ROOT, Project

VARIABLES = Project(ROOT, ROOT).variables({})


def test_what_ships_are_conditions_on_the_features_of_two_accounts() -> None:
    rules = LinkageRules.of(VARIABLES)
    assert rules.comparisons["phone"] == {
        "rarity": False,
        "levels": [
            "phone_l = phone_r",
            "levenshtein(phone_l, phone_r) <= 1",
            "levenshtein(phone_l, phone_r) <= 2",
        ],
    }
    assert ["left(address, 9)", "postcode"] in rules.blocking_rules
    assert rules.least_population == VARIABLES["identity_least_population"]


def test_rules_of_ones_own_take_the_place_of_all_that_ship() -> None:
    shipped = LinkageRules.of(VARIABLES)
    own = LinkageRules.of({**VARIABLES, "identity_blocking_rules": {"name": ["given_name"]}})
    assert own.blocking_rules == [["given_name"]]
    assert own.comparisons == shipped.comparisons
