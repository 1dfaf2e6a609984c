"""Groups of customers: how many, who is of none, their names, and what stays from fit to fit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.metrics import adjusted_rand_score

from orchestration.fit import clusters
from orchestration.fit.clusters import FEATURES, Groups, Scale, Trial

# Where three types of customers lie, by frequency, amount, lines and the shares, in this order.
TYPES = np.array(
    [
        [2.0, 4.0, 1.0, 0.1, 0.05, 0.30, 0.10, 0.30],
        [0.5, 5.5, 2.5, 0.1, 0.05, 0.80, 0.05, 0.20],
        [0.5, 3.0, 0.5, 0.9, 0.20, 0.30, 0.10, 0.60],
    ]
)
SPREAD = np.array([0.3, 0.3, 0.3, 0.05, 0.03, 0.07, 0.04, 0.07])
PHRASES = {
    "family": {"weekend_share": 1, "basket_lines": 1},
    "online_bargain": {"online_share": 1, "discount_share": 1},
    "online": {"online_share": 1},
    "frequent": {"frequency": 1},
}


def customers(each: int = 300, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Habits of so many customers of each type, and their types."""
    draws = np.random.default_rng(seed)
    kind = np.repeat(np.arange(len(TYPES)), each)
    return TYPES[kind] + SPREAD * draws.normal(size=(len(kind), len(FEATURES))), kind


def grouped(values: np.ndarray, count: int = 3, present: Groups | None = None) -> Groups:
    scale = Scale.of(values)
    points = scale.measured(values)
    centre, limit = clusters.without_noise(points, clusters.tried(points, count).centre)
    highest = 0 if present is None else int(present.number.max())
    found = clusters.numbered(scale, centre, limit, values, present, highest)
    return clusters.named(found, values, np.full((len(values), 1), np.nan), PHRASES, present)


@pytest.fixture(scope="module")
def trials() -> list[Trial]:
    values, _ = customers()
    points = Scale.of(values).measured(values)
    return [clusters.tried(points, count) for count in (2, 3, 4, 5)]


def test_as_many_groups_part_customers_best_as_there_are_types(trials: list[Trial]) -> None:
    best = clusters.best(trials)
    assert best.count == 3
    assert best.is_usable(900) and best.stability > 0.95


def test_of_numbers_that_part_customers_alike_the_most_groups_are_taken(
    trials: list[Trial],
) -> None:
    alike = [
        replace(trials[0], count=count, silhouette=silhouette)
        for count, silhouette in ((2, 0.3), (3, 0.292), (4, 0.289))
    ]
    assert clusters.best(alike).count == 3


def test_types_are_found_again() -> None:
    values, kind = customers()
    places = grouped(values).places(values)
    within = places > 0
    assert adjusted_rand_score(kind[within], places[within]) > 0.95
    assert within.mean() > 0.9


@pytest.mark.filterwarnings("ignore:Number of distinct clusters")
def test_customers_who_are_all_alike_are_in_one_group_however_many_are_asked_for() -> None:
    values = np.repeat(TYPES[:1], 300, axis=0)
    scale = Scale.of(values)
    points = scale.measured(values)
    trial = clusters.tried(points, 3)
    centre, limit = clusters.without_noise(points, trial.centre)
    assert not trial.is_usable(300) and np.isfinite(limit).all()
    places = Groups(scale, np.array([1, 2, 3]), centre, limit, []).places(values)
    assert len(np.unique(places)) == 1


def test_more_groups_than_types_are_not_found_again_in_halves(trials: list[Trial]) -> None:
    assert trials[2].stability < trials[1].stability and trials[3].stability < 0.8


def test_a_group_of_next_to_nobody_parts_nobody() -> None:
    """Of so many customers only some are looked at, and all of these may be in the other group."""
    points = np.random.default_rng(1).normal(size=(10_000, 3))
    nearest = np.zeros(len(points), dtype=int)
    nearest[7] = 1
    assert clusters.parted(points, nearest) == 0


def test_customers_without_types_are_parted_no_better_than_by_chance() -> None:
    values = np.random.default_rng(1).normal(size=(900, len(FEATURES)))
    points = Scale.of(values).measured(values)
    found = clusters.tried(points, 4)
    assert found.silhouette == pytest.approx(clusters.by_chance(points, 4), abs=0.02)
    assert found.stability < 0.8


def test_who_is_like_nobody_is_of_no_group() -> None:
    """Between the types, and frequent, dear and on the weekend at once: nobody else is."""
    values, _ = customers()
    odd = np.array([[2.0, 5.5, 0.5, 0.9, 0.05, 0.80, 0.10, 0.60]])
    assert grouped(np.vstack([values, odd])).places(odd).tolist() == [0]


def test_one_giant_moves_no_scale() -> None:
    """The hundredth that is farthest out counts as if it were no farther."""
    values, _ = customers()
    giant = values.copy()
    giant[0] = values[0] * 1_000
    for bound in clusters.BOUNDS:
        before, after = (getattr(Scale.of(each), bound) for each in (values, giant))
        assert after == pytest.approx(before, abs=0.05)


def test_what_is_the_same_of_all_parts_nobody() -> None:
    values, _ = customers()
    values[:, 4] = 0.0
    assert not Scale.of(values).measured(values)[:, 4].any()


def test_the_larger_group_has_the_lower_number_at_first() -> None:
    values, kind = customers()
    some = np.flatnonzero((kind != 0) | (np.arange(len(kind)) < 100))
    places = grouped(values[some]).places(values[some])
    sizes = [(places == number).sum() for number in (1, 2, 3)]
    assert sizes == sorted(sizes, reverse=True)


def test_groups_are_called_by_what_tells_most_of_them() -> None:
    values, kind = customers()
    found = grouped(values)
    places = found.places(values)
    names = {
        int(np.bincount(kind[places == number]).argmax()): phrase
        for number, phrase in zip(found.number, found.phrase, strict=True)
    }
    assert names == {0: "frequent", 1: "family", 2: "online_bargain"}


def test_a_phrase_is_true_only_with_all_of_its_traits() -> None:
    traits = {"online_share": 2.0, "discount_share": 0.4}
    assert clusters.told_by(traits, PHRASES["online_bargain"]) == 0
    assert clusters.told_by(traits, PHRASES["online"]) == 2.0
    assert clusters.told_by(traits, {"online_share": -1}) == 0
    both = {"online_share": 2.0, "discount_share": 2.0}
    assert clusters.told_by(both, PHRASES["online_bargain"]) == pytest.approx(4 / np.sqrt(2))


def test_the_young_name_a_group_and_make_none() -> None:
    """Of the customers of one group all are young whose age is known, of the others nobody."""
    values, kind = customers()
    found = grouped(values)
    young = np.where(np.arange(len(kind)) % 2, np.nan, (kind == 2).astype(float))[:, None]
    traits = clusters.traits_of(found, values, young)
    assert sorted(each["young_share"] > 1 for each in traits) == [False, False, True]


def test_numbers_and_names_stay_with_the_customers() -> None:
    """Other customers of the same types, in another order of size, are the same groups."""
    values, kind = customers()
    before = grouped(values)
    others, other_kind = customers(seed=1)
    fewer = np.flatnonzero((other_kind != 1) | (np.arange(len(other_kind)) % 3 == 0))
    after = grouped(others[fewer], present=before)
    assert after.number.tolist() == before.number.tolist()
    assert list(after.phrase) == list(before.phrase)
    places, same = before.places(others[fewer]), after.places(others[fewer])
    assert adjusted_rand_score(places, same) > 0.9


def test_a_group_that_is_new_gets_a_number_that_no_group_ever_had() -> None:
    values, kind = customers()
    before = grouped(values[kind != 1], count=2)
    gone = replace(before, number=before.number + np.array([0, 5]))
    after = grouped(values, present=gone)
    assert set(gone.number) < set(after.number)
    assert max(after.number) == max(gone.number) + 1


def test_a_name_stays_while_it_is_true_and_is_given_once() -> None:
    """The group was called online before a better phrase was there."""
    values, _ = customers()
    before = grouped(values)
    renamed = [{"online_bargain": "online"}.get(phrase, phrase) for phrase in before.phrase]
    after = grouped(values, present=replace(before, phrase=renamed))
    assert list(after.phrase) == renamed
    false = [{"online_bargain": "family", "family": "online"}.get(p, p) for p in before.phrase]
    corrected = grouped(values, present=replace(before, phrase=false))
    assert list(corrected.phrase) == list(before.phrase)


def test_a_group_that_no_phrase_tells_is_ordinary() -> None:
    values, _ = customers()
    found = grouped(values)
    plain = clusters.named(
        found, values, np.full((len(values), 1), np.nan), {"x": {"online_share": 1}}, None
    )
    assert sorted(plain.phrase) == ["ordinary", "ordinary", "x"]


def test_groups_that_lose_customers_part_them_no_better() -> None:
    """A fence that keeps out all but the innermost changes nothing of what groups are told by."""
    values, _ = customers()
    found = grouped(values)
    narrow = replace(found, limit=found.limit * 0.1)
    assert (narrow.places(values) == 0).mean() > 0.9
    points = found.scale.measured(values)
    wide_silhouette, narrow_silhouette = (
        clusters.parted(points, each.nearest(values)) for each in (found, narrow)
    )
    assert narrow_silhouette == wide_silhouette


def test_parameters_are_as_the_models_read_them() -> None:
    found = {each.parameter: each for each in grouped(customers()[0]).parameters()}
    assert len(found) == 4 * len(FEATURES) + 3 * (len(FEATURES) + 2)
    assert found["low frequency"].feature == "frequency" and found["low frequency"].knot is None
    assert found["centroid 2 online_share"].knot == 2.0
    assert found["name 3"].feature in PHRASES


def test_new_groups_are_used_only_if_they_part_customers_better(trials: list[Trial]) -> None:
    chosen = trials[1]
    assert clusters.judged(trials, chosen, 0.5, 0.1, None)[0]
    assert clusters.judged(trials, chosen, 0.5, 0.1, 0.4)[0]
    is_promoted, reason = clusters.judged(trials, chosen, 0.5, 0.1, 0.495)
    assert not is_promoted and "those in use part them as well" in reason
    is_promoted, reason = clusters.judged(trials, chosen, 0.105, 0.1, None)
    assert is_promoted and "no better than chance" in reason
    assert "part customers well" in clusters.judged(trials, chosen, 0.115, 0.1, None)[1]
    is_promoted, reason = clusters.judged(trials, None, 0.5, 0.1, None)
    assert not is_promoted and "customers stay as they are" in reason
