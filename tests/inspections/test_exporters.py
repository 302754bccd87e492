import datetime as dt
import json
from io import BytesIO

import docx
import pytest
from django.urls import reverse

from tanzhao.access.table import Role
from tanzhao.inspections import actions
from tanzhao.inspections.exporters import authorisation_as_paper, authorisation_document
from tanzhao.inspections.models import Team
from tanzhao.inspections.queries.paper_values import (
    has_moved_on,
    paper_to_keep,
    round_title,
    team_title,
)
from tanzhao.inspections.states import AuthorisationState, RoundState, TeamRole
from tanzhao.inspectors.models import Inspector
from tanzhao.units.models import Unit
from tests.factories import (
    AuthorisationFactory,
    EngagementFactory,
    InspectorFactory,
    RoundFactory,
    TeamMemberFactory,
    UnitFactory,
    UserFactory,
)
from tests.inspections.makers import complete_team

pytestmark = pytest.mark.django_db
APPROVED = dt.datetime(2026, 2, 25, 17, tzinfo=dt.UTC)  # already the 26th in China


def _authorised_round():
    authorisation = AuthorisationFactory(
        round=RoundFactory(number=6),
        number="岚巡组〔2026〕3号",
        basis="根据《中国共产党巡视工作条例》。",
        starts=dt.date(2026, 3, 2),
        ends=dt.date(2026, 5, 15),
        approved_at=APPROVED,
    )
    team = Team.objects.create(round=authorisation.round, number=1)
    for name, role in (("张建国", TeamRole.LEADER), ("李敏", TeamRole.DEPUTY)):
        TeamMemberFactory(team=team, inspector=InspectorFactory(name=name), role=role)
    EngagementFactory(team=team, round=team.round, unit=UnitFactory(name="县教育局党组"))
    return authorisation


def _text(document):
    file = docx.Document(BytesIO(document.content))
    cells = [cell.text for table in file.tables for row in table.rows for cell in row.cells]
    return "\n".join([paragraph.text for paragraph in file.paragraphs] + cells)


def test_the_decision_says_what_the_records_say_and_is_a_draft_until_approved():
    authorisation = _authorised_round()

    approved = authorisation_document(authorisation)
    authorisation.state, authorisation.approved_by = AuthorisationState.DRAFTED, None
    authorisation.approved_at = None
    draft = authorisation_document(authorisation)

    for document in (approved, draft):
        text = _text(document)
        assert "根据《中国共产党巡视工作条例》，按照" in text
        assert "自2026年3月2日起至2026年5月15日止" in text
        assert "组　长：张建国\n副组长：李　敏" in text
        assert "县委第一巡察组\n张建国\n李　敏\n\n县教育局党组" in text
    assert ("送审稿" in _text(approved), "2026年2月26日" in _text(approved)) == (False, True)
    assert ("送审稿" in _text(draft), "2026年2月26日" in _text(draft)) == (True, False)
    assert approved.name.endswith("任务分工的决定.docx")
    assert authorisation_document(_again(authorisation)) == approved


def _again(authorisation):
    authorisation.refresh_from_db()
    return authorisation


def test_rounds_and_teams_have_the_names_of_the_pack():
    authorisation = _authorised_round()

    assert round_title(authorisation.round) == "十五届县委第六轮巡察"
    assert team_title(authorisation.round.teams.get()) == "县委第一巡察组"


def test_an_approved_decision_says_what_was_approved_and_a_draft_follows_the_records(client):
    team, chief = (
        complete_team(RoundState.STAFFED),
        UserFactory(role=Role.LEADING_GROUP, language="en"),
    )
    here = {"round_id": team.round_id, "at": APPROVED}
    member, unit = team.members.first().inspector, team.engagements.get().unit
    page = reverse("inspections:authorisation", args=[team.round_id])

    def decision():
        kept = team.round.authorisation
        kept.refresh_from_db()
        client.force_login(chief)
        return _text(authorisation_document(kept)), client.get(page).content.decode()

    Inspector.objects.filter(pk=member.pk).update(name="甲改名")
    assert all("甲改名" in text for text in decision())
    actions.approve_authorisation(actor=chief, **here)
    Inspector.objects.filter(pk=member.pk).update(name="乙改名")
    Unit.objects.filter(pk=unit.pk).update(name="丙改名")

    for text in decision():
        assert "甲改名" in text
        assert unit.name in text
        assert "乙改名" not in text
        assert "丙改名" not in text
    assert "Since the approval" in decision()[1]

    actions.revoke_authorisation(reason="文号有误", actor=chief, **here)
    assert all("甲改名" in text for text in decision())
    team.round.refresh_from_db()
    actions.mark_staffed(actor=UserFactory(), **here)
    actions.draft_authorisation(
        number="岚巡组〔2030〕2号", basis="条例", starts=team.round.starts, ends=team.round.ends,
        actor=UserFactory(), **here,
    )  # fmt: skip
    assert all("乙改名" in text and "丙改名" in text for text in decision())


def test_a_decision_is_read_as_it_was_kept():
    authorisation = _authorised_round()
    kept = paper_to_keep(authorisation)
    before = authorisation_as_paper(authorisation)

    authorisation.approved_paper = json.loads(json.dumps(kept))

    assert authorisation_as_paper(authorisation) == before
    assert not has_moved_on(authorisation)
