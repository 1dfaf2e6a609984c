"""Accounts of a shop linked to persons, from the delivered file to groups, beside Splink.

Ours lands the file and builds with dbt, checks and all; its weights ship with the project. Splink
reads the same file, has names split and letters made small, and learns its weights from the
accounts, as its guide does it; and once more with our comparisons, on features that our models have
made. How good all are is told beside, by pairs of accounts. What dbt takes for its start, which it
takes for any number of accounts, is in ours, and off it in a line of its own.
"""

from __future__ import annotations

import json
import logging
import shutil
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import duckdb

from benchmarks import western
from benchmarks.linkage import MEMBERSHIP, Linked, Quality, agreement, deliver_shop, link
from benchmarks.page import silent
from benchmarks.peers.sides import Comparison, Side, alone, beyond, in_turns
from orchestration.duck import connect, literal, literal_path
from orchestration.fit.identity import Accounts, fitted_weights, score_with_splink
from orchestration.linkage_rules import LinkageRules
from orchestration.project import ROOT, Project
from orchestration.refresh import Refresh
from orchestration.warehouse import attach

if TYPE_CHECKING:
    from splink import Linker

AS_WE_COMPARE = "Splink, as we compare"
ACCOUNTS_OF_A_PERSON = 1.72  # on average, of western.ACCOUNTS_OF_A_PERSON
SEED = 5
PEOPLE_AT_START = 60  # so few that hardly anything but dbt's start is measured
READ = """
select
    'crm:' || member_no as account_id,
    lower(split_part(full_name, ' ', 1)) as given_name,
    lower(split_part(full_name, ' ', 2)) as family_name,
    replace(birthday, '/', '-') as birth_date,
    mobile as phone,
    lower(email) as email,
    lower(city) as city,
    lower(address) as address
from read_csv({file}, delim = ';', header = true, all_varchar = true)
"""
# The probability of one person from which Splink links: of 0.5 to 0.99999 that with the best F1 on
# such accounts, since people of a household have more in common than it takes strangers to have.
LINKED_AT = 0.9999


def comparisons(
    folder: Path, accounts: int, runs: int = 3, as_we_compare: bool = True
) -> Iterator[Comparison]:
    """Groups by weights that ship beside two ways with Splink, with dbt's start and without.

    Of a million accounts Splink scores so many pairs by our blocking rules that 49 GB of disk were
    not enough for what it spilled: those are asked for its own way alone.
    """
    alone(deliver, folder, round(accounts / ACCOUNTS_OF_A_PERSON))
    alone(deliver, folder / "start", PEOPLE_AT_START)
    imports = ("dbt.cli.main", "dbt.adapters.duckdb.impl")
    ours = Side("ours", partial(by_us, folder), imports)
    peers = [Side("Splink", partial(by_splink, folder), ("splink",))]
    if as_we_compare:
        peers.append(Side(AS_WE_COMPARE, partial(by_splink_as_we_compare, folder), ("splink",)))
    start = in_turns([Side("start", partial(by_us, folder / "start"), imports)], runs)["start"]
    costs = in_turns([ours, *peers], runs)
    for peer in peers:
        qualities = (_told(alone(quality, folder, side.name)) for side in (ours, peer))
        yield Comparison(
            f"linking {accounts:,} accounts",
            peer.name,
            costs[ours.name],
            costs[peer.name],
            bar=0.5,
            remark="{}, theirs {}".format(*qualities),
        )
        yield Comparison(
            f"linking {accounts:,} accounts, beyond dbt's start",
            peer.name,
            beyond(start, costs[ours.name]),
            costs[peer.name],
            bar=0.5,
        )


def deliver(folder: Path, people: int) -> None:
    """Writes the accounts of so many people into the landing folder, and who each is."""
    person = deliver_shop(folder, western.accounts(western.Shop(people), part=1, seed=SEED))
    (folder / "person.json").write_text(json.dumps(person), "utf-8")


def by_us(folder: Path) -> None:
    """All in a data folder of its own, dbt's start with it."""
    with TemporaryDirectory(dir=folder) as data:
        shutil.copytree(folder / "landing", Path(data, "landing"))
        refresh = Refresh(Project(ROOT, Path(data)), variables=MEMBERSHIP)
        refresh.land(silent)
        link(refresh)
        with connect() as connection:
            attach(connection, refresh.project.warehouse)
            groups = (
                "select account_id, customer_id from warehouse.intermediate.int_account_customers"
            )
            _write(connection, groups, folder / "ours.parquet")
            features = "from warehouse.intermediate.int_account_features"
            _write(connection, features, folder / "features.parquet")


def by_splink(folder: Path) -> None:
    """Comparisons of the library, blocking by what people share, training as in its guide."""
    import splink.comparison_library as compare
    from splink import DuckDBAPI, Linker, SettingsCreator, block_on

    blocks = [
        *(block_on("phone"), block_on("email"), block_on("given_name", "family_name")),
        *(block_on("birth_date", name) for name in ("given_name", "family_name")),
        *(block_on("address", name) for name in ("given_name", "family_name")),
    ]
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="account_id",
        comparisons=[
            compare.ForenameSurnameComparison("given_name", "family_name"),
            compare.DateOfBirthComparison("birth_date", input_is_string=True),
            compare.ExactMatch("phone"),
            compare.EmailComparison("email"),
            compare.LevenshteinAtThresholds("address", [2, 6]),
            compare.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=blocks,
    )
    with connect(temp_directory=str(folder / "spill")) as connection:
        file = literal_path(folder / "landing" / "crm" / "members" / "members.csv")
        connection.execute(f"create table accounts as {READ.format(file=file)}")
        accounts = DuckDBAPI(connection).register("accounts")
        linker = _quiet(Linker(accounts, settings))
        linker.training.estimate_probability_two_random_records_match(blocks[:3], recall=0.8)
        linker.training.estimate_u_using_random_sampling()
        for rule in (blocks[2], block_on("birth_date"), block_on("phone")):
            linker.training.estimate_parameters_using_expectation_maximisation(rule)
        pairs = linker.inference.predict(threshold_match_probability=0.5)
        groups = linker.clustering.cluster_pairwise_predictions_at_threshold(pairs, LINKED_AT)
        found = f"select account_id, cluster_id from {groups.physical_name}"
        _write(connection, found, folder / "Splink.parquet")


def by_splink_as_we_compare(folder: Path) -> None:
    """Splink's own training, scores and groups by our comparisons and blocking rules.

    It begins with the features that our models have made of the accounts.
    """
    from splink import DuckDBAPI
    from splink.clustering import cluster_pairwise_predictions_at_threshold

    variables = Project(ROOT, folder).variables(MEMBERSHIP)
    with connect(temp_directory=str(folder / "spill")) as connection:
        file = literal_path(folder / "features.parquet")
        connection.execute(f"create table features as from read_parquet({file})")
        accounts = Accounts(connection, "features", LinkageRules.of(variables))
        pairs = score_with_splink(accounts, fitted_weights(accounts), ("phone", "email"))
        database = DuckDBAPI(connection)
        groups = cluster_pairwise_predictions_at_threshold(
            database.register("features"),
            pairs,
            database,
            node_id_column_name="account_id",
            threshold_match_weight=variables["link_threshold"],
        )
        found = f"select account_id, cluster_id from {groups.physical_name}"
        _write(connection, found, folder / f"{AS_WE_COMPARE}.parquet")


def _quiet(linker: Linker) -> Linker:
    """Splink says what it does, from the moment on that there is a linker."""
    logging.getLogger("splink").setLevel(logging.ERROR)
    return linker


def quality(folder: Path, side: str) -> Quality:
    """How the groups that a side has written agree with the truth."""
    person = json.loads((folder / "person.json").read_text("utf-8"))
    with connect() as connection:
        file = literal_path(folder / f"{side}.parquet")
        groups = dict(connection.execute(f"from read_parquet({file})").fetchall())
    linked = Linked("shop", "as delivered", Refresh(Project(ROOT, folder)), person)
    return agreement(linked, side, None, groups)


def _told(quality: Quality) -> str:
    return f"finds {quality.recall:.1%}, {quality.precision:.1%} right"


def _write(connection: duckdb.DuckDBPyConnection, query: str, file: Path) -> None:
    connection.execute(f"copy ({query}) to {literal(file)} (format parquet)")
