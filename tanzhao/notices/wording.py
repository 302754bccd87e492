"""The sentences of notices, made in the language of whoever reads them."""

from collections.abc import Callable, Mapping
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tanzhao.notices.states import NoticeKind

type Values = Mapping[str, Any]


def sentence_of(kind: str, values: Values) -> str:
    """Say a notice in the language of the page.

    Args:
        values: of a team: `term`, `round`, `team` (numbers); for the office `standings`, each with
            `rule` (`zh`, `en`), `person` and `about` (names, "" if there is none), which are kept
            from everybody else; `is_own` for whom it is about; `ask`, the name of who helps.
            Of a recusal: `person`, `unit`, and `by` or `reason`.
    """
    return _SENTENCES[NoticeKind(kind)](values)


def _of_team(head: Callable[[dict[str, str]], str]) -> Callable[[Values], str]:
    def sentence(values: Values) -> str:
        place = {
            "team": _("Inspection team %(number)s") % {"number": values["team"]},
            "round": _("Term %(term)s, round %(round)s")
            % {"term": values["term"], "round": values["round"]},
        }
        said = head(place)
        for more in _tail(values):
            # Between two sentences stands a blank in English and nothing in Chinese.
            said = _("%(said)s %(more)s") % {"said": said, "more": more}
        return said

    return sentence


def _tail(values: Values) -> list[str]:
    said = [_standing(one) for one in values.get("standings", ())]
    if values.get("is_own"):
        said.append(_("It is about yourself."))
    if values.get("ask"):
        said.append(_("Ask %(person)s of the inspection office.") % {"person": values["ask"]})
    return said


def _standing(one: Values) -> str:
    rule = one["rule"]["en" if (get_language() or "").startswith("en") else "zh"]
    if one["person"] and one["about"]:
        fact = _("%(person)s: %(about)s") % one
    else:
        fact = one["person"] or one["about"]
    return _("[%(rule)s] %(fact)s.") % {"rule": rule, "fact": fact}


_SENTENCES: dict[NoticeKind, Callable[[Values], str]] = {
    NoticeKind.TEAM_OBJECTED: _of_team(
        lambda p: _("Something new stands against %(team)s (%(round)s) as it is.") % p
    ),
    NoticeKind.TEAM_REOPENED: _of_team(
        lambda p: (
            _("%(team)s (%(round)s) was complete and is reopened: something new stands against it.")
            % p
        )
    ),
    NoticeKind.TEAM_HELD: _of_team(
        lambda p: (
            _("%(team)s (%(round)s) cannot enter the field yet: something new stands against it.")
            % p
        )
    ),
    NoticeKind.TEAM_DOUBTED: _of_team(
        lambda p: (
            _("%(team)s (%(round)s) is at work, and something new stands against its make-up.") % p
        )
    ),
    NoticeKind.TEAM_SETTLED: _of_team(
        lambda p: _("Nothing stands against %(team)s (%(round)s) any more.") % p
    ),
    NoticeKind.RECUSAL_DECLARED: lambda values: (
        _("%(person)s has declared to stay away from %(unit)s.") % values
    ),
    NoticeKind.RECUSAL_ENTERED: lambda values: (
        _("%(by)s has entered for you that you stay away from %(unit)s.") % values
    ),
    NoticeKind.RECUSAL_WITHDRAWN: lambda values: (
        _("Your declaration on %(unit)s was withdrawn: %(reason)s") % values
    ),
    NoticeKind.COMPARISON_REQUESTED: lambda values: (
        _("%(person)s asks to compare %(count)s data sets: %(purpose)s") % values
    ),
    NoticeKind.RULE_PROPOSED: lambda values: _("%(person)s proposes the rule “%(rule)s”.") % values,
    NoticeKind.COMPARISON_DECIDED: lambda values: (
        _("%(person)s has approved comparison %(number)s.") % values
        if values["is_approved"]
        else _("%(person)s has refused comparison %(number)s: %(reason)s") % values
    ),
    NoticeKind.COMPARISON_MADE: lambda values: (
        _("Comparison %(number)s gave %(count)s hits. Each is a question to be verified.") % values
    ),
    NoticeKind.HITS_ASSIGNED: lambda values: (
        _("%(count)s hits on %(unit)s were given to your team to verify.") % values
    ),
    NoticeKind.HIT_PROPOSED: lambda _values: _(
        "Hits have been verified. A second person confirms each outcome."
    ),
    NoticeKind.HIT_RETURNED: lambda values: (
        _("%(person)s has sent your outcome back: %(reason)s") % values
    ),
    NoticeKind.LIKENESS_ASKED: lambda values: (
        _("%(person)s may read only one of two documents that are alike, and asks: %(question)s")
        % values
    ),
    NoticeKind.LIKENESS_REPLIED: lambda values: (
        _("%(person)s replies about the document that is not open to you: %(reply)s") % values
    ),
}
