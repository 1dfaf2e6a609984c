"""A PostgreSQL server for tests, as Debian installs it: a folder of its own, a socket in it."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

SERVER = "initdb"


def programs() -> Path | None:
    """The folder of the newest server's programs, None where there is none."""
    found = sorted(
        Path("/usr/lib/postgresql").glob(f"*/bin/{SERVER}"), key=lambda p: float(p.parts[-3])
    )
    on_path = shutil.which(SERVER)
    return found[-1].parent if found else Path(on_path).parent if on_path else None


@contextmanager
def server(programs: Path) -> Iterator[Path]:
    """A running server, whose database and superuser are `regulars`; the folder of its socket.

    It refuses to run as root, and is then run as Debian's user `postgres`.
    """
    home = Path(tempfile.mkdtemp(prefix="pg"))  # a socket's path has a hundred letters at most
    as_user = {}
    if os.geteuid() == 0:
        user = pwd.getpwnam("postgres")
        os.chown(home, user.pw_uid, user.pw_gid)
        as_user = {"user": user.pw_uid, "group": user.pw_gid}

    def run(program: str, *words: str) -> None:
        done = subprocess.run(
            [programs / program, *words], capture_output=True, text=True, cwd=home, **as_user
        )
        assert done.returncode == 0, done.stdout + done.stderr

    data = str(home / "data")
    try:
        run(
            "initdb",
            "-D",
            data,
            "-U",
            "regulars",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--locale=C",
            "--no-sync",
        )
        options = f"-k {home} -c listen_addresses= -c fsync=off"
        run("pg_ctl", "-D", data, "-w", "-l", str(home / "log"), "-o", options, "start")
        try:
            run("createdb", "-h", str(home), "-U", "regulars", "regulars")
            yield home
        finally:
            run("pg_ctl", "-D", data, "-m", "immediate", "stop")
    finally:
        shutil.rmtree(home, ignore_errors=True)
