"""Rounds of the story: proposed, approved, staffed, authorised, in the field, reporting."""

import datetime as dt
from datetime import timedelta
from typing import Any

from tanzhao.access.models import User
from tanzhao.inspections.actions import (
    add_member,
    approve_authorisation,
    approve_round,
    assign_unit,
    decide_waiver,
    draft_authorisation,
    enter_field,
    form_team,
    mark_staffed,
    open_term,
    propose_round,
    request_waiver,
)
from tanzhao.inspections.models import Round, Team, Term
from tanzhao.inspections.states import TeamRole
from tanzhao.inspectors.models import Inspector
from tanzhao.papers.actions import close_fieldwork
from tanzhao.taxonomy.models import Code, Frame
from tanzhao.units.models import Unit
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.people import MINUTE, Cast
from tanzhao.web.sample.playing import Scene

# The term of the sample workbooks, whose first round was in October 2021.
TERM_STARTS = dt.date(2021, 8, 30)
FIVE_YEARS = timedelta(days=5 * 365)
HALF_A_YEAR = timedelta(days=183)


def opening_the_term(days: Days, cast: Cast, texts: dict[str, Any]) -> Scene:
    at = days.at(58, "09:00")
    yield at
    ends = max(TERM_STARTS + FIVE_YEARS, days.today + HALF_A_YEAR)
    open_term(starts=TERM_STARTS, ends=ends, actor=cast.office["staff_a"], at=at, **texts)


def round_scene(days: Days, cast: Cast, plan: dict[str, Any]) -> Scene:
    """A round, as far as its plan tells of it."""
    at = days.at(plan["proposed"], "09:30")
    yield at
    staff = cast.office["staff_a"]
    round_ = _propose(days, plan, actor=staff, at=at)
    if "approved" in plan:
        at = days.at(plan["approved"], "16:00")
        yield at
        approve_round(round_id=round_.pk, actor=cast.office["director"], at=at)
    yield from _composing(days, cast, plan, round_)
    if "staffed" not in plan:
        return
    at = days.at(plan["staffed"], "10:00")
    yield at
    mark_staffed(round_id=round_.pk, actor=staff, at=at)
    yield from _authorising(days, cast, plan, round_)
    if "closed" in plan:
        at = days.at(plan["closed"], "17:30")
        yield at
        close_fieldwork(round_id=round_.pk, actor=staff, at=at)


def _propose(days: Days, plan: dict[str, Any], *, actor: User, at: dt.datetime) -> Round:
    starts = days.day(plan["starts"])
    ends = days.day(plan["closed"]) if "closed" in plan else _last_day(days, plan, starts)
    return propose_round(
        term=Term.objects.get(starts=TERM_STARTS),
        number=plan["number"],
        kind=Code.objects.get(frame__name="round-kinds", code=plan["kind"]),
        frame=Frame.objects.get(name=plan["frame"]),
        starts=starts,
        ends=ends,
        focus=plan["focus"],
        actor=actor,
        at=at,
    )


def _last_day(days: Days, plan: dict[str, Any], starts: dt.date) -> dt.date:
    return starts + timedelta(days=plan["lasts"]) if "lasts" in plan else days.ahead(plan["holds"])


def _composing(days: Days, cast: Cast, plan: dict[str, Any], round_: Round) -> Scene:
    """Units first, so that the rules of recusal have something to be asked about."""
    staff = cast.office["staff_a"]
    at = days.at(plan["composed"], "09:00")
    teams: list[tuple[Team, dict[str, Any]]] = []
    for wanted in plan["teams"]:
        yield at
        team = form_team(round_id=round_.pk, actor=staff, at=at)
        for name in wanted["units"]:
            assign_unit(team_id=team.pk, unit_id=_unit(name), actor=staff, at=at)
        waived = {one["person"] for one in wanted.get("waivers", ())}
        for name, role in _people(wanted):
            if name not in waived:
                _add(team, name, role, staff, at)
        at += 40 * MINUTE
        yield at
        for one in wanted.get("waivers", ()):
            request_waiver(
                team_id=team.pk,
                inspector_id=_inspector(one["person"]),
                unit_id=_unit(one["unit"]),
                rule=one["rule"],
                reason=one["reason"],
                actor=staff,
                at=at,
            )
        teams.append((team, wanted))
    if "waivers_decided" not in plan:
        return
    at = days.at(plan["waivers_decided"], "15:00")
    for team, wanted in teams:
        for one in wanted.get("waivers", ()):
            yield at
            _grant(team, wanted, one, cast, at)


def _grant(
    team: Team, wanted: dict[str, Any], one: dict[str, Any], cast: Cast, at: dt.datetime
) -> None:
    waiver = team.waivers.get(inspector__name=one["person"])
    decider = cast.office["director"]
    decide_waiver(
        waiver_id=waiver.pk, is_granted=True, reason=one["decision"], actor=decider, at=at
    )
    role = dict(_people(wanted))[one["person"]]
    _add(team, one["person"], role, cast.office["staff_a"], at + MINUTE)


def _authorising(days: Days, cast: Cast, plan: dict[str, Any], round_: Round) -> Scene:
    at = days.at(plan["drafted"], "11:00")
    yield at
    draft_authorisation(
        round_id=round_.pk,
        number=days.filled(plan["authorisation"], y=str(at.year)),
        basis=plan["basis"],
        starts=days.day(plan["starts"]),
        ends=days.ahead(plan["holds"]),
        actor=cast.office["staff_b"],
        at=at,
    )
    at = days.at(plan["authorised"], "15:30")
    yield at
    approve_authorisation(round_id=round_.pk, actor=cast.office["chair"], at=at)
    at = days.at(plan["entered"], "08:40")
    yield at
    enter_field(round_id=round_.pk, actor=cast.office["staff_a"], at=at)


def _people(team: dict[str, Any]) -> list[tuple[str, TeamRole]]:
    named = [
        (team["leader"], TeamRole.LEADER),
        (team["deputy"], TeamRole.DEPUTY),
        (team["liaison"], TeamRole.LIAISON),
    ]
    named += [(name, TeamRole.MEMBER) for name in team["members"]]
    return [(name, role) for name, role in named if name]


def _add(team: Team, name: str, role: TeamRole, actor: User, at: dt.datetime) -> None:
    add_member(team_id=team.pk, inspector_id=_inspector(name), role=role, actor=actor, at=at)


def _unit(name: str) -> Any:
    return Unit.objects.get(name=name).pk


def _inspector(name: str) -> Any:
    return Inspector.objects.get(name=name).pk
