"""Notices: what the program has to tell one person."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.notices.rules import visible_notices
from tanzhao.notices.states import NoticeKind


class NoticeQuerySet(models.QuerySet["Notice"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_notices(user))


class Notice(models.Model):
    """One thing told to one person.

    The sentence is not stored: it is made from `kind` and `values`, in the language of whoever
    reads it. `key` names the event, so that the same event is told to the same person once.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    to = models.ForeignKey(User, models.PROTECT, related_name="notices")
    kind = models.CharField(max_length=40, choices=NoticeKind)
    values = models.JSONField(default=dict)
    address = models.CharField(max_length=300, blank=True)
    key = models.CharField(max_length=200)
    at = models.DateTimeField()
    read_at = models.DateTimeField(null=True)
    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["to", "key"], name="notice_told_once"),
            # It is opened by a click, so it never leads out of the program.
            models.CheckConstraint(
                condition=Q(address="")
                | (Q(address__startswith="/") & ~Q(address__startswith="//")),
                name="notice_leads_to_a_page_of_ours",
            ),
        ]
        indexes = [models.Index(fields=["to", "read_at"], name="notice_unread_by_person")]
