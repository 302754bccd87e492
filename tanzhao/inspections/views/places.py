"""One place on a team: what its holder is needed for, and who could take it with what changes."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest

from tanzhao.inspections.forms_proposals import PersonFilter
from tanzhao.inspections.planning import proposed, seating
from tanzhao.inspections.planning.proposal_page import candidate_rows
from tanzhao.inspections.planning.proposal_words import need_sentence
from tanzhao.inspections.planning.seating import Seats
from tanzhao.inspections.planning.swaps import Swap, Swaps
from tanzhao.inspections.planning.teams_instance import Instance
from tanzhao.inspections.queries.proposals import against_in_place
from tanzhao.inspections.queries.staffing import Standing
from tanzhao.inspections.states import TeamRole

PAGE = "inspections/proposal_place.html"
MOST_SHOWN = 40


def place_context(
    request: HttpRequest, instance: Instance, seats: Seats, *, number: int, out: int
) -> dict[str, Any]:
    """Gather what the page of one place shows: the place of `out` on team `number`.

    Those who could take it are named with the consequences and the warnings they would bring,
    those kept off with rule and fact.
    """
    team = instance.teams[number]
    team.round = instance.round
    form = PersonFilter(request.GET)
    word = form.cleaned_data["q"] if form.is_valid() else ""
    found = [
        one
        for one in Swaps(instance.problem, seats).candidates(team=number, out=out)
        if word in instance.people[one.into].name or word in instance.people[one.into].workplace
    ]
    beside = [instance.people[person] for person in seats[number] if person != out]
    people = [instance.people[one.into] for one in found]
    against = against_in_place(team, beside, people)
    found.sort(key=lambda one: _order(one, against[instance.people[one.into].pk]))
    # Who keeps every demand comes first; all the rest stand folded below, unless asked for by name.
    rest = [] if word else [one for one in found if one.lost]
    first = [one for one in found if one not in rest] or rest
    rest = [] if first is rest else rest
    needs = seating.why_here(instance.problem, seats, instance.problem.team[number], out)
    return {
        "round": instance.round,
        "team": team,
        "leaving": instance.people[out],
        "role": TeamRole(seats[number][out]).label,
        "needs": [need_sentence(proposed.stored_reason(instance, one)) for one in needs],
        "rows": candidate_rows(instance, first[:MOST_SHOWN], against),
        "count": len(first),
        "others": candidate_rows(instance, rest[:MOST_SHOWN], against),
        "others_count": len(rest),
        "keeps_every_demand": any(not one.lost for one in found),
        "aside": [
            (instance.people[person], standings)
            for (person, where), standings in instance.bars.items()
            if where == number and person != out and word in instance.people[person].name
        ],
        "form": form,
        "months": instance.setting.load_months,
    }


def _order(swap: Swap, standings: Sequence[Standing]) -> tuple[int, ...]:
    """Last who must stand aside; else first who has the grade for the role, then who brings no
    warning, as nobody is proposed against one where teams can do without; then Swap.order."""
    heads, *rest = swap.order
    aside = any(one.is_open for one in standings)
    warned = any(one.is_warning for one in standings)
    return (aside, heads, warned, *rest)
