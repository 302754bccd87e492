"""Work that the archive does in the background."""

from uuid import UUID

from django.tasks import task


@task()
def make_volume(run_id: str, left_open_reason: str) -> None:
    """Make and seal the volume that a run asks for. Running it twice makes one volume.

    `run_id` is text because task arguments travel as JSON.
    """
    from tanzhao.archive import actions

    actions.make_volume(run_id=UUID(run_id), left_open_reason=left_open_reason)
