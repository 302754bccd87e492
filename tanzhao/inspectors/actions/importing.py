"""Taking rows of an office's workbook of inspectors into the talent pool."""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.documents.models import StoredFile
from tanzhao.inspectors.actions.facts import Facts
from tanzhao.inspectors.actions.matching import Pool
from tanzhao.inspectors.models import Inspector
from tanzhao.inspectors.rules import may_change_inspectors
from tanzhao.kernel.imports import Outcome, RowPlan, as_month, counts_of, most_characters
from tanzhao.kernel.sheets.text import fold
from tanzhao.kernel.turns import take_turns
from tanzhao.kernel.verdict import require
from tanzhao.units.models import Unit

BATCH = 500
_TEXTS = ("sex", "native_place", "id_number", "title", "grade", "phone")
_FIELDS = (*_TEXTS, "born", "workplace", "workplace_unit", "full_time", "skills")


@dataclass(frozen=True)
class InspectorRow:
    """One row of a workbook of inspectors. Empty says nothing and changes nothing."""

    name: str
    sex: str = ""
    born: dt.date | None = None  # the first of the month
    native_place: str = ""
    id_number: str = ""
    workplace: str = ""
    title: str = ""
    grade: str = ""
    full_time: bool | None = None
    skills: Sequence[str] = ()
    past_workplaces: Sequence[str] = ()
    recusal_units: Sequence[str] = ()
    rounds: Sequence[int] = ()
    # The same as (term, round), where the workbook names terms; None for a round without one.
    terms: Sequence[tuple[int | None, int]] = ()
    phone: str = ""
    # Past workplace to the last month there, where the workbook says it.
    until: Mapping[str, dt.date] = field(default_factory=dict)


@transaction.atomic
def take_inspector_rows(
    *,
    rows: Sequence[InspectorRow],
    actor: User | None,
    at: datetime,
    source: StoredFile,
    operator: str = "",
    keep: bool = True,
) -> list[RowPlan]:
    """Take rows of inspectors: all of them or none. The same rows twice change nothing.

    A person is known again by the ID number, or else by name and month of birth, or name and
    workplace. A filled cell replaces what is known, an empty one leaves it.

    Args:
        actor: who imports; None for an operator at the machine, named by `operator`.
        source: the workbook, for the trail; one read on the command line need not be stored.
        keep: False says what would become of each row, and changes nothing.
    Returns: what becomes of each row, in the order of the rows.
    Raises:
        Refused: the actor may not change the talent pool.
    """
    require(may_change_inspectors(actor))
    if keep:
        take_turns("inspectors")
    writer = _Writer()
    plans = writer.plan(rows)
    if keep:
        writer.write()
        record(
            verb=Verb.INSPECTORS_IMPORTED,
            actor=actor,
            target=source,
            at=at,
            operator=operator,
            sha256=source.sha256,
            **counts_of(plans),
        )
    return plans


class _Writer:
    """The talent pool as it is, and as it will be once the rows are taken."""

    def __init__(self) -> None:
        known = list(Inspector.objects.select_for_update().order_by("pk"))
        self.pool = Pool(known)
        self.units = {fold(unit.name): unit for unit in Unit.objects.all()}
        self.facts = Facts(self.units)
        self.new: list[Inspector] = []
        self.changed: list[Inspector] = []

    def plan(self, rows: Sequence[InspectorRow]) -> list[RowPlan]:
        plans = [RowPlan() for _row in rows]
        numbered = [bool(row.id_number and row.id_number in self.pool.by_id) for row in rows]
        # Those that the ID number tells come first: a likeness must not take their place.
        for first in (True, False):
            for row, plan, is_numbered in zip(rows, plans, numbered, strict=True):
                if is_numbered is first:
                    self._take(row, plan)
        return plans

    def write(self) -> None:
        Inspector.objects.bulk_create(self.new, batch_size=BATCH)
        Inspector.objects.bulk_update(self.changed, _FIELDS, batch_size=200)
        self.facts.write(BATCH)

    def _take(self, row: InspectorRow, plan: RowPlan) -> None:
        most = most_characters(Inspector, "name")
        if len(row.name) > most:
            plan.refuse("too_long_name", "name", most=most)
            return
        inspector = self.pool.find(row, plan)
        if plan.outcome == Outcome.REFUSED:
            return
        if inspector is None:
            plan.outcome = Outcome.NEW
            inspector = Inspector(name=row.name)
            self.new.append(inspector)
        before = self._compare(row, inspector, plan)
        self.pool.claim(inspector)
        own = set(before) & {*_TEXTS, "born", "workplace", "full_time", "skills"}
        if plan.outcome != Outcome.NEW and before:
            plan.outcome, plan.before = Outcome.CHANGED, before
            if own:
                self.changed.append(inspector)

    def _compare(self, row: InspectorRow, inspector: Inspector, plan: RowPlan) -> dict[str, Any]:
        before: dict[str, Any] = {}
        for name in _TEXTS:
            text = plan.fitting(name, Inspector, getattr(row, name))
            if text and text != getattr(inspector, name):
                before[name] = getattr(inspector, name)
                setattr(inspector, name, text)
        if "id_number" in before:
            before["id_number"] = Inspector(id_number=before["id_number"]).masked_id_number
        if row.born and row.born != inspector.born:
            before["born"] = as_month(inspector.born)
            inspector.born = row.born
        if row.full_time is not None and row.full_time != inspector.full_time:
            before["full_time"] = inspector.full_time
            inspector.full_time = row.full_time
        if row.skills and list(row.skills) != inspector.skills:
            before["skills"] = list(inspector.skills)
            inspector.skills = list(row.skills)
        self._compare_workplace(row, inspector, plan, before)
        self.facts.compare(row, inspector, plan, before)
        return before

    def _compare_workplace(
        self, row: InspectorRow, inspector: Inspector, plan: RowPlan, before: dict[str, Any]
    ) -> None:
        text = plan.fitting("workplace", Inspector, row.workplace)
        unit = self.units.get(fold(text))
        linked = inspector.workplace_unit_id == (unit.pk if unit else None)
        if text and (text != inspector.workplace or not linked):
            before["workplace"] = inspector.workplace
            inspector.workplace, inspector.workplace_unit = text, unit
