"""The sample county is loaded once, on a day in another year, and looked at from all sides."""

import datetime as dt
import io
from collections import Counter

import pytest
from django.core.management import call_command
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.accounts.queries import demo_accounts
from tanzhao.archive.models import Volume
from tanzhao.audit.models import Entry
from tanzhao.audit.trail import verify_trail
from tanzhao.documents.content import content_of
from tanzhao.documents.models import Run, StoredFile
from tanzhao.documents.states import FileKind, RunState
from tanzhao.findings.models import Finding
from tanzhao.inspections.models import Authorisation, Round, Term, TermPlan, Waiver
from tanzhao.inspections.planning.judging import standing_of
from tanzhao.inspections.queries.plans_comparing import compare_plans
from tanzhao.inspections.queries.terms import coverage_of_term
from tanzhao.inspections.states import RoundState, WaiverState
from tanzhao.kernel.calendar import Colour
from tanzhao.kernel.packs import packs_of_kind
from tanzhao.leads.models import Lead
from tanzhao.leads.states import LeadState
from tanzhao.papers.models import Evidence, PaperHandler, WorkingPaper
from tanzhao.papers.states import EDITABLE, PaperState
from tanzhao.rectification.models import Likeness, RectificationItem
from tanzhao.rectification.queries import marked
from tanzhao.rectification.states import State
from tanzhao.taxonomy.actions import install_frame
from tanzhao.web.sample import load_county
from tanzhao.web.sample.days import Days, latest_day_in
from tanzhao.web.sample.files import file_of
from tanzhao.web.sample.playing import BadStory, play

# The first Monday of a year: what was done lies in the year before.
DAY = dt.date(2027, 1, 4)
NOW = dt.datetime(2027, 1, 4, 1, 0, tzinfo=dt.UTC)


@pytest.mark.django_db
def test_the_county_is_alive_on_any_day_and_loaded_once(monkeypatch):
    monkeypatch.setattr("django.utils.timezone.now", lambda: NOW)
    for kind in ("frame", "vocabulary"):
        for pack in packs_of_kind(kind):
            install_frame(pack, at=NOW)

    load_county(at=NOW)

    _every_role_can_sign_in()
    _six_rounds_stand_where_the_story_says()
    _the_next_term_is_planned_and_a_what_if_stands_beside_it()
    _papers_are_in_every_state()
    _leads_are_in_every_state()
    _items_are_in_every_state_and_colour()
    _documents_are_alike_and_one_question_is_answered()
    _the_trail_is_a_whole_story()
    before = Entry.objects.count(), User.objects.count()
    said = io.StringIO()
    call_command("load_sample_county", stdout=said)
    assert (Entry.objects.count(), User.objects.count()) == before
    assert said.getvalue()


def _every_role_can_sign_in():
    offered = [people for _label, people in demo_accounts()]
    assert {people[0].role for people in offered} == set(Role)
    assert max(map(len, offered)) <= 24


def _six_rounds_stand_where_the_story_says():
    states = dict(Round.objects.values_list("number", "state"))
    assert states == {6: RoundState.IN_FIELD, 7: RoundState.RECTIFYING, 8: RoundState.PROPOSED}
    waivers = Waiver.objects.values_list("team__round__number", "state")
    assert set(waivers) == {(6, WaiverState.GRANTED), (8, WaiverState.REQUESTED)}
    held = Authorisation.objects.filter(starts__lte=DAY, ends__gte=DAY)
    assert set(held.values_list("round__number", flat=True)) == {6, 7}
    imported = Finding.objects.filter(imported=True).values_list("round_number", flat=True)
    assert set(imported) == {1, 2, 3, 4, 5}
    assert [volume.engagement.unit.name for volume in Volume.objects.all()] == ["县乡村振兴局"]


def _the_next_term_is_planned_and_a_what_if_stands_beside_it():
    what_if, plan = TermPlan.objects.order_by("-number").select_related("term")
    assert (plan.term.number, plan.state, what_if.state) == (16, "in_force", "draft")
    assert plan.approved_by.role == Role.DIRECTOR
    for one in (plan, what_if):
        standing = standing_of(one, day=DAY)
        assert (standing.left_out, list(standing.broken)) == (0, [])
    # A director who opens the demo sees what the planner can do, and not its first plan.
    assert plan.cost <= 1.1 * plan.bound
    found = compare_plans(plan, what_if, today=DAY)
    assert 0 < len(found.moves) < found.same / 4
    assert 75 <= found.before.percent <= 90
    assert coverage_of_term(plan.term).done == 0
    running = coverage_of_term(Term.objects.get(number=15))
    assert (running.total, running.done > 100) == (232, True)


def _papers_are_in_every_state():
    papers = WorkingPaper.objects.filter(engagement__round__number=6)
    states = Counter(papers.values_list("state", flat=True))
    assert set(states) == set(PaperState)
    assert states.total() >= 24
    half = PaperHandler.objects.filter(paper__state__in=EDITABLE, signed_at__isnull=False)
    assert half.exists()
    used = papers.filter(state=PaperState.USED).order_by()
    assert set(used) == set(papers.filter(findings__isnull=False))
    kinds = set(Evidence.objects.values_list("file__content_type", flat=True))
    assert len(kinds) == 4


def _leads_are_in_every_state():
    assert set(Lead.objects.values_list("state", flat=True)) == set(LeadState) - {"assigned"}


def _items_are_in_every_state_and_colour():
    ours = RectificationItem.objects.filter(finding__imported=False).select_related("finding")
    assert set(ours.values_list("state", flat=True)) == set(State)
    assert ours.filter(state=State.IN_PROGRESS, times_returned=1).exists()
    assert {mark.colour for mark in marked(ours, DAY)} == set(Colour)
    old = RectificationItem.objects.filter(finding__imported=True, steps__isnull=False)
    assert len(set(old)) >= 5


def _documents_are_alike_and_one_question_is_answered():
    asked = Likeness.objects.values_list("later__item__unit__name", "relation", "answer")
    assert set(asked) == {
        ("岚水县供水有限责任公司", "other", ""),
        ("柳林镇", "other", "quotation"),
        ("县住房和城乡建设局", "other", ""),
        ("县住房和城乡建设局", "template", ""),
    }


def _the_trail_is_a_whole_story():
    count, breaks = verify_trail()
    assert (breaks, count > 500) == ([], True)
    moments = list(Entry.objects.order_by("position").values_list("at", flat=True))
    told = [at for at in moments if at != NOW]  # the packs were installed now
    assert told == sorted(told)
    assert told[-1] < NOW
    assert set(Run.objects.values_list("state", flat=True)) == {RunState.DONE}
    assert all(file.content.size == file.size for file in StoredFile.objects.all())


@pytest.mark.parametrize("form", ["xlsx", "docx", "pdf", "png"])
def test_a_file_of_evidence_is_what_its_name_says(form):
    made = file_of(form, "凭证核对表", ["凭证号|金额", "62|4320"])

    assert content_of(io.BytesIO(made), f"凭证.{form}").kind == FileKind(form)


def test_days_are_working_days_and_texts_name_them():
    days = Days(dt.date(2026, 10, 9))

    assert days.day(1) == dt.date(2026, 10, 8)
    assert days.day(2) == dt.date(2026, 9, 30)  # over the holidays of the nation's day
    assert timezone.localtime(days.at(2, "09:30")).hour == 9
    assert days.filled({"a": ["{y1}年，{w1}，{head}"]}, head="武") == {
        "a": ["2025年，2026年10月8日，武"]
    }
    assert latest_day_in({"a": "{w9}", "b": ["{w4}"]}, 12) == 4
    assert latest_day_in({"a": "{w9}"}, 6) == 6


def test_scenes_are_played_in_the_order_of_their_moments_and_never_beyond_now():
    played = []

    def scene(name, *minutes):
        for minute in minutes:
            yield NOW + dt.timedelta(minutes=minute)
            played.append((name, minute))

    end = NOW + dt.timedelta(minutes=9)
    assert play([scene("a", 1, 5, 9), scene("b", 2, 4)], until=end) == 5
    assert played == [("a", 1), ("b", 2), ("b", 4), ("a", 5), ("a", 9)]
    with pytest.raises(BadStory):
        play([scene("late", 10)], until=end)
    with pytest.raises(BadStory):
        play([scene("back", 5, 4)], until=end)
