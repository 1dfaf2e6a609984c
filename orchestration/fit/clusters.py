"""Finds groups of customers with like habits, and names them.

K-means over habits that are cut at their tails and measured in standard deviations, once more
without those who are like nobody. There are as many groups as part customers well, of the numbers
that are found again in halves of the customers. A group that is found again keeps number and name.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import duckdb
import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.cluster import KMeans
from sklearn.metrics import adjusted_rand_score, silhouette_score
from threadpoolctl import threadpool_limits

from orchestration.digests import table_digest
from orchestration.fit.arrays import Array
from orchestration.fit.days import latest_day
from orchestration.fit.store import Fit, Fitted, Parameter, TooFew, rounded

MODEL = "clusters"
FEATURES = (
    *("frequency", "basket_amount", "basket_lines", "online_share"),
    *("discount_share", "weekend_share", "lunch_share", "evening_share"),
)
# By which groups are named, and nobody is grouped: too few customers give a birth date.
DESCRIBED = ("young_share",)
TRAITS = (*FEATURES, *DESCRIBED)
BOUNDS = ("low", "high", "mean", "deviation")
# So many customers tell enough; silhouettes compare each of so many with all others.
MIN_CUSTOMERS, MAX_CUSTOMERS, MAX_COMPARED = 200, 10_000, 3_000
COUNTS = range(2, 9)
# A group of fewer is nobody's audience.
MIN_SHARE, MIN_MEMBERS = 0.02, 30
# The hundredth that is farthest out on either side counts as if it were no farther.
TAILS = (0.01, 0.99)
# Halves of the customers, of which the groups must be the same by the adjusted Rand index.
RESAMPLES, MIN_STABILITY = 10, 0.8
# Beyond the upper quartile of its members' distances by so many times their middle half nobody is
# of a group (Tukey 1977).
FENCE = 1.5
# A group is found again that has half of both, and is dissolved otherwise (Hennig 2007).
MIN_OVERLAP = 0.5
# Silhouettes that differ by less are as good. New groups must part customers better by so much than
# those in use, which people know.
MIN_GAIN = 0.01
# From how many standard deviations on a group is told by a trait.
MIN_TRAIT = 0.5
ORDINARY, NOBODY = "ordinary", 0
STARTS, RESTARTS = 10, 3

# Which customers are taken, where there are many, is decided by their names.
HABITS = f"""
select {", ".join(TRAITS)}
from (
    select * from warehouse.intermediate.int_cluster_features
    order by md5(customer_id) limit {MAX_CUSTOMERS}
)
order by customer_id
"""


@dataclass(frozen=True)
class Scale:
    """How habits are measured: each is cut at `low` and `high`, less `mean`, by `deviation`."""

    low: Array
    high: Array
    mean: Array
    deviation: Array

    @classmethod
    def of(cls, values: Array) -> Scale:
        low, high = np.quantile(values, TAILS, axis=0)
        cut = np.clip(values, low, high)
        deviation = cut.std(axis=0)
        return cls(low, high, cut.mean(axis=0), np.where(deviation > 0, deviation, 1.0))

    def measured(self, values: Array) -> Array:
        """Habits, (customers, features), in standard deviations."""
        return (np.clip(values, self.low, self.high) - self.mean) / self.deviation


@dataclass(frozen=True)
class Groups:
    """`number` (groups,) of each group, its `centre` (groups, features) in the scale, how far its
    members reach, `limit` (groups,), and its `phrase`."""

    scale: Scale
    number: Array
    centre: Array
    limit: Array
    phrase: Sequence[str]

    def places(self, values: Array) -> Array:
        """The number of everybody's group, 0 for who is like none of them, as the models tell."""
        distance = _distances(self.scale.measured(values), self.centre)
        nearest = distance.argmin(axis=1)
        within = distance[np.arange(len(values)), nearest] <= self.limit[nearest]
        return np.where(within, self.number[nearest], NOBODY)

    def nearest(self, values: Array) -> Array:
        """The number of the group that everybody is nearest to, however far away it is."""
        distance = _distances(self.scale.measured(values), self.centre)
        return np.asarray(self.number[distance.argmin(axis=1)])

    def parameters(self) -> Iterator[Parameter]:
        for bound in BOUNDS:
            for feature, value in zip(FEATURES, getattr(self.scale, bound), strict=True):
                yield Parameter(f"{bound} {feature}", rounded(value), feature=feature)
        for place, number in enumerate(self.number):
            knot = float(number)
            for feature, value in zip(FEATURES, self.centre[place], strict=True):
                name = f"centroid {number} {feature}"
                yield Parameter(name, rounded(value), feature=feature, knot=knot)
            yield Parameter(f"limit {number}", rounded(self.limit[place]), knot=knot)
            yield Parameter(f"name {number}", 1.0, feature=self.phrase[place], knot=knot)


@dataclass(frozen=True)
class Trial:
    """A number of groups: how well it parts customers, and how well it is found again.

    `silhouette` lies from −1 to 1, `stability` is the mean adjusted Rand index of what halves of
    the customers say of all, `smallest` the customers of the smallest group.
    """

    count: int
    centre: Array
    silhouette: float
    stability: float
    smallest: int

    def is_usable(self, customers: int) -> bool:
        is_large = self.smallest >= max(MIN_MEMBERS, MIN_SHARE * customers)
        return is_large and self.stability >= MIN_STABILITY


@threadpool_limits.wrap(1)
def fit_clusters(connection: duckdb.DuckDBPyConnection, variables: Mapping[str, Any]) -> Fitted:
    """New groups, in use when they are stable and part customers better than the present ones.

    Raises `TooFew` where too few customers have bought often enough to have habits.
    """
    values, described = read_habits(connection)
    if len(values) < MIN_CUSTOMERS:
        raise TooFew(
            f"To find groups, {len(values)} customers bought on "
            f"{variables['cluster_min_purchase_days']} days or more within "
            f"{variables['cluster_days']} days where {MIN_CUSTOMERS} are needed: nobody is grouped."
        )
    scale = Scale.of(values)
    points = scale.measured(values)
    trials = [tried(points, count) for count in COUNTS]
    usable = [trial for trial in trials if trial.is_usable(len(points))]
    chosen = best(usable or trials)
    centre, limit = without_noise(points, chosen.centre)
    present = read_groups(connection)
    found = numbered(scale, centre, limit, values, present, read_numbers(connection))
    found = named(found, values, described, read_phrases(connection), present)
    places = found.places(values)
    silhouette, chance = parted(points, found.nearest(values)), by_chance(points, chosen.count)
    before = present and parted(points, present.nearest(values))
    is_promoted, reason = judged(trials, chosen if usable else None, silhouette, chance, before)
    as_of_date = latest_day(connection)
    metrics = {
        "cluster_count": float(chosen.count),
        "silhouette": silhouette,
        "silhouette_of_chance": chance,
        "stability": chosen.stability,
        "noise_share": float((places == NOBODY).mean()),
        **{f"silhouette_of_{trial.count}": trial.silhouette for trial in trials},
        **{f"stability_of_{trial.count}": trial.stability for trial in trials},
        **({} if before is None else {"silhouette_of_the_groups_before": before}),
    }
    fit = Fit(
        model=MODEL,
        parameters=list(found.parameters()),
        metrics={name: rounded(value) for name, value in metrics.items()},
        as_of_date=as_of_date,
        customer_count=len(values),
        data_digest=table_digest(connection, "warehouse.intermediate.int_cluster_features"),
        is_promoted=is_promoted,
        reason=reason,
    )
    return Fitted([fit])


def best(trials: Sequence[Trial]) -> Trial:
    """The most groups that part customers as well as any number of them: more of them tell more."""
    most = max(trial.silhouette for trial in trials)
    return max(
        (trial for trial in trials if trial.silhouette > most - MIN_GAIN),
        key=lambda trial: trial.count,
    )


def read_habits(connection: duckdb.DuckDBPyConnection) -> tuple[Array, Array]:
    """Habits by which customers are grouped, and those by which groups are named, NaN of whom
    nothing is known: (customers, features) each."""
    found = connection.execute(HABITS).fetchnumpy()

    def columns(names: Sequence[str]) -> Array:
        return np.column_stack([np.ma.filled(found[name].astype(float), np.nan) for name in names])

    return columns(FEATURES), columns(DESCRIBED)


def tried(points: Array, count: int) -> Trial:
    """So many groups of all customers, and of halves of them."""
    means = KMeans(count, n_init=STARTS, random_state=0).fit(points)
    random = np.random.default_rng(0)
    agreement = []
    for _ in range(RESAMPLES):
        half = random.choice(len(points), len(points) // 2, replace=False)
        again = KMeans(count, n_init=RESTARTS, random_state=0).fit(points[half])
        agreement.append(adjusted_rand_score(means.labels_, again.predict(points)))
    return Trial(
        count,
        means.cluster_centers_,
        parted(points, means.labels_),
        float(np.mean(agreement)),
        int(np.bincount(means.labels_, minlength=count).min()),
    )


def parted(points: Array, nearest: Array) -> float:
    """The mean silhouette of some of all customers in the groups they are nearest to; 0 where that
    is one.

    Also of those who are of none: groups that lose customers would else seem to part them better.
    """
    size = min(MAX_COMPARED, len(points))
    some = np.random.RandomState(0).permutation(len(points))[:size]
    if len(np.unique(nearest[some])) < 2:
        return 0.0
    return float(silhouette_score(points[some], nearest[some]))


def by_chance(points: Array, count: int) -> float:
    """The silhouette of customers whose every habit is somebody else's, and so have no type, in
    groups that are found as those of the customers are."""
    random = np.random.default_rng(0)
    shuffled = np.column_stack([random.permutation(column) for column in points.T])
    means = KMeans(count, n_init=RESTARTS, random_state=0).fit(shuffled)
    centre, _ = without_noise(shuffled, means.cluster_centers_)
    return parted(shuffled, _distances(shuffled, centre).argmin(axis=1))


def without_noise(points: Array, centre: Array) -> tuple[Array, Array]:
    """The centres once more, of those alone who are within the limits, and the limits of these."""
    distance = _distances(points, centre)
    within = distance.min(axis=1) <= _limits(distance)[distance.argmin(axis=1)]
    again = KMeans(len(centre), init=centre, n_init=1).fit(points[within]).cluster_centers_
    return again, _limits(_distances(points, again))


def _limits(distance: Array) -> Array:
    """How far each group reaches, (groups,); one that nobody is nearest to reaches nowhere."""
    nearest = distance.argmin(axis=1)
    members = [distance[nearest == place, place] for place in range(distance.shape[1])]
    quartiles = np.array(
        [np.quantile(each, (0.25, 0.75)) if len(each) else (0.0, 0.0) for each in members]
    )
    return quartiles[:, 1] + FENCE * (quartiles[:, 1] - quartiles[:, 0])


def _distances(points: Array, centre: Array) -> Array:
    """(customers, groups)"""
    return np.sqrt(((points[:, None, :] - centre[None, :, :]) ** 2).sum(axis=2))


def numbered(
    scale: Scale,
    centre: Array,
    limit: Array,
    values: Array,
    present: Groups | None,
    highest: int,
) -> Groups:
    """The groups with the numbers of those in use that they have most in common with, one each by
    the best match of all (Kuhn 1955); others get numbers that no group ever had, the largest first.
    """
    alone = Groups(scale, np.arange(1, len(centre) + 1), centre, limit, [])
    places = alone.places(values)
    number = np.zeros(len(centre), dtype=int)
    if present is not None:
        overlap = _overlap(places, alone.number, present.places(values), present.number)
        for new, old in zip(*linear_sum_assignment(-overlap), strict=True):
            if overlap[new, old] >= MIN_OVERLAP:
                number[new] = present.number[old]
    sizes = np.array([(places == each).sum() for each in alone.number])
    for new in np.argsort(-sizes, kind="stable"):
        if not number[new]:
            highest += 1
            number[new] = highest
    order = np.argsort(number)
    return Groups(scale, number[order], centre[order], limit[order], [])


def _overlap(places: Array, numbers: Array, others: Array, other_numbers: Array) -> Array:
    """Customers of both groups ÷ customers of either, (groups, other groups)."""
    ours = places[:, None] == numbers[None, :]
    theirs = others[:, None] == other_numbers[None, :]
    both = ours.T.astype(float) @ theirs
    either = ours.sum(axis=0)[:, None] + theirs.sum(axis=0)[None, :] - both
    return np.divide(both, either, out=np.zeros(both.shape), where=either > 0)


def named(
    groups: Groups,
    values: Array,
    described: Array,
    phrases: Mapping[str, Mapping[str, int]],
    present: Groups | None,
) -> Groups:
    """The groups with the phrases that tell most of them, no phrase twice.

    A group that was in use keeps its name as long as it is true of it.
    """
    traits = traits_of(groups, values, described)
    names = list(phrases)
    scores = np.array([[told_by(each, phrases[name]) for name in names] for each in traits])
    known = {} if present is None else dict(zip(present.number, present.phrase, strict=True))
    kept = {
        place: known[number]
        for place, number in enumerate(groups.number)
        if known.get(number) in phrases and scores[place, names.index(known[number])] > 0
    }
    places = [place for place in range(len(traits)) if place not in kept]
    free = [column for column, name in enumerate(names) if name not in kept.values()]
    open_scores = scores[np.ix_(places, free)]
    for row, column in zip(*linear_sum_assignment(-open_scores), strict=True):
        if open_scores[row, column] > 0:
            kept[places[row]] = names[free[column]]
    phrase = [kept.get(place, ORDINARY) for place in range(len(traits))]
    return Groups(groups.scale, groups.number, groups.centre, groups.limit, phrase)


def traits_of(groups: Groups, values: Array, described: Array) -> list[dict[str, float]]:
    """Of each group how far it lies from all, in standard deviations of a customer."""
    places = groups.places(values)
    found = []
    for number, centre in zip(groups.number, groups.centre, strict=True):
        traits = dict(zip(FEATURES, centre, strict=True))
        for name, column in zip(DESCRIBED, described.T, strict=True):
            known = column[~np.isnan(column)]
            members = column[(places == number) & ~np.isnan(column)]
            deviation = known.std() if len(known) else 0.0
            is_told = len(members) and deviation > 0
            traits[name] = (members.mean() - known.mean()) / deviation if is_told else 0.0
        found.append(traits)
    return found


def told_by(traits: Mapping[str, float], phrase: Mapping[str, int]) -> float:
    """How much a phrase tells of a group, 0 where one of its traits is not true of it.

    The sum ÷ √n is as far out for two traits as for one, if neither has to do with the other.
    """
    found = [sign * traits[trait] for trait, sign in phrase.items()]
    return sum(found) / np.sqrt(len(found)) if min(found) >= MIN_TRAIT else 0.0


def read_phrases(connection: duckdb.DuckDBPyConnection) -> dict[str, dict[str, int]]:
    """The phrases of the seed that have traits: of each trait whether it lies above, 1, or below.

    Raises `ValueError` where a trait is none, or has no sign.
    """
    found = {}
    for phrase, traits in connection.execute(
        "select phrase, traits from warehouse.reference.cluster_phrases"
        " where traits is not null order by phrase"
    ).fetchall():
        signs = {trait[:-1]: {"+": 1, "-": -1}.get(trait[-1]) for trait in traits.split()}
        if unknown := [name for name, sign in signs.items() if not sign or name not in TRAITS]:
            raise ValueError(
                f"The phrase {phrase} of the seed cluster_phrases has {', '.join(unknown)}: write "
                f"+ or - behind each trait, which is one of {', '.join(TRAITS)}."
            )
        found[phrase] = signs
    return found


def read_groups(connection: duckdb.DuckDBPyConnection) -> Groups | None:
    """The groups with which the last build told customers; None before the first."""
    found = {
        parameter: (value, feature)
        for parameter, value, feature in connection.execute(
            "select parameter, value, feature from warehouse.intermediate.int_current_parameters"
            f" where model = '{MODEL}'"
        ).fetchall()
    }
    number = np.array(sorted(int(name[6:]) for name in found if name.startswith("limit ")))
    if not len(number):
        return None

    def of(pattern: str) -> Array:
        return np.array([found[pattern.format(feature)][0] for feature in FEATURES])

    return Groups(
        Scale(*(of(f"{bound} {{}}") for bound in BOUNDS)),
        number,
        np.array([of(f"centroid {each} {{}}") for each in number]),
        np.array([found[f"limit {each}"][0] for each in number]),
        [found[f"name {each}"][1] for each in number],
    )


def read_numbers(connection: duckdb.DuckDBPyConnection) -> int:
    """The highest number that a group ever had; 0 before the first."""
    [(highest,)] = connection.execute(
        "select coalesce(max(knot), 0) from warehouse.intermediate.int_model_parameters"
        f" where model = '{MODEL}'"
    ).fetchall()
    return int(highest)


def judged(
    trials: Sequence[Trial], chosen: Trial | None, new: float, chance: float, before: float | None
) -> tuple[bool, str]:
    """Whether new groups are put in use, and why.

    Silhouettes: of the `new` ones, of `chance`, and of those in use, None where there are none.
    Groups that part customers no better than chance are used too, as cuts that a mailing may need.
    """
    if chosen is None:
        most = max(trial.stability for trial in trials)
        return False, (
            f"No number of groups from {COUNTS.start} to {COUNTS.stop - 1} is found again and has "
            f"groups that are large enough (adjusted Rand index at best {most:.2f}, "
            f"{MIN_STABILITY} is asked): customers stay as they are."
        )
    how_well = "well" if new >= chance + MIN_GAIN else "no better than chance"
    told = (
        f"{chosen.count} groups part customers {how_well} (silhouette {new:.3f}, {chance:.3f} by "
        f"chance) and are found again in halves of them (adjusted Rand index "
        f"{chosen.stability:.2f})"
    )
    if before is None:
        return True, f"{told}."
    if new < before + MIN_GAIN:
        return False, f"{told}, but those in use part them as well ({before:.3f}) and stay."
    return True, f"{told}, better than those before ({before:.3f})."
