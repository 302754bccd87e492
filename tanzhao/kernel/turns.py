"""Taking turns: long writers of the same register queue instead of meeting half-way."""

from django.db import connection


def take_turns(name: str) -> None:
    """Wait until no other transaction holds `name`, and hold it to the end of this one.

    Without it, two imports of one workbook would both find a row missing and both add it.
    On SQLite every writer queues at BEGIN already.
    """
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(hashtext(%s))", [name])
