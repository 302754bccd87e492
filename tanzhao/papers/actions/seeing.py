"""Looking at papers: noted in the trail, and told to whoever else is writing."""

from datetime import datetime
from uuid import UUID

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.kernel.verdict import require
from tanzhao.papers.models import Editor, WorkingPaper
from tanzhao.papers.queries import editors_besides, standing_of, whole_papers
from tanzhao.papers.rules import may_edit


@transaction.atomic
def see_paper(*, paper_id: UUID, actor: User, at: datetime) -> WorkingPaper:
    """Give the whole of a paper to somebody who wants to read it, and note that.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
    """
    paper = whole_papers(actor).get(pk=paper_id)
    scope = paper.engagement_id
    record(verb=Verb.PAPER_SEEN, actor=actor, target=paper, at=at, scope=scope)
    return paper


@transaction.atomic
def take_paper_away(*, paper_id: UUID, actor: User, at: datetime) -> WorkingPaper:
    """Give the whole of a paper to somebody who wants it as a file, and note that.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
    """
    paper = whole_papers(actor).get(pk=paper_id)
    scope = paper.engagement_id
    record(verb=Verb.PAPER_DOWNLOADED, actor=actor, target=paper, at=at, scope=scope)
    return paper


@transaction.atomic
def note_papers_exported(*, actor: User, at: datetime, count: int) -> None:
    """Note that somebody took a list of papers away."""
    record(verb=Verb.LIST_EXPORTED, actor=actor, target=actor, at=at, list="papers", count=count)


@transaction.atomic
def open_for_writing(
    *, paper_id: UUID, actor: User, at: datetime
) -> tuple[WorkingPaper, list[Editor]]:
    """Give the whole of a paper to a handler who wants to write, and say who else is writing.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not change the paper.
    """
    others = note_editing(paper_id=paper_id, actor=actor, at=at)
    return see_paper(paper_id=paper_id, actor=actor, at=at), others


@transaction.atomic
def note_editing(*, paper_id: UUID, actor: User, at: datetime) -> list[Editor]:
    """Note that somebody has the paper open for writing, and say who else has.

    Presence changes nothing of the paper, so the trail has no entry of it.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not change the paper.
    """
    paper = WorkingPaper.objects.visible_to(actor).get(pk=paper_id)
    require(may_edit(actor, paper, standing_of(actor, paper)))
    Editor.objects.update_or_create(paper=paper, user=actor, defaults={"seen_at": at})
    return list(editors_besides(actor, paper, at))
