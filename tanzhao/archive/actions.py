"""Every change of the archive: sealing a volume, handing it out, archiving a round."""

import tempfile
from collections.abc import Callable
from datetime import datetime
from functools import partial
from typing import BinaryIO, cast
from uuid import UUID

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.archive.contents import fill_volume
from tanzhao.archive.models import Volume
from tanzhao.archive.queries import readiness, unsealed_in
from tanzhao.archive.rules import may_archive, may_leave_open, may_seal
from tanzhao.archive.tasks import make_volume as make_volume_task
from tanzhao.audit.models import Entry, Head
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import Outcome, carry_out, start_run, store_file
from tanzhao.documents.models import Run
from tanzhao.documents.states import FileKind, RunKind
from tanzhao.inspections.actions import move_round
from tanzhao.inspections.models import Engagement, Round
from tanzhao.inspections.queries.paper_values import round_title
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.locking import locked
from tanzhao.kernel.verdict import Refused, require

ZIP = frozenset({FileKind.ZIP})
# A volume is made of files that were taken one by one; their sum has no limit of its own.
NO_LIMIT = 1 << 60
MOST_TRIES = 3


@transaction.atomic
def seal_volume(
    *, engagement_id: UUID, actor: User, at: datetime, left_open_reason: str = ""
) -> Run:
    """Ask for the volume of an engagement to be made and sealed, in the background.

    Args:
        left_open_reason: why items that are not closed are left open for the long term.
    Raises:
        Engagement.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not seal it, it is sealed, or something is not finished.
    """
    engagement = locked(Engagement.objects.visible_to(actor), engagement_id)
    ready = readiness(engagement)
    require(may_seal(actor, ready))
    require(may_leave_open(ready, left_open_reason))
    run = start_run(
        kind=RunKind.VOLUME_MAKE,
        actor=actor,
        at=at,
        subject_id=engagement.pk,
        subject_name=str(engagement),
    )
    enqueue = partial(make_volume_task.enqueue, str(run.pk), left_open_reason.strip())
    transaction.on_commit(enqueue)
    return run


def make_volume(
    *, run_id: UUID, left_open_reason: str, clock: Callable[[], datetime] = timezone.now
) -> None:
    """Make and seal the volume that a run asks for, all of it or nothing.

    Safe to run twice: a volume is sealed once, and a second run gives the first one's.
    """
    work = partial(_make, reason=left_open_reason)
    carry_out(run_id=run_id, work=work, clock=clock)


@transaction.atomic
def note_volume_downloaded(*, engagement_id: UUID, actor: User, at: datetime) -> Volume:
    """Note that the actor takes a volume away, and give it.

    Raises:
        Volume.DoesNotExist: there is none, or the actor may not know of it.
    """
    visible = Volume.objects.visible_to(actor).select_related("file", "engagement__unit")
    volume = visible.get(engagement=engagement_id)
    record(
        verb=Verb.VOLUME_DOWNLOADED,
        actor=actor,
        target=volume,
        at=at,
        scope=engagement_id,
        sha256=volume.file.sha256,
    )
    return volume


@transaction.atomic
def archive_round(*, round_id: UUID, actor: User, at: datetime) -> Round:
    """Say that a round is archived: it is assessed, and every volume of it is sealed.

    Raises:
        Round.DoesNotExist: there is none, or the actor may not know of it.
        Refused: the actor may not, or something is not finished.
    """
    round_ = locked(Round.objects.visible_to(actor), round_id)
    require(may_archive(actor, round_, unsealed=unsealed_in(round_id)))
    return move_round(round_id=round_id, to=RoundState.ARCHIVED, actor=actor, at=at)


def _make(run: Run, *, reason: str) -> Outcome:
    # Locked, so that two workers do not seal one engagement twice.
    engagements = Engagement.objects.select_related("unit", "team", "round__term")
    engagement = locked(engagements, run.subject_id)
    shown = {"next": reverse("archive:volume", args=[engagement.pk])}
    sealed = Volume.objects.filter(engagement=engagement).first()
    if sealed is not None:
        return Outcome(made=sealed.file, result=shown)
    ready = readiness(engagement)
    require(may_seal(run.started_by, ready))
    require(may_leave_open(ready, reason))
    with tempfile.TemporaryFile() as file:
        volume = _seal(cast("BinaryIO", file), engagement, run, reason)
    _archive_if_last(engagement.round_id, run)
    return Outcome(made=volume.file, result=shown)


def _seal(file: BinaryIO, engagement: Engagement, run: Run, reason: str) -> Volume:
    actor, at = run.started_by, run.started_at
    pieces, head = _fill_unchanged(file, engagement, run, reason)
    # An official name, in Chinese whoever seals it; no blanks, which a command line would cut at.
    name = f"归档卷宗_{engagement.unit.name.replace(' ', '')}_{round_title(engagement.round)}.zip"
    stored = store_file(file=file, name=name, actor=actor, at=at, kinds=ZIP, most_bytes=NO_LIMIT)
    volume = Volume.objects.create(
        engagement=engagement,
        file=stored,
        pieces=pieces,
        trail_position=head.position,
        trail_hash=head.hash,
        left_open_reason=reason,
        sealed_by=actor,
        sealed_at=at,
    )
    record(
        verb=Verb.VOLUME_SEALED,
        actor=actor,
        target=volume,
        at=at,
        scope=engagement.pk,
        sha256=stored.sha256,
        pieces=pieces,
        left_open_reason=reason,
    )
    return volume


def _fill_unchanged(
    file: BinaryIO, engagement: Engagement, run: Run, reason: str
) -> tuple[int, Head]:
    """Write the volume, again if anything was done with the engagement meanwhile."""
    for _try in range(MOST_TRIES):
        head, _made = Head.objects.get_or_create(pk=1)
        file.seek(0)
        file.truncate()
        pieces = fill_volume(file, engagement, head=head, sealed=run, left_open_reason=reason)
        later = Entry.objects.filter(scope_id=engagement.pk, position__gt=head.position)
        if not later.exists():
            return pieces, head
    raise Refused(_("This engagement is being worked on. Seal its volume a little later."))


def _archive_if_last(round_id: UUID, run: Run) -> None:
    round_ = Round.objects.get(pk=round_id)
    if may_archive(run.started_by, round_, unsealed=unsealed_in(round_id)):
        archive_round(round_id=round_id, actor=run.started_by, at=run.started_at)
