"""The trail's rows. Nothing in the program changes or removes one."""

import uuid

from django.db import models

from tanzhao.access.models import User
from tanzhao.audit.verbs import Verb


class Entry(models.Model):
    """One thing done or looked at. Each carries the hash of the one before it."""

    position = models.PositiveBigIntegerField(primary_key=True)
    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60, choices=Verb)
    actor = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    actor_name = models.CharField(max_length=60)
    target_type = models.CharField(max_length=60)
    target_id = models.UUIDField(default=uuid.uuid4)
    target_name = models.CharField(max_length=200)
    scope_id = models.UUIDField(null=True, db_index=True)
    details = models.JSONField(default=dict)
    previous_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]
        indexes = [models.Index(fields=["target_id", "position"], name="entry_by_target")]


class Head(models.Model):
    """Where the trail ends: one row, locked by whoever adds an entry.

    `seal` is made with a key kept outside the database, so that rewriting the whole
    chain inside the database, or cutting off its end, cannot be hidden.
    """

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)
    hash = models.CharField(max_length=64, default="0" * 64)
    seal = models.CharField(max_length=64, default="")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="head_is_one_row"),
        ]
