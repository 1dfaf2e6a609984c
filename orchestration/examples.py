"""The files of an example, put where a source system would deliver them."""

from __future__ import annotations

import runpy
from dataclasses import replace

from orchestration.landing import claim
from orchestration.progress import Phase, Progress
from orchestration.request import Request


def make_example_files(request: Request, progress: Progress) -> None:
    """Fills the source folders of the request's example.

    Raises `ValueError`, with nothing written, where files of others lie or have landed.
    """
    project, folder = request.project, request.project.example(request.example)
    filled = replace(request, variables={}).sources  # all of the example's, also under --sources
    claim(project.landing, project.raw, filled, folder.name)
    progress(Phase(f"Files of the example {request.example}", "files"))
    runpy.run_path(str(folder / "make_files.py"))["make_files"](project.landing, progress)
