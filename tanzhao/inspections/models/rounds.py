"""Rounds, teams, engagements, authorisations, and waivers of recusal."""

import uuid
from typing import Self

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tanzhao.access.models import User
from tanzhao.inspections.rules import visible_engagements, visible_rounds
from tanzhao.inspections.states import AuthorisationState, RoundState, TeamRole, WaiverState
from tanzhao.inspectors.models import Inspector
from tanzhao.taxonomy.models import Code, Frame
from tanzhao.units.models import Term, Unit


class RoundQuerySet(models.QuerySet["Round"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_rounds(user))


class Round(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    term = models.ForeignKey(Term, models.PROTECT, related_name="rounds")
    number = models.PositiveIntegerField(_("round"))
    kind = models.ForeignKey(Code, models.PROTECT, related_name="+")
    frame = models.ForeignKey(Frame, models.PROTECT, related_name="+")
    starts = models.DateField(_("first day in the field"))
    ends = models.DateField(_("last day in the field"))
    focus = models.TextField(_("focus"), blank=True)
    state = models.CharField(max_length=20, choices=RoundState, default=RoundState.PROPOSED)
    proposed_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    proposed_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    assessment = models.TextField(_("assessment"), blank=True)
    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-term__number", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["term", "number"], name="round_once_in_a_term"),
            models.CheckConstraint(
                condition=Q(starts__lte=F("ends")), name="round_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("proposed_by")), name="round_approver_not_proposer"
            ),
            models.CheckConstraint(
                condition=Q(state=RoundState.PROPOSED) | Q(approved_by__isnull=False),
                name="round_beyond_proposed_is_approved",
            ),
        ]

    def __str__(self) -> str:
        return gettext("Term %(term)s, round %(round)s") % {
            "term": self.term.number,
            "round": self.number,
        }


class Team(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.ForeignKey(Round, models.CASCADE, related_name="teams")
    number = models.PositiveIntegerField(_("team"))

    class Meta:
        ordering = ["round", "number"]
        constraints = [
            models.UniqueConstraint(fields=["round", "number"], name="team_once_in_a_round"),
        ]

    def __str__(self) -> str:
        return gettext("Inspection team %(number)s") % {"number": self.number}


class TeamMember(models.Model):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="members")
    inspector = models.ForeignKey(Inspector, models.PROTECT, related_name="memberships")
    role = models.CharField(max_length=20, choices=TeamRole, default=TeamRole.MEMBER)

    class Meta:
        ordering = ["team", "inspector__name"]
        constraints = [
            models.UniqueConstraint(fields=["team", "inspector"], name="member_once_in_a_team"),
            models.UniqueConstraint(
                fields=["team"], condition=Q(role=TeamRole.LEADER), name="team_has_one_leader"
            ),
        ]

    def __str__(self) -> str:
        return str(self.inspector)


class EngagementQuerySet(models.QuerySet["Engagement"]):
    def visible_to(self, user: User) -> Self:
        return self.filter(visible_engagements(user))


class Engagement(models.Model):
    """One unit inspected by one team in one round."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="engagements")
    round = models.ForeignKey(Round, models.CASCADE, related_name="engagements")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="engagements")
    objects = EngagementQuerySet.as_manager()

    class Meta:
        ordering = ["team__number", "unit__position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit"], name="unit_once_in_a_round"),
        ]

    def __str__(self) -> str:
        return str(self.unit)


class Authorisation(models.Model):
    """The decision 授权任职及任务分工的决定 that opens and ends the teams' access."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    round = models.OneToOneField(Round, models.CASCADE, related_name="authorisation")
    number = models.CharField(_("document number"), max_length=60, unique=True)
    basis = models.TextField(_("basis of the authorisation"))
    starts = models.DateField(_("first day"))
    ends = models.DateField(_("last day"))
    state = models.CharField(
        max_length=20, choices=AuthorisationState, default=AuthorisationState.DRAFTED
    )
    drafted_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    drafted_at = models.DateTimeField()
    approved_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    approved_at = models.DateTimeField(null=True)
    returned_reason = models.CharField(max_length=500, blank=True)
    revoked_reason = models.CharField(max_length=500, blank=True)
    # The decision as it was approved: {"values": {…}, "texts": {…}}, see exporters.paper_to_keep.
    # Empty for a draft, which follows the records.
    approved_paper = models.JSONField(default=dict)
    # A number that was revoked is never given again.
    former_numbers = models.JSONField(default=list)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(starts__lte=F("ends")), name="authorisation_starts_before_it_ends"
            ),
            models.CheckConstraint(
                condition=~Q(approved_by=F("drafted_by")),
                name="authorisation_approver_not_drafter",
            ),
            models.CheckConstraint(
                condition=Q(state=AuthorisationState.DRAFTED, approved_by__isnull=True)
                | (~Q(state=AuthorisationState.DRAFTED) & Q(approved_by__isnull=False)),
                name="authorisation_approved_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.number


class Waiver(models.Model):
    """A person kept on a team in spite of one fact: asked for by one, decided by another."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    team = models.ForeignKey(Team, models.CASCADE, related_name="waivers")
    inspector = models.ForeignKey(Inspector, models.CASCADE, related_name="waivers")
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, related_name="+")
    # The second person, where the fact is about two members of the team.
    other = models.ForeignKey(Inspector, models.CASCADE, null=True, related_name="+")
    rule = models.CharField(max_length=60)
    fact = models.CharField(max_length=300)
    reason = models.CharField(_("reason"), max_length=500)
    state = models.CharField(max_length=20, choices=WaiverState, default=WaiverState.REQUESTED)
    requested_by = models.ForeignKey(User, models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    decided_by = models.ForeignKey(User, models.PROTECT, null=True, related_name="+")
    decided_at = models.DateTimeField(null=True)
    decision_reason = models.CharField(_("reason of the decision"), max_length=500, blank=True)

    class Meta:
        ordering = ["requested_at"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(decided_by=F("requested_by")), name="waiver_decider_not_requester"
            ),
            models.UniqueConstraint(
                fields=["team", "inspector", "unit", "rule"],
                condition=~Q(state=WaiverState.DENIED) & Q(unit__isnull=False),
                name="waiver_once_for_a_unit",
            ),
            models.UniqueConstraint(
                fields=["team", "inspector", "other", "rule"],
                condition=~Q(state=WaiverState.DENIED) & Q(other__isnull=False),
                name="waiver_once_for_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False, other__isnull=True)
                | Q(unit__isnull=True, other__isnull=False),
                name="waiver_about_a_unit_or_a_pair",
            ),
            models.CheckConstraint(
                condition=Q(state=WaiverState.REQUESTED, decided_by__isnull=True)
                | (~Q(state=WaiverState.REQUESTED) & Q(decided_by__isnull=False)),
                name="waiver_decided_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.inspector} {self.rule}"
