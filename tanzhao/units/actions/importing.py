"""Taking rows of an office's workbook of units into the audit universe."""

import datetime as dt
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.models import StoredFile
from tanzhao.kernel.imports import Outcome, RowPlan, as_month, counts_of, most_characters
from tanzhao.kernel.sheets.checks import loose_key
from tanzhao.kernel.sheets.text import fold
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import require
from tanzhao.units.models import Unit, Visit
from tanzhao.units.queries import TermDays
from tanzhao.units.rules import may_change_units, may_have_parent

BATCH = 500
MOST_MEMBERS = 1_000_000
_TEXTS = ("category", "form", "system", "head", "phone", "priority")


@dataclass(frozen=True)
class UnitRow:
    """One row of a workbook of units. Empty says nothing and changes nothing."""

    name: str
    category: str = ""
    form: str = ""
    parent: str = ""
    system: str = ""
    members: int | None = None
    head: str = ""
    phone: str = ""
    priority: str = ""
    round: int | None = None
    inspected: dt.date | None = None  # the first of the month
    term: int | None = None  # None where the workbook names none with the round


@transaction.atomic
def take_unit_rows(
    *,
    rows: Sequence[UnitRow],
    actor: User | None,
    at: datetime,
    source: StoredFile,
    operator: str = "",
    keep: bool = True,
) -> list[RowPlan]:
    """Take rows of units: all of them or none. The same rows twice change nothing.

    A unit is known again by its name. An empty cell leaves what is known.

    Args:
        actor: who imports; None for an operator at the machine, named by `operator`.
        source: the workbook, for the trail; one read on the command line need not be stored.
        keep: False says what would become of each row, and changes nothing.
    Returns: what becomes of each row, in the order of the rows.
    Raises:
        Refused: the actor may not change units.
    """
    require(may_change_units(actor))
    if keep:
        take_turns("units")
    register = _Register(locked=keep, on_day=timezone.localdate(at))
    plans = register.plan(rows)
    if keep:
        linked = register.write()
        record(
            verb=Verb.UNITS_IMPORTED,
            actor=actor,
            target=source,
            at=at,
            operator=operator,
            sha256=source.sha256,
            linked=linked,
            **counts_of(plans),
        )
    return plans


class _Register:
    """The units as they are, and as they will be once the rows are taken."""

    def __init__(self, *, locked: bool, on_day: dt.date) -> None:
        units = Unit.objects.order_by("pk")
        # Locked in one order, which that of the ledger's import is too.
        known = list(units.select_for_update() if locked else units)
        self.by_key = {unit.pk: unit for unit in known}
        for unit in known:
            unit.parent = self.by_key[unit.parent_id] if unit.parent_id else None
        self.by_name = {fold(unit.name): unit for unit in known}
        self.alike = {loose_key(unit.name): unit for unit in known}
        self.terms = TermDays.known(on_day)
        self.visits: dict[tuple[Any, int | None, int], Visit] = {}
        self.by_month: dict[tuple[Any, int, dt.date | None], Visit] = {}
        self.rounds: defaultdict[Any, list[int]] = defaultdict(list)
        for visit in Visit.objects.order_by("month", "round_number"):
            self.visits[visit.unit_id, self.terms.of(visit), visit.round_number] = visit
            if visit.term_number is None:
                self.visits.setdefault((visit.unit_id, None, visit.round_number), visit)
            self.by_month[visit.unit_id, visit.round_number, visit.month] = visit
            self.rounds[visit.unit_id].append(visit.round_number)
        self.next_position = max((unit.position for unit in known), default=0) + 1
        self.new: list[Unit] = []
        self.changed: dict[Any, Unit] = {}
        self.new_visits: list[Visit] = []
        self.changed_visits: list[Visit] = []

    def plan(self, rows: Sequence[UnitRow]) -> list[RowPlan]:
        pairs = [self._find(row) for row in rows]  # all first: a parent may stand further down
        for row, (unit, plan) in zip(rows, pairs, strict=True):
            if unit is not None:
                self._compare(row, unit, plan)
        return [plan for _unit, plan in pairs]

    def write(self) -> int:
        """Write what was planned. Returns how many other units found their parent by it."""
        Unit.objects.bulk_create(self.new, batch_size=BATCH)
        linked = self._link_waiting()
        fields = [*_TEXTS, "members", "parent", "parent_name"]
        Unit.objects.bulk_update(self.changed.values(), fields, batch_size=200)
        Visit.objects.bulk_create(self.new_visits, batch_size=BATCH)
        Visit.objects.bulk_update(self.changed_visits, ["month", "term_number"], batch_size=BATCH)
        return linked

    def _find(self, row: UnitRow) -> tuple[Unit | None, RowPlan]:
        plan = RowPlan()
        most = most_characters(Unit, "name")
        if len(row.name) > most:
            return None, plan.refuse("too_long_name", "name", most=most)
        key = fold(row.name)
        unit = self.by_name.get(key)
        if unit is None:
            plan.outcome = Outcome.NEW
            other = self.alike.get(loose_key(row.name))
            if other is not None:
                plan.query("possible_duplicate", "name", value=row.name, other=other.name)
            unit = Unit(name=row.name, position=self.next_position)
            self.next_position += 1
            self.by_name[key] = self.by_key[unit.pk] = unit
            self.new.append(unit)
        elif hasattr(unit, "row_taken"):
            return None, plan.refuse("duplicate", "name", value=row.name)
        unit.row_taken = True  # type: ignore[attr-defined]  # only while this import lasts
        return unit, plan

    def _compare(self, row: UnitRow, unit: Unit, plan: RowPlan) -> None:
        before: dict[str, Any] = {}
        for name in _TEXTS:
            text = plan.fitting(name, Unit, getattr(row, name))
            if text and text != getattr(unit, name):
                before[name] = getattr(unit, name)
                setattr(unit, name, text)
        if row.members is not None and row.members > MOST_MEMBERS:
            plan.query("too_many", "members", value=row.members)
        elif row.members is not None and row.members != unit.members:
            before["members"] = unit.members
            unit.members = row.members
        self._compare_parent(row, unit, plan, before)
        if before:
            self.changed[unit.pk] = unit
        self._compare_visit(row, unit, plan, before)
        if plan.outcome == Outcome.NEW:
            self.changed.pop(unit.pk, None)
        elif before:
            plan.outcome, plan.before = Outcome.CHANGED, before

    def _compare_parent(
        self, row: UnitRow, unit: Unit, plan: RowPlan, before: dict[str, Any]
    ) -> None:
        text = plan.fitting("parent", Unit, row.parent, column="parent_name")
        if not text:
            return
        parent = self.by_name.get(fold(text))
        if parent is not None and not may_have_parent(unit, parent):
            plan.query("circle", "parent", value=text)
            parent = None
        if text != unit.parent_name or parent != unit.parent:
            before["parent"] = unit.parent_name
            unit.parent_name, unit.parent = text, parent

    def _compare_visit(
        self, row: UnitRow, unit: Unit, plan: RowPlan, before: dict[str, Any]
    ) -> None:
        if row.round is None:
            if row.inspected:
                plan.query("round_missing", "inspected")
            return
        told = row.term is not None
        term = row.term if told else self.terms.of_row(row.inspected)
        visit = self.visits.get((unit.pk, term, row.round))
        if visit is None and told:
            # The same visit, of which no workbook had said the term so far.
            visit = self.visits.get((unit.pk, None, row.round))
        elif visit is None and row.inspected:
            # The same visit, of which another workbook has said the term.
            visit = self.by_month.get((unit.pk, row.round, row.inspected))
        if visit is None:
            before["round"] = "、".join(map(str, self.rounds[unit.pk]))
            visit = Visit(unit=unit, term_number=term, round_number=row.round, month=row.inspected)
            self.visits[unit.pk, term, row.round] = visit
            self.new_visits.append(visit)
        # A round that ran here is known better than a workbook knows it.
        elif visit.imported:
            self._change_visit(row, visit, before)

    def _change_visit(self, row: UnitRow, visit: Visit, before: dict[str, Any]) -> None:
        is_new_month = row.inspected is not None and row.inspected != visit.month
        is_new_term = row.term is not None and visit.term_number is None
        if is_new_month:
            before["inspected"] = as_month(visit.month)
            visit.month = row.inspected
        if is_new_term:
            before["round"] = str(visit.round_number)
            visit.term_number = row.term
        if is_new_month or is_new_term:
            self.changed_visits.append(visit)

    def _link_waiting(self) -> int:
        fresh = {fold(unit.name): unit for unit in self.new}
        waiting = [
            unit
            for unit in self.by_key.values()
            if unit.parent is None and unit.parent_name and fold(unit.parent_name) in fresh
        ]
        linked = 0
        for unit in waiting:
            parent = fresh[fold(unit.parent_name)]
            if may_have_parent(unit, parent):
                unit.parent = parent
                self.changed[unit.pk] = unit
                linked += 1
        return linked
