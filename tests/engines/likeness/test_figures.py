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
RECALL = {
    "whole": (0.3, 0.99),
    "passage-2": (0, 0.90),
    "passage-4": (0, 0.95),
    "passage-8": (0, 0.99),
    "edited-4": (0.3, 0.80),
    "interleaved-8": (0, 0.90),
    "split-8": (0, 0.95),
    "moved": (0, 0.99),
    "family": (0.1, 0.99),
}
PRECISION, OVERLAP = 0.95, 0.90
# In how many passages a common one is told of, on average.
PIECES = 1.2


# One test for each seed, so that no two processes make and scan the same papers.
@pytest.mark.parametrize("seed", SIZES, ids=["seed-1", "seed-2", "chosen-now"])
def test_copies_are_found_where_they_stand_and_decoys_are_not(seed):
    corpus = make_corpus(seed, SIZES[seed], cap=SETTINGS.cap)
    found = scan(corpus.documents, SETTINGS, allowed=corpus.allowed, templates=corpus.templates)
    figures = judge(corpus.truth, as_json(found))

    shares = {
        "pairs": (figures.pairs, PRECISION),
        "passages": (figures.passages, PRECISION),
        "common passages": (figures.common, 1),
        "holders of common passages": (figures.held, 1),
        "where common passages come from": (figures.origins, 1),
    }
    for kind, (rate, least) in RECALL.items():
        shares[f"recall of {kind}"] = figures.recall_of(kind, most=rate), least
        shares[f"overlap of {kind}"] = figures.iou_of(kind, most=rate), OVERLAP
    told = f"seed {seed}\n" + "\n".join(figures.lines())
    assert min(share.of for share, _least in shares.values()) >= 7, told
    assert {name for name, (share, least) in shares.items() if share.value < least} == set(), told
    assert figures.decoy_pairs == 0, told
    assert figures.pieces.value <= PIECES, told
    assert all(one.template or len(one.holders) > SETTINGS.cap for one in found.common), told
