"""Servers on this machine that tests send to."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread


@contextmanager
def webhook(
    path: str = "", status: int = 200, statuses: Sequence[int] = ()
) -> Iterator[tuple[str, list[dict]]]:
    """A webhook: its address, and what it was sent. It answers `statuses` first, then `status`."""
    answers = iter(statuses)
    heard: list[dict] = []

    class Hook(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            heard.append(json.loads(body))
            self.send_response(next(answers, status))
            self.end_headers()

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Hook)
    thread = Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}/{path}", heard
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
