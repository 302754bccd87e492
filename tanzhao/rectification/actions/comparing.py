"""Comparing what was handed in with all that was handed in before, and keeping what is alike."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import count

from tanzhao.documents.actions import keep_prints, keep_typed_text, read_texts_of
from tanzhao.documents.models import FileText
from tanzhao.documents.states import TextState
from tanzhao.rectification.actions.finding import Finder, Tally, Watch
from tanzhao.rectification.actions.writings import note_templates_of_pack
from tanzhao.rectification.measures import Measures, measures_now
from tanzhao.rectification.models import KeptWording, Writing
from tanzhao.rectification.states import WritingState

# A photograph is good evidence, and has nothing that could be compared.
NO_WRITING = "ocr_found_nothing"


def nobody_watches(stage: str, done: int, of: int) -> bool:  # noqa: ARG001  as Watch has it
    return False


def compare_writings(
    *,
    writings: Iterable[Writing],
    clock: Callable[[], datetime],
    watch: Watch = nobody_watches,
    again: bool = False,
) -> Tally:
    """Compare writings with everything that was handed in, each that was not compared yet as
    things are. Call it from a task, outside a transaction.

    What is done before it is stopped or killed stays done. Doing it twice, or twice at once, asks
    each question once.

    Args:
        again: whether files that could not be read are tried once more.
    """
    note_templates_of_pack(at=clock())
    _read_kept_wording(clock)
    measures = measures_now()
    left = [
        one
        for one in writings
        if one.compared_with != measures.fingerprint
        or (again and one.state == WritingState.UNREADABLE)
    ]
    _read_files(left, clock, watch, again=again)
    tally = Tally()
    ready = []
    for done, one in enumerate(left):
        if watch("preparing", done, len(left)):
            return tally
        if one.step is not None and one.piece is None:
            keep_typed_text(text=one.step.text, at=clock())
        if _has_prints(one, measures, clock, tally):
            ready.append(one)
    if not ready:
        return tally
    # Only here, in the worker: numpy and the compiled kernels.
    from tanzhao.rectification.known import KnownWritings

    _renew_prints(measures)
    Finder(KnownWritings(measures), measures, clock, watch, tally).find(ready)
    return tally


def _read_kept_wording(clock: Callable[[], datetime]) -> None:
    """Have the texts read that wording of the office is to be taken from."""
    kept = KeptWording.objects.filter(retired_at__isnull=True, file__isnull=False)
    read_texts_of(files=[one.file for one in kept.select_related("file") if one.file], clock=clock)


def _read_files(
    writings: Sequence[Writing], clock: Callable[[], datetime], watch: Watch, *, again: bool
) -> None:
    """Have the texts of the files among writings read, by child processes."""
    files = [one.piece.file for one in writings if one.piece is not None]
    done = count(1)
    read_texts_of(
        files=files,
        clock=clock,
        is_stopped=lambda: watch("reading", next(done), len(files)),
        again=again,
    )


def _has_prints(
    writing: Writing, measures: Measures, clock: Callable[[], datetime], tally: Tally
) -> bool:
    """Make the prints of a writing if it has none, or say why it is not compared."""
    from tanzhao.rectification.known import letters_in, packed_prints

    text = FileText.objects.filter(sha256=writing.sha256).first()
    if text is None:
        # Erased, or its disk is away: then it still waits.
        if writing.piece is not None and not writing.piece.file.content:
            tally.unreadable += 1
            _set_aside(writing, WritingState.UNREADABLE, measures, clock)
        return False
    if text.state == TextState.REFUSED and text.reason == NO_WRITING:
        tally.short += 1
        _set_aside(writing, WritingState.SHORT, measures, clock)
        return False
    if text.state == TextState.REFUSED:
        tally.unreadable += 1
        _set_aside(writing, WritingState.UNREADABLE, measures, clock)
        return False
    if letters_in(text.text) < measures.settings.least_letters:
        tally.short += 1
        _set_aside(writing, WritingState.SHORT, measures, clock)
        return False
    if text.prints_made_with != measures.made_with:
        prints = packed_prints(text.text, measures)
        keep_prints(text=text, prints=prints, made_with=measures.made_with)
    return True


def _set_aside(
    writing: Writing, state: WritingState, measures: Measures, clock: Callable[[], datetime]
) -> None:
    Writing.objects.filter(pk=writing.pk).update(
        state=state, compared_at=clock(), compared_with=measures.fingerprint
    )


def _renew_prints(measures: Measures) -> None:
    """Make those prints anew that were made with other settings."""
    from tanzhao.rectification.known import packed_prints

    old = FileText.objects.filter(state=TextState.READ, prints__isnull=False)
    for text in old.exclude(prints_made_with=measures.made_with).iterator(chunk_size=100):
        prints = packed_prints(text.text, measures)
        keep_prints(text=text, prints=prints, made_with=measures.made_with)
