"""The engines that the tests of this folder run on, one after the other."""

from __future__ import annotations

import os

import pytest

from orchestration.spark import missing


@pytest.fixture(scope="session")
def spark() -> str:
    """The target spark; a machine without it skips the test with the reason, and CI fails."""
    if reason := missing():
        (pytest.fail if os.environ.get("CI") == "true" else pytest.skip)(reason)
    return "spark"


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each target of profiles.yml."""
    return request.getfixturevalue("spark") if request.param == "spark" else request.param
