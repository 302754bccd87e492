"""What goes into the volume of an engagement, in the order of the archive.

The papers of a volume are official papers: their titles are Chinese whoever seals it.
"""

import datetime as dt
from collections.abc import Iterator
from functools import partial
from io import BytesIO
from pathlib import PurePath
from typing import Any, BinaryIO, cast

from django.utils import timezone, translation

from tanzhao.archive.sheets import catalogue_sheet, rectification_sheet
from tanzhao.archive.writing import Piece, write_volume
from tanzhao.audit.models import Entry, Head
from tanzhao.audit.trail import immutable_fields
from tanzhao.documents.models import Run, StoredFile
from tanzhao.documents.official import render
from tanzhao.findings.models import Feedback, Report
from tanzhao.inspections.exporters import authorisation_document
from tanzhao.inspections.models import Authorisation, Engagement
from tanzhao.inspections.queries.paper_values import round_title, team_title
from tanzhao.papers.exporters import official_paper
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.queries import whole_papers
from tanzhao.rectification.models import RectificationItem

AUTHORISATION = "01_授权"
PAPERS = "02_底稿与佐证"
REPORT = "03_报告"
FEEDBACK = "04_反馈"
RECTIFICATION = "05_整改"
LANGUAGE = "zh-hans"
HOW_TO_CHECK = """\
怎样核对本卷宗

一、在装有“探照”的机器上（不需要数据库和网络）：
    tanzhao archive verify 本卷宗.zip
    任何一件被改动、移出、加入、改名，或者留痕被改动，都会指出是哪一件、哪一条。
二、没有“探照”的机器上，解压后在同一目录执行：
    sha256sum -c SHA256SUMS
三、以上两种办法都看不出整个卷宗被重新制作。为此，请把卷宗文件自身的 SHA-256
    与系统“归档”页面上登记的摘要值比对：
    tanzhao archive verify 本卷宗.zip --expect 登记的摘要值
"""


def fill_volume(
    file: BinaryIO, engagement: Engagement, *, head: Head, sealed: Run, left_open_reason: str
) -> int:
    """Write the volume of an engagement into `file`, and say how many pieces it has.

    Args:
        head: the end of the trail; the extract goes no further.
        sealed: by whom and when.
        left_open_reason: why items that are not closed are left open, "" if all are closed.
    """
    at = timezone.localtime(sealed.started_at)
    with translation.override(LANGUAGE):
        about = _about(engagement, sealed, at, left_open_reason)
        written = write_volume(
            file,
            about=about,
            pieces=_pieces(engagement, sealed, at),
            trail=_trail(engagement, head),
            sheet=lambda pieces: catalogue_sheet(about, pieces, at),
            how_to_check=HOW_TO_CHECK,
            at=at,
        )
    return len(written)


def _about(
    engagement: Engagement, sealed: Run, at: dt.datetime, left_open_reason: str
) -> dict[str, Any]:
    round_ = engagement.round
    return {
        "engagement": str(engagement.pk),
        "unit": engagement.unit.name,
        "round": round_title(round_),
        "term": round_.term.number,
        "round_number": round_.number,
        "team": team_title(engagement.team),
        "archived_by": round_.term.office,
        "sealed_by": str(sealed.started_by),
        "sealed_at": at.isoformat(timespec="seconds"),
        "left_open_reason": left_open_reason,
    }


def _pieces(engagement: Engagement, sealed: Run, at: dt.datetime) -> Iterator[Piece]:
    yield from _authorisation(engagement)
    papers = whole_papers(sealed.started_by).filter(engagement=engagement)
    for paper in papers.order_by("serial"):
        yield from _paper(paper, team_title(engagement.team))
    yield from _report(engagement.report, team_title(engagement.team))
    yield from _feedback(engagement.feedback, engagement.round.term.office)
    yield from _rectification(engagement, at)


def _authorisation(engagement: Engagement) -> Iterator[Piece]:
    authorisation = Authorisation.objects.filter(round=engagement.round_id).first()
    if authorisation is None:
        return
    document = authorisation_document(authorisation)
    approved_at = authorisation.approved_at
    yield Piece(
        folder=AUTHORISATION,
        title="授权任职及任务分工的决定",
        ending=".docx",
        open=partial(BytesIO, document.content),
        responsible=engagement.round.term.leading_group,
        number=authorisation.number,
        day=timezone.localdate(approved_at) if approved_at else None,
        remark=authorisation.get_state_display(),
    )


def _paper(paper: WorkingPaper, team: str) -> Iterator[Piece]:
    handlers = "、".join(str(handler) for handler in paper.handlers.all())
    yield Piece(
        folder=PAPERS,
        title=f"底稿：{paper.title}",
        ending=".docx",
        open=partial(BytesIO, render(official_paper(paper))),
        responsible=handlers or team,
        number=paper.official_number or "",
        day=timezone.localdate(paper.changed_at),
        remark=paper.get_state_display(),
    )
    for evidence in paper.evidence.all():
        yield _stored(
            PAPERS,
            f"佐证{evidence.number}：{evidence.name}",
            evidence.file,
            responsible=evidence.source or team,
            remark="已停用" if evidence.set_aside_reason else "",
        )


def _report(report: Report, team: str) -> Iterator[Piece]:
    day = timezone.localdate(report.approved_at) if report.approved_at else None
    for title, file in (("巡察报告", report.file), ("问题清单", report.list_file)):
        if file is not None:
            yield _stored(REPORT, title, file, responsible=team, day=day)


def _feedback(feedback: Feedback, office: str) -> Iterator[Piece]:
    for title, file in (("反馈意见", feedback.file), ("反馈问题清单", feedback.list_file)):
        if file is not None:
            yield _stored(
                FEEDBACK,
                title,
                file,
                responsible=office,
                number=feedback.number,
                day=feedback.issued_date,
            )


def _rectification(engagement: Engagement, at: dt.datetime) -> Iterator[Piece]:
    items = RectificationItem.objects.filter(finding__engagement=engagement)
    items = items.select_related("finding", "claimed_by", "verified_by", "closed_by")
    items = items.prefetch_related("steps__by", "steps__files__file").order_by("finding__serial")
    unit = engagement.unit.name
    yield Piece(
        folder=RECTIFICATION,
        title="整改台账",
        ending=".xlsx",
        open=partial(BytesIO, rectification_sheet(items, unit, at)),
        responsible=unit,
        day=at.date(),
    )
    for item in items:
        for step in item.steps.all():
            for piece in step.files.all():
                title = f"整改事项{item.finding.serial}佐证：{PurePath(piece.name).stem}"
                day = timezone.localdate(step.at)
                yield _stored(RECTIFICATION, title, piece.file, responsible=unit, day=day)


def _stored(
    folder: str,
    title: str,
    file: StoredFile,
    *,
    responsible: str,
    number: str = "",
    day: dt.date | None = None,
    remark: str = "",
) -> Piece:
    return Piece(
        folder=folder,
        title=title,
        ending=PurePath(file.name).suffix,
        open=partial(_open, file),
        responsible=responsible,
        number=number,
        day=day or timezone.localdate(file.stored_at),
        remark=remark,
    )


def _open(file: StoredFile) -> BinaryIO:
    return cast("BinaryIO", file.content.open("rb"))


def _trail(engagement: Engagement, head: Head) -> dict[str, Any]:
    entries = Entry.objects.filter(scope_id=engagement.pk, position__lte=head.position)
    return {
        "scope": str(engagement.pk),
        "head": {"position": head.position, "hash": head.hash},
        "entries": [
            {**immutable_fields(entry), "hash": entry.hash}
            for entry in entries.order_by("position")
        ],
    }
