"""The audit universe 巡察对象库: every organisation the county must inspect, and in which term."""

import datetime as dt
import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.units.rules import visible_units


class Term(models.Model):
    """Five years of one committee, with the names its papers are issued under.

    Coverage is that of a term, so a term stands beside the units; its rounds and plans are the
    business of inspections, where its table was born.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("term"), unique=True)
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    committee = models.CharField(_("committee"), max_length=60)
    leading_group = models.CharField(_("leading group"), max_length=120)
    office = models.CharField(_("inspection office"), max_length=120)
    document_prefix = models.CharField(_("prefix of document numbers"), max_length=20)

    class Meta:
        db_table = "inspections_term"
        ordering = ["-number"]

    def __str__(self) -> str:
        return gettext("Term %(number)s") % {"number": self.number}

    @property
    def first_month(self) -> dt.date:
        """The first day of the month it begins in: inspections are known by their month."""
        return self.starts.replace(day=1)

    def months_to(self, month: dt.date) -> int:
        """Count the months from the first of the term to `month`; negative before it."""
        return 12 * (month.year - self.starts.year) + month.month - self.starts.month


class UnitQuerySet(models.QuerySet["Unit"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_units(user))


class Unit(models.Model):
    """An organisation. `parent` is set when the organisation above it is a unit here too.

    `merged_into` is the unit that took it up; it is then retired, and keeps its own past.
    """

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
    merged_into = models.ForeignKey(
        "self",
        models.PROTECT,
        null=True,
        related_name="merged_from",
        verbose_name=_("merged into"),
    )
    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["position", "name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | Q(retired=True),
                name="unit_merged_is_retired",
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Visit(models.Model):
    """One inspection that a unit has had: the single source of coverage.

    `term_number` is empty where a workbook does not say: such a visit belongs to the term its
    month falls into; see queries.visits_of.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    unit = models.ForeignKey(Unit, models.CASCADE, related_name="visits")
    term_number = models.PositiveIntegerField(_("term"), null=True)
    round_number = models.PositiveIntegerField(_("round"))
    month = models.DateField(_("inspected in"), null=True)
    imported = models.BooleanField(default=True)

    class Meta:
        # By month, because a later term begins to count its rounds anew.
        ordering = [F("month").desc(nulls_last=True), "-round_number"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "term_number", "round_number"], name="visit_once_in_a_round"
            ),
            models.UniqueConstraint(
                fields=["unit", "round_number"],
                condition=Q(term_number__isnull=True),
                name="visit_once_in_a_round_of_no_term",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.unit} {self.round_number}"
