"""Working papers 问题底稿: one matter, its facts, basis, responsibility and numbered evidence."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import StoredFile
from tanzhao.inspections.models import Engagement
from tanzhao.inspectors.models import Inspector
from tanzhao.leads.models import Lead
from tanzhao.papers.rules import visible_evidence, visible_papers
from tanzhao.papers.states import PaperState, ReviewAnswer, ReviewStep
from tanzhao.taxonomy.models import Code


class WorkingPaperQuerySet(models.QuerySet["WorkingPaper"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_papers(user))


class WorkingPaper(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engagement = models.ForeignKey(Engagement, models.PROTECT, related_name="papers")
    lead = models.ForeignKey(Lead, models.PROTECT, null=True, related_name="papers")
    serial = models.PositiveIntegerField()
    # Null and not "": many papers have no number yet, and a number is unique.
    official_number = models.CharField(  # noqa: DJ001
        _("paper number"), max_length=60, null=True, unique=True
    )
    title = models.CharField(_("title"), max_length=120)
    overview = models.TextField(_("overview"), blank=True)
    basis = models.TextField(_("basis"), blank=True)
    responsibility = models.TextField(_("responsibility"), blank=True)
    effect = models.TextField(_("effect"), blank=True)
    principal_said = models.TextField(_("what the unit's principal said"), blank=True)
    # One entry for each of the Three Distinctions: {"code", "answer": yes|no|not_applicable,
    # "reason"}.
    distinctions = models.JSONField(_("Three Distinctions"), default=list)
    state = models.CharField(max_length=20, choices=PaperState, default=PaperState.DRAFT)
    version = models.PositiveIntegerField(default=1)
    begun_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()
    objects = WorkingPaperQuerySet.as_manager()

    class Meta:
        ordering = ["engagement", "serial"]
        constraints = [
            models.UniqueConstraint(
                fields=["engagement", "serial"], name="paper_serial_once_in_an_engagement"
            ),
            models.CheckConstraint(
                condition=Q(official_number__isnull=False)
                | ~Q(state__in=[PaperState.LEADER_APPROVED, PaperState.CHECKED, PaperState.USED]),
                name="paper_approved_has_official_number",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class PaperHandler(models.Model):
    """One of the two or more people who answer for the paper."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(WorkingPaper, models.CASCADE, related_name="handlers")
    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="+")
    signed_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["paper", "inspector__name"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "inspector"], name="handler_once_on_a_paper"),
        ]

    def __str__(self) -> str:
        return str(self.inspector)


class Fact(models.Model):
    """One fact of the matter, and the one of the thirteen methods by which it is known."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(WorkingPaper, models.CASCADE, related_name="facts")
    position = models.PositiveIntegerField()
    what = models.TextField(_("what"))
    when = models.CharField(_("when"), max_length=120, blank=True)
    where = models.CharField(_("where"), max_length=120, blank=True)
    how_much = models.CharField(_("how much"), max_length=120, blank=True)
    method = models.ForeignKey(Code, models.PROTECT, related_name="+")

    class Meta:
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="fact_once_at_a_place"),
        ]

    def __str__(self) -> str:
        return self.what[:60]


class EvidenceQuerySet(models.QuerySet["Evidence"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_evidence(user))


class Evidence(models.Model):
    """A numbered piece of evidence. One set aside keeps its number and its file."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(WorkingPaper, models.PROTECT, related_name="evidence")
    number = models.PositiveIntegerField()
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(_("name"), max_length=120)
    kind = models.ForeignKey(Code, models.PROTECT, related_name="+")
    source = models.CharField(_("source"), max_length=120, blank=True)
    page = models.CharField(_("page"), max_length=60, blank=True)
    is_original = models.BooleanField(_("original"), default=False)
    fact = models.ForeignKey(Fact, models.SET_NULL, null=True, related_name="evidence")
    set_aside_reason = models.CharField(max_length=300, blank=True)
    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="evidence_number_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Review(models.Model):
    """One signature or return, with its reason. Never changed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(WorkingPaper, models.CASCADE, related_name="reviews")
    step = models.CharField(max_length=20, choices=ReviewStep)
    answer = models.CharField(max_length=20, choices=ReviewAnswer)
    reason = models.TextField(_("reason"), blank=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    version = models.PositiveIntegerField()

    class Meta:
        ordering = ["paper", "at"]

    def __str__(self) -> str:
        return f"{self.get_step_display()} {self.get_answer_display()}"


class Revision(models.Model):
    """The whole wording of one version, kept so that nothing anybody wrote is ever lost."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(WorkingPaper, models.CASCADE, related_name="revisions")
    version = models.PositiveIntegerField()
    # As papers.wording.Wording.to_json gives it.
    content = models.JSONField()
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["paper", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "version"], name="revision_once_of_a_paper"),
        ]

    def __str__(self) -> str:
        return str(self.version)


class Editor(models.Model):
    """Somebody who has the paper open for writing, so that the next one is told."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    paper = models.ForeignKey(WorkingPaper, models.CASCADE, related_name="editors")
    user = models.ForeignKey(User, models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["paper", "user"], name="editor_once_on_a_paper"),
        ]

    def __str__(self) -> str:
        return str(self.user)
