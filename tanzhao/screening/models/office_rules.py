"""Rules that the office wrote itself, version by version: drafts, those in use, those replaced."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import Run
from tanzhao.screening.models.comparisons import Comparison
from tanzhao.screening.rules.visibility import visible_office_rules
from tanzhao.screening.states import OfficeRuleState


class OfficeRuleQuerySet(models.QuerySet["OfficeRule"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_office_rules(user))


class OfficeRule(models.Model):
    """One version of a rule. One that is in use is never changed: a new version replaces it.

    `sheet` holds what stands in the pack.toml of a shipped rule, kind and version apart. `trial` is
    what the last trial gave (actions/trying.py says its keys), {} if nobody tried this wording.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.SlugField(_("name"), max_length=60)
    version = models.CharField(_("version"), max_length=20)
    sheet = models.JSONField()
    sql = models.TextField(_("rule"))
    evidence_sql = models.TextField(_("evidence"))
    note = models.CharField(_("what is new"), max_length=300, blank=True)
    state = models.CharField(max_length=20, choices=OfficeRuleState, default=OfficeRuleState.DRAFT)
    trial = models.JSONField(default=dict)
    trial_on = models.ForeignKey(Comparison, models.SET_NULL, null=True, related_name="+")
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(_("reason"), max_length=300, blank=True)
    objects = OfficeRuleQuerySet.as_manager()

    class Meta:
        ordering = ["name", "-changed_at"]
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="office_rule_version_once"),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(state=OfficeRuleState.IN_USE),
                name="office_rule_one_in_use",
            ),
            models.UniqueConstraint(
                fields=["name"],
                condition=Q(state__in=[OfficeRuleState.DRAFT, OfficeRuleState.PROPOSED]),
                name="office_rule_one_draft",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("made_by")), name="office_rule_approver_not_maker"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[OfficeRuleState.DRAFT, OfficeRuleState.PROPOSED])
                | Q(approved_by__isnull=False),
                name="office_rule_in_use_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.sheet.get('title_zh', '') or self.name} {self.version}"
