"""What a person reads on a customer, word by word."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from orchestration.explain.evidence import Account, Customer, RefusedIdentifier, Standing
from orchestration.explain.page import Page, labels, masked
from orchestration.explain.pairs import Comparison, Decision, Pair, Shared
from orchestration.labels import LANGUAGES, Text
from orchestration.linkage_rules import LinkageRules
from orchestration.project import ROOT, Project

CONDITIONS = ("phone_l = phone_r", "levenshtein(phone_l, phone_r) <= 1")
WEIGHED = {
    "account_id": "crm:1",
    "other_account_id": "shop:1",
    "customer_id": "anna",
    "other_customer_id": "anna",
    "link_type": "identifier",
    "refusal": None,
    "match_weight": 9.5,
    "prior_weight": -12.25,
    "comparisons": (
        Comparison("family_name", 1, ("=",), 6.5, 0.005, ("wang", "wang")),
        Comparison("city", 1, ("=",), 2.0, None, ("上海", "上海")),
        Comparison("phone", 1, CONDITIONS, 4.25, None, ("+8613812345678", "+8613812345679")),
        Comparison("e_mail", 0, ("=",), -3.0, None, ("a@x.cn", "b@y.org")),
        Comparison("birth_date", -1, ("=",), 0.0, None, ("1990-01-02", None)),
    ),
    "shared": (Shared("card_token", 12, False), Shared("device", 6, True)),
    "decision": None,
}
DECIDED = {
    **WEIGHED,
    "account_id": "shop:1",
    "other_account_id": "shop:2",
    "link_type": "manual_decision",
    "match_weight": 0.0,
    "prior_weight": None,
    "comparisons": (),
    "shared": (),
    "decision": Decision("Li", "called both"),
}
REFUSED = {
    **WEIGHED,
    "other_account_id": "shop:9",
    "other_customer_id": "ben",
    "refusal": Text("All else differs", "其余不符"),
    "match_weight": -8.125,
    "shared": (Shared("phone", 0, False),),
}
ANNA = Customer(
    customer_id="anna",
    accounts=(
        Account("crm:1", "crm", date(2025, 1, 2), ("card_token",)),
        Account("shop:1", "shop", date(2025, 2, 3), ("card_token", "manual_decision")),
        Account("shop:2", "shop", None, ("manual_decision",)),
    ),
    standing=Standing(
        as_of_date=date(2026, 7, 1),
        stage=Text("Growth", "成长"),
        state=Text("Active", "活跃"),
        segment=Text("champions", "重要价值"),
        suggested_action=Text("Thank them", "答谢"),
        churn_level=Text("Yellow: watch", "黄色：关注"),
        churn_reasons=(Text("Buys less", "购买减少"), Text("Spends less", "消费减少")),
    ),
    links=(Pair(**WEIGHED), Pair(**DECIDED)),
    near_misses=(Pair(**REFUSED),),
    refused_identifiers=(
        RefusedIdentifier("crm:1", "phone", "+8613800000000", 3, Text("Placeholder", "占位值")),
    ),
    link_threshold=3,
    shared_identifier_threshold=-6,
)


def test_everything_is_told_in_plain_words():
    assert (
        "\n".join(Page(ANNA).lines())
        == """\
Customer anna

Accounts, the oldest first
  crm:1   crm  2025-01-02  linked by bank card
  shop:1  shop  2025-02-03  linked by bank card, a person's decision
  shop:2  shop  –  linked by a person's decision

Where this customer stands
  As of: 2026-07-01
  Segment: champions
  Suggested action: Thank them
  Lifecycle: Growth, Active
  Churn risk: Yellow: watch
  Signs of it: Buys less, Spends less

The strongest links that join all accounts
  crm:1
    shop:1  bank card  +9.50
      shop:2  a person's decision  +0.00

Link by link (weights of evidence in bits)
  crm:1 – shop:1
    They share an identifier that links by itself.
      -12.25  before anything is compared
       +6.50  family name: equal, a value of 0.50% of accounts  w…g
       +2.00  city: equal  上…
       +4.25  phone: alike, levenshtein(phone_l, phone_r) <= 1  +…8 | +…9
       -3.00  e_mail: different  a…n | b…g
       +0.00  birth date: missing
      +12.00  shared bank card
       +0.00  shared device (too long ago to count)
       +9.50  weight of evidence (needed: +3, with a shared identifier -6)

  shop:1 – shop:2
    A person decided that they are one.
    Decided by Li: called both
       +0.00  weight of evidence (needed: +3, with a shared identifier -6)

Not linked, though near
  crm:1 – shop:9: All else differs, shared phone, weight -8.12

Identifiers that link nobody
  crm:1  phone +…0: Placeholder"""
    )


def test_the_path_between_two_accounts_stands_alone():
    lines = list(Page(ANNA).path_lines("shop:2", "crm:1"))
    assert [line for line in lines if " – " in line] == ["  shop:1 – shop:2", "  crm:1 – shop:1"]
    assert not any("Segment" in line for line in lines)


def test_an_account_of_somebody_else_is_named():
    guest = replace(ANNA, accounts=(*ANNA.accounts, Account("shop:g", "shop", None, ("phone",))))
    with pytest.raises(ValueError, match="No path leads to 'shop:g': .* a contact on orders"):
        list(Page(guest).path_lines("crm:1", "shop:g"))
    with pytest.raises(ValueError, match="'shop:9' is no account of the customer anna"):
        list(Page(ANNA).path_lines("crm:1", "shop:9"))


def test_who_has_one_account_and_never_bought_takes_few_lines():
    nothing = Standing(None, None, None, None, None, None, ())
    alone = Customer("x", (Account("crm:1", "crm", None, ()),), nothing, (), (), (), 3, -6)
    assert list(Page(alone).lines()) == [
        "Customer x",
        "",
        "Accounts, the oldest first",
        "  crm:1  crm  –  linked to no other",
    ]


@pytest.mark.parametrize("language", LANGUAGES)
def test_values_of_people_are_whole_only_when_revealed(language):
    values = ("wang", "上海", "+8613812345678", "a@x.cn", "+8613800000000")
    hidden = "\n".join(Page(ANNA, language).lines())
    revealed = "\n".join(Page(ANNA, language, is_revealed=True).lines())
    assert not any(value in hidden for value in values)
    assert all(value in revealed for value in values)


def test_chinese_has_no_english_words_of_the_page():
    told = "\n".join(Page(ANNA, "zh").lines())
    assert "客户 anna" in told and "答谢" in told and "占位值" in told
    assert not any(word in told for word in ("Customer", "linked", "weight", "equal", "shared"))


@pytest.mark.parametrize(
    ("value", "expected"),
    [("", "…"), ("王", "…"), ("王伟", "王…"), ("王小伟", "王…伟"), ("+8613812345678", "+…8")],
)
def test_a_mask_leaves_the_ends_of_what_is_longer_than_they(value, expected):
    assert masked(value) == expected


def test_every_label_exists_in_both_languages():
    def leaves(node):
        return [node] if isinstance(node, Text) else sum(map(leaves, node.values()), [])

    assert all(text.en.strip() and text.zh.strip() for text in leaves(labels()))


def test_every_comparison_and_every_identifier_has_a_name():
    comparisons = LinkageRules.of(Project(ROOT, ROOT).variables({})).comparisons
    rules = (ROOT / "seeds" / "identifier_rules.csv").read_text("utf-8").splitlines()[1:]
    assert {*comparisons, *(rule.split(",")[0] for rule in rules)} <= set(labels()["names"])
