"""Who may change a team, and what a complete team is."""

from collections import Counter
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.states import STAFFING, TeamRole
from tanzhao.kernel.verdict import YES, Verdict, no

if TYPE_CHECKING:
    from tanzhao.inspections.models import Round, Team
    from tanzhao.inspectors.models import Inspector
    from tanzhao.units.models import Unit

LEAST_FURTHER_MEMBERS = 2


def may_staff(user: User, round_: "Round") -> Verdict:
    """Decide whether `user` may change the teams of `round_` and their units at all."""
    if not user.holds(Action.TEAM_COMPOSE):
        return no(_("Your role does not put teams together. Ask the inspection office."))
    if round_.state not in STAFFING:
        return no(
            _("The teams are complete and cannot be changed. Reopen the staffing of the round.")
        )
    return YES


def may_disband_team(user: User, team: "Team", *, is_empty: bool) -> Verdict:
    """Decide whether `user` may take `team` out of its round."""
    verdict = may_staff(user, team.round)
    if verdict and not is_empty:
        return no(_("The team has members or units. Take them out first."))
    return verdict


def may_add_member(
    user: User,
    team: "Team",
    inspector: "Inspector",
    *,
    role: TeamRole,
    present: Collection[tuple[object, str]],
    conflicts: Sequence[str],
) -> Verdict:
    """Decide whether `user` may put `inspector` on `team`.

    Args:
        present: the key and the role of each member of the team.
        conflicts: what the rules of recusal hold against it, waived ones left out.
    """
    verdict = may_staff(user, team.round)
    if not verdict:
        return verdict
    return may_join(inspector, role=role, present=present, conflicts=conflicts)


def may_join(
    inspector: "Inspector",
    *,
    role: TeamRole,
    present: Collection[tuple[object, str]],
    conflicts: Sequence[str],
) -> Verdict:
    """Decide whether `inspector` may be on a team, whoever puts them there; see may_add_member."""
    names = {"person": inspector.name}
    if inspector.retired:
        return no(_("%(person)s has left the talent pool. Choose somebody else.") % names)
    if inspector.pk in {key for key, _role in present}:
        return no(_("%(person)s is on this team already.") % names)
    if role == TeamRole.LEADER and TeamRole.LEADER in {role for _key, role in present}:
        return no(_("The team has a leader already. Choose another role, or take the leader out."))
    if conflicts:
        return no(" ".join([_("%(person)s cannot be put on this team.") % names, *conflicts]))
    return YES


def may_change_role(
    user: User, team: "Team", *, role: TeamRole, other_roles: Collection[str]
) -> Verdict:
    """Decide whether a member may be given `role`; `other_roles` are those of the others."""
    verdict = may_staff(user, team.round)
    if verdict and role == TeamRole.LEADER and TeamRole.LEADER in other_roles:
        return no(_("The team has a leader already. Choose another role, or take the leader out."))
    return verdict


def may_assign_unit(
    user: User, team: "Team", unit: "Unit", *, holder: "Team | None", conflicts: Sequence[str]
) -> Verdict:
    """Decide whether `user` may give `unit` to `team`; `holder` is the team of this round that
    has it already, and `conflicts` what the rules of recusal hold against it."""
    verdict = may_staff(user, team.round)
    if not verdict:
        return verdict
    names: dict[str, object] = {"unit": unit.name}
    if unit.retired:
        return no(_("%(unit)s is closed or merged. Choose another unit.") % names)
    if holder is not None:
        names["number"] = holder.number
        return no(_("%(unit)s is with inspection team %(number)s of this round.") % names)
    if conflicts:
        return no(" ".join([_("%(unit)s cannot be given to this team.") % names, *conflicts]))
    return YES


def gaps_of_team(team: "Team", roles: Sequence[str], *, units: int) -> list[str]:
    """Say what `team` still lacks, a sentence for each; empty when it is complete.

    A team has one leader, at least one deputy, at least two further members, and a unit.
    """
    count = Counter(roles)
    names: dict[str, object] = {"team": str(team)}
    gaps = []
    if count[TeamRole.LEADER] != 1:
        gaps.append(_("%(team)s needs a leader.") % names)
    if not count[TeamRole.DEPUTY]:
        gaps.append(_("%(team)s needs a deputy leader.") % names)
    further = count[TeamRole.MEMBER] + count[TeamRole.LIAISON]
    if further < LEAST_FURTHER_MEMBERS:
        names["missing"] = LEAST_FURTHER_MEMBERS - further
        gaps.append(_("Members that %(team)s still needs: %(missing)s.") % names)
    if not units:
        gaps.append(_("%(team)s needs a unit to inspect.") % names)
    return gaps


def people_lost(inspectors: Sequence["Inspector"]) -> list[tuple["Inspector", str]]:
    """Say who of these can no longer be on a team, each with a sentence."""
    sentence = _("%(person)s has left the talent pool. Choose somebody else.")
    return [(one, sentence % {"person": one.name}) for one in inspectors if one.retired]


def units_lost(units: Sequence["Unit"]) -> list[tuple["Unit", str]]:
    """Say which of these can no longer be inspected, each with a sentence."""
    sentence = _("%(unit)s is closed or merged. Choose another unit.")
    return [(one, sentence % {"unit": one.name}) for one in units if one.retired]
