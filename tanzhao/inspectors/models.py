"""The talent pool 人才库: people who can be put on a team, and the facts of their recusal."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.inspectors.rules import visible_inspectors
from tanzhao.units.models import Unit


class Sex(models.TextChoices):
    MALE = "男", _("male")
    FEMALE = "女", _("female")


class InspectorQuerySet(models.QuerySet["Inspector"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_inspectors(user))


class Inspector(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("full name"), max_length=60, db_index=True)
    sex = models.CharField(_("sex"), max_length=4, choices=Sex, blank=True)
    born = models.DateField(_("born"), null=True, help_text="the first of the month")
    native_place = models.CharField(_("native place"), max_length=60, blank=True)
    id_number = models.CharField(_("ID number"), max_length=18, blank=True)
    workplace = models.CharField(_("workplace"), max_length=120, blank=True)
    workplace_unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    title = models.CharField(_("post"), max_length=60, blank=True)
    grade = models.CharField(_("grade"), max_length=40, blank=True)
    full_time = models.BooleanField(_("full-time"), default=False)
    skills = models.JSONField(_("skills"), default=list)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    retired = models.BooleanField(_("left the pool"), default=False)
    objects = InspectorQuerySet.as_manager()

    class Meta:
        ordering = ["name", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["id_number"],
                condition=~models.Q(id_number=""),
                name="inspector_once_by_id_number",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def masked_id_number(self) -> str:
        """The first six and the last digit; birthday and serial hidden."""
        if not self.id_number:
            return ""
        return self.id_number[:6] + "*" * max(len(self.id_number) - 7, 0) + self.id_number[-1:]


class Service(models.Model):
    """A place where an inspector worked before. `until` is not known for most imported rows."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspector = models.ForeignKey(Inspector, models.CASCADE, related_name="services")
    workplace = models.CharField(_("former workplace"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    until = models.DateField(_("until"), null=True)

    class Meta:
        ordering = ["workplace"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspector", "workplace"], name="service_once_in_a_workplace"
            ),
        ]

    def __str__(self) -> str:
        return self.workplace


class DeclaredRecusal(models.Model):
    """A unit an inspector has declared they must stay away from. The reason is not kept here."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspector = models.ForeignKey(Inspector, models.CASCADE, related_name="declared_recusals")
    unit_name = models.CharField(_("declared recusal unit"), max_length=120)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    # Not known of what came in a workbook.
    declared_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    declared_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["unit_name"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspector", "unit_name"], name="recusal_declared_once"
            ),
        ]

    def __str__(self) -> str:
        return self.unit_name


class PastRound(models.Model):
    """A round an inspector has served in, as imported. Rounds of ours are known by their teams.

    `term_number` is empty where the workbook does not say.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    inspector = models.ForeignKey(Inspector, models.CASCADE, related_name="past_rounds")
    term_number = models.PositiveIntegerField(_("term"), null=True)
    round_number = models.PositiveIntegerField(_("round"))

    class Meta:
        ordering = [F("term_number").asc(nulls_first=True), "round_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["inspector", "term_number", "round_number"],
                name="past_round_once_in_a_term",
            ),
            models.UniqueConstraint(
                fields=["inspector", "round_number"],
                condition=Q(term_number__isnull=True),
                name="past_round_once_of_no_term",
            ),
        ]

    def __str__(self) -> str:
        if self.term_number is None:
            return str(self.round_number)
        values = {"term": self.term_number, "round": self.round_number}
        return gettext("Term %(term)s, round %(round)s") % values
