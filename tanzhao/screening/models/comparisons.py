"""Comparisons 数据比对: which rules are run over which data sets, why, on whose word, how long."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import Run
from tanzhao.inspections.models import Round
from tanzhao.screening.models.datasets import DataSet
from tanzhao.screening.rules.visibility import visible_comparisons
from tanzhao.screening.states import ComparisonState


class ComparisonQuerySet(models.QuerySet["Comparison"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_comparisons(user))


class Comparison(models.Model):
    """A request to compare data sets, somebody else's answer, and what the rules gave.

    `rules`: each rule with name, version and the thresholds it was asked with. `results`: by name
    of the rule its hits, amount_cents, rows_read, seconds, or the problem that kept it from
    running. `profiles`: by name the figures of a rule that gives no hits.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("No."), unique=True)
    purpose = models.CharField(_("purpose"), max_length=300)
    legal_basis = models.CharField(_("legal basis"), max_length=300)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="comparisons")
    data_sets = models.ManyToManyField(DataSet, related_name="comparisons")
    rules = models.JSONField(default=list)
    takes_links = models.BooleanField(_("rows without a usable number too"), default=False)
    expires = models.DateField(_("rows are deleted after"))
    state = models.CharField(
        max_length=20, choices=ComparisonState, default=ComparisonState.REQUESTED
    )
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(_("reason"), max_length=500, blank=True)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    fingerprint = models.CharField(max_length=64, blank=True)
    results = models.JSONField(default=dict)
    profiles = models.JSONField(default=dict)
    hits_found = models.PositiveIntegerField(default=0)
    amount_cents = models.BigIntegerField(default=0)
    finished_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    objects = ComparisonQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("requested_by")),
                name="comparison_approver_not_requester",
            ),
            models.CheckConstraint(
                condition=Q(state=ComparisonState.REQUESTED, decided_by__isnull=True)
                | (~Q(state=ComparisonState.REQUESTED) & Q(decided_by__isnull=False)),
                name="comparison_is_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(state=ComparisonState.REFUSED) | ~Q(decision_reason=""),
                name="comparison_refused_with_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[ComparisonState.DONE, ComparisonState.EXPIRED])
                | Q(finished_at__isnull=False),
                name="comparison_done_has_its_moment",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Comparison %(number)s") % {"number": self.number}
