import datetime as dt
from io import BytesIO

import docx
import pytest

from tanzhao.inspections.exporters import authorisation_document, round_title, team_title
from tanzhao.inspections.models import Team
from tanzhao.inspections.states import AuthorisationState, TeamRole
from tests.factories import (
    AuthorisationFactory,
    EngagementFactory,
    InspectorFactory,
    RoundFactory,
    TeamMemberFactory,
    UnitFactory,
)

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
