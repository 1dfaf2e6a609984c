"""What holds a refresh up: known once landing has ended, before anything is built."""

from __future__ import annotations

from orchestration.erasure.journal import unfinished
from orchestration.failures import RefreshFailed
from orchestration.landing.ledger import Ledger
from orchestration.landing.report import held_together
from orchestration.request import Request


def refuse_held_files(request: Request) -> None:
    """Raises `RefreshFailed` while files wait that can't be loaded, in the lander's words, or while
    an erasure has not ended."""
    if reason := unfinished(request.project):
        raise RefreshFailed([reason])
    path = request.project.ledger
    held = Ledger(path).held_files(request.sources) if path.exists() else []
    if held:
        raise RefreshFailed(
            held_together((f"{e.source}__{e.feed}", e.file, e.reason) for e in held)
        )
