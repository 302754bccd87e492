"""Pairs and passages: what was copied is shown as far as it matches, and stock wording is not."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tanzhao.engines.likeness import (
    common_passages,
    near_duplicates,
    passages_between,
    scan,
)
from tanzhao.engines.likeness.letters import MASKED, letters_of
from tanzhao.engines.likeness.settings import Settings
from tests.engines.likeness.remembered import Remembered

PACK = Settings()
COPIED = (
    "镇党委先后召开三次专题会议研究整改事项。对群众反映的低保评定不公问题逐户核查。"
    "共清退不符合条件的对象十七户并追回资金。"
)
ANOTHER = "油茶基地今年新增面积两百亩。合作社与农户签订了保底收购协议。电商服务站覆盖全部行政村。"


def own(number, sentences=6):
    """Wording that nobody else has: no two characters of it follow each other by chance."""
    dice = random.Random(number)
    return "".join(
        "".join(chr(0x4E00 + dice.randrange(20_000)) for _ in range(dice.randint(12, 30))) + "。"
        for _ in range(sentences)
    )


def shown(text, span):
    return text[span.start : span.end]


def test_a_copied_passage_is_shown_from_its_first_to_its_last_letter():
    left, right = own(1) + COPIED + own(2), own(3) + COPIED + own(4)

    (passage,) = passages_between(left, right, PACK)

    assert shown(left, passage.left) == shown(right, passage.right) == COPIED[:-1]
    assert passage.same == 1.0


def test_names_numbers_and_words_that_were_replaced_are_gone_over():
    edited = (
        COPIED.replace("镇党委", "乡党委").replace("十七", "二十三").replace("逐户", "逐一入户")
    )
    left, right = own(1) + COPIED + own(2), own(3) + edited + own(4)

    (passage,) = passages_between(left, right, PACK)

    assert shown(left, passage.left) == COPIED[1:-1]
    assert shown(right, passage.right) == edited[1:-1]
    assert 0.85 < passage.same < 1.0


def test_a_sentence_put_between_is_not_part_of_a_passage():
    first, rest = COPIED.split("。", 1)
    right = own(3) + first + "。" + own(9, 1) + rest + own(4)

    one, two = passages_between(own(1) + COPIED, right, PACK)

    assert shown(right, one.right) == first
    assert shown(right, two.right) == rest[:-1]


def test_passages_that_were_moved_are_all_found():
    left, right = COPIED + own(1) + ANOTHER, ANOTHER + own(2) + COPIED

    one, two = passages_between(left, right, PACK)

    assert (shown(left, one.left), shown(left, two.left)) == (COPIED[:-1], ANOTHER[:-1])
    assert one.right.start > two.right.start


def test_one_sentence_is_not_enough_and_a_long_one_is():
    sentence = "坚持以人民为中心的发展思想切实解决群众急难愁盼问题不断增强获得感。"
    long = sentence[:-1] + "，" + "推动全面从严治党向基层延伸并把整改成效体现到改善民生福祉上来。"

    for text, count in ((sentence, 0), (long, 1)):
        left, right = own(1) + text + own(2), own(3) + text + own(4)
        assert len(passages_between(left, right, PACK)) == count


def test_headings_are_not_sentences():
    heads = "中共青山县粮食和物资储备局\n中共青山县委巡察工作领导小组办公室\n一、整改工作情况\n"
    marked = heads.replace("\n", "。")

    assert passages_between(heads + own(1), heads + own(2), PACK) == ()
    assert len(passages_between(marked + own(1), marked + own(2), PACK)) == 1


def test_wording_that_several_have_counts_a_third():
    stock = "我们要提高政治站位压实主体责任。还要举一反三建章立制。"
    few = {f"{n}": own(n) + stock + own(n + 50) for n in range(PACK.few)}
    more = few | {f"{n}": own(n) + stock + own(n + 50) for n in range(PACK.few, 2 * PACK.few)}

    assert len(scan(few, PACK).pairs) == PACK.few * (PACK.few - 1) // 2
    assert scan(more, PACK).pairs == ()


def test_wording_of_more_than_the_cap_is_reported_once_with_every_holder():
    held = {f"{n:02}": own(n) + COPIED + own(n + 50) for n in range(PACK.cap + 1)}
    copied = own(199, 4)
    held["20"] += copied
    held["03"] = copied + held["03"]
    order = ["07", *(key for key in held if key != "07")]

    found = scan({key: held[key] for key in order}, PACK)

    (pair,) = found.pairs
    assert (pair.left, pair.right) == ("03", "20")
    assert [shown(held["03"], one.left) for one in pair.passages] == [copied[:-1]]
    (common,) = found.common
    assert (common.text, common.first, common.template) == (COPIED[:-1], "07", "")
    assert {one.key: shown(held[one.key], one.at) for one in common.holders} == dict.fromkeys(
        held, COPIED[:-1]
    )


def test_a_copy_goes_over_common_wording_within_it():
    held = {f"{n:02}": own(n) + COPIED + own(n + 50) for n in range(PACK.cap + 1)}
    whole = own(198, 3) + COPIED + own(199, 3)

    found = scan(held | {"a": whole + own(201), "b": own(202) + whole}, PACK)

    assert [(pair.left, pair.right) for pair in found.pairs] == [("a", "b")]
    assert [shown(whole, one.left) for one in found.pairs[0].passages] == [whole[:-1]]


def test_common_passages_end_where_their_holders_change():
    documents = {f"{n:02}": own(n) + COPIED + own(n + 50) for n in range(3 * PACK.cap)}
    for key in list(documents)[: PACK.cap + 2]:
        documents[key] = documents[key].replace(COPIED, COPIED + ANOTHER)

    found = common_passages(documents, PACK)

    assert [(one.text, len(one.holders)) for one in found] == [
        (COPIED[:-1], 3 * PACK.cap),
        (ANOTHER[:-1], PACK.cap + 2),
    ]


def changed(text, share, dice):
    """Replace a share of the letters."""
    return "".join(
        chr(0x4E00 + dice.randrange(20_000)) if dice.random() < share and one != "。" else one
        for one in text
    )


def test_a_long_common_passage_is_one_though_its_phrases_stand_elsewhere_too():
    copied = own(300, 8)
    phrases = copied[20:28], copied[61:71], copied[100:107]
    documents = {f"{n:02}": own(n) + copied + own(n + 50) for n in range(30)}
    for number, phrase in enumerate(phrases):
        documents |= {f"p{number}{n}": own(400 + 30 * number + n) + phrase for n in range(30)}
        documents[f"{number:02}"] = phrase + documents[f"{number:02}"]

    found = common_passages(documents, PACK)

    assert [(one.text, len(one.holders)) for one in found] == [(copied[:-1], 30)]


def test_a_report_that_many_copied_is_one_passage_though_each_changed_words_of_it():
    report, dice = own(1, 40), random.Random(2)
    documents = {f"{n:02}": own(n + 9, 3) + changed(report, 0.1, dice) for n in range(60)}

    found = scan(documents, PACK).common

    widest = max(found, key=lambda one: len(one.text))
    assert len(found) <= 3
    assert len(widest.text) > 0.9 * len(report)
    assert {one.key for one in widest.holders} == set(documents)


def test_what_comes_from_a_template_makes_no_pairs_and_is_said_to():
    documents = {"a": own(1) + COPIED, "b": COPIED + own(2), "c": own(3)}

    found = scan(documents, PACK, templates={"form": "填表说明。" + COPIED + "签字。"})

    assert len(scan(documents, PACK).pairs) == 1
    assert found.pairs == ()
    (common,) = found.common
    assert (common.text, common.template) == (COPIED[:-1], "form")
    assert [one.key for one in common.holders] == ["a", "b"]


def test_allowed_text_is_in_no_passage_even_in_part():
    clause = "党组织应当在收到反馈意见之日起两个月内报送整改进展情况报告"
    texts = {
        key: own(n) + COPIED + "依照规定，" + clause[3:25] + "。" + ANOTHER + own(n + 50)
        for n, key in enumerate("ab")
    }

    without = scan(texts, PACK)
    (pair,) = scan(texts, PACK, allowed=(clause,)).pairs

    assert [clause[3:25] in shown(texts["a"], one.left) for one in without.pairs[0].passages] == [
        True
    ]
    assert [shown(texts["a"], one.left) for one in pair.passages] == [
        COPIED + "依照规定",
        ANOTHER[:-1],
    ]


def test_allowed_text_shorter_than_the_run_is_allowed_as_a_whole_only():
    texts = {key: own(n) + COPIED + ANOTHER for n, key in enumerate("ab")}

    def parts(allowed):
        (pair,) = scan(texts, PACK, allowed=(allowed,)).pairs
        return len(pair.passages)

    assert parts("专题会议") == 2
    assert parts("专题会议室") == 1


def test_shares_are_of_letters_that_are_not_allowed():
    allowed = own(7, 3)
    left, right = COPIED + ANOTHER + allowed, own(2, 8) + COPIED + ANOTHER

    (pair,) = scan({"a": left, "b": right}, PACK, allowed=(allowed,)).pairs

    assert pair.left_share == 1.0
    letters = len(letters_of(COPIED + ANOTHER).signs)
    assert pair.right_share == round(letters / len(letters_of(right).signs), 4)


def test_near_duplicates_come_most_alike_first():
    whole = own(1, 12)
    texts = {"a": whole, "b": whole[:-40] + own(2, 2), "c": whole[:90] + own(3, 12), "d": own(4)}

    pairs = near_duplicates(texts, least=0.8, settings=PACK)

    assert [(pair.left, pair.right) for pair in pairs] == [("a", "b")]
    assert len(near_duplicates(texts, least=0.1, settings=PACK)) == 3


def test_english_is_compared_word_by_word():
    copied = (
        "The township committee reviewed every household that receives aid. "
        "Seventeen households no longer qualified and the money was recovered. "
    )
    left = "Our harvest was good this year and the road was mended. " + copied
    right = copied + "Nothing in this report concerns the school or its kitchen."

    (passage,) = passages_between(left, right, Settings(least_letters=16))

    assert shown(left, passage.left) == copied[:-2]


def test_long_and_dull_texts_do_no_harm():
    dull = {"same": "的" * 200_000, "again": "的" * 200_000, "empty": "", "marks": "。！\n" * 9}

    (pair,) = scan(dull, PACK).pairs

    assert (pair.left_share, pair.right_share) == (1.0, 1.0)
    assert len(passages_between(COPIED * 2_000, COPIED * 2_000, PACK)) >= 1


def mixed_documents(seed, count):
    """Documents that share much: sentences of a small pool, in runs and alone, and their own."""
    dice = random.Random(seed)
    pool = [own(f"{seed}/{n}", 1) for n in range(30)]
    documents = {}
    for number in range(count):
        said = []
        for _ in range(dice.randint(1, 5)):
            first = int(30 * dice.random() ** 2)
            said += pool[first : first + dice.choice((0, 1, 2, 4))] or [own(dice.random(), 1)]
        documents[f"{number:02}"] = "".join(said)
    return documents, pool


TIGHT = Settings(cap=5, few=2, least_letters=18)


@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
@settings(max_examples=6, deadline=None)
def test_the_order_of_documents_does_not_matter_and_one_by_one_is_as_good(seed, dice):
    documents, pool = mixed_documents(seed, 18)
    keys = sorted(documents)
    dice.shuffle(keys)
    rules = {"allowed": pool[2:4], "templates": {"form": pool[6] + pool[7]}}
    whole = scan(documents, TIGHT, **rules)

    shuffled = scan({key: documents[key] for key in keys}, TIGHT, **rules)
    store = Remembered(TIGHT, **rules)
    for key in keys:
        store.add(key, documents[key])

    assert shuffled.pairs == whole.pairs
    assert {one.holders for one in shuffled.common} == {one.holders for one in whole.common}
    assert tuple(pair for _, pair in sorted(store.pairs.items())) == whole.pairs


@pytest.mark.parametrize("seed", [46, 125, 4908])
def test_common_passages_are_the_same_in_whatever_order_documents_came(seed):
    documents, pool = mixed_documents(seed, 18)
    rules = {"allowed": pool[2:4], "templates": {"form": pool[6] + pool[7]}}
    held = {one.holders for one in scan(documents, TIGHT, **rules).common}

    for dice in map(random.Random, range(4)):
        keys = sorted(documents)
        dice.shuffle(keys)
        shuffled = scan({key: documents[key] for key in keys}, TIGHT, **rules)
        assert {one.holders for one in shuffled.common} == held


def test_pairs_that_became_common_wording_are_gone():
    store = Remembered(TIGHT)
    for number in range(TIGHT.cap):
        store.add(f"{number}", own(number, 2) + COPIED)
    assert len(store.pairs) == TIGHT.cap * (TIGHT.cap - 1) // 2

    found = store.add("new", COPIED + own(70, 2))

    assert store.pairs == {}
    assert len(found.gone) == TIGHT.cap * (TIGHT.cap - 1) // 2
    (common,) = found.common
    assert (len(common.holders), common.first) == (TIGHT.cap + 1, "0")
    assert common.text in COPIED


@given(st.integers(0, 10**6))
@settings(max_examples=12, deadline=None)
def test_what_is_shown_matches_and_is_neither_allowed_nor_shown_twice(seed):
    documents, pool = mixed_documents(seed, 16)
    allowed = pool[1]

    for pair in scan(documents, TIGHT, allowed=(allowed,)).pairs:
        left, right = documents[pair.left], documents[pair.right]
        end = 0
        for passage in pair.passages:
            assert end <= passage.left.start < passage.left.end
            end = passage.left.end
            one, other = shown(left, passage.left), shown(right, passage.right)
            assert allowed[:-1] not in one
            assert allowed[:-1] not in other
            mine, theirs = (letters_of(text).signs.tolist() for text in (one, other))
            assert (mine[0], mine[-1]) == (theirs[0], theirs[-1])
            assert MASKED not in mine
            assert passage.same > 0.5
            if passage.same == 1.0:
                assert mine == theirs


@given(st.integers(0, 10**6))
@settings(max_examples=8, deadline=None)
def test_names_do_not_matter_only_their_order(seed):
    documents, _pool = mixed_documents(seed, 12)
    renamed = {f"x{key}": text for key, text in documents.items()}

    pairs = [(pair.left, pair.right, pair.passages) for pair in scan(documents, TIGHT).pairs]

    assert [
        (pair.left[1:], pair.right[1:], pair.passages) for pair in scan(renamed, TIGHT).pairs
    ] == pairs
