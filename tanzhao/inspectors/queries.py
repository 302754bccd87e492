"""Reads of the talent pool."""

import datetime as dt
from typing import Any

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from tanzhao.inspectors.models import Inspector, PastRound

type Inspectors = QuerySet[Inspector]
UNKNOWN_BORN = dt.date(1, 1, 1)


def matching(inspectors: Inspectors, asked: dict[str, Any]) -> Inspectors:
    """Narrow the pool to what a reader asked for; see PoolForm.asked.

    Adds to each person `rounds_served`, and `born_or_unknown`, which is never null.
    """
    wanted = Q(retired=asked.get("state") == "retired")
    for name in ("grade", "workplace"):
        if asked.get(name):
            wanted &= Q(**{name: asked[name]})
    if asked.get("full_time"):
        wanted &= Q(full_time=asked["full_time"] == "yes")
    if skill := asked.get("skill"):
        wanted &= Q(pk__in=with_skill(inspectors, skill))
    if word := asked.get("q"):
        wanted &= Q(name__icontains=word) | Q(workplace__icontains=word) | Q(title__icontains=word)
    served = PastRound.objects.filter(inspector=OuterRef("pk")).order_by().values("inspector")
    counted = served.annotate(n=Count("pk")).values("n")
    return inspectors.annotate(
        rounds_served=Coalesce(Subquery(counted, output_field=IntegerField()), 0),
        born_or_unknown=Coalesce("born", Value(UNKNOWN_BORN)),
    ).filter(wanted)


def with_skill(inspectors: Inspectors, skill: str) -> list[Any]:
    """Give the keys of the persons who have a skill.

    Looked for here and not in the database: SQLite cannot look into a list.
    """
    found = inspectors.order_by().values_list("pk", "skills")
    return [key for key, skills in found if skill in skills]


def skills_of(inspectors: Inspectors) -> list[str]:
    """Give every skill that somebody has, in order."""
    lists = inspectors.order_by().values_list("skills", flat=True)
    return sorted({skill for skills in lists for skill in skills})
