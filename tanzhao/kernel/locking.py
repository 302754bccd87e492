"""Taking hold of one row before it is changed."""

from typing import Any

from django.db.models import Model, QuerySet


def locked[M: Model](rows: QuerySet[M], key: Any) -> M:
    """Lock the row with this key and give it as it stands now, if it is among `rows`.

    The row is locked first and read afterwards. Locking and joining in one statement loses it on
    PostgreSQL when the writer before us changed a joined key (say, who changed it last): the new
    row is then held against the old row of the other table, and seems not to be there.

    Args:
        rows: those the actor may know of, with whatever they are to be read with.
    Raises: DoesNotExist if it is not among `rows`, locked or not.
    """
    list(rows.model._base_manager.select_for_update().filter(pk=key).values_list("pk"))
    return rows.get(pk=key)
