"""What is compared: texts and files that units handed in, and wording that the office keeps."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import StoredFile
from tanzhao.rectification.models.items import RectificationItem, Step, StepFile
from tanzhao.rectification.rules.likeness import visible_wordings, visible_writings
from tanzhao.rectification.states import WordingKind, WritingKind, WritingState


class KeptWordingQuerySet(models.QuerySet["KeptWording"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_wordings(user))


class KeptWording(models.Model):
    """Wording that the office keeps beside the pack's: a template, or text that anybody may use.

    Its text was typed, or stands in a file. Retired wording stays, and is used no more.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=WordingKind)
    title = models.CharField(_("title"), max_length=120)
    text = models.TextField(_("text"), blank=True)
    file = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    # Of the file's bytes, or of the typed text: under it lies its text in documents.
    sha256 = models.CharField(max_length=64)
    added_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    retired_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    retired_at = models.DateTimeField(null=True)
    objects = KeptWordingQuerySet.as_manager()

    class Meta:
        ordering = ["-added_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=(Q(text="") & Q(file__isnull=False))
                | (~Q(text="") & Q(file__isnull=True)),
                name="wording_is_typed_or_a_file",
            ),
            models.CheckConstraint(
                condition=Q(retired_at__isnull=True, retired_by__isnull=True)
                | Q(retired_at__isnull=False, retired_by__isnull=False),
                name="wording_is_retired_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.title


class WritingQuerySet(models.QuerySet["Writing"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_writings(user))


class Writing(models.Model):
    """One text that is compared with others: the words of a step, a file of one, or a template.

    Its text lies in documents under `sha256`. `compared_with` is the fingerprint of settings,
    allowed wording and templates it was compared under.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=20, choices=WritingKind)
    item = models.ForeignKey(RectificationItem, models.CASCADE, null=True, related_name="writings")
    step = models.ForeignKey(Step, models.CASCADE, null=True, related_name="writings")
    piece = models.OneToOneField(StepFile, models.CASCADE, null=True, related_name="writing")
    kept = models.OneToOneField(KeptWording, models.CASCADE, null=True, related_name="writing")
    # The name of a file or a template; the words of a step have none.
    title = models.CharField(max_length=200, blank=True)
    sha256 = models.CharField(max_length=64, db_index=True)
    handed_in_at = models.DateTimeField()
    state = models.CharField(max_length=20, choices=WritingState, default=WritingState.WAITING)
    compared_at = models.DateTimeField(null=True)
    compared_with = models.CharField(max_length=64, blank=True)
    objects = WritingQuerySet.as_manager()

    class Meta:
        ordering = ["handed_in_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind=WritingKind.TEMPLATE, item__isnull=True, step__isnull=True)
                | (~Q(kind=WritingKind.TEMPLATE) & Q(item__isnull=False, step__isnull=False)),
                name="writing_is_of_an_item_or_a_template",
            ),
            models.CheckConstraint(
                condition=Q(kind=WritingKind.FILE, piece__isnull=False)
                | (~Q(kind=WritingKind.FILE) & Q(piece__isnull=True)),
                name="writing_of_a_file_has_its_file",
            ),
            models.UniqueConstraint(
                fields=["step"], condition=Q(piece__isnull=True), name="writing_once_for_a_step"
            ),
            # A template of the pack, known by its name and text.
            models.UniqueConstraint(
                fields=["title", "sha256"],
                condition=Q(kind=WritingKind.TEMPLATE, kept__isnull=True),
                name="writing_once_for_a_template",
            ),
        ]
        indexes = [models.Index(fields=["state", "handed_in_at"], name="writing_by_state")]

    def __str__(self) -> str:
        return self.title or str(self.get_kind_display())
