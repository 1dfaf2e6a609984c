"""A run whose machine went down is ended when Dagster begins again: none could get past it."""

from __future__ import annotations

import json
import socket
import tempfile
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import dagster as dg
import pytest

from orchestration.orphans import SERVER, end_orphans

STATUS = dg.DagsterRunStatus


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as instance:
        yield instance


@pytest.fixture
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory() as folder:  # a socket's path has a hundred letters at most
        yield Path(folder)


def launched(instance: dg.DagsterInstance, status: dg.DagsterRunStatus, **server: object) -> str:
    tags = {SERVER: json.dumps({"host": "localhost", **server})} if server else {}
    run = dg.DagsterRun("refresh", status=status, tags=tags)
    return instance.add_run(run).run_id


def status_of(instance: dg.DagsterInstance, run: str) -> dg.DagsterRunStatus:
    return instance.get_run_by_id(run).status


@pytest.mark.parametrize(
    ("status", "ended"),
    [
        (STATUS.STARTING, STATUS.FAILURE),
        (STATUS.STARTED, STATUS.FAILURE),
        (STATUS.CANCELING, STATUS.CANCELED),
    ],
)
def test_a_run_whose_server_is_gone_is_ended(instance, folder, status, ended):
    run = launched(instance, status, socket=str(folder / "gone"))
    assert end_orphans(instance) == [run]
    assert status_of(instance, run) == ended


def test_a_server_that_was_killed_leaves_its_socket_and_answers_no_more(instance, folder):
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(folder / "left"))
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = server.getsockname()[1]
    runs = {
        launched(instance, STATUS.STARTED, socket=str(folder / "left")),
        launched(instance, STATUS.STARTED, port=port),
    }
    assert set(end_orphans(instance)) == runs


def test_what_runs_elsewhere_or_has_ended_stays(instance, folder):
    """Of another `make dev` on this machine, or of no server: `dagster job execute`."""
    with closing(socket.socket(socket.AF_UNIX)) as server:
        server.bind(str(folder / "alive"))
        server.listen()
        runs = {
            launched(instance, STATUS.STARTED, socket=str(folder / "alive")): STATUS.STARTED,
            launched(instance, STATUS.STARTED): STATUS.STARTED,
            launched(instance, STATUS.SUCCESS, socket="/gone"): STATUS.SUCCESS,
        }
        assert end_orphans(instance) == []
    assert {run: status_of(instance, run) for run in runs} == runs


def test_the_tag_is_dagsters():
    from dagster._core.storage.tags import GRPC_INFO_TAG

    assert GRPC_INFO_TAG == SERVER
