"""What helps to put teams together: proposals of the planner, and alerts about teams."""

import uuid
from typing import Self

from django.db import models
from django.db.models import Q

from tanzhao.access.models import User
from tanzhao.audit.verbs import Verb
from tanzhao.documents.models import Run
from tanzhao.inspections.models.rounds import Round, Team
from tanzhao.inspections.rules.proposals import visible_proposals
from tanzhao.inspections.states import ProposalState


class TeamProposalQuerySet(models.QuerySet["TeamProposal"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_proposals(user))


class TeamProposal(models.Model):
    """Teams that the planner proposes for a round. A person takes it, changed or not, or not.

    `teams` holds what it proposes, as plain JSON: for each team its number, its members with role
    and reasons. `excluded`: everybody else with the reason. `conflict`: the demands that cannot
    hold together, if no teams keep every rule. `basis`: what was asked, and the teams as they were
    then; see planning/proposed.py for all four.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="proposals")
    state = models.CharField(max_length=20, choices=ProposalState, default=ProposalState.COMPUTING)
    run = models.ForeignKey(Run, models.SET_NULL, null=True, related_name="+")
    teams = models.JSONField(default=list)
    excluded = models.JSONField(default=list)
    conflict = models.JSONField(default=list)
    basis = models.JSONField(default=dict)
    cost = models.BigIntegerField(null=True)
    bound = models.BigIntegerField(null=True)
    made_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    made_at = models.DateTimeField()
    ended_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    ended_at = models.DateTimeField(null=True)
    objects = TeamProposalQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            # A double click does not compute twice, and two proposals are never open at once.
            models.UniqueConstraint(
                fields=["round"],
                condition=Q(state__in=[ProposalState.COMPUTING, ProposalState.READY]),
                name="proposal_one_open_in_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round} {self.get_state_display()}"


class TeamAlertQuerySet(models.QuerySet["TeamAlert"]):
    def open(self) -> Self:
        return self.filter(settled_at__isnull=True)


class TeamAlert(models.Model):
    """Something that became known after a team was approved and stands against it.

    While an alert is open the team is not authorised and does not enter the field. It is settled
    by whatever takes its reason away. `cause`: the verb of what brought it up, `about`: to whom
    or what. `standings`: the reasons as they were, each with its rule in both languages and the
    names; pages show them as they are now.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="alerts")
    cause = models.CharField(max_length=60)
    about = models.CharField(max_length=200, blank=True)
    standings = models.JSONField(default=list)
    raised_at = models.DateTimeField()
    settled_at = models.DateTimeField(null=True)
    settled_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    objects = TeamAlertQuerySet.as_manager()

    class Meta:
        ordering = ["-raised_at"]
        constraints = [
            models.UniqueConstraint(
                fields=["team"],
                condition=Q(settled_at__isnull=True),
                name="alert_one_open_for_a_team",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.team}: {self.cause_in_words}"

    @property
    def cause_in_words(self) -> str:
        return f"{Verb(self.cause).label} {self.about}".strip()


class TeamsLookedAt(models.Model):
    """How far the trail had come, and by which rules, when all teams were last looked at again."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    position = models.PositiveBigIntegerField(default=0)
    rules = models.CharField(max_length=120, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(id=1), name="teams_looked_at_is_one_row"),
        ]
