"""The report, served to the browser of this machine: a page of Dagster can't link to a file."""

from __future__ import annotations

import io
import os
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import BinaryIO

from orchestration.project import Project

# Where the report is to be seen, by whoever serves it.
VARIABLE = "REGULARS_REPORT_URL"
NAMES = ("127.0.0.1", "localhost")


def report_url(project: Project) -> str:
    """Where a browser finds the report: as the environment says, else as a file."""
    return os.environ.get(VARIABLE) or project.report.resolve().as_uri()


class _Quiet(SimpleHTTPRequestHandler):
    """Serves files, lists no folder, and fills no log.

    It answers to the names of this machine alone: a page from elsewhere whose own name leads here
    could read the report in somebody's browser.
    """

    def send_head(self) -> io.BytesIO | BinaryIO | None:
        if self.headers.get("Host", "").partition(":")[0] in NAMES:
            return super().send_head()
        self.send_error(421)
        return None

    def log_message(self, format: str, *args: object) -> None:
        pass

    def list_directory(self, path: object) -> None:
        self.send_error(404)


def serve(folder: Path, port: int) -> ThreadingHTTPServer:
    """Serves the files of a folder on 127.0.0.1 for as long as this process lives."""
    handler = partial(_Quiet, directory=str(folder))
    server = ThreadingHTTPServer(("127.0.0.1", port), handler)
    Thread(target=server.serve_forever, name="report", daemon=True).start()
    return server
