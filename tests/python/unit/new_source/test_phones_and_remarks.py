"""Whose phones a source has, and what a person is told of its files."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from orchestration.new_source.decisions import decide
from orchestration.new_source.levels import settled
from orchestration.new_source.phones import asked_phones
from orchestration.new_source.questions import Answers
from orchestration.new_source.remarks import of_totals, remarks
from orchestration.new_source.samples import read_sample
from orchestration.new_source.staging import staging_of
from orchestration.new_source.tables import tables_of

ROOT = Path(__file__).resolve().parents[4]
CHINA = {
    "phone_country_code": "86",
    "phone_mobile": "1[3-9][0-9]{9}",
    "phone_landline": "(?:10|2[0-57-9])[2-8][0-9]{7}",
}


@pytest.mark.parametrize(
    ("phones", "currency", "code"),
    [
        (["(212) 555-0134", "+1 720 344 2688"], "USD", "1"),
        (["07700 900123", "+44 20 7946 0018"], "GBP", "44"),
        (["06 12 34 56 78", "+33 1 23 45 67 89"], "EUR", "33"),
        (["0171 1234567", "+49 30 901820"], "EUR", "49"),
        (["(11) 91234-5678", "+55 21 2345-6789"], "BRL", "55"),
        (["(212) 555-0134"], "SEK", None),  # nothing says whose they are
        (["12", "34"], "USD", None),
        (["13722220009", "135 1022 0009"], "USD", None),  # some of China are like those of America
    ],
)
def test_a_currency_and_its_phones_tell_the_country(
    phones: list[str], currency: str, code: str | None
) -> None:
    found = asked_phones(phones, CHINA, currency, None, True, Answers())
    assert (found and found.code) == code


def test_a_number_of_two_countries_is_of_the_one_whose_clock_is_usual() -> None:
    for zone, code in ((None, "33"), ("Europe/Paris", "33"), ("Europe/Amsterdam", "31")):
        found = asked_phones(["06 12345678"], CHINA, "EUR", zone, True, Answers())
        assert found.code == code


def test_another_country_is_only_taken_by_itself_where_no_source_has_the_former() -> None:
    assert asked_phones(["(212) 555-0134"], CHINA, "USD", None, False, Answers()) is None
    said = Answers({"read_phones": "yes"})
    assert asked_phones(["(212) 555-0134"], CHINA, "USD", None, False, said).code == "1"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a.csv", "colour,shade\nred,dark\n", "it can't be told what it holds"),
        ("sales.csv", "order_id,sku,qty,price\n1,A,1,2.00\n", "no column says when"),
        (
            "sales.csv",
            "order_id,date,sku,qty\n1,2026-05-01,A,1\n",
            "what its orders or lines are worth",
        ),
        (
            "sales.csv",
            "order_id,date,qty,price\n2.14E+18,2026-05-01,1,2.00\n1.3085E+4,2026-05-01,1,2.00\n",
            "1 of 2 rows have a order_id such as 2.14E+18",
        ),
        (
            "customers.csv",
            "customer_id,name\n1,Wei\n2,Na\nTotal,2\n",
            "its last row is one of totals (Total)",
        ),
        ("b.csv", "refund_id,refund amount\n1,2.00\n", "no order and no customer"),
        (
            "b.csv",
            "refund_id,customer id,refund amount\n1,7,2.00\n",
            "latest order that had as much left",
        ),
        (
            "orders.jsonl",
            '{"order_id": 1, "date": "2026-05-01", "total": 3, "goods": [{"sku": "A"}]}\n',
            "goods holds lists",
        ),
        (
            "orders.csv",
            "Order No,Date,Total,Item 1,Qty 1,Price 1,Item 2,Qty 2,Price 2\n"
            "1,2026-05-01,3,A,1,3,,,\n",
            "columns such as 'Item 1' and 'Item 2' repeat each other",
        ),
        (
            "customers.csv",
            "customer_id,customer_unique_id\n" + "".join(f"{n},one\n" for n in range(6)),
            "customer_unique_id one stands at 6 accounts, and more than 5 are not joined",
        ),
    ],
)
def test_what_the_marts_will_lack_is_told(tmp_path: Path, name: str, text: str, told: str) -> None:
    (tmp_path / name).write_text(text)
    [table] = tables_of([read_sample(tmp_path / name)], "here")
    [sentence] = remarks([table], False, (), ROOT / "seeds")
    assert sentence.startswith(f"{name}: ")
    assert told in sentence


@pytest.mark.parametrize(
    ("extra", "told"),
    [
        # 9.00 is 6.00 of lines and 5.00 of shipping, less 2.00.
        ("", "in 9 of 9 orders total is not the sum of their lines, by +27.00 in all"),
        (",shipping", "not the sum of their lines with 'shipping', by -18.00 in all"),
        (",shipping,order discount", None),
    ],
)
def test_totals_that_are_not_what_is_counted_are_told(
    tmp_path: Path, extra: str, told: str | None
) -> None:
    rows = [f"{n},2026-05-0{n},9.00,5.00,2.00" for n in range(1, 10)]
    header = f"order_id,created_at,total{extra}"
    rows = [row.rsplit(",", 5 - header.count(",") - 1)[0] for row in rows]
    (tmp_path / "orders.csv").write_text("\n".join([header, *rows]) + "\n")
    items = [f"{n},A,2,3.00" for n in range(1, 10)]
    (tmp_path / "items.csv").write_text("\n".join(["order_id,sku,qty,price", *items]) + "\n")
    samples = [read_sample(tmp_path / name) for name in ("orders.csv", "items.csv")]
    decisions = decide("here", tables_of(samples, "here"), "CNY", {}, Answers())
    sentences = list(of_totals(decisions.sales))
    assert len(sentences) == (told is not None)
    assert all(told in each for each in sentences)


def _receipts(*rests: str) -> str:
    """Receipts of two lines each, which come to 24.00 with shipping, and say so much else."""
    rows = [
        f"{number},2026-05-01,{sku},2,{price},4.00,{Decimal('24.00') + Decimal(rest)}"
        for number, rest in enumerate(rests)
        for sku, price in (("A", "2.50"), ("B", "7.50"))
    ]
    return "\n".join(["order_id,created_at,sku,qty,price,shipping,order total", *rows]) + "\n"


@pytest.mark.parametrize(
    ("rests", "usual", "told"),
    [
        # Nothing is missed, or so seldom that totals agree.
        (["0.00"] * 9, None, []),
        (["0.00"] * 39 + ["-3.00"], None, []),
        (
            ["0.00"] * 6 + ["-3.00", "-2.50", "-1.50"],
            "yes",
            ["3 of 9 orders order total is less than the sum of their lines with 'shipping', by"],
        ),
        # One that is more is no discount, and is told for itself.
        (
            ["0.00"] * 6 + ["-3.00"] * 12 + ["2.00"],
            "yes",
            ["by 36.00 in all, which counts as", "in 1 of 19 orders order total is more than"],
        ),
        # As many are more: something else is missing. All are less alike: a tax is within prices.
        (["0.00"] * 6 + ["-3.00", "2.00"], "no", ["in 2 of 8 orders order total is not the sum"]),
        (["-4.50"] * 9, "no", ["in 9 of 9 orders order total is not the sum of their lines"]),
        (["-12.00"] * 9, "no", ["in 9 of 9 orders order total is not the sum of their lines"]),
        # Of several taxes; and all of a price that nobody pays.
        (["-4.50", "-1.50"] * 9, "no", ["in 18 of 18 orders order total is not the sum of their"]),
        (["-12.00", "-1.50"] * 9, "yes", ["in 18 of 18 orders order total is less than the sum"]),
        (["2.00"] * 9, None, ["in 9 of 9 orders order total is not the sum of their lines"]),
    ],
)
def test_totals_below_the_lines_are_asked_for(
    tmp_path: Path, rests: list[str], usual: str | None, told: list[str]
) -> None:
    (tmp_path / "receipts.csv").write_text(_receipts(*rests))
    tables = [settled(t) for t in tables_of([read_sample(tmp_path / "receipts.csv")], "here")]
    answers = Answers()
    decisions = decide("here", tables, "CNY", {}, answers)
    assert answers.asked.get("rest_is_discount") == usual
    sentences = list(of_totals(decisions.sales))
    assert len(sentences) == len(told)
    assert all(part in sentence for part, sentence in zip(told, sentences, strict=True))
    models = staging_of(decisions).models
    [adjusted] = [each for each in models if each.entity == "order_adjustments"]
    kinds = ["shipping", "discount"] if usual == "yes" else ["shipping"]
    assert [kind for kind, _ in adjusted.adjustments] == kinds


@pytest.mark.parametrize("header", ["order discount", "refunded amount"])
def test_totals_that_something_else_may_explain_are_not_asked_for(
    tmp_path: Path, header: str
) -> None:
    head, *rows = _receipts(*["0.00"] * 6, "-3.00", "-2.50", "-1.50").splitlines()
    text = "\n".join(
        [f"{head},{header}", *(f"{row},{n // 2 % 2}.00" for n, row in enumerate(rows))]
    )
    (tmp_path / "receipts.csv").write_text(text + "\n")
    tables = [settled(t) for t in tables_of([read_sample(tmp_path / "receipts.csv")], "here")]
    answers = Answers()
    decide("here", tables, "CNY", {}, answers)
    assert "rest_is_discount" not in answers.asked


def test_statuses_of_which_nobody_said_what_they_mean_are_told() -> None:
    [sentence] = remarks(
        [], False, ["currency", "orders.status.odd", "status.weird"], ROOT / "seeds"
    )
    assert sentence.startswith(
        "Nobody said what 'odd' and 'weird' mean: such orders count as paid."
    )
