"""Whether a row of a workbook is about a person who is in the talent pool already."""

import re
from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.imports import RowPlan
from tanzhao.kernel.sheets.identity import check_digit
from tanzhao.kernel.sheets.text import fold

if TYPE_CHECKING:
    from tanzhao.inspectors.actions.importing import InspectorRow


class Pool:
    """The persons known, those of earlier rows included, and which rows have claimed whom."""

    def __init__(self, known: Sequence[Inspector]) -> None:
        self.by_id = {person.id_number: person for person in known if person.id_number}
        self.by_name: defaultdict[str, list[Inspector]] = defaultdict(list)
        for person in known:
            self.by_name[fold(person.name)].append(person)
        self.known = {person.pk for person in known}
        self.claimed: set[object] = set()

    def find(self, row: "InspectorRow", plan: RowPlan) -> Inspector | None:
        """Find the person a row is about; None for somebody new. The plan says what is doubtful.

        Nobody is guessed: where two persons could be meant, the row is refused.
        """
        person = self.by_id.get(row.id_number) if row.id_number else None
        if person is not None:
            if fold(person.name) != fold(row.name):
                plan.refuse("id_of_another", "id_number", other=person.name)
                return None
        else:
            person = self._alike(row, plan)
        if person is not None and person.pk in self.claimed:
            plan.refuse("duplicate", "name", value=row.name)
            return None
        return person

    def claim(self, person: Inspector) -> None:
        """Note that a row was taken for this person, who may be new."""
        if person.pk not in self.known and person.pk not in self.claimed:
            self.by_name[fold(person.name)].append(person)
        self.claimed.add(person.pk)
        if person.id_number:
            self.by_id[person.id_number] = person

    def _alike(self, row: "InspectorRow", plan: RowPlan) -> Inspector | None:
        namesakes = self.by_name[fold(row.name)]
        found = [person for person in namesakes if is_alike(row, person)]
        if len(found) > 1:
            found = [p for p in found if fold(p.workplace) == fold(row.workplace)] or found
        if len(found) > 1:
            plan.refuse("several_persons", "name", value=row.name)
            return None
        if found:
            return found[0]
        other = next((person for person in namesakes if person.pk in self.known), None)
        if other is not None:
            shown = f"{other.name}（{other.workplace}）" if other.workplace else other.name
            plan.query("possible_duplicate", "name", value=row.name, other=shown)
        return None


def is_alike(row: "InspectorRow", person: Inspector) -> bool:
    """Say whether a row of the same name is about `person`, though no ID number says so."""
    same_born = bool(row.born) and row.born == person.born
    if row.born and person.born and not same_born:
        return False
    if row.id_number and person.id_number:
        # One of two numbers may be mistyped; two sound ones are two people.
        both_sound = is_sound(row.id_number) and is_sound(person.id_number)
        return same_born and not both_sound
    if same_born:
        return True
    if row.workplace or person.workplace:
        return fold(row.workplace) == fold(person.workplace)
    return not row.born and not person.born


def is_sound(id_number: str) -> bool:
    """Say whether an ID number has the right length and check digit."""
    if re.fullmatch(r"\d{15}", id_number):
        return True
    return bool(re.fullmatch(r"\d{17}[\dX]", id_number)) and (
        check_digit(id_number[:17]) == id_number[17]
    )
