"""Why a store, a folder or a cluster cannot be used for likeness, as sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _


def sentence(code: str, values: Mapping[str, object]) -> str:
    """Say why something could not be done."""
    sentences = {
        "missing": _("%(folder)s is no store of documents: it has no store.json."),
        "unreadable": _("%(folder)s is no store of documents: its store.json cannot be read."),
        "no_store": _("%(folder)s holds other things than a store. Choose another folder."),
        "unwritable": _("%(folder)s cannot be made or written."),
        "busy": _("Somebody else is changing %(folder)s. Try again when they are done."),
        "other_format": _("%(folder)s has another format than %(format)s."),
        "other_settings": _(
            "%(folder)s was made by other settings (%(names)s). Make a new store, or use its pack."
        ),
        "other_wording": _(
            "%(folder)s was made with other allowed texts or templates. Make a new store, or give "
            "those again."
        ),
        "out_taken": _("%(folder)s holds something that no scan wrote. Choose another folder."),
        "no_scan": _("%(folder)s is no outcome of a scan."),
        "no_pyspark": _("PySpark is not installed. On the office's computer: ./run extra spark"),
        "cluster": _("The Spark cluster does not answer at %(master)s: %(text)s"),
        "clashing": _("A document of this name with another text is in the store."),
        "unknown_key": _("The store has no document of this name."),
    }
    said = sentences.get(code)
    return said % values if said else f"{code} {dict(values)}"
