"""Addresses of units."""

from django.urls import path

from tanzhao.units.views import importing, register, unit

app_name = "units"
urlpatterns = [
    path("", register.units, name="units"),
    path("export/", register.export, name="export"),
    path("tree/", register.tree, name="tree"),
    path("add/", unit.add, name="add"),
    path("import/", importing.upload, name="import"),
    path("import/<uuid:run_id>/", importing.preview, name="import_preview"),
    path("import/<uuid:run_id>/take/", importing.take, name="import_take"),
    path("import/<uuid:run_id>/again/", importing.again, name="import_again"),
    path("import/<uuid:run_id>/faults/", importing.faults, name="import_faults"),
    path("import/<uuid:run_id>/taken/", importing.taken, name="import_taken"),
    path("<uuid:unit_id>/", unit.unit, name="unit"),
    path("<uuid:unit_id>/change/", unit.change, name="change"),
    path("<uuid:unit_id>/merge/", unit.merge, name="merge"),
    path("<uuid:unit_id>/children/", register.children, name="children"),
    path("tree/kind/", register.kind, name="kind"),
]
