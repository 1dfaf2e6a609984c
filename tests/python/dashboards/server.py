"""A Superset as `make bi` starts it, on a free port, and its API as people use it."""

from __future__ import annotations

import os
import secrets
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from csv import DictReader
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import requests
from conftest import ROOT, lack

PYTHON = ROOT / ".venv-bi" / "bin" / "python"
STARTS_WITHIN_SECONDS = 120


@dataclass
class Visitor:
    """Somebody who has signed in."""

    address: str
    name: str
    password: str
    session: requests.Session = field(default_factory=requests.Session)

    def __post_init__(self) -> None:
        told = {"username": self.name, "password": self.password, "provider": "db"}
        token = self.post("security/login", told).json()["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"
        self.session.headers["Referer"] = self.address
        self.session.headers["X-CSRFToken"] = self.get("security/csrf_token/")["result"]

    def get(self, path: str) -> Any:
        return self.session.get(f"{self.address}/api/v1/{path}", timeout=60).json()

    def post(self, path: str, content: Any) -> requests.Response:
        return self.session.post(f"{self.address}/api/v1/{path}", json=content, timeout=60)

    def put(self, path: str, content: Any) -> None:
        done = self.session.put(f"{self.address}/api/v1/{path}", json=content, timeout=60)
        assert done.status_code == 200, done.text

    def upload(self, path: str, file: Path) -> requests.Response:
        """A bundle, as the page of dashboards sends it."""
        with file.open("rb") as content:
            return self.session.post(
                f"{self.address}/api/v1/{path}",
                files={"formData": (file.name, content, "application/zip")},
                data={"overwrite": "true"},
                timeout=300,
            )

    def charts(self, dashboard: str) -> Mapping[str, int]:
        """The charts of a dashboard, by title."""
        found = self.get(f"dashboard/{dashboard}/charts")["result"]
        return {each["slice_name"]: each["id"] for each in found}

    def data(self, chart: int) -> list[dict]:
        """What a chart answers to whoever asks it without a page."""
        answer = self.get(f"chart/{chart}/data/")
        assert "result" in answer, answer
        return answer["result"][0]["data"]

    def csv(self, chart: int) -> list[dict]:
        """The same as a report attaches it."""
        path = f"chart/{chart}/data/?format=csv&type=post_processed"
        answer = self.session.get(f"{self.address}/api/v1/{path}", timeout=60)
        assert answer.status_code == 200, answer.text
        return list(DictReader(answer.content.decode("utf-8-sig").splitlines()))

    def datasets(self) -> Mapping[str, int]:
        """What they may open, by name, with database where it is not everybody's."""
        answer = self.get("dataset/?q=(page_size:200)")
        return {
            f"{each['database']['database_name']}.{each['table_name']}": each["id"]
            for each in answer["result"]
        }

    def ask(self, dataset: int, metric: str, by: list[str] | None = None) -> requests.Response:
        """A chart of their own: an aggregate in SQL, by columns."""
        label = {"expressionType": "SQL", "sqlExpression": metric, "label": "answer"}
        query = {"columns": by or [], "metrics": [label], "row_limit": 1000}
        content = {
            "datasource": {"id": dataset, "type": "table"},
            "queries": [query],
            "result_format": "json",
            "result_type": "full",
            "force": True,
        }
        return self.post("chart/data", content)

    def answers(self, dataset: int, metric: str, by: list[str] | None = None) -> list[dict]:
        answer = self.ask(dataset, metric, by)
        assert answer.status_code == 200, answer.text
        return answer.json()["result"][0]["data"]


@dataclass(frozen=True)
class Superset:
    """A Superset that runs, and whoever may do everything in it."""

    address: str
    administrator: Visitor

    def visitor(self, name: str, roles: list[str]) -> Visitor:
        """A new user with roles."""
        ids = {
            role["name"]: role["id"]
            for role in self.administrator.get("security/roles/?q=(page_size:100)")["result"]
        }
        password = secrets.token_urlsafe(9)
        made = self.administrator.post(
            "security/users/",
            {
                "username": name,
                "first_name": name,
                "last_name": name,
                "email": f"{name}@localhost",
                "password": password,
                "active": True,
                "roles": [ids[role] for role in roles],
            },
        )
        assert made.status_code == 201, made.text
        return Visitor(self.address, name, password)


@contextmanager
def superset(home: Path, environment: Mapping[str, str]) -> Iterator[Superset]:
    """What `make bi` does, until the test has ended."""
    password = secrets.token_urlsafe(9)
    variables = {
        **environment,
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(ROOT / "bi" / "superset_config.py"),
        "REGULARS_BI_PASSWORD": password,
    }
    write_bundles(home, variables, "--here")
    run(variables, str(PYTHON), "bi/prepare.py", str(home))
    with _served(home, variables, "--config", "bi/gunicorn.conf.py") as address:
        yield Superset(address, Visitor(address, "admin", password))


@contextmanager
def superset_of_somebody(home: Path) -> Iterator[Superset]:
    """A Superset as its own documents set it up, which knows nothing of Regulars."""
    password = secrets.token_urlsafe(9)
    home.mkdir()
    config = home / "superset_config.py"
    config.write_text(
        f"SECRET_KEY = {secrets.token_urlsafe(42)!r}\n"
        f"SQLALCHEMY_DATABASE_URI = 'sqlite:///{home / 'superset.db'}'\n"
    )
    variables = settings(home)
    command = str(PYTHON.with_name("superset"))
    run(variables, command, "db", "upgrade")
    names = ("--username", "ann", "--firstname", "Ann", "--lastname", "Li", "--email", "ann@shop")
    run(variables, command, "fab", "create-admin", *names, "--password", password)
    run(variables, command, "init")
    with _served(home, variables, "--worker-class", "gthread", "--threads", "4") as address:
        yield Superset(address, Visitor(address, "ann", password))


def settings(home: Path) -> Mapping[str, str]:
    """By what somebody's commands know their Superset."""
    return {
        "SUPERSET_HOME": str(home),
        "SUPERSET_CONFIG_PATH": str(home / "superset_config.py"),
        "FLASK_APP": "superset",
    }


def write_bundles(folder: Path, environment: Mapping[str, str], *options: str) -> None:
    """The bundle of a project, and what belongs to its roles."""
    run(environment, sys.executable, "-m", "orchestration.superset", str(folder), *options)


def run(environment: Mapping[str, str], *command: str) -> str:
    """Runs a command that succeeds; returns what it said."""
    if not PYTHON.exists():
        lack("There is no Superset here: `make bi-test` installs it.")
    variables = os.environ | environment
    done = subprocess.run(command, cwd=ROOT, env=variables, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@contextmanager
def _served(home: Path, environment: Mapping[str, str], *options: str) -> Iterator[str]:
    """The address of a Superset that answers."""
    port = _free_port()
    server = subprocess.Popen(
        [
            *(str(PYTHON.with_name("gunicorn")), *options),
            *("--bind", f"127.0.0.1:{port}", "superset.app:create_app()"),
        ],
        cwd=ROOT,
        env=os.environ | environment,
        stdout=(home / "server.log").open("w"),
        stderr=subprocess.STDOUT,
    )
    address = f"http://127.0.0.1:{port}"
    try:
        _wait_for(address, server)
        yield address
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _wait_for(address: str, server: subprocess.Popen) -> None:
    end = time.monotonic() + STARTS_WITHIN_SECONDS
    while time.monotonic() < end and server.poll() is None:
        try:
            if requests.get(f"{address}/health", timeout=5).ok:
                return
        except requests.RequestException:
            time.sleep(0.5)
    raise AssertionError("Superset did not start.")
