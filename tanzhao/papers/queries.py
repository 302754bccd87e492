"""Reads about working papers that take thought."""

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.inspections.models import Engagement, TeamMember
from tanzhao.inspections.queries import team_role_of
from tanzhao.inspections.rules import memberships_in_force
from tanzhao.inspections.states import TeamRole
from tanzhao.leads.models import Lead
from tanzhao.leads.rules import may_write_paper
from tanzhao.papers import meter
from tanzhao.papers.lint import Hint, hints
from tanzhao.papers.models import (
    Editor,
    Evidence,
    Fact,
    PaperHandler,
    Review,
    Revision,
    WorkingPaper,
)
from tanzhao.papers.rules import Standing
from tanzhao.papers.states import EDITABLE, UNFINISHED, PaperState, ReviewStep
from tanzhao.papers.wording import TEXTS, Distinction, FactText, Wording, from_json
from tanzhao.taxonomy.models import Code
from tanzhao.taxonomy.queries import codes_of

METHODS, EVIDENCE_KINDS, DISTINCTIONS = "methods", "evidence-kinds", "three-distinctions"
# A browser says every 15 seconds that the form is open; after three silences it is not.
EDITING_LASTS = dt.timedelta(seconds=45)


def whole_papers(user: User) -> QuerySet[WorkingPaper]:
    """Give the papers `user` may see with all that a page or a file shows of them."""
    evidence = Evidence.objects.select_related("file", "file__stored_by", "kind", "fact")
    return (
        WorkingPaper.objects.visible_to(user)
        .select_related(
            "engagement__unit",
            "engagement__round__term",
            "engagement__team",
            "lead",
            "begun_by",
            "changed_by",
        )
        .prefetch_related(
            Prefetch("facts", Fact.objects.select_related("method")),
            Prefetch("evidence", evidence),
            Prefetch("handlers", PaperHandler.objects.select_related("inspector")),
            Prefetch("reviews", Review.objects.select_related("by")),
        )
    )


def lead_to_write(user: User, engagement: Engagement, key: str) -> Lead | None:
    """Give the verified lead with this key that a paper on `engagement` may be begun from."""
    try:
        lead = Lead.objects.visible_to(user).filter(pk=UUID(key)).first()
    except ValueError:
        return None
    return lead if lead and may_write_paper(lead, engagement) else None


def wording_of(paper: WorkingPaper) -> Wording:
    """Give what people have written into the paper. Costs nothing on a whole paper."""
    return Wording(
        **{name: getattr(paper, name) for name in TEXTS},
        facts=tuple(
            FactText(
                id=str(fact.pk),
                what=fact.what,
                when=fact.when,
                where=fact.where,
                how_much=fact.how_much,
                method=fact.method.code,
            )
            for fact in paper.facts.all()
        ),
        distinctions=tuple(Distinction(**answer) for answer in paper.distinctions),
        handlers=tuple(sorted(str(row.inspector_id) for row in paper.handlers.all())),
    )


def questions() -> list[Code]:
    """Give the Three Distinctions, each with its question."""
    return list(codes_of(DISTINCTIONS))


def metered(paper: WorkingPaper, asked: list[Code] | None = None) -> meter.Paper:
    """Give the paper as the meter sees it."""
    evidence = (piece for piece in paper.evidence.all() if not piece.set_aside_reason)
    return meter.Paper(
        wording=wording_of(paper),
        evidence=tuple(str(piece.fact_id or "") for piece in evidence),
        questions=tuple(code.code for code in (questions() if asked is None else asked)),
    )


def hints_for(paper: WorkingPaper) -> list[Hint]:
    """Point at wording of the paper that should be looked at again.

    Places are the names of the fields, and "fact:1" for the first fact.
    """
    texts = {name: getattr(paper, name) for name in TEXTS if name != "principal_said"}
    backed = {piece.fact_id for piece in paper.evidence.all() if not piece.set_aside_reason}
    with_evidence = []
    for position, fact in enumerate(paper.facts.all(), 1):
        texts[f"fact:{position}"] = fact.what
        if fact.pk in backed:
            with_evidence.append(f"fact:{position}")
    return hints(texts, with_evidence)


def standing_of(user: User, paper: WorkingPaper) -> Standing:
    """Say how `user` stands to the paper today. Costs two queries on a whole paper."""
    reviews = [review for review in paper.reviews.all() if review.by_id == user.pk]
    signed = [review for review in reviews if review.step == ReviewStep.HANDLER]
    own = [row for row in paper.handlers.all() if row.inspector_id == user.inspector_id]
    is_handler = user.inspector_id is not None and bool(own)
    written = WorkingPaper.objects.filter(_written_by(user), pk=paper.pk)
    wrote = paper.begun_by_id == user.pk or written.exists()
    return Standing(
        team_role=team_role_of(user, paper.engagement),
        is_handler=is_handler,
        has_signed=is_handler and own[0].signed_at is not None,
        has_written=wrote or bool(signed),
        has_reviewed=any(review.step == ReviewStep.DEPUTY for review in reviews),
        has_taken_part=wrote or any(review.step != ReviewStep.OFFICE for review in reviews),
    )


def _written_by(user: User) -> Q:
    """Say which papers `user` began, saved, or added a file to, be they a handler still or not."""
    revisions = Revision.objects.filter(paper=OuterRef("pk"), by=user)
    files = Evidence.objects.filter(paper=OuterRef("pk"), file__stored_by=user)
    return Q(begun_by=user) | Q(Exists(revisions)) | Q(Exists(files))


def roles_on_team(engagement: Engagement) -> dict[UUID, TeamRole]:
    """Give every inspector of the team, by key, with their role there."""
    rows = TeamMember.objects.filter(team=engagement.team_id)
    return {key: TeamRole(role) for key, role in rows.values_list("inspector_id", "role")}


def members_of(engagement: Engagement) -> QuerySet[TeamMember]:
    """Give the members of the team, with their names."""
    return TeamMember.objects.filter(team=engagement.team_id).select_related("inspector")


def editors_besides(user: User, paper: WorkingPaper, at: dt.datetime) -> QuerySet[Editor]:
    """Give the others who have the paper open for writing at this moment."""
    rows = Editor.objects.filter(paper=paper, seen_at__gte=at - EDITING_LASTS)
    return rows.exclude(user=user).select_related("user").order_by("seen_at")


def papers_waiting_for(user: User) -> QuerySet[WorkingPaper]:
    """Give the papers whose next step is this person's, by today's team roles: the same answer
    as the rules of the steps, as a filter.

    A handler who has not signed; a deputy or leader of the team who has not written it; the
    office, but for whoever took part in it earlier.
    """
    papers = WorkingPaper.objects.visible_to(user)
    reviews = Review.objects.filter(paper=OuterRef("pk"), by=user)
    wrote = _written_by(user)
    own = PaperHandler.objects.filter(paper=OuterRef("pk"), inspector=user.inspector_id)
    if user.holds(Action.PAPER_CHECK):
        took_part = wrote | Q(Exists(reviews.exclude(step=ReviewStep.OFFICE))) | Q(Exists(own))
        return papers.filter(~took_part, state=PaperState.LEADER_APPROVED)
    if user.role != Role.INSPECTOR:
        return papers.none()
    wrote |= Q(Exists(own)) | Q(Exists(reviews.filter(step=ReviewStep.HANDLER)))
    reviewed = Q(Exists(reviews.filter(step=ReviewStep.DEPUTY)))
    steps = (
        (PaperState.SIGNED, TeamRole.DEPUTY, wrote),
        (PaperState.DEPUTY_REVIEWED, TeamRole.LEADER, wrote | reviewed),
    )
    waiting = Q(Exists(own.filter(signed_at__isnull=True)), state__in=EDITABLE)
    for state, role, is_own in steps:
        teams = memberships_in_force(user).filter(role=role).values("team")
        waiting |= Q(~is_own, state=state, engagement__team__in=teams)
    return papers.filter(waiting)


def unfinished_papers(round_id: UUID) -> QuerySet[WorkingPaper]:
    """Give the papers of a round that are neither checked, used nor void, by unit."""
    papers = WorkingPaper.objects.filter(engagement__round=round_id, state__in=UNFINISHED)
    return papers.select_related("engagement__unit", "engagement__team").order_by(
        "engagement__team__number", "engagement__unit__position", "serial"
    )


def method_codes() -> Mapping[str, Code]:
    """Give the thirteen methods, retired ones too, by their code."""
    return {code.code: code for code in codes_of(METHODS, with_retired=True)}


def revision_wording(paper: WorkingPaper, version: int) -> Wording | None:
    """Give the wording of one version; None if it is not kept."""
    revision = paper.revisions.filter(version=version).first()
    return from_json(revision.content) if revision else None


def next_people(paper: WorkingPaper, members: Sequence[TeamMember]) -> list[str]:
    """Name the people the paper waits for, as its whole state and the team say."""
    handlers = {row.inspector_id for row in paper.handlers.all()}
    match PaperState(paper.state):
        case PaperState.DRAFT | PaperState.RETURNED:
            return [str(row.inspector) for row in paper.handlers.all() if not row.signed_at]
        case PaperState.SIGNED:
            wanted = TeamRole.DEPUTY
        case PaperState.DEPUTY_REVIEWED:
            wanted = TeamRole.LEADER
        case _:
            return []
    return [
        str(member.inspector)
        for member in members
        if member.role == wanted and member.inspector_id not in handlers
    ]


ORDERS = {
    "": ("-changed_at", "pk"),
    "title": ("title", "pk"),
    "unit": ("engagement__unit__position", "engagement__unit__name", "serial", "pk"),
    "state": ("state", "-changed_at", "pk"),
}


def papers_like(user: User, wanted: Mapping[str, Any]) -> QuerySet[WorkingPaper]:
    """Give the papers `user` may see that fit, with what a row of the list shows.

    Args:
        wanted: q, engagement, round, state, whose ("mine", "waiting"); None means any.
    """
    papers: QuerySet[WorkingPaper] = WorkingPaper.objects.visible_to(user)
    if wanted["whose"] == "waiting":
        papers = papers_waiting_for(user)
    elif wanted["whose"] == "mine":
        own = PaperHandler.objects.filter(inspector=user.inspector_id).values("paper")
        papers = papers.filter(pk__in=own)
    if wanted["q"]:
        words = Q(title__icontains=wanted["q"]) | Q(official_number__icontains=wanted["q"])
        papers = papers.filter(words | Q(engagement__unit__name__icontains=wanted["q"]))
    exact = {"engagement": "engagement", "round": "engagement__round", "state": "state"}
    return papers.filter(**{path: wanted[key] for key, path in exact.items() if wanted[key]})


def with_row_facts(papers: QuerySet[WorkingPaper]) -> QuerySet[WorkingPaper]:
    """Add what a row of the list shows: unit, round, team, handlers, pieces of evidence."""
    standing = Evidence.objects.filter(paper=OuterRef("pk"), set_aside_reason="")
    counted = standing.order_by().values("paper").annotate(n=Count("pk")).values("n")
    related = ("engagement__unit", "engagement__round__term", "engagement__team")
    handlers = PaperHandler.objects.select_related("inspector")
    return (
        papers.select_related(*related)
        .annotate(evidence_count=Coalesce(Subquery(counted), 0))
        .prefetch_related(Prefetch("handlers", handlers))
    )
