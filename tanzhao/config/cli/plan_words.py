"""Reasons of the planner in words, with units, rounds and people named by their numbers."""

from collections.abc import Iterable

from django.utils.translation import gettext as _

from tanzhao.engines.planner.reasons import Reason
from tanzhao.engines.planner.teams.problem import TeamsProblem
from tanzhao.engines.planner.term.problem import TermProblem
from tanzhao.inspections.planning.words import ByNumber, sentence


class ByNumberAndKind(ByNumber):
    """Names of an instance: ids, and of a unit also its kind."""

    def __init__(self, problem: TermProblem | TeamsProblem) -> None:
        units = problem.unit if isinstance(problem, TermProblem) else problem.places
        self._kinds = {number: unit.kind for number, unit in units.items()}

    def unit(self, unit: int) -> str:
        if unit not in self._kinds:
            return super().unit(unit)
        return _("unit %(id)s (%(kind)s)") % {"id": unit, "kind": self._kinds[unit]}


def sentences(problem: TermProblem | TeamsProblem, reasons: Iterable[Reason]) -> list[str]:
    """Say reasons of either engine, one sentence each."""
    names = ByNumberAndKind(problem)
    return [sentence(one, names) for one in reasons]


def unit_name(problem: TermProblem, unit: int) -> str:
    """Name a unit by its number and kind."""
    return ByNumberAndKind(problem).unit(unit)
