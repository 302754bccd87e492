"""What can be wrong with a workbook, a row or a cell, each with its code and its sentence."""

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


class Severity(StrEnum):
    """What a fault means for its row."""

    REFUSED = "refused"  # the row is not taken
    QUERY = "query"  # the row is taken, and a person must look at it
    NOTE = "note"  # nothing to do; said so that nothing is passed over in silence


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing wrong at one place. `row` is Excel's (0: the workbook), `column` a heading."""

    row: int
    column: str
    code: str
    message: str
    severity: Severity = Severity.QUERY
    sheet: str = ""


class Unreadable(Exception):
    """The file cannot be read at all. The message is one whole sentence for the person."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message


_REFUSALS = {
    "empty_file": _("The file is empty."),
    "missing_file": _("There is no such file, or it cannot be opened."),
    "other_kind": _(
        "Most of these headings belong to another kind of workbook: %(headings)s. "
        "Import it where that kind is imported."
    ),
    "too_large": _("The file is too large to be read here. Split it into several workbooks."),
    "encrypted": _(
        "The workbook is protected by a password. Save a copy without one and try again."
    ),
    "damaged": _("The workbook is cut off or damaged. Ask for it to be sent again."),
    "not_a_workbook": _("This is %(kind)s, not a workbook. Save the table as .xlsx and try again."),
    "old_format": _(
        "Workbooks of this kind (%(kind)s) are not read. Save it as .xlsx and try again."
    ),
    "encoding": _("The text of the file cannot be read: it is neither UTF-8 nor GB18030."),
    "no_table": _("The workbook has no visible sheet with anything in it."),
    "no_rows": _("There is a row of headings, but no data under it."),
    "no_headings": _("No row of headings was found. Expected columns such as: %(expected)s."),
}

_FAULTS: dict[str, tuple[Severity, str]] = {
    "missing": (Severity.REFUSED, _("This must be filled in, and the cell is empty.")),
    "duplicate": (Severity.REFUSED, _("“%(value)s” is already listed in row %(first)s.")),
    "possible_duplicate": (
        Severity.QUERY,
        _("“%(value)s” may be the same as “%(other)s” in row %(first)s."),
    ),
    "bad_date": (Severity.QUERY, _("“%(value)s” is not a year and month that can be read.")),
    "ambiguous_month": (
        Severity.QUERY,
        _("“%(value)s” may be January or October. Write the month as text."),
    ),
    "date_range": (
        Severity.QUERY,
        _("“%(value)s” names more than one month; %(taken)s was taken."),
    ),
    "bad_number": (Severity.QUERY, _("“%(value)s” is not a whole number that can be read.")),
    "approximate": (Severity.QUERY, _("“%(value)s” is not exact; %(taken)s was taken.")),
    "bad_round": (Severity.QUERY, _("“%(value)s” is not a round that can be read.")),
    "several_rounds": (
        Severity.QUERY,
        _("“%(value)s” names several rounds; the last one, %(taken)s, was taken."),
    ),
    "other_term": (
        Severity.QUERY,
        _("“%(value)s” names another term than most rows of this sheet do."),
    ),
    "unknown_value": (Severity.QUERY, _("“%(value)s” is none of the words known here.")),
    "bad_phone": (Severity.QUERY, _("“%(value)s” does not look like a telephone number.")),
    "id_length": (Severity.QUERY, _("An ID number has 18 characters; this one has %(length)s.")),
    "id_damaged": (
        Severity.QUERY,
        _("The ID number was kept as a number and has lost its last digits. Enter it as text."),
    ),
    "id_check_digit": (Severity.QUERY, _("The check digit of the ID number is wrong.")),
    "id_born": (Severity.QUERY, _("The ID number says born %(taken)s, the sheet says otherwise.")),
    "id_sex": (Severity.QUERY, _("The ID number says %(taken)s, the sheet says otherwise.")),
    "unknown_workplace": (Severity.QUERY, _("No unit is called “%(value)s”.")),
    "unknown_unit": (Severity.QUERY, _("No unit is called “%(value)s”.")),
    "cut_off": (Severity.QUERY, _("The cell is as long as Excel allows; its text may be cut off.")),
    "not_computed": (
        Severity.QUERY,
        _("The cell holds a formula without a result. Open the file in Excel and save it again."),
    ),
    "error_value": (Severity.QUERY, _("The cell shows an error of Excel instead of a value.")),
    "ambiguous_heading": (
        Severity.QUERY,
        _("“%(value)s” could mean the same as “%(other)s”, which was used. This column was not."),
    ),
    "no_heading": (
        Severity.QUERY,
        _("Column %(letter)s has values but no heading. It was not used."),
    ),
    "unclear_row": (Severity.REFUSED, _("This row could not be told from a note: “%(value)s”.")),
    "hidden_sheet": (Severity.NOTE, _("The hidden sheet “%(value)s” was not read.")),
    "other_sheet": (Severity.NOTE, _("The sheet “%(value)s” was not read.")),
    "hidden_rows": (Severity.NOTE, _("%(count)s hidden rows were read like the others.")),
    "hidden_columns": (Severity.NOTE, _("Hidden columns were read like the others: %(value)s.")),
    "missing_column": (Severity.NOTE, _("No column was found for: %(value)s.")),
}

FAULT_CODES = frozenset(_FAULTS)


def fault(code: str, *, row: int, column: str = "", sheet: str = "", **details: object) -> Fault:
    """Make the fault of this code, worded in the reader's language.

    `details` are the values its sentence needs; long ones are shortened.
    """
    severity, message = _FAULTS[code]
    shown = {key: _shorten(value) for key, value in details.items()}
    return Fault(row, column, code, gettext(message) % shown, severity, sheet)


def unreadable(code: str, **details: object) -> Unreadable:
    """Make the refusal of a whole file, worded in the reader's language."""
    return Unreadable(code, gettext(_REFUSALS[code]) % details)


def _shorten(value: object, longest: int = 40) -> str:
    text = str(value)
    return text if len(text) <= longest else text[: longest - 1] + "…"
