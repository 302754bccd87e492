"""Leads of the story: written down, given to two people, verified, and ended as they found."""

from typing import Any
from uuid import uuid4

from tanzhao.inspections.models import Engagement
from tanzhao.leads.actions import (
    add_lead_check,
    assign_lead,
    capture_lead,
    confirm_lead_outcome,
    propose_lead_outcome,
)
from tanzhao.leads.states import LeadSource, Outcome
from tanzhao.web.sample.days import Days
from tanzhao.web.sample.people import MINUTE, Cast
from tanzhao.web.sample.playing import Scene

ROUND = 6


def lead_scene(days: Days, cast: Cast, said: dict[str, Any], place: int) -> Scene:
    """One lead, as far as the story tells it."""
    at = days.at(said["captured"], "17:20") + place * MINUTE
    yield at
    engagement = Engagement.objects.get(unit__name=said["unit"], round__number=ROUND)
    lead = capture_lead(
        lead_id=uuid4(),
        actor=cast.inspectors[said["by"]],
        at=at,
        title=said["title"],
        facts=said["facts"],
        source=LeadSource(said["source"]),
        engagement_id=engagement.pk,
    )
    if "assigned" not in said:
        return
    at = days.at(said["assigned"], "08:50") + place * MINUTE
    yield at
    first, second = (cast.inspectors[name] for name in said["handlers"])
    assign_lead(
        lead_id=lead.pk,
        actor=cast.inspectors[said["assigner"]],
        at=at,
        engagement_id=engagement.pk,
        handlers=(first.pk, second.pk),
    )
    for check in said["checks"]:
        at = days.at(check["day"], "15:40") + place * MINUTE
        yield at
        words = {name: check[name] for name in ("what", "found", "method")}
        actor = cast.inspectors[check["by"]]
        add_lead_check(lead_id=lead.pk, check_id=uuid4(), actor=actor, at=at, **words)
    if "proposed" in said:
        at = days.at(said["proposed"], "17:00") + place * MINUTE
        yield at
        outcome, reason = Outcome(said["outcome"]), said["reason"]
        propose_lead_outcome(lead_id=lead.pk, actor=first, at=at, outcome=outcome, reason=reason)
    if "confirmed" in said:
        at = days.at(said["confirmed"], "09:30") + place * MINUTE
        yield at
        confirm_lead_outcome(lead_id=lead.pk, actor=second, at=at)
