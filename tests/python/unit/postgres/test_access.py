"""Roles stay apart in PostgreSQL, which drops the ends of long names."""

from __future__ import annotations

import pytest

from orchestration.postgres.access import LONGEST, group, known_by, refuse_long_names
from orchestration.publish.marts import PublicationError


def test_a_role_whose_name_postgresql_would_cut_is_refused() -> None:
    """Of 60 letters two names may be alike in the 54 that a group keeps."""
    for role in ("w" * 39, "w" * 60 + "1", "华" * 13):
        with pytest.raises(PublicationError, match="of 38 letters at most"):
            refuse_long_names(["west", role])


def test_the_longest_names_are_whole_names_of_groups_and_functions() -> None:
    longest = ["w" * 38, "华" * 12]
    refuse_long_names(longest)
    for role in longest:
        assert len(group(role).encode()) <= LONGEST
        assert len(known_by("customer_id", role).encode()) <= LONGEST
