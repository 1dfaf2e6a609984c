"""A project of one source alone: its staging, the entities it delivers, and nothing else.

dbt takes 20 CPU seconds to parse the whole project; this one has a tenth of its models. It lies
below the data folder with landed rows and a warehouse of its own, so that a check neither waits nor
is waited for, but for its landing once somebody was erased.
"""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import yaml

from orchestration import dbt
from orchestration.erasure.journal import unfinished
from orchestration.erasure.screen import marks_of, screen_of
from orchestration.landing import HashKey, LandingReport, Limits, land, read_feeds
from orchestration.progress import Progress
from orchestration.project import Project
from orchestration.publish.lock import refresh_lock
from orchestration.yaml_file import read_yaml

# Folders that dbt is told of may be links, those below them may not.
LINKED = ("macros", "tests/generic", "models/docs.md")
# What the SQL of models names of others.
READS = re.compile(r"(?:ref|accepted|union_sources)\(\s*'(\w+)'")


def build(project: Project, source: str, progress: Progress) -> tuple[Project, LandingReport]:
    """Lands the files of a source and builds its entities; the project in which that was done.

    Raises `ValueError` for a source that `dbt_project.yml` doesn't name, and when a model can't be
    built.
    """
    delivered = delivered_entities(project, source)
    scratch = _scratch(project, source)
    _lay_out(project, scratch, source, delivered)
    progress(f"Landing {source}")
    limits = Limits.of(project.configuration["vars"].get("landing_limits"))
    with _landing_folder(project):
        landed = land(
            *(read_feeds(scratch.staging_models, [source]), project.landing, scratch.raw),
            *(datetime.now(UTC), progress, limits, screen_of(project, [source], limits)),
            HashKey.from_environment(),
        )
    progress(f"Building {source} and its entities")
    session = dbt.Session(scratch, {}, scratch.target)
    words = (*dbt.BUILD, "--exclude-resource-type", "test")
    try:
        failed = [node for node in session.run(words) if node.status in ("error", "fail")]
    except dbt.DbtBroke as error:
        raise ValueError(str(error)) from error
    if failed:
        raise ValueError("\n".join(_why(scratch, node) for node in failed))
    return scratch, landed


@contextmanager
def _landing_folder(project: Project) -> Iterator[None]:
    """Once somebody was erased, their rows are taken out of what is delivered again: then nobody
    else may be at the landing folder."""
    if not marks_of(project):
        yield
        return
    with refresh_lock(project.data, "regulars check"):
        if reason := unfinished(project):
            raise ValueError(reason)
        yield


def delivered_entities(project: Project, source: str) -> list[str]:
    """What a source is in use for; `ValueError` for one that `dbt_project.yml` doesn't name."""
    sources: Mapping[str, list[str]] = project.configuration["vars"]["sources"] or {}
    if source not in sources:
        raise ValueError(
            f"The variable `sources` of dbt_project.yml does not name '{source}': it has "
            f"{', '.join(sources)}. `regulars new-source {source} FILE…` writes a source."
        )
    return sources[source]


def _scratch(project: Project, source: str) -> Project:
    root = project.data / "check" / source
    return replace(project, root=root, data=root / "data", engine="duckdb")


def _lay_out(project: Project, scratch: Project, source: str, delivered: Iterable[str]) -> None:
    """Links what the source needs of the project, and writes what is cut to it."""
    for folder in ("models", "seeds", "tests", "macros"):
        path = scratch.root / folder
        path.unlink() if path.is_symlink() else shutil.rmtree(path, ignore_errors=True)
    staged = (project.staging_models / each for each in (source, "landing"))
    files = (path for folder in staged for path in folder.iterdir() if path.is_file())
    for path in (*(project.root / name for name in LINKED), *files):
        _link(path, scratch.root / path.relative_to(project.root))
    entities = list(dict.fromkeys(each.split("__")[0] for each in delivered))
    seeds = set()
    for path in _needed(project.root, entities):
        if path.suffix == ".csv":
            seeds.add(path.stem)
            _link(path, scratch.root / "seeds" / path.name)
        else:
            _link(path, scratch.root / path.relative_to(project.root))
    folders = {path.parent for path in (scratch.root / "models" / "entities").rglob("*.sql")}
    for folder in folders:
        described = project.root / folder.relative_to(scratch.root) / f"{folder.name}.yml"
        built = {path.stem for path in folder.glob("*.sql")}
        _write(folder / described.name, {"models": _only(described, "models", built)})
    _write(
        scratch.root / "seeds" / "_seeds.yml",
        {"seeds": _only(project.root / "seeds" / "_seeds.yml", "seeds", seeds)},
    )
    configuration = project.configuration
    configuration["vars"] |= {"sources": {source: list(delivered)}, "entities": entities}
    _write(scratch.root / "dbt_project.yml", configuration)


def _needed(root: Path, entities: Iterable[str]) -> list[Path]:
    """The models that say what becomes of each row of these entities, and all that they read."""
    known = {path.stem: path for path in (root / "models" / "entities").rglob("*.sql")}
    known |= {path.stem: path for path in (root / "seeds").glob("*.csv")}
    waiting, found = [f"int_{entity}_validated" for entity in entities], {}
    while waiting:
        path = known.get(waiting.pop())
        if path is None or path.stem in found:
            continue
        found[path.stem] = path
        text = path.read_text(encoding="utf-8") if path.suffix == ".sql" else ""
        for name in READS.findall(text):
            waiting += [name, f"int_{name}_validated"]
        if "union_sources(" in text:
            waiting.append("int_current_deliveries")
    return list(found.values())


def _only(path: Path, key: str, names: set[str]) -> list[dict[str, Any]]:
    """What a YAML says of these, without their tests, which take longer to parse than to pass."""
    described = read_yaml(path)[key]
    return [
        {name: value for name, value in each.items() if name != "data_tests"}
        for each in described
        if each["name"] in names
    ]


def _link(target: Path, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(os.path.relpath(target.resolve(), path.parent.resolve()))


def _write(path: Path, content: object) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True, sort_keys=False), encoding="utf-8")


def _why(scratch: Project, node: dbt.Node) -> str:
    """What dbt has to say of a model that failed."""
    from orchestration.artifacts import Artifacts

    result = Artifacts.read(scratch.target).results.get(node.unique_id, {})
    return f"{node.name}: {' '.join(str(result.get('message') or node.status).split())}"
