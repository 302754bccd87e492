"""The generator tells the truth about what it planted, and the judge sees what is wrong."""

import json
import random
from difflib import SequenceMatcher
from itertools import combinations, pairwise

import pytest

from tests.engines.likeness.edits import EDITS, edited
from tests.engines.likeness.generator import Maker, make_corpus, put_files
from tests.engines.likeness.judge import judge, kind_of, read_truth
from tests.engines.likeness.sentences import Writer, make_cast
from tests.engines.likeness.vocabulary import TOPICS

SEED = 5


@pytest.fixture(scope="module")
def corpus():
    return make_corpus(SEED, 500)


def all_that_is_true(truth):
    """What a faultless engine would say."""
    return {
        "pairs": [
            {
                "left": copy.left,
                "right": copy.right,
                "passages": [{"left": left, "right": right} for left, right in copy.segments],
            }
            for copy in truth.copies
        ],
        "common": [
            {
                "text": one.text,
                "first": one.holders[0][0],
                "template": one.template,
                "holders": [{"file": key, "at": at} for key, at in one.holders],
            }
            for one in truth.common
        ],
    }


def said(text, span):
    return text[span[0] : span[1]].replace("\n", "")


def test_a_seed_gives_the_same_papers_and_another_seed_others(corpus):
    again = make_corpus(SEED, 500)

    assert (again.documents, again.truth) == (corpus.documents, corpus.truth)
    assert not set(make_corpus(SEED + 1, 500).documents.values()) & set(again.documents.values())


def test_papers_can_be_streamed(corpus):
    streamed = Maker(SEED, 500).papers()

    assert [(key, text) for key, text, *_rest in streamed] == list(corpus.documents.items())


def test_what_was_copied_word_by_word_says_the_same_on_both_sides(corpus):
    verbatim = [copy for copy in corpus.truth.copies if copy.rate == 0]
    assert len(verbatim) > 100
    for copy in verbatim:
        left, right = corpus.documents[copy.left], corpus.documents[copy.right]
        assert copy.left < copy.right
        assert [said(left, one) for one, _ in copy.segments] == [
            said(right, other) for _, other in copy.segments
        ], copy


def test_stretches_of_a_copy_do_not_overlap(corpus):
    for copy in corpus.truth.copies:
        for side in (0, 1):
            spans = sorted(segment[side] for segment in copy.segments)
            assert all(one[1] <= other[0] for one, other in pairwise(spans))


@pytest.mark.parametrize("rate", [0.1, 0.3, 0.5])
@pytest.mark.parametrize("edit", EDITS)
def test_edits_change_about_as_much_as_their_rate_says(edit, rate):
    expected = min(rate, 0.18) if edit == "names" else rate
    assert 0.8 * expected < changed(edit, rate) < 1.2 * expected


def changed(edit, rate):
    """The share of letters of some papers that an edit took away, put in or put elsewhere."""
    rng, lost, added, whole = random.Random(SEED), 0, 0, 0
    for number in range(40):
        paper, writer, cast = Maker(SEED, 500)._own(number)
        source = [one._replace(origin=at) for at, one in enumerate(paper) if one.role == "own"]
        copy = edited(source, edit, rate, rng, cast, writer)
        kept = {one.origin: one.text for one in copy}
        whole += sum(len(one.text) for one in source)
        added += sum(len(one.text) for one in copy if one.origin < 0)
        for place, one in enumerate(source):
            text = kept.get(one.origin, "")
            if edit == "order" and copy[place].origin != one.origin:
                text = ""
            blocks = SequenceMatcher(None, one.text, text, autojunk=False).get_matching_blocks()
            same = sum(block.size for block in blocks)
            lost += len(one.text) - same
            added += len(text) - same
    return max(lost, added) / whole


def test_every_kind_and_every_decoy_is_there(corpus):
    kinds = {kind_of(copy) for copy in corpus.truth.copies}
    for kind in ("passage-2", "passage-4", "passage-8", "moved", "interleaved-8", "split-8"):
        assert kind in kinds
    assert {f"whole/{edit}/{rate:g}" for edit in EDITS for rate in (0, 0.1, 0.3, 0.5)} <= kinds
    assert {what for _left, _right, what in corpus.truth.decoys} == {"matter", "cast"}
    roles = {role for roles in corpus.truth.other.values() for role in roles}
    assert {"stock", "lone", "allowed", "common", "heading", "head"} <= roles


def test_decoys_share_names_or_headings_and_no_sentence(corpus):
    copied = {pair for copy in corpus.truth.copies for pair in [(copy.left, copy.right)]}
    maker = Maker(SEED, 500)
    for left, right, what in corpus.truth.decoys:
        assert (left, right) not in copied
        one, other = (maker._own(int(key[:5])) for key in (left, right))
        assert (one[2] == other[2]) == (what == "cast")
        own = [{said.text for said in paper[0] if said.role == "own"} for paper in (one, other)]
        assert not own[0] & own[1]
        headings = [{s.text for s in paper[0] if s.role == "heading"} for paper in (one, other)]
        assert headings[0] == headings[1]


def test_common_passages_have_more_holders_than_the_cap_and_stand_where_it_says(corpus):
    assert len(corpus.truth.common) >= 2
    for one in corpus.truth.common:
        assert len(one.holders) > 20
        for key, (start, end) in one.holders:
            assert corpus.documents[key][start:end] == one.text
        if one.template:
            assert one.text in corpus.templates[one.template]


def test_regulations_are_quoted_word_by_word(corpus):
    quoted = sum(any(law in text for law in corpus.allowed) for text in corpus.documents.values())
    assert quoted > 50


def test_sentences_are_hardly_ever_alike_by_accident():
    """Of the runs of 16 letters about one matter, fewer than 1 in 500 are in two papers."""
    rng = random.Random(SEED)
    matter = next(iter(TOPICS))
    runs: list[set[str]] = []
    for _paper in range(100):
        writer = Writer(rng, matter, make_cast(rng), "work")
        texts = [writer.sentence() for _ in range(40)]
        runs.append({text[i : i + 16] for text in texts for i in range(len(text) - 15)})
    shared = set().union(*(one & other for one, other in combinations(runs, 2)))
    assert len(shared) < sum(map(len, runs)) / 500


def test_the_judge_finds_no_fault_in_the_truth(corpus, tmp_path):
    found = all_that_is_true(corpus.truth)
    put_files(corpus, tmp_path / "papers")
    truth = read_truth(tmp_path / "papers.truth.json")

    figures = judge(truth, json.loads(json.dumps(found)))

    assert figures.pairs == (len(found["pairs"]),) * 2
    assert figures.passages.value == figures.common.value == figures.held.value == 1
    assert figures.origins == (len(truth.common),) * 2
    assert figures.recall_of().value == figures.iou_of().value == 1
    assert (figures.decoy_pairs, figures.wrong) == (0, {})
    for key, text in corpus.documents.items():
        assert (tmp_path / "papers" / key).read_text(encoding="utf-8") == text


def test_the_judge_sees_what_is_missing_wrong_and_shifted(corpus):
    found = all_that_is_true(corpus.truth)
    missed, shifted = found["pairs"].pop(0), found["pairs"][0]
    left, right, _what = corpus.truth.decoys[0]
    stock = [corpus.truth.other[key]["stock"][0] for key in (left, right)]
    passage = {"left": stock[0], "right": stock[1]}
    found["pairs"].append({"left": left, "right": right, "passages": [passage]})
    shifted["passages"] = [{"left": [0, 4000], "right": [0, 4000]}]
    found["common"][0]["holders"].pop()
    found["common"][1]["template"] = "another"

    figures = judge(corpus.truth, found)

    assert figures.pairs.of - figures.pairs.right == 1
    assert figures.passages.right < figures.passages.of
    assert figures.decoy_pairs == 1
    assert figures.wrong == {"stock": [(left, right)]}
    recall = figures.recall_of()
    assert recall.of - recall.right == 1
    assert missed["left"] != shifted["left"]
    assert figures.iou_of().value < 1
    assert figures.common.of - figures.common.right == 1
    assert figures.held.of - figures.held.right == 1
    assert figures.origins.of - figures.origins.right == 1
