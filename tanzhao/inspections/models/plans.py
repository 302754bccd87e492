"""The plan of a term: its rounds with their capacity, the units, and where each visit goes."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.documents.models import Run
from tanzhao.inspections.rules import visible_plans
from tanzhao.inspections.states import PlanState, VisitKind
from tanzhao.units.models import Term, Unit


class TermPlanQuerySet(models.QuerySet["TermPlan"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_plans(user))


class TermPlan(models.Model):
    """One plan of a term: a draft to be tried out, or the one in force.

    `settings` are the numbers of the planning pack as they were when the plan was begun; a later
    pack does not change a plan. `cost`, `bound` and `conflict` are what the planner last said;
    None until it has. `conflict`: the clashes, smallest first, each a list of kept reasons.
    `changed_since` says that something was changed after that. `gone_pins` tells, as kept reasons,
    which decisions went with a unit that was closed or merged, until a person has taken note.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.CASCADE, related_name="plans")
    number = models.PositiveIntegerField(_("plan"))
    title = models.CharField(_("what this plan tries"), max_length=120, blank=True)
    state = models.CharField(max_length=20, choices=PlanState, default=PlanState.DRAFT)
    based_on = models.ForeignKey("self", models.SET_NULL, null=True, related_name="variants")
    settings = models.JSONField(default=dict)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    cost = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)
    conflict = models.JSONField(default=list)
    computed_at = models.DateTimeField(null=True)
    changed_since = models.BooleanField(default=False)
    gone_pins = models.JSONField(default=list)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    proposed_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    proposed_at = models.DateTimeField(null=True)
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    # Why units may be left without a place: without a reason, an incomplete plan is not proposed.
    left_out_reason = models.CharField(max_length=500, blank=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    objects = TermPlanQuerySet.as_manager()

    class Meta:
        ordering = ["term", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="plan_once_in_a_term"),
            models.UniqueConstraint(
                fields=["term"],
                condition=Q(state=PlanState.IN_FORCE),
                name="plan_one_in_force_in_a_term",
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")), name="plan_approver_not_proposer"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[PlanState.IN_FORCE, PlanState.SUPERSEDED])
                | Q(approved_by__isnull=False),
                name="plan_in_force_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Plan %(number)s") % {"number": self.number}


class PlannedRound(models.Model):
    """A round of a plan: when, and how much its teams can do. It ends within its month or later;
    `month` is the first day of the month it begins in."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(TermPlan, models.CASCADE, related_name="rounds")
    number = models.PositiveIntegerField(_("round"))
    month = models.DateField(_("month"))
    teams = models.PositiveIntegerField(_("teams"))
    people = models.PositiveIntegerField(_("people in a team"))
    days = models.PositiveIntegerField(_("working days in the field"))
    most_units = models.PositiveIntegerField(_("units at most"))

    class Meta:
        ordering = ["plan", "number"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "number"], name="planned_round_once"),
            models.CheckConstraint(
                condition=Q(month__day=1), name="planned_round_begins_with_a_month"
            ),
        ]

    def __str__(self) -> str:
        return gettext("Round %(number)s") % {"number": self.number}

    @property
    def team_capacity(self) -> int:
        """Person-days that one team can spend."""
        return self.people * self.days


class PlannedUnit(models.Model):
    """What a plan asks of one unit. `effort` and `look_back_effort` in person-days."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    plan = models.ForeignKey(TermPlan, models.CASCADE, related_name="units")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    effort = models.PositiveIntegerField(_("person-days"))
    look_back_effort = models.PositiveIntegerField(_("person-days of the look-back"), default=0)
    weight = models.PositiveSmallIntegerField(_("priority"))
    cluster = models.CharField(_("travels together with"), max_length=120, blank=True)
    skills = models.JSONField(default=list)
    theme = models.CharField(_("joint theme"), max_length=60, blank=True)
    before = models.DateField(_("before"), null=True)
    not_in = models.JSONField(_("not in rounds"), default=list)

    class Meta:
        ordering = ["plan", "unit__position", "unit__name"]
        constraints = [
            models.UniqueConstraint(fields=["plan", "unit"], name="planned_unit_once"),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class PlannedVisit(models.Model):
    """Where one visit goes: a round and a team of it. Without a round it found no place; `why`
    then says why. `done`: the visit has taken place, or its round is under way."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    planned = models.ForeignKey(PlannedUnit, models.CASCADE, related_name="visits")
    kind = models.PositiveSmallIntegerField(choices=VisitKind, default=VisitKind.FIRST)
    round = models.ForeignKey(PlannedRound, models.RESTRICT, null=True, related_name="visits")
    team = models.PositiveIntegerField(_("team"), null=True)
    pinned = models.BooleanField(_("pinned"), default=False)
    pinned_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    done = models.BooleanField(default=False)
    why = models.JSONField(default=list)

    class Meta:
        ordering = ["planned", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["planned", "kind"], name="planned_visit_once"),
            models.CheckConstraint(
                condition=Q(round__isnull=True, team__isnull=True) | Q(round__isnull=False),
                name="planned_visit_has_a_team_only_in_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.planned} {self.get_kind_display()}"

    @property
    def effort(self) -> int:
        """Person-days of this visit."""
        first = self.kind == VisitKind.FIRST
        return self.planned.effort if first else self.planned.look_back_effort
