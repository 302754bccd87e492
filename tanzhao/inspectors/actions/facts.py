"""What hangs on an inspector: past workplaces, declared recusals, rounds served in."""

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any
from uuid import UUID

from tanzhao.inspectors.models import DeclaredRecusal, Inspector, PastRound, Service
from tanzhao.kernel.imports import RowPlan
from tanzhao.kernel.sheets.text import fold
from tanzhao.units.models import Unit

if TYPE_CHECKING:
    from tanzhao.inspectors.actions.importing import InspectorRow

LONGEST = 120  # characters of a workplace or a unit


class Facts:
    """The facts of all inspectors as they are, and the rows to add, change and remove."""

    def __init__(self, units: Mapping[str, Unit]) -> None:
        self.units = units
        self.services: defaultdict[UUID, dict[str, Service]] = defaultdict(dict)
        for service in Service.objects.all():
            self.services[service.inspector_id][service.workplace] = service
        self.recusals: defaultdict[UUID, dict[str, DeclaredRecusal]] = defaultdict(dict)
        for recusal in DeclaredRecusal.objects.all():
            self.recusals[recusal.inspector_id][recusal.unit_name] = recusal
        self.rounds: defaultdict[UUID, dict[tuple[int | None, int], PastRound]] = defaultdict(dict)
        for past in PastRound.objects.all():
            self.rounds[past.inspector_id][past.term_number, past.round_number] = past
        self.new: defaultdict[type, list[Any]] = defaultdict(list)
        self.changed: defaultdict[type, list[Any]] = defaultdict(list)
        self.gone: defaultdict[type, list[UUID]] = defaultdict(list)

    def compare(
        self, row: "InspectorRow", inspector: Inspector, plan: RowPlan, before: dict[str, Any]
    ) -> None:
        """Plan what the lists of a row change. A list that is empty changes nothing."""
        self._services(row, inspector, plan, before)
        self._recusals(row, inspector, plan, before)
        self._rounds(row, inspector, before)

    def write(self, batch: int) -> None:
        """Write what was planned."""
        for model, keys in self.gone.items():
            for start in range(0, len(keys), batch):
                model.objects.filter(pk__in=keys[start : start + batch]).delete()  # type: ignore[attr-defined]
        for model, rows in self.new.items():
            model.objects.bulk_create(rows, batch_size=batch)  # type: ignore[attr-defined]
        Service.objects.bulk_update(self.changed[Service], ["unit", "until"], batch_size=batch)
        PastRound.objects.bulk_update(self.changed[PastRound], ["term_number"], batch_size=batch)
        recusals = self.changed[DeclaredRecusal]
        DeclaredRecusal.objects.bulk_update(recusals, ["unit"], batch_size=batch)

    def _rounds(self, row: "InspectorRow", inspector: Inspector, before: dict[str, Any]) -> None:
        """Plan which rounds come and go. A term that is told late is added to the round that is
        known; one that is not told any more stays."""
        if not row.rounds:
            return
        left = dict(self.rounds[inspector.pk])
        shown = [
            past.round_number if past.term_number is None else str(past) for past in left.values()
        ]
        wanted = row.terms or [(None, number) for number in row.rounds]
        differs = False
        for term, number in wanted:
            past = left.pop((term, number), None)
            if past is None and term is None:
                key = next((key for key in left if key[1] == number), None)
                past = left.pop(key) if key else None
            elif past is None and (past := left.pop((None, number), None)):
                past.term_number, differs = term, True
                self.changed[PastRound].append(past)
            if past is None:
                differs = True
                self.new[PastRound].append(
                    PastRound(inspector=inspector, term_number=term, round_number=number)
                )
        self.gone[PastRound] += [past.pk for past in left.values()]
        if differs or left:
            before["rounds"] = shown

    def _services(
        self, row: "InspectorRow", inspector: Inspector, plan: RowPlan, before: dict[str, Any]
    ) -> None:
        known = self.services[inspector.pk]
        names = _fitting("past_workplaces", row.past_workplaces, plan)
        if not names:
            return
        shown = [_with_year(name, service.until) for name, service in sorted(known.items())]
        gone = known.keys() - set(names)
        self.gone[Service] += [known[name].pk for name in gone]
        differs = bool(gone)
        for name in names:
            unit, until = self.units.get(fold(name)), row.until.get(name)
            service = known.get(name)
            if service is None:
                self.new[Service].append(
                    Service(inspector=inspector, workplace=name, unit=unit, until=until)
                )
            elif service.unit_id != (unit and unit.pk) or (until and until != service.until):
                service.unit, service.until = unit, until or service.until
                self.changed[Service].append(service)
            else:
                continue
            differs = True
        if differs:
            before["past_workplaces"] = shown

    def _recusals(
        self, row: "InspectorRow", inspector: Inspector, plan: RowPlan, before: dict[str, Any]
    ) -> None:
        known = self.recusals[inspector.pk]
        names = _fitting("recusal_units", row.recusal_units, plan)
        if not names:
            return
        # What was declared here does not go because an older workbook does not know of it.
        declared = {name for name, recusal in known.items() if recusal.declared_at}
        gone = known.keys() - set(names) - declared
        self.gone[DeclaredRecusal] += [known[name].pk for name in gone]
        differs = bool(gone)
        for name in names:
            unit = self.units.get(fold(name))
            recusal = known.get(name)
            if recusal is None:
                self.new[DeclaredRecusal].append(
                    DeclaredRecusal(inspector=inspector, unit_name=name, unit=unit)
                )
            elif recusal.unit_id != (unit and unit.pk):
                recusal.unit = unit
                self.changed[DeclaredRecusal].append(recusal)
            else:
                continue
            differs = True
        if differs:
            before["recusal_units"] = sorted(known)


def _fitting(name: str, texts: Sequence[str], plan: RowPlan) -> list[str]:
    if any(len(text) > LONGEST for text in texts):
        plan.query("too_long", name, most=LONGEST)
    return list(dict.fromkeys(text for text in texts if text and len(text) <= LONGEST))


def _with_year(name: str, until: dt.date | None) -> str:
    return f"{name}（{until:%Y-%m}）" if until else name
