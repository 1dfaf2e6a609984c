"""Of few people nothing is shown, neither straight nor by subtraction."""

from __future__ import annotations

from orchestration.report.monday.shield import hidden


def test_a_cell_of_few_is_hidden_and_the_next_smallest_with_it():
    """All less the north would tell of the three."""
    people = {("all",): 40, ("north",): 20, ("south",): 17, ("west",): 3}
    assert hidden(people) == {("west",), ("south",)}


def test_cells_of_few_that_are_many_together_hide_each_other():
    """What is left is of seven, of whom nobody knows how they divide."""
    assert hidden({("all",): 40, ("a",): 33, ("b",): 4, ("c",): 3}) == {("b",), ("c",)}


def test_cells_that_are_few_together_take_another_with_them():
    people = {("all",): 40, ("a",): 28, ("b",): 9, ("c",): 2, ("d",): 1}
    assert hidden(people) == {("b",), ("c",), ("d",)}


def test_a_hidden_whole_of_one_part_hides_the_part():
    """All of the store's customers are those of its channel."""
    people = {
        ("all", "all"): 30,
        ("s", "all"): 3,
        ("s", "till"): 3,
        ("t", "all"): 27,
        ("t", "till"): 27,
    }
    assert hidden(people) == {("s", "all"), ("s", "till"), ("t", "all"), ("t", "till")}


def test_a_store_is_a_part_of_its_region():
    """The region would tell of the one store by the other."""
    people = {("all",): 60, ("north",): 30, ("south",): 30, ("s1",): 27, ("s2",): 3}
    within = {"s1": "north", "s2": "north"}
    assert hidden(people, within) == {("s1",), ("s2",)}


def test_nobody_is_no_secret_and_of_many_all_is_shown():
    assert hidden({("all",): 40, ("a",): 20, ("b",): 20, ("c",): 0}) == set()
    assert hidden({("all",): 4, ("a",): 4}) == {("all",), ("a",)}
