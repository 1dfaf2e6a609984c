"""One refresh at a time."""

from __future__ import annotations

import os
import threading

import pytest

from orchestration.publish.lock import RefreshRunning, lock_holder, refresh_lock


def test_the_second_is_refused_and_told_who_is_first(tmp_path):
    with refresh_lock(tmp_path, "regulars run"):
        expected = rf"`regulars run`, process {os.getpid()}, since 20\d\d-.*: wait for it to end"
        with pytest.raises(RefreshRunning, match=expected), refresh_lock(tmp_path, "regulars fit"):
            pass


def test_the_lock_is_free_again_whatever_happened(tmp_path):
    with pytest.raises(ZeroDivisionError), refresh_lock(tmp_path, "regulars run"):
        raise ZeroDivisionError
    with refresh_lock(tmp_path, "regulars run"):
        pass


def test_a_patient_refresh_waits_for_its_turn(tmp_path):
    first_has_it, first_may_end = threading.Event(), threading.Event()

    def first() -> None:
        with refresh_lock(tmp_path, "first"):
            first_has_it.set()
            first_may_end.wait()

    thread = threading.Thread(target=first)
    thread.start()
    first_has_it.wait()
    threading.Timer(0.2, first_may_end.set).start()
    with refresh_lock(tmp_path, "second", wait_seconds=30):
        assert "`second`" in lock_holder(tmp_path)
    thread.join()


def test_who_holds_the_lock_is_told_only_while_it_is_held(tmp_path):
    assert lock_holder(tmp_path) is None
    with refresh_lock(tmp_path, "regulars run"):
        assert f"`regulars run`, process {os.getpid()}" in lock_holder(tmp_path)
    assert lock_holder(tmp_path) is None
