"""Findings 问题 of all rounds, the report of an engagement, and the feedback to its unit."""

import uuid
from typing import Any, Self

from django.db import models
from django.db.models import F, Q
from django.db.models.expressions import Col
from django.db.models.sql.compiler import SQLCompiler
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import StoredFile
from tanzhao.findings.rules import visible_feedback, visible_findings, visible_reports
from tanzhao.findings.states import FindingState, ReportState
from tanzhao.inspections.models import Engagement
from tanzhao.kernel.words import bigrams
from tanzhao.papers.models import WorkingPaper
from tanzhao.taxonomy.models import Code
from tanzhao.units.models import Unit


class FindingQuerySet(models.QuerySet["Finding"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_findings(user))


class PairsField(models.TextField):  # type: ignore[type-arg]  # no argument at run time
    """The pairs of characters of a finding's title and fact, kept for the search.

    A field, and not a step of the actions, so that rows made in bulk are found too.
    """

    def pre_save(self, model_instance: Any, add: bool) -> str:  # noqa: ARG002
        pairs = " ".join(bigrams(model_instance.title, model_instance.fact))
        setattr(model_instance, self.attname, pairs)
        return pairs


@PairsField.register_lookup
class HasAll(models.Lookup[bool]):
    """The pairs are all there. Asks the index that migration 0002 makes."""

    lookup_name = "has_all"
    prepare_rhs = False
    rhs: list[str]

    def as_postgresql(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:
        column, values = self.process_lhs(compiler, connection)
        return f"string_to_array({column}, ' ') @> %s::text[]", [*values, self.rhs]

    def as_sqlite(self, compiler: SQLCompiler, connection: Any) -> tuple[str, list[Any]]:  # noqa: ARG002
        key, values = compiler.compile(Col(self.lhs.alias, self.lhs.target.model._meta.pk))
        wanted = " ".join(f'"{pair}"' for pair in self.rhs)
        search = "SELECT finding_id FROM findings_search WHERE findings_search MATCH %s"
        return f"{key} IN ({search})", [*values, wanted]


class Finding(models.Model):
    """Something established about a unit. One imported from an old ledger has no engagement."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, models.PROTECT, null=True, related_name="findings")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="findings")
    # Of one from a ledger, where that names the term; ours have the term of their round.
    term_number = models.PositiveIntegerField(_("term"), null=True)
    round_number = models.PositiveIntegerField(_("round"))
    serial = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=120, blank=True)
    fact = models.TextField(_("fact"))
    nature = models.TextField(_("nature"), blank=True)
    responsibility = models.TextField(_("responsibility"), blank=True)
    cause = models.TextField(_("cause"), blank=True)
    recommendation = models.TextField(_("recommendation"), blank=True)
    # What an imported ledger called it, word for word, and for ours the class in the frame of the
    # round, so that one filter serves both; codes say how we read that.
    category = models.CharField(_("class"), max_length=60, blank=True, db_index=True)
    subcategory = models.CharField(_("sub-class"), max_length=60, blank=True, db_index=True)
    codes = models.ManyToManyField(Code, related_name="findings")
    papers = models.ManyToManyField(WorkingPaper, related_name="findings")
    state = models.CharField(max_length=20, choices=FindingState, default=FindingState.MADE)
    imported = models.BooleanField(default=False)
    version = models.PositiveIntegerField(default=1)
    made_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    made_at = models.DateTimeField()
    pairs = PairsField(editable=False, default="")
    objects = FindingQuerySet.as_manager()

    class Meta:
        ordering = ["-round_number", "unit__position", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "round_number", "serial"], name="finding_serial_once"
            ),
            models.CheckConstraint(
                condition=Q(imported=True) | Q(engagement__isnull=False),
                name="finding_of_ours_has_an_engagement",
            ),
        ]
        indexes = [
            models.Index(fields=["-round_number", "unit", "serial"], name="finding_by_round"),
            models.Index(fields=["unit", "state"], name="finding_by_unit"),
            models.Index(fields=["imported", "state"], name="finding_by_source"),
        ]

    def __str__(self) -> str:
        return self.title or self.fact[:60]


class ReportQuerySet(models.QuerySet["Report"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_reports(user))


class Report(models.Model):
    """The report 巡察报告 on one engagement. Its findings are the records, never a copy."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="report")
    situation = models.TextField(_("situation and overall evaluation"), blank=True)
    opinions = models.TextField(_("opinions"), blank=True)
    state = models.CharField(max_length=20, choices=ReportState, default=ReportState.DRAFTED)
    version = models.PositiveIntegerField(default=1)
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    agreed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    agreed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    list_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    objects = ReportQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True)
                | (~Q(approved_by=F("drafted_by")) & ~Q(approved_by=F("agreed_by"))),
                name="report_approver_did_not_make_it",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Report on %(unit)s") % {"unit": self.engagement.unit}


class FeedbackQuerySet(models.QuerySet["Feedback"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_feedback(user))


class Feedback(models.Model):
    """The letter 反馈意见 and the list of findings handed to the unit."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="feedback")
    number = models.CharField(_("document number"), max_length=60, unique=True)
    issued_date = models.DateField(_("date of feedback"))
    plan_due_date = models.DateField(_("plan due"))
    rectify_by_date = models.DateField(_("concentrated rectification ends"))
    issued_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    issued_at = models.DateTimeField()
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    list_file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    objects = FeedbackQuerySet.as_manager()

    def __str__(self) -> str:
        return self.number
