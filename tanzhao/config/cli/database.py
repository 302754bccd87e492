"""A database that fits the program, before a command uses it."""

import fcntl
import io

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor


def bring_up_to_date() -> None:
    """Create the tables that are missing. Commands started at once on one host take turns."""
    if not _is_behind():
        return
    with (settings.HOME / "migrate.lock").open("wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if _is_behind():
            # Its words would spoil the one JSON document on standard output.
            call_command("migrate", verbosity=0, interactive=False, stdout=io.StringIO())


def _is_behind() -> bool:
    executor = MigrationExecutor(connection)
    return bool(executor.migration_plan(executor.loader.graph.leaf_nodes()))
