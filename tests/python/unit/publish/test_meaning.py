"""A check says what must hold, to people who see that it has failed."""

from orchestration.publish.meaning import meaning


def test_an_audit_lists_its_rules():
    test = {
        "test_metadata": {
            "name": "audit",
            "kwargs": {
                "key": ["order_id"],
                "not_null": ["net_amount"],
                "accepted_values": {"order_status": ["paid", "cancelled"]},
                "references": {"customer_id": "ref('customers')"},
                "rules": {"net_is_what_is_left": "net_amount =\n gross_amount"},
            },
        }
    }
    assert meaning(test).splitlines() == [
        "- One row per order_id.",
        "- Never null: order_id, net_amount.",
        "- order_status is one of paid, cancelled.",
        "- Every customer_id is in ref('customers').",
        "- net is what is left: `net_amount = gross_amount`",
    ]


def test_a_check_of_its_own_says_what_and_why_and_what_its_failure_means():
    test = {
        "name": "assert_there_are_sales",
        "description": "No sale was\naccepted.",
        "raw_code": "-- What: there are sales.\n-- Why: none is no shop.\nselect 1 -- nothing",
    }
    assert meaning(test) == (
        "What: there are sales. Why: none is no shop.\n\nWhen it fails: No sale was accepted."
    )
    bare = {"name": "assert_it", "description": "", "raw_code": "select 1"}
    assert meaning(bare) == "assert it"
