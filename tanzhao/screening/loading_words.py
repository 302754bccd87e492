"""What a load says, in words: the codes of engines/screening/loading as sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

# Why nothing can be loaded.
CANNOT = {
    "no_folder": _("There is no folder %(folder)s."),
    "no_files": _("There is no file below %(folder)s."),
    "store_exists": _(
        "%(out)s exists. With --replace the new store takes its place once it is complete."
    ),
    "not_a_store": _("%(out)s exists and is no store; it is not replaced."),
    "out_holds_folder": _("The store %(out)s would replace the folder that is loaded."),
    "cannot_write": _("The store cannot be written: %(why)s."),
}
# What is wrong with MAP.toml.
MAP = {
    "map_missing": _("The map %(file)s cannot be opened."),
    "map_encoding": _("The map %(file)s is not UTF-8."),
    "map_toml": _("The map %(file)s is not TOML: %(why)s."),
    "map_unknown": _("%(where)s: “%(name)s” is not known there; known are: %(known)s."),
    "map_order": _(
        "The map does not say on whose order files are compared. Write a part [order] with "
        "purpose, approver, legal_basis and expires."
    ),
    "map_order_text": _("[order]: “%(name)s” must be a text in quotes that says something."),
    "map_expires": _("[order]: “expires” must be a day without quotes, such as 2026-12-31."),
    "map_sources": _("Each source begins with [[source]] on a line of its own."),
    "map_text": _("%(where)s: “%(name)s” must be a text in quotes."),
    "map_pairs": _(
        '%(where)s: “%(name)s” must be pairs of texts, such as { "发放项目" = "programme" }.'
    ),
    "map_files": _('%(where)s: “files” must name files below the folder, such as "*.xlsx".'),
    "map_table": _("%(where)s: there is no table %(table)s; there are: %(known)s."),
    "map_needs_table": _("%(where)s: “columns” and “constant” need a “table” beside them."),
    "map_column": _("%(where)s: the table %(table)s has no column %(column)s; it has: %(known)s."),
    "map_column_twice": _("%(where)s: the column %(column)s is named twice."),
    "map_no_file": _("The map speaks of files called “%(files)s”, and there are none."),
}
# Why a file was not taken.
REFUSED = {
    "empty_file": _("The file is empty."),
    "unreadable": _("The file cannot be opened: %(why)s."),
    "damaged": _("The workbook is cut off or damaged. Ask for it to be sent again."),
    "encrypted": _(
        "The workbook is protected by a password. Save a copy without one and try again."
    ),
    "not_a_table": _("This is %(kind)s, not a table. Ask for it as .xlsx or .csv."),
    "damaged_text": _("The text cannot be parted into cells. Ask for it as .xlsx."),
    "no_sheet": _("It has no sheet called “%(sheet)s”, of which the map speaks."),
    "too_large": _(
        "The file is too large to be read here (%(what)s). Split it into several files."
    ),
    "far_cell": _(
        "Sheet “%(sheet)s” has a cell at %(cell)s, so far out that nothing can hold all between. "
        "Delete the empty rows and columns around the table."
    ),
    "encoding": _("The text of the file cannot be read: it is neither UTF-8 nor GB18030."),
    "binary": _("The file holds no text; it is damaged or of another kind."),
    "open_quote": _("A quotation mark opened in row %(row)s is never closed."),
    "too_wide": _("The table has more than %(most)s columns."),
    "long_cell": _("Row %(row)s has a cell of more than %(most)s characters."),
    "no_table": _("There is nothing in it that can be seen."),
    "no_rows": _("There is a row of headings, but no data under it."),
    "no_headings": _("No row of headings was found."),
    "needed_heading": _(
        "The headings fit the table %(table)s best, but these are missing: %(headings)s. Name "
        'them in the map: columns = { "heading in the file" = "column" }.'
    ),
    "two_tables": _("It may be any of these tables: %(tables)s. Say in the map which."),
    "twin_headings": _(
        "Two columns are headed “%(heading)s”, and they differ. Say in the map which is meant: "
        'columns = { "%(heading)s(2)" = "" } leaves the second out.'
    ),
}
# What a person should know of a file that was taken.
NOTES = {
    "hidden_sheet": _("The hidden sheet “%(sheet)s” was not read."),
    "other_sheet": _("The sheet “%(sheet)s” was not read: its headings are those of no table."),
    "unnamed_sheet": _("The sheet “%(sheet)s” was not read: the map names another."),
    "broken_characters": _("%(number)s characters are broken; each stands as �."),
    "merged_cells": _("%(number)s empty cells, merged with one above, were read as that one."),
    "unused_columns": _("Not used: %(headings)s."),
    "same_file": _("It holds the same as %(other)s, byte for byte, and was read once."),
    "by_headings": _("Read as the table %(table)s, by its headings."),
    "scaled": _("“%(heading)s” was multiplied by %(scale)s."),
}
# Faults of cells and rows.
FAULTS = {
    "missing": _("needed, and empty"),
    "id_length": _("an ID number without 18 characters"),
    "id_characters": _("an ID number with other characters than digits"),
    "id_date": _("an ID number with a day of birth that does not exist"),
    "id_check": _("an ID number whose check character is wrong"),
    "id_masked": _("an ID number with digits hidden"),
    "id_damaged": _("an ID number kept as a number: its last digits are lost"),
    "firm_length": _("a credit code without 18 characters"),
    "firm_characters": _("a credit code with characters that none has"),
    "firm_check": _("a credit code whose check character is wrong"),
    "firm_damaged": _("a credit code kept as a number: its last digits are lost"),
    "account_form": _("no bank account"),
    "account_damaged": _("a bank account kept as a number: its last digits are lost"),
    "plate_form": _("no number plate"),
    "date": _("not a day that can be read"),
    "date_part": _("a month or a year, and no day"),
    "month": _("not a month that can be read"),
    "month_unclear": _("January or October: Excel shows both as .1"),
    "money": _("not an amount that can be read"),
    "number": _("not a number that can be read"),
    "rounded": _("more decimals than are kept; rounded"),
    "flag": _("neither yes nor no"),
    "ragged": _("more cells than there are headings"),
    "total_row": _("a total; left out"),
    "heading_row": _("the headings once more; left out"),
    "numbering_row": _("numbers of the columns; left out"),
    "note_row": _("a note; left out"),
    "unused_row": _("nothing in the columns that are read; left out"),
    "blank_row": _("blanks only; left out"),
}
# What a file is that holds no table.
KINDS = {
    "docx": _("a Word document"),
    "pptx": _("a presentation"),
    "ofd": _("an OFD file"),
    "xlsb": _("a workbook of the kind .xlsb"),
    "ods": _("a workbook of the kind .ods"),
    "zip": _("a compressed folder"),
    "pdf": _("a PDF"),
    "picture": _("a picture"),
    "html": _("a web page"),
    "database": _("a database"),
}
# Why raw rows are not deleted.
EXPIRING = {
    "no_store": _("%(folder)s is no store: store.json cannot be read."),
    "not_due": _(
        "The rows are kept until %(expires)s. To delete them sooner, say why: --now-because."
    ),
}
SENTENCES: Mapping[str, str] = {**CANNOT, **MAP, **REFUSED, **NOTES, **EXPIRING}


def sentence(code: str, values: Mapping[str, object]) -> str:
    """Say why something was not loaded, in a whole sentence."""
    if "kind" in values:
        values = {**values, "kind": gettext(KINDS[str(values["kind"])])}
    return gettext(SENTENCES[code]) % values


def fault(code: str) -> str:
    """Say what is wrong with a cell, or why a row was left out, in a few words."""
    return gettext(FAULTS[code])
