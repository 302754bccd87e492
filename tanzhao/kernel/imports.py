"""What an import says: what becomes of each row of a workbook, and why one is refused."""

import datetime as dt
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.db.models import Model, TextChoices
from django.utils.translation import get_language, gettext, gettext_noop
from django.utils.translation import gettext_lazy as _

from tanzhao.kernel.packs import packs_of_kind
from tanzhao.kernel.sheets import Fault, HeadingPack, Row, Severity, SheetReading, heading_pack


class Outcome(TextChoices):
    NEW = "new", _("new")
    CHANGED = "changed", _("changed")
    UNCHANGED = "unchanged", _("unchanged")
    REFUSED = "refused", _("not taken")


_REMARKS: dict[str, tuple[Severity, str]] = {
    "duplicate": (Severity.REFUSED, gettext_noop("“%(value)s” is already listed in this file.")),
    "needed": (Severity.REFUSED, gettext_noop("Without this the row cannot be kept. Fill it in.")),
    "unknown_unit": (
        Severity.REFUSED,
        gettext_noop("No unit is called “%(value)s”. Import the unit first, or correct its name."),
    ),
    "id_of_another": (
        Severity.REFUSED,
        gettext_noop("This ID number is %(other)s's in the talent pool. Find out which is right."),
    ),
    "several_persons": (
        Severity.REFUSED,
        gettext_noop(
            "Several persons in the talent pool are called “%(value)s” and could be meant. "
            "Add the ID number."
        ),
    ),
    "too_long": (
        Severity.QUERY,
        gettext_noop("The text is longer than %(most)s characters and was not taken. Shorten it."),
    ),
    "too_long_name": (
        Severity.REFUSED,
        gettext_noop("The name is longer than %(most)s characters. Shorten it."),
    ),
    "too_many": (Severity.QUERY, gettext_noop("%(value)s is too many to be right. Look it up.")),
    "possible_duplicate": (
        Severity.QUERY,
        gettext_noop(
            "“%(value)s” may be the same as “%(other)s”, already known. Taken as another one."
        ),
    ),
    "round_missing": (
        Severity.QUERY,
        gettext_noop("There is a month but no round, so the inspection was not noted."),
    ),
    "circle": (
        Severity.QUERY,
        gettext_noop("“%(value)s” is itself below this unit, so it was not linked as its parent."),
    ),
    "state_unknown": (
        Severity.QUERY,
        gettext_noop("Whether it was done is not known. The item is kept as not done."),
    ),
    "not_closed": (
        Severity.QUERY,
        gettext_noop(
            "The ledger now says it is done. Here it stays open until it is verified and closed."
        ),
    ),
    "worked_on": (
        Severity.QUERY,
        gettext_noop("The item has been worked on here since. The row changes nothing."),
    ),
}
REMARK_CODES = frozenset(_REMARKS)


@dataclass(frozen=True)
class Remark:
    """Something about one field of a row that only the comparison with the register shows."""

    code: str
    field_name: str
    details: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class RowPlan:
    """What becomes of one row."""

    outcome: Outcome = Outcome.UNCHANGED
    # Field to the value that is replaced, plain JSON; filled only for a changed row.
    before: dict[str, Any] = field(default_factory=dict)
    remarks: list[Remark] = field(default_factory=list)

    def refuse(self, code: str, name: str, **details: Any) -> "RowPlan":
        """Refuse the row for this reason."""
        self.outcome = Outcome.REFUSED
        self.before.clear()
        self.remarks.append(Remark(code, name, details))
        return self

    def query(self, code: str, name: str, **details: Any) -> None:
        """Note something that a person must look at; the row is taken."""
        self.remarks.append(Remark(code, name, details))

    def fitting(self, name: str, model: type[Model], text: str, *, column: str = "") -> str:
        """Give the text if its column can hold it; otherwise note that, and give nothing."""
        most = most_characters(model, column or name)
        if len(text) <= most:
            return text
        self.query("too_long", name, most=most)
        return ""


@dataclass
class ImportReport:
    """A workbook as read, and what becomes of each of its rows, in the same order."""

    reading: SheetReading
    plans: list[RowPlan]

    @property
    def counts(self) -> dict[str, int]:
        """How many rows are new, changed, unchanged and refused."""
        found = Counter(plan.outcome.value for plan in self.plans)
        counts = {each.value: found[each.value] for each in Outcome}
        taken = {(row.sheet, row.number) for row in self.reading.rows}
        refused = {
            (one.sheet, one.row)
            for one in self.reading.faults
            if one.severity is Severity.REFUSED and (one.sheet, one.row) not in taken
        }
        counts[Outcome.REFUSED.value] += len(refused)
        return counts

    @property
    def faults(self) -> list[Fault]:
        """All faults, those of the reading and those of the comparison, in the order of rows."""
        added = [
            _fault(remark, row, self.reading)
            for row, plan in zip(self.reading.rows, self.plans, strict=True)
            for remark in plan.remarks
        ]
        order: dict[str, int] = {}
        for row in self.reading.rows:
            order.setdefault(row.sheet, len(order))
        replaced = {(f.sheet, f.row, f.column, f.code) for f in added}
        kept = [
            f for f in self.reading.faults if (f.sheet, f.row, f.column, f.code) not in replaced
        ]
        return sorted([*kept, *added], key=lambda f: (order.get(f.sheet, 0), f.row))

    def as_json(self) -> dict[str, Any]:
        """Give what the command line prints: the reading, its faults, and three counts."""
        faults = [
            {"row": f.row, "column": f.column, "code": f.code, "message": f.message}
            for f in self.faults
        ]
        counts = self.counts
        taken = {key: counts[key] for key in ("new", "changed", "unchanged")}
        return self.reading.as_json() | {"faults": faults} | taken


def _fault(remark: Remark, row: Row, reading: SheetReading) -> Fault:
    severity, message = _REMARKS[remark.code]
    column = next((title for title, one in reading.columns.items() if one == remark.field_name), "")
    shown = {key: str(value)[:60] for key, value in remark.details.items()}
    return Fault(
        row.number, column, remark.code, gettext(message) % shown, severity, sheet=row.sheet
    )


@cache
def headings_of(kind: str) -> HeadingPack:
    """Give the shipped pack of headings for one kind of workbook: units, inspectors or ledger."""
    pack = next(pack for pack in packs_of_kind("headings") if pack.name == kind)
    return heading_pack(pack.name, pack.body)


def other_headings_than(kind: str) -> list[HeadingPack]:
    """Give the shipped packs of headings for the other kinds of workbook."""
    names = [pack.name for pack in packs_of_kind("headings") if pack.name != kind]
    return [headings_of(name) for name in names]


def labels_of(kind: str) -> dict[str, str]:
    """Give the reader's word for each field of a kind of workbook, in the order of the pack."""
    chinese = (get_language() or "zh").startswith("zh")
    fields = headings_of(kind).fields
    return {name: one.label_zh if chinese else one.label_en for name, one in fields.items()}


def first_of_month(text: str | None) -> dt.date | None:
    """Give the first day of a month written YYYY-MM."""
    return dt.date.fromisoformat(f"{text}-01") if text else None


def as_month(day: dt.date | None) -> str:
    """Write the month of a day as YYYY-MM, "" for none."""
    return f"{day:%Y-%m}" if day else ""


def most_characters(model: type[Model], name: str) -> int:
    """Give how many characters a column of text can hold."""
    most: int = getattr(model._meta.get_field(name), "max_length", None) or 1_000_000
    return most


def counts_of(plans: Iterable[RowPlan]) -> dict[str, Any]:
    """Count the outcomes of rows, for the trail."""
    found = Counter(plan.outcome.value for plan in plans)
    return {each.value: found[each.value] for each in Outcome}


def is_as_seen(plans: Sequence[RowPlan], seen: Sequence[tuple[str, Mapping[str, Any]]]) -> bool:
    """Say whether the plan is still the one that a person was shown."""
    return [(plan.outcome.value, plan.before) for plan in plans] == [(o, dict(b)) for o, b in seen]
