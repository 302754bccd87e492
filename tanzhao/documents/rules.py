"""Who may know of a background run, and which files may be stored."""

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.documents.content import Content
from tanzhao.documents.states import ENDED, FileKind, RunState
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.documents.models import Run


def visible_runs(user: User) -> Q:
    """Say which background runs `user` may know exist: their own."""
    return Q(started_by=user)


def may_store(content: Content, kinds: AbstractSet[FileKind], name: str) -> Verdict:
    """Decide whether a file of this content may be stored where `kinds` are wanted."""
    if FileKind.OTHER in kinds:
        return YES
    if content.program:
        return no(_("“%(name)s” is a program. Programs are not stored.") % {"name": name})
    if content.protected:
        sentence = _(
            "“%(name)s” is protected by a password. Save it without one and send it again."
        )
        return no(sentence % {"name": name})
    if content.macros:
        sentence = _(
            "“%(name)s” contains macros. Save it as .docx, .xlsx or PDF and send it again."
        )
        return no(sentence % {"name": name})
    if content.damaged:
        sentence = _("“%(name)s” is damaged or incomplete. Copy it again and send it again.")
        return no(sentence % {"name": name})
    if content.kind not in kinds:
        sentence = _("“%(name)s” is not one of the kinds taken here: %(kinds)s.")
        return no(sentence % {"name": name, "kinds": kinds_in_words(kinds)})
    return YES


def kinds_in_words(kinds: AbstractSet[FileKind]) -> str:
    """List kinds of files as a person says them."""
    return _(", ").join(str(kind.label) for kind in FileKind if kind in kinds)


def may_end(run: "Run") -> Verdict:
    """Decide whether `run` can still end. One that a second worker has finished cannot."""
    if RunState(run.state) in ENDED:
        return no(_("This run has ended already."))
    return YES


def may_stop(run: "Run | None", *, entitled: Verdict) -> Verdict:
    """Decide whether somebody may ask `run` to end with the best it has.

    Args:
        entitled: whether they may have such work done. Whoever may may stop it, too, whoever had
            it begun: a colleague may be away.
    """
    if not entitled:
        return entitled
    return may_end(run) if run is not None else no(_("This run has ended already."))
