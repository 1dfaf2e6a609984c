"""Questions put to `regulars mcp` by the client of the official SDK, as programs put them."""

from __future__ import annotations

import json
import socket
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from anyio.from_thread import start_blocking_portal
from conftest import BIN, ROOT, Shop, lack


@dataclass(frozen=True)
class Told:
    """What came of a call: the answer, or the sentence that says why there is none."""

    answer: dict[str, Any] | None
    text: str

    @property
    def data(self) -> dict[str, Any]:
        assert self.answer is not None, self.text
        return self.answer["data"]

    @property
    def refusal(self) -> str:
        assert self.answer is None, self.text
        return self.text


def need_the_sdk() -> None:
    if find_spec("mcp") is None:
        lack("mcp is missing: `make test` installs it")


Ask = Callable[..., Told]


@contextmanager
def asking(server: Any) -> Iterator[Ask]:
    """Asks a server, a command for stdio, an address, or one in this process, as
    `ask("query", sql="…")`."""
    from mcp import Client

    with (
        start_blocking_portal() as portal,
        portal.wrap_async_context_manager(Client(server, read_timeout_seconds=60)) as client,
    ):

        def ask(tool: str, **asked: Any) -> Told:
            return _told(portal.call(partial(client.call_tool, tool, asked)))

        yield ask


def command(shop: Shop, *options: str, **environment: str) -> Any:
    """The server over stdio, as a program would start it."""
    from mcp.client.stdio import StdioServerParameters

    return StdioServerParameters(
        command=str(BIN / "regulars"),
        args=["mcp", *options],
        env=shop.environment | environment,
        cwd=ROOT,
    )


def _told(result: Any) -> Told:
    [content] = result.content
    if result.is_error:
        return Told(None, content.text)
    # Programs that know no structured answers read the same as text.
    assert json.loads(content.text) == result.structured_content
    return Told(result.structured_content, content.text)


def here(shop: Shop, **limits: float) -> Any:
    """The server within this process."""
    from orchestration.ask.limits import Limits
    from orchestration.ask.published import Published
    from orchestration.ask.server import server
    from orchestration.ask.tools import Tools

    return server(Tools(Published(shop.current), ROOT, Limits(**limits)))


@contextmanager
def over_http(shop: Shop, log: Path) -> Iterator[int]:
    """A server on a free port of this machine, while it is needed."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    with log.open("w") as written:
        process = subprocess.Popen(
            [str(BIN / "regulars"), "mcp", "--http", "--port", str(port)],
            cwd=ROOT,
            env=shop.environment,
            stdout=written,
            stderr=written,
        )
    try:
        _wait_for(port, process, log)
        yield port
    finally:
        process.terminate()
        process.wait(timeout=30)


def _wait_for(port: int, process: subprocess.Popen, log: Path) -> None:
    for _ in range(600):
        assert process.poll() is None, log.read_text()
        with socket.socket() as tried:
            if tried.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.05)
    raise AssertionError(log.read_text())
