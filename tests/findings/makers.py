"""A unit on its way from checked papers to feedback, for the tests of findings."""

from uuid import uuid4

from tanzhao.findings.actions import Wording
from tanzhao.inspections.states import RoundState, TeamRole
from tests.factories import (
    CodeFactory,
    EngagementFactory,
    FactFactory,
    FindingFactory,
    FrameFactory,
    ReportFactory,
    WorkingPaperFactory,
    member_account,
)


def sub_class(name="five-buildings", code="organisation.dues", label="党费收缴管理不规范"):
    """Make a sub-class of a frame, with its class."""
    frame = FrameFactory(name=name, kind="frame", label_zh=name)
    top, _dot, _rest = code.partition(".")
    parent = frame.codes.filter(code=top).first() or CodeFactory(
        frame=frame, code=top, label_zh="组织建设"
    )
    known = frame.codes.filter(code=code).first()
    return known or CodeFactory(frame=frame, code=code, label_zh=label, parent=parent)


def engagement_in(state=RoundState.REPORTING, **values):
    """Make an engagement whose round has the five buildings as its frame."""
    engagement = EngagementFactory(**values)
    round_ = engagement.round
    round_.state = state
    round_.frame = FrameFactory(name="five-buildings", kind="frame", label_zh="五个建设")
    round_.save()
    return engagement


def checked_paper(engagement, state="checked", **values):
    """Make a working paper that the office has checked, with one fact."""
    number = f"2026-6-{uuid4()}"
    paper = WorkingPaperFactory(
        engagement=engagement, state=state, official_number=number, **values
    )
    FactFactory(paper=paper)
    return paper


def wording(*codes, **texts):
    """Give a wording with these codes, or with one of the five buildings."""
    said = {
        "title": "党费少缴",
        "fact": "2名党员未交",
        "nature": "违反规定",
        "responsibility": "书记",
    }
    return Wording(**(said | texts), codes=codes or (sub_class(),))


def agreed_report(engagement, **values):
    """Make a finding and a report that the team has agreed on."""
    FindingFactory(engagement=engagement)
    leader = member_account(engagement.team, TeamRole.LEADER)
    return ReportFactory(
        engagement=engagement,
        situation="总体较好。",
        opinions="抓紧整改。",
        state="agreed",
        drafted_by=leader,
        agreed_by=leader,
        **values,
    )
