"""Kinds of stored files, and the states of a background run."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FileKind(TextChoices):
    """What a file is by its content. TEXT and CSV have the same content: the name tells them."""

    PDF = "pdf", _("PDF")
    PNG = "png", _("PNG image")
    JPEG = "jpeg", _("JPEG image")
    GIF = "gif", _("GIF image")
    WEBP = "webp", _("WebP image")
    TIFF = "tiff", _("TIFF image")
    DOCX = "docx", _("Word document (.docx)")
    DOC = "doc", _("old Word or WPS document (.doc, .wps)")
    XLSX = "xlsx", _("Excel workbook (.xlsx)")
    XLS = "xls", _("old Excel workbook (.xls)")
    CSV = "csv", _("CSV table")
    TEXT = "txt", _("plain text")
    ZIP = "zip", _("zip archive")
    OTHER = "bin", _("another kind of file")


IMAGES = frozenset({FileKind.PNG, FileKind.JPEG, FileKind.GIF, FileKind.WEBP, FileKind.TIFF})
EVIDENCE_KINDS = IMAGES | {FileKind.PDF, FileKind.DOCX, FileKind.XLSX}
# What a unit hands in: also what its office still writes in WPS or as plain text.
HANDED_IN_KINDS = EVIDENCE_KINDS | {FileKind.DOC, FileKind.XLS, FileKind.TEXT}
# For importers, which say themselves, and better, why a file is no workbook.
ANY_KIND = frozenset(FileKind)


class RunState(TextChoices):
    WAITING = "waiting", _("waiting")
    RUNNING = "running", _("running")
    DONE = "done", _("done")
    FAILED = "failed", _("failed")
    # By a person, who wanted nothing of it.
    CANCELLED = "cancelled", _("cancelled")


class RunKind(TextChoices):
    UNITS_READ = "units.read", _("reading a workbook of units")
    UNITS_IMPORT = "units.import", _("importing units")
    INSPECTORS_READ = "inspectors.read", _("reading a workbook of inspectors")
    INSPECTORS_IMPORT = "inspectors.import", _("importing inspectors")
    LEDGER_READ = "ledger.read", _("reading a rectification ledger")
    LEDGER_IMPORT = "ledger.import", _("importing a rectification ledger")
    TERM_PLAN = "term.plan", _("planning a term")
    VISIT_MOVES = "visit.moves", _("finding out what would have to move")
    TEAMS_PROPOSE = "teams.propose", _("proposing teams")
    DATA_SET_LOAD = "dataset.load", _("loading a data set")
    COMPARISON_RUN = "comparison.run", _("comparing data")
    RULE_TRY = "rule.try", _("trying a rule")
    REPORT_MAKE = "report.make", _("making a report")
    LIKENESS_SCAN = "likeness.scan", _("comparing the texts of a round")
    VOLUME_MAKE = "volume.make", _("making an archive volume")


class TextState(TextChoices):
    """What came of reading the text of a file."""

    READ = "read", _("read")
    REFUSED = "refused", _("could not be read")


NEXT_STATES: dict[RunState, frozenset[RunState]] = {
    RunState.WAITING: frozenset({RunState.RUNNING, RunState.FAILED, RunState.CANCELLED}),
    # A run whose worker was killed is begun again.
    RunState.RUNNING: frozenset(
        {RunState.RUNNING, RunState.DONE, RunState.FAILED, RunState.CANCELLED}
    ),
    RunState.DONE: frozenset(),
    RunState.FAILED: frozenset(),
    RunState.CANCELLED: frozenset(),
}
ENDED = frozenset(state for state, after in NEXT_STATES.items() if not after)
