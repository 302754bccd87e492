"""The list of leads as the rows of a workbook."""

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _

from tanzhao.leads.models import Lead


def list_headings() -> list[str]:
    """Give the headings of the list, in the language of the page."""
    return [
        _("Lead"),
        _("Unit"),
        _("Source"),
        _("State"),
        _("First handler"),
        _("Second handler"),
        _("Outcome"),
        _("Reason"),
        _("Written down at"),
    ]


def list_rows(leads: QuerySet[Lead]) -> Iterator[list[Any]]:
    """Give a row for each lead, in the order of list_headings. Wants with_row_facts."""
    for lead in leads.iterator(chunk_size=500):
        yield [
            lead.title,
            str(lead.unit or ""),
            lead.get_source_display(),
            lead.get_state_display(),
            str(lead.handler or ""),
            str(lead.second or ""),
            lead.get_outcome_display() if lead.outcome else "",
            lead.outcome_reason,
            lead.captured_at,
        ]
