"""States of a background run."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class RunState(TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")


class RunKind(TextChoices):
    UNITS_READ = "units.read", _("reading a workbook of units")
    UNITS_IMPORT = "units.import", _("importing units")
    INSPECTORS_READ = "inspectors.read", _("reading a workbook of inspectors")
    INSPECTORS_IMPORT = "inspectors.import", _("importing inspectors")
    LEDGER_READ = "ledger.read", _("reading a rectification ledger")
    LEDGER_IMPORT = "ledger.import", _("importing a rectification ledger")
    REPORT_MAKE = "report.make", _("making a report")
    VOLUME_MAKE = "volume.make", _("making an archive volume")


NEXT_STATES: dict[RunState, frozenset[RunState]] = {
    RunState.WAITING: frozenset({RunState.RUNNING, RunState.FAILED}),
    # A run whose worker was killed is begun again.
    RunState.RUNNING: frozenset({RunState.RUNNING, RunState.DONE, RunState.FAILED}),
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset(),
}
