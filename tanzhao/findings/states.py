"""States of findings and reports, and which follow which."""

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _


class FindingState(TextChoices):
    MADE = "made", _("made")
    REPORTED = "reported", _("reported")
    FED_BACK = "fed_back", _("fed back")


FINDING_NEXT: dict[FindingState, frozenset[FindingState]] = {
    FindingState.MADE: frozenset({FindingState.REPORTED}),
    FindingState.REPORTED: frozenset({FindingState.FED_BACK}),
    FindingState.FED_BACK: frozenset(),
}
# Its wording may still be changed.
CHANGEABLE = frozenset({FindingState.MADE})


class ReportState(TextChoices):
    DRAFTED = "drafted", _("drafted")
    AGREED = "agreed", _("team agreed")
    APPROVED = "approved", _("approved")


REPORT_NEXT: dict[ReportState, frozenset[ReportState]] = {
    ReportState.DRAFTED: frozenset({ReportState.AGREED}),
    ReportState.AGREED: frozenset({ReportState.APPROVED, ReportState.DRAFTED}),
    ReportState.APPROVED: frozenset(),
}
