"""Root addresses: each feature's own are in its urls.py."""

from django.urls import include, path

urlpatterns = [
    path("", include("tanzhao.web.urls")),
    path("accounts/", include("tanzhao.accounts.urls")),
    path("notices/", include("tanzhao.notices.urls")),
    path("documents/", include("tanzhao.documents.urls")),
    path("units/", include("tanzhao.units.urls")),
    path("inspectors/", include("tanzhao.inspectors.urls")),
    path("rounds/", include("tanzhao.inspections.urls")),
    path("leads/", include("tanzhao.leads.urls")),
    path("screening/", include("tanzhao.screening.urls")),
    path("papers/", include("tanzhao.papers.urls")),
    path("findings/", include("tanzhao.findings.urls")),
    path("rectification/", include("tanzhao.rectification.urls")),
    path("archive/", include("tanzhao.archive.urls")),
    path("boards/", include("tanzhao.reports.urls")),
]
handler400 = "tanzhao.web.views.bad_request"
handler403 = "tanzhao.web.views.forbidden"
handler404 = "tanzhao.web.views.not_found"
handler500 = "tanzhao.web.views.server_error"
