"""Work that findings do in the background."""

from uuid import UUID

from django.tasks import task


@task()
def make_report_files(run_id: str) -> None:
    """Make and freeze the files of an approved report. Running it twice makes one set.

    `run_id` is text because task arguments travel as JSON.
    """
    from tanzhao.findings import actions

    actions.make_report_files(run_id=UUID(run_id))
