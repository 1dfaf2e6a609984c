"""How a command ends: alone while it writes, and with a sentence and an exit code if it can't."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from errno import EACCES, EDQUOT, ENOSPC, EPERM, EROFS

from orchestration.failures import RefreshFailed, says_no_room
from orchestration.privacy.files import kept_private
from orchestration.progress import say, state
from orchestration.project import Project
from orchestration.publish.lock import RefreshRunning, refresh_lock
from orchestration.signals import ended_by_signals

NOTHING = "Nothing was published; readers keep what they had:"
MEND = (
    "check the disk; if the warehouse is damaged, run `regulars run --full-refresh`, and if what "
    "is published is, `regulars rollback`."
)
ANOTHER = "what is read is not whole, or another version has made it; `regulars run` makes it anew."
CLOSE = "another program has the warehouse open; close it, then try again."
DENIED = "correct its permissions, or run as its owner; `regulars doctor` says more."
FULL = "make room, or move REGULARS_DATA to a disk that has it; `regulars doctor` says how much."
READ_ONLY = "mount its disk for writing, or set REGULARS_DATA to a folder of another one."
# What to do about a refusal of the operating system.
CURES = {EACCES: DENIED, EPERM: DENIED, ENOSPC: FULL, EDQUOT: FULL, EROFS: READ_ONLY}
# sysexits.h: a temporary failure, the caller may try again.
EX_TEMPFAIL = 75


@contextmanager
def alone(project: Project, command: str) -> Iterator[None]:
    """Holds the refresh lock, obeys signals, keeps what it writes from other users, and makes
    sentences and exit codes of failures."""
    with (
        in_sentences(),
        refresh_lock(project.data, command),
        ended_by_signals(command),
        kept_private(project.data),
    ):
        project.remove_standing()  # of a build that was killed
        yield


@contextmanager
def reading(project: Project, command: str) -> Iterator[Project]:
    """The project as it can be read now, for what changes nothing: it waits for no refresh, and no
    refresh waits for it. Failures end it like any other command."""
    with in_sentences(), ended_by_signals(command):
        from orchestration.standing import readable

        yield readable(project)


@contextmanager
def in_sentences() -> Iterator[None]:
    """Makes sentences and exit codes of failures; alone for what takes no lock and ends soon."""
    try:
        yield
    except RefreshRunning as error:
        say(str(error), err=True)
        sys.exit(EX_TEMPFAIL)
    except RefreshFailed as error:
        state(reasons=error.reasons)
        say("\n".join(lines_of(error)), err=True)
        for remark in error.remarks:
            say(remark, err=True)
        sys.exit(1)
    except Exception as error:
        sentence = sentence_of(error)
        if sentence is None:
            raise
        say(sentence, err=True)
        sys.exit(1)


def lines_of(failed: RefreshFailed) -> list[str]:
    """What a person is told of a refresh that has published nothing."""
    lines = [NOTHING, *(f"  - {reason}" for reason in failed.reasons)]
    return (
        [*lines, f"The disk is full: {FULL}"] if any(map(says_no_room, failed.reasons)) else lines
    )


def sentence_of(error: Exception) -> str | None:
    """What a person is told of a failure that can be told in a sentence; None of a defect."""
    import duckdb

    from orchestration.artifacts import NoArtifacts
    from orchestration.duck import IS_NOT_THERE, first_line, is_open_elsewhere
    from orchestration.fit.store import TooFew
    from orchestration.publish.marts import PublicationError

    if isinstance(error, RefreshFailed):
        return "\n".join(lines_of(error))
    if isinstance(error, RefreshRunning):
        return str(error)
    if isinstance(error, IS_NOT_THERE):
        return f"{first_line(error)}: {ANOTHER}"
    if isinstance(error, duckdb.Error):
        full = FULL if says_no_room(str(error)) else MEND
        return f"{first_line(error)}: {CLOSE if is_open_elsewhere(error) else full}"
    if isinstance(error, OSError) and error.errno:
        return _of_the_system(error)
    plain = PublicationError | NoArtifacts | TooFew | ModuleNotFoundError | ValueError | OSError
    return str(error) if isinstance(error, plain) else None


def _of_the_system(error: OSError) -> str:
    """What the operating system refused, of which file, and what to do where that is known."""
    what = ": ".join(str(each) for each in (error.filename, error.strerror) if each)
    return f"{what}: {CURES[error.errno]}" if error.errno in CURES else f"{what}."
