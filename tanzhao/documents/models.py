"""Stored files, and the background runs that read or make them."""

import uuid
from typing import Self

from django.db import models

from tanzhao.access.models import User
from tanzhao.documents.rules import visible_runs
from tanzhao.documents.states import ENDED, RunKind, RunState, TextState


class StoredFile(models.Model):
    """A file as it arrived or was made, never changed. Who may see it is said by what holds it.

    `content` is empty once its bytes were erased on their last day; name and hash stay.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveBigIntegerField()
    sha256 = models.CharField(max_length=64, db_index=True)
    content = models.FileField(upload_to="%Y/%m", max_length=200)
    stored_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    stored_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name


class FileText(models.Model):
    """The text of a file, or why there is none. Read once for all files with the same bytes.

    Who may read it is said by what holds the file. `parts` says where paragraphs begin: start,
    page, paragraph. `reason` is a code with `reason_values`, worded in the language of whoever
    reads it. `left_out`: kinds and numbers of what the file holds but nobody sees who opens it;
    it is not in the text. `prints` are what the text is compared by, packed; they hold as long as
    `prints_made_with` names the settings in use. A text typed in a form is kept here too, under
    the hash of its bytes in UTF-8.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    sha256 = models.CharField(max_length=64, unique=True)
    state = models.CharField(max_length=20, choices=TextState)
    text = models.TextField(blank=True)
    parts = models.JSONField(default=list)
    kind = models.CharField(max_length=20, blank=True)
    how = models.CharField(max_length=10, blank=True)
    left_out = models.JSONField(default=dict)
    reason = models.CharField(max_length=60, blank=True)
    reason_values = models.JSONField(default=dict)
    prints = models.BinaryField(null=True)
    prints_made_with = models.CharField(max_length=64, blank=True)
    read_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state=TextState.READ, reason="")
                | (models.Q(state=TextState.REFUSED, text="") & ~models.Q(reason="")),
                name="text_is_read_or_says_why_not",
            ),
        ]

    def __str__(self) -> str:
        return self.sha256[:12]


class RunQuerySet(models.QuerySet["Run"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_runs(user))


class Run(models.Model):
    """A piece of background work that a person waits for, may leave and may come back to.

    `progress` is what the work last said of itself, plain JSON. `stop_asked_at`: a person asked
    it to end with the best it has. `problem` is why it failed, or who cancelled it.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField(max_length=40, choices=RunKind)
    state = models.CharField(max_length=20, choices=RunState, default=RunState.WAITING)
    subject_id = models.UUIDField(null=True)
    subject_name = models.CharField(max_length=200, blank=True)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    started_at = models.DateTimeField()
    finished_at = models.DateTimeField(null=True)
    source = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    made = models.ForeignKey(StoredFile, models.PROTECT, null=True, related_name="+")
    result = models.JSONField(default=dict)
    problem = models.CharField(max_length=500, blank=True)
    progress = models.JSONField(default=dict)
    stop_asked_at = models.DateTimeField(null=True)
    objects = RunQuerySet.as_manager()

    class Meta:
        ordering = ["-started_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(state__in=sorted(ENDED), finished_at__isnull=False)
                | models.Q(
                    state__in=[RunState.WAITING, RunState.RUNNING], finished_at__isnull=True
                ),
                name="run_has_an_end_when_it_ended",
            ),
        ]

    def __str__(self) -> str:
        return self.get_kind_display()
