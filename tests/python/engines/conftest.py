"""The engines that the tests of this folder run on, one after the other."""

from __future__ import annotations

import pytest
from conftest import lack

from orchestration.spark import missing


@pytest.fixture(scope="session")
def spark() -> str:
    """The target spark; a machine without it skips the test with the reason, and CI fails."""
    if reason := missing():
        lack(reason)
    return "spark"


@pytest.fixture(scope="module", params=["duckdb", "spark"])
def engine(request: pytest.FixtureRequest) -> str:
    """Each target of profiles.yml."""
    return request.getfixturevalue("spark") if request.param == "spark" else request.param
