"""Linking where the truth is known: FEBRL 3, without the number that would tell at once.

FEBRL 1, in which nobody has more than two records, is of `make faults`.
"""

from __future__ import annotations

from collections import Counter

import pytest
from conftest import Shop

from benchmarks.linkage import PAGE, Linked, Quality, febrl, published, qualities, with_table
from benchmarks.page import silent
from orchestration.duck import connect
from orchestration.fit.identity import Accounts, Weight, score_with_splink
from orchestration.fit.store import Store
from orchestration.linkage_rules import LinkageRules
from orchestration.warehouse import attach

LEAST_RECALL = {1: 0.998, 3: 0.997}


@pytest.fixture(scope="module")
def fitted(linked: Linked) -> dict[str, float]:
    """What the fit finds on these accounts, whether or not it is then used."""
    [version] = linked.refresh.fit(["identity"], silent)
    store = Store(linked.refresh.project.parameters)
    found = store.parameters("identity", version.version)
    return {parameter.parameter: parameter.value for parameter in found}


@pytest.fixture(scope="module", params=[pytest.param(1, marks=pytest.mark.long), 3])
def linked(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Linked:
    return febrl(request.param, tmp_path_factory.mktemp("febrl"))


@pytest.fixture(scope="module")
def measured(linked: Linked) -> list[Quality]:
    return list(qualities(linked))


def test_no_two_people_are_one_customer_and_nearly_all_are_found(
    linked: Linked, measured: list[Quality]
) -> None:
    [customers] = [each for each in measured if (each.method, each.threshold) == ("regulars", None)]
    assert customers.precision == 1
    assert customers.recall >= LEAST_RECALL[int(linked.dataset[-1])]


def test_groups_are_as_good_as_those_of_splink(measured: list[Quality]) -> None:
    splink = {each.threshold: each for each in measured if each.method == "splink"}
    for ours in measured:
        if ours.method == "regulars" and ours.threshold is not None:
            assert ours.precision >= splink[ours.threshold].precision
            assert ours.recall == pytest.approx(splink[ours.threshold].recall, abs=0.002)


def test_the_proof_that_is_published_is_what_is_measured(measured: list[Quality]) -> None:
    """In the decimals of the page, but for weights that lie at a threshold."""
    shown = {key(each): each for each in published(PAGE.read_text())}
    for each in measured:
        assert shown[key(each)].recall == pytest.approx(each.recall, abs=0.0005)
        assert shown[key(each)].precision == pytest.approx(each.precision, abs=0.0005)


def test_the_fit_finds_how_many_records_a_person_has(
    linked: Linked, fitted: dict[str, float]
) -> None:
    sizes = Counter(linked.person.values()).values()
    others = sum(size * (size - 1) for size in sizes) / len(linked.person)
    assert fitted["prior 0 m"] == pytest.approx(others, rel=0.05)


def test_what_the_accounts_say_nothing_of_is_not_fitted(fitted: dict[str, float]) -> None:
    assert "phone 3 m" not in fitted
    assert fitted["postcode 2 m"] > 0.5 > fitted["postcode 2 u"]


def test_too_few_pairs_and_no_warehouse_are_said_in_a_sentence(
    tiny: Shop, empty_shop: Shop
) -> None:
    few = tiny.command("regulars", "fit", "identity")
    assert few.returncode == 1
    assert "keep the parameters that ship with the project" in few.stderr
    none = empty_shop.command("regulars", "fit", "identity")
    assert none.returncode == 1
    assert "There is no warehouse to fit on: `regulars run` first." in none.stderr


def test_every_weight_equals_splinks(linked: Linked) -> None:
    """Of every candidate pair, with the weights that ship."""
    rules = LinkageRules.of(linked.refresh.project.variables(linked.refresh.overrides))
    with connect() as connection:
        attach(connection, linked.refresh.project.warehouse)
        for name in ("int_account_features", "int_identity_predictions", "int_identity_weights"):
            connection.execute(f"create table {name} as from warehouse.intermediate.{name}")
        weights = connection.execute(
            "select comparison, level, m_probability, u_probability from int_identity_weights"
        ).fetchall()
        splink = score_with_splink(
            Accounts(connection, "int_account_features", rules), [Weight(*row) for row in weights]
        )
        [(pairs, compared, furthest)] = connection.execute(
            f"""
            select
                count(*), count(splink.match_weight),
                max(abs(splink.match_weight - scores.match_weight))
            from int_identity_predictions as scores
            left join {splink.physical_name} as splink
                on splink.account_id_l = scores.account_id
                and splink.account_id_r = scores.other_account_id
            """
        ).fetchall()
    assert compared == pairs > 500
    assert furthest < 1e-6


def test_the_page_is_what_the_proof_writes() -> None:
    page = PAGE.read_text()
    assert len(list(published(page))) > 50
    assert with_table(page, published(page)) == page


def key(quality: Quality) -> tuple:
    return quality.dataset, quality.identifiers, quality.method, quality.threshold
