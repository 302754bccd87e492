"""What the engine says of a data set, as the page keeps and says it."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from tanzhao.screening.loading_words import FAULTS, NOTES, SENTENCES, fault, sentence
from tanzhao.screening.room import own_name
from tanzhao.screening.rulebook import table_label

if TYPE_CHECKING:
    from tanzhao.engines.screening.loading.report import Report

# Codes of rows that were left out, which are no fault of a cell.
LEFT_OUT = "_row"


def fault_in_words(code: str) -> str:
    """Say what is doubtful about a cell, or which rows were left out."""
    return fault(code) if code in FAULTS else code


def problem_of(code: str, values: Mapping[str, object]) -> str:
    """Say in one sentence why a file, or all of them, could not be taken.

    The page has no map that could be put right, so what needs one is said in other words.
    """
    named = dict(values)
    if "table" in named:
        named["table"] = table_label(str(named["table"]))
    if "tables" in named:
        named["tables"] = "、".join(table_label(one) for one in str(named["tables"]).split(", "))
    ours = {
        "needed_heading": _(
            "It looks like “%(table)s”, but these headings are missing: %(headings)s. Rename the"
            " columns, or ask for the file with them."
        ),
        "two_tables": _(
            "Its headings fit several tables: %(tables)s. Add a heading that tells them apart."
        ),
        "twin_headings": _(
            "Two columns are headed “%(heading)s”, and they differ. Rename or remove one."
        ),
        "no_files": _("There is no file to read."),
    }
    said = ours.get(code)
    if said is not None:
        return said % named
    if code in SENTENCES:
        return sentence(code, named)
    return _("The file could not be read (%(code)s).") % {"code": code}


def note_of(code: str, values: Mapping[str, object]) -> str:
    """Say what a person should know of a file that was taken."""
    named = dict(values)
    if "table" in named:
        named["table"] = table_label(str(named["table"]))
    return sentence(code, named) if code in NOTES else code


def stored_sources(report: "Report") -> list[dict[str, Any]]:
    """Give what is kept of the sheets that were taken."""
    if report.store is None:
        return []
    return [
        {
            "file": own_name(source.file),
            "sheet": source.sheet,
            "table": source.table,
            "rows": source.rows,
            "doubtful": source.doubtful,
            "headings": list(source.headings),
        }
        for source in report.store.sources
    ]


def stored_refusals(report: "Report") -> list[dict[str, Any]]:
    """Give what is kept of files that were not taken, and of what a person should know."""
    refused = [
        {"file": own_name(one.file), "code": one.code, "values": _plain(one.values)}
        for one in report.refused
    ]
    notes = [
        {
            "file": own_name(one.file),
            "code": one.code,
            "values": {"sheet": one.sheet, **_plain(one.values)},
            "note": True,
        }
        for one in report.notes
    ]
    return refused + notes


def _plain(values: Mapping[str, object]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
