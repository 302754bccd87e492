"""Taking rows of an old ledger into the register."""

import datetime as dt
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, Max, OuterRef, QuerySet

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.models import StoredFile
from tanzhao.findings.models import Finding
from tanzhao.findings.states import FindingState
from tanzhao.kernel.calendar import month_end
from tanzhao.kernel.imports import Outcome, RowPlan, counts_of
from tanzhao.kernel.verdict import require
from tanzhao.rectification.models import RectificationItem, Step
from tanzhao.rectification.rules import may_import_ledger
from tanzhao.rectification.states import ImportedState, State
from tanzhao.taxonomy.queries import subclasses_called
from tanzhao.units.models import Unit

type Key = tuple[UUID, int, str]
BATCH = 500
_FINDING = ("category", "subcategory", "term_number")
_NEW = Outcome.NEW
_ITEM = ("owner_name", "measure", "due_date", "imported_state", "state")


@dataclass(frozen=True)
class LedgerRow:
    """One row of an old ledger, read and checked. Empty says nothing and changes nothing."""

    unit_id: UUID
    round_number: int
    text: str
    due: dt.date  # the first day of the month it names
    state: ImportedState | None = None
    category: str = ""
    subcategory: str = ""
    owner: str = ""
    measure: str = ""
    term: int | None = None  # None where the ledger names none with the round

    @property
    def key(self) -> Key:
        return (self.unit_id, self.round_number, self.text)

    def values(self, item: RectificationItem | None = None) -> tuple[Any, ...]:
        """What the row says, in the order of `_FINDING` and `_ITEM`; `item` fills what is empty.

        A ledger closes only what it brings: an item known here is closed by two people, not one.
        """
        said: list[Any] = [self.category, self.subcategory, self.term, self.owner, self.measure]
        if item is not None:
            said = [one or known for one, known in zip(said, _values(item), strict=False)]
        due = month_end(self.due.year, self.due.month)
        if self.state is None and item is not None:
            return (*said, due, item.imported_state, item.state)
        done = self.state == ImportedState.DONE
        state = State.CLOSED if done else State.IN_PROGRESS
        if item is not None and done:
            state = State(item.state)
        return (*said, due, self.state.value if self.state else "", state.value)


@transaction.atomic
def take_ledger_rows(
    *,
    rows: Sequence[LedgerRow],
    actor: User | None,
    at: datetime,
    source: StoredFile,
    operator: str = "",
    refused: int = 0,
    keep: bool = True,
) -> list[RowPlan]:
    """Take rows of an old ledger: all of them or none. The same rows twice change nothing.

    A row is known again by unit, round and text. Where a ledger has the same text twice, the
    rows that say the same are paired first and the rest in their order, so that both are kept.
    An item that somebody has worked on here since is left as it is.

    Args:
        actor: who imports; None for an operator at the machine, named by `operator`.
        source: the workbook, for the trail; one read on the command line need not be stored.
        refused: how many rows of the workbook the caller has refused, for the trail.
        keep: False says what would become of each row, and changes nothing.
    Returns: what becomes of each row, in the order of the rows.
    Raises:
        Refused: the actor may not import a ledger.
    """
    require(may_import_ledger(actor))
    plans = _take(rows, at, keep=keep)
    if not keep:
        return plans
    counts = counts_of(plans)
    counts["refused"] += refused
    record(
        verb=Verb.LEDGER_IMPORTED,
        actor=actor,
        target=source,
        at=at,
        operator=operator,
        sha256=source.sha256,
        **counts,
    )
    return plans


def _take(rows: Sequence[LedgerRow], at: datetime, *, keep: bool) -> list[RowPlan]:
    units = sorted({row.unit_id for row in rows})
    for some in _batches(units) if keep else []:
        # Locked in one order: two imports of one ledger at once take turns and never meet twice.
        list(Unit.objects.filter(pk__in=some).order_by("pk").select_for_update().values("pk"))
    known = _Known.of(units)
    pairs = _pair(rows, known.items)
    plans = [_plan(row, item, known.touched) for row, item in zip(rows, pairs, strict=True)]
    if keep:
        _add([r for r, plan in zip(rows, plans, strict=True) if plan.outcome == _NEW], known, at)
        _change(
            (row, item)
            for row, item, plan in zip(rows, pairs, plans, strict=True)
            if item is not None and plan.outcome == Outcome.CHANGED
        )
        _classify(Finding.objects.filter(unit__in=some, imported=True) for some in _batches(units))
    return plans


@dataclass
class _Known:
    """What the register holds of the units of a ledger before it is taken."""

    items: dict[Key, list[RectificationItem]] = field(default_factory=dict)
    touched: set[UUID] = field(default_factory=set)
    serials: dict[tuple[UUID, int], int] = field(default_factory=dict)

    @classmethod
    def of(cls, units: Sequence[UUID]) -> "_Known":
        known = cls()
        steps = Exists(Step.objects.filter(item=OuterRef("pk")))
        for some in _batches(units):
            items = RectificationItem.objects.filter(unit__in=some, finding__imported=True)
            items = items.select_related("finding").annotate(has_steps=steps)
            for item in items.order_by("finding__serial"):
                key = (item.unit_id, item.round_number, item.finding.fact)
                known.items.setdefault(key, []).append(item)
                if item.has_steps:  # type: ignore[attr-defined]  # annotated above
                    known.touched.add(item.pk)
            last = Finding.objects.filter(unit__in=some).values_list("unit", "round_number")
            for unit, round_number, serial in last.annotate(last=Max("serial")).order_by():
                known.serials[unit, round_number] = serial
        return known


def _batches(keys: Sequence[UUID]) -> Iterable[Sequence[UUID]]:
    return (keys[start : start + BATCH] for start in range(0, len(keys), BATCH))


def _pair(
    rows: Sequence[LedgerRow], items: dict[Key, list[RectificationItem]]
) -> list[RectificationItem | None]:
    left = {key: list(found) for key, found in items.items()}
    pairs: list[RectificationItem | None] = [None] * len(rows)
    waiting: defaultdict[Key, list[int]] = defaultdict(list)
    for place, row in enumerate(rows):
        found = [item for item in left.get(row.key, []) if _may_be_of_one_term(row, item)]
        same = next((i for i in found if _values(i) == row.values(i)), None)
        if same is None:
            waiting[row.key].append(place)
        else:
            left[row.key].remove(same)
            pairs[place] = same
    for key, places in waiting.items():
        for place in places:
            found = [item for item in left.get(key, []) if _may_be_of_one_term(rows[place], item)]
            if found:
                left[key].remove(found[0])
                pairs[place] = found[0]
    return pairs


def _may_be_of_one_term(row: LedgerRow, item: RectificationItem) -> bool:
    return row.term is None or item.finding.term_number in (None, row.term)


def _values(item: RectificationItem) -> tuple[object, ...]:
    finding = (getattr(item.finding, name) for name in _FINDING)
    return (*finding, *(getattr(item, name) for name in _ITEM))


def _shown(name: str, old: object, row: LedgerRow) -> str:
    """Say what was there before. A round that had no term is said by its number."""
    if name == "round" and old is None:
        return str(row.round_number)
    return old.isoformat()[:7] if isinstance(old, dt.date) else str(old)


def _plan(row: LedgerRow, item: RectificationItem | None, touched: set[UUID]) -> RowPlan:
    plan = RowPlan()
    if item is None:
        plan.outcome = _NEW
        if row.state is None:
            plan.query("state_unknown", "state")
        return plan
    # The term is told with the round, in one cell.
    names = ("category", "subcategory", "round", "owner", "measure", "due", "state")
    told, values = row.values(item), _values(item)
    # What was done here since is no difference of the ledger; a new word of the ledger is.
    differs = {
        name: _shown(name, old, row)
        for name, new, old in zip(names, told, values, strict=False)
        if new != old and not (item.pk in touched and name == "due")
    }
    if differs and item.pk in touched:
        plan.query("worked_on", "text")
    elif differs or (told != values and item.pk not in touched):
        plan.outcome, plan.before = Outcome.CHANGED, differs
        if "state" in differs and row.state == ImportedState.DONE and item.state != State.CLOSED:
            plan.query("not_closed", "state")
    return plan


def _add(rows: Iterable[LedgerRow], known: _Known, at: datetime) -> None:
    findings, items = [], []
    for row in rows:
        place = (row.unit_id, row.round_number)
        known.serials[place] = known.serials.get(place, 0) + 1
        finding = Finding(
            unit_id=row.unit_id,
            round_number=row.round_number,
            serial=known.serials[place],
            fact=row.text,
            imported=True,
            state=FindingState.FED_BACK,
            made_at=at,
        )
        item = RectificationItem(
            finding=finding, unit_id=row.unit_id, round_number=row.round_number
        )
        _set(item, row)
        findings.append(finding)
        items.append(item)
    Finding.objects.bulk_create(findings, batch_size=BATCH)
    RectificationItem.objects.bulk_create(items, batch_size=BATCH)


def _change(pairs: Iterable[tuple[LedgerRow, RectificationItem]]) -> None:
    for row, item in pairs:
        _set(item, row)
        item.finding.save(update_fields=_FINDING)
        item.save(update_fields=_ITEM)


def _classify(batches: Iterable[QuerySet[Finding]]) -> None:
    """Sort findings into the frames whose words the ledger uses, for reading only: what it called
    them stays. Sorted anew each time, as the packs may have learnt a word since."""
    sorted_in = Finding.codes.through
    codes = cache(subclasses_called)
    for findings in batches:
        words = findings.exclude(subcategory="").values_list("pk", "category", "subcategory")
        named = list(words)
        sorted_in.objects.filter(finding__in=findings).delete()
        rows = [
            sorted_in(finding_id=key, code_id=code.pk)
            for key, category, subcategory in named
            for code in codes(category, subcategory)
        ]
        sorted_in.objects.bulk_create(rows, batch_size=BATCH)


def _set(item: RectificationItem, row: LedgerRow) -> None:
    values = row.values(None if item._state.adding else item)
    finding, own = values[: len(_FINDING)], values[len(_FINDING) :]
    for name, value in zip(_FINDING, finding, strict=True):
        setattr(item.finding, name, value)
    for name, value in zip(_ITEM, own, strict=True):
        setattr(item, name, value)
