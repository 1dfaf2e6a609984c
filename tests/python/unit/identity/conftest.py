"""The models of identity as dbt compiles them, once for all tests of this folder."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from conftest import Shop

MODELS = (
    *("int_account_features", "int_account_blocks", "int_identity_candidate_pairs"),
    *("int_identity_comparisons", "int_identity_predictions", "int_identity_judgements"),
    *("int_account_clusters", "int_account_customers", "customer_id_changes"),
)


@pytest.fixture(scope="session")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The query of each model, by its name."""
    folder = tmp_path_factory.mktemp("compiled")
    done = Shop(folder).command(
        *("dbt", "compile", "--quiet", "--select", *MODELS),
        *("--target-path", str(folder), "--log-path", str(folder)),
    )
    assert done.returncode == 0, done.stdout
    return {path.stem: path.read_text() for path in folder.glob("compiled/**/*.sql")}
