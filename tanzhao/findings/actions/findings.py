"""Making and changing findings, and taking the register out of the program."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.findings.models import Finding
from tanzhao.findings.rules import may_change, may_classify, may_make, may_use
from tanzhao.inspections.models import Engagement
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.states import PaperState
from tanzhao.taxonomy.models import Code


@dataclass(frozen=True)
class Wording:
    """How a finding is said, and its sub-class in each frame, one to a frame.

    `fact`, `nature` and `responsibility` are the three steps of its statement.
    """

    title: str
    fact: str
    nature: str
    responsibility: str
    cause: str = ""
    recommendation: str = ""
    codes: tuple[Code, ...] = ()


_TEXTS = ("title", "fact", "nature", "responsibility", "cause", "recommendation")


@transaction.atomic
def make_finding(
    *,
    engagement_id: UUID,
    paper_ids: Collection[UUID],
    wording: Wording,
    actor: User,
    at: datetime,
    finding_id: UUID | None = None,
) -> Finding:
    """Make a finding from papers that the office has checked; they are used from then on.

    Args:
        finding_id: the key it is to have, made where the form was made. Sent twice, as by a
            double click, the finding is made once and given back.
    Raises:
        Engagement.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, a paper may not be used, or the codes do not fit.
    """
    # Locked so that serial numbers are given one after another.
    visible = Engagement.objects.visible_to(actor).select_related("round", "unit")
    engagement = locked(visible, engagement_id)
    if finding_id is not None:
        made = engagement.findings.filter(pk=finding_id, made_by=actor).first()
        if made is not None:
            return made
    require(may_make(actor, engagement))
    require(may_classify(wording.codes, engagement.round.frame_id))
    papers = _use(paper_ids, engagement, actor)
    if not papers:
        raise Refused(_("A finding is made from at least one checked paper. Choose one."))

    finding = Finding(
        engagement=engagement,
        unit=engagement.unit,
        round_number=engagement.round.number,
        serial=_next_serial(engagement),
        made_by=actor,
        made_at=at,
    )
    if finding_id is not None:
        finding.pk = finding_id
    _write(finding, wording, engagement)
    finding.save(force_insert=True)
    finding.codes.set(wording.codes)
    finding.papers.set(papers)
    record(
        verb=Verb.FINDING_MADE,
        actor=actor,
        target=finding,
        at=at,
        scope=engagement.pk,
        serial=finding.serial,
        papers=[str(paper.pk) for paper in papers],
        codes=_names(wording.codes),
    )
    return finding


@transaction.atomic
def change_finding(
    *,
    finding_id: UUID,
    version: int,
    wording: Wording,
    actor: User,
    at: datetime,
    paper_ids: Collection[UUID] = (),
) -> Finding:
    """Change the wording and the codes of a finding, and let more papers stand behind it.

    Args:
        version: of the finding as the actor read it.
        paper_ids: checked papers to add; those behind it already stay.
    Raises:
        Finding.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, or somebody else changed it since `version`.
    """
    visible = Finding.objects.visible_to(actor).select_related("engagement__round")
    finding = locked(visible, finding_id)
    require(may_change(actor, finding))
    engagement = finding.engagement
    assert engagement is not None  # noqa: S101  may_change refuses one without
    require(may_classify(wording.codes, engagement.round.frame_id))
    if finding.version != version:
        raise Refused(
            _(
                "Somebody changed this finding while you were writing. What is stored now is shown"
                " beside your words: bring them together and save again."
            )
        )
    papers = _use(paper_ids, engagement, actor)

    before = {name: getattr(finding, name) for name in _TEXTS}
    codes_before = _names(finding.codes.all())
    _write(finding, wording, engagement)
    finding.version += 1
    finding.save()
    finding.codes.set(wording.codes)
    finding.papers.add(*papers)
    record(
        verb=Verb.FINDING_CHANGED,
        actor=actor,
        target=finding,
        at=at,
        scope=engagement.pk,
        version=finding.version,
        before={name: text for name, text in before.items() if text != getattr(finding, name)},
        codes_before=codes_before,
        codes=_names(wording.codes),
        papers=[str(paper.pk) for paper in papers],
    )
    return finding


@transaction.atomic
def note_findings_exported(
    *, actor: User, at: datetime, rows: int, asked: dict[str, str], order: Sequence[str]
) -> None:
    """Put into the trail that the actor took findings out of the program as a workbook."""
    record(
        verb=Verb.LIST_EXPORTED,
        actor=actor,
        target=actor,
        at=at,
        list="findings",
        rows=rows,
        asked=asked,
        order=list(order),
    )


def _use(paper_ids: Collection[UUID], engagement: Engagement, actor: User) -> list[WorkingPaper]:
    """Mark papers as used, or refuse all of them if one may not be used."""
    # In the order of their keys, so that two who choose the same papers cannot block each other.
    visible = WorkingPaper.objects.visible_to(actor).filter(pk__in=paper_ids)
    for key in sorted(visible.values_list("pk", flat=True)):
        locked(visible, key)
    papers = list(visible.order_by("serial"))
    if len(papers) != len(set(paper_ids)):
        raise Refused(_("One of the papers is not there any more. Choose again."))
    for paper in papers:
        require(may_use(paper, engagement))
    WorkingPaper.objects.filter(pk__in=[paper.pk for paper in papers]).update(state=PaperState.USED)
    return papers


def _write(finding: Finding, wording: Wording, engagement: Engagement) -> None:
    for name in _TEXTS:
        setattr(finding, name, getattr(wording, name).strip())
    main = next(code for code in wording.codes if code.frame_id == engagement.round.frame_id)
    assert main.parent is not None  # noqa: S101  may_classify refuses one without
    # In the words an old ledger would use, so that one filter serves both.
    finding.category, finding.subcategory = main.parent.label_zh[:60], main.label_zh[:60]


def _next_serial(engagement: Engagement) -> int:
    earlier = Finding.objects.filter(unit=engagement.unit, round_number=engagement.round.number)
    return (earlier.aggregate(last=Max("serial"))["last"] or 0) + 1


def _names(codes: Iterable[Code]) -> list[str]:
    return sorted(code.code for code in codes)
