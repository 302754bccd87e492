"""Teams that the planner proposes for a round: reading, changing, taking and discarding them."""

from collections.abc import Callable
from functools import partial
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ObjectDoesNotExist
from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe
from django_htmx.http import HttpResponseClientRefresh

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.models import User
from tanzhao.access.table import Action
from tanzhao.inspections.actions.proposals import (
    discard_proposal,
    note_proposal_exported,
    propose_teams,
    replace_in_proposal,
    stop_proposal,
    take_proposal,
)
from tanzhao.inspections.forms_proposals import PersonFilter, PlaceForm, ProposeForm
from tanzhao.inspections.models import Round, TeamProposal
from tanzhao.inspections.planning import proposed
from tanzhao.inspections.planning.proposal_page import (
    cards_of,
    clashes_of,
    excluded_rows,
)
from tanzhao.inspections.planning.teams_history import history_of
from tanzhao.inspections.planning.teams_setting import teams_setting
from tanzhao.inspections.queries.proposals import (
    Lines,
    against_people,
    busy_people,
    lines_of,
    open_proposal_of,
)
from tanzhao.inspections.rules.proposals import (
    may_change_proposal,
    may_discard_proposal,
    may_stop_proposal,
    may_take_proposal,
)
from tanzhao.inspections.states import ProposalState
from tanzhao.inspections.views.places import PAGE as PLACE_PAGE
from tanzhao.inspections.views.places import place_context
from tanzhao.inspectors.models import Inspector
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.tables import workbook_response
from tanzhao.kernel.verdict import Refused

PAGE = "inspections/proposal.html"


@require_POST
@requires(Action.TEAM_COMPOSE)
def propose(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Have teams proposed for a round, and show how far that is."""
    round_ = get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    form = ProposeForm(request.POST)
    keep = form.is_valid() and form.cleaned_data["keep"]
    try:
        proposal = propose_teams(
            round_id=round_.pk, keep=keep, actor=request.user, at=timezone.now()
        )
    except Refused as refusal:
        if present := open_proposal_of(round_):  # a double click, or a colleague was quicker
            messages.warning(request, refusal.reason)
            return redirect("inspections:proposal", present.pk)
        context = {"round": round_, "refusal": refusal.reason}
        return render(request, "inspections/proposal_refused.html", context, status=422)
    return redirect("inspections:proposal", proposal.pk)


@require_safe
@requires(Action.TEAM_COMPOSE)
def show(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    """Show a proposal, or how far its computing is."""
    return _page(request, proposal_id)


@require_POST
@requires(Action.TEAM_COMPOSE)
def stop(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    """Let the search end with the best it has."""
    return _step(request, proposal_id, partial(stop_proposal, proposal_id=proposal_id))


@require_POST
@requires(Action.TEAM_COMPOSE)
def take(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    """Make the proposed teams those of the round."""
    proposal = _proposal(request.user, proposal_id)
    step = partial(take_proposal, proposal_id=proposal_id)
    return _step(request, proposal_id, step, done=("inspections:round", proposal.round_id))


@require_POST
@requires(Action.TEAM_COMPOSE)
def discard(request: SignedInRequest, proposal_id: UUID) -> HttpResponse:
    """Discard a proposal."""
    proposal = _proposal(request.user, proposal_id)
    step = partial(discard_proposal, proposal_id=proposal_id)
    return _step(request, proposal_id, step, done=("inspections:round", proposal.round_id))


@require_http_methods(["GET", "HEAD", "POST"])
@requires(Action.TEAM_COMPOSE)
def replace(request: SignedInRequest, proposal_id: UUID, inspector_id: UUID) -> HttpResponse:
    """Show who could take the place of one person, and put the one chosen there."""
    if request.method != "POST":
        return _place_page(request, proposal_id, inspector_id)
    form = PlaceForm(request.POST)
    _proposal(request.user, proposal_id)
    if not form.is_valid():
        return _place_page(request, proposal_id, inspector_id, refusal=_not_read())
    try:
        replace_in_proposal(
            proposal_id=proposal_id,
            out=inspector_id,
            into=form.cleaned_data["into"],
            actor=request.user,
            at=timezone.now(),
        )
    except Refused as refusal:
        return _place_page(request, proposal_id, inspector_id, refusal=refusal.reason)
    return redirect("inspections:proposal", proposal_id)


@require_safe
@requires(Action.TEAM_COMPOSE)
def export(request: SignedInRequest, proposal_id: UUID) -> FileResponse:
    """Give the proposed teams as a workbook for the meeting. The trail keeps who took it."""
    proposal = _proposal(request.user, proposal_id)
    lines = lines_of(proposal)
    cards = cards_of(lines, _history(lines))
    rows = [
        [
            str(card.team or ""),
            seat.role.label,
            seat.inspector.name,
            seat.inspector.workplace,
            seat.inspector.title,
            seat.inspector.grade,
            seat.inspector.skills,
            " ".join(seat.reasons),
            seat.facts,
            "、".join(unit.name for unit in card.units),
        ]
        for card in cards
        for seat in card.seats
    ]
    note_proposal_exported(proposal=proposal, actor=request.user, at=timezone.now(), rows=len(rows))
    headings = [
        _("Team"),
        _("Team role"),
        _("Name"),
        _("Workplace"),
        _("Post"),
        _("Grade"),
        _("Skills"),
        _("Why"),
        _("On teams before"),
        _("Units"),
    ]
    name = _("Proposed teams of round %(number)s") % {"number": proposal.round.number}
    return workbook_response(f"{name}.xlsx", headings, rows)


def _page(
    request: SignedInRequest, proposal_id: UUID, *, refusal: str = "", status: int = 200
) -> HttpResponse:
    proposal = _proposal(request.user, proposal_id)
    context: dict[str, Any] = {
        "proposal": proposal,
        "round": proposal.round,
        "run": proposal.run,
        "refusal": refusal,
        "stopping": may_stop_proposal(request.user, proposal),
        "discarding": may_discard_proposal(request.user, proposal),
        "months": teams_setting().load_months,
    }
    if proposal.state == ProposalState.COMPUTING:
        part = "#proposal-progress" if request.htmx else ""
        return render(request, f"{PAGE}{part}", context, status=status)
    if request.htmx:
        return HttpResponseClientRefresh()
    lines = lines_of(proposal)
    context |= _shown(lines) | {
        "taking": may_take_proposal(request.user, proposal, lines.problems),
        "changing": may_change_proposal(request.user, proposal),
    }
    return render(request, PAGE, context | _excluded(request, lines), status=status)


def _shown(lines: Lines) -> dict[str, Any]:
    cards = cards_of(lines, _history(lines))
    return {
        "cards": cards,
        "people": sum(len(card.seats) for card in cards),
        "changed": lines.changed,
        "problems": lines.problems,
        "clashes": clashes_of(lines.proposal),
        "coming": sum(len(card.coming) for card in cards),
        "is_change": any(card.leaving for card in cards) or bool(lines.proposal.basis.get("out")),
        "fewest": lines.proposal.basis.get("fewest"),
        "heeds_warnings": lines.proposal.basis.get("heeds_warnings"),
        "is_best": lines.proposal.bound is not None and lines.proposal.cost == lines.proposal.bound,
        "is_whole": not any(card.unmet for card in cards),
    }


def _excluded(request: SignedInRequest, lines: Lines) -> dict[str, Any]:
    """Find those who are on no team, a page of them, with what keeps each of them off."""
    proposal = lines.proposal
    stored = {UUID(one["inspector"]): one for one in proposal.excluded}
    form = PersonFilter(request.GET)
    found = Inspector.objects.visible_to(request.user).filter(pk__in=stored, retired=False)
    if word := (form.cleaned_data["q"] if form.is_valid() else ""):
        found = found.filter(name__icontains=word) | found.filter(workplace__icontains=word)
    page = page_of(found, order=("name", "pk"), after=request.GET.get("after", ""), size=30)
    rows = excluded_rows(
        page.rows,
        stored,
        against_people(proposal.round, page.rows),
        busy_people(proposal.round, [one.pk for one in page.rows]),
        history_of(proposal.round, page.rows, months=teams_setting().load_months),
        _names(lines),
        out=proposal.basis.get("out", ""),
    )
    return {
        "excluded": rows,
        "excluded_count": len(stored),
        "total": found.count(),
        "page": page,
        "form": form,
        "is_searched": bool(request.GET),
    }


def _place_page(
    request: SignedInRequest, proposal_id: UUID, inspector_id: UUID, *, refusal: str = ""
) -> HttpResponse:
    """Show one place of a proposal with those who could take it."""
    proposal = _proposal(request.user, proposal_id)
    instance = proposed.instance_for(proposal)
    seats = proposed.seats_from(instance, proposal.teams)
    out = instance.number_of.get(inspector_id)
    number = next((team for team, people in seats.items() if out in people), None)
    if out is None or number is None:
        return _page(request, proposal_id, refusal=_not_read(), status=422)
    context = {
        **place_context(request, instance, seats, number=number, out=out),
        "proposal": proposal,
        "changing": may_change_proposal(request.user, proposal),
        "refusal": refusal,
    }
    return render(request, PLACE_PAGE, context, status=422 if refusal else 200)


def _step(
    request: SignedInRequest,
    proposal_id: UUID,
    step: Callable[..., object],
    *,
    done: tuple[str, UUID] | None = None,
) -> HttpResponse:
    _proposal(request.user, proposal_id)
    try:
        step(actor=request.user, at=timezone.now())
    except Refused as refusal:
        return _page(request, proposal_id, refusal=refusal.reason, status=422)
    except ObjectDoesNotExist:  # a person or a team that went meanwhile
        return _page(request, proposal_id, refusal=_not_read(), status=422)
    name, key = done or ("inspections:proposal", proposal_id)
    return redirect(name, key)


def _proposal(user: User, proposal_id: UUID) -> TeamProposal:
    proposals = TeamProposal.objects.visible_to(user)
    return get_object_or_404(
        proposals.select_related("round__term", "run__started_by", "made_by", "ended_by"),
        pk=proposal_id,
    )


def _history(lines: Lines) -> Any:
    people = [inspector for line in lines.teams for inspector, _stored in line.people]
    months = teams_setting().load_months
    return history_of(lines.proposal.round, people, months=months)


def _names(lines: Lines) -> dict[str, str]:
    people = {str(one.pk): one.name for line in lines.teams for one, _stored in line.people}
    units = {str(unit.pk): unit.name for line in lines.teams for unit in line.units}
    return people | units


def _not_read() -> str:
    return _("That could not be read. Choose from the list on this page.")
