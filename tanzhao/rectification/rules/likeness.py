"""Who may know of which likenesses, and who answers, asks and replies."""

from typing import TYPE_CHECKING

from django.db.models import Q
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.documents.states import ENDED, RunState
from tanzhao.kernel.verdict import YES, Verdict, no
from tanzhao.rectification.rules.items import apart_from_unit

if TYPE_CHECKING:
    from tanzhao.documents.models import Run
    from tanzhao.rectification.models import Inquiry, KeptWording, Likeness

NOBODY = Q(pk__in=[])


def visible_writings(user: User) -> Q:
    """Say which writings `user` may read beside another: those of items they may know of and
    judge, never their own unit's; and templates, which are nobody's secret in the office."""
    if not user.holds(Action.LIKENESS_SEE):
        return NOBODY
    return Q(item__isnull=True) | _of_items_judged(user, "item")


def visible_likenesses(user: User) -> Q:
    """Say which likenesses `user` may know exist: those asked at items they may know of and judge.

    That says nothing about the other document, which `visible_writings` must say too. Whoever
    belongs to the unit learns nothing of it before the office speaks.
    """
    if not user.holds(Action.LIKENESS_SEE):
        return NOBODY
    return _of_items_judged(user, "later__item")


def visible_common(user: User) -> Q:
    """Say which common passages `user` may know exist: those of which they may read a holder."""
    from tanzhao.rectification.models import CommonHolder, Writing

    if not user.holds(Action.LIKENESS_SEE):
        return NOBODY
    open_to = Writing.objects.visible_to(user).filter(item__isnull=False)
    held = CommonHolder.objects.filter(writing__in=open_to.order_by()).order_by()
    return Q(pk__in=held.values("common"))


def visible_inquiries(user: User) -> Q:
    """Say which inquiries `user` may know exist: their own, and those they may reply to."""
    own = Q(asked_by=user.pk)
    if not user.holds(Action.LIKENESS_REPLY):
        return own if user.holds(Action.LIKENESS_SEE) else NOBODY
    return own | _of_items_judged(user, "likeness__later__item")


def visible_wordings(user: User) -> Q:
    """Say which wordings that the office keeps `user` may know exist."""
    return Q() if user.holds(Action.WORDING_KEEP) else NOBODY


def may_answer(user: User, likeness: "Likeness", *, sees_both: bool) -> Verdict:
    """Decide whether `user` may say what `likeness` is. Who reads only one of two cannot."""
    if not user.holds(Action.LIKENESS_ANSWER):
        return no(_("Those who verify rectification answer this. Ask the inspection office."))
    if not sees_both:
        return no(_("The other document is not open to you. Ask its keeper what it is."))
    item = likeness.later.item
    return apart_from_unit(user, item) if item is not None else YES


def may_ask(user: User, *, sees_both: bool, is_waiting: bool) -> Verdict:
    """Decide whether `user` may ask the keeper of a document that is not open to them."""
    if not user.holds(Action.LIKENESS_SEE):
        return no(_("Your role does not look at likenesses."))
    if sees_both:
        return no(_("Both documents are open to you. Read them side by side."))
    if is_waiting:
        return no(_("You have asked already. The reply will stand here, and a notice tells you."))
    return YES


def may_reply(user: User, inquiry: "Inquiry", *, sees_both: bool) -> Verdict:
    """Decide whether `user` may reply for the keeper of a document."""
    if not user.holds(Action.LIKENESS_REPLY):
        return no(_("The inspection office replies to such questions."))
    if inquiry.replied_at is not None:
        return no(_("This question has had its reply."))
    if inquiry.asked_by_id == user.pk:
        return no(_("You asked this yourself. Somebody else replies."))
    if not sees_both:
        return no(_("You cannot see both documents either. Ask a colleague to reply."))
    return YES


def may_scan(user: User, *, items: int, is_running: bool) -> Verdict:
    """Decide whether `user` may have the texts of a round compared now."""
    if not user.holds(Action.LIKENESS_SCAN):
        return no(_("The inspection office has the texts of a round compared. Ask it."))
    if is_running:
        return no(_("The texts of this round are being compared already."))
    if not items:
        return no(_("This round has no rectification items yet."))
    return YES


def may_stop_scan(user: User, run: "Run | None") -> Verdict:
    """Decide whether `user` may stop `run`, which compares the texts of a round."""
    if not user.holds(Action.LIKENESS_SCAN):
        return no(_("The inspection office has the texts of a round compared. Ask it."))
    if run is None or RunState(run.state) in ENDED:
        return no(_("Nothing is being compared."))
    return YES


def may_keep_wording(user: User) -> Verdict:
    """Decide whether `user` may keep templates and allowed wording."""
    if not user.holds(Action.WORDING_KEEP):
        return no(_("The inspection office keeps templates and allowed wording. Ask it."))
    return YES


def may_give_text(*, text: str, has_file: bool) -> Verdict:
    """Decide whether a wording may be kept with what was given: a text or a file, not both."""
    if has_file and text.strip():
        return no(_("Give the text or a file, not both."))
    if not has_file and not text.strip():
        return no(_("Write the text, or choose a file."))
    return YES


def may_retire_wording(user: User, wording: "KeptWording") -> Verdict:
    """Decide whether `user` may take `wording` out of use."""
    if wording.retired_at is not None:
        return no(_("This wording is out of use already."))
    return may_keep_wording(user)


def _of_items_judged(user: User, path: str) -> Q:
    """Say which rows hang, by `path`, on an item that `user` may know of and is apart from."""
    from tanzhao.rectification.models import RectificationItem

    if user.role == Role.CONTACT:
        return NOBODY
    items = RectificationItem.objects.visible_to(user).order_by()
    if user.unit_id is not None:
        items = items.exclude(unit=user.unit_id)
    return Q(**{f"{path}__in": items.values("pk")})
