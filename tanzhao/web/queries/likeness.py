"""Questions of likeness that wait for a person's answer, and questions to a keeper."""

import datetime as dt
from collections.abc import Iterator

from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.rectification.models import Inquiry, Likeness
from tanzhao.rectification.queries.likeness import (
    inquiries_waiting_for,
    place_of,
    title_beside,
    title_of,
    unanswered_for,
)
from tanzhao.web.queries.group import Task, Waiting, day_of, group


def likenesses_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Likenesses this person is to answer, and what somebody asks them as a keeper."""
    if user.holds(Action.LIKENESS_ANSWER):
        mine = f"{reverse('rectification:likenesses')}?answer=mine"
        yield group(_("Documents alike, to be answered"), unanswered_for(user), _task, mine)
    if user.holds(Action.LIKENESS_REPLY):
        yield group(_("Questions to a keeper"), inquiries_waiting_for(user), _inquiry_task)


def _task(likeness: Likeness) -> Task:
    about = _("%(one)s and %(other)s") % {
        "one": title_of(likeness.later),
        "other": title_beside(likeness.earlier, likeness.later),
    }
    address = reverse("rectification:likeness", args=[likeness.pk])
    return Task(about, place_of(likeness.later), day_of(likeness.found_at), address)


def _inquiry_task(inquiry: Inquiry) -> Task:
    address = reverse("rectification:likeness", args=[inquiry.likeness_id])
    return Task(inquiry.question, str(inquiry.asked_by), day_of(inquiry.asked_at), address)
