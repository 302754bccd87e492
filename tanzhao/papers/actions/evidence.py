"""Evidence: added, described, set aside, looked at. A number once given stays given."""

from collections.abc import Iterable
from datetime import datetime
from typing import BinaryIO, TypedDict
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import store_file
from tanzhao.documents.models import StoredFile
from tanzhao.documents.states import EVIDENCE_KINDS
from tanzhao.kernel.verdict import Refused, require
from tanzhao.papers.actions.locking import locked_paper, touch
from tanzhao.papers.models import Evidence, Fact, WorkingPaper
from tanzhao.papers.queries import EVIDENCE_KINDS as KINDS_OF_EVIDENCE
from tanzhao.papers.queries import standing_of
from tanzhao.papers.rules import may_edit, may_set_aside
from tanzhao.taxonomy.models import Code
from tanzhao.taxonomy.queries import codes_of


class Description(TypedDict):
    """What people say of a piece of evidence. `kind` is a code of the vocabulary."""

    name: str
    kind: str
    source: str
    page: str
    is_original: bool
    fact_id: UUID | None


@transaction.atomic
def add_evidence(
    *,
    paper_id: UUID,
    actor: User,
    at: datetime,
    file: BinaryIO | bytes,
    file_name: str,
    description: Description,
) -> Evidence:
    """Add one file to a paper under the next number.

    Args:
        description: with an empty name, the name of the file is taken.
    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not change the paper, the file is not of a kind that is taken,
            or the very same file stands on this paper already.
    """
    paper = locked_paper(paper_id, actor)
    require(may_edit(actor, paper, standing_of(actor, paper)))
    stored = store_file(file=file, name=file_name, actor=actor, at=at, kinds=EVIDENCE_KINDS)
    _refuse_twin(paper, stored)
    last = paper.evidence.aggregate(last=Max("number"))["last"] or 0
    values = _described(paper, description)
    values["name"] = values["name"] or stored.name.rsplit(".", 1)[0][:120]
    evidence = Evidence.objects.create(paper=paper, number=last + 1, file=stored, **values)
    touch(paper, actor, at)
    record(
        verb=Verb.EVIDENCE_ADDED,
        actor=actor,
        target=evidence,
        at=at,
        scope=paper.engagement_id,
        paper=str(paper.pk),
        number=evidence.number,
        file=stored.name,
        sha256=stored.sha256,
    )
    return evidence


def add_files(
    *,
    paper_id: UUID,
    actor: User,
    at: datetime,
    files: Iterable[tuple[BinaryIO, str]],
    description: Description,
) -> list[str]:
    """Add several files, each by itself, so that one that is refused spoils none of the others.

    Args:
        files: each with its name.
        description: goes for all of them; its name only if there is one file.
    Returns: the reason of each refusal; empty if all were added.
    Raises:
        WorkingPaper.DoesNotExist: there is none, or the actor may not know of it.
    """
    chosen = list(files)
    if len(chosen) > 1:
        description = {**description, "name": ""}
    refusals: list[str] = []
    for file, file_name in chosen:
        try:
            add_evidence(
                paper_id=paper_id,
                actor=actor,
                at=at,
                file=file,
                file_name=file_name,
                description=description,
            )
        except Refused as refusal:
            refusals.append(refusal.reason)
    return list(dict.fromkeys(refusals))


@transaction.atomic
def change_evidence(
    *, evidence_id: UUID, actor: User, at: datetime, description: Description
) -> Evidence:
    """Describe a piece of evidence anew. Its file and its number stay.

    Raises:
        Evidence.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not change the paper, or the piece is set aside.
    """
    evidence, paper = _locked(evidence_id, actor)
    require(may_set_aside(actor, paper, evidence, standing_of(actor, paper)))
    values = _described(paper, description)
    values["name"] = values["name"] or evidence.name
    changed = [name for name, value in values.items() if getattr(evidence, name) != value]
    if not changed:
        return evidence
    for name, value in values.items():
        setattr(evidence, name, value)
    evidence.save()
    touch(paper, actor, at)
    record(
        verb=Verb.EVIDENCE_CHANGED,
        actor=actor,
        target=evidence,
        at=at,
        scope=paper.engagement_id,
        number=evidence.number,
        changed=changed,
    )
    return evidence


@transaction.atomic
def set_aside_evidence(*, evidence_id: UUID, actor: User, at: datetime, reason: str) -> Evidence:
    """Set a piece of evidence aside. It keeps its number and its file, and the reason is shown.

    Raises:
        Evidence.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not change the paper, or the piece is set aside already.
    """
    evidence, paper = _locked(evidence_id, actor)
    require(may_set_aside(actor, paper, evidence, standing_of(actor, paper)))
    evidence.set_aside_reason = reason
    evidence.save(update_fields=["set_aside_reason"])
    touch(paper, actor, at)
    record(
        verb=Verb.EVIDENCE_REMOVED,
        actor=actor,
        target=evidence,
        at=at,
        scope=paper.engagement_id,
        number=evidence.number,
        reason=reason,
    )
    return evidence


@transaction.atomic
def see_evidence(*, evidence_id: UUID, actor: User, at: datetime) -> Evidence:
    """Give a piece of evidence to somebody who wants its file, and note that.

    Raises:
        Evidence.DoesNotExist: there is none, or the actor may not know of it.
    """
    pieces = Evidence.objects.visible_to(actor).select_related("file", "paper")
    evidence = pieces.get(pk=evidence_id)
    record(
        verb=Verb.EVIDENCE_SEEN,
        actor=actor,
        target=evidence,
        at=at,
        scope=evidence.paper.engagement_id,
        paper=str(evidence.paper_id),
        number=evidence.number,
        sha256=evidence.file.sha256,
    )
    return evidence


def _locked(evidence_id: UUID, actor: User) -> tuple[Evidence, WorkingPaper]:
    # The paper is locked first, as everywhere, so that two changes never wait for each other.
    pieces = Evidence.objects.visible_to(actor)
    paper = locked_paper(pieces.values_list("paper", flat=True).get(pk=evidence_id), actor)
    return pieces.select_related("file").get(pk=evidence_id), paper


class _Values(TypedDict):
    name: str
    kind: Code
    source: str
    page: str
    is_original: bool
    fact: Fact | None


def _described(paper: WorkingPaper, description: Description) -> _Values:
    kind = codes_of(KINDS_OF_EVIDENCE).filter(code=description["kind"]).first()
    if kind is None:
        raise Refused(_("Choose the kind of evidence from the list."))
    fact = None
    if description["fact_id"]:
        fact = paper.facts.filter(pk=description["fact_id"]).first()
        if fact is None:
            raise Refused(_("That fact is not on this paper any more. Choose another."))
    return {
        "name": description["name"],
        "kind": kind,
        "source": description["source"],
        "page": description["page"],
        "is_original": description["is_original"],
        "fact": fact,
    }


def _refuse_twin(paper: WorkingPaper, stored: StoredFile) -> None:
    standing = paper.evidence.filter(set_aside_reason="")
    twin = standing.filter(file__sha256=stored.sha256).first()
    if twin is None:
        return
    # Nothing will name these bytes once the transaction is rolled back.
    stored.content.storage.delete(str(stored.content.name))
    sentence = _("“%(file)s” stands on this paper already, as evidence %(number)s.")
    raise Refused(sentence % {"file": stored.name, "number": f"{twin.number:02}"})
