"""House rule: the truth of a demo world is for the report and for proofs; no model may read it."""

from __future__ import annotations

import re
from pathlib import Path

from project.conftest import WRITTEN_BY_REGULARS

from orchestration.landing import read_feeds
from orchestration.project import ROOT, Project

# The truth as a folder, as a path of the project, or as a relation that somebody registered.
READS = re.compile(
    r"\btruth/|/truth\b|\btruth\.|\.truth\b|['\"]truth['\"]|\btruth_\w|_truth\b", re.IGNORECASE
)
PROOFS = ("orchestration/world", "orchestration/report")
# Elsewhere these files alone name it, on so many lines.
MAY_NAME_IT = {
    "orchestration/project.py": (1, "where it lies"),
    "orchestration/refresh.py": (1, "the report gets it"),
    "orchestration/privacy/files.py": (1, "its folder is closed like others"),
    "orchestration/cli/sources.py": (2, "`regulars world` says where it puts it"),
}


def product_files() -> list[Path]:
    """Everything that lands, builds and publishes."""
    folders = ("models", "macros", "seeds", "orchestration", "tests/singular", "tests/generic")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    files += [ROOT / name for name in ("dbt_project.yml", "profiles.yml", "dbt_ansi_spark.py")]
    return [path for path in files if path.suffix in {".sql", ".yml", ".csv", ".py", ".md"}]


def reading(text: str) -> list[str]:
    """The lines that read the truth; prose may speak of it."""
    return [line.strip() for line in text.splitlines() if READS.search(line)]


def test_only_the_report_reads_the_truth() -> None:
    found = {}
    for path in product_files():
        name = path.relative_to(ROOT).as_posix()
        lines = reading(path.read_text(encoding="utf-8"))
        if lines and not name.startswith(PROOFS):
            found[name] = lines
    allowed = {name: count for name, (count, _) in MAY_NAME_IT.items()}
    assert {name: len(lines) for name, lines in found.items()} == allowed, found


def test_the_search_knows_every_way_to_read_it() -> None:
    for line in (
        "select * from read_parquet('data/truth/persons.parquet')",
        "select * from truth.persons",
        "{{ source('truth', 'persons') }}",
        "(project.truth / name).read_bytes()",
        'folder = data / "truth"',
        "from truth_accounts",
        "{{ ref('stg_demo__truth') }}",
    ):
        assert reading(line) == [line]
    assert not reading("-- the truth is that nobody knows")


def test_no_source_is_the_truth(manifest: dict) -> None:
    """Nor does dbt make anything of it: models read raw tables and one another."""
    nodes = [*manifest["sources"].values(), *manifest["nodes"].values()]
    assert {node["resource_type"] for node in nodes} >= {"source", "model", "test", "seed"}
    assert not [node["unique_id"] for node in nodes if "truth" in node["unique_id"]]


def test_what_lands_lies_beside_the_truth_and_never_above_it(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path)
    assert project.landing.parent == project.truth.parent == project.data
    assert project.truth.name == "truth" != project.landing.name


def test_every_feed_lands_from_below_its_own_folder() -> None:
    sources = [path.name for path in Project(ROOT, ROOT).staging_models.iterdir() if path.is_dir()]
    delivered = sorted({*sources} - {"contracts"} - WRITTEN_BY_REGULARS)
    feeds = read_feeds(Project(ROOT, ROOT).staging_models, delivered)
    assert len(feeds) > 20
    patterns = [pattern for feed in feeds for pattern in feed.patterns]
    assert not [each for each in patterns if ".." in each or each.startswith("/")]
