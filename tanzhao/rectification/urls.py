"""Addresses of rectification."""

from django.urls import path

from tanzhao.rectification import views
from tanzhao.rectification.views import importing, likeness, likenesses, wordings

app_name = "rectification"
urlpatterns = [
    path("", views.items, name="items"),
    path("export/", views.export, name="export"),
    path("import/", importing.upload, name="import_ledger"),
    path("import/<uuid:run_id>/", importing.preview, name="import_preview"),
    path("import/<uuid:run_id>/take/", importing.take, name="import_take"),
    path("import/<uuid:run_id>/again/", importing.again, name="import_again"),
    path("import/<uuid:run_id>/faults/", importing.faults, name="import_faults"),
    path("import/<uuid:run_id>/taken/", importing.taken, name="import_taken"),
    path("plan/", views.plan, name="plan"),
    path("files/<uuid:file_id>/", views.file, name="file"),
    path("rounds/<uuid:round_id>/assess/", views.assess, name="assess_round"),
    path("engagements/<uuid:engagement_id>/feedback/", views.feed_back, name="feed_back"),
    path("likeness/", likenesses.likenesses, name="likenesses"),
    path("likeness/export/", likenesses.export, name="export_likenesses"),
    path("likeness/<uuid:likeness_id>/", likeness.likeness, name="likeness"),
    path("likeness/<uuid:likeness_id>/answer/", likeness.answer, name="answer_likeness"),
    path("likeness/<uuid:likeness_id>/ask/", likeness.ask, name="ask_keeper"),
    path("likeness/inquiries/<uuid:inquiry_id>/reply/", likeness.reply, name="reply_for_keeper"),
    path("likeness/common/<uuid:common_id>/", likeness.common, name="common"),
    path("rounds/<uuid:round_id>/likeness/", likenesses.round_likeness, name="round_likeness"),
    path("rounds/<uuid:round_id>/likeness/scan/", likenesses.scan, name="scan_round"),
    path("rounds/<uuid:round_id>/likeness/stop/", likenesses.stop, name="stop_scan"),
    path(
        "rounds/<uuid:round_id>/likeness/export/",
        likenesses.export_round,
        name="export_round_likenesses",
    ),
    path("wordings/", wordings.wordings, name="wordings"),
    path("wordings/add/", wordings.add, name="add_wording"),
    path("wordings/<uuid:wording_id>/retire/", wordings.retire, name="retire_wording"),
    path("items/<uuid:item_id>/", views.item, name="item"),
    path("items/<uuid:item_id>/plan/", views.plan_item, name="plan_item"),
    path("items/<uuid:item_id>/accept-plan/", views.accept_plan, name="accept_plan"),
    path("items/<uuid:item_id>/return-plan/", views.return_plan, name="return_plan"),
    path("items/<uuid:item_id>/progress/", views.report_progress, name="report_progress"),
    path("items/<uuid:item_id>/claim/", views.claim, name="claim"),
    path("items/<uuid:item_id>/verify/", views.verify, name="verify"),
    path("items/<uuid:item_id>/close/", views.close, name="close"),
    path("items/<uuid:item_id>/return/", views.return_item, name="return_item"),
    path("items/<uuid:item_id>/reopen/", views.reopen, name="reopen"),
]
