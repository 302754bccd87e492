"""Likeness 雷同: two writings that share passages, each a question that a person answers."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.rectification.models.writings import Writing
from tanzhao.rectification.rules.likeness import (
    visible_common,
    visible_inquiries,
    visible_likenesses,
)
from tanzhao.rectification.states import LikenessOutcome, Relation


class LikenessQuerySet(models.QuerySet["Likeness"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_likenesses(user))


class Likeness(models.Model):
    """That two writings share passages. It is asked at `later`, the one that was handed in later.

    `passages`, in the order of `later`: its start and end, those of `earlier`, and equal letters
    in a thousand. Shares are of letters, 0 to 1; `letters` of `later` lie in passages. What a
    person answered last stands here; all answers are kept.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    later = models.ForeignKey(Writing, models.CASCADE, related_name="likenesses")
    earlier = models.ForeignKey(Writing, models.CASCADE, related_name="likenesses_after")
    relation = models.CharField(max_length=20, choices=Relation)
    passages = models.JSONField(default=list)
    passage_count = models.PositiveIntegerField()
    letters = models.PositiveIntegerField()
    later_share = models.FloatField()
    earlier_share = models.FloatField()
    found_at = models.DateTimeField()
    answer = models.CharField(max_length=20, choices=LikenessOutcome, blank=True)
    answered_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    answered_at = models.DateTimeField(null=True)
    objects = LikenessQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["later", "earlier"], name="likeness_asked_once"),
            models.CheckConstraint(
                condition=~Q(later=F("earlier")), name="likeness_of_two_writings"
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_by__isnull=True, answered_at__isnull=True)
                | (~Q(answer="") & Q(answered_by__isnull=False, answered_at__isnull=False)),
                name="likeness_is_answered_by_somebody",
            ),
        ]
        indexes = [
            models.Index(fields=["answer", "-found_at"], name="likeness_by_answer"),
            models.Index(fields=["-letters", "id"], name="likeness_by_letters"),
        ]

    def __str__(self) -> str:
        return str(self.pk)[:8]


class LikenessAnswer(models.Model):
    """What a named person found when they read both. Never changed; the latest counts."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    likeness = models.ForeignKey(Likeness, models.CASCADE, related_name="answers")
    outcome = models.CharField(_("answer"), max_length=20, choices=LikenessOutcome)
    reason = models.CharField(_("reason"), max_length=1000)
    by = models.ForeignKey(User, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-at", "pk"]

    def __str__(self) -> str:
        return self.get_outcome_display()


class InquiryQuerySet(models.QuerySet["Inquiry"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_inquiries(user))


class Inquiry(models.Model):
    """What somebody who may not see the other document asks those who may, and their reply."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    likeness = models.ForeignKey(Likeness, models.CASCADE, related_name="inquiries")
    question = models.CharField(_("question"), max_length=1000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    reply = models.CharField(_("reply"), max_length=1000, blank=True)
    replied_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    replied_at = models.DateTimeField(null=True)
    objects = InquiryQuerySet.as_manager()

    class Meta:
        ordering = ["-asked_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["likeness", "asked_by"],
                condition=Q(replied_at__isnull=True),
                name="inquiry_one_open",
            ),
            models.CheckConstraint(
                condition=Q(replied_at__isnull=True, replied_by__isnull=True, reply="")
                | (Q(replied_at__isnull=False, replied_by__isnull=False) & ~Q(reply="")),
                name="inquiry_is_replied_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.question[:60]


class CommonPassageQuerySet(models.QuerySet["CommonPassage"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_common(user))


class CommonPassage(models.Model):
    """Wording 公共段落 that more writings share than are compared two by two.

    Who had it first is the first of its holders; `key` is made of its letters. `template` names
    where it comes from.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    key = models.CharField(max_length=64, unique=True)
    text = models.TextField()
    template = models.CharField(max_length=200, blank=True)
    found_at = models.DateTimeField()
    objects = CommonPassageQuerySet.as_manager()

    class Meta:
        ordering = ["found_at", "pk"]

    def __str__(self) -> str:
        return self.text[:40]


class CommonHolder(models.Model):
    """A writing that has a common passage, and where: from `start` up to `end`."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    common = models.ForeignKey(CommonPassage, models.CASCADE, related_name="holders")
    writing = models.ForeignKey(Writing, models.CASCADE, related_name="common_passages")
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        ordering = ["common", "writing__handed_in_at", "writing"]
        constraints = [
            models.UniqueConstraint(fields=["common", "writing"], name="common_held_once"),
        ]
