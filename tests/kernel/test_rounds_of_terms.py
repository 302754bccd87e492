"""Rounds that a cell names together with their terms."""

import pytest

from tanzhao.kernel.sheets.numbers import read_rounds, rounds_of_terms, term_of


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("十五届第三轮", [(15, 3)]),
        ("十五届县委第三轮、第四轮", [(15, 3), (15, 4)]),
        ("第15届第1、3轮", [(15, 1), (15, 3)]),
        ("十四届第一轮，十五届第一轮", [(14, 1), (15, 1)]),
        ("第二轮、十五届第一轮", [(None, 2), (15, 1)]),
        ("第三轮、4", []),  # no term is named
        ("十五届", []),  # a term and no round
        (None, []),
    ],
)
def test_a_round_goes_with_the_term_it_stands_behind(cell, expected):
    assert rounds_of_terms(cell) == expected


def test_what_was_read_before_is_read_as_before():
    cell = "十四届第一轮，十五届第二轮"

    assert read_rounds(cell).value == [1, 2]
    assert term_of(cell) == 14
