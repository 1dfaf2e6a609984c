"""What files are taken to hold: natures, meanings, orders and lines, rows that are no sales."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Callable, Iterable
from decimal import Decimal
from pathlib import Path

import duckdb
import pytest
from conftest import ROOT

from orchestration.new_source.days import with_days
from orchestration.new_source.decisions import SalesRules, currency_of, decide
from orchestration.new_source.levels import settled
from orchestration.new_source.questions import Answers
from orchestration.new_source.sales import left_out, money_of, sales_of, without_worth
from orchestration.new_source.samples import read_sample
from orchestration.new_source.staging import Staging, staging_of
from orchestration.new_source.tables import NOTHING, Table, tables_of
from orchestration.new_source.vocabulary import plain

Tables = Callable[..., list[Table]]


@pytest.fixture
def tables(tmp_path: Path) -> Tables:
    """The tables that some texts make up, each a file of its name."""

    def read(**files: str) -> list[Table]:
        for name, text in files.items():
            (tmp_path / f"{name}.csv").write_text(text, encoding="utf-8")
        samples = [read_sample(tmp_path / f"{name}.csv") for name in files]
        return [settled(table) for table in tables_of(samples, "here")]

    return read


def csv(header: str, rows: Iterable[str]) -> str:
    return "\n".join([header, *rows]) + "\n"


def staged(tables: list[Table], **answers: str) -> tuple[SalesRules, Staging, Answers]:
    """What is decided of one pair of tables; every question not answered is taken as likeliest."""
    given = Answers(answers)
    decisions = decide("here", tables, currency_of(tables, "CNY", given), {}, given)
    given.refuse_unknown()
    [rules] = decisions.sales
    return rules, staging_of(decisions), given


def sql_of(staging: Staging, entity: str, fact: str) -> str:
    [model] = [each for each in staging.models if each.entity == entity]
    return next(each.sql for each in model.facts if each.name == fact)


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("InvoiceNo", "invoice number"),
        ("Customer ID", "customer id"),
        ("Line-item qty", "line item quantity"),
        ("Total (GBP)", "total"),
        ("订单编号", "订单编号"),
        ("N° de téléphone", "number phone"),
        ("Bestell-Nr.", "bestell number"),
    ],
)
def test_headers_are_read_in_plain_words(header: str, words: str) -> None:
    assert plain(header) == words


def test_files_whose_headers_mean_the_same_are_one_table(tables: Tables) -> None:
    [table] = tables(
        sales_2010=csv("Invoice,InvoiceDate,Quantity,Price", ["1,2010-01-01,2,1.50"]),
        sales_2011=csv("InvoiceNo,InvoiceDate,Quantity,UnitPrice", ["2,2011-01-01,2,1.50"]),
    )
    assert (table.name, table.nature) == ("sales", "sales")
    assert table.of("order_number").headers == ("Invoice", "InvoiceNo")
    assert table.of("unit_price").values == ("1.50", "1.50")


@pytest.mark.parametrize(
    ("name", "header", "row", "nature"),
    [
        ("members", "id,name,mobile", "7,Wei,13900000000", "accounts"),
        ("export", "Member No,Name,Mobile", "M7,Wei,13900000000", "accounts"),
        ("goods", "SKU,Product name,Price", "A,Tea,3.50", "products"),
        ("x", "Return No,Receipt No,Returned on,Refund amount", "1,7,2026-05-01,3.50", "refunds"),
        ("y", "小票号,销售时间,商品编号,数量,金额", "1,2026-05-01 10:00,A,1,3.50", "sales"),
        ("会员", "买家会员名,手机号", "tb7,13900000000", "accounts"),
        ("宝贝", "订单编号,标题,购买数量,外部系统编号", "1,茶,1,A", "sales"),
        ("z", "colour,shade", "red,dark", None),
    ],
)
def test_a_file_says_what_it_holds(
    tables: Tables, name: str, header: str, row: str, nature: str | None
) -> None:
    [table] = tables(**{name: csv(header, [row])})
    assert table.nature == nature


def test_names_of_columns_need_no_quotes_in_sql(tables: Tables) -> None:
    [table] = tables(sales=csv("Order,Date,数量,Total", ["1,2026-05-01,2,3.00"]))
    assert [column.name for column in table.columns] == [
        "order_number",
        "ordered_at",
        "quantity",
        "total",
    ]


def test_orders_and_lines_are_put_together_by_their_numbers(tables: Tables) -> None:
    [sales] = sales_of(
        tables(
            orders=csv("order_id,created_at,user_id", ["1,2026-05-01,a", "2,2026-05-02,b"]),
            items=csv("order_id,sku,qty,price", ["1,A,2,1.50", "1,B,1,2.00", "2,A,1,1.50"]),
        )
    )
    assert (sales.orders.name, sales.lines.name) == ("orders", "items")


@pytest.mark.parametrize(
    ("header", "row", "gross", "counts"),
    [
        ("order_id,date,qty,price", "{n},2026-05-01,2,1.50", "unit_price", False),
        ("order_id,date,qty,price,amount", "{n},2026-05-01,2,1.50,3.00", "line_total", False),
        (
            "order_id,date,qty,price,discount,amount",
            "{n},2026-05-01,2,1.50,0.5{n},2.4{m}",
            "unit_price",
            True,
        ),
        ("order_id,date,line total", "{n},2026-05-01,3.00", "line_total", False),
    ],
)
def test_the_identity_that_numbers_obey_says_which_money_is_which(
    tables: Tables, header: str, row: str, gross: str, counts: bool
) -> None:
    rows = [row.format(n=n, m=10 - n) for n in range(1, 10)]
    [sales] = sales_of(tables(sales=csv(header, rows)))
    money = money_of(sales)
    assert (money.gross, money.has_discount) == (gross, counts)


def test_a_net_total_has_lost_its_discount(tables: Tables) -> None:
    """10.00 of 15.00 are left, and given back."""
    rows = [f"{n},2026-05-1{n},Mug,10.00,5.00" for n in range(1, 9)]
    rows += ["1,2026-05-19,Mug,-10.00,-5.00"]
    header = "Order No,Date,Item,Net Sales,Discount"
    rules, staging, _ = staged(tables(till=csv(header, rows)))
    assert (rules.money.gross, rules.money.has_discount) == ("after_discount", True)
    gross = " ".join(sql_of(staging, "order_lines", "gross_amount").split())
    assert "parse_decimal('net_sales', 2) }} + {{ parse_decimal(" in gross
    refund = sql_of(staging, "refunds", "refund_amount")
    assert refund == "cast(-{{ parse_decimal('net_sales', 2) }} as decimal(18,2))"


@pytest.mark.parametrize("returned", ["−15.00", "- 15.00"])
def test_a_minus_of_print_is_read_as_amounts_are(tables: Tables, returned: str) -> None:
    rows = [f"{n},2026-05-1{n},Mug,15.00" for n in range(1, 9)] + [f"1,2026-05-19,Mug,{returned}"]
    _, staging, _ = staged(tables(till=csv("Order No,Date,Item,Line Total", rows)))
    refund = sql_of(staging, "refunds", "refund_amount")
    assert refund == "cast(-{{ parse_amount('line_total', feed, 2) }} as decimal(18,2))"


@pytest.mark.parametrize(("total", "gross"), [("10.00", "line_total"), ("15.00", "after_discount")])
def test_totals_of_orders_know_better_what_a_net_total_is(
    tables: Tables, total: str, gross: str
) -> None:
    orders = csv("order_id,created_at,order total", (f"{n},2026-05-1{n},{total}" for n in range(9)))
    items = csv("order_id,sku,net amount,discount", (f"{n},A,15.00,5.00" for n in range(9)))
    [sales] = sales_of(tables(orders=orders, items=items))
    money = money_of(sales)
    assert (money.gross, money.has_discount, money.is_proved) == (gross, True, True)


def test_totals_say_which_money_stands_beyond_the_lines(tables: Tables) -> None:
    """Shipping is on top of the lines here; tax is within them."""
    found = tables(
        orders=csv(
            "order_id,created_at,shipping,tax,total",
            [f"{n},2026-05-0{n},5.00,0.{n}0,{2 * n + 5}.00" for n in range(1, 10)],
        ),
        items=csv("order_id,sku,qty,price", [f"{n},A,{n},2.00" for n in range(1, 10)]),
    )
    money = money_of(sales_of(found)[0])
    assert (money.beyond, money.tax_is_included, money.is_proved) == (("shipping",), True, True)
    _, staging, _ = staged(found)
    [adjustments] = [m for m in staging.models if m.entity == "order_adjustments"]
    assert [kind for kind, _ in adjustments.adjustments] == ["shipping"]


def test_tax_is_not_asked_for_where_an_order_is_its_total(tables: Tables) -> None:
    rows = [f"{n},2026-05-01,0.50,3.00" for n in range(1, 9)]
    _, staging, answers = staged(tables(orders=csv("order_id,date,tax,total", rows)))
    assert "tax_is_included" not in answers.asked
    assert {model.entity for model in staging.models} == {"orders", "order_lines"}


def test_a_quantity_alone_makes_no_lines(tables: Tables) -> None:
    """An export of orders counts the pieces of each; a file of lines may lack their prices."""
    orders = csv(
        "订单编号,下单时间,总金额,宝贝总数量", [f"{n},2026-05-01,30.00,2" for n in range(1, 9)]
    )
    items = csv("订单编号,商品编码,购买数量", [f"{n},A,2" for n in range(1, 9)])
    for files in ({"orders": orders}, {"orders": orders, "items": items}):
        found = tables(**files)
        rules, staging, _ = staged(found)
        assert rules.sales.lines is None
        assert "parse_decimal('order_total'" in sql_of(staging, "order_lines", "gross_amount")
        assert left_out(found) == []
        assert [table.name for table in without_worth(found)] == list(files)[1:]


INVOICES = [f"{1000 + n // 2},A{n},{1 + n % 3},2010-05-0{1 + n % 9} 10:00,2.50" for n in range(40)]
SALES = "Invoice,StockCode,Quantity,InvoiceDate,Price"


def test_numbers_with_another_letter_that_are_below_zero_are_refunds(tables: Tables) -> None:
    _, staging, answers = staged(
        tables(sales=csv(SALES, [*INVOICES, "C1050,A1,-1,2010-05-09 11:00,2.50"]))
    )
    assert answers.asked["rows.C"] == "refunds"
    [rows] = staging.rows.values()
    assert rows["refunds"] == "invoice like 'C%'"
    assert rows["orders"] == rows["order_lines"] == "substring(invoice, 1, 1) between '0' and '9'"
    assert sql_of(staging, "refunds", "refund_amount").startswith("cast(-{{ line_worth(")


CREDITS_AND_RETURNS = {
    "C1050,A1,-1,2010-05-09 11:00,2.50,7": {"account_id"},
    "1004,A1,-1,2010-05-09 11:00,2.50,7": {"order_id", "account_id"},
}


@pytest.mark.parametrize("row", CREDITS_AND_RETURNS)
def test_a_number_of_its_own_names_no_order_and_a_customer_is_named(
    tables: Tables, row: str
) -> None:
    invoices = [f"{invoice},{n % 9}" for n, invoice in enumerate(INVOICES)]
    _, staging, _ = staged(tables(sales=csv(f"{SALES},Customer ID", [*invoices, row])))
    [model] = [each for each in staging.models if each.entity == "refunds"]
    named = {"order_id", "account_id"} & {fact.name for fact in model.facts}
    assert named == CREDITS_AND_RETURNS[row]


def test_a_sheet_of_credits_may_name_customers_alone(tables: Tables) -> None:
    sheets = {"sales": csv(f"{SALES},Customer ID", [f"{row},7" for row in INVOICES])}
    sheets["credits"] = csv("Customer ID,Returned on,Refund amount", ["7,2010-05-09,2.50"])
    _, staging, _ = staged(tables(**sheets))
    assert sql_of(staging, "refunds", "account_id") == "{{ source_key('here', 'customer_id') }}"
    assert "place_within('customer_id')" in sql_of(staging, "refunds", "refund_id")


def test_stock_that_was_counted_is_no_sale(tables: Tables) -> None:
    _, staging, answers = staged(
        tables(sales=csv(SALES, [*INVOICES, "1050,A1,-7,2010-05-09 11:00,0"]))
    )
    assert answers.asked["rows.negative"] == "ignored"
    assert staging.rows["sales"]["ignored"] == "coalesce(quantity, '') like '-%'"


@pytest.mark.parametrize("back", ["-5.00", "$-5.00", "$ -5.00", " -5.00", " ($5.00)", "US$ 5.00-"])
def test_what_is_below_nothing_is_found_behind_signs_and_blanks(tables: Tables, back: str) -> None:
    sign = "US$" if "US" in back else "$"
    rows = [f"{n},2026-05-13,A,{sign}2.50" for n in range(9)] + [f"3,2026-05-14,A,{back}"]
    found = tables(sales=csv("Order No,Date,SKU,Amount", rows))
    _, staging, answers = staged(found)
    assert answers.asked["rows.negative"] == "refunds"
    with duckdb.connect() as connection:
        connection.execute("create table sales (amount varchar)")
        connection.executemany("insert into sales values (?)", [[r.split(",")[-1]] for r in rows])
        query = f"select amount from sales where {staging.rows['sales']['refunds']}"
        assert connection.execute(query).fetchall() == [(back,)]


def test_an_answer_overrules_the_guess(tables: Tables) -> None:
    found = tables(sales=csv(SALES, [*INVOICES, "C1050,A1,-1,2010-05-09 11:00,2.50"]))
    _, staging, _ = staged(found, **{"rows.C": "orders", "rows.negative": "orders"})
    form = "(substring(invoice, 1, 1) between '0' and '9' or invoice like 'C%')"
    assert staging.rows["sales"] == {"orders": form, "order_lines": form}
    assert "refunds" not in {model.entity for model in staging.models}


def test_types_of_rows_are_known_by_their_words(tables: Tables) -> None:
    rows = [
        f"T{n},{('Payment', 'Payment', 'Refund', 'Test')[n % 4]},03/{13 + n % 9}/2026,Mug,$5.00"
        for n in range(16)
    ]
    _, staging, _ = staged(
        tables(till=csv("Transaction ID,Type,Date,Item,Net Sales", rows)), currency="USD"
    )
    [conditions] = staging.rows.values()
    assert conditions["orders"] == "row_type in ('Payment')"
    assert conditions["refunds"] == "row_type in ('Refund')"
    assert conditions["ignored"] == "row_type in ('Test')"
    assert sql_of(staging, "refunds", "refund_amount") == "{{ parse_amount('net_sales', feed, 2) }}"


def test_facts_that_only_the_first_row_of_an_order_has_make_its_head(tables: Tables) -> None:
    head = (
        "Name,Financial Status,Currency,Subtotal,Total,Created at,Lineitem quantity,Lineitem price"
    )
    rows = [
        line
        for n in range(12)
        for line in (
            f"#{n},paid,USD,30.00,30.00,2026-03-01 10:00:00 -0400,1,10.00",
            f"#{n},,,,,2026-03-01 10:00:00 -0400,2,10.00",
        )
    ]
    rules, staging, _ = staged(tables(orders=csv(head, rows)))
    assert rules.money.gross == "unit_price"
    assert staging.rows["orders"] == {"orders": "currency is not null", "order_lines": "true"}


def test_rows_without_a_number_go_on_with_the_order_above(tables: Tables) -> None:
    rows = [line for n in range(12) for line in (f"{n},2026-03-01,C1,A,1,8.00", ",,,B,2,2.00")]
    _, staging, _ = staged(tables(book=csv("Order,Date,Customer,Article,Qty,Amount", rows)))
    assert staging.fill_down == {"book"}


def test_lines_without_a_number_have_a_place(tables: Tables) -> None:
    _, staging, _ = staged(tables(sales=csv(SALES, INVOICES)))
    assert "place_within('invoice')" in sql_of(staging, "order_lines", "order_line_id")
    numbered = [f"{n // 2},{n % 2},2026-05-01,A,1,2.50" for n in range(20)]
    _, staging, _ = staged(tables(rows=csv("Order,Line No,Date,SKU,Qty,Price", numbered)))
    assert "clean_key('line_no')" in sql_of(staging, "order_lines", "order_line_id")


def test_words_of_statuses_are_known_or_asked_for(tables: Tables) -> None:
    words = ("completed", "canceled", "On hold", "weird")
    rows = [f"{n},2026-05-01,{words[n % 4]},3.00" for n in range(16)]
    rules, _, answers = staged(tables(orders=csv("order_id,date,status,total", rows)))
    assert dict(rules.statuses) == {
        "completed": "paid",
        "canceled": "cancelled",
        "On hold": "unpaid",
        "weird": "paid",
    }
    assert "status.weird" in answers.asked


def test_words_that_are_a_sentence_are_known_with_either_comma(tables: Tables) -> None:
    words = ("买家已付款，等待卖家发货", "卖家已发货,等待买家确认")
    rows = [f'{n},2026-05-01,"{words[n % 2]}",3.00' for n in range(16)]
    rules, _, answers = staged(tables(orders=csv("订单编号,下单时间,订单状态,总金额", rows)))
    assert set(rules.statuses.values()) == {"paid"}
    assert not [each for each in answers.asked if each.startswith("status.")]


@pytest.mark.parametrize("status", ["", "paid"])
def test_an_order_with_a_day_of_cancellation_is_cancelled(tables: Tables, status: str) -> None:
    """Whatever its status says, and where it has none."""
    rows = [f"{n},2026-05-13,{'2026-05-14' * (n == 3)},{status},3.00" for n in range(9)]
    header = "Order No,Date,Cancelled At,Status,Total"
    _, staging, _ = staged(tables(orders=csv(header, rows)))
    [model] = [each for each in staging.models if each.entity == "orders"]
    [fact] = [each for each in model.facts if each.name == "order_status"]
    first, *others = fact.sql.split("\n")[1:]
    assert first.strip() == (
        "when {{ business_date('cancelled_at', feed) }} is not null then 'cancelled'"
    )
    assert "then 'paid'" in "\n".join(others) if status else others[0].strip() == "else 'paid'"
    assert fact.reads == ("cancelled_at", *(["order_status"] if status else []))


def test_a_day_on_which_an_order_was_closed_is_none_of_cancellation(tables: Tables) -> None:
    """Shops close what they have sent, too."""
    row = "1,2026-05-13,2026-05-14,2026-05-14,3.00"
    [table] = tables(orders=csv("Order No,Date,Closed At,关闭时间,Total", [row]))
    assert not table.has("cancelled_at")


MEANINGS = [
    "order_number", "ordered_at", "customer_number", "store_number", "product_name", "quantity",
    "unit_price", "order_status",
]  # fmt: skip


@pytest.mark.parametrize(
    ("header", "paid", "cancelled", "refunded", "currency"),
    [
        ("Bestell-Nr.,Datum,Kundennr,Filiale,Artikel,Menge,Einzelpreis,Status",
         "bezahlt", "storniert", "erstattet", "EUR"),
        ("N° de commande,Date,Code client,Magasin,Désignation,Qté,Prix unitaire,Statut",
         "payée", "annulée", "remboursée", "EUR"),
        ("Nº de pedido,Fecha,Código cliente,Tienda,Descripción,Cantidad,Precio,Estado",
         "Pagado", "Cancelado", "Devuelto", "EUR"),
        ("Numero ordine,Data,Codice cliente,Negozio,Articolo,Quantità,Prezzo unitario,Stato",
         "Pagato", "Annullato", "Rimborsato", "EUR"),
        ("Bestelnummer,Datum,Klantnr,Winkel,Omschrijving,Aantal,Stukprijs,Status",
         "betaald", "geannuleerd", "terugbetaald", "EUR"),
        ("Numero do pedido,Data,Codigo do cliente,Loja,Produto,Qtde,Valor unitario,Situacao",
         "Pago", "Cancelado", "Estornado", "BRL"),
        ("注文番号,注文日,会員番号,店舗,商品名,個数,単価,注文ステータス",
         "支払済み", "キャンセル", "返金済み", "JPY"),
    ],
)  # fmt: skip
def test_other_languages_have_words_of_their_own(
    tables: Tables, header: str, paid: str, cancelled: str, refunded: str, currency: str
) -> None:
    words = (paid, cancelled, refunded, "what?")
    rows = [
        f"A{n},2026-05-01 10:00,{n % 3},Shop {n % 2},Tea,2,1.50,{words[n % 4]}" for n in range(16)
    ]
    [table] = read = tables(export=csv(header, rows))
    assert [column.meaning for column in table.columns] == MEANINGS
    rules, _, answers = staged(read)
    assert list(rules.statuses.values()) == ["paid", "cancelled", "cancelled", "paid"]
    assert answers.assumed.keys() - {"currency", "time_zone"} == {"status.what?"}
    assert answers.asked["currency"] == currency


def test_what_is_refunded_on_rows_of_its_own_is_not_taken_off_twice(tables: Tables) -> None:
    """The order stands as it was paid, and its refund beside it."""
    header = "订单编号,下单时间,商品名称,数量,单价,订单状态,类型"
    rows = [
        f"{n // 2},2026-05-01,茶,1,3.00,已退款,{'退款' if n % 2 else '销售'}" for n in range(20)
    ]
    rules, _, _ = staged(tables(sales=csv(header, rows)))
    assert rules.refunds == "rows"
    assert rules.statuses == {"已退款": "paid"}


@pytest.mark.parametrize(
    ("nothing", "something"),
    [
        ("0.00", "3.00"),
        ("￥0.00", "￥1,003.00"),
        ("$0", "$3"),
        ("0,00", "3,00"),
        ("0.0000", "10.0000"),
        ("-", "-3.00"),
        ("NaN", "3.00"),
    ],
)
def test_nothing_refunded_is_no_refund_however_it_is_written(
    tables: Tables, nothing: str, something: str
) -> None:
    rows = [f"{n};2026-05-13;9;{something if n == 3 else nothing}" for n in range(9)]
    _, staging, _ = staged(tables(orders=csv("Order No;Date;Total;Refund Amount", rows)))
    condition = staging.rows["orders"]["refunds"]
    for value, is_refund in ((nothing, False), (something, True), (None, False), ("odd", True)):
        row = f"select {condition} from (select cast(? as varchar) as refund_amount)"
        assert duckdb.execute(row, [value]).fetchone() == (is_refund,)


def test_a_country_says_which_currency_and_clock_are_likely(tables: Tables) -> None:
    rows = [f"{row},United Kingdom" for row in INVOICES]
    _, _, answers = staged(tables(sales=csv(f"{SALES},Country", rows)))
    assert answers.asked["currency"] == "GBP"
    assert answers.asked["time_zone"] == "Europe/London"


def test_orders_that_tell_of_persons_by_number_give_accounts(tables: Tables) -> None:
    rows = [f"{n},2026-05-01,{n % 3},u{n % 3}@example.com,3.00" for n in range(9)]
    rows.append("9,2026-05-01,,guest@example.com,3.00")
    _, staging, _ = staged(tables(orders=csv("order_id,date,user_id,email,total", rows)))
    assert [m.entity for m in staging.models] == ["orders", "order_lines", "accounts"]
    assert staging.rows["orders"] == {
        "orders": "true",
        "order_lines": "true",
        "accounts": "user_id is not null",
    }


def test_files_of_other_headers_and_other_columns_are_two_tables(tables: Tables) -> None:
    found = tables(
        book=csv("Order,Date,Customer,Article,Amount", ["1,2026-05-01,C1,A,3.00"]),
        till=csv("Transaction ID,Type,Date,Item,Qty,Net Sales", ["1,Sale,2026-05-01,Mug,1,3.00"]),
    )
    assert [table.name for table in found] == ["book", "till"]


def test_orders_with_a_subtotal_are_heads_of_their_lines_and_no_sales_of_their_own(
    tables: Tables,
) -> None:
    [sales] = sales_of(
        tables(
            orders=csv("order_id,created_at,subtotal", ["1,2026-05-01,5.00", "2,2026-05-02,1.50"]),
            items=csv("order_id,sku,qty,price", ["1,A,2,1.50", "1,B,1,2.00", "2,A,1,1.50"]),
        )
    )
    assert (sales.orders.name, sales.lines.name) == ("orders", "items")


def test_two_files_that_are_whole_are_two_sales_whatever_their_numbers(tables: Tables) -> None:
    found = sales_of(
        tables(
            web=csv("Order,Placed on,Client,SKU,Qty,Price", ["1,2026-05-01,C,A,1,2.00"]),
            shop=csv("receipt no,amount,sold at", ["1,5.00,2026-05-01"]),
        )
    )
    assert [(s.orders.name, s.lines and s.lines.name) for s in found] == [
        ("web", "web"),
        ("shop", "shop"),
    ]


def test_letters_that_are_a_part_of_numbers_are_no_kinds(tables: Tables) -> None:
    rows = [f"{n * 2654435761 % 2**32:08x},2026-05-01,A,1,2.50" for n in range(1, 200)]
    _, staging, answers = staged(tables(sales=csv("Order,Date,SKU,Qty,Price", rows)))
    assert staging.rows["sales"] == {}
    assert set(answers.asked) == {"currency"}


def test_letters_that_begin_with_others_are_told_apart(tables: Tables) -> None:
    rows = [f"S{n},2026-05-01,A,1,2.50" for n in range(40)] + ["SR7,2026-05-01,A,-1,2.50"]
    _, staging, _ = staged(tables(sales=csv("Order,Date,SKU,Qty,Price", rows)))
    rows = staging.rows["sales"]
    assert rows["refunds"] == "order_number like 'SR%'"
    assert rows["orders"] == (
        "order_number like 'S%' and substring(order_number, 2, 1) between '0' and '9'"
    )


def shares(total: str, discounts: Iterable[str]) -> str:
    """Lines with a discount that is a share; `total` is computed of q, p and d."""
    rows = []
    for at, d in enumerate(discounts, 1):
        values = {"q": Decimal(2), "p": Decimal("12.50"), "d": Decimal(d)}
        line = [
            f"{at},2026-05-{at + 12},2",
            *([f"12.50,{eval(total, values)}"] if total else ["12.50"]),
        ]
        rows.append(",".join([*line, d]))
    return csv("Order No,Date,Qty,Price," + "Sales," * bool(total) + "Discount", rows)


@pytest.mark.parametrize(
    ("total", "share", "asks"),
    [("q * p * (1 - d)", "taken", False), ("q * p", "to_take", True), ("", "to_take", True)],
)
def test_a_discount_from_0_to_1_is_a_share(
    tables: Tables, total: str, share: str, asks: bool
) -> None:
    rules, staging, answers = staged(tables(a=shares(total, ["0.2", "0", "0.15", "0.7"])))
    assert (rules.money.share, "discount" in answers.asked) == (share, asks)
    discount = sql_of(staging, "order_lines", "discount_amount")
    assert ("* {{ parse_decimal(" in discount) == asks


def test_what_a_share_was_taken_off_is_asked_where_no_price_tells(tables: Tables) -> None:
    text = csv("Order No,Date,Sales,Discount", ["1,2026-05-13,22.848,0.2", "2,2026-05-14,9.00,0"])
    rules, staging, answers = staged(tables(a=text))
    assert answers.asked["discount"] == "share_taken"
    assert not rules.money.has_discount
    rules, staging, _ = staged(tables(a=text), discount="amount")
    assert "parse_decimal" in sql_of(staging, "order_lines", "discount_amount")


def test_discounts_of_pennies_are_money(tables: Tables) -> None:
    rows = ["1,2026-05-13,2,12.50,24.80,0.20", "2,2026-05-14,2,12.50,25.00,0.00"]
    rules, _, answers = staged(tables(a=csv("Order No,Date,Qty,Price,Sales,Discount", rows)))
    assert (rules.money.share, rules.money.has_discount) == (None, True)
    assert "discount" not in answers.asked


def test_what_a_customer_buys_at_one_time_is_an_order_where_none_has_a_number(
    tables: Tables,
) -> None:
    rows = ["00001,19970113,11.77", "00001,19970113,12.00", "00002,19970114,77.00"]
    [table] = tables(a=csv("customer_id,date,dollar_value", rows))
    assert table.of("order_number").present[0] == "00001:19970113"
    _, staging, _ = staged([table])
    key = sql_of(staging, "orders", "order_id")
    assert key == """{{ source_key('here', "(customer_id || ':' || ordered_at)") }}"""
    assert "place_within(" in sql_of(staging, "order_lines", "order_line_id")


def test_a_state_is_a_status_only_where_it_says_one(tables: Tables) -> None:
    header = "Order No,Date,Amount,State"
    [sold] = tables(a=csv(header, ["1,2026-05-13,9.00,California"]))
    assert not sold.has("order_status")
    [sold] = tables(b=csv(header, ["1,2026-05-13,9.00,COMPLETED", "2,2026-05-13,9.00,odd"]))
    assert sold.of("order_status").present == ("COMPLETED", "odd")


@pytest.mark.parametrize(
    ("name", "header", "row", "meaning"),
    [
        ("orders", "id,user_id,email,created_at,total", "1,7,a@b.de,2026-05-01,3.00", "ordered_at"),
        ("till", "Receipt,Date/Time,Qty,Price", "1,05/31/2026 09:05,1,3.00", "ordered_at"),
        ("users", "id,email,signed_up_at", "1,a@b.de,2026-05-01", "registered_at"),
        ("退货单", "退货单号,原小票号,退货时间,退货金额", "1,7,2026-05-01,3.00", "order_number"),
        ("customers", "customer_id,customer_unique_id,city", "1,a,Lima", "union_id"),
    ],
)
def test_a_files_name_tells_what_vague_headers_mean(
    tables: Tables, name: str, header: str, row: str, meaning: str
) -> None:
    [table] = tables(**{name: csv(header, [row])})
    assert table.has(meaning)


def test_what_holds_numbers_is_no_name(tables: Tables) -> None:
    [table] = tables(products=csv("product_id,category,product_name_length", ["A,tea,40"]))
    assert not table.has("product_name")


def test_a_column_is_known_by_what_it_has_however_seldom(tables: Tables) -> None:
    rows = (f"{n},2026-05-01,{'' if n % 10 else f'C{n}'},3.00" for n in range(20_000))
    [table] = tables(orders=csv("order_id,date,customer_id,total", rows))
    assert table.has("customer_number")


@pytest.mark.parametrize("nothing", ["NULL", "-", " n/a ", "无"])
def test_words_for_nothing_hide_no_column(tables: Tables, nothing: str) -> None:
    days = ["2026-05-14" if n == 3 else nothing for n in range(20)]
    discounts = [nothing if n % 2 else "0.50" for n in range(20)]
    rows = (f"{n},2026-05-13,{days[n]},1,3.00,{discounts[n]}" for n in range(20))
    [table] = tables(orders=csv("Order No,Date,Cancelled At,Qty,Price,Discount", rows))
    assert table.of("cancelled_at").present == ("2026-05-14",)
    assert set(table.of("line_discount").present) == {"0.50"}


def test_words_for_nothing_are_those_of_staging() -> None:
    text = (ROOT / "macros" / "keys_and_text.sql").read_text(encoding="utf-8")
    [words] = re.findall(r"macro words_for_nothing.*?return\((\[.*?\])\)", text, re.DOTALL)
    assert set(literal_eval(words)) == NOTHING


def test_a_type_of_rows_may_be_a_word_for_nothing(tables: Tables) -> None:
    rows = [f"T{n},{'-' if n % 4 else 'Refund'},2026-03-13,Mug,5.00" for n in range(16)]
    header = "Transaction ID,Type,Date,Item,Net Sales"
    _, staging, _ = staged(tables(till=csv(header, rows)), **{"rows.-": "orders"})
    [conditions] = staging.rows.values()
    assert conditions["orders"] == "row_type in ('-')"


def test_rows_without_a_number_are_lines_of_the_order_above(tables: Tables) -> None:
    rows = (f"{n},2026-05-0{n},1,{n}.00,{n}.00\n,,1,2.5{n},2.5{n}" for n in range(1, 8))
    [table] = tables(sales=csv("小票号,交易时间,数量,单价,金额", rows))
    assert table.of("line_total").headers == ("金额",)


MEMBERS = csv("card number,name,email", (f"00{n},Wei,{n}@b.cn" for n in range(100, 140)))
RECEIPTS = "receipt,date,card number,total"


def test_zeros_that_one_file_drops_mean_nothing(tables: Tables) -> None:
    given = Answers()
    receipts = csv(RECEIPTS, (f"{n},2026-05-01,{n}.0,3.00" for n in range(100, 130)))
    found = tables(members=MEMBERS, receipts=receipts)
    assert decide("here", found, "CNY", {}, given).issuers_without_zeros == ("here",)
    assert given.asked["receipts.zeros_are_dropped"] == "yes"


@pytest.mark.parametrize(
    ("members", "number"),
    [
        (MEMBERS, "00{n}"),  # they meet as they are
        (MEMBERS, "9{n}"),  # they never meet
        (MEMBERS + "0100,Wei,0@b.cn\n", "{n}"),  # 100 is two persons
    ],
)
def test_zeros_in_front_are_left_where_dropping_them_joins_nothing_or_two(
    tables: Tables, members: str, number: str
) -> None:
    rows = (f"{n},2026-05-01,{number.format(n=n)},3.00" for n in range(100, 130))
    found = tables(members=members, receipts=csv(RECEIPTS, rows))
    assert decide("here", found, "CNY", {}, Answers()).issuers_without_zeros == ()


def test_orders_whose_numbers_are_floats_have_their_lines(tables: Tables) -> None:
    [sales] = sales_of(
        tables(
            orders=csv("order_id,created_at,user_id", ["1,2026-05-01,a", "2,2026-05-02,b"]),
            items=csv("order_id,sku,qty,price", ["1.0,A,2,1.50", "2.0,A,1,1.50"]),
        )
    )
    assert (sales.orders.name, sales.lines.name) == ("orders", "items")


@pytest.mark.parametrize(
    ("header", "row", "answer", "is_left_out"),
    [
        ("order_id,sku,qty,price,fulfilment", "1,A,1,2.00,2026-05-01", "fulfilment", False),
        ("order_id,sku,qty,price,packed,sent", "1,A,1,2.00,2026-05-01,2026-05-02", "none", True),
        ("order_id,sku,qty,price,weight", "1,A,1,2.00,40000", None, True),
    ],
)
def test_a_day_that_no_header_names_is_asked_for(
    tables: Tables, header: str, row: str, answer: str | None, is_left_out: bool
) -> None:
    given = Answers()
    found = list(with_days(tables(sales=csv(header, [row])), given))
    assert given.asked.get("sales.ordered_at") == answer
    assert bool(left_out(found)) == is_left_out


def test_freight_that_each_line_has_is_money_beyond_the_lines(tables: Tables) -> None:
    orders = csv("order_id,date", (f"{n},2026-05-01" for n in range(1, 9)))
    rows = (f"{n},{line},A,5.00,{n}.{line}0" for n in range(1, 9) for line in (1, 2))
    items = csv("order_id,order_item_id,sku,price,freight_value", rows)
    _, staging, _ = staged(tables(orders=orders, items=items))
    [model] = [each for each in staging.models if each.entity == "order_adjustments"]
    assert model.table.name == "items"
    assert [kind for kind, _ in model.adjustments] == ["shipping"]


def test_freight_that_lines_repeat_of_their_order_is_not_added_up(tables: Tables) -> None:
    orders = csv("order_id,date", (f"{n},2026-05-01" for n in range(1, 9)))
    rows = (f"{n},{line},A,5.00,{n}.00" for n in range(1, 9) for line in (1, 2))
    items = csv("order_id,order_item_id,sku,price,freight_value", rows)
    _, staging, _ = staged(tables(orders=orders, items=items))
    assert "order_adjustments" not in {model.entity for model in staging.models}
