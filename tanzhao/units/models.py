"""The audit universe 巡察对象库: every organisation the county must inspect."""

import uuid
from typing import Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.units.rules import visible_units


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_units(user))


class Unit(models.Model):
    """An organisation. `parent` is set when the organisation above it is a unit here too."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("unit"), max_length=120, unique=True)
    category = models.CharField(_("kind"), max_length=40, blank=True, db_index=True)
    form = models.CharField(_("form of organisation"), max_length=40, blank=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    parent_name = models.CharField(_("organisation above"), max_length=120, blank=True)
    system = models.CharField(_("system"), max_length=40, blank=True, db_index=True)
    members = models.PositiveIntegerField(_("Party members"), null=True)
    head = models.CharField(_("principal"), max_length=60, blank=True)
    phone = models.CharField(_("phone"), max_length=60, blank=True)
    priority = models.CharField(_("priority"), max_length=10, blank=True)
    position = models.PositiveIntegerField(default=0)
    retired = models.BooleanField(_("closed or merged"), default=False)
    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """One inspection that a unit has had: the single source of coverage."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="visits")
    round_number = models.PositiveIntegerField(_("round"))
    month = models.DateField(_("inspected in"), null=True)
    imported = models.BooleanField(default=True)

    class Meta:
        ordering = ["-round_number"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "round_number"], name="visit_once_in_a_round"),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.round_number}"
