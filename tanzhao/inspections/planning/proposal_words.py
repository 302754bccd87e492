"""What is said of proposed teams: needs, consequences and clashes, as whole sentences.

Every sentence is a rule, a fact or a number of the format; none is about what somebody is like.
"""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from tanzhao.engines.planner.reasons import Reason
from tanzhao.inspections.planning.words import SENTENCES, ByNumber, sentence

type Stored = Mapping[str, Any]


def need_sentence(stored: Stored) -> str:
    """Say what a team needs somebody for, and who else is free for it."""
    values = stored["values"]
    what = {
        "needed_leader": _("may lead by grade"),
        "needed_deputy": _("may be deputy by grade"),
        "needed_skill": _("%(skill)s, of which the team needs %(need)s"),
        "needed_full_time": _("full-time, of whom the team needs %(need)s"),
        "needed_women": _("one of at least %(need)s women"),
        "needed_men": _("one of at least %(need)s men"),
        "needed_experienced": _("one of at least %(need)s who have served in two rounds"),
        "fills_team": _("fills the team to its %(need)s members"),
    }
    names = {"what": _said(what, stored["code"], values), "count": values["free"]}
    if not names["count"]:
        return _("%(what)s; nobody else is free for it") % names
    return _("%(what)s; others who are free for it: %(count)s") % names


def unmet_sentence(stored: Stored) -> str:
    """Say which demand of a team is not met."""
    sentences = {
        "unmet_leader": _("No leader of the grade that leads."),
        "unmet_deputy": _("No deputy of the grade for it."),
        "unmet_skill": _("%(skill)s: %(have)s of %(need)s."),
        "unmet_full_time": _("Full-time: %(have)s of %(need)s."),
        "unmet_women": _("Women: %(have)s of %(need)s."),
        "unmet_men": _("Men: %(have)s of %(need)s."),
        "unmet_experienced": _("Served in two rounds: %(have)s of %(need)s."),
        "unmet_size": _("Members: %(have)s of %(need)s."),
        "unmet_lending": _("%(unit)s would lend %(have)s people at once; %(need)s are allowed."),
    }
    return _said(sentences, stored["code"], stored["values"])


def met_sentence(stored: Stored) -> str:
    """Say which demand of a team a change meets."""
    sentences = {
        "unmet_leader": _("The team has a leader of the grade that leads."),
        "unmet_deputy": _("The team has a deputy of the grade for it."),
        "unmet_skill": _("The team has %(skill)s."),
        "unmet_full_time": _("The team has enough full-time members."),
        "unmet_women": _("The team has enough women."),
        "unmet_men": _("The team has enough men."),
        "unmet_experienced": _("The team has enough who have served in two rounds."),
        "unmet_size": _("The team has all its members."),
    }
    return _said(sentences, stored["code"], stored["values"])


def difference_sentences(difference: Mapping[str, int]) -> list[str]:
    """Say what a change makes more or less, fact by fact; empty if nothing."""
    sentences = {
        "days": _("days on teams before: %(by)s"),
        "overlap": _("people who were on one team last time: %(by)s"),
        "samehome": _("further people from one workplace: %(by)s"),
        "exp": _("rounds of experience off the average: %(by)s"),
        "women": _("women missing to three: %(by)s"),
        "kind": _("leader led units of this kind last time: %(by)s"),
        "dist": _("distance: %(by)s"),
    }
    return [sentences[name] % {"by": f"{by:+d}"} for name, by in difference.items() if by]


class Called(ByNumber):
    """What people and units were called when a clash was found; see planning/proposed.py."""

    def __init__(self, names: Mapping[str, Mapping[str, str]]) -> None:
        self._names = names

    def person(self, person: int) -> str:
        return self._names.get("person", {}).get(str(person), super().person(person))

    def unit(self, unit: int) -> str:
        return self._names.get("unit", {}).get(str(unit), super().unit(unit))

    def team(self, team: int) -> str:
        return _("Inspection team %(number)s") % {"number": team}


def clash_sentence(stored: Stored, names: Mapping[str, Mapping[str, str]]) -> str:
    """Say one of the demands that cannot hold together."""
    if stored["code"] not in SENTENCES:
        return str(stored["code"])
    return sentence(Reason(stored["code"], tuple(stored["values"].items())), Called(names))


def _said(sentences: Mapping[str, str], code: str, values: Mapping[str, Any]) -> str:
    """Fill in the sentence of a code; a code of a later planner is at least not hidden."""
    return sentences.get(code, code) % values
