"""Addresses of leads."""

from django.urls import path

from tanzhao.leads.views import hits, lists, steps, writing

app_name = "leads"
urlpatterns = [
    path("", lists.leads, name="leads"),
    path("export/", lists.export, name="export"),
    path("capture/", writing.capture, name="capture"),
    path("from-hit/<uuid:hit_id>/", hits.from_hit, name="from_hit"),
    path("<uuid:lead_id>/", steps.lead, name="lead"),
    path("<uuid:lead_id>/assign/", writing.assign, name="assign"),
    path("<uuid:lead_id>/check/", steps.check, name="check"),
    path("<uuid:lead_id>/outcome/", steps.outcome, name="outcome"),
    path("<uuid:lead_id>/confirm/", steps.confirm, name="confirm"),
    path("<uuid:lead_id>/return/", steps.send_back, name="return"),
    path("<uuid:lead_id>/reopen/", steps.reopen, name="reopen"),
]
