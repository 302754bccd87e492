"""What a run or a sample says in codes, as sentences."""

from collections.abc import Mapping

from django.utils.translation import gettext as _


def sentence(code: str, values: Mapping[str, object]) -> str:
    """Say why something could not be run, read or drawn."""
    sentences = {
        "missing_tables": _("The store has no %(tables)s."),
        "not_portable": _(
            "Its SQL is not in the portable subset (%(findings)s findings; see screen lint)."
        ),
        "key_twice": _("It gives several rows with one key (%(key)s), so none has a name."),
        "engine": _("The engine refused it: %(text)s"),
        "out_taken": _("%(out)s holds something that is no run. Choose another folder."),
        "out_unwritable": _("%(out)s cannot be written."),
        "memory": _("%(memory)s is no amount of memory. Write it as 4GB."),
        "no_spark": _("PySpark is not installed. On the office's computer: ./run extra spark"),
        "spark": _("Spark does not start at %(master)s: %(text)s"),
        "store": _("The store cannot be read, or the disk is full: %(text)s"),
        "expired": _("The raw rows of this store were deleted on %(on)s."),
        "other_store": _("The run was made over another store."),
        "no_run": _("%(out)s is no run."),
        "no_hit": _("The run has no hit %(hit)s."),
        "several_hits": _("Several hits begin with %(hit)s. Write more of it."),
        "no_table": _("The store has no table %(table)s."),
        "no_column": _("%(table)s has no column %(column)s."),
        "no_amount": _("%(table)s has no amount to sample by. Name it with --by."),
        "too_large": _("A sample has from 1 to %(rows)s rows here, not %(size)s."),
        "no_money": _("The amounts of %(table)s come to nothing, so none can be drawn by."),
    }
    said = sentences.get(code)
    return said % values if said else f"{code} {dict(values)}"
