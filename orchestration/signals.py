"""How a command ends when it is told to: at once, whatever it is doing, and with one sentence.

Nothing has to be put in order. All that is written is written beside its place and renamed, the
operating system releases the lock, and the results of a build that did not end vouch for nothing.
"""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing import connection, parent_process
from threading import Thread, Timer, current_thread, main_thread

from orchestration import spark
from orchestration.progress import say

OBEYED = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def ended_by_signals(command: str) -> Iterator[None]:
    """Meanwhile SIGINT and SIGTERM end this process with 130 or 143.

    Python runs a handler when the main thread next comes to it, which the search for parameters or
    a query may put off for minutes; so a thread waits for the signal's number.
    """
    if current_thread() is not main_thread():  # only there may Python set handlers
        yield
        return
    numbers, written = os.pipe()
    os.set_blocking(written, False)
    former = signal.set_wakeup_fd(written, warn_on_full_buffer=False)
    handlers = {each: signal.signal(each, lambda *_: None) for each in OBEYED}
    Thread(target=_end_when_told, args=(numbers, command), daemon=True).start()
    try:
        yield
    finally:
        for each, handler in handlers.items():
            signal.signal(each, handler)
        signal.set_wakeup_fd(former)
        os.close(written)


def end_with_parent() -> None:
    """Sends SIGTERM to this process when the process that started it through Python is no more."""
    if parent := parent_process():

        def follow() -> None:
            connection.wait([parent.sentinel])
            os.kill(os.getpid(), signal.SIGTERM)

        Thread(target=follow, daemon=True).start()


def end_soon(number: int, seconds: float) -> None:
    """Ends this process after so many seconds, if it has not come to its end before."""
    backstop = Timer(seconds, os._exit, [128 + number])
    backstop.daemon = True
    backstop.start()


def _end_when_told(numbers: int, command: str) -> None:
    told = os.read(numbers, 1)
    while told and told[0] not in OBEYED:
        told = os.read(numbers, 1)
    if told:
        name = signal.Signals(told[0]).name
        sentence = f"Stopped by {name}. What was published stands; `{command}` begins anew."
        say(sentence, err=True)
        spark.kill()
        os._exit(128 + told[0])
    os.close(numbers)
