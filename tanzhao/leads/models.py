"""Leads 疑点: signals that something may deserve a closer look. A lead proves nothing."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.inspections.models import Engagement
from tanzhao.leads.rules import visible_leads
from tanzhao.leads.states import IN_HAND, LeadSource, LeadState, Outcome
from tanzhao.taxonomy.models import Code
from tanzhao.units.models import Unit


class LeadQuerySet(models.QuerySet["Lead"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_leads(user))


class Lead(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    title = models.CharField(_("title"), max_length=120)
    facts = models.TextField(_("what is known"), blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="leads")
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="leads")
    source = models.CharField(_("source"), max_length=20, choices=LeadSource)
    # The row of another feature that it comes from, and what that row is called.
    source_id = models.UUIDField(null=True)
    source_note = models.CharField(_("source in words"), max_length=200, blank=True)
    state = models.CharField(max_length=20, choices=LeadState, default=LeadState.NEW)
    captured_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    captured_at = models.DateTimeField()
    handler = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    second = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(null=True)
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome, blank=True)
    outcome_reason = models.TextField(_("reason"), blank=True)
    outcome_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    outcome_at = models.DateTimeField(null=True)
    confirmed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    confirmed_at = models.DateTimeField(null=True)
    changed_at = models.DateTimeField()
    objects = LeadQuerySet.as_manager()

    class Meta:
        ordering = ["-captured_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["source", "source_id"],
                condition=Q(source_id__isnull=False),
                name="lead_once_from_a_source",
            ),
            models.CheckConstraint(
                condition=~Q(second=F("handler")), name="lead_second_not_handler"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=sorted(IN_HAND))
                | Q(handler__isnull=False, second__isnull=False),
                name="lead_in_hand_has_two_handlers",
            ),
            models.CheckConstraint(
                condition=~Q(confirmed_by=F("outcome_by")), name="lead_confirmer_not_proposer"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[LeadState.PAPER, LeadState.DROPPED])
                | Q(confirmed_by__isnull=False),
                name="lead_ended_is_confirmed",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class LeadCheck(models.Model):
    """One step of the verification: what was looked at, and what was found. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="checks")
    what = models.TextField(_("what was checked"))
    found = models.TextField(_("what was found"))
    method = models.ForeignKey(Code, models.PROTECT, related_name="+")
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["lead", "at", "pk"]

    def __str__(self) -> str:
        return self.what[:60]


class LeadReturn(models.Model):
    """A time that a lead went back: an outcome not confirmed, or an ended lead reopened."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    lead = models.ForeignKey(Lead, models.CASCADE, related_name="returns")
    outcome = models.CharField(max_length=20, choices=Outcome)
    outcome_reason = models.TextField()
    outcome_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    reason = models.CharField(_("reason"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["lead", "at", "pk"]

    def __str__(self) -> str:
        return self.reason[:60]
