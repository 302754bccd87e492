"""Reads about accounts that take thought."""

import datetime as dt

from django.db.models import Q, QuerySet
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.access.table import Role
from tanzhao.audit.models import Entry
from tanzhao.audit.verbs import Verb


def failed_sign_ins(username: str, *, since: dt.datetime) -> int:
    """Count the wrong passwords for an account since a moment and since its last sign-in."""
    about = Entry.objects.filter(target_id__in=User.objects.filter(username=username).values("pk"))
    about = about.filter(at__gte=since)
    last = about.filter(verb=Verb.SIGNED_IN).order_by("-position").first()
    failed = about.filter(verb=Verb.SIGN_IN_FAILED)
    return failed.filter(position__gt=last.position).count() if last else failed.count()


def demo_accounts() -> list[tuple[str, list[User]]]:
    """Give the accounts of the sample county by role, in the order of the table."""
    users = list(User.objects.filter(is_active=True).order_by("username"))
    groups = [(str(role.label), [u for u in users if u.role == role]) for role in Role]
    return [(label, people) for label, people in groups if people]


def entries_matching(*, q: str, since: dt.date | None, until: dt.date | None) -> QuerySet[Entry]:
    """Give the trail's entries about a person or thing named `q`, within days inclusive."""
    entries = Entry.objects.all()
    if q:
        entries = entries.filter(Q(actor_name__icontains=q) | Q(target_name__icontains=q))
    if since:
        entries = entries.filter(at__gte=_midnight(since))
    if until:
        entries = entries.filter(at__lt=_midnight(until + dt.timedelta(days=1)))
    return entries


def _midnight(day: dt.date) -> dt.datetime:
    return timezone.make_aware(dt.datetime(day.year, day.month, day.day))  # noqa: DTZ001  made aware here
