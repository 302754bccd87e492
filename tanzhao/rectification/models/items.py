"""Rectification items 整改事项: one for each finding, from feedback to closing."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import StoredFile
from tanzhao.findings.models import Finding
from tanzhao.rectification.rules.items import visible_items
from tanzhao.rectification.states import Answer, ImportedState, State, StepKind
from tanzhao.units.models import Unit


class RectificationItemQuerySet(models.QuerySet["RectificationItem"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_items(user))


class RectificationItem(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    finding = models.OneToOneField(Finding, models.PROTECT, related_name="item")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="items")
    round_number = models.PositiveIntegerField(_("round"))
    # A person of the unit, who need not have an account.
    owner_name = models.CharField(_("person responsible"), max_length=60, blank=True)
    measure = models.TextField(_("measure"), blank=True)
    due_date = models.DateField(_("due"))
    state = models.CharField(max_length=20, choices=State, default=State.OPEN)
    imported_state = models.CharField(max_length=10, choices=ImportedState, blank=True)
    planned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    claimed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    claimed_at = models.DateTimeField(null=True)
    verified_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    verified_at = models.DateTimeField(null=True)
    closed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    closed_at = models.DateTimeField(null=True)
    times_returned = models.PositiveIntegerField(default=0)
    times_reopened = models.PositiveIntegerField(default=0)
    objects = RectificationItemQuerySet.as_manager()

    class Meta:
        ordering = ["due_date", "pk"]
        constraints = [
            # The last line of defence behind rules.may_verify and rules.may_close.
            models.CheckConstraint(
                condition=~Q(closed_by=F("claimed_by")), name="item_closer_did_not_claim"
            ),
            models.CheckConstraint(
                condition=~Q(closed_by=F("verified_by")), name="item_closer_did_not_verify"
            ),
            models.CheckConstraint(
                condition=~Q(verified_by=F("claimed_by")), name="item_verifier_did_not_claim"
            ),
            # One closed in an old ledger was closed before this program knew of it.
            models.CheckConstraint(
                condition=Q(state=State.CLOSED, closed_by__isnull=False, closed_at__isnull=False)
                | Q(state=State.CLOSED, imported_state=ImportedState.DONE)
                | (~Q(state=State.CLOSED) & Q(closed_by__isnull=True, closed_at__isnull=True)),
                name="item_closed_has_closer_and_time",
            ),
        ]
        indexes = [
            models.Index(fields=["state", "due_date"], name="item_by_due"),
            models.Index(fields=["unit", "state"], name="item_by_unit"),
        ]

    def __str__(self) -> str:
        return str(self.finding)


class Step(models.Model):
    """One thing done with an item, by whom, with what was said. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    item = models.ForeignKey(RectificationItem, models.CASCADE, related_name="steps")
    kind = models.CharField(max_length=20, choices=StepKind)
    answer = models.CharField(max_length=20, choices=Answer, blank=True)
    text = models.TextField(blank=True)
    # What a plan named, or the new due date of a reopening.
    owner_name = models.CharField(max_length=60, blank=True)
    due_date = models.DateField(null=True)
    late_reason = models.CharField(max_length=500, blank=True)
    by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["item", "at"]
        indexes = [models.Index(fields=["item", "at"], name="step_in_order")]

    def __str__(self) -> str:
        return self.get_kind_display()


class StepFile(models.Model):
    """A piece of evidence that the unit handed in with a step."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    step = models.ForeignKey(Step, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)

    class Meta:
        ordering = ["step", "name"]

    def __str__(self) -> str:
        return self.name
