"""The steps of a report: drafted, agreed by the team, approved or returned, made into files."""

from collections.abc import Callable
from datetime import datetime
from functools import partial
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import Outcome, carry_out, start_run, store_file
from tanzhao.documents.models import Run
from tanzhao.documents.states import FileKind, RunKind
from tanzhao.findings import tasks
from tanzhao.findings.actions.documents import report_documents
from tanzhao.findings.models import Finding, Report
from tanzhao.findings.rules import (
    may_agree_report,
    may_approve_report,
    may_draft_report,
    may_make_files,
    may_return_report,
)
from tanzhao.findings.states import FindingState, ReportState
from tanzhao.inspections.actions import move_round
from tanzhao.inspections.models import Engagement, Round
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require

DOCX = frozenset({FileKind.DOCX})


@transaction.atomic
def draft_report(
    *,
    engagement_id: UUID,
    version: int,
    situation: str,
    opinions: str,
    actor: User,
    at: datetime,
) -> Report:
    """Write the situation and the opinions of the report; its findings come from the records.

    Args:
        version: of the report as the actor read it, 0 if there was none yet.
    Raises:
        Engagement.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, or somebody else wrote it since `version`.
    """
    visible = Engagement.objects.visible_to(actor).select_related("round")
    engagement = locked(visible, engagement_id)
    require(may_draft_report(actor, engagement))
    report = getattr(engagement, "report", None) or Report(engagement=engagement, version=0)
    situation, opinions = situation.strip(), opinions.strip()
    if (report.situation, report.opinions) == (situation, opinions) and report.version:
        return report  # the same form sent twice
    if report.version != version:
        raise Refused(
            _(
                "Somebody wrote this report while you were writing. What is stored now is shown"
                " beside your words: bring them together and save again."
            )
        )

    report.situation, report.opinions = situation, opinions
    report.version += 1
    report.drafted_by, report.drafted_at = actor, at
    report.save()
    record(
        verb=Verb.REPORT_DRAFTED,
        actor=actor,
        target=report,
        at=at,
        scope=engagement.pk,
        version=report.version,
    )
    return report


@transaction.atomic
def agree_report(
    *,
    engagement_id: UUID,
    version: int,
    actor: User,
    at: datetime,
    without_findings: bool = False,
) -> Report:
    """Say, as leader, that the team has agreed on its report. Nothing in it changes after that.

    Args:
        version: of the report as the leader read it.
        without_findings: said in so many words when nothing was established.
    Raises:
        Report.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, or somebody wrote it since `version`.
    """
    report = _locked(engagement_id, actor)
    require(may_agree_report(actor, report, without_findings=without_findings))
    if report.version != version:
        raise Refused(_("Somebody wrote this report since you read it. Read it again."))
    report.state, report.agreed_by, report.agreed_at = ReportState.AGREED, actor, at
    report.returned_reason = ""
    report.save()
    record(
        verb=Verb.REPORT_AGREED,
        actor=actor,
        target=report,
        at=at,
        scope=engagement_id,
        version=report.version,
        findings=report.engagement.findings.count(),
    )
    return report


@transaction.atomic
def approve_report(*, engagement_id: UUID, actor: User, at: datetime) -> tuple[Report, Run]:
    """Approve an agreed report: its findings are reported, and its files are made for good.

    The round is reported when the reports on all its units are approved.

    Raises:
        Report.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, or drafted or agreed it.
    """
    report = _locked(engagement_id, actor)
    require(may_approve_report(actor, report))
    report.state, report.approved_by, report.approved_at = ReportState.APPROVED, actor, at
    report.save()
    findings = Finding.objects.filter(engagement=engagement_id, state=FindingState.MADE)
    count = findings.update(state=FindingState.REPORTED)
    # Locked before it is counted, or two last reports approved at once would each see the other's.
    round_ = locked(Round.objects.all(), report.engagement.round_id)
    others = Engagement.objects.filter(round=round_).exclude(report__state=ReportState.APPROVED)
    if not others.exists():
        move_round(round_id=round_.pk, to=RoundState.REPORTED, actor=actor, at=at)
    run = _ask_for_files(report, actor, at)
    record(
        verb=Verb.REPORT_APPROVED,
        actor=actor,
        target=report,
        at=at,
        scope=engagement_id,
        findings=count,
    )
    return report, run


@transaction.atomic
def return_report(*, engagement_id: UUID, reason: str, actor: User, at: datetime) -> Report:
    """Send an agreed report back to its team, which may then change it and its findings.

    Raises:
        Report.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, or it is not agreed.
    """
    report = _locked(engagement_id, actor)
    require(may_return_report(actor, report))
    agreed_by = str(report.agreed_by)
    report.state, report.agreed_by, report.agreed_at = ReportState.DRAFTED, None, None
    report.returned_reason = reason.strip()
    report.version += 1
    report.save()
    record(
        verb=Verb.REPORT_RETURNED,
        actor=actor,
        target=report,
        at=at,
        scope=engagement_id,
        reason=report.returned_reason,
        agreed_by=agreed_by,
    )
    return report


@transaction.atomic
def make_files_again(*, engagement_id: UUID, actor: User, at: datetime) -> Run:
    """Ask once more for the files of an approved report that has none.

    Raises:
        Report.DoesNotExist: there is none, or the actor may not know of it.
        Refused: it is not approved, or has its files.
    """
    report = _locked(engagement_id, actor)
    require(may_make_files(report))
    return _ask_for_files(report, actor, at)


def make_report_files(*, run_id: UUID, clock: Callable[[], datetime] = timezone.now) -> None:
    """Make the report and the findings list as Word files and freeze them.

    Safe to run twice: the files of a report are made once.
    """
    carry_out(run_id=run_id, work=_freeze, clock=clock)


@transaction.atomic
def note_report_seen(*, report: Report, actor: User, at: datetime) -> None:
    """Put a look at a report into the trail."""
    record(
        verb=Verb.REPORT_SEEN,
        actor=actor,
        target=report,
        at=at,
        scope=report.engagement_id,
        state=report.state,
    )


@transaction.atomic
def note_report_downloaded(
    *, report: Report, name: str, sha256: str, actor: User, at: datetime
) -> None:
    """Put into the trail which file of a report went out, and its SHA-256."""
    record(
        verb=Verb.REPORT_DOWNLOADED,
        actor=actor,
        target=report,
        at=at,
        scope=report.engagement_id,
        state=report.state,
        name=name,
        sha256=sha256,
    )


def _locked(engagement_id: UUID, actor: User) -> Report:
    visible = Report.objects.visible_to(actor).filter(engagement=engagement_id)
    key = visible.values_list("pk", flat=True).get()
    return locked(visible.select_related("engagement__round", "engagement__unit"), key)


def _ask_for_files(report: Report, actor: User, at: datetime) -> Run:
    run = start_run(
        kind=RunKind.REPORT_MAKE,
        actor=actor,
        at=at,
        subject_id=report.pk,
        subject_name=str(report),
    )
    transaction.on_commit(partial(tasks.make_report_files.enqueue, str(run.pk)))
    return run


def _freeze(run: Run) -> Outcome:
    assert run.subject_id is not None  # noqa: S101  _ask_for_files names the report
    report = locked(Report.objects.all(), run.subject_id)
    if not may_make_files(report) and report.file:
        return Outcome(made=report.file, result=_seen_at(report))
    at = report.approved_at
    assert at is not None  # noqa: S101  an approved report has its moment
    document, listing = report_documents(report)
    actor = run.started_by
    report.file = store_file(
        file=document.content, name=document.name, actor=actor, at=at, kinds=DOCX
    )
    report.list_file = store_file(
        file=listing.content, name=listing.name, actor=actor, at=at, kinds=DOCX
    )
    report.save(update_fields=["file", "list_file"])
    return Outcome(made=report.file, result=_seen_at(report))


def _seen_at(report: Report) -> dict[str, str]:
    return {"next": reverse("findings:report", args=[report.engagement_id])}
