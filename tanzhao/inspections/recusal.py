"""Recusal 回避: facts about people and units in, conflicts out. Plain values, no database."""

import datetime as dt
import re
import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

REFUSE, WARN = "refuse", "warn"

_OF_TOWN = re.compile(r"(?<=[乡镇道])(人民政府|政府|党工委|党委|委员会|办事处)$")
_TOWN = re.compile(r".+?(?:乡|镇|街道)")
_SUFFIX = re.compile(r"(民族乡|乡|镇|街道)$")
_ANY_COUNTY = re.compile(r"^.+[县区市旗](?=..)")


@dataclass(frozen=True)
class Place:
    """Where somebody works: its name as written, and the unit if one bears that name."""

    name: str
    unit_id: UUID | None = None


@dataclass(frozen=True)
class FormerPlace:
    place: Place
    until: dt.date | None = None


@dataclass(frozen=True)
class Person:
    """What the rules ask about one person. `other_teams`: numbers of the other teams of the
    same round that the person is in. `is_lent`: not of the inspection office's own staff.
    `past_rounds`: those of which no term is known; `rounds_of_terms`: (term, round) of others."""

    id: UUID
    name: str
    workplace: Place = Place("")
    is_lent: bool = True
    native_place: str = ""
    former: tuple[FormerPlace, ...] = ()
    declared: tuple[Place, ...] = ()
    past_rounds: frozenset[int] = frozenset()
    rounds_of_terms: frozenset[tuple[int, int]] = frozenset()
    other_teams: tuple[int, ...] = ()

    def served_in(self, term: int | None, number: int | None) -> bool:
        """Say whether the person may have served in this round. A term that is not known, of the
        round or of the service, is taken to be the same."""
        if number in self.past_rounds:
            return True
        return any(n == number and term in (None, own) for own, n in self.rounds_of_terms)


@dataclass(frozen=True)
class Target:
    """What the rules ask about one inspected unit.

    `above`: the organisations over it, nearest first. `taken_up`: what merged into it or into one
    of those; who worked there works, so to say, here. `last_round`: the round that inspected it
    last, of the term `last_term`, None where that is not known. `last_inspectors`: who served on
    that team; None where only the round is known.
    """

    id: UUID
    name: str
    above: tuple[Place, ...] = ()
    taken_up: tuple[Place, ...] = ()
    last_round: int | None = None
    last_term: int | None = None
    last_inspectors: frozenset[UUID] | None = None

    @property
    def places(self) -> tuple[Place, ...]:
        """The unit itself, what stands above it, and what merged into one of them."""
        return (Place(self.name, self.id), *self.above, *self.taken_up)


@dataclass(frozen=True)
class Rule:
    code: str
    title: str
    severity: str
    waivable: bool


@dataclass(frozen=True)
class Setting:
    """The rules of the office. `starts`: the day from which years are looked back.
    `county`: the county's full name, "" if not known."""

    rules: Mapping[str, Rule]
    look_back_years: int
    starts: dt.date
    county: str = ""


@dataclass(frozen=True)
class Conflict:
    """One rule broken by one fact. It is about a unit, about a second member, or about neither."""

    rule: Rule
    person: Person
    fact: str
    target: Target | None = None
    other: Person | None = None

    @property
    def is_refusal(self) -> bool:
        return self.rule.severity == REFUSE

    @property
    def is_waivable(self) -> bool:
        """Being in two teams is no conflict of interest but an impossibility."""
        return self.is_refusal and self.rule.waivable and bool(self.target or self.other)

    @property
    def keys(self) -> frozenset[tuple[str, UUID, UUID | None, UUID | None]]:
        """The ways in which a waiver may name this conflict: a pair can be named from each end."""
        unit = self.target.id if self.target else None
        if self.other is None:
            return frozenset({(self.rule.code, self.person.id, unit, None)})
        return frozenset(
            {
                (self.rule.code, self.person.id, unit, self.other.id),
                (self.rule.code, self.other.id, unit, self.person.id),
            }
        )


def conflicts_of(
    person: Person, *, targets: Iterable[Target], colleagues: Iterable[Person], setting: Setting
) -> list[Conflict]:
    """Find every rule that `person` breaks on a team with these units and other members.

    Rules the office has struck out of its pack are not asked. In the order of the rules' checks;
    a person is never compared with themselves.
    """
    found = [
        Conflict(setting.rules[code], person, fact, target=target)
        for target in targets
        for code, check in UNIT_CHECKS.items()
        if code in setting.rules
        for fact in check(person, target, setting)
    ]
    found += [
        Conflict(setting.rules[code], person, fact, other=other)
        for other in colleagues
        if other.id != person.id
        for code, pair_check in PAIR_CHECKS.items()
        if code in setting.rules
        for fact in pair_check(person, other, setting)
    ]
    found += [
        Conflict(setting.rules[code], person, fact)
        for code, own_check in PERSON_CHECKS.items()
        if code in setting.rules
        for fact in own_check(person)
    ]
    return found


def conflicts_of_team(
    members: Sequence[Person], *, targets: Sequence[Target], setting: Setting
) -> list[Conflict]:
    """Find every conflict of a whole team; one between two members is named once."""
    found: list[Conflict] = []
    for position, person in enumerate(members):
        found += conflicts_of(
            person, targets=targets, colleagues=members[:position], setting=setting
        )
    return found


def is_same_place(one: Place, other: Place, county: str = "") -> bool:
    """Say whether two names mean one organisation: by the unit where both have one, else by name,
    whether or not the county's name, 中共 or 人民政府 is written with it."""
    if one.unit_id and other.unit_id:
        return one.unit_id == other.unit_id
    name = plain_name(one.name, county)
    return bool(name) and name == plain_name(other.name, county)


def plain_name(name: str, county: str = "") -> str:
    """Take away from an organisation's name what people write or leave out as they please."""
    text = "".join(unicodedata.normalize("NFKC", name).split()).removeprefix("中共")
    if county and len(text) > len(county):
        text = text.removeprefix(county)
    if len(text) > 2:
        text = text.removeprefix("县")
    return _OF_TOWN.sub("", text)


def town_stem(name: str, county: str = "") -> str:
    """Give the township that a native place or a unit's name speaks of, without 乡, 镇 or 街道.

    岚水县马营镇东洼村, 岚水马营 and 马营乡 all give 马营; 渭源县马营镇 does not, if the county is
    known to be 岚水县. A name that speaks of no township comes back whole.
    """
    text = "".join(unicodedata.normalize("NFKC", name).split()).removeprefix("中共")
    if county:
        for prefix in (county, county.rstrip("县区市旗")):
            after = text.partition(prefix)[2]
            if len(after) > 1:
                text = after
                break
    else:
        text = _ANY_COUNTY.sub("", text)
    town = _TOWN.match(text)
    text = town.group() if town else text
    stem = _SUFFIX.sub("", text)
    return stem if len(stem) > 1 else text


def _match(place: Place, target: Target, setting: Setting) -> str:
    """Name the unit, or what stands above it, if it is `place`; "" if neither is."""
    for own in target.places:
        if is_same_place(place, own, setting.county):
            return _with_unit(own.name, target)
    return ""


def _with_unit(name: str, target: Target) -> str:
    if name == target.name:
        return name
    if any(name == former.name for former in target.taken_up):
        return _("%(former)s (merged, now in %(unit)s)") % {"former": name, "unit": target.name}
    return _("%(above)s (above %(unit)s)") % {"above": name, "unit": target.name}


def _own_workplace(person: Person, target: Target, setting: Setting) -> Iterator[str]:
    if place := _match(person.workplace, target, setting):
        yield _("%(person)s works in %(place)s.") % {"person": person.name, "place": place}


def _former_workplace(person: Person, target: Target, setting: Setting) -> Iterator[str]:
    for former in person.former:
        place = _match(former.place, target, setting)
        if not place:
            continue
        names = {"person": person.name, "place": place}
        if former.until is None:
            yield _("%(person)s once worked in %(place)s; until when is not known.") % names
        elif former.until >= _years_before(setting.starts, setting.look_back_years):
            names["until"] = former.until.isoformat()
            yield _("%(person)s worked in %(place)s until %(until)s.") % names


def _years_before(day: dt.date, years: int) -> dt.date:
    try:
        return day.replace(year=day.year - years)
    except ValueError:  # 29 February
        return day.replace(year=day.year - years, day=28)


def _declared_unit(person: Person, target: Target, setting: Setting) -> Iterator[str]:
    for declared in person.declared:
        if place := _match(declared, target, setting):
            yield _("%(person)s has declared to stay away from %(place)s.") % {
                "person": person.name,
                "place": place,
            }


def _native_township(person: Person, target: Target, setting: Setting) -> Iterator[str]:
    native = town_stem(person.native_place, setting.county)
    stems = [town_stem(own.name, setting.county) for own in target.places]
    if not native or native not in stems:
        return
    names = {"person": person.name, "native": person.native_place, "unit": target.name}
    if native == _SUFFIX.sub("", plain_name(target.name, setting.county)):
        yield _("The native place of %(person)s is %(native)s, the inspected unit.") % names
    else:
        yield _("The native place of %(person)s is %(native)s, where %(unit)s is.") % names


def _same_unit_last_round(person: Person, target: Target, setting: Setting) -> Iterator[str]:  # noqa: ARG001  all checks look alike
    names = {"person": person.name, "unit": target.name, "round": target.last_round}
    if target.last_inspectors is not None:
        if person.id in target.last_inspectors:
            yield _("%(person)s served on the team that inspected %(unit)s last time.") % names
    elif person.served_in(target.last_term, target.last_round):
        yield (
            _(
                "%(person)s served in round %(round)s, which inspected %(unit)s last; "
                "on which team is not known."
            )
            % names
        )


def _two_from_one_unit(person: Person, other: Person, setting: Setting) -> Iterator[str]:
    lent = person.is_lent and other.is_lent
    if lent and is_same_place(person.workplace, other.workplace, setting.county):
        yield _("%(person)s and %(other)s are both lent by %(place)s.") % {
            "person": person.name,
            "other": other.name,
            "place": person.workplace.name,
        }


def _one_inspector_two_teams(person: Person) -> Iterator[str]:
    for number in person.other_teams:
        yield _("%(person)s is in inspection team %(number)s of this round.") % {
            "person": person.name,
            "number": number,
        }


UNIT_CHECKS: dict[str, Callable[[Person, Target, Setting], Iterator[str]]] = {
    "own_workplace": _own_workplace,
    "former_workplace": _former_workplace,
    "declared_unit": _declared_unit,
    "native_township": _native_township,
    "same_unit_last_round": _same_unit_last_round,
}
PAIR_CHECKS: dict[str, Callable[[Person, Person, Setting], Iterator[str]]] = {
    "two_from_one_unit": _two_from_one_unit,
}
PERSON_CHECKS: dict[str, Callable[[Person], Iterator[str]]] = {
    "one_inspector_two_teams": _one_inspector_two_teams,
}
