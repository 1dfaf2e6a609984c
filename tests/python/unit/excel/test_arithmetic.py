"""A formula comes to what a spreadsheet makes of it, and is none where it lacks a number."""

from __future__ import annotations

import pytest

from orchestration.excel.arithmetic import as_excel, parsed, value_of

ROW = {"a": 6.0, "b": 4.0, "none": None, "zero": 0.0}


@pytest.mark.parametrize(
    "formula, value, written",
    [
        ("a / b", 1.5, "=A7/B7"),
        ("a / b - 1", 0.5, "=(A7/B7)-1"),
        ("a - (b - a)", 8.0, "=A7-(B7-A7)"),
        ("(a - b) * 100", 200.0, "=(A7-B7)*100"),
        ("a / total.a", 0.5, "=A7/A$9"),
        ("a / none", None, "=A7/NONE7"),
        ("a / zero", None, "=A7/ZERO7"),
    ],
)
def test_a_formula_is_written_as_it_is_computed(formula, value, written):
    assert value_of(formula, ROW, {"a": 12.0}) == value
    assert as_excel(formula, lambda name: f"{name.upper()}7", lambda name: f"{name.upper()}$9") == (
        written
    )


@pytest.mark.parametrize(
    "formula", ["a ** b", "print(a)", "a.b", "'a'", "a and b", "a if b else a"]
)
def test_what_is_no_arithmetic_of_columns_is_refused(formula):
    with pytest.raises(ValueError, match="no arithmetic"):
        parsed(formula)
