"""The workbench, and the pages shown when something is wrong."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.kernel.clock import today
from tanzhao.web.queries import rounds_under_way, waiting_for


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001  Django's signature
    sentence = _("The program could not read what was sent. Go back, look it over and send again.")
    return _say(request, 400, _("That did not arrive properly"), sentence)


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    sentence = _("Your role does not include this. If it should, ask the system administrator.")
    return _say(request, 403, _("Not part of your role"), sentence)


def not_our_form(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    sentence = _("The page was open too long, or cookies are switched off. Open it again.")
    return _say(request, 403, _("The form was not accepted"), sentence)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    sentence = _("There is no such page, or it is not open to you.")
    return _say(request, 404, _("Not found"), sentence)


def server_error(request: HttpRequest) -> HttpResponse:
    sentence = _("The program made a mistake. Nothing was saved. Tell the system administrator.")
    return _say(request, 500, _("Something went wrong"), sentence)


def _say(request: HttpRequest, status: int, heading: str, sentence: str) -> HttpResponse:
    context = {"heading": heading, "sentence": sentence}
    return render(request, "web/error.html", context, status=status)


@require_safe
@requires(Action.WORKBENCH_SEE)
def workbench(request: SignedInRequest) -> HttpResponse:
    """Show what waits for this person, and the rounds under way."""
    context = {
        "groups": waiting_for(request.user, today()),
        "rounds": rounds_under_way(request.user),
        "today": today(),
    }
    return render(request, "web/workbench.html", context)
