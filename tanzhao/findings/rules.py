"""Who may know of which findings, reports and feedback, and who may take which step."""

from collections.abc import Collection
from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.findings.states import CHANGEABLE, REPORT_NEXT, FindingState, ReportState
from tanzhao.inspections.rules import engagements_in_force, memberships_in_force, on_own_team
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.papers.states import PaperState

if TYPE_CHECKING:
    from tanzhao.findings.models import Finding, Report
    from tanzhao.inspections.models import Engagement
    from tanzhao.papers.models import WorkingPaper
    from tanzhao.taxonomy.models import Code

NOBODY = Q(pk__in=[])
WRITING = frozenset({RoundState.IN_FIELD, RoundState.REPORTING})
TELLING = frozenset({RoundState.REPORTING, RoundState.REPORTED})


def visible_findings(user: User) -> Q:
    """Say which findings `user` may know exist.

    The office: all. The leading group: those in a report that a team has agreed. A supervisor of
    rectification: those fed back. An inspector: those of their own team while it is authorised,
    and those fed back earlier to the units it inspects. Nobody else any.
    """
    if not user.holds(Action.FINDING_SEE):
        return NOBODY
    match user.role:
        case Role.LEADING_GROUP:
            from tanzhao.findings.models import Report

            agreed = Report.objects.filter(visible_reports(user)).values("engagement")
            return ~Q(state=FindingState.MADE) | Q(engagement__in=agreed)
        case Role.SUPERVISOR:
            return Q(state=FindingState.FED_BACK)
        case Role.INSPECTOR:
            earlier = Q(unit__in=engagements_in_force(user).values("unit"))
            return on_own_team(user, "engagement__team") | (
                earlier & Q(state=FindingState.FED_BACK)
            )
    return Q()


def visible_reports(user: User) -> Q:
    """Say which reports `user` may know exist: the office all, the leading group those a team
    has agreed, an inspector their own team's while it is authorised, nobody else any."""
    if not user.holds(Action.REPORT_SEE):
        return NOBODY
    match user.role:
        case Role.LEADING_GROUP:
            return ~Q(state=ReportState.DRAFTED)
        case Role.INSPECTOR:
            return on_own_team(user, "engagement__team")
    return Q()


def visible_feedback(user: User) -> Q:
    """Say which feedback letters `user` may know exist: a unit's contact their own unit's, an
    inspector their own team's, the office, leading group and supervisors all."""
    if not user.holds(Action.FEEDBACK_SEE):
        return NOBODY
    match user.role:
        case Role.CONTACT:
            return Q(engagement__unit=user.unit_id)
        case Role.INSPECTOR:
            return on_own_team(user, "engagement__team")
    return Q()


def may_make(user: User, engagement: "Engagement") -> Verdict:
    """Decide whether `user` may make findings of `engagement`."""
    if not user.holds(Action.FINDING_MAKE):
        return no(_("Findings are made by the inspectors of the team. Ask its leader."))
    return _may_write(user, engagement)


def may_use(paper: "WorkingPaper", engagement: "Engagement") -> Verdict:
    """Decide whether a finding of `engagement` may be made from `paper`."""
    names = {"paper": paper.title}
    if paper.engagement_id != engagement.pk:
        return no(_("“%(paper)s” is a paper on another unit. Choose papers on this one.") % names)
    if paper.state == PaperState.USED:
        return no(
            _("“%(paper)s” already stands behind a finding. Change that finding instead.") % names
        )
    if paper.state != PaperState.CHECKED:
        return no(_("“%(paper)s” has not been checked by the office. Wait until it is.") % names)
    return YES


def may_classify(codes: Collection["Code"], frame_id: UUID) -> Verdict:
    """Decide whether a finding may carry these codes in a round whose frame is `frame_id`."""
    frames = [code.frame_id for code in codes]
    if frame_id not in frames:
        return no(_("Choose a sub-class in the frame of this round."))
    if len(frames) != len(set(frames)):
        return no(_("Choose one sub-class in each frame."))
    if any(code.retired or code.parent_id is None for code in codes):
        return no(_("Choose a sub-class that is in use, not a class."))
    return YES


def may_change(user: User, finding: "Finding") -> Verdict:
    """Decide whether `user` may change the wording and the codes of `finding`."""
    if not user.holds(Action.FINDING_MAKE):
        return no(_("Findings are changed by the inspectors of the team. Ask its leader."))
    if finding.engagement is None:
        return no(_("This finding came from an old ledger and stays as it was read."))
    if finding.state not in CHANGEABLE:
        return no(_("This finding stands in an approved report and no longer changes."))
    return _may_write(user, finding.engagement)


def may_draft_report(user: User, engagement: "Engagement") -> Verdict:
    """Decide whether `user` may write the report on `engagement`."""
    if not user.holds(Action.REPORT_MAKE):
        return no(_("Reports are written by the inspectors of the team. Ask its leader."))
    return _may_write(user, engagement)


def may_agree_report(user: User, report: "Report", *, without_findings: bool = False) -> Verdict:
    """Decide whether `user` may say that the team has agreed on `report`: its leader may.

    Args:
        without_findings: the leader says that nothing was established, so that none was forgotten.
    """
    if not user.holds(Action.REPORT_MAKE) or not _serves(user, report.engagement, TeamRole.LEADER):
        return no(_("The leader of the team says that it has agreed. Ask the leader."))
    if ReportState.AGREED not in REPORT_NEXT[ReportState(report.state)]:
        return no(_("Only a report that is being drafted can be agreed."))
    if report.engagement.round.state != RoundState.REPORTING:
        return no(_("Reports are agreed when the fieldwork of the round is closed."))
    if not report.situation.strip() or not report.opinions.strip():
        return no(_("Write the situation and the opinions of the report first."))
    if not without_findings and not report.engagement.findings.exists():
        return no(
            _("The report has no finding yet. Make the findings first, or say that there is none.")
        )
    return YES


def may_approve_report(user: User, report: "Report") -> Verdict:
    """Decide whether `user` may approve `report`. Who drafted or agreed it never may."""
    if not user.holds(Action.REPORT_APPROVE):
        return no(_("Reports are approved by the office director or the leading group."))
    if user.pk in {report.drafted_by_id, report.agreed_by_id}:
        return no(_("Who drafted or agreed a report cannot approve it. Ask another person."))
    if ReportState.APPROVED not in REPORT_NEXT[ReportState(report.state)]:
        return no(_("Only a report that the team has agreed can be approved."))
    if report.engagement.round.state != RoundState.REPORTING:
        return no(_("Reports are approved while the round is reporting."))
    return YES


def may_return_report(user: User, report: "Report") -> Verdict:
    """Decide whether `user` may send an agreed `report` back to its team."""
    if not user.holds(Action.REPORT_APPROVE):
        return no(_("Reports are returned by the office director or the leading group."))
    if ReportState.DRAFTED not in REPORT_NEXT[ReportState(report.state)]:
        return no(_("Only a report that the team has agreed can be returned."))
    return YES


def may_make_files(report: "Report") -> Verdict:
    """Decide whether the files of `report` may be made by whoever sees it."""
    if report.state != ReportState.APPROVED:
        return no(_("The files are made when the report is approved."))
    if report.file_id and report.list_file_id:
        return no(_("The files of this report have been made and never change."))
    return YES


def may_issue_feedback(user: User, engagement: "Engagement") -> Verdict:
    """Decide whether `user` may tell the unit of `engagement` what was found."""
    if not user.holds(Action.FEEDBACK_ISSUE):
        return no(_("Feedback is issued by the inspection office."))
    report = getattr(engagement, "report", None)
    if report is None or report.state != ReportState.APPROVED:
        return no(_("Feedback is issued when the report has been approved."))
    if getattr(engagement, "feedback", None) is not None:
        return no(_("The unit has already been given its feedback."))
    if engagement.round.state not in TELLING:
        return no(_("Feedback is issued while the round is reporting or reported."))
    return YES


def _may_write(user: User, engagement: "Engagement") -> Verdict:
    if not _serves(user, engagement):
        return no(_("Only the team that inspects this unit writes here, while it is authorised."))
    if engagement.round.state not in WRITING:
        return no(_("This is written while the round is in the field or reporting."))
    report = getattr(engagement, "report", None)
    if report is not None and report.state != ReportState.DRAFTED:
        return no(
            _("The team has agreed its report. Ask the approver to return it before changing it.")
        )
    return YES


def _serves(user: User, engagement: "Engagement", *roles: TeamRole) -> bool:
    memberships = memberships_in_force(user).filter(team=engagement.team_id)
    return memberships.filter(role__in=roles or TeamRole).exists()
