"""Comparisons of data and hits that wait for a person."""

import datetime as dt
from collections.abc import Iterator

from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.documents.states import RunState
from tanzhao.screening.models import Comparison, DataSet, Hit, Verification
from tanzhao.screening.queries.secrets import why_of
from tanzhao.screening.rulebook import title_of
from tanzhao.screening.states import (
    ComparisonState,
    DataSetState,
    HitState,
    VerificationState,
)
from tanzhao.web.queries.group import Task, Waiting, day_of, group


def comparisons_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Comparisons to decide about, and data sets that could not be read."""
    if user.holds(Action.COMPARISON_APPROVE):
        asked = Comparison.objects.visible_to(user).filter(state=ComparisonState.REQUESTED)
        yield group(
            _("Comparisons of data to decide"),
            asked.exclude(requested_by=user).select_related("requested_by"),
            lambda c: Task(
                f"{c}{_(': ')}{c.purpose}",
                str(c.requested_by),
                day_of(c.requested_at),
                reverse("screening:comparison", args=[c.pk]),
            ),
        )
    if user.holds(Action.DATASET_TAKE):
        unread = DataSet.objects.visible_to(user).filter(
            state=DataSetState.RECEIVED, run__state__in=[RunState.DONE, RunState.FAILED]
        )
        yield group(
            _("Data sets that could not be read"),
            unread,
            lambda d: Task(
                d.title,
                d.given_by,
                day_of(d.registered_at),
                reverse("screening:data_set", args=[d.pk]),
            ),
        )


def hits_waiting(user: User, _today: dt.date) -> Iterator[Waiting]:
    """Outcomes that want a second person, and hits that were given to one's own team."""
    hits = Hit.objects.visible_to(user).order_by("-amount_cents", "pk")
    every = reverse("screening:hits")
    if user.holds(Action.HIT_CONFIRM):
        own = Verification.objects.filter(
            hit=OuterRef("pk"), state=VerificationState.PROPOSED, proposed_by=user
        )
        yield group(
            _("Outcomes of hits to confirm"),
            hits.filter(~Exists(own), state=HitState.PROPOSED),
            _hit_task,
            f"{every}?state={HitState.PROPOSED}",
        )
    if user.role == Role.INSPECTOR:
        yield group(
            _("Hits to verify"),
            hits.filter(state=HitState.OPEN),
            _hit_task,
            f"{every}?state={HitState.OPEN}",
        )


def _hit_task(hit: Hit) -> Task:
    address = reverse("screening:hit", args=[hit.pk])
    return Task(why_of(hit), title_of(hit.rule), day_of(hit.found_at), address)
