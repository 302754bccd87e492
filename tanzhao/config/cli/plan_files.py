"""The files of `tanzhao plan`: instances, plans and changes in, plans out."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from tanzhao.engines.planner.fields import MISSING, BadInstance, is_whole
from tanzhao.engines.planner.teams import checking as teams_checking
from tanzhao.engines.planner.teams.exchange import composed_from, teams_problem_from
from tanzhao.engines.planner.teams.problem import TeamsPlan, TeamsProblem
from tanzhao.engines.planner.term import checking as term_checking
from tanzhao.engines.planner.term.exchange import placed_from, term_problem_from
from tanzhao.engines.planner.term.problem import TermPlan, TermProblem

# What the engines say should stand in a field; they know no languages.
WANTED = (
    gettext_noop("a whole number"),
    gettext_noop("a whole number of %(least)s or more"),
    gettext_noop("a number"),
    gettext_noop("a text"),
    gettext_noop("true or false"),
    gettext_noop("an object"),
    gettext_noop("a list"),
    gettext_noop("a list of whole numbers"),
    gettext_noop("a list of texts"),
    gettext_noop("1 or 2"),
    gettext_noop("a visit of this unit, 0 or 1, and its round"),
    gettext_noop("pairs of a unit and how many years ago"),
    gettext_noop("whole numbers as keys"),
    gettext_noop("each id once"),
    gettext_noop("ids of units of this instance"),
    gettext_noop("ids of rounds of this instance"),
    gettext_noop("ids of people of this instance"),
    gettext_noop("ids of teams and people of this instance"),
    gettext_noop("pairs of a team and a person"),
    gettext_noop("a team, a person and “member”, “leader” or “deputy”"),
    gettext_noop("“member”, “leader” or “deputy”"),
    gettext_noop("one of the changes of planning-format.md"),
    gettext_noop("an id that no unit has yet"),
    gettext_noop("an id that no other unit has"),
    gettext_noop("a unit of the term"),
    gettext_noop("a visit that the unit has"),
    gettext_noop("a round of the term"),
)


class BadFile(Exception):
    """A file cannot be used. The message is a whole sentence in the reader's language."""


def read_problem(file: Path) -> TermProblem | TeamsProblem:
    """Read an instance, of a term (kind "A") or of teams (kind "B").

    Raises: BadFile.
    """
    document = _document(file)
    return _teams(file, document) if document.get("kind") == "B" else _term(file, document)


def read_term(file: Path) -> TermProblem:
    """Read an instance of a term. Raises: BadFile."""
    return _term(file, _document(file))


def read_teams(file: Path) -> TeamsProblem:
    """Read an instance of the teams of a round. Raises: BadFile."""
    return _teams(file, _document(file))


def read_term_plan(file: Path, problem: TermProblem) -> TermPlan:
    """Read a plan of a term. Its cost is counted anew; its bound is taken as written.

    Raises: BadFile.
    """
    document = _document(file)
    visits = _read(file, placed_from, document)
    return TermPlan(visits, term_checking.cost_of(problem, visits).total, _bound(document))


def read_teams_plan(file: Path, problem: TeamsProblem) -> TeamsPlan:
    """Read teams. Their cost is counted anew; the bound is taken as written.

    Raises: BadFile.
    """
    document = _document(file)
    teams = _read(file, composed_from, document)
    return TeamsPlan(teams, teams_checking.cost_of(problem, teams), _bound(document))


def read_changes[T](file: Path, read: Callable[[Mapping[str, Any]], T]) -> T:
    """Read a file of changes with `read`, which knows its kind.

    Raises: BadFile.
    """
    return _read(file, read, _document(file))


def write_document(file: Path, document: Mapping[str, Any]) -> None:
    """Write a JSON document, whole or not at all.

    Raises: BadFile.
    """
    beside = file.with_name(file.name + ".part")
    try:
        beside.write_text(json.dumps(document, ensure_ascii=False) + "\n", encoding="utf-8")
        beside.replace(file)
    except OSError as error:
        text = _("%(file)s cannot be written: %(why)s.")
        raise BadFile(text % {"file": file, "why": error.strerror}) from error


def _term(file: Path, document: Mapping[str, Any]) -> TermProblem:
    if document.get("kind") == "B":
        text = _("%(file)s is the teams of a round, and a term is wanted here.")
        raise BadFile(text % {"file": file.name})
    _check_kind(file, document)
    return _read(file, term_problem_from, document)


def _teams(file: Path, document: Mapping[str, Any]) -> TeamsProblem:
    if document.get("kind") == "A":
        text = _("%(file)s is a term, and the teams of a round are wanted here.")
        raise BadFile(text % {"file": file.name})
    _check_kind(file, document)
    return _read(file, teams_problem_from, document)


def _check_kind(file: Path, document: Mapping[str, Any]) -> None:
    if document.get("kind") not in ("A", "B"):
        text = _("%(file)s: “kind” must be “A” for a term or “B” for the teams of a round.")
        raise BadFile(text % {"file": file.name})


def _bound(document: Mapping[str, Any]) -> int:
    bound = document.get("bound")
    return bound if is_whole(bound) else 0


def _document(file: Path) -> Mapping[str, Any]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        sentence = _("%(file)s cannot be read: %(why)s.")
        raise BadFile(sentence % {"file": file, "why": error.strerror}) from error
    except UnicodeDecodeError as error:
        raise BadFile(_("%(file)s is not JSON in UTF-8.") % {"file": file.name}) from error
    try:
        document = json.loads(text)
    except json.JSONDecodeError as error:
        sentence = _("%(file)s is not JSON: line %(line)s, column %(column)s.")
        place = {"file": file.name, "line": error.lineno, "column": error.colno}
        raise BadFile(sentence % place) from error
    except (ValueError, RecursionError) as error:  # numbers of thousands of digits; deep nesting
        raise BadFile(_("%(file)s is not JSON in UTF-8.") % {"file": file.name}) from error
    if not isinstance(document, dict):
        raise BadFile(_("%(file)s holds no JSON object.") % {"file": file.name})
    return document


def _read[T](file: Path, read: Callable[[Mapping[str, Any]], T], document: Mapping[str, Any]) -> T:
    try:
        return read(document)
    except BadInstance as error:
        place = {"file": file.name, "where": error.where}
        if error.wanted == MISSING:
            raise BadFile(_("%(file)s: %(where)s is missing.") % place) from error
        wanted = _(error.wanted) % error.values
        text = _("%(file)s: %(where)s should be: %(wanted)s.")
        raise BadFile(text % (place | {"wanted": wanted})) from error
