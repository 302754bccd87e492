"""The page of a background run, and how a stored file is sent."""

from uuid import UUID

from django.http import FileResponse, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from tanzhao.access.guards import requires
from tanzhao.access.http import SignedInRequest
from tanzhao.access.table import Action
from tanzhao.documents.content import CONTENT_TYPES
from tanzhao.documents.models import Run, StoredFile
from tanzhao.documents.states import ENDED, FileKind, RunState

PAGE = "documents/run.html"
DOCX = CONTENT_TYPES[FileKind.DOCX]
SHOWN_INLINE = frozenset({"application/pdf", "image/png", "image/jpeg", "image/gif", "image/webp"})


def file_response(stored: StoredFile, *, inline: bool = False) -> FileResponse:
    """Answer with a stored file: saved by the browser, or shown if it is a PDF or an image.

    Who may have it, and the trail's entry, are the business of the view that calls this.
    """
    shown = inline and stored.content_type in SHOWN_INLINE
    response = FileResponse(
        stored.content.open("rb"),
        as_attachment=not shown,
        filename=stored.name,
        content_type=stored.content_type,
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    # A PDF in a sandbox is not shown at all by Chromium; it has no scripts of our origin anyway.
    sandbox = "" if stored.content_type == "application/pdf" else "sandbox; "
    response.headers["Content-Security-Policy"] = (
        f"{sandbox}default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'none'"
    )
    return response


def made_response(content: bytes, name: str, content_type: str = DOCX) -> HttpResponse:
    """Answer with a file made for this answer and kept nowhere, to be saved by the browser."""
    response = HttpResponse(content, content_type=content_type)
    disposition = content_disposition_header(as_attachment=True, filename=name)
    response.headers["Content-Disposition"] = disposition or "attachment"
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Cache-Control"] = "private, no-store"
    return response


@require_safe
@requires(Action.RUN_SEE)
def run(request: SignedInRequest, run_id: UUID) -> HttpResponse:
    """Show how far a background run is. The page asks again until the run has ended."""
    runs = Run.objects.visible_to(request.user).select_related("started_by", "source")
    found = get_object_or_404(runs, pk=run_id)
    context = {
        "run": found,
        "heading": found.subject_name or (found.source.name if found.source else str(found)),
        "ended": RunState(found.state) in ENDED,
        "next": found.result.get("next", ""),
    }
    return render(request, f"{PAGE}#run-card" if request.htmx else PAGE, context)
