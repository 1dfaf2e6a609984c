"""What `regulars fit` writes: a refresh scores with it, and does not fit."""

import dagster as dg

FITTED = [dg.AssetSpec(["parameters", "identity_weights"], group_name="parameters")]
