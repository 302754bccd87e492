"""Working papers of the story: written, signed, reviewed or returned, and used in findings."""

from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from tanzhao.access.models import User
from tanzhao.findings.actions import Wording as FindingWording
from tanzhao.findings.actions import make_finding
from tanzhao.findings.queries.codes import suggested_codes
from tanzhao.findings.queries.papers import wording_from
from tanzhao.inspections.models import Engagement, TeamMember
from tanzhao.inspections.states import TeamRole
from tanzhao.papers.actions import (
    add_evidence,
    approve_paper,
    begin_paper,
    check_paper,
    return_paper,
    review_paper,
    save_paper,
    see_paper,
    sign_paper,
    void_paper,
)
from tanzhao.papers.models import WorkingPaper
from tanzhao.papers.states import PaperState
from tanzhao.papers.wording import TEXTS, Distinction, FactText, Wording
from tanzhao.taxonomy.models import Code
from tanzhao.web.sample.days import Days, latest_day_in
from tanzhao.web.sample.files import file_of
from tanzhao.web.sample.people import MINUTE, Cast
from tanzhao.web.sample.playing import BadStory, Scene
from tanzhao.web.sample.reading import story

# How far a paper comes: each word goes on beyond the one before, but for the ways out.
WAY = ("draft", "signed_by_one", "signed", "deputy_reviewed", "leader_approved", "checked", "used")
WAYS_OUT = {
    "void": "draft",
    "returned": "signed",
    "back_to_leader": "leader_approved",
}


def paper_scene(days: Days, cast: Cast, *, round_number: int, texts: dict[str, Any]) -> Scene:
    """One paper from its beginning as far as `reaches` says, and its finding."""
    begun = texts["begun"]
    # A paper speaks of a talk only after the talk. Its steps tell of its item, long afterwards.
    own = {key: value for key, value in texts.items() if key != "steps"}
    written = latest_day_in(own, begun)
    at = days.at(begun, "09:20")
    yield at
    paper = _Paper(days, cast, round_number, texts)
    paper.begin(at)
    at = days.at(written, "16:30")
    yield at
    paper.write(at)
    at = days.at(written - 1, "10:10")
    for piece in paper.texts.get("evidence", ()):
        yield at
        paper.add(piece, at)
        at += 7 * MINUTE
    yield from _reviewing(days, paper, written - 1)


def _reviewing(days: Days, paper: "_Paper", day: int) -> Scene:
    reaches = paper.texts["reaches"]
    if reaches not in (*WAY, *WAYS_OUT):
        raise BadStory(f"{paper.texts['title']} reaches {reaches}.")
    steps = (
        ("signed_by_one", days.at(day, "16:20"), paper.sign_first),
        ("signed", days.at(day - 1, "09:10"), paper.sign_second),
        ("deputy_reviewed", days.at(day - 2, "11:00"), paper.review),
        ("leader_approved", days.at(day - 3, "17:10"), paper.approve),
        ("checked", days.at(day - 4, "10:30"), paper.check),
        ("used", days.at(day - 5, "15:00"), paper.use),
    )
    farthest = WAY.index(WAYS_OUT.get(reaches, reaches))
    for place, (_state, at, step) in enumerate(steps[:farthest]):
        yield at + place * MINUTE
        step(at + place * MINUTE)
    way_out = {
        "void": (days.at(day - 1, "16:10"), paper.void),
        "returned": (days.at(day - 2, "11:20"), paper.return_to_handlers),
        "back_to_leader": (days.at(day - 4, "10:50"), paper.return_to_leader),
    }
    if reaches in way_out:
        at, step = way_out[reaches]
        yield at
        step(at)


class _Paper:
    """A paper of the story with the people around it. Every step is an action of the papers."""

    def __init__(self, days: Days, cast: Cast, round_number: int, texts: dict[str, Any]) -> None:
        units = Engagement.objects.select_related("unit", "round")
        self.engagement = units.get(round__number=round_number, unit__name=texts["unit"])
        self.cast, self.id = cast, uuid4()
        self.texts = days.filled(texts, head=self.engagement.unit.head)
        self.first, self.second = (cast.inspectors[name] for name in texts["handlers"])

    def begin(self, at: datetime) -> None:
        second = self.second.inspector_id
        assert second is not None  # noqa: S101  the account of an inspector has one
        begin_paper(
            paper_id=self.id,
            engagement_id=self.engagement.pk,
            actor=self.first,
            at=at,
            title=self.texts["title"],
            handlers=[second],
        )

    def write(self, at: datetime) -> None:
        handlers = sorted(str(user.inspector_id) for user in (self.first, self.second))
        answers = story("distinctions")["distinctions"] if self.texts["principal_said"] else ()
        wording = Wording(
            **{name: self.texts[name] for name in TEXTS},
            facts=tuple(FactText(id=str(uuid4()), **fact) for fact in self.texts["facts"]),
            distinctions=tuple(Distinction(**one) for one in answers),
            handlers=tuple(handlers),
        )
        save_paper(paper_id=self.id, actor=self.first, at=at, version=1, wording=wording)

    def add(self, piece: dict[str, Any], at: datetime) -> None:
        fact = WorkingPaper.objects.get(pk=self.id).facts.get(position=piece["fact"])
        add_evidence(
            paper_id=self.id,
            actor=self.second,
            at=at,
            file=file_of(piece["form"], piece["name"], piece.get("lines", ())),
            file_name=f"{piece['name']}.{piece['form']}",
            description={
                "name": piece["name"],
                "kind": piece["kind"],
                "source": piece["source"],
                "page": piece.get("page", ""),
                "is_original": piece.get("original", False),
                "fact_id": fact.pk,
            },
        )

    def sign_first(self, at: datetime) -> None:
        sign_paper(paper_id=self.id, actor=self.first, at=at)

    def sign_second(self, at: datetime) -> None:
        sign_paper(paper_id=self.id, actor=self.second, at=at)

    def review(self, at: datetime) -> None:
        actor = self._reader(TeamRole.DEPUTY, at)
        review_paper(paper_id=self.id, actor=actor, at=at, note=self.texts.get("note", ""))

    def approve(self, at: datetime) -> None:
        approve_paper(paper_id=self.id, actor=self._reader(TeamRole.LEADER, at), at=at)

    def check(self, at: datetime) -> None:
        check_paper(paper_id=self.id, actor=self._checker(at), at=at)

    def void(self, at: datetime) -> None:
        void_paper(paper_id=self.id, actor=self.first, at=at, reason=self.texts["voided"])

    def return_to_handlers(self, at: datetime) -> None:
        actor = self._reader(TeamRole.DEPUTY, at)
        return_paper(paper_id=self.id, actor=actor, at=at, reason=self.texts["returned"])

    def return_to_leader(self, at: datetime) -> None:
        return_paper(
            paper_id=self.id,
            actor=self._checker(at),
            at=at,
            reason=self.texts["back_to_leader"],
            to=PaperState.DEPUTY_REVIEWED,
        )

    def use(self, at: datetime) -> None:
        papers = WorkingPaper.objects.filter(pk=self.id).prefetch_related("facts__method")
        more = self.texts["finding"]
        wording = FindingWording(
            **wording_from(papers),
            cause=more["cause"],
            recommendation=more["recommendation"],
            codes=_codes(self.engagement.round.frame_id, self.texts["code"]),
        )
        make_finding(
            engagement_id=self.engagement.pk,
            paper_ids=[self.id],
            wording=wording,
            actor=self.first,
            at=at,
        )

    def _reader(self, role: TeamRole, at: datetime) -> User:
        member = TeamMember.objects.get(team=self.engagement.team_id, role=role)
        actor = self.cast.inspectors[member.inspector.name]
        see_paper(paper_id=self.id, actor=actor, at=at)
        return actor

    def _checker(self, at: datetime) -> User:
        actor = self.cast.office["staff_b"]
        see_paper(paper_id=self.id, actor=actor, at=at)
        return actor


def _codes(frame_id: UUID, code: str) -> tuple[Code, ...]:
    """Give the sub-class, and the first one that the cross-walks put beside it in each frame."""
    main = Code.objects.select_related("frame", "parent").get(frame=frame_id, code=code)
    beside: dict[UUID, Code] = {}
    for other in suggested_codes(main):
        beside.setdefault(other.frame_id, other)
    return (main, *beside.values())
