"""Papers as offices write them, before anybody copies: letterhead, headings, sentences, stock."""

import random
from typing import NamedTuple

from tests.engines.likeness.sentences import Cast, Writer
from tests.engines.likeness.vocabulary import WORDS


class Said(NamedTuple):
    """A sentence or a heading of a paper.

    `role`: "own", "subheading" (own too); "head" (letterhead, signature), "heading" (of the form),
    "stock", "lone" (one sentence that a few papers share), "lead" (what leads a quotation in),
    "allowed" (a quoted regulation), "common" (wording of more papers than the cap). `ends`: a line
    ends after it.
    `origin`: its place in the paper that it was copied from, -1 if in none. `tag`: which common
    passage, -1 if none. `verbatim`: nothing of it was changed.
    """

    text: str
    role: str = "own"
    ends: bool = False
    origin: int = -1
    tag: int = -1
    verbatim: bool = True


class Extras(NamedTuple):
    """What a paper has besides its own words: each a list of groups of sentences."""

    stock: list[list[Said]]
    lone: list[list[Said]]
    quoted: list[list[Said]]
    common: list[list[Said]]


class Form(NamedTuple):
    """A form of paper: how it is called, its headings, its style, how many own sentences."""

    name: str
    headings: str
    style: str
    least: int
    most: int


FORMS = (
    Form(
        "巡察反馈问题整改情况报告",
        "整改工作总体情况 反馈问题整改落实情况 存在的困难和不足 下一步工作打算",
        "work",
        34,
        70,
    ),
    Form("集中整改进展情况报告", "主要做法 整改进展 未完成事项说明 后续安排", "work", 24, 44),
    Form("专项整治工作方案", "总体要求 任务分工 实施步骤 保障措施", "plan", 24, 44),
    Form("整改方案", "组织领导 问题清单和任务清单 责任清单 工作要求", "plan", 20, 38),
    Form("学习记录", "学习内容 个人发言 心得体会", "study", 16, 34),
    Form("会议纪要", "会议议程 讨论情况 议定事项", "meeting", 16, 36),
    Form("工作进展说明", "基本情况 已做工作 佐证材料", "work", 14, 26),
    Form("调查核实情况报告", "来源及过程 查明的事实 处理建议", "work", 18, 36),
)
COUNTING = "一二三四五六七八九十"


def own_paper(
    rng: random.Random, topic: str, cast: Cast, form: Form, extras: Extras
) -> tuple[list[Said], Writer]:
    """Write a paper; and its writer, for more sentences of its kind."""
    writer = Writer(rng, topic, cast, form.style)
    headings = form.headings.split()
    groups = [*extras.stock[1:], *extras.lone, *extras.quoted, *extras.common]
    rng.shuffle(groups)
    shares = _shares(rng, rng.randint(form.least, form.most), len(headings))
    paper = _letterhead(rng, topic, cast, form)
    for number, heading in enumerate(headings):
        paper.append(Said(f"{COUNTING[number]}、{heading}", "heading", ends=True))
        if number == 0 and extras.stock:
            paper += extras.stock[0]
        here = groups[number :: len(headings)]
        paper += _section(rng, writer, shares[number], here)
    return paper + _signature(rng, cast), writer


def _section(rng: random.Random, writer: Writer, count: int, groups: list[list[Said]]):
    """Paragraphs of two to seven sentences; subheadings in a long section; groups between."""
    section: list[Said] = []
    numbered, left, sub = count > 12, count, 0
    while left > 0 or groups:
        size = min(left, rng.randint(2, 7))
        if numbered and size and rng.random() < 0.3:
            heading = f"（{COUNTING[sub % 10]}）{writer.heading()}"
            section.append(Said(heading, "subheading", ends=True))
            sub += 1
        at = rng.randint(0, size)
        lines = [Said(writer.sentence()) for _ in range(size)]
        if groups and (rng.random() < 0.6 or left <= 0):
            lines[at:at] = groups.pop()
        if lines:
            lines[-1] = lines[-1]._replace(ends=True)
        section += lines
        left -= size
    return section


def _shares(rng: random.Random, count: int, parts: int) -> list[int]:
    """Cut `count` sentences up among the headings; the second has half, and nine at least."""
    shares = [max(2, count // (2 * (parts - 1)))] * parts
    shares[1] = max(12, count - sum(shares) + shares[1])
    return shares


def _letterhead(rng: random.Random, topic: str, cast: Cast, form: Form) -> list[Said]:
    office = f"{cast.county}{cast.bureau}" if rng.random() < 0.5 else f"{cast.county}{cast.town}"
    lines = []
    if rng.random() < 0.6:
        lines = [f"中共{office}委员会文件", f"{cast.bureau[:2]}发〔2025〕{rng.randint(1, 99)}号"]
    lines.append(f"{office}关于{topic}{form.name}")
    if rng.random() < 0.5:
        lines.append(f"中共{cast.county}委巡察工作领导小组办公室：")
    return [Said(line, "head", ends=True) for line in lines]


def _signature(rng: random.Random, cast: Cast) -> list[Said]:
    lines = [f"{cast.county}{rng.choice((cast.bureau, cast.town))}", rng.choice(cast.dates)]
    if rng.random() < 0.3:
        lines.append(
            f"联系人：{rng.choice(cast.persons)}，电话：139{rng.randint(10**7, 10**8 - 1)}"
        )
    return [Said(line, "head", ends=True) for line in lines]


def regulation(rng: random.Random) -> list[Said]:
    """A made-up article of two or three sentences."""

    def a(pool: str) -> str:
        return rng.choice(WORDS[pool])

    said = []
    for _ in range(rng.randint(2, 3)):
        bound = rng.choice(("党组织", "责任单位", "主管部门", "经办机构", "工作人员"))
        parts = [
            f"{bound}应当{a('adverbs')}{a('verbs')}{a('modifiers')}{a('nouns')}",
            f"不得以{a('causes')}为由拒绝{a('verbs')}{a('nouns')}",
            f"逾期不{a('verbs')}的，由{a('actors')}{a('verbs')}{a('nouns')}",
        ]
        said.append(Said("，".join(parts[: rng.randint(2, 3)]) + "。", "allowed"))
    return said


def quotation(number: int, articles: list[Said]) -> list[Said]:
    """An article as papers quote it: named, in quotation marks."""
    name = WORDS["modifiers"][number % 79] + WORDS["nouns"][number % 97]
    lead = f"《{name}管理办法》第{number + 3}条规定：“"
    return [Said(lead, "lead"), *articles, Said("”", "lead")]


def laid_out(paper: list[Said]) -> tuple[str, list[tuple[int, int]]]:
    """The text of a paper and where in it each sentence stands."""
    parts, spans, at = [], [], 0
    for said in paper:
        spans.append((at, at + len(said.text)))
        parts.append(said.text)
        at += len(said.text)
        if said.ends:
            parts.append("\n")
            at += 1
    return "".join(parts).rstrip("\n"), spans
