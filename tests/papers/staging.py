"""A team in the field with its papers, taken to any state by the steps that people take."""

from dataclasses import dataclass, field
from uuid import uuid4

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.inspections.models import Engagement
from tanzhao.inspections.states import TeamRole
from tanzhao.kernel.packs import SHIPPED, read_pack
from tanzhao.papers import actions
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.queries import wording_of
from tanzhao.papers.states import PaperState
from tanzhao.papers.wording import Distinction, FactText, Wording
from tanzhao.taxonomy.actions import install_frame
from tests.documents import samples
from tests.factories import NOON, EngagementFactory, UserFactory, member_account

QUESTIONS = ("experience", "exploration", "development")
DESCRIPTION = {
    "name": "记账凭证",
    "kind": "voucher",
    "source": "县水利局财务室",
    "page": "3",
    "is_original": False,
    "fact_id": None,
}


def vocabularies():
    for name in ("methods", "evidence-kinds", "three-distinctions"):
        install_frame(read_pack(SHIPPED / "taxonomies" / name, "vocabulary"), at=NOON)


def complete_wording(**changes) -> Wording:
    values = {
        "title": "违规列支接待费",
        "overview": "2025年1月至6月，县水利局列支接待费3笔1.2万元，均无公函。",
        "basis": "《党政机关国内公务接待管理规定》第五条",
        "responsibility": "局党组负主体责任，局长张某负第一责任，分管财务副局长负领导责任。",
        "effect": "增加财政支出1.2万元。",
        "principal_said": "2026年3月6日与局长张某沟通，其承认情况属实。",
        "facts": (
            FactText(
                id=str(uuid4()),
                what="2025年记账凭证第12、15、31号列支接待费1.2万元，无公函。",
                when="2025年1月至6月",
                where="县水利局",
                how_much="3笔1.2万元",
                method="document_request",
            ),
        ),
        "distinctions": tuple(Distinction(code, "no", "") for code in QUESTIONS),
    }
    return Wording(**(values | changes))


@dataclass
class Staged:
    """Who is who. `member` and `liaison` are the handlers of the papers."""

    engagement: Engagement
    leader: User
    deputy: User
    second_deputy: User
    liaison: User
    member: User
    other_member: User
    office: User = field(default_factory=lambda: UserFactory(role=Role.STAFF))
    director: User = field(default_factory=lambda: UserFactory(role=Role.DIRECTOR))

    @property
    def team(self):
        return self.engagement.team


def staged(**values) -> Staged:
    """Make a team in the field with vocabularies installed."""
    vocabularies()
    engagement = EngagementFactory(**values)
    return Staged(
        engagement=engagement,
        leader=member_account(engagement.team, TeamRole.LEADER),
        deputy=member_account(engagement.team, TeamRole.DEPUTY),
        second_deputy=member_account(engagement.team, TeamRole.DEPUTY),
        liaison=member_account(engagement.team, TeamRole.LIAISON),
        member=member_account(engagement.team),
        other_member=member_account(engagement.team),
    )


def draft(people: Staged, title: str = "违规列支接待费") -> WorkingPaper:
    """Begin a paper: the member with the liaison."""
    return actions.begin_paper(
        paper_id=uuid4(),
        engagement_id=people.engagement.pk,
        actor=people.member,
        at=NOON,
        title=title,
        handlers=[people.liaison.inspector_id],
    )


def complete(people: Staged, title: str = "违规列支接待费") -> WorkingPaper:
    """Begin a paper and fill in all that signing asks for."""
    paper = draft(people, title)
    wording = complete_wording(title=title, handlers=wording_of(paper).handlers)
    actions.save_paper(paper_id=paper.pk, actor=people.member, at=NOON, version=1, wording=wording)
    actions.add_evidence(
        paper_id=paper.pk,
        actor=people.member,
        at=NOON,
        file=samples.pdf(),
        file_name="凭证.pdf",
        description=DESCRIPTION,
    )
    return WorkingPaper.objects.get(pk=paper.pk)


def taken_to(state: PaperState, people: Staged, title: str = "违规列支接待费") -> WorkingPaper:
    """Make a paper in this state by the steps that lead there."""
    paper = complete(people, title)
    key = {"paper_id": paper.pk, "at": NOON}
    if state == PaperState.VOID:
        actions.void_paper(**key, actor=people.member, reason="重复")
    steps = [
        (PaperState.SIGNED, lambda: actions.sign_paper(**key, actor=people.member)),
        (PaperState.SIGNED, lambda: actions.sign_paper(**key, actor=people.liaison)),
        (PaperState.RETURNED, lambda: _returned(key, people) if state == "returned" else None),
        (PaperState.DEPUTY_REVIEWED, lambda: actions.review_paper(**key, actor=people.deputy)),
        (PaperState.LEADER_APPROVED, lambda: actions.approve_paper(**key, actor=people.leader)),
        (PaperState.CHECKED, lambda: actions.check_paper(**key, actor=people.office)),
    ]
    for reached, step in steps:
        paper.refresh_from_db()
        if paper.state == state and reached != PaperState.SIGNED:
            break
        if state not in {PaperState.DRAFT, PaperState.VOID}:
            step()
    if state == PaperState.USED:
        WorkingPaper.objects.filter(pk=paper.pk).update(state=PaperState.USED)
    paper.refresh_from_db()
    assert paper.state == state
    return paper


def _returned(key, people):
    actions.return_paper(**key, actor=people.deputy, reason="事实不清")
