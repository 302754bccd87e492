"""Addresses of inspectors."""

from django.urls import path

from tanzhao.inspectors.views import importing, inspector, register

app_name = "inspectors"
urlpatterns = [
    path("", register.inspectors, name="inspectors"),
    path("export/", register.export, name="export"),
    path("add/", inspector.add, name="add"),
    path("import/", importing.upload, name="import"),
    path("import/<uuid:run_id>/", importing.preview, name="import_preview"),
    path("import/<uuid:run_id>/take/", importing.take, name="import_take"),
    path("import/<uuid:run_id>/again/", importing.again, name="import_again"),
    path("import/<uuid:run_id>/faults/", importing.faults, name="import_faults"),
    path("import/<uuid:run_id>/taken/", importing.taken, name="import_taken"),
    path("<uuid:inspector_id>/", inspector.inspector, name="inspector"),
    path("<uuid:inspector_id>/change/", inspector.change, name="change"),
    path("<uuid:inspector_id>/unmask/", inspector.unmask, name="unmask"),
]
