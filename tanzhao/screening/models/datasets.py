"""Data sets 数据集: what a department handed over, by whom, under which letter, until when."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import Run, StoredFile
from tanzhao.inspections.models import Round
from tanzhao.screening.rules.visibility import visible_data_sets
from tanzhao.screening.states import DataSetState


class DataSetQuerySet(models.QuerySet["DataSet"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_data_sets(user))


class DataSet(models.Model):
    """The files that came under one letter, and how they were read.

    `sources`: what was taken, each with file, sheet, table, rows, doubtful. `refused`: files that
    were not, each with file and problem. `fault_counts`: number of faults by their code. All three
    are kept when the rows are deleted; the files' bytes, the loaded rows and the words of the
    faults are not.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    number = models.PositiveIntegerField(_("No."), unique=True)
    title = models.CharField(_("what it is"), max_length=120)
    given_by = models.CharField(_("given by"), max_length=120)
    received_on = models.DateField(_("received on"))
    letter = models.CharField(_("under which letter"), max_length=120)
    purpose = models.CharField(_("purpose"), max_length=300)
    round = models.ForeignKey(Round, models.PROTECT, null=True, related_name="data_sets")
    expires = models.DateField(_("rows are deleted after"))
    state = models.CharField(max_length=20, choices=DataSetState, default=DataSetState.RECEIVED)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    sources = models.JSONField(default=list)
    refused = models.JSONField(default=list)
    fault_counts = models.JSONField(default=dict)
    rows_taken = models.PositiveIntegerField(default=0)
    rows_doubtful = models.PositiveIntegerField(default=0)
    registered_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    registered_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)
    expired_at = models.DateTimeField(null=True)
    objects = DataSetQuerySet.as_manager()

    class Meta:
        ordering = ["-number"]
        constraints = [
            models.CheckConstraint(
                condition=Q(expires__gte=F("received_on")), name="data_set_expires_after_it_came"
            ),
            models.CheckConstraint(
                condition=~Q(state=DataSetState.LOADED) | Q(loaded_at__isnull=False),
                name="data_set_loaded_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(state=DataSetState.EXPIRED, expired_at__isnull=False)
                | (~Q(state=DataSetState.EXPIRED) & Q(expired_at__isnull=True)),
                name="data_set_expired_has_its_moment",
            ),
            models.CheckConstraint(
                condition=Q(rows_doubtful__lte=F("rows_taken")), name="data_set_doubts_are_rows"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def tables(self) -> list[str]:
        """The canonical tables that were found in its files, each once."""
        return sorted({source["table"] for source in self.sources})


class DataSetFile(models.Model):
    """One file as it was handed over. Its hash outlives its bytes."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data_set = models.ForeignKey(DataSet, models.CASCADE, related_name="files")
    file = models.ForeignKey(StoredFile, models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)

    class Meta:
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["data_set", "name"], name="data_set_file_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Fault(models.Model):
    """A cell that was read with a doubt. `text` is masked where the column holds numbers of people
    or accounts, and goes when the rows go."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    data_set = models.ForeignKey(DataSet, models.CASCADE, related_name="faults")
    position = models.PositiveIntegerField()
    file = models.CharField(max_length=200)
    sheet = models.CharField(max_length=120, blank=True)
    row_number = models.PositiveIntegerField()
    heading = models.CharField(max_length=120, blank=True)
    fault = models.CharField(max_length=60)
    text = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["data_set", "position"], name="fault_place_once"),
        ]
        indexes = [models.Index(fields=["data_set", "fault", "position"], name="fault_by_kind")]
