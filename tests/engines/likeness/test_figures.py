"""What was promised of likeness, on made-up papers: two fixed seeds, and one chosen now."""

import secrets

import pytest

from tanzhao.engines.likeness import scan
from tanzhao.engines.likeness.settings import Settings
from tests.engines.likeness.generator import make_corpus
from tests.engines.likeness.judge import as_json, judge

CHOSEN_NOW = secrets.randbelow(10**6) + 10
# 4 000 papers have 200 copied passages of each length, and 400 whole copies of rates to 30 %.
SIZES = {1: 1500, 2: 1500, CHOSEN_NOW: 4000}
SETTINGS = Settings()
# Of each kind: edits up to which rate, and the least share that is found.
LEAST = {
    "whole": (0.3, 0.99),
    "passage-2": (0, 0.90),
    "passage-4": (0, 0.95),
    "passage-8": (0, 0.99),
    "edited-4": (0.3, 0.80),
    "split-8": (0, 0.95),
    "moved": (0, 0.99),
    "family": (0.1, 0.99),
}


@pytest.fixture(scope="module", params=SIZES, ids=["seed-1", "seed-2", "chosen-now"])
def figures(request):
    seed = request.param
    corpus = make_corpus(seed, SIZES[seed], cap=SETTINGS.cap)
    found = scan(corpus.documents, SETTINGS, allowed=corpus.allowed, templates=corpus.templates)
    judged = judge(corpus.truth, as_json(found))
    return judged, f"seed {seed}\n" + "\n".join(judged.lines())


def test_pairs_and_passages_are_right(figures):
    judged, told = figures
    assert judged.pairs.of > 500, told
    assert judged.pairs.value >= 0.95, told
    assert judged.passages.value >= 0.95, told
    assert judged.decoy_pairs == 0, told


@pytest.mark.parametrize("kind", LEAST)
def test_what_was_planted_is_found(figures, kind):
    judged, told = figures
    most, least = LEAST[kind]
    recall = judged.recall_of(kind, most=most)
    assert recall.of >= 15, told
    assert recall.value >= least, f"{kind}: {recall}\n{told}"


@pytest.mark.parametrize("kind", LEAST)
def test_it_is_found_where_it_stands(figures, kind):
    judged, told = figures
    overlap = judged.iou_of(kind, most=LEAST[kind][0])
    assert overlap.value >= 0.90, f"{kind}: {overlap}\n{told}"


def test_common_passages_are_reported_with_all_holders_and_where_they_come_from(figures):
    judged, told = figures
    assert judged.common.of >= 7, told
    assert judged.common.value == judged.held.value == judged.origins.value == 1, told
