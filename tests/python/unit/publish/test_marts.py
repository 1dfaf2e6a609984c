"""The marts and their keys come from the manifest, so that no list of names is kept in Python."""

from __future__ import annotations

import json

import pytest

from orchestration.publish.marts import Mart, PublicationError, marts_of


@pytest.fixture
def manifest(good_target):
    return json.loads((good_target / "manifest.json").read_text())


def test_marts_have_the_key_that_is_tested_and_their_descriptions(manifest):
    customers, mails, visits = marts_of(manifest)
    assert customers == Mart(
        name="customers",
        key=["customer_id"],
        description="Who buys. One row per customer.",
        column_descriptions={"customer_id": "The person's number.", "visit_count": ""},
    )
    assert (mails.name, mails.key) == ("mails", ["mail_id"])
    assert (visits.name, visits.key) == ("visits", ["visit_number", "customer_id"])


def test_the_key_of_an_audit_is_the_key_of_its_mart(audited_target):
    target, _ = audited_target
    [visits] = marts_of(json.loads((target / "manifest.json").read_text()))
    assert (visits.name, visits.key) == ("visits", ["visit_id"])


def test_a_mart_without_key_is_refused(manifest):
    manifest["nodes"] = {
        name: node for name, node in manifest["nodes"].items() if "audit_visits" not in name
    }
    with pytest.raises(PublicationError, match="mart visits has no key: add an audit"):
        marts_of(manifest)
