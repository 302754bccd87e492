"""Finding frames 分类框架 and controlled vocabularies, installed from packs only."""

import uuid

from django.db import models
from django.utils.translation import get_language


def in_reader_language(zh: str, en: str) -> str:
    """Choose the text in the language of the page."""
    return en if (get_language() or "").startswith("en") else zh


class Frame(models.Model):
    """A versioned way of sorting findings, or a vocabulary."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.SlugField(max_length=60, unique=True)
    kind = models.CharField(max_length=20)
    version = models.CharField(max_length=20)
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=120)
    source = models.CharField(max_length=300)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return in_reader_language(self.label_zh, self.label_en)


class Code(models.Model):
    """One class of a frame. A code is for ever: one no longer listed is retired, never removed."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    frame = models.ForeignKey(Frame, models.PROTECT, related_name="codes")
    code = models.CharField(max_length=60)
    parent = models.ForeignKey("self", models.PROTECT, null=True, related_name="children")
    label_zh = models.CharField(max_length=120)
    label_en = models.CharField(max_length=200)
    position = models.PositiveIntegerField()
    synonyms = models.JSONField(default=list)
    about_zh = models.CharField(max_length=500, blank=True)
    about_en = models.CharField(max_length=500, blank=True)
    retired = models.BooleanField(default=False)

    class Meta:
        ordering = ["frame", "position"]
        constraints = [
            models.UniqueConstraint(fields=["frame", "code"], name="code_once_in_a_frame"),
        ]

    def __str__(self) -> str:
        return in_reader_language(self.label_zh, self.label_en)

    @property
    def about(self) -> str:
        """What the class covers, in the language of the page; may be empty."""
        return in_reader_language(self.about_zh, self.about_en)
