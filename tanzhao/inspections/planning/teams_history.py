"""What people have done on teams before a round: rounds served, days lately, their last team."""

import datetime as dt
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from tanzhao.inspections.models import Engagement, Round, TeamMember
from tanzhao.inspections.states import RoundState, TeamRole
from tanzhao.inspectors.models import Inspector, PastRound
from tanzhao.kernel.calendar import add_months

# A team of a round that has not been authorised has not served.
SERVED = frozenset(RoundState) - {RoundState.PROPOSED, RoundState.APPROVED, RoundState.STAFFED}


@dataclass(frozen=True)
class History:
    """Facts about one person before a round.

    Attributes:
        rounds: rounds served, those of imported workbooks among them.
        rounds_lately, days_lately: rounds of ours in the months asked for, and their days.
        last_team: a number for the team of ours they were on last; None if never.
        led_kind: the kind of most units of that team, if they led it; else "".
    """

    rounds: int = 0
    rounds_lately: int = 0
    days_lately: int = 0
    last_team: int | None = None
    led_kind: str = ""


def history_of(
    round_: Round, inspectors: Sequence[Inspector], *, months: int
) -> Mapping[UUID, History]:
    """Gather what each of `inspectors` did before `round_`, in three queries."""
    memberships = list(
        TeamMember.objects.filter(
            inspector__in=[one.pk for one in inspectors],
            team__round__state__in=SERVED,
            team__round__starts__lt=round_.starts,
        )
        .exclude(team__round=round_)
        .select_related("team__round__term")
        .order_by("team__round__starts", "team__round__number", "team__number")
    )
    imported: dict[UUID, set[tuple[int | None, int]]] = defaultdict(set)
    served = PastRound.objects.values_list("inspector_id", "term_number", "round_number")
    for key, term, number in served:
        imported[key].add((term, number))
    own: dict[UUID, list[TeamMember]] = defaultdict(list)
    for member in memberships:
        own[member.inspector_id].append(member)
    teams = list(dict.fromkeys(member.team_id for member in memberships))
    kinds = _kinds_of({member.team_id for member in memberships})
    since = add_months(round_.starts, -months)
    return {
        one.pk: _history(own[one.pk], imported[one.pk], since, round_.starts, teams, kinds)
        for one in inspectors
    }


def _history(
    own: Sequence[TeamMember],
    imported: Iterable[tuple[int | None, int]],
    since: dt.date,
    until: dt.date,
    teams: Sequence[UUID],
    kinds: Mapping[UUID, str],
) -> History:
    rounds = _rounds_served(own, imported)
    if not own:
        return History(rounds=rounds)
    last = own[-1]
    days = [_days_within(member.team.round, since, until) for member in own]
    return History(
        rounds=rounds,
        rounds_lately=sum(count > 0 for count in days),
        days_lately=sum(days),
        last_team=teams.index(last.team_id),
        led_kind=kinds.get(last.team_id, "") if last.role == TeamRole.LEADER else "",
    )


def _rounds_served(own: Sequence[TeamMember], imported: Iterable[tuple[int | None, int]]) -> int:
    """Count rounds, each once: one of no term is taken to be that of a term with its number."""
    known = {(member.team.round.term.number, member.team.round.number) for member in own}
    known |= {(term, number) for term, number in imported if term is not None}
    numbers = {number for _term, number in known}
    return len(known) + len({n for term, n in imported if term is None} - numbers)


def _days_within(round_: Round, since: dt.date, until: dt.date) -> int:
    first, last = max(round_.starts, since), min(round_.ends, until - dt.timedelta(days=1))
    return max(0, (last - first).days + 1)


def _kinds_of(teams: Iterable[UUID]) -> dict[UUID, str]:
    counted: dict[UUID, Counter[str]] = defaultdict(Counter)
    rows = Engagement.objects.filter(team__in=list(teams)).order_by("unit__category")
    for team, category in rows.values_list("team_id", "unit__category"):
        counted[team][category] += 1
    return {team: counter.most_common(1)[0][0] for team, counter in counted.items()}
