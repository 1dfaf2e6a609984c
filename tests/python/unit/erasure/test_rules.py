"""Every column and every entity is known to be of a person or of a sale, or of neither."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from orchestration.erasure.erase import resume
from orchestration.erasure.journal import Journal, unfinished
from orchestration.erasure.rows import PEOPLE, PERSONAL, SALES
from orchestration.failures import RefreshFailed
from orchestration.held import refuse_held_files
from orchestration.person import Person
from orchestration.privacy.export import export_person
from orchestration.project import ROOT, Project
from orchestration.request import Request

# What tells nobody: things, places, prices, and what a shop plans.
OF_NOBODY = {
    *("products", "stores", "campaigns", "coupons", "channel_spend", "stock_levels"),
    *("supplier_orders", "promotions", "competitor_prices"),
}
# What a sale says beside whose it is. Its own number stays: the books name it.
OF_THE_SALE = {
    *("source_system", "order_id", "source_order_id", "store_id", "channel", "ordered_at"),
    *("ordered_at_is_skipped", "ordered_on", "ordered_hour", "order_status", "cancelled_on"),
    *("promised_on", "delivered_on", "currency", "order_line_id", "product_id", "quantity"),
    *("gross_amount", "discount_amount", "adjustment_id", "adjustment_kind"),
    *("adjustment_amount", "counts_as_revenue", "adjusted_on", "payment_id", "payment_method"),
    *("payment_amount", "refund_id", "refunded_on", "refund_amount", "is_revenue_alone"),
}


def test_every_entity_is_of_people_or_of_sales_or_of_nobody() -> None:
    entities = yaml.safe_load((ROOT / "dbt_project.yml").read_text())["vars"]["entities"]
    assert {*PEOPLE, *SALES, *OF_NOBODY} == set(entities)
    assert len([*PEOPLE, *SALES, *OF_NOBODY]) == len(entities)


@pytest.mark.parametrize("entity", SALES)
def test_every_column_of_a_sale_tells_the_sale_or_whose_it_is(entity: str) -> None:
    """Whoever adds one decides: what `erase` shall not keep belongs to PERSONAL."""
    described = yaml.safe_load((ROOT / "models/entities" / entity / f"{entity}.yml").read_text())
    [delivered] = [m for m in described["models"] if m["name"] == f"int_{entity}_delivered"]
    columns = {column["name"] for column in delivered["columns"]}
    told = {name for name in columns if not name.startswith("_")} - {"delivery_number"}
    assert told - OF_THE_SALE <= set(PERSONAL)


def test_while_an_erasure_has_not_ended_nothing_is_built_or_published(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path)
    Journal(project).write({"state": "begun"})
    with pytest.raises(RefreshFailed) as refused:
        refuse_held_files(Request(project))
    assert "`regulars erase --resume` first" in str(refused.value.reasons)


def test_while_an_erasure_has_not_ended_nobodys_data_is_exported(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path)
    Journal(project).write({"state": "begun"})
    person = Person("c1", (), (), frozenset(), frozenset())
    with pytest.raises(ValueError, match="`regulars erase --resume` first"):
        export_person(project, person)
    assert not project.exports.exists()


def test_an_erasure_that_has_removed_nothing_yet_is_asked_for_again(tmp_path: Path) -> None:
    project = Project(ROOT, tmp_path)
    Journal(project).write({"state": "marking"})
    assert "ask for it again" in unfinished(project)
    with pytest.raises(ValueError, match="ask for it again"):
        resume(Request(project), print)
