"""What a step brings to be compared, noted when it is handed in."""

from collections.abc import Iterable
from datetime import datetime
from functools import partial

from django.db import transaction

from tanzhao.documents.actions import hash_of_text, keep_typed_text
from tanzhao.rectification import tasks
from tanzhao.rectification.measures import templates_of_pack
from tanzhao.rectification.models import Step, StepFile, Writing
from tanzhao.rectification.states import WRITTEN_IN, StepKind, WritingKind, WritingState


def hand_in(step: Step) -> None:
    """Note the words and files of a step as writings, and have them compared once the transaction
    of the step holds. Call it inside that transaction."""
    if _note([step], list(step.files.select_related("file"))):
        transaction.on_commit(partial(tasks.compare_step.enqueue, str(step.pk)))


@transaction.atomic
def note_writings(*, steps: Iterable[Step]) -> None:
    """Note the writings of steps that were handed in before likeness was known here. Noting them
    twice notes them once."""
    wanted = list(steps)
    files = StepFile.objects.filter(step__in=wanted).select_related("file", "step__item")
    _note(wanted, list(files))


@transaction.atomic
def note_templates_of_pack(*, at: datetime) -> None:
    """Note the templates of the pack as they are now. Those noted already are left alone."""
    for title, text in templates_of_pack().items():
        kept = keep_typed_text(text=text, at=at)
        known = {"kind": WritingKind.TEMPLATE, "title": title, "sha256": kept.sha256}
        if not Writing.objects.filter(kept__isnull=True, **known).exists():
            made = Writing(**known, handed_in_at=at, state=WritingState.COMPARED)
            Writing.objects.bulk_create([made], ignore_conflicts=True)


def _note(steps: list[Step], files: list[StepFile]) -> list[Writing]:
    writings = [
        Writing(
            kind=WRITTEN_IN[StepKind(step.kind)],
            item_id=step.item_id,
            step=step,
            sha256=hash_of_text(step.text),
            handed_in_at=step.at,
        )
        for step in steps
        if step.kind in WRITTEN_IN and step.text
    ]
    writings += [
        Writing(
            kind=WritingKind.FILE,
            item_id=piece.step.item_id,
            step=piece.step,
            piece=piece,
            title=piece.name,
            sha256=piece.file.sha256,
            handed_in_at=piece.step.at,
        )
        for piece in files
    ]
    return Writing.objects.bulk_create(writings, ignore_conflicts=True)
