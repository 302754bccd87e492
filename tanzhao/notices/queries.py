"""Reads of one's own notices."""

from django.db.models import Case, IntegerField, QuerySet, Value, When

from tanzhao.access.models import User
from tanzhao.notices.models import Notice

ORDER = ("was_read", "-at", "pk")


def notices_of(user: User) -> QuerySet[Notice]:
    """Give the notices of `user` with `was_read`, 0 or 1, so that a page can show the unread
    ones first; see ORDER."""
    is_unread = When(read_at__isnull=True, then=Value(0))
    return Notice.objects.visible_to(user).annotate(
        was_read=Case(is_unread, default=Value(1), output_field=IntegerField())
    )


def unread_notices(user: User) -> QuerySet[Notice]:
    """Give the unread notices of `user`, the latest first."""
    return Notice.objects.visible_to(user).filter(read_at__isnull=True)
