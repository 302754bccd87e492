"""What is shared by chance weighs little: forms filled in alike, edits in short documents."""

import random
import re

import pytest

from tanzhao.engines.likeness import passages_between, scan
from tanzhao.engines.likeness.settings import Settings

PACK = Settings()
SLOT = re.compile(r"\{(\w)\}")
# Slots: o office, m matter, f fault, s step, r result, n number.
PATTERNS = re.findall(
    r"\S+",
    """
针对{m}方面存在的{f}问题，{o}{s}，{s}，{r}。
{o}主要负责人主持会议，专题研究{m}工作，要求{s}。
截至{n}月底，{o}已完成{m}整改任务{n}项，占总数的{n}%，{r}。
在{m}中，个别同志思想认识不足，{f}，{f}，群众反映强烈。
{o}按照要求{s}，共排查{m}线索{n}条，立案{n}件，处理{n}人。
通过{s}，{o}在{m}方面{r}，但仍存在{f}的现象。
下一步，{o}将持续{s}，切实解决{f}等突出问题，确保{r}。
{n}年{n}月{n}日，县委带队到{o}检查{m}情况，发现{f}等问题{n}个。
一是{s}；二是{s}；三是{s}，推动{m}走深走实。
会议指出，{m}关系群众切身利益，必须{s}，防止{f}。
{o}投入资金{n}万元用于{m}，惠及群众{n}户，{r}。
对照反馈意见，{o}逐条{s}，形成{m}问题清单{n}条。
由于{f}，{m}进度较慢，{o}已{s}并限期{n}日内完成。
""",
)


class Form:
    """Sentences of a few patterns, filled in with one of so many wordings a slot."""

    def __init__(self, seed: int, wordings: int) -> None:
        self.dice = random.Random(seed)
        self.slots = {slot: [self.wording() for _ in range(wordings)] for slot in "omfsr"}

    def wording(self) -> str:
        return "".join(self.letter() for _ in range(self.dice.randint(4, 6)))

    def letter(self) -> str:
        return chr(0x4E00 + self.dice.randrange(3000))

    def filled(self, found: re.Match[str]) -> str:
        slot = found[1]
        return str(self.dice.randint(1, 30)) if slot == "n" else self.dice.choice(self.slots[slot])

    def sentences(self, count: int) -> list[str]:
        return [SLOT.sub(self.filled, self.dice.choice(PATTERNS)) for _ in range(count)]


def test_forms_filled_in_alike_are_no_pairs_and_what_was_copied_is():
    form = Form(5, 30)
    documents = {f"{number:03d}": form.sentences(24) for number in range(200)}
    copied = set()
    for number in range(0, 60, 2):
        one, other = f"{number:03d}", f"{number + 1:03d}"
        documents[other][8:14] = documents[one][12:18]
        copied.add((one, other))

    pairs = scan({key: "".join(said) for key, said in documents.items()}, PACK).pairs

    found = {(pair.left, pair.right) for pair in pairs}
    assert len(found & copied) >= 0.95 * len(copied)
    assert len(found & copied) >= 0.95 * len(found)


def test_a_clause_left_out_does_not_cut_a_passage():
    form = Form(7, 200)
    clauses = ["".join(form.wording() for _ in range(3)) for _ in range(12)]
    whole = "".join("，".join(clauses[k : k + 4]) + "。" for k in range(0, 12, 4))

    (passage,) = passages_between(whole, whole.replace(clauses[5] + "，", ""), PACK)

    assert (passage.left.start, passage.left.end) == (0, len(whole) - 1)


@pytest.mark.parametrize("edit", ["left out", "put in"])
def test_short_documents_with_letters_edited_everywhere_are_found(edit):
    form = Form(3, 1)
    dice = random.Random(11)
    documents = {}
    for number in range(40):
        text = "".join("".join(form.wording() for _ in range(4)) + "。" for _ in range(24))
        documents[f"{number:02d}-own"] = text
        documents[f"{number:02d}-sent"] = "".join(
            letter if dice.random() >= 0.3 else "" if edit == "left out" else letter + form.letter()
            for letter in text
        )

    pairs = scan(documents, PACK).pairs

    assert {pair.left[:2] == pair.right[:2] for pair in pairs} == {True}
    assert len(pairs) == 40
