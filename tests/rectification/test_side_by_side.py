"""Two texts cut where their passages begin and end."""

from tanzhao.rectification.side_by_side import (
    FOLDED,
    SHOWN,
    changed_spans,
    lines_of,
    pieces_of,
    place_in,
)


def _said(pieces):
    return "".join(
        "".join(run.text for run in piece.runs) + piece.hidden + piece.rest for piece in pieces
    )


def test_a_text_cut_at_its_passages_is_the_same_text():
    text = "开头。相同的一段。中间。又一段相同。结尾。"

    pieces = pieces_of(text, [(3, 9), (12, 18)])

    assert _said(pieces) == text
    assert [piece.numbers for piece in pieces] == [(), (1,), (), (2,), ()]
    assert [piece.tone for piece in pieces] == [0, 1, 0, 2, 0]


def test_passages_that_overlap_are_each_begun_once_and_nothing_is_said_twice():
    text = "甲乙丙丁戊己庚辛"

    pieces = pieces_of(text, [(1, 5), (3, 7), (3, 4)])

    assert _said(pieces) == text
    assert [piece.begins for piece in pieces if piece.begins] == [(1,), (2, 3)]


def test_what_lies_long_between_passages_is_folded_and_can_be_unfolded():
    text = "同" * 30 + "异" * (FOLDED + 1) + "同" * 30 + "尾" * (FOLDED + 1)

    pieces = pieces_of(text, [(0, 30), (FOLDED + 31, FOLDED + 61)])

    assert _said(pieces) == text
    assert [len(piece.hidden) for piece in pieces if piece.hidden] == [
        FOLDED + 1 - 2 * SHOWN,
        FOLDED + 1 - SHOWN,
    ]


def test_a_passage_beyond_the_end_of_a_text_breaks_nothing():
    assert _said(pieces_of("短", [(0, 50), (60, 70)])) == "短"
    assert pieces_of("", []) == []


def test_what_the_other_side_says_otherwise_is_marked_and_chance_letters_are_not_spared():
    left, right = "共追缴四万八千六百元，已全部入账。", "共追缴二万一千元，已全部入账。"

    changed = changed_spans(left, (0, len(left)), right, (0, len(right)))

    # The one 万 and the 千 that both have are no likeness of their own.
    assert [left[start:end] for start, end in changed] == ["四万八千六百"]
    assert changed_spans(left, (0, 4), left, (0, 4)) == []


def test_a_passage_is_found_by_its_page_and_paragraph():
    parts = [[0, 1, 1], [10, 1, 2], [20, 2, 1]]

    assert [place_in(parts, at) for at in (0, 9, 10, 25)] == [(1, 1), (1, 1), (1, 2), (2, 1)]
    assert place_in([], 5) == (0, 1)
    line = lines_of([[10, 15, 0, 5, 987]], "字" * 30, parts, [])[0]
    assert (line.left_place, line.right_place, line.same_percent) == ((1, 2), (0, 1), 98)
