"""A working paper as an official paper, in Chinese whoever reads the page."""

from tanzhao.documents.official import Block, Column, Heading, OfficialPaper, Paragraph, Table
from tanzhao.papers.models import WorkingPaper

EVIDENCE_COLUMNS = (
    Column("序号", 12, "center"),
    Column("名称", 52),
    Column("种类", 24),
    Column("来源、页码", 40),
    Column("原件/复印件", 28, "center"),
)
ANSWERS = {"yes": "属于前者", "no": "不属于前者", "not_applicable": "不适用"}


def official_paper(paper: WorkingPaper) -> OfficialPaper:
    """Set a whole paper: head, sections in the order of the form, catalogue of evidence."""
    handlers = "、".join(str(row.inspector) for row in paper.handlers.all())
    engagement = paper.engagement
    head = (
        f"底稿编号：{paper.official_number or '（组长审签后编号）'}",
        f"被巡察单位：{engagement.unit}",
        f"轮次和组别：第{engagement.round.number}轮第{engagement.team.number}巡察组",
        f"承办人：{handlers}",
    )
    body: list[Block] = [*(Paragraph(line) for line in head), *_sections(paper)]
    return OfficialPaper(title=("问题底稿", f"（{paper.title}）"), body=tuple(body))


def _sections(paper: WorkingPaper) -> list[Block]:
    return [
        *_section("问题概述", paper.overview),
        Heading(1, "具体事实"),
        *_facts(paper),
        *_section("定性依据", paper.basis),
        *_section("责任主体", paper.responsibility),
        *_section("影响和后果", paper.effect),
        *_section("与被巡察单位主要负责人沟通情况", paper.principal_said),
        Heading(1, "三个区分开来"),
        *_distinctions(paper),
        Heading(1, "佐证材料清单"),
        _evidence(paper),
    ]


def _section(heading: str, text: str) -> list[Block]:
    return [Heading(1, heading), Paragraph(text or "（未填写）")]


def _facts(paper: WorkingPaper) -> list[Block]:
    pieces = [piece for piece in paper.evidence.all() if not piece.set_aside_reason]
    blocks: list[Block] = []
    for fact in paper.facts.all():
        numbers = "、".join(f"{piece.number:02}" for piece in pieces if piece.fact_id == fact.pk)
        parts = {
            "了解方式": fact.method.label_zh,
            "时间": fact.when,
            "地点": fact.where,
            "数量金额": fact.how_much,
            "佐证": numbers,
        }
        facts = "；".join(f"{name}：{value}" for name, value in parts.items() if value)
        blocks.append(Heading(3, f"{fact.what}（{facts}）"))
    return blocks


def _distinctions(paper: WorkingPaper) -> list[Block]:
    labels = {
        "experience": "先行先试的失误与明知故犯",
        "exploration": "探索性试验中的失误与禁后妄为",
        "development": "推动发展的无意过失与谋取私利",
    }
    return [
        Paragraph(
            f"{labels.get(one['code'], one['code'])}：{ANSWERS.get(one['answer'], '未回答')}"
            + (f"（{one['reason']}）" if one["reason"] else "")
        )
        for one in paper.distinctions
    ]


def _evidence(paper: WorkingPaper) -> Table:
    rows = (
        (
            f"{piece.number:02}",
            piece.name
            + (f"（不采用：{piece.set_aside_reason}）" if piece.set_aside_reason else ""),
            piece.kind.label_zh,
            "，".join(part for part in (piece.source, piece.page) if part),
            "原件" if piece.is_original else "复印件",
        )
        for piece in paper.evidence.all()
    )
    return Table(EVIDENCE_COLUMNS, tuple(rows))
