"""Why the text of a file was not read, in words: the codes of engines/likeness/extract."""

from collections.abc import Iterable

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _

from tanzhao.engines.likeness.extract.refusals import Unreadable

REFUSED = {
    "missing": _("There is no such file, or it is a link that leads nowhere."),
    "not_a_file": _("This is no file but a folder or a device."),
    "no_permission": _("The file may not be opened by whoever runs this program."),
    "empty": _("The file is empty: it has no content at all."),
    "too_large": _("The file is larger than %(most)s. Split it, or save it without pictures."),
    "too_long": _("The text is longer than %(most)s characters. Split the file."),
    "too_many_pages": _("It has more than %(most)s pages. Split the file."),
    "too_many_scans": _("It has more than %(most)s scanned pages. Split the file."),
    "picture_too_large": _(
        "A picture in it has more than %(most)s million points. Scan it at 300 points an inch."
    ),
    "damaged": _("This %(kind)s is cut off or damaged. Ask for it to be sent again."),
    "encrypted": _("This %(kind)s is protected by a password. Save a copy without one."),
    "bomb": _(
        "This %(kind)s unpacks to far more than anybody writes. It was built to do harm, or holds "
        "very large pictures."
    ),
    "nested": _(
        "The parts of this %(kind)s are nested deeper than any office program writes them. It is "
        "damaged or was built to do harm."
    ),
    "unended": _(
        "Tags of this %(kind)s begin and never end, one after another. It is damaged or was built "
        "to do harm."
    ),
    "entities": _(
        "This %(kind)s declares entities, as no office program does. It was built to do harm."
    ),
    "foreign_part": _(
        "The text of this %(kind)s stands in an inserted file of another format. Open it, save it "
        "as .docx and try again."
    ),
    "ofd": _(
        "Pages of this OFD file are pictures in a format that is not read here. Save it as PDF in "
        "the OFD reader and try again."
    ),
    "program": _("This is a program, not a document. It is not opened."),
    "archive": _("This is a compressed folder. Unpack it and take the files in it."),
    "not_a_document": _("This is %(kind)s, from which no text is read."),
    "unknown": _("Its content is of no kind that is read here, whatever its name says."),
    "encoding": _("The text is in no known encoding. Save it as UTF-8 and try again."),
    "old_word": _(
        "This is a Word document of a very old kind. Open it, save it as .docx and try again."
    ),
    "no_text": _("No text was found in this %(kind)s."),
    "all_hidden": _(
        "All that this %(kind)s holds is hidden, so nothing of it was read. Ask for one in which "
        "it is shown."
    ),
    "needs_ocr": _(
        "These pages are pictures (scans): %(pages)s. Text recognition is not installed here, or "
        "switched off. Install it (./run extra ocr), or send the document itself."
    ),
    "ocr_found_nothing": _("No writing was found in its pictures."),
    "garbage": _(
        "Of its letters only %(readable)s in a hundred can be read, so nothing is compared. Save "
        "it anew as .docx or PDF."
    ),
    "too_slow": _("Reading it took more than %(seconds)s seconds of computing, and was stopped."),
    "too_hungry": _("Reading it asked for more than %(most)s of memory, and was stopped."),
    "stuck": _("Reading it stood still for %(seconds)s seconds, and was stopped."),
    "crashed": _("The reader broke down over it: the file is damaged or was built to do harm."),
}
# This … is damaged.
KINDS = {
    "docx": _("Word document"),
    "doc": _("old Word document"),
    "wordxml": _("Word document in XML"),
    "xlsx": _("workbook"),
    "xls": _("old workbook"),
    "ole": _("old office document"),
    "pdf": _("PDF"),
    "ofd": _("OFD file"),
    "png": _("picture (png)"),
    "jpg": _("picture (jpg)"),
    "tif": _("picture (tif)"),
    "html": _("web page"),
    "mht": _("web archive"),
    "rtf": _("rich text"),
    "txt": _("text file"),
    "zip": _("compressed file"),
    "": _("file"),
}
# This is …, from which no text is read.
OTHERS = {
    "xlsb": _("a binary workbook (.xlsb)"),
    "picture": _("a picture of another kind"),
    "sound": _("a sound recording"),
    "film": _("a film"),
    "database": _("a database"),
    "slides": _("a presentation"),
    "opendocument": _("an OpenDocument file"),
    "mail": _("a saved message"),
    "xml": _("a data file (XML)"),
}


# What a file holds that nobody sees who opens it.
LEFT_OUT = {
    "hidden_sheets": _("hidden sheets: %(count)s"),
    "hidden_rows": _("hidden rows: %(count)s"),
    "hidden_columns": _("hidden columns: %(count)s"),
    "hidden_text": _("characters of hidden text: %(count)s"),
    "deleted_text": _("characters marked as deleted: %(count)s"),
}


def words_of(refusal: Unreadable) -> str:
    """Say in a sentence, in the language that is active, why a file was not read."""
    values: dict[str, str | int] = {
        name: f"{value:,}" if isinstance(value, int) else value
        for name, value in refusal.values.items()
    }
    if "kind" in values:
        kind = str(values["kind"])
        values["kind"] = gettext(OTHERS.get(kind) or KINDS.get(kind, KINDS[""]))
    return gettext(REFUSED[refusal.code]) % values


def left_out_words(left_out: Iterable[tuple[str, int]]) -> str:
    """Say in a sentence what was left out of a text because nobody sees it; "" if nothing was.

    left_out: kinds and numbers, as `Extracted` has them.
    """
    told = left_out_list(left_out)
    if not told:
        return ""
    return gettext("Left out, because whoever opens it does not see it: %(what)s.") % {"what": told}


def left_out_list(left_out: Iterable[tuple[str, int]]) -> str:
    """List what was left out of a text, with its numbers; "" if nothing was."""
    return gettext("; ").join(_left_out_word(kind, f"{count:,}") for kind, count in left_out)


def _left_out_word(kind: str, count: str) -> str:
    if kind not in LEFT_OUT:  # a later program has counted it
        return f"{kind}: {count}"
    return gettext(LEFT_OUT[kind]) % {"count": count}
