"""Report, findings list and feedback letter as official papers. Pure: no records, no clock."""

import datetime as dt
from collections.abc import Mapping, Sequence

from tanzhao.documents.official import (
    Annex,
    Column,
    Heading,
    OfficialPaper,
    Paragraph,
    Table,
)
from tanzhao.documents.official.paper import Block as PaperBlock
from tanzhao.documents.phrases import Phrases
from tanzhao.findings.report_text import EngagementText, FindingText, ReportText, title_parts

# Columns of the lists and their widths in millimetres, 225 in all.
_LIST = {
    "number": 14,
    "class": 30,
    "matter": 64,
    "nature": 42,
    "responsibility": 30,
    "recommendation": 45,
}
_LIST_FOR_UNIT = {"number": 14, "class": 38, "matter": 108, "recommendation": 65}


def report_paper(
    text: ReportText, engagement: EngagementText, dated: dt.date | None, phrases: Phrases
) -> OfficialPaper:
    """Set the report as a paper to the leading group."""
    return OfficialPaper(
        title=text.title_parts,
        body=tuple(_blocks(text)),
        addressee=f"{engagement.leading_group}：",
        annexes=(Annex(phrases.say("annex")),),
        signature=engagement.team,
        dated=dated,
    )


def letter_paper(
    text: ReportText,
    engagement: EngagementText,
    *,
    number: str,
    dated: dt.date,
    phrases: Phrases,
) -> OfficialPaper:
    """Set the feedback letter to the unit."""
    return OfficialPaper(
        title=text.title_parts,
        body=tuple(_blocks(text)),
        issuer=engagement.office,
        number=number,
        addressee=f"{engagement.unit}：",
        annexes=(Annex(phrases.say("annex")),),
        signature=engagement.office,
        dated=dated,
    )


def list_paper(
    findings: Sequence[FindingText], engagement: EngagementText, phrases: Phrases
) -> OfficialPaper:
    """Set the findings list of the report."""
    return _list(_LIST, findings, engagement, phrases)


def unit_list_paper(
    findings: Sequence[FindingText], engagement: EngagementText, phrases: Phrases
) -> OfficialPaper:
    """Set the list of findings that the unit is given; it names nobody."""
    return _list(_LIST_FOR_UNIT, findings, engagement, phrases)


def _list(
    widths: Mapping[str, float],
    findings: Sequence[FindingText],
    engagement: EngagementText,
    phrases: Phrases,
) -> OfficialPaper:
    columns = tuple(
        Column(phrases.say(f"column_{name}"), width, "center" if name == "number" else "left")
        for name, width in widths.items()
    )
    rows = tuple(tuple(_cell(finding, name) for name in widths) for finding in findings)
    title = title_parts("list_title", engagement, phrases)
    return OfficialPaper(title=title, body=(Table(columns, rows),), is_landscape=True)


def _cell(finding: FindingText, name: str) -> str:
    match name:
        case "number":
            return str(finding.serial)
        case "class":
            return "\n".join(filter(None, (finding.class_label, finding.subclass_label)))
        case "matter":
            return "\n".join(filter(None, (finding.title, finding.fact)))
    return str(getattr(finding, name))


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
