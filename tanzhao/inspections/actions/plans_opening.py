"""Opening a round of the term from the plan in force, and taking a plan out as a file."""

import datetime as dt
from collections import defaultdict
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from tanzhao.access.models import User
from tanzhao.audit.trail import record
from tanzhao.audit.verbs import Verb
from tanzhao.inspections.actions.plans_refreshing import bring_up_to_date, locked_plan
from tanzhao.inspections.actions.rounds import propose_round
from tanzhao.inspections.actions.teams import assign_unit, form_team
from tanzhao.inspections.models import PlannedVisit, Round, TermPlan
from tanzhao.inspections.planning.term_instance import instance_of, plan_document, term_document
from tanzhao.inspections.rules import may_open_planned_round
from tanzhao.kernel.verdict import require
from tanzhao.taxonomy.models import Code, Frame


@transaction.atomic
def open_planned_round(
    *,
    plan_id: UUID,
    number: int,
    kind: Code,
    frame: Frame,
    starts: dt.date,
    ends: dt.date,
    actor: User,
    at: datetime,
    focus: str = "",
) -> Round:
    """Propose a round of the plan in force, with its teams formed and their units assigned.

    The teams have no members yet; the round is approved by somebody else like any other. A second
    call is refused: the round is there. Units that have been closed meanwhile are left out.
    Raises: TermPlan.DoesNotExist, PlannedRound.DoesNotExist, Refused.
    """
    plan = locked_plan(plan_id, actor)
    planned = plan.rounds.get(number=number)
    ahead = PlannedVisit.objects.filter(round=planned, done=False, planned__unit__retired=False)
    visits = list(ahead.select_related("planned__unit").order_by("team", "planned__unit__position"))
    is_taken = plan.term.rounds.filter(number=number).exists()
    require(may_open_planned_round(actor, plan, planned, units=len(visits), is_taken=is_taken))
    round_ = propose_round(
        term=plan.term,
        number=number,
        kind=kind,
        frame=frame,
        starts=starts,
        ends=ends,
        focus=focus,
        actor=actor,
        at=at,
    )
    by_team: defaultdict[int, list[UUID]] = defaultdict(list)
    for visit in visits:
        by_team[visit.team or 1].append(visit.planned.unit_id)
    for _team in range(max(planned.teams, *by_team)):
        team = form_team(round_id=round_.pk, actor=actor, at=at)
        for unit_id in by_team[team.number]:
            assign_unit(team_id=team.pk, unit_id=unit_id, actor=actor, at=at)
    bring_up_to_date(plan)
    record(verb=Verb.PLAN_CHANGED, actor=actor, target=plan, at=at, opened=number)
    return round_


@transaction.atomic
def export_plan(*, plan_id: UUID, actor: User, at: datetime) -> dict[str, Any]:
    """Give a plan as two documents of docs/operations/planning-format.md, to be planned elsewhere
    with `tanzhao plan term`: {"instance": …, "plan": …}. The trail notes that it left.

    Raises: TermPlan.DoesNotExist.
    """
    plan = TermPlan.objects.visible_to(actor).select_related("term").get(pk=plan_id)
    instance = instance_of(plan, day=timezone.localdate(at))
    record(verb=Verb.LIST_EXPORTED, actor=actor, target=plan, at=at, list="plan")
    return {"instance": term_document(instance), "plan": plan_document(instance)}


def note_visits_exported(*, plan: TermPlan, actor: User, at: datetime, rows: int) -> None:
    """Put an export of the visits of a plan into the trail."""
    record(verb=Verb.LIST_EXPORTED, actor=actor, target=plan, at=at, list="visits", rows=rows)
