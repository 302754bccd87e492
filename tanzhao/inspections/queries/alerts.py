"""What stands against teams that were put together before it was known, and who is told of it."""

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from tanzhao.access.models import User
from tanzhao.access.table import Action, Role
from tanzhao.audit.models import Entry
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.models import (
    Authorisation,
    Round,
    Team,
    TeamAlert,
    TeamMember,
    TeamsLookedAt,
)
from tanzhao.inspections.queries.facts import recusal_pack
from tanzhao.inspections.queries.staffing import Standing, TeamStaffing, staffing_of
from tanzhao.inspections.states import WATCHED, AuthorisationState, RoundState, TeamRole

# Whatever may turn a person or a unit that was fit for a team into one that is not.
WATCHED_VERBS = (
    Verb.INSPECTOR_ADDED,
    Verb.INSPECTOR_CHANGED,
    Verb.INSPECTORS_IMPORTED,
    Verb.RECUSAL_DECLARED,
    Verb.RECUSAL_WITHDRAWN,
    Verb.UNIT_ADDED,
    Verb.UNIT_CHANGED,
    Verb.UNITS_IMPORTED,
    Verb.UNITS_MERGED,
    Verb.LEDGER_IMPORTED,
    Verb.TERM_CHANGED,
    Verb.ROUND_CHANGED,
    # A declaration and a step of putting a team together may pass each other unseen.
    Verb.MEMBER_ADDED,
    Verb.UNIT_ASSIGNED,
    Verb.WAIVER_GRANTED,
)
# Of many changes at once, one that is about somebody else is not named as the cause.
_ABOUT_MANY = frozenset({Verb.INSPECTORS_IMPORTED, Verb.UNITS_IMPORTED, Verb.LEDGER_IMPORTED})
LEFT_THE_POOL, UNIT_CLOSED = "left_the_pool", "unit_closed"
_TITLES = {
    LEFT_THE_POOL: _("Has left the talent pool"),
    UNIT_CLOSED: _("Is closed or merged"),
}


@dataclass(frozen=True)
class Objection:
    """One reason why a team cannot stay as it is: a refusal nobody has waived, or a loss.

    `titles`: the rule by language, `zh` and `en`. `about`: the unit or second person, as a name.
    `standing` is None for a loss, which no waiver heals.
    """

    rule: str
    titles: dict[str, str]
    sentence: str
    person: str = ""
    about: str = ""
    inspectors: tuple[UUID, ...] = ()
    unit: UUID | None = None
    standing: Standing | None = None

    @property
    def key(self) -> str:
        """The same for the same reason, whatever the language and the order of a pair."""
        who = ",".join(sorted(map(str, self.inspectors)))
        return f"{self.rule}:{who}:{self.unit or ''}"

    @property
    def plain(self) -> dict[str, Any]:
        """What is kept of it in the alert."""
        return {
            "key": self.key,
            "people": [str(key) for key in self.inspectors],
            "unit": str(self.unit or ""),
            **self.told,
        }

    @property
    def told(self) -> dict[str, Any]:
        """What the office is told of it."""
        return {"rule": self.titles, "person": self.person, "about": self.about}


@dataclass(frozen=True)
class Change:
    """Something that was done, by whom (None is the machine's console), and to whom or what."""

    verb: Verb
    about: str
    subject: UUID | None = None
    actor: User | None = None


@dataclass(frozen=True)
class Changes:
    """What was done since all teams were last looked at, and up to where in the trail."""

    found: list[Change]
    position: int
    rules: str


@dataclass(frozen=True)
class Concerned:
    """Whom an alert is told to. `office` may know facts of recusal, `others` may not: each of
    them with whether it is about themselves. `ask`: who of the office helps them, by name."""

    office: list[User] = field(default_factory=list)
    others: list[tuple[User, bool]] = field(default_factory=list)
    ask: str = ""


def objections_of(own: TeamStaffing) -> list[Objection]:
    """Give what stands against a team as it is, in the order in which it was found."""
    return [*map(_of_standing, own.open), *_losses(own)]


def objections_against(round_: Round) -> list[str]:
    """Give what stands against the teams of a round, a sentence for each, every team named."""
    return [
        f"{own.team}: {objection.sentence}"
        for own in staffing_of(round_).teams
        for objection in objections_of(own)
    ]


def watched_rounds() -> QuerySet[Round]:
    """Give the rounds whose teams are looked at again, in the order in which they are locked."""
    return Round.objects.filter(state__in=WATCHED).order_by("pk")


def open_alerts(rounds: QuerySet[Round]) -> QuerySet[TeamAlert]:
    """Give the alerts that are open about teams of these rounds, the oldest first."""
    found = TeamAlert.objects.open().filter(team__round__in=rounds.filter(state__in=WATCHED))
    return found.select_related("team__round__term").order_by("raised_at", "pk")


def is_alerted(team: Team) -> bool:
    """Say whether something became known of `team` after it was complete, and is not settled."""
    return TeamAlert.objects.open().filter(team=team).exists()


def is_concerned(member: TeamMember) -> bool:
    """Say whether an alert is open that is about this member of a team."""
    found = TeamAlert.objects.open().filter(team=member.team_id)
    key = str(member.inspector_id)
    return any(key in one["people"] for alert in found for one in alert.standings)


def _of_standing(standing: Standing) -> Objection:
    conflict = standing.conflict
    other = conflict.other
    about = conflict.target.name if conflict.target else other.name if other else ""
    return Objection(
        rule=conflict.rule.code,
        titles=_titles_of(conflict.rule.code),
        sentence=standing.sentence,
        person=conflict.person.name,
        about=about,
        inspectors=(conflict.person.id, *((other.id,) if other else ())),
        unit=conflict.target.id if conflict.target else None,
        standing=standing,
    )


def _losses(own: TeamStaffing) -> list[Objection]:
    people = [
        Objection(
            LEFT_THE_POOL,
            _titles_of(LEFT_THE_POOL),
            sentence,
            person=inspector.name,
            inspectors=(inspector.pk,),
        )
        for inspector, sentence in own.people_lost
    ]
    units = [
        Objection(UNIT_CLOSED, _titles_of(UNIT_CLOSED), sentence, about=unit.name, unit=unit.pk)
        for unit, sentence in own.units_lost
    ]
    return [*people, *units]


def _titles_of(rule: str) -> dict[str, str]:
    if rule in _TITLES:
        titles = {}
        for name, language in (("zh", "zh-hans"), ("en", "en")):
            with override(language):
                titles[name] = str(_TITLES[rule])
        return titles
    for one in recusal_pack().body["rules"]:
        if one["code"] == rule:
            return {"zh": one["title_zh"], "en": one["title_en"]}
    return {"zh": rule, "en": rule}


def rules_in_force() -> str:
    """Name the office's rules of recusal so that every change of them gives another name."""
    pack = recusal_pack()
    body = json.dumps(pack.body, sort_keys=True, default=str, ensure_ascii=False)
    return f"{pack.name} {pack.version} {hashlib.sha256(body.encode()).hexdigest()[:12]}"[:120]


def changes_to_follow() -> Changes | None:
    """Give what was done since all teams were last looked at; None if nothing was.

    The trail has one order, and an entry is seen only when all before it are: nothing is missed,
    whoever did it and by which way. Two queries when nothing was done.
    """
    last = TeamsLookedAt.objects.first() or TeamsLookedAt()
    rules = rules_in_force()
    newer = Entry.objects.filter(position__gt=last.position)
    entries = list(newer.filter(verb__in=WATCHED_VERBS).select_related("actor"))
    found = [Change(Verb(e.verb), e.target_name, e.target_id, e.actor) for e in entries]
    # The very first look has no earlier rules to compare with, and must happen all the same.
    if last.rules != rules and (last.rules or not found):
        found.append(Change(Verb.PACK_INSTALLED, recusal_pack().name))
    if not found:
        return None
    return Changes(found, entries[-1].position if entries else last.position, rules)


def cause_among(changes: Sequence[Change], standings: Iterable[dict[str, Any]]) -> Change:
    """Choose from `changes`, which is not empty, the one that brought these reasons up or took
    them away: the last about one of their people or units, else the last about many, else the
    last.

    Args:
        standings: as an alert keeps them.
    """
    subjects = {key for one in standings for key in (*one["people"], one["unit"])}
    about = [change for change in changes if str(change.subject) in subjects]
    many = [change for change in changes if change.verb in _ABOUT_MANY]
    return (about or many or list(changes))[-1]


def concerned_by(own: TeamStaffing, objections: Iterable[Objection], on_day: dt.date) -> Concerned:
    """Say whom an alert about a team is told to.

    Of the office: the directors, whoever proposed the round, last marked its teams complete,
    drafted and approved its authorisation. Of the team: its leader and whom it is about, but only
    while the authorisation holds. Before its first day they do not know from the program which
    units the round inspects, and telling them would say it: the office speaks to them.
    """
    round_ = own.team.round
    authorisation = Authorisation.objects.filter(round=round_).first()
    moved = Entry.objects.filter(target_id=round_.pk, verb=Verb.ROUND_MOVED)
    staffed = moved.filter(details__after=RoundState.STAFFED.value).order_by("-position")
    marked_by = staffed.values_list("actor", flat=True).first()
    keys = {round_.proposed_by_id, marked_by}
    if authorisation:
        keys |= {authorisation.drafted_by_id, authorisation.approved_by_id}
    known = User.objects.filter(is_active=True)
    named = [key for key in keys if key]
    office = known.filter(pk__in=named) | known.filter(role=Role.DIRECTOR)
    people = [
        user
        for user in office.order_by("username")
        if user.holds(Action.TEAM_COMPOSE) or user.holds(Action.WAIVER_DECIDE)
    ]
    helpers = sorted(people, key=lambda user: (user.pk != marked_by, user.role != Role.STAFF))
    helpers = [user for user in helpers if user.holds(Action.TEAM_COMPOSE)]
    ask = str(helpers[0]) if helpers else ""
    return Concerned(people, _of_the_team(own, objections, authorisation, on_day), ask)


def _of_the_team(
    own: TeamStaffing,
    objections: Iterable[Objection],
    authorisation: Authorisation | None,
    on_day: dt.date,
) -> list[tuple[User, bool]]:
    if authorisation is None or authorisation.state != AuthorisationState.APPROVED:
        return []
    if not authorisation.starts <= on_day <= authorisation.ends:
        return []
    leaders = {m.inspector_id for m in own.members if m.role == TeamRole.LEADER}
    about = {key for one in objections for key in one.inspectors}
    accounts = User.objects.filter(
        role=Role.INSPECTOR, is_active=True, inspector_id__in=leaders | about
    )
    return [(user, user.inspector_id in about) for user in accounts.order_by("username")]
