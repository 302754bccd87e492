"""The boards: what stands where, at a glance."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.findings.queries.deadlines import rectification_clock
from tanzhao.inspections.models import Round
from tanzhao.inspections.queries.alert_boxes import teams_alerted
from tanzhao.inspections.states import RoundState
from tanzhao.kernel.clock import today
from tanzhao.reports import queries
from tanzhao.reports.steps import next_step

LONGEST_NUMBER = 6


@require_safe
@requires(Action.ROUND_SEE)
def round_board(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Show how far each engagement of a round has come, and what the round waits for."""
    rounds = Round.objects.visible_to(request.user).select_related("term", "kind")
    round_ = get_object_or_404(rounds, pk=round_id)
    board = queries.round_board(round_, request.user, today())
    states = list(RoundState)
    reached = states.index(RoundState(round_.state))
    context = {
        "round": round_,
        "board": board,
        "alerts": teams_alerted(request.user, round_),
        "next": next_step(round_, board, request.user),
        "states": [
            (state, place < reached, place == reached) for place, state in enumerate(states)
        ],
        "sees_papers": request.user.holds(Action.PAPER_SEE),
        "sees_volumes": request.user.holds(Action.ARCHIVE_SEE),
        "sees_likeness": request.user.holds(Action.LIKENESS_SEE)
        and reached >= states.index(RoundState.FED_BACK),
        "gives_feedback": request.user.holds(Action.FEEDBACK_ISSUE),
    }
    return render(request, "reports/round_board.html", context)


@require_safe
@requires(Action.ITEM_SEE)
def rectification_board(request: SignedInRequest) -> HttpResponse:
    """Show the running items by unit in three colours."""
    asked = request.GET.get("round", "")
    is_number = asked.isascii() and asked.isdigit() and len(asked) < LONGEST_NUMBER
    number = int(asked) if is_number else None
    context = {
        "board": queries.rectification_board(request.user, today(), number),
        "rounds": queries.rounds_with_items(request.user),
        "asked": number,
        "round_part": f"&round={number}" if number else "",
        "limits": rectification_clock().thresholds,
        "today": today(),
    }
    return render(request, "reports/rectification_board.html", context)
