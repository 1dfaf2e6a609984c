"""The tiny example after drawn histories: all that is kept is as a full refresh makes it.

Orders are cancelled, accounts merge, files come late, corrected, again, or are gone, seeds and
variables are others. The pocket project has its own, many more (test_kept.py).
"""

from __future__ import annotations

import json
import random
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import ROOT, Shop
from histories import Living, live

from orchestration.dbt import Session
from orchestration.project import Project

STEPS = 3
SEEDS = ("exchange_rates.csv", "identifier_blocklist.csv", "need_terms.csv", "source_trust.csv")
PARTS = ("models", "macros", "seeds", "tests/generic", "tests/singular")
SETTINGS = ("dbt_project.yml", "profiles.yml", "selectors.yml")


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The project, with seeds of its own that may change."""
    root = tmp_path_factory.mktemp("project")
    for part in PARTS:
        shutil.copytree(ROOT / part, root / part)
    for name in SETTINGS:
        (root / name).symlink_to(ROOT / name)
    return root


@pytest.fixture(scope="module")
def manifest(project: Path, tmp_path_factory: pytest.TempPathFactory) -> Any:
    folder = tmp_path_factory.mktemp("parsed")
    return Session(Project(project, folder), {}, folder).parse()


@pytest.fixture
def living(project: Path, manifest: Any, tiny_files: Path, tmp_path: Path) -> Living:
    shutil.copytree(tiny_files, tmp_path / "data" / "landing")
    shutil.copytree(ROOT / "seeds", project / "seeds", dirs_exist_ok=True)
    living = Living(Shop(tmp_path / "data", project), manifest)
    living.refresh()
    return living


def a_file(living: Living, chance: random.Random, ending: str = "*.csv") -> Path:
    return chance.choice(sorted((living.shop.data / "landing").rglob(ending)))


def corrected(living: Living, chance: random.Random) -> None:
    """A file under its old name, without some of its lines."""
    path = a_file(living, chance)
    header, *lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(header + b"".join(each for each in lines if chance.random() < 0.8))


def repeated(living: Living, chance: random.Random) -> None:
    """The bytes of a file under another name, before or behind all others."""
    path = a_file(living, chance)
    path.with_name(f"{chance.choice('0z')}_{path.name}").write_bytes(path.read_bytes())


def late(living: Living, chance: random.Random) -> None:
    """Some lines of a file under a name before or behind it."""
    path = a_file(living, chance)
    header, *lines = path.read_bytes().splitlines(keepends=True)
    some = chance.sample(lines, k=len(lines) // 2)
    path.with_name(f"{chance.choice('0z')}_{path.name}").write_bytes(header + b"".join(some))


def removed(living: Living, chance: random.Random) -> None:
    """A landed version that is gone, as an erasure leaves it; it may land again."""
    landed = sorted((living.shop.data / "raw").rglob("*/*.parquet"))
    chance.choice([each for each in landed if "rejected" not in each.parts[-2]]).unlink()


def told(living: Living, chance: random.Random, feed: str, column: str, value: Any) -> None:
    """A file with one line of a feed in JSON, of which one thing has changed since."""
    folder = living.shop.data / "landing" / "shop" / feed
    lines = [line for path in sorted(folder.iterdir()) for line in path.open() if line.strip()]
    row = json.loads(chance.choice(lines)) | {column: value}
    (folder / f"z{chance.randrange(100):02}.jsonl").write_text(json.dumps(row) + "\n")


def cancelled(living: Living, chance: random.Random) -> None:
    told(living, chance, "orders", "state", chance.choice(["CANCELLED", "PAID"]))


def merged(living: Living, chance: random.Random) -> None:
    """Accounts that share a number now, or no longer."""
    number = chance.choice(["+86 138-1111-0001", "+86 138-1111-0002", None])
    told(living, chance, "users", "mobile", number)


def looked_back(living: Living, chance: random.Random) -> None:
    living.variables["as_of_date"] = chance.choice([None, "2026-03-01", "2026-06-10"])


def decided_otherwise(living: Living, chance: random.Random) -> None:
    living.variables["satisfied_min_score"] = chance.choice([3, 4, 5])
    living.variables["slow_cover_days"] = chance.choice([60, 90])


def seeded(living: Living, chance: random.Random) -> None:
    """A seed without its last line."""
    path = living.shop.root / "seeds" / chance.choice(SEEDS)
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-1]))


CHANGES = (
    *(corrected, repeated, late, removed, cancelled, cancelled, merged, merged),
    *(looked_back, decided_otherwise, seeded),
)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(20))
def test_after_any_history_the_whole_project_is_as_a_full_refresh_makes_it(living, seed, tmp_path):
    live(living, random.Random(seed), CHANGES, STEPS, tmp_path / "anew")
