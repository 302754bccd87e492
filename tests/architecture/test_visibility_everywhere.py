"""Every page of every feature, opened by everybody: nobody reads a word they may not know.

Each record bears a word of its own. Each reader opens every address, with the key of every record
and with every word asked for, and what they have then read must be exactly what is written here.
"""

import re
import zipfile
from io import BytesIO
from itertools import product

import pytest
from django.urls import URLPattern, get_resolver, reverse

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.archive.models import Volume
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunKind
from tanzhao.inspections.models import TeamAlert, TeamProposal, Waiver
from tanzhao.inspections.states import PlanState, ProposalState, RoundState
from tanzhao.inspectors.models import DeclaredRecusal
from tanzhao.notices.states import NoticeKind
from tanzhao.papers.states import PaperState
from tanzhao.rectification.models import Step, StepFile
from tanzhao.rectification.states import State, StepKind
from tanzhao.screening.models import OfficeRule, Verification
from tanzhao.screening.rulebook import shipped_rules
from tests.factories import (
    NOON,
    AuthorisationFactory,
    EngagementFactory,
    EvidenceFactory,
    FactFactory,
    FeedbackFactory,
    FindingFactory,
    InspectorFactory,
    ItemFactory,
    LeadFactory,
    NoticeFactory,
    PaperHandlerFactory,
    PlannedRoundFactory,
    PlannedVisitFactory,
    ReportFactory,
    RoundFactory,
    StoredFileFactory,
    TeamFactory,
    TeamMemberFactory,
    TermPlanFactory,
    UnitFactory,
    UserFactory,
    WorkingPaperFactory,
    contact_of,
    days,
    member_account,
)
from tests.rectification.likeness_rows import alike_documents
from tests.screening.factories import DataSetFactory, DoneComparisonFactory, HitFactory

pytestmark = pytest.mark.django_db

FIELD = {"词交办命中", "词疑点", "词底稿", "词事实", "词佐证", "词问题", "词报告"}
FED_BACK = {"词已反馈", "词文号", "词措施", "词整改佐证"}
# A reader of one of two documents that are alike learns nothing of the other, nor what was said.
OWN_ALIKE = {"词本组材料"}
BOTH_ALIKE = OWN_ALIKE | {"词他组材料", "词他组文字", "词答复理由", "词公共段落"}
KEPT_BY_THE_OFFICE = {
    "词询问",
    "词收录",
    "词办内疑点",
    "词数据集",
    "词比对",
    "词命中",
    "词核查",
    "词规则",
    "词干部",
    "词申报",
    "词警示",
    "词豁免",
    "词卷宗",
    "词草案",
    "词规划",
    "词方案",
}
OFFICE = FIELD | FED_BACK | BOTH_ALIKE | KEPT_BY_THE_OFFICE
EVERYTHING = OFFICE | {"词任务", "词通知"}
MAY_READ = {
    "director": OFFICE,
    "staff": OFFICE,
    # A draft of a plan is the office's own until it is put before the leading group.
    "leading group": FED_BACK | {"词豁免", "词警示", "词规划"},
    "supervisor": FED_BACK | BOTH_ALIKE,
    "team in the field": FIELD | OWN_ALIKE,
    "another team of the round": set(),
    "team after its last day": set(),
    "team before its first day": set(),
    "contact of the unit in the field": set(),
    "contact of the unit fed back": FED_BACK,
    "contact of another unit": set(),
    # Whoever opens an account chooses the person it is for.
    "system administrator": {"词干部"},
    "audit administrator": set(),
    "a stopped account": set(),
}


def _county():
    """Make one record of every kind, in a round in the field and in one in rectification."""
    field = EngagementFactory()
    paper = WorkingPaperFactory(engagement=field, title="词底稿", state=PaperState.SIGNED)
    PaperHandlerFactory(paper=paper)
    fact = FactFactory(paper=paper, what="词事实")
    evidence = EvidenceFactory(paper=paper, name="词佐证")
    finding = FindingFactory(engagement=field, title="词问题")
    finding.papers.add(paper)
    ReportFactory(engagement=field, situation="词报告", opinions="请整改")
    lead = LeadFactory(engagement=field, unit=field.unit, title="词疑点")
    office_lead = LeadFactory(title="词办内疑点")

    over = AuthorisationFactory(
        round=RoundFactory(state=RoundState.RECTIFYING), starts=days(-90), ends=days(-1)
    ).round
    fed_back = EngagementFactory(team=TeamFactory(round=over))
    known = FindingFactory(engagement=fed_back, title="词已反馈", state="fed_back")
    ReportFactory(engagement=fed_back, situation="实", opinions="改", state="approved",
                  approved_by=UserFactory(), approved_at=NOON)  # fmt: skip
    FeedbackFactory(engagement=fed_back, number="词文号", file=StoredFileFactory())
    item = ItemFactory(finding=known, measure="词措施", state=State.IN_PROGRESS)
    step = Step.objects.create(item=item, kind=StepKind.PROGRESSED, text="进展", at=NOON)
    file = StepFile.objects.create(step=step, file=StoredFileFactory(), name="词整改佐证")

    inspector = InspectorFactory(name="词干部")
    coming = AuthorisationFactory(
        round=RoundFactory(state=RoundState.APPROVED), starts=days(1), ends=days(60)
    ).round
    early = TeamFactory(round=coming)
    waiver = Waiver.objects.create(
        team=early, inspector=InspectorFactory(), unit=field.unit, rule="native_township",
        fact="籍贯", reason="词豁免", requested_by=UserFactory(), requested_at=NOON,
    )  # fmt: skip
    alert = {"cause": "inspector.changed", "about": "词警示", "raised_at": NOON}
    TeamAlert.objects.create(team=field.team, **alert)
    recusal = DeclaredRecusal.objects.create(inspector=inspector, unit_name="词申报")
    said = {"person": "词通知", "unit": "某局"}
    notice = NoticeFactory(kind=NoticeKind.RECUSAL_DECLARED, values=said)
    made = StoredFileFactory(name="卷宗.zip")
    Volume.objects.create(
        engagement=fed_back, file=made, pieces=1, trail_position=1, trail_hash="0" * 64,
        left_open_reason="词卷宗", sealed_by=UserFactory(), sealed_at=NOON,
    )  # fmt: skip
    draft = TermPlanFactory(title="词草案", term=field.round.term)
    planned = PlannedVisitFactory(
        planned__plan=draft, planned__unit=field.unit, round=PlannedRoundFactory(plan=draft)
    )
    in_force = TermPlanFactory(
        title="词规划", term=field.round.term, state=PlanState.IN_FORCE, approved_by=UserFactory()
    )
    proposal = TeamProposal.objects.create(
        round=coming, state=ProposalState.READY, conflict=[{"code": "词方案", "values": {}}],
        made_by=UserFactory(), made_at=NOON,
    )  # fmt: skip
    done = DoneComparisonFactory(purpose="词比对")
    data_set = DataSetFactory(title="词数据集")
    done.data_sets.add(data_set)
    kept = HitFactory(latest=done, why_zh="词命中", state="proposed", outcome="known")
    given = HitFactory(
        latest=done, why_zh="词交办命中", engagement=field, assigned_by=UserFactory()
    )
    verification = Verification.objects.create(
        hit=kept, outcome="known", note="词核查", verifier="x", verified_on=days(-1),
        evidence_file=StoredFileFactory(), proposed_by=UserFactory(), proposed_at=NOON,
    )  # fmt: skip
    sheet = {**shipped_rules()["paid-after-death"].body, "title_zh": "词规则"}
    rule = OfficeRule.objects.create(
        name="paid-after-death", version="1", sheet=sheet, sql="SELECT 1", evidence_sql="SELECT 1",
        made_by=UserFactory(), changed_at=NOON,
    )  # fmt: skip
    alike = alike_documents(field, item)
    run = Run.objects.create(
        kind=RunKind.REPORT_MAKE, subject_id=field.pk, subject_name="词任务",
        started_by=UserFactory(), started_at=NOON,
    )  # fmt: skip
    keys = {
        "round_id": [field.round_id, over.pk, coming.pk],
        "team_id": [field.team_id, fed_back.team_id, early.pk],
        "engagement_id": [field.pk, fed_back.pk],
        "lead_id": [lead.pk, office_lead.pk],
        "paper_id": [paper.pk],
        "fact_id": [fact.pk],
        "evidence_id": [evidence.pk],
        "finding_id": [finding.pk, known.pk],
        "item_id": [item.pk],
        "file_id": [file.pk],
        "unit_id": [field.unit_id, fed_back.unit_id],
        "inspector_id": [inspector.pk],
        "waiver_id": [waiver.pk],
        "term_id": [draft.term_id],
        "plan_id": [draft.pk, in_force.pk],
        "number": [planned.round.number],
        "proposal_id": [proposal.pk],
        "recusal_id": [recusal.pk],
        "notice_id": [notice.pk],
        "member_id": [TeamMemberFactory(team=one).pk for one in (early, field.team)],
        "run_id": [run.pk],
        "data_set_id": [data_set.pk],
        "comparison_id": [done.pk],
        "hit_id": [kept.pk, given.pk],
        "verification_id": [verification.pk],
        "rule_id": [rule.pk],
        "name": ["paid-after-death"],
        "which": ["report", "list", "letter"],
        "version": [1],
    } | alike
    return {"field": field, "fed_back": fed_back, "early": early, "keys": keys}


def _reader(who, county):
    field, fed_back = county["field"], county["fed_back"]
    match who:
        case "team in the field":
            return member_account(field.team)
        case "another team of the round":
            return member_account(EngagementFactory(team=TeamFactory(round=field.round)).team)
        case "team after its last day":
            return member_account(fed_back.team)
        case "team before its first day":
            return member_account(county["early"])
        case "contact of the unit in the field":
            return contact_of(field.unit)
        case "contact of the unit fed back":
            return contact_of(fed_back.unit)
        case "contact of another unit":
            return contact_of(UnitFactory())
        case "system administrator":
            return UserFactory(role=Role.SYSTEM_ADMIN)
        case "audit administrator":
            return UserFactory(role=Role.AUDIT_ADMIN)
        case "a stopped account":
            return UserFactory(role=Role.DIRECTOR, is_active=False)
    return UserFactory(role=who.replace(" ", "_"))


def _pages(resolver=None, namespace=""):
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLPattern):
            yield f"{namespace}{pattern.name}", pattern.pattern.converters
        else:
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            yield from _pages(pattern, inner)


def _addresses(keys):
    """Give every address with the key of every record."""
    for name, parameters in _pages():
        if name != "accounts:logout":
            offered = {part: keys.get(part, keys["run_id"]) for part in parameters}
            for values in product(*offered.values()):
                yield reverse(name, kwargs=dict(zip(offered, values, strict=True)))


def _questions(keys, hidden):
    """Give what a list can be asked: for words the reader may not know, and for records."""
    yield from ({"q": word} for word in sorted(hidden))
    yield from ({"state": state} for state in ("all", "mine"))
    yield from ({"engagement": key} for key in keys["engagement_id"])
    yield from ({"unit": key} for key in keys["unit_id"])


def _read(answer):
    """Give what an answer says: a page as it is, a Word file or a workbook as its text."""
    content = answer.getvalue()
    text = str(answer.headers)
    if content[:2] == b"PK":
        with zipfile.ZipFile(BytesIO(content)) as package:
            parts = [package.read(name).decode("utf-8", "replace") for name in package.namelist()]
        return text + re.sub(r"<[^>]+>", "", " ".join(parts))
    page = content.decode("utf-8", "replace")
    # What the reader typed stands in the search field again; that is no answer.
    return text + re.sub(r'value="词[^"]*"|\?[^"]*q=[^"]*', "", page)


@pytest.mark.parametrize(("who", "may_read"), MAY_READ.items(), ids=MAY_READ)
def test_a_reader_reads_what_is_open_to_them_and_not_a_word_more(client, who, may_read):
    county = _county()
    reader = _reader(who, county)
    client.force_login(reader)
    read, lists = set(), []

    def look(address, question=None):
        answer = client.get(address, question)
        # 422: a form that is not for this reader, or not now, and says so.
        assert answer.status_code in {200, 302, 403, 404, 405, 422}, address
        if answer.status_code in {200, 422}:
            said = _read(answer)
            read.update(word for word in EVERYTHING if word in said)
        return answer.status_code == 200

    for address in _addresses(county["keys"]):
        if look(address) and not re.search(r"[0-9a-f]{8}-", address):
            lists.append(address)
    for address, question in product(lists, _questions(county["keys"], EVERYTHING - may_read)):
        look(address, question)

    assert read == may_read
    assert User.objects.filter(pk=reader.pk).exists()
