"""A withdrawal is obeyed once it has landed: on the refreshed tiny example, and without a build."""

from __future__ import annotations

from datetime import UTC, datetime

import duckdb
from conftest import Shop

from orchestration.consent import withdrawn_since_build
from orchestration.landing import land, read_feeds
from orchestration.project import Project

ANSWERS = """consent_no;member_no;purpose;channel;status;changed_at
K90;M002;personalisation;push;withdrawn;2026-07-02 10:00:00
K91;M001;;;withdrawn;2026-07-02 10:00:00
K92;M003;marketing;sms;withdrawn;no time at all
K93;M004;marketing;sms;granted;2026-07-02 10:00:00
"""


def test_a_withdrawal_that_has_landed_forbids_at_once(own_tiny: Shop) -> None:
    project = Project(own_tiny.root, own_tiny.data)
    with duckdb.connect(project.warehouse) as connection:
        # The copy's views would read the files of what it was copied from.
        files = f"{project.raw}/crm__consents/*.parquet"
        connection.execute(
            "create or replace view raw.crm__consents as"
            f" from read_parquet('{files}', union_by_name = true)"
        )
        customers = dict(
            connection.execute(
                "select account_id, customer_id from intermediate.int_account_customers"
            ).fetchall()
        )
    assert not withdrawn_since_build(project)

    (project.landing / "crm" / "consents" / "later.csv").write_text(ANSWERS)
    feeds = read_feeds(project.staging_models, ["crm"])
    landed = land(feeds, project.landing, project.raw, datetime.now(UTC), print)
    assert landed.total.landed == 1
    withdrawn = withdrawn_since_build(project)
    assert withdrawn.forbids(customers["crm:M002"], "personalisation", "push")
    assert not withdrawn.forbids(customers["crm:M002"], "marketing", "push")
    assert withdrawn.forbids(customers["crm:M001"], "marketing", "email")
    assert withdrawn.forbids(customers["crm:M003"], "marketing", "sms"), "whenever that was"
    assert "crm:M004" in customers and not withdrawn.forbids(
        customers["crm:M004"], "marketing", "sms"
    )
