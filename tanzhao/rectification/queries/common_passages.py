"""Reads of common passages: who shares them, as far as the reader may know of the holders."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Min, Q, QuerySet

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.rectification.models import CommonHolder, CommonPassage, RectificationItem, Writing

ORDER = ("-shown_holders", "found_at", "pk")


@dataclass(frozen=True)
class Shared:
    """A common passage with the holder that had it first among those open to the reader.

    `at` is where it stands in the writing that is looked at, if one is.
    """

    common: CommonPassage
    first: CommonHolder | None
    count: int
    holder: CommonHolder | None = None


def common_of(user: User, round_id: UUID | None = None) -> QuerySet[CommonPassage]:
    """Give the common passages `user` may know of, of one round if wanted, each with
    `shown_holders`, how many of its holders they may know of."""
    readable = Writing.objects.visible_to(user).filter(item__isnull=False).order_by()
    found = CommonPassage.objects.visible_to(user).annotate(
        shown_holders=Count("holders", filter=Q(holders__writing__in=readable)),
    )
    if round_id is not None:
        there = CommonHolder.objects.filter(
            writing__item__finding__engagement__round=round_id, writing__in=readable
        )
        found = found.filter(pk__in=there.order_by().values("common"))
    return found


def shared(commons: list[CommonPassage], user: User) -> list[Shared]:
    """Give each of `commons` (from `common_of`) with the first of its holders."""
    firsts = _firsts([one.pk for one in commons], user)
    return [Shared(one, firsts.get(one.pk), getattr(one, "shown_holders", 0)) for one in commons]


def holders_of(common: CommonPassage, user: User) -> QuerySet[CommonHolder]:
    """Give the holders of a common passage that `user` may know of, who had it first first."""
    readable = Writing.objects.visible_to(user).filter(item__isnull=False)
    found = common.holders.filter(writing__in=readable.order_by())
    return _with_writing(found).order_by("writing__handed_in_at", "writing_id")


def common_at(item: RectificationItem, user: User) -> list[Shared]:
    """Give the common passages in what was handed in with an item, most widely held first."""
    if not user.holds(Action.LIKENESS_SEE):
        return []
    holders = list(
        CommonHolder.objects.filter(
            writing__item=item, writing__in=Writing.objects.visible_to(user).order_by()
        ).select_related("writing")
    )
    if not holders:
        return []
    by_common = {one.common_id: one for one in holders}
    commons = list(common_of(user).filter(pk__in=by_common).order_by(*ORDER))
    firsts = _firsts([one.pk for one in commons], user)
    return [
        Shared(one, firsts.get(one.pk), getattr(one, "shown_holders", 0), by_common[one.pk])
        for one in commons
    ]


def _firsts(commons: list[UUID], user: User) -> dict[UUID, CommonHolder]:
    readable = Writing.objects.visible_to(user).filter(item__isnull=False).order_by()
    found = CommonHolder.objects.filter(common__in=commons, writing__in=readable)
    earliest = dict(found.order_by().values_list("common").annotate(Min("writing__handed_in_at")))
    wanted = Q(pk__in=[])
    for key, moment in earliest.items():
        wanted |= Q(common=key, writing__handed_in_at=moment)
    rows = _with_writing(found.filter(wanted)).order_by("-writing_id")
    return {row.common_id: row for row in rows}


def _with_writing(found: QuerySet[CommonHolder]) -> QuerySet[CommonHolder]:
    return found.select_related("writing__item__unit", "writing__item__finding", "writing__step")
