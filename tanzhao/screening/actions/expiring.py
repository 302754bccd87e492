"""Deleting rows after their last day. Hits and what people answered stay, and the trail says so."""

import datetime as dt
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone

from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.actions import erase_content
from tanzhao.kernel.locking import locked
from tanzhao.screening import room
from tanzhao.screening.masking import masked
from tanzhao.screening.models import Comparison, DataSet, EvidenceRow, Hit, Sighting
from tanzhao.screening.queries.datasets import is_used
from tanzhao.screening.queries.secrets import secret_names
from tanzhao.screening.rules.comparisons import may_end
from tanzhao.screening.rules.datasets import may_expire
from tanzhao.screening.states import TRUE, ComparisonState, DataSetState, HitState

AT_ONCE = 500


def delete_expired_rows(*, at: datetime) -> int:
    """Delete the rows whose last day is over, each data set and comparison by itself.

    Safe to call as often as one likes, by several workers at once.

    Returns: how many data sets and comparisons lost their rows.
    """
    on = timezone.localdate(at)
    ended = 0
    # Comparisons first: they show rows of data sets, and never later than these.
    comparisons = Comparison.objects.filter(state=ComparisonState.DONE, expires__lt=on)
    for key in list(comparisons.values_list("pk", flat=True)):
        ended += _end_comparison(key, on=on, at=at)
    data_sets = DataSet.objects.exclude(state=DataSetState.EXPIRED).filter(expires__lt=on)
    for key in list(data_sets.values_list("pk", flat=True)):
        ended += _end_data_set(key, on=on, at=at)
    return ended


@transaction.atomic
def _end_data_set(key: Any, *, on: dt.date, at: datetime) -> bool:
    data_set = locked(DataSet.objects.select_related("run"), key)
    if not may_expire(data_set, on=on, is_used=is_used(data_set)):
        return False
    files = [one.file for one in data_set.files.select_related("file")]
    for file in files:
        erase_content(stored=file)
    faults, _by_kind = data_set.faults.all().delete()
    stores = room.forget(data_set.number)
    data_set.state, data_set.expired_at = DataSetState.EXPIRED, at
    data_set.save(update_fields=["state", "expired_at"])
    record(
        verb=Verb.DATA_SET_EXPIRED,
        actor=None,
        target=data_set,
        at=at,
        rows=data_set.rows_taken,
        faults=faults,
        stores=stores,
        files=[{"name": file.name, "sha256": file.sha256} for file in files],
    )
    return True


@transaction.atomic
def _end_comparison(key: Any, *, on: dt.date, at: datetime) -> bool:
    comparison = locked(Comparison.objects.all(), key)
    if not may_end(comparison, on=on):
        return False
    # What two people found true is the record of a finding by now, and is kept as such.
    kept = Hit.objects.filter(state=HitState.DECIDED, outcome__in=sorted(TRUE)).values("pk")
    rows = EvidenceRow.objects.filter(sighting__comparison=comparison)
    emptied = rows.exclude(sighting__hit__in=kept).update(cells=[], headings=[])
    # A hit that a later comparison shows too keeps its numbers until that one ends.
    later = Sighting.objects.filter(hit=OuterRef("pk"), comparison__state=ComparisonState.DONE)
    hits = Hit.objects.filter(
        ~Exists(later.exclude(comparison=comparison)), sightings__comparison=comparison
    ).exclude(Q(pk__in=kept))
    masked_hits = _mask(hits, at)
    comparison.state, comparison.expired_at = ComparisonState.EXPIRED, at
    comparison.save(update_fields=["state", "expired_at"])
    record(
        verb=Verb.COMPARISON_EXPIRED,
        actor=None,
        target=comparison,
        at=at,
        rows=emptied,
        hits_masked=masked_hits,
    )
    return True


def _mask(hits: Any, at: datetime) -> int:
    """Replace the numbers of these hits by masked ones, for good."""
    changed: list[Hit] = []
    for hit in hits.iterator(chunk_size=AT_ONCE):
        names = secret_names(hit)
        hit.why_zh, hit.why_en = (_without(text, hit, names) for text in (hit.why_zh, hit.why_en))
        hit.key = _masked(hit.key, names)
        hit.facts = _masked(hit.facts, names)
        hit.rows_deleted_at = at
        changed.append(hit)
    fields = ["key", "facts", "why_zh", "why_en", "rows_deleted_at"]
    Hit.objects.bulk_update(changed, fields, batch_size=100)
    return len(changed)


def _masked(values: Mapping[str, Any], names: set[str]) -> dict[str, Any]:
    return {
        name: masked(str(value)) if name in names and value else value
        for name, value in values.items()
    }


def _without(text: str, hit: Hit, names: set[str]) -> str:
    for name, value in {**hit.key, **hit.facts}.items():
        if name in names and value:
            text = text.replace(str(value), masked(str(value)))
    return text
