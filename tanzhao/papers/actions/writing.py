"""Beginning and writing papers."""

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime
from uuid import UUID, uuid4

from django.db import transaction
from django.db.models import F, Max
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.models import Engagement, Round
from tanzhao.inspections.queries import team_role_of
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require
from tanzhao.leads.models import Lead
from tanzhao.leads.rules import may_write_paper
from tanzhao.papers.actions.locking import locked_paper, reset_signatures
from tanzhao.papers.models import Fact, PaperHandler, Revision, WorkingPaper
from tanzhao.papers.queries import method_codes, roles_on_team, standing_of, wording_of
from tanzhao.papers.rules import may_be_handlers, may_begin, may_edit
from tanzhao.papers.wording import TEXTS, FactText, Wording

_ASIDE = 100_000  # more than the facts of any paper


class Outdated(Refused):
    """Somebody else has saved the paper since the form was opened."""


@transaction.atomic
def begin_paper(
    *,
    paper_id: UUID,
    engagement_id: UUID,
    actor: User,
    at: datetime,
    title: str,
    handlers: Collection[UUID],
    lead_id: UUID | None = None,
) -> WorkingPaper:
    """Begin a paper on an engagement. Its beginner is one of its handlers.

    Args:
        paper_id: a new key; the same one sent twice gives the same paper.
        handlers: keys of inspectors on the team, besides the beginner.
        lead_id: the verified lead that it is written from; what is known becomes its overview.
    Raises:
        Engagement.DoesNotExist, Lead.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not begin one, these people may not be its handlers, or both
            handlers of the lead have not agreed that it deserves a paper.
    """
    # The round is locked too: its fieldwork must not be closed meanwhile.
    engagements = Engagement.objects.visible_to(actor)
    locked(Round.objects.all(), engagements.values_list("round", flat=True).get(pk=engagement_id))
    engagement = locked(engagements.select_related("round"), engagement_id)
    require(may_begin(actor, engagement, team_role_of(actor, engagement)))
    twin = WorkingPaper.objects.filter(pk=paper_id).first()
    if twin:
        if (twin.engagement_id, twin.begun_by_id) == (engagement.pk, actor.pk):
            return twin
        raise Refused(_("This form has been used already. Open it again."))
    lead = Lead.objects.visible_to(actor).get(pk=lead_id) if lead_id else None
    if lead:
        require(may_write_paper(lead, engagement))
    own = {actor.inspector_id} if actor.inspector_id else set()
    chosen = sorted({*handlers} | own, key=str)
    require(may_be_handlers(chosen, roles_on_team(engagement)))
    paper = WorkingPaper.objects.create(
        pk=paper_id,
        engagement=engagement,
        lead=lead,
        overview=lead.facts if lead else "",
        serial=(engagement.papers.aggregate(last=Max("serial"))["last"] or 0) + 1,
        title=title,
        begun_by=actor,
        begun_at=at,
        changed_by=actor,
        changed_at=at,
    )
    PaperHandler.objects.bulk_create(
        PaperHandler(paper=paper, inspector_id=inspector) for inspector in chosen
    )
    wording = Wording(title=title, overview=paper.overview, handlers=tuple(map(str, chosen)))
    _keep_revision(paper, wording, actor, at)
    record(verb=Verb.PAPER_BEGUN, actor=actor, target=paper, at=at, scope=engagement.pk)
    return paper


@transaction.atomic
def save_paper(
    *, paper_id: UUID, actor: User, at: datetime, version: int, wording: Wording
) -> WorkingPaper:
    """Save what was written into a paper. Signatures given before are void then.

    Saving what already stands there changes nothing, so the same form may arrive twice.

    Args:
        version: the one the form was opened with.
    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Outdated: another version was saved meanwhile; nothing is changed.
        Refused: the actor may not change it, or the handlers will not do.
    """
    paper = locked_paper(paper_id, actor)
    require(may_edit(actor, paper, standing_of(actor, paper)))
    before = wording_of(paper)
    if wording == before:
        return paper
    if paper.version != version:
        raise Outdated(
            _("Meanwhile %(name)s saved this paper. Look at both versions, choose, and save again.")
            % {"name": paper.changed_by}
        )
    _save_handlers(paper, before, wording)
    wording = replace(wording, facts=_save_facts(paper, wording.facts))
    for name in TEXTS:
        setattr(paper, name, getattr(wording, name))
    paper.distinctions = wording.to_json()["distinctions"]
    paper.version = version + 1
    paper.changed_by, paper.changed_at = actor, at
    paper.save()
    reset_signatures(paper)
    _keep_revision(paper, wording, actor, at)
    paper.editors.filter(user=actor).delete()
    record(
        verb=Verb.PAPER_CHANGED,
        actor=actor,
        target=paper,
        at=at,
        scope=paper.engagement_id,
        version=paper.version,
        changed=_changed(before, wording),
    )
    return paper


def _changed(before: Wording, after: Wording) -> list[str]:
    names = (*TEXTS, "facts", "distinctions", "handlers")
    return [name for name in names if getattr(before, name) != getattr(after, name)]


def _keep_revision(paper: WorkingPaper, wording: Wording, actor: User, at: datetime) -> None:
    Revision.objects.create(
        paper=paper, version=paper.version, content=wording.to_json(), by=actor, at=at
    )


def _save_handlers(paper: WorkingPaper, before: Wording, wording: Wording) -> None:
    if wording.handlers == before.handlers:
        return
    chosen = [UUID(key) for key in wording.handlers]
    require(may_be_handlers(chosen, roles_on_team(paper.engagement)))
    paper.handlers.exclude(inspector_id__in=chosen).delete()
    present = set(paper.handlers.values_list("inspector_id", flat=True))
    PaperHandler.objects.bulk_create(
        PaperHandler(paper=paper, inspector_id=key) for key in chosen if key not in present
    )


def _save_facts(paper: WorkingPaper, facts: tuple[FactText, ...]) -> tuple[FactText, ...]:
    """Write the facts and give them with their keys.

    Rows stay the same rows, so that evidence stays tied to its fact.
    """
    methods = method_codes()
    present = {str(fact.pk): fact for fact in paper.facts.all()}
    keys = [UUID(fact.id) for fact in facts]
    foreign = Fact.objects.filter(pk__in=keys).exclude(paper=paper)
    taken = {str(key) for key in foreign.values_list("pk", flat=True)}
    paper.facts.exclude(pk__in=keys).delete()
    # Out of the way first: two facts that change places must never meet at one.
    paper.facts.update(position=F("position") + _ASIDE)
    saved: list[FactText] = []
    for position, text in enumerate(facts, 1):
        if text.method not in methods:
            raise Refused(_("Choose one of the thirteen methods for each fact."))
        if text.id in taken:
            text = replace(text, id=str(uuid4()))
        fact = present.get(text.id) or Fact(pk=UUID(text.id), paper=paper)
        fact.position, fact.method = position, methods[text.method]
        fact.what, fact.when, fact.where = text.what, text.when, text.where
        fact.how_much = text.how_much
        fact.save()
        saved.append(text)
    return tuple(saved)
