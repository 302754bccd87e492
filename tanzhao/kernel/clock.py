"""Today, in the office's time zone. Rules ask here; actions are given their time."""

import datetime as dt

from django.utils import timezone


def today() -> dt.date:
    """Give the local date."""
    return timezone.localdate()
