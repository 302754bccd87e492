"""Addresses of findings."""

from django.urls import path

from tanzhao.findings.views import feedback, findings, register, reports

app_name = "findings"
urlpatterns = [
    path("", register.findings, name="findings"),
    path("export/", register.export, name="export"),
    path("make/<uuid:engagement_id>/", findings.make, name="make"),
    path("make/<uuid:engagement_id>/codes/", findings.codes, name="codes"),
    path("report/<uuid:engagement_id>/", reports.report, name="report"),
    path("report/<uuid:engagement_id>/draft/", reports.draft, name="draft_report"),
    path("report/<uuid:engagement_id>/agree/", reports.agree, name="agree_report"),
    path("report/<uuid:engagement_id>/approve/", reports.approve, name="approve_report"),
    path("report/<uuid:engagement_id>/return/", reports.send_back, name="return_report"),
    path("report/<uuid:engagement_id>/files/", reports.files, name="report_files"),
    path("report/<uuid:engagement_id>/files/make/", reports.make_files, name="make_files"),
    path("report/<uuid:engagement_id>/files/<slug:which>/", reports.download, name="report_file"),
    path("feedback/<uuid:engagement_id>/", feedback.feedback, name="feedback"),
    path(
        "feedback/<uuid:engagement_id>/files/<slug:which>/",
        feedback.download,
        name="feedback_file",
    ),
    path("<uuid:finding_id>/", findings.finding, name="finding"),
    path("<uuid:finding_id>/change/", findings.change, name="change"),
]
