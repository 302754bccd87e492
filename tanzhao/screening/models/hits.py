"""Hits 命中: questions that rules asked, the rows they rest on, and what people answered."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import StoredFile
from tanzhao.inspections.models import Engagement
from tanzhao.screening.models.comparisons import Comparison
from tanzhao.screening.models.datasets import DataSet
from tanzhao.screening.rules.visibility import visible_hits
from tanzhao.screening.states import (
    TRUE,
    Basis,
    EvidenceKind,
    HitState,
    Outcome,
    Risk,
    VerificationState,
)
from tanzhao.units.models import Unit

CURRENT = (VerificationState.PROPOSED, VerificationState.CONFIRMED)


class HitQuerySet(models.QuerySet["Hit"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_hits(user))


class Hit(models.Model):
    """One question, whichever comparison asked it: `hit_id` is made of rule, version and key.

    What stands here is what the latest comparison said; what people answered belongs to the hit
    and outlives every comparison. `place` is the village, township or office that its rows name.
    `key` and `facts` hold full numbers until the rows are deleted, and masked ones after that,
    unless the hit was found true. `amount_cents` is 0 where the rule gives no amount.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hit_id = models.CharField(max_length=64, unique=True)
    rule = models.CharField(max_length=60)
    rule_version = models.CharField(max_length=20)
    risk = models.CharField(max_length=10, choices=Risk)
    basis = models.CharField(max_length=20, choices=Basis, default=Basis.EXACT)
    weight = models.IntegerField(null=True)
    amount_cents = models.BigIntegerField(default=0)
    first_date = models.DateField(null=True)
    last_date = models.DateField(null=True)
    why_zh = models.TextField()
    why_en = models.TextField()
    key = models.JSONField(default=dict)
    facts = models.JSONField(default=dict)
    place = models.CharField(_("place"), max_length=120, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="hits")
    state = models.CharField(max_length=20, choices=HitState, default=HitState.OPEN)
    outcome = models.CharField(max_length=20, choices=Outcome, blank=True)
    latest = models.ForeignKey(Comparison, models.PROTECT, related_name="+")
    found_at = models.DateTimeField()
    # The team that verifies it; from then on, its members may know of it.
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="hits")
    assigned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    assigned_at = models.DateTimeField(null=True)
    # The lead that was made of it; leads stand above and are known here by key alone.
    lead_id = models.UUIDField(null=True)
    rows_deleted_at = models.DateTimeField(null=True)
    objects = HitQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state=HitState.OPEN, outcome="")
                | (~Q(state=HitState.OPEN) & ~Q(outcome="")),
                name="hit_is_open_without_an_outcome",
            ),
            models.CheckConstraint(
                condition=Q(engagement__isnull=True) | Q(assigned_by__isnull=False),
                name="hit_is_assigned_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["rule", "state", "outcome"], name="hit_by_rule"),
            models.Index(fields=["-amount_cents", "id"], name="hit_by_amount"),
            models.Index(fields=["-found_at", "id"], name="hit_by_day"),
        ]

    def __str__(self) -> str:
        return f"{self.rule} {self.hit_id[:8]}"


class Sighting(models.Model):
    """That a comparison gave a hit, and what it said of it then."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    comparison = models.ForeignKey(Comparison, models.CASCADE, related_name="sightings")
    hit = models.ForeignKey(Hit, models.CASCADE, related_name="sightings")
    amount_cents = models.BigIntegerField(default=0)
    evidence_rows = models.PositiveIntegerField(default=0)

    class Meta:
        ordering = ["-comparison__number"]
        constraints = [
            models.UniqueConstraint(fields=["comparison", "hit"], name="sighting_once"),
        ]


class EvidenceRow(models.Model):
    """A row that a hit rests on, as it stood in the file. `cells` follows `headings`; both are
    empty once the rows were deleted, and file, sheet and row still say where it stood."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sighting = models.ForeignKey(Sighting, models.CASCADE, related_name="rows")
    position = models.PositiveIntegerField()
    role = models.CharField(max_length=40)
    data_set = models.ForeignKey(DataSet, models.PROTECT, null=True, related_name="+")
    table = models.CharField(max_length=40)
    file = models.CharField(max_length=200)
    sheet = models.CharField(max_length=120, blank=True)
    row_number = models.PositiveIntegerField()
    headings = models.JSONField(default=list)
    cells = models.JSONField(default=list)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["sighting", "position"], name="evidence_row_once"),
        ]


class Verification(models.Model):
    """One answer to a hit: what a named person found, and that another agreed. Amounts in cents."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    hit = models.ForeignKey(Hit, models.CASCADE, related_name="verifications")
    outcome = models.CharField(_("outcome"), max_length=20, choices=Outcome)
    note = models.TextField(_("what was found"))
    verifier = models.CharField(_("verified by"), max_length=120)
    verified_on = models.DateField(_("verified on"))
    to_recover_cents = models.BigIntegerField(default=0)
    recovered_cents = models.BigIntegerField(default=0)
    stopped_cents = models.BigIntegerField(default=0)
    evidence_kind = models.CharField(max_length=20, choices=EvidenceKind, blank=True)
    evidence = models.TextField(_("evidence of another kind"), blank=True)
    evidence_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    state = models.CharField(
        max_length=20, choices=VerificationState, default=VerificationState.PROPOSED
    )
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # Why it was sent back or reopened, and by whom it was reopened.
    reason = models.CharField(max_length=500, blank=True)
    reopened_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    reopened_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-proposed_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("proposed_by")), name="verification_by_two_people"
            ),
            models.CheckConstraint(
                condition=Q(state=VerificationState.PROPOSED, decided_by__isnull=True)
                | (~Q(state=VerificationState.PROPOSED) & Q(decided_by__isnull=False)),
                name="verification_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=~Q(outcome__in=sorted(TRUE)) | (~Q(evidence="") & ~Q(evidence_kind="")),
                name="verification_true_by_other_evidence",
            ),
            models.CheckConstraint(
                condition=Q(
                    to_recover_cents__gte=0,
                    recovered_cents__gte=0,
                    stopped_cents__gte=0,
                    recovered_cents__lte=F("to_recover_cents"),
                ),
                name="verification_amounts_fit",
            ),
            models.CheckConstraint(
                condition=~Q(state=VerificationState.REOPENED)
                | (Q(reopened_by__isnull=False) & ~Q(reason="")),
                name="verification_reopened_with_a_reason",
            ),
            models.UniqueConstraint(
                fields=["hit"], condition=Q(state__in=CURRENT), name="verification_one_current"
            ),
        ]
