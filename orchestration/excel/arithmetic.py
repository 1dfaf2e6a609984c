"""Formulas of a sheet over the columns of a row: what a spreadsheet computes and finds.

A formula is arithmetic over names of columns, such as `customers / total.customers`, in which
`total` is the last row of the table. Its value is computed here too, and written beside it, since a
viewer that computes nothing shows what is written.
"""

from __future__ import annotations

import ast
import operator
from collections.abc import Callable, Mapping
from functools import cache

_OPERATORS: Mapping[type, tuple[str, Callable[[float, float], float]]] = {
    ast.Add: ("+", operator.add),
    ast.Sub: ("-", operator.sub),
    ast.Mult: ("*", operator.mul),
    ast.Div: ("/", operator.truediv),
}

Numbers = Mapping[str, float | None]


@cache
def parsed(formula: str) -> ast.expr:
    """The formula as a tree; `ValueError` where it is no arithmetic of columns."""
    tree = ast.parse(formula, mode="eval").body
    evaluated(tree, lambda name: 1.0, lambda name: 1.0)
    return tree


def value_of(formula: str, row: Numbers, total: Numbers) -> float | None:
    """What the formula comes to; None where it lacks a number, or divides by nothing."""
    try:
        return evaluated(parsed(formula), row.__getitem__, total.__getitem__)
    except (TypeError, ZeroDivisionError):
        return None


def evaluated(
    node: ast.expr, column: Callable[[str], float | None], total: Callable[[str], float | None]
) -> float:
    match node:
        case ast.BinOp(left, op, right) if type(op) in _OPERATORS:
            apply = _OPERATORS[type(op)][1]
            return apply(evaluated(left, column, total), evaluated(right, column, total))
        case ast.Name(name):
            return column(name)
        case ast.Attribute(ast.Name("total"), name):
            return total(name)
        case ast.Constant(int() | float() as number):
            return number
    raise ValueError(f"`{ast.unparse(node)}` is no arithmetic of columns")


def as_excel(formula: str, column: Callable[[str], str], total: Callable[[str], str]) -> str:
    """The formula as a spreadsheet reads it; `column` and `total` give the addresses of cells."""
    return f"={_written(parsed(formula), column, total)}"


def _written(node: ast.expr, column: Callable[[str], str], total: Callable[[str], str]) -> str:
    match node:
        case ast.BinOp(left, op, right):
            sign = _OPERATORS[type(op)][0]
            sides = [_written(side, column, total) for side in (left, right)]
            # Every operation within another has its brackets: more than needed, never too few.
            for at, side in enumerate((left, right)):
                if isinstance(side, ast.BinOp):
                    sides[at] = f"({sides[at]})"
            return sign.join(sides)
        case ast.Attribute(_, name):
            return total(name)
        case ast.Name(name):
            return column(name)
    return ast.unparse(node)
