"""Report, findings list and feedback letter as official papers. Pure: no records, no clock."""

import datetime as dt
from collections.abc import Sequence

from tanzhao.documents.official import (
    Annex,
    Column,
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
)
from tanzhao.documents.official.paper import Block as PaperBlock
from tanzhao.findings.report_text import EngagementText, FindingText, ReportText

# Widths of the landscape page in millimetres, 225 in all.
_LIST = (
    Column("序号", 12, "center"),
    Column("类别", 30),
    Column("问题", 66),
    Column("性质和依据", 42),
    Column("责任", 30),
    Column("意见建议", 45),
)
_LIST_FOR_UNIT = (
    Column("序号", 14, "center"),
    Column("类别", 38),
    Column("问题", 108),
    Column("意见建议", 65),
)


def report_paper(
    text: ReportText, engagement: EngagementText, dated: dt.date | None
) -> OfficialPaper:
    """Set the report as a paper to the leading group."""
    return OfficialPaper(
        title=text.title_parts,
        body=tuple(_blocks(text)),
        addressee=f"{engagement.leading_group}：",
        annexes=(Annex("问题清单"),),
        signature=engagement.team,
        dated=dated,
    )


def list_paper(findings: Sequence[FindingText], engagement: EngagementText) -> OfficialPaper:
    """Set the findings list of the report."""
    rows = tuple(
        (
            str(finding.serial),
            _class(finding),
            _matter(finding),
            finding.nature,
            finding.responsibility,
            finding.recommendation,
        )
        for finding in findings
    )
    title = (f"{engagement.unit}{engagement.kind}", "发现问题清单")
    return OfficialPaper(title=title, body=(Table(_LIST, rows),), is_landscape=True)


def letter_paper(
    text: ReportText, engagement: EngagementText, *, number: str, dated: dt.date
) -> OfficialPaper:
    """Set the feedback letter to the unit."""
    return OfficialPaper(
        title=text.title_parts,
        body=tuple(_blocks(text)),
        issuer=engagement.office,
        number=number,
        addressee=f"{engagement.unit}：",
        annexes=(Annex("反馈问题清单"),),
        signature=engagement.office,
        dated=dated,
    )


def unit_list_paper(findings: Sequence[FindingText], engagement: EngagementText) -> OfficialPaper:
    """Set the list of findings that the unit is given; it names nobody."""
    rows = tuple(
        (str(finding.serial), _class(finding), _matter(finding), finding.recommendation)
        for finding in findings
    )
    title = (f"{engagement.unit}{engagement.kind}", "反馈问题清单")
    return OfficialPaper(title=title, body=(Table(_LIST_FOR_UNIT, rows),), is_landscape=True)


def _blocks(text: ReportText) -> list[PaperBlock]:
    """Give headings and paragraphs; below level 2 the paragraph runs on in the heading's line."""
    blocks: list[PaperBlock] = []
    for block in text.blocks:
        last = blocks[-1] if blocks else None
        runs_on = isinstance(last, Heading) and last.level > 2 and not last.following
        if block.is_heading:
            blocks.append(Heading(block.level, block.text))
        elif isinstance(last, Heading) and runs_on:
            blocks[-1] = Heading(last.level, last.text, block.text)
        else:
            blocks.append(Paragraph(block.text))
    return blocks


def _class(finding: FindingText) -> str:
    return "\n".join(label for label in (finding.class_label, finding.subclass_label) if label)


def _matter(finding: FindingText) -> str:
    return f"{finding.title}\n{finding.fact}" if finding.title else finding.fact
