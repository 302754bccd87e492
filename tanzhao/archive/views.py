"""The pages of the archive: the volumes, one volume, sealing it, taking it away."""

from uuid import UUID

from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.archive import actions
from tanzhao.archive.forms import SealForm
from tanzhao.archive.models import Volume
from tanzhao.archive.queries import catalogue_of, readiness, sealing_run, waiting_for_volume
from tanzhao.archive.rules import may_seal
from tanzhao.documents.views import file_response
from tanzhao.inspections.models import Engagement, Round
from tanzhao.kernel.paging import page_of
from tanzhao.kernel.verdict import Refused

PAGE = "archive/volume.html"


@require_safe
@requires(Action.ARCHIVE_SEE)
def volumes(request: SignedInRequest) -> HttpResponse:
    """Show the sealed volumes, and the engagements whose volume is still to be sealed."""
    sealed = Volume.objects.visible_to(request.user)
    whole = sealed.select_related(
        "engagement__unit", "engagement__round__term", "file", "sealed_by"
    )
    context = {
        "page": page_of(whole, order=("-sealed_at", "pk"), after=request.GET.get("after", "")),
        "total": sealed.count(),
        "waiting": waiting_for_volume(request.user),
    }
    return render(request, "archive/volumes.html", context)


@require_safe
@requires(Action.ARCHIVE_SEE)
def volume(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Show the volume of an engagement, or how far it is from being sealed."""
    return _show(request, _engagement(request, engagement_id), SealForm())


@require_POST
@requires(Action.ARCHIVE_MAKE)
def seal(request: SignedInRequest, engagement_id: UUID) -> HttpResponse:
    """Ask for the volume to be made and sealed, and show how far that is."""
    engagement = _engagement(request, engagement_id)
    form = SealForm(request.POST)
    if form.is_valid():
        try:
            run = actions.seal_volume(
                engagement_id=engagement_id,
                actor=request.user,
                at=timezone.now(),
                **form.cleaned_data,
            )
        except Refused as refusal:
            form.add_error(None, refusal.reason)
        else:
            return redirect("documents:run", run.pk)
    return _show(request, engagement, form)


@require_safe
@requires(Action.ARCHIVE_SEE)
def download(request: SignedInRequest, engagement_id: UUID) -> FileResponse:
    """Send the sealed volume; that it was taken is recorded."""
    try:
        found = actions.note_volume_downloaded(
            engagement_id=engagement_id, actor=request.user, at=timezone.now()
        )
    except Volume.DoesNotExist as missing:
        raise Http404 from missing
    return file_response(found.file)


@require_POST
@requires(Action.ARCHIVE_MAKE)
def archive_round(request: SignedInRequest, round_id: UUID) -> HttpResponse:
    """Say that a round is archived, and show it."""
    get_object_or_404(Round.objects.visible_to(request.user), pk=round_id)
    try:
        actions.archive_round(round_id=round_id, actor=request.user, at=timezone.now())
    except Refused as refusal:
        messages.error(request, refusal.reason)
    return redirect("reports:round_board", round_id)


def _engagement(request: SignedInRequest, engagement_id: UUID) -> Engagement:
    visible = Engagement.objects.visible_to(request.user)
    whole = visible.select_related("unit", "team", "round__term", "report", "feedback")
    return get_object_or_404(whole, pk=engagement_id)


def _show(request: SignedInRequest, engagement: Engagement, form: SealForm) -> HttpResponse:
    volumes = Volume.objects.visible_to(request.user).select_related("file", "sealed_by")
    sealed = volumes.filter(engagement=engagement).first()
    ready = readiness(engagement)
    context = {
        "engagement": engagement,
        "volume": sealed,
        "command": _command(sealed) if sealed else "",
        "catalogue": catalogue_of(sealed) if sealed else None,
        "ready": ready,
        "verdict": may_seal(request.user, ready),
        "run": None if sealed else sealing_run(engagement, request.user),
        "form": form,
    }
    return render(request, PAGE, context, status=422 if form.errors else 200)


def _command(volume: Volume) -> str:
    return f'tanzhao archive verify "{volume.file.name}" --expect {volume.file.sha256}'
