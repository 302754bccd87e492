import re
from uuid import uuid4

import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.findings.models import Feedback, Finding, Report
from tanzhao.inspections.states import RoundState, TeamRole
from tests.factories import (
    NOON,
    EvidenceFactory,
    FeedbackFactory,
    FindingFactory,
    ReportFactory,
    StoredFileFactory,
    UserFactory,
    contact_of,
    member_account,
)
from tests.findings.makers import agreed_report, checked_paper, engagement_in, sub_class

pytestmark = pytest.mark.django_db


def _sent(paper, code, **values):
    return {
        "token": uuid4(),
        "title": "党费少缴",
        "fact": "2名党员未交",
        "nature": "违反规定",
        "responsibility": "书记",
        "code_five-buildings": code.pk,
        "papers": [paper.pk],
        **values,
    }


def test_the_form_is_filled_in_from_the_facts_of_the_papers(sign_in):
    engagement = engagement_in()
    client = sign_in(member_account(engagement.team))
    sub_class()
    paper = checked_paper(
        engagement, title="党费", basis="党费收缴规定第三条", responsibility="支部书记李四"
    )
    fact = paper.facts.get()
    fact.when, fact.where, fact.what, fact.how_much = "2025年3月", "机关支部", "少缴党费", "420元"
    fact.save()
    address = reverse("findings:make", args=[engagement.pk])

    choosing = client.get(address)
    writing = client.get(address, {"papers": [str(paper.pk)]})

    assert choosing.context["papers"] == [paper]
    form = writing.context["form"]
    assert form["title"].value() == "党费"
    assert form["fact"].value() == "2025年3月，机关支部，少缴党费，420元。"
    assert form["nature"].value() == "党费收缴规定第三条"
    assert form["responsibility"].value() == "支部书记李四"


def test_a_double_click_makes_one_finding_and_leads_to_it_twice(sign_in):
    engagement = engagement_in()
    client = sign_in(member_account(engagement.team))
    sent = _sent(checked_paper(engagement), sub_class())
    address = reverse("findings:make", args=[engagement.pk])

    answers = [client.post(address, sent) for _ in range(2)]

    finding = Finding.objects.get()
    page = reverse("findings:finding", args=[finding.pk])
    assert [(answer.status_code, answer["Location"]) for answer in answers] == [(302, page)] * 2


def test_a_refused_finding_keeps_what_was_written(sign_in):
    engagement = engagement_in()
    client = sign_in(member_account(engagement.team))
    sent = _sent(checked_paper(engagement, state="used"), sub_class(), fact="写了很久的话")

    answer = client.post(reverse("findings:make", args=[engagement.pk]), sent)

    assert answer.status_code == 422
    assert "写了很久的话" in answer.content.decode()
    assert answer.context["form"].non_field_errors()
    assert not Finding.objects.exists()


def test_a_stale_form_shows_what_is_stored_and_may_then_be_saved(sign_in):
    engagement = engagement_in()
    client = sign_in(member_account(engagement.team))
    finding = FindingFactory(engagement=engagement, fact="别人写的", version=4)
    code = sub_class()
    finding.codes.add(code)
    sent = _sent(checked_paper(engagement), code, papers=[], version=3, fact="我写的")
    address = reverse("findings:change", args=[finding.pk])

    answer = client.post(address, sent)

    assert answer.status_code == 422
    assert answer.context["stored"].fact == "别人写的"
    assert answer.context["form"]["version"].value() == "4"
    assert client.post(address, sent | {"version": 4}).status_code == 302
    finding.refresh_from_db()
    assert (finding.fact, finding.version) == ("我写的", 5)


def test_the_cross_walk_suggests_the_other_frame_and_decides_nothing(sign_in):
    engagement = engagement_in()
    client = sign_in(member_account(engagement.team))
    main, other = sub_class(), sub_class("three-focuses", "base.members", "党员队伍和组织生活")
    sub_class("three-focuses", "base.cadres", "干部队伍")
    address = reverse("findings:codes", args=[engagement.pk])

    part = client.get(address, {"code_five-buildings": main.pk}, headers={"HX-Request": "true"})
    nothing = client.get(address, {"code_five-buildings": ""})

    fields = part.context["code_fields"]
    assert [row["suggested"] for row in fields] == [[], [other]]
    assert [row["field"].value() for row in fields] == [str(main.pk), str(other.pk)]
    assert "<html" not in part.content.decode()
    assert [row["suggested"] for row in nothing.context["code_fields"]] == [[], []]
    finding = FindingFactory(engagement=engagement)
    finding.codes.add(main)
    shown = client.get(reverse("findings:finding", args=[finding.pk])).context["frames"]
    assert [(row["code"], row["suggested"]) for row in shown] == [(main, []), (None, [other])]


def test_papers_and_evidence_are_linked_for_those_alone_who_may_see_them(sign_in):
    engagement = engagement_in()
    finding = FindingFactory(engagement=engagement, state="fed_back")
    paper = checked_paper(engagement, state="used", title="不外传的底稿")
    evidence = EvidenceFactory(paper=paper, fact=paper.facts.get())
    aside = EvidenceFactory(paper=paper, set_aside_reason="重复")
    finding.papers.add(paper)
    address = reverse("findings:finding", args=[finding.pk])

    for reader, sees in (
        (member_account(engagement.team), True),
        (UserFactory(role=Role.STAFF), True),
        (UserFactory(role=Role.SUPERVISOR), False),
        (UserFactory(role=Role.LEADING_GROUP), False),
    ):
        text = sign_in(reader).get(address).content.decode()
        assert (str(paper.pk) in text) is sees
        assert (str(evidence.pk) in text) is sees
        assert ("不外传的底稿" in text) is sees
        assert str(aside.pk) not in text
        assert (paper.official_number in text) is sees
        assert ("只对该巡察组和巡察办开放" in text) is not sees


def test_every_sentence_of_a_finding_on_the_sheet_is_a_link_to_it(sign_in):
    engagement = engagement_in()
    one = FindingFactory(engagement=engagement, fact="甲事实。甲又一句。", nature="甲性质")
    two = FindingFactory(engagement=engagement, fact="乙事实", title="乙题")
    ReportFactory(engagement=engagement, situation="总体较好。", opinions="抓紧整改。")
    reader = UserFactory(role=Role.STAFF)

    text = sign_in(reader).get(reverse("findings:report", args=[engagement.pk])).content.decode()

    sheet = text[text.index("<article") : text.index("</article>")]
    links = dict.fromkeys((one, two), "")
    for finding in links:
        page = reverse("findings:finding", args=[finding.pk])
        found = re.findall(rf'<a class="sentence" href="{page}">([^<]*)</a>', sheet)
        links[finding] = "".join(found)
    assert links == {one: f"{one.title}。甲事实。甲又一句。甲性质。", two: "乙题。乙事实。"}
    left = re.sub(r"<a.*?</a>|<[^>]+>|\s", "", sheet)
    assert "事实" not in left
    assert "总体较好。" in left
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor) == ("report.seen", reader)


def test_a_report_shown_with_a_refusal_has_been_looked_at_too(sign_in):
    report = ReportFactory(situation="总体情况", opinions="意见")
    member = member_account(report.engagement.team)
    key = report.engagement_id

    answer = sign_in(member).post(reverse("findings:agree_report", args=[key]), {"version": 1})

    assert answer.status_code == 422
    assert "总体情况" in answer.content.decode()
    entry = Entry.objects.get()
    assert (entry.verb, entry.actor, entry.target_id) == ("report.seen", member, report.pk)


def test_the_report_is_drafted_agreed_approved_and_downloaded_on_its_pages(
    sign_in, django_capture_on_commit_callbacks
):
    engagement = engagement_in()
    FindingFactory(engagement=engagement, recommendation="补缴党费")
    leader = member_account(engagement.team, TeamRole.LEADER)
    address = reverse("findings:report", args=[engagement.pk])
    client = sign_in(leader)

    writing = client.get(address).context["writing"]
    assert "补缴党费。" in writing["opinions"].value()
    words = {"version": 0, "situation": "总体较好。", "opinions": writing["opinions"].value()}
    assert client.post(reverse("findings:draft_report", args=[engagement.pk]), words)["Location"]
    draft = client.get(reverse("findings:report_file", args=[engagement.pk, "list"]))
    assert b"".join(draft.streaming_content)[:2] == b"PK"
    agreed = client.post(reverse("findings:agree_report", args=[engagement.pk]), {"version": 1})
    assert agreed.status_code == 302
    refused = client.post(reverse("findings:agree_report", args=[engagement.pk]), {"version": 1})
    assert refused.status_code == 422
    client = sign_in(UserFactory(role=Role.LEADING_GROUP))
    with django_capture_on_commit_callbacks(execute=True):
        client.post(reverse("findings:approve_report", args=[engagement.pk]))
    final = client.get(reverse("findings:report_file", args=[engagement.pk, "report"]))
    report = Report.objects.get()
    with report.file.content.open("rb") as frozen:
        assert b"".join(final.streaming_content) == frozen.read()
    last = Entry.objects.last()
    assert (last.verb, last.details["sha256"]) == ("report.downloaded", report.file.sha256)


def test_the_leading_group_returns_a_report_and_no_longer_sees_it(sign_in):
    engagement = engagement_in()
    agreed_report(engagement)
    client = sign_in(UserFactory(role=Role.LEADING_GROUP))
    address = reverse("findings:return_report", args=[engagement.pk])

    assert client.post(address, {"reason": ""}).status_code == 422
    answer = client.post(address, {"reason": "缺依据"})

    assert answer["Location"] == reverse("web:workbench")
    assert client.get(reverse("findings:report", args=[engagement.pk])).status_code == 404


def test_the_contact_reads_and_downloads_the_feedback_and_both_are_recorded(sign_in):
    feedback = FeedbackFactory(file=StoredFileFactory(), list_file=StoredFileFactory())
    finding = FindingFactory(engagement=feedback.engagement, fact="请补缴党费", state="fed_back")
    contact = contact_of(feedback.engagement.unit)
    client = sign_in(contact)
    arguments = [feedback.engagement_id]

    page = client.get(reverse("findings:feedback", args=arguments)).content.decode()
    answer = client.get(reverse("findings:feedback_file", args=[*arguments, "letter"]))

    assert "请补缴党费" in page
    assert str(finding.pk) not in page  # findings are no page of a contact's
    assert b"".join(answer.streaming_content) == b"%PDF-1.7\n"
    assert client.get(reverse("findings:feedback_file", args=[*arguments, "x"])).status_code == 404
    assert [(entry.verb, entry.actor) for entry in Entry.objects.all()] == [
        ("feedback.seen", contact),
        ("feedback.downloaded", contact),
    ]


def test_the_office_is_shown_the_form_that_issues_feedback_and_others_nothing(sign_in):
    engagement = engagement_in(RoundState.REPORTED)
    address = reverse("findings:feedback", args=[engagement.pk])
    staff = UserFactory(role=Role.STAFF)

    assert not sign_in(staff).get(address).context["issuing"]
    director = UserFactory(role=Role.DIRECTOR)
    ReportFactory(engagement=engagement, state="approved", approved_by=director, approved_at=NOON)
    text = sign_in(staff).get(address).content.decode()

    assert reverse("rectification:feed_back", args=[engagement.pk]) in text
    for reader in (contact_of(engagement.unit), member_account(engagement.team)):
        assert sign_in(reader).get(address).status_code == 404
    assert not Feedback.objects.exists()


def test_a_team_finds_its_units_above_the_register_and_others_find_none(sign_in):
    engagement = engagement_in()
    checked_paper(engagement)
    checked_paper(engagement, state="used")
    for _ in range(2):
        FindingFactory(engagement=engagement)
    engagement_in()  # of another team
    address = reverse("findings:findings")

    shown = sign_in(member_account(engagement.team)).get(address).context["engagements"]

    assert [(row, row.waiting, row.made) for row in shown] == [(engagement, 1, 2)]
    assert sign_in(UserFactory(role=Role.STAFF)).get(address).context["engagements"] == []
