"""Archive volumes 立卷归档: one sealed zip for each engagement."""

import uuid
from typing import Self

from django.db import models

from tanzhao.access.models import User
from tanzhao.archive.rules import visible_volumes
from tanzhao.documents.models import StoredFile
from tanzhao.inspections.models import Engagement


class VolumeQuerySet(models.QuerySet["Volume"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_volumes(user))


class Volume(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    engagement = models.OneToOneField(Engagement, models.PROTECT, related_name="volume")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    pieces = models.PositiveIntegerField()
    trail_position = models.PositiveBigIntegerField()
    trail_hash = models.CharField(max_length=64)
    left_open_reason = models.TextField(blank=True)
    sealed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    sealed_at = models.DateTimeField()
    objects = VolumeQuerySet.as_manager()

    class Meta:
        ordering = ["-sealed_at"]

    def __str__(self) -> str:
        return str(self.engagement)
