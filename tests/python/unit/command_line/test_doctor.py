"""What the doctor finds, and what there is to do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from orchestration import doctor
from orchestration.doctor import Finding, java_version, other_versions
from orchestration.project import Project
from orchestration.publish.generations import Generation


@pytest.fixture
def project(tmp_path: Path) -> Project:
    return Project(tmp_path, tmp_path / "data")


def test_a_finding_says_what_to_do_on_a_line_of_its_own():
    assert str(Finding("Disk", "9 GB free")) == "Disk: 9 GB free"
    assert str(Finding("Disk", "none", "Make room.")) == "Disk: none\n  Make room."
    assert not Finding("Disk", "none", "Make room.").is_fine


@pytest.mark.parametrize(
    "line, version",
    [
        ('openjdk version "17.0.15" 2025-04-15', 17),
        ('java version "1.8.0_411"', 8),
        ('openjdk version "25" 2025-09-16', 25),
        ("no version at all", None),
    ],
)
def test_the_version_of_java_is_read(line, version):
    assert java_version(line) == version


def test_a_java_that_is_too_old_for_spark_is_told(tmp_path, monkeypatch):
    java = tmp_path / "bin" / "java"
    java.parent.mkdir()
    java.write_text("#!/bin/sh\necho 'java version \"1.8.0_411\"' >&2\n")
    java.chmod(0o755)
    monkeypatch.setenv("JAVA_HOME", str(tmp_path))
    assert "needs Java 17" in doctor._java().advice
    monkeypatch.setenv("JAVA_HOME", str(tmp_path / "nowhere"))
    assert doctor._java().is_fine


def test_packages_that_are_others_than_the_locked_ones_are_named(tmp_path):
    lock = tmp_path / "requirements.lock"
    lock.write_text(
        "click==0.0.1 \\\n    --hash=sha256:aa\nno-such-package[x]==2.0 \\\n    --hash=sha256:bb\n"
        "only-on-windows==1.0 ; sys_platform == 'win32' \\\n    --hash=sha256:cc\n"
    )
    [click, missing] = other_versions(lock)
    assert click.startswith("click ") and click.endswith("(locked: 0.0.1)")
    assert missing == "no-such-package missing (locked: 2.0)"
    assert other_versions(tmp_path / "none.lock") == []


def test_a_clock_that_ran_back_is_told():
    seen = datetime.now(UTC) + timedelta(days=2)
    generation = Generation("000001-aaaaaaaa", date(2026, 7, 1), seen, True)
    [clock] = doctor._clock([generation])
    assert "later than now: set the clock" in clock.advice
    assert all(each.is_fine for each in doctor._clock([]))


def test_too_little_room_is_told(project, monkeypatch):
    project.data.mkdir()
    assert doctor._disk(project).is_fine
    monkeypatch.setattr(doctor, "LEAST_ROOM", float("inf"))
    assert "make room" in doctor._disk(project).advice


def test_what_others_can_look_into_is_told(project):
    project.raw.mkdir(parents=True)
    project.raw.chmod(0o700)
    assert [str(each) for each in doctor._permissions(project)] == [
        "Permissions: yours to write, and private"
    ]
    project.raw.chmod(0o755)
    [told] = doctor._permissions(project)
    assert "others can look into raw" in told.found


def test_a_folder_of_somebody_else_is_told(project, monkeypatch):
    """Root may write everywhere, hence not tried on a folder."""
    monkeypatch.setattr(doctor.os, "access", lambda path, mode: False)
    [told] = doctor._permissions(project)
    assert "can't be written by you" in told.found


def test_what_can_not_be_read_is_told_and_no_traceback(project, monkeypatch):
    def refuse(folder: Path) -> None:
        raise PermissionError(13, "Permission denied", f"{folder}/current")

    monkeypatch.setattr(doctor, "generations", refuse)
    *_, told = doctor.findings(project)
    assert told.found == f"{project.published}/current can't be read by you"


def test_what_is_published_and_damaged_is_told_after_all_else(project, monkeypatch):
    def refuse(folder: Path) -> None:
        raise duckdb.InvalidInputException("No magic bytes found at end of file 'x'\nadvice")

    monkeypatch.setattr(doctor, "generations", refuse)
    *others, told = doctor.findings(project)
    assert "Versions" in {each.subject for each in others}
    assert told.found.endswith("No magic bytes found at end of file 'x'")
    assert "regulars run --force" in told.advice


def test_without_any_chinese_font_there_is_one_to_install(monkeypatch, tmp_path):
    monkeypatch.setattr(doctor.shutil, "which", lambda name, path=None: None)
    monkeypatch.setattr(doctor, "FONTS", (str(tmp_path),))
    assert "fonts-noto-cjk" in doctor._fonts().advice
    (tmp_path / "noto").mkdir()
    (tmp_path / "noto" / "NotoSansCJK-Regular.ttc").touch()
    assert doctor._fonts().found == "Chinese by NotoSansCJK-Regular"
