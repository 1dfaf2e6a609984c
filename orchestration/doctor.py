"""What a person needs to know when something is odd: what is here, what is wrong, what to do."""

from __future__ import annotations

import os
import platform
import re
import shutil
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import duckdb

from orchestration import spark
from orchestration.duck import first_line
from orchestration.landing.keyed import VARIABLE, HashKey
from orchestration.project import ROOT, Project
from orchestration.publish.generations import Generation, generations
from orchestration.publish.lock import lock_holder

PACKAGES = ("regulars", "dbt-core", "dbt-duckdb", "duckdb", "dagster", "dagster-dbt")
# Spark 4 needs this version of Java, or a later one.
JAVA = 17
# A build may spill, and may need room for a second copy of the warehouse, a publication for one
# more generation.
LEAST_ROOM = 1e9
# Where fonts lie of which some are Chinese, for machines without fontconfig.
FONTS = ("/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "~/.fonts")
CHINESE = re.compile(r"cjk|wqy|wenquanyi|pingfang|heiti|songti|simhei|simsun|yahei", re.I)
# What is private must be its owner's alone.
OTHERS = 0o077


@dataclass(frozen=True)
class Finding:
    """What was found of a subject; `advice` says what to do, and is None where all is well."""

    subject: str
    found: str
    advice: str | None = None

    @property
    def is_fine(self) -> bool:
        return self.advice is None

    def __str__(self) -> str:
        found = f"{self.subject}: {self.found}"
        return found if self.is_fine else f"{found}\n  {self.advice}"


def findings(project: Project) -> Iterator[Finding]:
    """One finding a subject, or some; the first word on it is what is here.

    They end where what lies there can't be read.
    """
    try:
        yield from _findings(project)
    except PermissionError as error:
        yield Finding(
            "Permissions",
            f"{error.filename} can't be read by you",
            "Run as its owner, or correct its permissions.",
        )
    except duckdb.Error as error:
        yield Finding(
            "Published",
            f"what readers see can't be read: {first_line(error)}",
            "Check the disk; `regulars run --force` publishes anew.",
        )


def _findings(project: Project) -> Iterator[Finding]:
    yield from _versions()
    yield Finding("Spark", spark.missing() or "ready")
    yield _java()
    yield Finding("Project", str(project.root))
    yield Finding("Data (REGULARS_DATA)", str(project.data))
    holder = lock_holder(project.data)
    yield Finding("Lock", f"held by {holder}" if holder else "free")
    yield _hash_key()
    yield _disk(project)
    yield from _permissions(project)
    listed = generations(project.published)
    yield from _clock(listed)
    yield _fonts()
    yield from _stages(project, listed)


def _versions() -> Iterator[Finding]:
    versions = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    yield Finding("Versions", f"Python {platform.python_version()}, {versions}")
    if others := other_versions(ROOT / "requirements.lock"):
        named = ", ".join(others[:5]) + (f" and {len(others) - 5} more" if others[5:] else "")
        yield Finding(
            "Locked versions",
            f"not those installed: {named}",
            "`make run` installs those that the tests have seen.",
        )


def other_versions(lock: Path) -> list[str]:
    """Packages that are installed in another version than the lock says, or not at all."""
    if not lock.exists():
        return []
    pins = re.findall(r"^([\w.-]+)(?:\[[^]]*\])?==(\S+?)(\s*;.*?)?\s*\\?$", lock.read_text(), re.M)
    return [
        f"{name} {_installed(name) or 'missing'} (locked: {pinned})"
        for name, pinned, only_where in pins
        if not only_where and _installed(name) != pinned
    ]


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def _java() -> Finding:
    """Only Spark needs one, so that a machine without is in order."""
    home = os.environ.get("JAVA_HOME")
    java = shutil.which("java", path=f"{home}/bin" if home else None)
    if not java:
        return Finding("Java", "none; only --target spark needs it")
    told = subprocess.run([java, "-version"], capture_output=True, text=True, timeout=60)
    line = (told.stderr or told.stdout).partition("\n")[0]
    found = java_version(line)
    if found is None or found < JAVA:
        return Finding(
            "Java", line or java, f"Spark needs Java {JAVA} or later: install one, set JAVA_HOME."
        )
    return Finding("Java", line)


def java_version(line: str) -> int | None:
    """The version in the first line of `java -version`; 1.8 is 8."""
    found = re.search(r'"(?:1\.)?(\d+)', line)
    return int(found[1]) if found else None


def _hash_key() -> Finding:
    """Which key is in use, or what is wrong with it."""
    subject = f"Hash key ({VARIABLE})"
    try:
        key = HashKey.from_environment()
    except ValueError as error:
        return Finding(subject, "can't be used", str(error))
    return Finding(subject, key.id if key else "none, so keyed columns land as they are")


def _disk(project: Project) -> Finding:
    # Readers may have a disk of their own.
    places = map(_there, (project.data, project.published))
    free = min(shutil.disk_usage(place).free for place in places)
    size = project.warehouse.stat().st_size if project.warehouse.exists() else 0
    found = f"{free / 1e9:,.1f} GB free"
    if free < max(2 * size, LEAST_ROOM):
        return Finding(
            "Disk",
            found,
            "A refresh may need twice the warehouse's size: make room, or move REGULARS_DATA.",
        )
    return Finding("Disk", found)


def _permissions(project: Project) -> Iterator[Finding]:
    """Whoever refreshes must own what he writes, and nobody else may read what is private."""
    folder = _there(project.data)
    if not os.access(folder, os.W_OK | os.X_OK):
        yield Finding(
            "Permissions",
            f"{folder} can't be written by you",
            "Run as its owner, or set REGULARS_DATA to a folder of your own.",
        )
        return
    private = (project.warehouse, project.raw, project.landing, project.target, project.exports)
    present = [path for path in private if path.exists()]
    if others := [path.name for path in present if path.stat().st_uid != os.geteuid()]:
        yield Finding(
            "Permissions",
            f"{', '.join(others)} in {project.data} belong to another user",
            f"Run as that user, or `chown -R` what is yours: {project.data}.",
        )
    open_ = [path.name for path in present if path.stat().st_mode & OTHERS]
    if open_ := [name for name in open_ if name != project.landing.name]:
        yield Finding(
            "Permissions",
            f"others can look into {', '.join(open_)}, which tell of persons",
            f"The next command that writes closes them; `chmod -R go= {project.data}/…` does now.",
        )
    if not others and not open_:
        yield Finding("Permissions", "yours to write, and private")


def _clock(listed: list[Generation]) -> Iterator[Finding]:
    """Generations and landed rows are told apart by their instants: time must not run back."""
    now = datetime.now(UTC)
    try:
        zone = f"{datetime.now(ZoneInfo('Asia/Shanghai')):%H:%M} in Asia/Shanghai"
    except ZoneInfoNotFoundError:
        yield Finding(
            "Time zones", "there are none", "Install the package tzdata: `make run` does."
        )
        zone = f"local zone {time.tzname[0]}"
    advice = None
    if listed and listed[0].published_at > now:
        advice = (
            f"What readers see was published at {listed[0].published_at:%Y-%m-%d %H:%M} UTC, later "
            "than now: set the clock (NTP) before the next refresh."
        )
    yield Finding("Clock", f"{now:%Y-%m-%d %H:%M} UTC, {zone}", advice)


def _fonts() -> Finding:
    """The report brings none: who looks at it, or makes pictures of it, needs one with Chinese."""
    font = _chinese_font()
    if font:
        return Finding("Fonts", f"Chinese by {font}")
    return Finding(
        "Fonts",
        "none with Chinese on this machine",
        "Where the report is looked at here, install one, such as Debian's fonts-noto-cjk.",
    )


def _chinese_font() -> str | None:
    if shutil.which("fc-list"):
        listed = subprocess.run(
            ["fc-list", ":lang=zh", "family"], capture_output=True, text=True, timeout=60
        )
        return next((line.partition(",")[0] for line in listed.stdout.splitlines() if line), None)
    folders = (Path(folder).expanduser() for folder in FONTS)
    files = (path for folder in folders if folder.exists() for path in folder.rglob("*.[ot]t[cf]"))
    return next((path.stem for path in files if CHINESE.search(path.name)), None)


def _stages(project: Project, listed: list[Generation]) -> Iterator[Finding]:
    if not project.landing.exists():
        yield Finding(
            "Landing",
            f"{project.landing} is missing",
            "Put files there, or try `make run`, which makes a demo world.",
        )
    if not project.warehouse.exists():
        yield Finding("Warehouse", "not built yet; run `regulars run`.")
    if not listed:
        yield Finding("Published", "nothing yet.")
    for generation in listed:
        mark = " (current)" if generation.is_current else ""
        yield Finding(
            "Published",
            f"{generation.id} as of {generation.as_of_date}, "
            f"{generation.published_at:%Y-%m-%d %H:%M} UTC{mark}",
        )


def _there(folder: Path) -> Path:
    """The folder, or the next above it that is there."""
    return next(path for path in (folder, *folder.parents) if path.exists())
