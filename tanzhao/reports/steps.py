"""What a round waits for, who may do it, and where: the panel of the round board."""

from typing import Any, NamedTuple

from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.archive.queries import unsealed_in
from tanzhao.archive.rules import may_archive
from tanzhao.findings.rules import may_issue_feedback
from tanzhao.findings.states import ReportState
from tanzhao.inspections.models import Authorisation, Round
from tanzhao.inspections.queries import staffing_of
from tanzhao.inspections.rules import may_enter_field
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.clock import today
from tanzhao.kernel.verdict import YES, Verdict
from tanzhao.papers.queries import unfinished_papers
from tanzhao.papers.rules import may_close_fieldwork
from tanzhao.rectification.queries import assessment_facts
from tanzhao.rectification.rules import may_assess
from tanzhao.reports.queries import Progress, RoundBoard
from tanzhao.reports.states import Stage


class Place(NamedTuple):
    """A page where part of the step is done."""

    label: str
    address: str
    reason: str = ""


class NextStep(NamedTuple):
    """What a round waits for: a form to send, a page to open, or several places to go to."""

    says: str
    verdict: Verdict = YES
    button: str = ""
    address: str = ""
    is_sent: bool = False
    places: tuple[Place, ...] = ()


def next_step(round_: Round, board: RoundBoard, user: User) -> NextStep:
    """Give what comes next for a round, with the verdict for `user` and its reason."""
    lines = [line for team in board.teams for line in team.engagements]
    match RoundState(round_.state):
        case RoundState.PROPOSED | RoundState.APPROVED:
            says = _("The round is to be approved, and its teams to be formed and staffed.")
            return _page(says, _("Open the round"), "inspections:round", round_)
        case RoundState.STAFFED:
            says = _("The teams are to be authorised.")
            return _page(says, _("Open the authorisation"), "inspections:authorisation", round_)
        case RoundState.AUTHORISED:
            return _entering(round_, user)
        case RoundState.IN_FIELD:
            return _closing_fieldwork(round_, user)
        case RoundState.REPORTING:
            return NextStep(_("Each report is to be agreed and approved."), places=_reports(lines))
        case RoundState.REPORTED:
            says = _("Each unit is to be given its feedback.")
            return NextStep(says, places=_feedback(lines, user))
        case RoundState.FED_BACK:
            says = _("The units plan their items; the first plan accepted begins rectification.")
            address = reverse("rectification:items") + f"?round={round_.number}&state=planned"
            return NextStep(says, button=_("Plans to look over"), address=address)
        case RoundState.RECTIFYING:
            return _assessing(round_, user)
        case RoundState.ASSESSED:
            return _archiving(round_, lines, user)
    return NextStep(_("The round is archived. Nothing is left to do."))


def _page(says: str, button: str, url_name: str, round_: Round) -> NextStep:
    return NextStep(says, button=button, address=reverse(url_name, args=[round_.pk]))


def _entering(round_: Round, user: User) -> NextStep:
    authorisation = Authorisation.objects.filter(round=round_).first()
    return NextStep(
        _("The teams go into the units."),
        may_enter_field(
            user,
            round_,
            authorisation,
            on_day=today(),
            problems=staffing_of(round_).problems if user.holds(Action.ROUND_ADVANCE) else [],
        ),
        _("Enter the field"),
        reverse("inspections:enter_field", args=[round_.pk]),
        is_sent=True,
    )


def _closing_fieldwork(round_: Round, user: User) -> NextStep:
    unfinished = list(unfinished_papers(round_.pk))
    return NextStep(
        _("When every paper is checked or void, the teams leave the field and report."),
        may_close_fieldwork(user, round_, unfinished),
        _("End the fieldwork"),
        reverse("papers:close_fieldwork", args=[round_.pk]),
        is_sent=True,
    )


def _assessing(round_: Round, user: User) -> NextStep:
    return NextStep(
        _("When nothing waits for verification or closing, rectification is assessed."),
        may_assess(user, round_, **assessment_facts(round_)),
        _("Write the assessment"),
        reverse("rectification:assess_round", args=[round_.pk]),
    )


def _archiving(round_: Round, lines: list[Progress], user: User) -> NextStep:
    unsealed = unsealed_in(round_.pk)
    return NextStep(
        _("Every volume is to be sealed; then the round is archived."),
        may_archive(user, round_, unsealed=unsealed),
        _("Archive the round"),
        reverse("archive:archive_round", args=[round_.pk]),
        is_sent=True,
        places=tuple(_place(line, "archive:volume") for line in lines if line.volume is None)
        if may_archive(user, round_, unsealed=0)
        else (),
    )


def _reports(lines: list[Progress]) -> tuple[Place, ...]:
    waiting = [line for line in lines if not _is_approved(line)]
    return tuple(
        _place(line, "findings:report", line.report.get_state_display() if line.report else "")
        for line in waiting
    )


def _feedback(lines: list[Progress], user: User) -> tuple[Place, ...]:
    places = []
    for line in lines:
        if line.stage != Stage.REPORTED:
            continue
        verdict = may_issue_feedback(user, line.engagement)
        places.append(_place(line, "findings:feedback", verdict.reason))
    return tuple(places)


def _is_approved(line: Progress) -> bool:
    return line.report is not None and line.report.state == ReportState.APPROVED


def _place(line: Progress, url_name: str, reason: Any = "") -> Place:
    address = reverse(url_name, args=[line.engagement.pk])
    return Place(line.engagement.unit.name, address, str(reason))
