"""Taking hold of one paper before it is changed."""

from datetime import datetime
from uuid import UUID

from django.db.models import Prefetch

from tanzhao.access.models import User
from tanzhao.kernel.locking import locked
from tanzhao.papers.models import Fact, WorkingPaper


def locked_paper(paper_id: UUID, actor: User) -> WorkingPaper:
    """Lock a paper the actor may know of, so that no second change meets this one.

    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
    """
    papers = WorkingPaper.objects.visible_to(actor).select_related(
        "engagement__round__term", "engagement__team", "changed_by"
    )
    facts = Prefetch("facts", Fact.objects.select_related("method"))
    return locked(papers.prefetch_related(facts), paper_id)


def reset_signatures(paper: WorkingPaper) -> None:
    """Take back the handlers' signatures: they signed something else."""
    paper.handlers.filter(signed_at__isnull=False).update(signed_at=None)


def touch(paper: WorkingPaper, actor: User, at: datetime) -> None:
    """Note who changed the paper or its evidence last. What was signed is signed no more."""
    paper.changed_by, paper.changed_at = actor, at
    paper.save(update_fields=["changed_by", "changed_at"])
    reset_signatures(paper)
