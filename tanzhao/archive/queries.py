"""Reads about volumes: what is ready to be sealed, and what a sealed one holds."""

import json
import zipfile
from typing import Any
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from tanzhao.access.models import User
from tanzhao.archive.form import CATALOGUE
from tanzhao.archive.models import Volume
from tanzhao.archive.rules import Readiness
from tanzhao.documents.models import Run
from tanzhao.documents.states import RunKind
from tanzhao.findings.states import ReportState
from tanzhao.inspections.models import Engagement
from tanzhao.rectification.models import RectificationItem
from tanzhao.rectification.states import HANDED_UP, RUNNING


def readiness(engagement: Engagement) -> Readiness:
    """Say how far an engagement has come, as sealing asks."""
    report = getattr(engagement, "report", None)
    items = RectificationItem.objects.filter(finding__engagement=engagement)
    counts = items.order_by().aggregate(
        running=Count("pk", filter=Q(state__in=RUNNING)),
        handed_up=Count("pk", filter=Q(state__in=HANDED_UP)),
    )
    return Readiness(
        sealed=Volume.objects.filter(engagement=engagement).exists(),
        report_approved=report is not None and report.state == ReportState.APPROVED,
        report_on_file=report is not None and report.file_id is not None,
        fed_back=getattr(engagement, "feedback", None) is not None,
        **counts,
    )


def waiting_for_volume(user: User) -> QuerySet[Engagement]:
    """Give the engagements that have had their feedback and are not sealed, the oldest first.

    Each carries `items` and `closed`: how many rectification items it has, and how many of
    them are closed.
    """
    engagements = Engagement.objects.visible_to(user).filter(
        feedback__isnull=False, volume__isnull=True
    )
    engagements = engagements.select_related("unit", "round__term", "feedback", "team")
    return engagements.annotate(
        items=Count("findings__item"),
        closed=Count("findings__item", filter=~Q(findings__item__state__in=RUNNING)),
    ).order_by("feedback__issued_date", "pk")


def unsealed_in(round_id: UUID) -> int:
    """Count the engagements of a round that have no sealed volume."""
    return Engagement.objects.filter(round=round_id, volume__isnull=True).count()


def sealing_run(engagement: Engagement, user: User) -> Run | None:
    """Give the last run by which `user` asked for the volume of an engagement, if any."""
    runs = Run.objects.visible_to(user).filter(kind=RunKind.VOLUME_MAKE, subject_id=engagement.pk)
    return runs.order_by(F("started_at").desc()).first()


def catalogue_of(volume: Volume) -> dict[str, Any] | None:
    """Read the catalogue out of a sealed volume; None if its file is gone or damaged."""
    try:
        with volume.file.content.open("rb") as file, zipfile.ZipFile(file) as package:
            catalogue: dict[str, Any] = json.loads(package.read(CATALOGUE))
            return catalogue
    except (OSError, KeyError, ValueError, zipfile.BadZipFile):
        return None
