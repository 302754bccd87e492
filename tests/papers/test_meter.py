from dataclasses import replace
from uuid import uuid4

import pytest

from tanzhao.papers.lint import hints, rules
from tanzhao.papers.meter import Paper, missing, requirements
from tanzhao.papers.wording import (
    ChangedBy,
    Difference,
    Distinction,
    FactText,
    Wording,
    from_json,
    merged,
)
from tests.papers.staging import complete_wording

FULL = complete_wording(handlers=("a", "b"))
FACT = FULL.facts[0]
PAPER = Paper(FULL, evidence=(FACT.id,))
LACKING = {
    "title": {"title": "  "},
    "overview": {"overview": ""},
    "handlers": {"handlers": ("a",)},
    "basis": {"basis": ""},
    "responsibility": {"responsibility": ""},
    "effect": {"effect": ""},
    "principal_said": {"principal_said": ""},
    "methods": {"facts": (replace(FACT, method=""),)},
    "distinctions": {"distinctions": FULL.distinctions[:2]},
}


def test_a_complete_paper_lacks_nothing():
    assert missing(PAPER) == []
    assert all(one.done for one in requirements(PAPER))


@pytest.mark.parametrize("code", LACKING)
def test_each_thing_that_is_left_out_is_named_and_nothing_else(code):
    paper = replace(PAPER, wording=replace(FULL, **LACKING[code]))

    assert [one.code for one in missing(paper)] == [code]


def test_a_paper_without_facts_or_evidence_lacks_them():
    bare = replace(PAPER, wording=replace(FULL, facts=()), evidence=())

    assert [one.code for one in missing(bare)] == ["facts", "methods", "evidence"]


def test_evidence_for_each_fact_is_advised_and_holds_nothing_up():
    paper = replace(PAPER, evidence=("",))

    assert [one.code for one in requirements(paper) if not one.done] == ["evidence_of_facts"]
    assert missing(paper) == []


@pytest.mark.parametrize(
    ("answer", "reason", "lacks"),
    [
        ("yes", "", False),
        ("no", "", False),
        ("not_applicable", "", True),
        ("not_applicable", "  ", True),
        ("not_applicable", "不涉及个人", False),
        ("", "不涉及个人", True),
        ("perhaps", "", True),
    ],
)
def test_not_applicable_needs_a_reason(answer, reason, lacks):
    answers = (*FULL.distinctions[:2], Distinction("development", answer, reason))
    paper = replace(PAPER, wording=replace(FULL, distinctions=answers))

    assert [one.code for one in missing(paper)] == (["distinctions"] if lacks else [])


@pytest.mark.parametrize("rule", ["mood", "unmeasured", "adjudging", "vague_time"])
def test_a_hint_names_the_word_the_sentence_and_the_rule(rule):
    texts = {
        "mood": "一句平常的话。财务管理极其混乱。",
        "unmeasured": "一句平常的话。部分干部作风不实。",
        "adjudging": "一句平常的话。该局局长涉嫌挪用。",
        "vague_time": "一句平常的话。近年来未开会。",
    }

    found = hints({"overview": texts[rule]})

    assert [(one.place, one.rule.code) for one in found] == [("overview", rule)]
    assert found[0].sentence == texts[rule].split("。")[1] + "。"


def test_a_figure_needs_a_source_or_evidence():
    text = {"fact:1": "列支接待费1.2万元。"}

    assert [one.rule.code for one in hints(text)] == ["figure_without_source"]
    assert hints(text, with_evidence=["fact:1"]) == []
    assert hints({"fact:1": "据记账凭证，列支接待费1.2万元。"}) == []


def test_a_well_written_paper_gives_no_hints():
    texts = {"overview": FULL.overview, "fact:1": FACT.what, "effect": FULL.responsibility}

    assert hints(texts, with_evidence=["overview", "fact:1"]) == []
    assert {rule.code for rule in rules()} >= {"mood", "unmeasured", "adjudging"}


def test_wording_comes_back_from_json_as_it_was():
    assert from_json(FULL.to_json()) == FULL
    assert from_json(Wording().to_json()) == Wording()


def test_what_only_one_changed_is_taken_from_that_one():
    base = FULL
    mine = replace(base, basis="我改的", facts=())
    added = FactText(str(uuid4()), "对方加的", method="survey")
    theirs = replace(base, effect="对方改的", facts=(*base.facts, added), handlers=("a", "c"))

    wording, differences = merged(base, mine, theirs)

    assert wording == replace(
        base, basis="我改的", effect="对方改的", facts=(added,), handlers=("a", "c")
    )
    assert {(one.key, one.changed_by) for one in differences} == {
        ("basis", ChangedBy.ME),
        (f"fact:{FACT.id}", ChangedBy.ME),
        ("effect", ChangedBy.THEM),
        (f"fact:{added.id}", ChangedBy.THEM),
        ("handlers", ChangedBy.THEM),
    }


def test_what_both_changed_is_mine_unless_theirs_is_chosen():
    mine, theirs = replace(FULL, title="我的"), replace(FULL, title="对方的")

    kept, differences = merged(FULL, mine, theirs)
    taken, _ = merged(FULL, mine, theirs, frozenset({"title"}))

    assert (kept.title, taken.title) == ("我的", "对方的")
    assert differences == [Difference("title", "我的", "对方的", ChangedBy.BOTH)]


def test_a_fact_one_removed_and_the_other_changed_is_asked_about():
    changed = replace(FACT, what="改过的")
    mine, theirs = replace(FULL, facts=(changed,)), replace(FULL, facts=())

    assert merged(FULL, mine, theirs)[0].facts == (changed,)
    assert merged(FULL, theirs, mine)[0].facts == ()
    assert merged(FULL, theirs, mine, frozenset({f"fact:{FACT.id}"}))[0].facts == (changed,)


def test_without_the_version_both_started_from_every_difference_is_asked_about():
    _, differences = merged(None, FULL, replace(FULL, effect="别的"))

    assert [one.changed_by for one in differences] == [ChangedBy.BOTH]
